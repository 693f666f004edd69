//! The words of a text as people look for them: without regard to case and accents.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;

use super::meeting::Meeting;

/// How much of a word counts, in characters.
const LONGEST: usize = 64;

/// What is looked for: every one of some words, or a Zoom meeting number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sought {
    words: Vec<String>,
    number: Option<u64>,
}

/// What a meeting is found by.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// The words of its topic and agenda.
    pub words: BTreeSet<String>,
    /// Its number at Zoom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u64>,
}

impl Terms {
    /// What `meeting` is found by.
    pub fn of(meeting: &Meeting) -> Self {
        let mut words = words(&meeting.topic);
        words.extend(self::words(&meeting.agenda));
        Self { words, number: meeting.zoom.as_ref().map(|zoom| zoom.id) }
    }
}

impl Sought {
    /// What `text` asks for; none where it is blank.
    pub fn parse(text: &str) -> Option<Self> {
        if text.trim().is_empty() {
            return None;
        }
        // People write the number with spaces or dashes, as Zoom shows it.
        let plain: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        let number = plain.parse().ok().filter(|_| plain.bytes().all(|byte| byte.is_ascii_digit()));
        Some(Self { words: words(text).into_iter().collect(), number })
    }

    /// The words, the longest first: long words are rare ones.
    pub fn words(&self) -> Vec<&str> {
        let mut words: Vec<&str> = self.words.iter().map(String::as_str).collect();
        words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
        words
    }

    /// The number that it may be.
    pub fn number(&self) -> Option<u64> {
        self.number
    }

    /// Whether a meeting with these terms is what is looked for.
    pub fn matches(&self, terms: &Terms) -> bool {
        let begins = |sought: &String| {
            terms.words.range(sought.clone()..).next().is_some_and(|word| word.starts_with(sought.as_str()))
        };
        let named = self.number.is_some() && self.number == terms.number;
        named || (!self.words.is_empty() && self.words.iter().all(begins))
    }
}

/// How people write a letter who do not have it: those that Unicode does not take apart into a letter and a
/// mark.
fn plain(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'ħ' => "h",
        'ŧ' => "t",
        'þ' => "th",
        'ı' => "i",
        _ => return None,
    })
}

/// The words of a text. Where a script sets no spaces, each of its characters is one.
fn words(text: &str) -> BTreeSet<String> {
    let mut folded = String::with_capacity(text.len());
    for character in text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match plain(character) {
            Some(plain) => folded.push_str(plain),
            None => folded.push(character),
        }
    }
    folded
        .unicode_words()
        .flat_map(|word| word.split(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty())
        .map(|word| word.chars().take(LONGEST).collect())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(text: &str, q: &str) -> bool {
        Sought::parse(q).unwrap().matches(&Terms { words: words(text), number: Some(82_547_724_140) })
    }

    #[test]
    fn words_are_compared_without_case_and_accents() {
        let folded: Vec<String> = words("Élève Straße ÀÉ ﬁn").into_iter().collect();
        assert_eq!(folded, ["ae", "eleve", "fin", "strasse"]);
    }

    #[test]
    fn all_words_must_be_there_and_a_beginning_is_enough() {
        let text = "Fire-safety (part 1): don't panic. Élan, 消防安全 a_b";
        for q in ["fire", "SAFE", "part fire", "1", "don't", "elan", "安全", "消防", "safety, (part)", "b"]
        {
            assert!(finds(text, q), "{q}");
        }
        for q in ["ire", "safety first", "parts", "!", "火"] {
            assert!(!finds(text, q), "{q}");
        }
    }

    #[test]
    fn the_number_is_found_whole_as_people_write_it() {
        for q in ["82547724140", "825 4772 4140", "825-4772-4140"] {
            assert!(finds("Lesson", q), "{q}");
        }
        for q in ["8254772414", "825", "+82547724140", "82547724140 x"] {
            assert!(!finds("Lesson", q), "{q}");
        }
        assert!(finds("Room 825", "825"));
        assert!(!Sought::parse("5").unwrap().matches(&Terms::default()));
    }

    #[test]
    fn a_word_without_end_is_cut_short() {
        let long = "x".repeat(2_000);
        assert_eq!(words(&long).into_iter().map(|word| word.len()).collect::<Vec<_>>(), [LONGEST]);
        assert!(finds(&long, &long));
    }

    #[test]
    fn blank_looks_for_nothing_in_particular() {
        assert_eq!(Sought::parse("  "), None);
    }
}
