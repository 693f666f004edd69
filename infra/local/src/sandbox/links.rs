//! Ids, links and passcodes in Zoom's shapes.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use rand::Rng;
use rand::distr::{Alphanumeric, SampleString};
use sha2::{Digest, Sha256};

use super::meeting::Passcode;

const SITE: &str = "https://us05web.zoom.us";

/// An 11-digit meeting number.
pub(super) fn meeting_number() -> u64 {
    rand::rng().random_range(80_000_000_000..=99_999_999_999)
}

/// The number by which somebody is known in a session.
pub(super) fn participant_number() -> u32 {
    rand::rng().random_range(16_000_000..=99_999_999)
}

/// An id that is always the same for `name`.
pub(super) fn stable(name: &str) -> String {
    hex::encode(&Sha256::digest(name.as_bytes())[..12])
}

/// A 10-digit personal meeting id.
pub(super) fn personal_number() -> u64 {
    rand::rng().random_range(2_000_000_000..=9_999_999_999)
}

/// An instance's uuid: 24 characters of Base64 that end in `==`, a slash among them or not.
pub(super) fn uuid() -> String {
    STANDARD.encode(rand::random::<[u8; 16]>())
}

/// A user's id: 22 characters that are safe in a URL.
pub(super) fn user_id() -> String {
    url_safe(rand::random())
}

/// The id that 16 bytes spell.
pub(super) fn url_safe(bytes: [u8; 16]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// An opaque secret, such as a token.
pub(super) fn opaque(length: usize) -> String {
    Alphanumeric.sample_string(&mut rand::rng(), length)
}

pub(super) fn join_url(id: u64, encrypted_passcode: Option<&str>) -> String {
    match encrypted_passcode {
        Some(passcode) => format!("{SITE}/j/{id}?pwd={passcode}"),
        None => format!("{SITE}/j/{id}"),
    }
}

/// A host link, another one each time: whoever holds it is the host.
pub(super) fn start_url(id: u64) -> String {
    format!("{SITE}/s/{id}?zak=eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.{}.{}", opaque(120), opaque(43))
}

impl Passcode {
    /// A passcode of Zoom's own making.
    pub(super) fn generate() -> Self {
        Self::from_plain(opaque(6))
    }

    pub(super) fn from_plain(plain: String) -> Self {
        let numeric = if plain.bytes().all(|byte| byte.is_ascii_digit()) {
            plain.clone()
        } else {
            rand::rng().random_range(100_000..=999_999).to_string()
        };
        Self { plain, encrypted: format!("{}.1", opaque(30)), numeric }
    }
}
