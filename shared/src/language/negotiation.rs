//! Which of the languages that a caller reads is spoken to them.

use fluent_langneg::{NegotiationStrategy, negotiate_languages};
use http::{HeaderMap, header};
use unic_langid::LanguageIdentifier;

use super::Language;

/// The best of ours that `Accept-Language` names, by the weights that it gives (RFC 9110, 12.5.4).
pub(super) fn accepted(headers: &HeaderMap) -> Option<Language> {
    let mut ranges: Vec<(f32, LanguageIdentifier)> = headers
        .get_all(header::ACCEPT_LANGUAGE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(weighted)
        .filter(|(weight, _)| *weight > 0.0)
        .collect();
    // The sort is stable: of equals, the one named first is liked best.
    ranges.sort_by(|one, other| other.0.total_cmp(&one.0));
    best(&ranges.into_iter().map(|(_, range)| range).collect::<Vec<_>>())
}

/// The one of ours that a locale names.
pub(super) fn of_locale(locale: Option<&str>) -> Option<Language> {
    best(&[locale?.parse().ok()?])
}

/// A range and its weight; `*` names no language, and what cannot be read is left out.
fn weighted(range: &str) -> Option<(f32, LanguageIdentifier)> {
    let mut parts = range.split(';').map(str::trim);
    let language = parts.next()?.parse().ok()?;
    let weight = match parts.find_map(|part| part.strip_prefix("q=").or(part.strip_prefix("Q="))) {
        Some(weight) => weight.parse().ok()?,
        None => 1.0,
    };
    Some((weight, language))
}

fn best(wanted: &[LanguageIdentifier]) -> Option<Language> {
    let ours = Language::ALL.map(Language::identifier);
    let found = *negotiate_languages(wanted, &ours, None, NegotiationStrategy::Lookup).first()?;
    Language::ALL.into_iter().find(|language| language.identifier() == *found)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn chosen(accept: &'static str, locale: Option<&str>) -> Language {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static(accept));
        Language::of_request(&headers, locale)
    }

    #[test]
    fn the_header_decides_by_its_weights() {
        assert_eq!(chosen("fr", None), Language::French);
        assert_eq!(chosen("pt-BR,pt;q=0.9,en;q=0.8", None), Language::Portuguese);
        assert_eq!(chosen("en;q=0.5, ja;q=0.9, fr; q=0.7", None), Language::Japanese);
        assert_eq!(chosen("de, ru;q=0.1", None), Language::Russian);
        assert_eq!(chosen("ID-id", None), Language::Indonesian);
        assert_eq!(chosen("fr, ja", None), Language::French);
    }

    #[test]
    fn the_locale_decides_where_the_header_names_none_of_ours() {
        for accept in ["", "*", "de", "de-DE,zh;q=0.5", "fr;q=0", "fr;q=much", ";;,"] {
            assert_eq!(chosen(accept, Some("ru-RU")), Language::Russian, "{accept}");
        }
        assert_eq!(Language::of_request(&HeaderMap::new(), Some("pt_BR")), Language::Portuguese);
        assert_eq!(chosen("en", Some("fr")), Language::English);
    }

    #[test]
    fn english_is_left_where_nothing_is_known() {
        for locale in [None, Some("de"), Some(""), Some("no such thing")] {
            assert_eq!(chosen("zh", locale), Language::English);
        }
    }

    #[test]
    fn every_language_is_found_by_its_tag() {
        for language in Language::ALL {
            assert_eq!(Language::of_locale(Some(language.tag())), language);
        }
    }
}
