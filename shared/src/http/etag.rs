//! Versions of things, as `ETag` and `If-Match` tell them (RFC 9110, 8.8.3 and 13.1.1).

use http::{HeaderMap, HeaderValue, header};
use sha2::{Digest, Sha256};

use super::problem::{Code, Problem};

/// The `ETag` of a version.
pub fn etag(version: u64) -> HeaderValue {
    quoted(&version.to_string())
}

/// The `ETag` of what depends on more than a version: of its very bytes.
pub fn of_content(content: &[u8]) -> HeaderValue {
    quoted(&hex::encode(&Sha256::digest(content)[..16]))
}

fn quoted(tag: &str) -> HeaderValue {
    HeaderValue::try_from(format!("\"{tag}\"")).unwrap_or_else(|_| HeaderValue::from_static("\"0\""))
}

/// Whether the request may change what is at `version` now.
///
/// # Errors
/// `version_mismatch` where `If-Match` was sent and names other versions only.
pub fn check(headers: &HeaderMap, version: u64) -> Result<(), Problem> {
    let mut sent = headers.get_all(header::IF_MATCH).iter().peekable();
    if sent.peek().is_none() {
        return Ok(());
    }
    let wanted = format!("\"{version}\"");
    let matches = sent
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|tag| tag.trim() == "*" || tag.trim() == wanted);
    if matches {
        return Ok(());
    }
    Err(Problem::new(
        Code::VersionMismatch,
        format!(
            "It is at version {version} now, not at the one in If-Match. Read it again and repeat the change."
        ),
    ))
}
