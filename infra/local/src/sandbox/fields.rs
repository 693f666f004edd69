//! Reads a request's fields one by one, so that every bad one is named.

use chrono::{DateTime, NaiveDateTime, Utc};
use serde_json::{Map, Value};

use super::errors::{FieldError, ZoomError, ZoomResult};

/// The fields of one JSON object and what is wrong with them so far.
#[derive(Debug)]
pub(super) struct Fields<'a> {
    object: &'a Map<String, Value>,
    prefix: &'static str,
    errors: Vec<FieldError>,
}

/// A start as the client wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Start {
    /// With `Z`: a moment.
    Moment(DateTime<Utc>),
    /// Without: wall time in the meeting's time zone.
    Wall(NaiveDateTime),
}

impl<'a> Fields<'a> {
    pub(super) fn new(object: &'a Map<String, Value>, prefix: &'static str) -> Self {
        Self { object, prefix, errors: Vec::new() }
    }

    pub(super) fn finish(self) -> ZoomResult<()> {
        if self.errors.is_empty() { Ok(()) } else { Err(ZoomError::invalid(self.errors)) }
    }

    pub(super) fn refuse(&mut self, name: &str, message: impl Into<String>) {
        self.errors.push(FieldError { field: format!("{}{name}", self.prefix), message: message.into() });
    }

    /// Takes over the complaints of an object within this one.
    pub(super) fn absorb(&mut self, inner: Fields<'_>) {
        self.errors.extend(inner.errors);
    }

    /// The value, unless it is absent; `null` is absent.
    pub(super) fn value(&self, name: &str) -> Option<&'a Value> {
        self.object.get(name).filter(|value| !value.is_null())
    }

    pub(super) fn string(&mut self, name: &str, longest: usize) -> Option<&'a str> {
        let text = self.value(name)?.as_str();
        match text {
            None => self.refuse(name, "Invalid field."),
            Some(text) if text.chars().count() > longest => {
                self.refuse(name, format!("Invalid field. The length must not exceed {longest} characters."));
                return None;
            }
            Some(_) => {}
        }
        text
    }

    pub(super) fn boolean(&mut self, name: &str) -> Option<bool> {
        let flag = self.value(name)?.as_bool();
        if flag.is_none() {
            self.refuse(name, "Invalid field.");
        }
        flag
    }

    pub(super) fn integer(&mut self, name: &str, least: i64, most: i64) -> Option<i64> {
        let number = self.value(name)?.as_i64().filter(|number| (least..=most).contains(number));
        if number.is_none() {
            self.refuse(name, format!("Invalid field. The value must be an integer from {least} to {most}."));
        }
        number
    }

    pub(super) fn object(&mut self, name: &str) -> Option<&'a Map<String, Value>> {
        let object = self.value(name)?.as_object();
        if object.is_none() {
            self.refuse(name, "Invalid field.");
        }
        object
    }

    pub(super) fn time_zone(&mut self, name: &str) -> Option<chrono_tz::Tz> {
        let zone = self.string(name, 64)?.parse().ok();
        if zone.is_none() {
            self.refuse(name, "Invalid field.");
        }
        zone
    }

    pub(super) fn start(&mut self, name: &str) -> Option<Start> {
        let text = self.string(name, 40)?;
        let wall = text.strip_suffix('Z').unwrap_or(text);
        let Some(wall) = parse_wall(wall) else {
            self.refuse(name, "Invalid field.");
            return None;
        };
        Some(if text.ends_with('Z') { Start::Moment(wall.and_utc()) } else { Start::Wall(wall) })
    }
}

fn parse_wall(text: &str) -> Option<NaiveDateTime> {
    ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
}
