//! The words of every language, compiled in, read once.

use std::borrow::Cow;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use super::{Argument, Language, Message};

type Bundle = FluentBundle<FluentResource>;

/// What stands between the members of a list.
const SEPARATOR: &str = "list-separator";

static COMPILED_IN: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::new(source));

/// What `message` says in `language`; in English where that lacks it, and its bare key where English does.
pub(super) fn say(language: Language, message: &Message) -> String {
    COMPILED_IN.say(language, message)
}

struct Catalogue([(Language, Bundle); 6]);

impl Catalogue {
    fn new(source: impl Fn(Language) -> &'static str) -> Self {
        Self(Language::ALL.map(|language| (language, bundle(language, source(language)))))
    }

    fn say(&self, language: Language, message: &Message) -> String {
        let said = self.said(language, message).or_else(|| self.said(Language::English, message));
        said.unwrap_or_else(|| {
            tracing::error!(key = message.key, attribute = message.attribute, "no language has this message");
            message.key.to_owned()
        })
    }

    fn said(&self, language: Language, message: &Message) -> Option<String> {
        let (_, bundle) = self.0.iter().find(|(of, _)| *of == language)?;
        let found = bundle.get_message(message.key)?;
        let pattern = match message.attribute {
            Some(attribute) => found.get_attribute(attribute)?.value(),
            None => found.value()?,
        };
        let mut arguments = FluentArgs::with_capacity(message.arguments.len());
        for (name, argument) in &message.arguments {
            arguments.set(*name, self.value(language, argument));
        }
        let mut errors = Vec::new();
        let words = bundle.format_pattern(pattern, Some(&arguments), &mut errors).into_owned();
        if !errors.is_empty() {
            tracing::error!(key = message.key, language = language.tag(), ?errors, "a message is not whole");
        }
        Some(words)
    }

    fn value<'a>(&self, language: Language, argument: &'a Argument) -> FluentValue<'a> {
        match argument {
            Argument::Text(text) => FluentValue::String(Cow::Borrowed(text)),
            Argument::Number(number) => FluentValue::from(*number),
            Argument::Message(message) => self.say(language, message).into(),
            Argument::Messages(messages) => {
                let separator = self.say(language, &Message::new(SEPARATOR));
                let said: Vec<String> = messages.iter().map(|message| self.say(language, message)).collect();
                said.join(&separator).into()
            }
        }
    }
}

fn bundle(language: Language, source: &str) -> Bundle {
    let mut bundle = Bundle::new_concurrent(vec![language.identifier()]);
    // The words go into plain text and JSON, where marks of direction would be noise.
    bundle.set_use_isolating(false);
    let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(rest, errors)| {
        tracing::error!(language = language.tag(), ?errors, "some messages cannot be read");
        rest
    });
    if let Err(errors) = bundle.add_resource(resource) {
        tracing::error!(language = language.tag(), ?errors, "some messages are there twice");
    }
    bundle
}

fn source(language: Language) -> &'static str {
    match language {
        Language::English => include_str!("../../locales/en.ftl"),
        Language::Indonesian => include_str!("../../locales/id.ftl"),
        Language::Portuguese => include_str!("../../locales/pt.ftl"),
        Language::Russian => include_str!("../../locales/ru.ftl"),
        Language::French => include_str!("../../locales/fr.ftl"),
        Language::Japanese => include_str!("../../locales/ja.ftl"),
    }
}

#[cfg(test)]
#[path = "catalogue_tests.rs"]
mod tests;
