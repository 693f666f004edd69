//! Texts of users as values of properties and parameters.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use crate::mail::one_line;

/// What an address cannot hold as it is inside of a `mailto:` (RFC 6068, 2) that stands in iCalendar.
const NOT_IN_MAILTO: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b',')
    .add(b';')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// `text` with its lines, and without what steers a terminal or ends a line otherwise.
pub(super) fn lines(text: &str) -> String {
    text.split(['\n', '\u{85}', '\u{2028}', '\u{2029}'])
        .flat_map(|line| line.trim_end_matches('\r').split('\r'))
        .map(|line| line.replace(|c: char| c.is_control() && c != '\t', ""))
        .collect::<Vec<_>>()
        .join("\n")
}

/// A name as the value of a parameter, which can hold no quotation mark (RFC 5545, 3.1) and in which a caret
/// begins an escape (RFC 6868).
pub(super) fn parameter(name: &str) -> String {
    one_line(name).replace('"', "'").replace('\\', "/").replace('^', "^^")
}

/// An address as a calendar user is named (RFC 5545, 3.3.3).
pub(super) fn mailto(address: &str) -> String {
    format!("mailto:{}", utf8_percent_encode(address, NOT_IN_MAILTO))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_end_of_a_line_is_one_and_what_steers_is_left_out() {
        assert_eq!(
            lines("a\r\nb\rc\nd\u{85}e\u{2028}f\u{2029}g\u{b}\u{0}\u{1b}\th"),
            "a\nb\nc\nd\ne\nf\ng\th"
        );
        assert_eq!(lines("a\n\n\r\n\r\rb"), "a\n\n\n\n\nb");
    }

    #[test]
    fn a_name_holds_no_quotation_mark_and_no_escape() {
        assert_eq!(parameter("Ana \"A\"\r\nEve^n \\x; Co: 1,2"), "Ana 'A' Eve^^n /x; Co: 1,2");
    }

    #[test]
    fn an_address_is_an_address() {
        assert_eq!(mailto("ana+1@school.example"), "mailto:ana+1@school.example");
        assert_eq!(mailto("a?b%c@school.example"), "mailto:a%3Fb%25c@school.example");
        assert_eq!(mailto("ä@x.example"), "mailto:%C3%A4@x.example");
    }
}
