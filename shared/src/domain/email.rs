//! E-mail addresses.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An address that can be written to: one `@`, no spaces, no control characters, at most 254 bytes
/// (RFC 5321, 4.5.3.1).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

/// A text that is no address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an e-mail address looks like name@domain.example and has at most 254 characters")]
pub struct InvalidEmail;

impl Email {
    /// The address as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address as mail servers know it: its domain in ASCII (RFC 5890).
    pub fn to_ascii(&self) -> String {
        match self.0.split_once('@') {
            Some((name, domain)) if !domain.is_ascii() => {
                format!("{name}@{}", ascii_domain(domain).as_deref().unwrap_or(domain))
            }
            _ => self.0.clone(),
        }
    }

    /// Whether both are one mailbox as far as Zoom is concerned: it ignores the case.
    pub fn same_as(&self, other: &str) -> bool {
        self.0.to_lowercase() == other.trim().to_lowercase()
    }

    /// The address with most of its name hidden: `sai***@gmail.com`.
    pub fn masked(&self) -> String {
        let (name, domain) = self.0.rsplit_once('@').unwrap_or((&self.0, ""));
        let shown = name.chars().count().div_ceil(2).min(3);
        let head: String = name.chars().take(shown).collect();
        format!("{head}***@{domain}")
    }
}

impl TryFrom<String> for Email {
    type Error = InvalidEmail;

    fn try_from(text: String) -> Result<Self, InvalidEmail> {
        let bad = |c: char| {
            c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | ',' | ';' | '"' | '(' | ')')
        };
        let Some((name, domain)) = text.split_once('@') else { return Err(InvalidEmail) };
        // Few mail servers take other names (RFC 6531), and SES takes none; a domain has a form in ASCII.
        let can_be_sent = name.is_ascii() && (domain.is_ascii() || ascii_domain(domain).is_some());
        let labels_fit = domain.split('.').all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        });
        let fits = can_be_sent
            && text.len() <= 254
            && !name.is_empty()
            && name.len() <= 64
            && !name.starts_with('.')
            && !name.ends_with('.')
            && !name.contains("..")
            && !text.contains(bad)
            && labels_fit;
        if fits { Ok(Self(text)) } else { Err(InvalidEmail) }
    }
}

fn ascii_domain(domain: &str) -> Option<String> {
    match url::Host::parse(domain) {
        Ok(url::Host::Domain(domain)) => Some(domain),
        Ok(url::Host::Ipv4(_) | url::Host::Ipv6(_)) | Err(_) => None,
    }
}

impl std::str::FromStr for Email {
    type Err = InvalidEmail;

    fn from_str(text: &str) -> Result<Self, InvalidEmail> {
        Self::try_from(text.to_owned())
    }
}

impl From<Email> for String {
    fn from(email: Email) -> String {
        email.0
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_all_but_three() {
        let masked = |text: &str| text.parse::<Email>().map(|e| e.masked());
        assert_eq!(masked("saiful@gmail.com").as_deref(), Ok("sai***@gmail.com"));
        assert_eq!(masked("ab@x.example").as_deref(), Ok("a***@x.example"));
    }

    #[test]
    fn only_what_mail_servers_take_is_an_address() {
        let ascii = |text: &str| text.parse::<Email>().map(|email| email.to_ascii());
        assert_eq!(ascii("a@пример.example").as_deref(), Ok("a@xn--e1afmkfd.example"));
        assert_eq!(ascii("Ana@School.example").as_deref(), Ok("Ana@School.example"));
        for wrong in ["é@x.example", "z\u{200b}@x.example", "a@\u{200b}.example"] {
            assert_eq!(ascii(wrong), Err(InvalidEmail), "{wrong:?}");
        }
    }

    #[test]
    fn refuses_what_could_become_a_header() {
        for wrong in
            ["a", "a@", "@b", "a b@c", "a@b\r\nBcc: c@d", "a@b@c", "A <a@b>", "a,b@c.d", "a@b..c", ".a@b.c"]
        {
            assert_eq!(wrong.parse::<Email>(), Err(InvalidEmail), "{wrong:?}");
        }
    }
}
