//! Lists, a page at a time.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::fields::{Errors, Reader};
use super::{Problem, cursor, parse};
use crate::deps::Deps;

/// What a request asks of a list.
#[derive(Debug)]
pub struct Asked<T> {
    /// How many at most.
    pub limit: usize,
    /// After what.
    pub after: Option<T>,
}

/// Reads `limit` and `cursor`; `list` tells this list from all others.
pub async fn asked<T: DeserializeOwned>(
    deps: &Deps,
    list: &[&str],
    query: &Map<String, Value>,
) -> Result<Asked<T>, Problem> {
    let errors = Errors::default();
    let (limit, cursor) = {
        let reader = Reader::query(query, &errors);
        let limit = reader.optional("limit", |value| parse::integer_text(value, 1..=100));
        (limit.unwrap_or(25), reader.optional("cursor", |value| parse::text(value, 0..=usize::MAX)))
    };
    errors.finish()?;
    let after = match cursor {
        Some(text) => Some(cursor::decode(deps, list, &text).await?),
        None => None,
    };
    Ok(Asked { limit, after })
}

/// Cuts what was found down to a page; more than `limit` were found where there is a next one.
pub async fn cut<T, P: Serialize>(
    deps: &Deps,
    list: &[&str],
    mut found: Vec<T>,
    limit: usize,
    place: impl Fn(&T) -> P,
) -> Result<(Vec<T>, Option<String>), Problem> {
    if found.len() <= limit {
        return Ok((found, None));
    }
    found.truncate(limit);
    let next = match found.last() {
        Some(last) => Some(cursor::encode(deps, list, &place(last)).await?),
        None => None,
    };
    Ok((found, next))
}
