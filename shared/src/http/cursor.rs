//! Cursors: where the next page of a list begins, signed.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;
use subtle::ConstantTimeEq;

use super::problem::{Code, Problem};
use crate::deps::Deps;
use crate::signing::Purpose;

const TAG: usize = 16;

/// The cursor for `place` in the list that `list` tells from all others (tenant, caller, filters).
pub async fn encode(deps: &Deps, list: &[&str], place: &impl Serialize) -> Result<String, Problem> {
    let mut bytes = serde_json::to_vec(place).map_err(|error| Problem::internal(error.to_string()))?;
    let tag = tag(deps, list, &bytes).await?;
    bytes.extend_from_slice(&tag);
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// The place that a cursor stands for.
///
/// # Errors
/// `invalid_cursor` where it was not made here for that very list.
pub async fn decode<T: DeserializeOwned>(deps: &Deps, list: &[&str], cursor: &str) -> Result<T, Problem> {
    let invalid = || {
        Problem::new(
            Code::InvalidCursor,
            "The cursor was not given for this list. Use next_cursor as it came, with the same filters, or begin with the first page.",
        )
    };
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| invalid())?;
    let (place, given) = bytes.split_last_chunk::<TAG>().ok_or_else(invalid)?;
    let expected = tag(deps, list, place).await?;
    if !bool::from(expected.ct_eq(given)) {
        return Err(invalid());
    }
    serde_json::from_slice(place).map_err(|_| invalid())
}

async fn tag(deps: &Deps, list: &[&str], place: &[u8]) -> Result<[u8; TAG], Problem> {
    let mut parts: Vec<&[u8]> = list.iter().map(|part| part.as_bytes()).collect();
    parts.push(place);
    let hash = deps.signer.hash(Purpose::Cursor, &parts).await?;
    let mut tag = [0; TAG];
    tag.copy_from_slice(&hash[..TAG]);
    Ok(tag)
}
