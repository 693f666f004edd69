//! Lists in pages, with tokens that live a quarter of an hour.

use std::collections::HashMap;

use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};

use super::api::ApiRequest;
use super::errors::{ZoomError, ZoomResult};
use super::links;

/// The tokens handed out.
#[derive(Debug, Default)]
pub(super) struct Pages(HashMap<String, Cursor>);

#[derive(Debug)]
struct Cursor {
    list: String,
    offset: usize,
    expires_at: DateTime<Utc>,
}

impl Pages {
    fn issue(&mut self, list: String, offset: usize, now: DateTime<Utc>) -> String {
        self.0.retain(|_, cursor| cursor.expires_at > now);
        let token = links::opaque(35);
        let cursor = Cursor { list, offset, expires_at: now + Duration::minutes(15) };
        self.0.insert(token.clone(), cursor);
        token
    }

    fn offset(&self, token: &str, list: &str, now: DateTime<Utc>) -> Option<usize> {
        let cursor = self.0.get(token)?;
        (cursor.list == list && cursor.expires_at > now).then_some(cursor.offset)
    }
}

/// One page of `rows` under `key`, as the request's `page_size`, `page_number` and `next_page_token` say.
pub(super) fn page(
    pages: &mut Pages,
    request: &ApiRequest<'_>,
    key: &str,
    rows: &[Value],
    largest: usize,
) -> ZoomResult<Value> {
    let size = number(request, "page_size", 30, largest)?;
    let number = number(request, "page_number", 1, usize::MAX)?;
    let list = request.list_name();
    let offset = match request.query("next_page_token").filter(|token| !token.is_empty()) {
        Some(token) => pages.offset(token, &list, request.now).ok_or_else(ZoomError::stale_page_token)?,
        None => (number - 1).saturating_mul(size),
    };
    let rest = rows.get(offset..).unwrap_or_default();
    let shown = &rest[..rest.len().min(size)];
    let next = if rest.len() > size { pages.issue(list, offset + size, request.now) } else { String::new() };
    Ok(json!({
        "page_count": rows.len().div_ceil(size),
        "page_number": offset / size + 1,
        "page_size": size,
        "total_records": rows.len(),
        "next_page_token": next,
        key: shown,
    }))
}

fn number(request: &ApiRequest<'_>, name: &str, default: usize, most: usize) -> ZoomResult<usize> {
    match request.query(name) {
        None => Ok(default),
        Some(text) => text
            .parse()
            .ok()
            .filter(|number| (1..=most).contains(number))
            .ok_or_else(|| ZoomError::invalid_field(name, "Invalid field.")),
    }
}
