//! Cursors: where the next page of a list begins, signed.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::problem::{Code, Problem};
use crate::deps::Deps;
use crate::signing::Purpose;

/// The cursor for `place` in the list that `list` tells from all others (tenant, caller, filters).
pub async fn encode(deps: &Deps, list: &[&str], place: &impl Serialize) -> Result<String, Problem> {
    let bytes = serde_json::to_vec(place).map_err(|error| Problem::internal(error.to_string()))?;
    Ok(deps.signer.seal(Purpose::Cursor, list, bytes).await?)
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
    let place = deps.signer.open(Purpose::Cursor, list, cursor).await?.ok_or_else(invalid)?;
    serde_json::from_slice(&place).map_err(|_| invalid())
}
