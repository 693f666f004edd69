//! Halves of characters.
//!
//! JSON may hold one half of a pair of surrogates as an escape, where somebody has cut a name in the middle of an
//! emoji. No text can hold it, so that parsers refuse it, and an event would be lost for it.

use std::borrow::Cow;

/// The JSON with U+FFFD in the place of each escape that is only half of a character.
pub(super) fn mended(json: &str) -> Cow<'_, str> {
    if !json.contains("\\ud") && !json.contains("\\uD") {
        return Cow::Borrowed(json);
    }
    let mut mended = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(place) = rest.find('\\') {
        let (before, escape) = rest.split_at(place);
        mended.push_str(before);
        let length = match unit(escape) {
            Some(0xd800..=0xdbff) if matches!(escape.get(6..).and_then(unit), Some(0xdc00..=0xdfff)) => 12,
            Some(0xd800..=0xdfff) => {
                mended.push_str("\\ufffd");
                rest = &escape[6..];
                continue;
            }
            // An escaped backslash begins no other escape.
            _ => escape.char_indices().nth(2).map_or(escape.len(), |(end, _)| end),
        };
        mended.push_str(&escape[..length]);
        rest = &escape[length..];
    }
    mended.push_str(rest);
    Cow::Owned(mended)
}

/// The unit that an escape at the beginning stands for, where it is one of that kind.
fn unit(escape: &str) -> Option<u16> {
    u16::from_str_radix(escape.strip_prefix("\\u")?.get(..4)?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_replaced_and_all_else_stays() {
        for (json, expected) in [
            (r#""Z\ud83d""#, r#""Z\ufffd""#),
            (r#""\uDE00Z""#, r#""\ufffdZ""#),
            (r#""\ud83d\ud83d\ude00""#, r#""\ufffd\ud83d\ude00""#),
            (r#""\ud83d\n""#, r#""\ufffd\n""#),
            (r#""\\ud83d é""#, r#""\\ud83d é""#),
            (r#""\ud8""#, r#""\ud8""#),
            (r#"{"a":"\u00e9"}"#, r#"{"a":"\u00e9"}"#),
        ] {
            assert_eq!(mended(json), expected);
        }
    }
}
