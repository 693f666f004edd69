//! What canaries are known by.

use std::fmt;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

/// A kind of secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Canary {
    /// One that a test made up: a client secret, a code, a Secret Token.
    MadeUp,
    /// The client secret of the sandbox's own account.
    Sandbox,
    /// An access or refresh token of the sandbox's.
    Token,
    /// What events for a learning platform are signed with.
    Signing,
    /// What makes a link a host's.
    HostLink,
}

impl fmt::Display for Canary {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::MadeUp => "a secret",
            Self::Sandbox => "the sandbox's client secret",
            Self::Token => "a token of Zoom's",
            Self::Signing => "a secret that signs events",
            Self::HostLink => "a host link",
        })
    }
}

/// What each is known by. That of a token is the start of those that the sandbox gives out; that of
/// a secret that signs is the start of all of them.
const SECRETS: [(Canary, &str); 4] = [
    (Canary::MadeUp, "canary"),
    (Canary::Sandbox, "sandbox-secret"),
    (Canary::Token, "eyJzdiI6IjAwMDAwMSIs"),
    (Canary::Signing, "whsec_"),
];
const LINKS: [&str; 3] = ["?zak=", "&zak=", "zak%3D"];

struct Patterns {
    canaries: Vec<Canary>,
    automaton: AhoCorasick,
}

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| {
    let secrets = SECRETS.into_iter().flat_map(|(canary, text)| {
        let encoded = (0..3).map(move |shift| (canary, base64_within(text, shift)));
        std::iter::once((canary, text.to_owned())).chain(encoded)
    });
    let links = LINKS.into_iter().map(|link| (Canary::HostLink, link.to_owned()));
    let (canaries, texts): (Vec<_>, Vec<_>) = secrets.chain(links).unzip();
    Patterns { canaries, automaton: AhoCorasick::new(texts).unwrap() }
});

/// Each canary in `text`, with its place.
pub(super) fn find(text: &[u8]) -> impl Iterator<Item = (Canary, usize)> {
    PATTERNS.automaton.find_iter(text).map(|found| (PATTERNS.canaries[found.pattern()], found.start()))
}

/// The characters that are the same in the Base64 of whatever holds `text`, where `shift` is where it begins,
/// modulo 3: headers of Basic authorization and binary attributes hold secrets so.
fn base64_within(text: &str, shift: usize) -> String {
    let mut bytes = vec![0; shift];
    bytes.extend_from_slice(text.as_bytes());
    let encoded = STANDARD_NO_PAD.encode(&bytes);
    encoded[(shift * 8).div_ceil(6)..bytes.len() * 8 / 6].to_owned()
}

#[test]
fn a_secret_is_found_plain_and_encoded() {
    for before in ["", "c", "id", "app", "four"] {
        for (canary, text) in SECRETS {
            let plain = format!("{before}:{text}-9");
            for text in [STANDARD_NO_PAD.encode(&plain), plain] {
                let (found, _) = find(text.as_bytes()).next().unwrap();
                assert_eq!(found, canary, "{text}");
            }
        }
    }
    assert_eq!(find(b"the canaries' secrets, zak= and eyJzdiI6").count(), 0);
}
