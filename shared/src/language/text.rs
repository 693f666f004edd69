//! A text that may still have to be said in somebody's language.

use super::{Language, Message};

/// Words, or a message that nobody has put into words yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Text {
    /// Words, in whatever language they were chosen.
    Words(String),
    /// A message.
    Message(Message),
}

impl Text {
    /// The words, a message's in `language`.
    pub fn said(&self, language: Language) -> String {
        match self {
            Self::Words(words) => words.clone(),
            Self::Message(message) => language.say(message),
        }
    }
}

impl From<String> for Text {
    fn from(words: String) -> Self {
        Self::Words(words)
    }
}

impl From<&str> for Text {
    fn from(words: &str) -> Self {
        Self::Words(words.to_owned())
    }
}

impl From<Message> for Text {
    fn from(message: Message) -> Self {
        Self::Message(message)
    }
}
