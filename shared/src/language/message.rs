//! Something to say, before it is said in a language.

/// A message of the catalogue, with what is to be filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub(super) key: &'static str,
    pub(super) attribute: Option<&'static str>,
    pub(super) arguments: Vec<(&'static str, Argument)>,
}

/// What is filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Argument {
    /// The same in every language: a name, an address.
    Text(String),
    /// A number, by which a language may choose among plurals.
    Number(u64),
    /// Another message, said in the same language.
    Message(Message),
    /// Messages, as a list.
    Messages(Vec<Message>),
}

impl Message {
    /// The message of that key.
    pub fn new(key: &'static str) -> Self {
        Self { key, attribute: None, arguments: Vec::new() }
    }

    /// Fills in `name`.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Argument>) -> Self {
        self.arguments.push((name, value.into()));
        self
    }

    /// What the catalogue says under an attribute of the same key, with the same to be filled in.
    #[must_use]
    pub fn attribute(mut self, attribute: &'static str) -> Self {
        self.attribute = Some(attribute);
        self
    }
}

impl From<String> for Argument {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Argument {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<u32> for Argument {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<u64> for Argument {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl From<Message> for Argument {
    fn from(message: Message) -> Self {
        Self::Message(message)
    }
}

impl From<Vec<Message>> for Argument {
    fn from(messages: Vec<Message>) -> Self {
        Self::Messages(messages)
    }
}
