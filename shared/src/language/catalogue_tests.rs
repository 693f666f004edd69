use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{CallArguments, Entry, Expression, InlineExpression, Pattern, PatternElement};
use fluent_syntax::parser;

use super::*;

/// What a file says: each message's value and attributes, each term, with the variables it uses.
#[derive(Debug, Default)]
struct Words {
    variables: BTreeMap<String, BTreeSet<String>>,
    /// Which of the file's own messages and terms each refers to.
    references: BTreeMap<String, BTreeSet<String>>,
}

impl Words {
    fn read(language: Language) -> Self {
        let resource = parser::parse(source(language))
            .unwrap_or_else(|(_, errors)| panic!("{}: {errors:?}", language.tag()));
        let mut words = Self::default();
        for entry in resource.body {
            match entry {
                Entry::Message(message) => {
                    if let Some(value) = &message.value {
                        words.note(message.id.name, value);
                    }
                    for attribute in &message.attributes {
                        words.note(&format!("{}.{}", message.id.name, attribute.id.name), &attribute.value);
                    }
                }
                Entry::Term(term) => words.note(&format!("-{}", term.id.name), &term.value),
                Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => {}
                Entry::Junk { content } => panic!("{}: {content}", language.tag()),
            }
        }
        words
    }

    fn note(&mut self, key: &str, pattern: &Pattern<&str>) {
        let mut found = Found::default();
        found.pattern(pattern);
        assert!(!found.is_empty, "{key} says nothing");
        self.references.insert(key.to_owned(), found.references);
        assert!(self.variables.insert(key.to_owned(), found.variables).is_none(), "{key} is there twice");
    }

    /// The variables that `key` needs, those of what it refers to included.
    fn needed(&self, key: &str) -> BTreeSet<String> {
        let mut needed = self.variables[key].clone();
        for reference in &self.references[key] {
            needed.extend(self.needed(reference));
        }
        needed
    }
}

struct Found {
    variables: BTreeSet<String>,
    references: BTreeSet<String>,
    is_empty: bool,
}

impl Default for Found {
    fn default() -> Self {
        Self { variables: BTreeSet::new(), references: BTreeSet::new(), is_empty: true }
    }
}

impl Found {
    fn pattern(&mut self, pattern: &Pattern<&str>) {
        for element in &pattern.elements {
            match element {
                PatternElement::TextElement { value } => self.is_empty &= value.trim().is_empty(),
                PatternElement::Placeable { expression } => self.expression(expression),
            }
        }
    }

    fn expression(&mut self, expression: &Expression<&str>) {
        match expression {
            Expression::Inline(inline) => self.inline(inline),
            Expression::Select { selector, variants } => {
                self.inline(selector);
                for variant in variants {
                    self.pattern(&variant.value);
                }
            }
        }
    }

    fn inline(&mut self, inline: &InlineExpression<&str>) {
        self.is_empty = false;
        match inline {
            InlineExpression::VariableReference { id } => {
                self.variables.insert(id.name.to_owned());
            }
            InlineExpression::MessageReference { id, attribute } => {
                let attribute = attribute.as_ref().map(|of| format!(".{}", of.name)).unwrap_or_default();
                self.references.insert(format!("{}{attribute}", id.name));
            }
            InlineExpression::TermReference { id, arguments, .. } => {
                self.references.insert(format!("-{}", id.name));
                if let Some(arguments) = arguments {
                    self.arguments(arguments);
                }
            }
            InlineExpression::FunctionReference { arguments, .. } => self.arguments(arguments),
            InlineExpression::Placeable { expression } => self.expression(expression),
            InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => {}
        }
    }

    fn arguments(&mut self, arguments: &CallArguments<&str>) {
        let named = arguments.named.iter().map(|argument| &argument.value);
        for argument in arguments.positional.iter().chain(named) {
            self.inline(argument);
        }
    }
}

#[test]
fn no_language_lacks_a_message_nor_an_attribute_nor_a_variable() {
    let english = Words::read(Language::English);
    for language in Language::ALL {
        let words = Words::read(language);
        let keys = |words: &Words| words.variables.keys().cloned().collect::<BTreeSet<String>>();
        assert_eq!(keys(&words), keys(&english), "{}", language.tag());
        for key in keys(&english) {
            assert_eq!(words.needed(&key), english.needed(&key), "{} of {}", key, language.tag());
        }
    }
}

#[test]
fn every_term_is_used() {
    let english = Words::read(Language::English);
    let used: BTreeSet<&String> = english.references.values().flatten().collect();
    for term in english.variables.keys().filter(|key| key.starts_with('-')) {
        assert!(used.contains(term), "{term}");
    }
}

#[test]
fn every_language_is_read_whole_and_says_something_else_than_english() {
    let message = Message::new("not-reached");
    let said: BTreeSet<String> = Language::ALL.into_iter().map(|language| language.say(&message)).collect();
    assert_eq!(said.len(), Language::ALL.len());
}

#[test]
fn plurals_follow_the_language() {
    let capacity = |language: Language, participants: u32| {
        language.say(&Message::new("capacity").with("participants", participants))
    };
    assert_eq!(capacity(Language::English, 1), "1 participant");
    assert_eq!(capacity(Language::English, 300), "300 participants");
    let russian = [1, 2, 5, 21, 112].map(|participants| capacity(Language::Russian, participants));
    assert_eq!(russian, ["1 участник", "2 участника", "5 участников", "21 участник", "112 участников"]);
    assert_eq!(capacity(Language::French, 0), "0 participant");
    assert_eq!(capacity(Language::Indonesian, 2), "2 peserta");
}

#[test]
fn what_is_filled_in_stands_there_as_it_is() {
    let offered = Message::new("host-offered").with("email", "a@x.example");
    assert_eq!(Language::English.say(&offered), "No host was named; a@x.example is offered first.");
    let lists = Message::new("scopes-partial")
        .with("losses", vec![Message::new("loss-webinars"), Message::new("loss-reports")])
        .with("scopes", "");
    let said = Language::English.say(&lists);
    assert!(said.ends_with("webinars cannot be held; attendance is not known."), "{said}");
}

#[test]
fn a_message_that_no_language_has_shows_its_key() {
    assert_eq!(Language::French.say(&Message::new("no-such-message")), "no-such-message");
}

#[test]
fn what_a_language_lacks_is_said_in_english() {
    let catalogue = Catalogue::new(|language| match language {
        Language::English => "both = both\nwhole = { $part }\n    .more = more\n",
        _ => "both = les deux\nwhole = ({ $part })\n",
    });
    let say = |message: &Message| catalogue.say(Language::French, message);
    assert_eq!(say(&Message::new("both")), "les deux");
    assert_eq!(say(&Message::new("whole").attribute("more")), "more");
    assert_eq!(say(&Message::new("whole").with("part", Message::new("both"))), "(les deux)");
}
