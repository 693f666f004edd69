//! What requests say, read field by field so that every fault is named at once.

pub(crate) mod auth;
pub(crate) mod change;
mod code;
pub(crate) mod defaults;
mod hidden;
pub(crate) mod new_connection;
pub(crate) mod shapes;
mod webhook_token;

use std::ops::RangeInclusive;

use serde_json::Value;
use shared::http::fields::{Fault, Field, Reader};
use shared::http::{parse, problem::FieldCode};

/// How long a connection's name may be.
pub(crate) const NAME_LENGTH: RangeInclusive<usize> = 1..=128;

/// A text of so many characters, none of them a control character.
pub(crate) fn printable(value: &Value, length: RangeInclusive<usize>) -> Result<String, Fault> {
    let text = parse::text(value, length)?;
    if text.chars().any(char::is_control) {
        return Err(Fault::invalid("must not hold control characters, such as line breaks"));
    }
    Ok(text)
}

/// The value that a change sets; what cannot be cleared is a fault where it is `null`.
pub(crate) fn settable<T>(reader: &Reader<'_>, name: &'static str, field: Field<T>) -> Option<T> {
    if matches!(field, Field::Null) {
        reader
            .fault(name, Fault::new(FieldCode::Required, "cannot be cleared; send a value or leave it out"));
    }
    field.value()
}
