//! Fields that Zoom writes in more than one way.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// A meeting's number: an integer in some events, a text in others.
pub fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let value = Value::deserialize(deserializer)?;
    let number = value.as_u64().or_else(|| value.as_str()?.parse().ok());
    number.ok_or_else(|| serde::de::Error::custom("the meeting's number cannot be read"))
}

/// The id of a session. It becomes part of a key, which has room for so much.
pub fn session<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let id = id::<LONGEST_ID, D>(deserializer)?;
    id.ok_or_else(|| serde::de::Error::custom("it names no session"))
}

/// The most bytes of an id of Zoom's, which has some 24.
pub const LONGEST_ID: usize = 128;

/// What somebody is known by, in at most `MOST` bytes; none where there is none, or an empty one. Of a longer
/// one a part would be somebody else's.
pub fn id<'de, const MOST: usize, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let value = Value::deserialize(deserializer)?;
    match value.as_str().map(str::trim).filter(|id| !id.is_empty()) {
        Some(id) if id.len() > MOST => {
            Err(serde::de::Error::custom(format!("an id has more than {MOST} bytes")))
        }
        id => Ok(id.map(str::to_owned)),
    }
}

/// A moment, where there is one that can be read.
pub fn moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<DateTime<Utc>>, D::Error> {
    Ok(Value::deserialize(deserializer)?.as_str().and_then(|text| text.parse().ok()))
}

/// A text of at most `MOST` characters; none where there is none, or an empty one.
pub fn text<'de, const MOST: usize, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    let value = Value::deserialize(deserializer)?;
    let text = value.as_str().map(|text| text.trim().chars().take(MOST).collect::<String>());
    Ok(text.filter(|text| !text.is_empty()))
}
