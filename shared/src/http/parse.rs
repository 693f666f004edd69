//! What single values must look like.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::fields::Fault;
use super::problem::FieldCode;

/// A text of so many characters.
pub fn text(value: &Value, length: RangeInclusive<usize>) -> Result<String, Fault> {
    let text = value.as_str().ok_or_else(|| Fault::wrong_type("a text"))?;
    let characters = text.chars().count();
    if characters > *length.end() {
        let detail = format!("has {characters} characters; at most {} are allowed", length.end());
        return Err(Fault::new(FieldCode::TooLong, detail));
    }
    if characters < *length.start() || (*length.start() > 0 && text.trim().is_empty()) {
        return Err(Fault::new(FieldCode::OutOfRange, "must not be empty"));
    }
    Ok(text.to_owned())
}

/// A text that people read, of so many characters.
pub fn prose(value: &Value, length: RangeInclusive<usize>) -> Result<String, Fault> {
    let text = text(value, length)?;
    if text.contains('\0') { Err(Fault::invalid("must not hold the character NUL")) } else { Ok(text) }
}

/// A text that is read by the type's own rules.
pub fn parsed<T: FromStr<Err: Display>>(value: &Value) -> Result<T, Fault> {
    let text = value.as_str().ok_or_else(|| Fault::wrong_type("a text"))?;
    text.parse().map_err(|error: T::Err| Fault::invalid(error.to_string()))
}

/// One of the names of an enumeration.
pub fn one_of<T: DeserializeOwned>(value: &Value, names: &[&str]) -> Result<T, Fault> {
    let text = value.as_str().ok_or_else(|| Fault::wrong_type("a text"))?;
    serde_json::from_value(Value::from(text))
        .map_err(|_| Fault::invalid(format!("must be one of `{}`", names.join("`, `"))))
}

/// `true` or `false`.
pub fn boolean(value: &Value) -> Result<bool, Fault> {
    value.as_bool().ok_or_else(|| Fault::wrong_type("true or false"))
}

/// A whole number in a range.
pub fn integer<T: TryFrom<i64> + Copy + PartialOrd + Display>(
    value: &Value,
    range: RangeInclusive<T>,
) -> Result<T, Fault> {
    if !value.is_number() || value.as_f64().is_some_and(|number| number.fract() != 0.0) {
        return Err(Fault::wrong_type("a whole number"));
    }
    // 60 and 60.0 are one number: JSON tells them not apart.
    #[expect(clippy::cast_possible_truncation, reason = "what does not fit saturates, out of every range")]
    let whole = value.as_i64().or_else(|| value.as_f64().map(|number| number as i64));
    whole
        .and_then(|number| T::try_from(number).ok())
        .filter(|number| range.contains(number))
        .ok_or_else(|| out_of_range(&range))
}

/// A whole number in a range, as a query parameter has it.
pub fn integer_text<T: FromStr + PartialOrd + Display>(
    value: &Value,
    range: RangeInclusive<T>,
) -> Result<T, Fault> {
    let text = value.as_str().unwrap_or_default();
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Fault::wrong_type("a whole number"));
    }
    text.parse().ok().filter(|number| range.contains(number)).ok_or_else(|| out_of_range(&range))
}

/// A moment with its offset from UTC (RFC 3339).
pub fn moment(value: &Value) -> Result<chrono::DateTime<chrono::Utc>, Fault> {
    let text = value.as_str().ok_or_else(|| Fault::wrong_type("a text"))?;
    chrono::DateTime::parse_from_rfc3339(text)
        .map(|moment| moment.to_utc())
        .ok()
        .filter(|moment| is_storable(*moment))
        .ok_or_else(|| Fault::invalid("must be a time with an offset, like 2027-12-01T13:30:00Z"))
}

/// Whether a moment lies in the years that sort as text and that Zoom takes.
pub fn is_storable(moment: chrono::DateTime<chrono::Utc>) -> bool {
    use chrono::Datelike;
    (1970..=9998).contains(&moment.year())
}

fn out_of_range<T: Display>(range: &RangeInclusive<T>) -> Fault {
    Fault::new(FieldCode::OutOfRange, format!("must be from {} to {}", range.start(), range.end()))
}
