//! The languages that Lectern speaks, and what it says in them.
//!
//! What is said is decided where something happens, as a [`Message`]; it is put into words where it leaves:
//! in a reply, or in a mail. The words stand in `shared/locales`, one Fluent file a language.

mod catalogue;
mod message;
mod negotiation;
mod text;

pub use message::{Argument, Message};
pub use text::Text;

use http::{HeaderMap, HeaderValue, header};
use unic_langid::LanguageIdentifier;

/// A language that Lectern speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// English: what is said where nothing else is known.
    #[default]
    English,
    /// Indonesian.
    Indonesian,
    /// Portuguese.
    Portuguese,
    /// Russian.
    Russian,
    /// French.
    French,
    /// Japanese.
    Japanese,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::English, Self::Indonesian, Self::Portuguese, Self::Russian, Self::French, Self::Japanese];

    /// The language's tag (BCP 47).
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Indonesian => "id",
            Self::Portuguese => "pt",
            Self::Russian => "ru",
            Self::French => "fr",
            Self::Japanese => "ja",
        }
    }

    /// The language for someone of that locale (BCP 47).
    pub fn of_locale(locale: Option<&str>) -> Self {
        negotiation::of_locale(locale).unwrap_or_default()
    }

    /// The language for a request: what its `Accept-Language` likes best among ours, else the one of its
    /// caller's locale.
    pub fn of_request(headers: &HeaderMap, locale: Option<&str>) -> Self {
        negotiation::accepted(headers).unwrap_or_else(|| Self::of_locale(locale))
    }

    /// The language as the value of `Content-Language`.
    pub fn header(self) -> HeaderValue {
        HeaderValue::from_static(self.tag())
    }

    /// Says of a reply that it is in this language.
    #[must_use]
    pub fn mark<B>(self, mut response: http::Response<B>) -> http::Response<B> {
        response.headers_mut().insert(header::CONTENT_LANGUAGE, self.header());
        response
    }

    /// What `message` says in this language; in English where it lacks the message.
    pub fn say(self, message: &Message) -> String {
        catalogue::say(self, message)
    }

    fn identifier(self) -> LanguageIdentifier {
        self.tag().parse().unwrap_or_default()
    }
}
