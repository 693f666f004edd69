//! Attendance as CSV (RFC 4180), for spreadsheets.

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, header};
use shared::http::Problem;

use crate::routes::attendance::{AttendanceView, PresenceView};

const COLUMNS: [&str; 9] =
    ["date", "attendee_id", "email", "name", "attended", "joined_at", "left_at", "minutes", "visits"];

/// Whether the caller likes CSV better than JSON.
pub(crate) fn is_wanted(headers: &HeaderMap) -> bool {
    let ranges: Vec<(String, f32)> = headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(weighted)
        .collect();
    let weight = |name: &str| {
        let named = ranges.iter().filter(|(range, _)| range == name).map(|(_, weight)| *weight);
        named.max_by(f32::total_cmp).unwrap_or(0.0)
    };
    weight("text/csv") > weight("application/json")
}

/// A media range and its weight (RFC 9110, 12.5.1).
fn weighted(range: &str) -> Option<(String, f32)> {
    let mut parts = range.split(';').map(str::trim);
    let name = parts.next()?.to_ascii_lowercase();
    let weight = match parts.find_map(|part| part.strip_prefix("q=").or(part.strip_prefix("Q="))) {
        Some(weight) => weight.parse().ok()?,
        None => 1.0,
    };
    Some((name, weight))
}

/// The reply that shows attendance: a line for each who was to attend, then one for each who was there besides.
pub(crate) fn reply(view: &AttendanceView) -> Result<Response, Problem> {
    let text = write(view).map_err(|error| Problem::internal(format!("CSV cannot be written: {error}")))?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8; header=present")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"attendance.csv\"")),
        (header::VARY, HeaderValue::from_static("Accept")),
    ];
    Ok((headers, text).into_response())
}

fn write(view: &AttendanceView) -> Result<Vec<u8>, csv::Error> {
    let mut builder = csv::WriterBuilder::new();
    let builder = builder.terminator(csv::Terminator::CRLF).quote_style(csv::QuoteStyle::Always);
    let mut writer = builder.from_writer(Vec::new());
    writer.write_record(COLUMNS)?;
    for one in &view.attendees {
        let name = one.name.as_deref().unwrap_or_default();
        let who = [one.attendee_id.as_str(), &one.email, name];
        writer.write_record(line(view, who, one.attended, &one.presence))?;
    }
    for one in &view.others {
        let (email, name) = (one.email.as_deref(), one.shown_name.as_deref());
        let who = ["", email.unwrap_or_default(), name.unwrap_or_default()];
        writer.write_record(line(view, who, true, &one.presence))?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

fn line(view: &AttendanceView, who: [&str; 3], attended: bool, presence: &PresenceView) -> [String; 9] {
    let [id, email, name] = who.map(harmless);
    let first = presence.visits.first().and_then(|visit| visit.joined_at.clone());
    let last = presence.visits.iter().filter_map(|visit| visit.left_at.clone()).max();
    [
        view.starts_at.clone(),
        id,
        email,
        name,
        if attended { "yes" } else { "no" }.to_owned(),
        first.unwrap_or_default(),
        last.unwrap_or_default(),
        (presence.seconds / 60).to_string(),
        presence.visits.len().to_string(),
    ]
}

/// A text that no spreadsheet takes for a formula, nor any part of it, should it read semicolons, tabs or line breaks
/// as the ends of cells: what begins like a formula begins with an apostrophe.
fn harmless(text: &str) -> String {
    let mut all = String::with_capacity(text.len() + 1);
    if text.trim_start().starts_with(FORMULA) || text.starts_with(ENDS_OF_CELLS) {
        all.push('\'');
    }
    let mut is_at_beginning = false;
    for character in text.chars() {
        if is_at_beginning && FORMULA.contains(&character) {
            all.push('\'');
        }
        // Quotes and blanks before a formula do not keep it from being one.
        let is_skipped = character == '"' || character.is_whitespace();
        is_at_beginning = ENDS_OF_CELLS.contains(&character) || (is_at_beginning && is_skipped);
        all.push(character);
    }
    all
}

const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
const ENDS_OF_CELLS: [char; 5] = [';', ',', '\t', '\r', '\n'];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_reckon_is_text() {
        for formula in ["=HYPERLINK(\"x\")", "+1", "-1+1", "@SUM(A1)", "\t=1", " =1", "\r=1", "＝1"] {
            assert!(harmless(formula).starts_with('\''), "{formula:?}");
        }
        assert_eq!(harmless("Ana-Lena = 7"), "Ana-Lena = 7");
        for (text, shown) in [
            ("Zoe;=1", "Zoe;'=1"),
            ("Zoe; \"=1\"", "Zoe; \"'=1\""),
            ("Zoe\t+1", "Zoe\t'+1"),
            ("Zoe\r\n-1", "Zoe\r\n'-1"),
            ("Zoe;Ana-Lena", "Zoe;Ana-Lena"),
        ] {
            assert_eq!(harmless(text), shown);
        }
    }

    #[test]
    fn the_header_decides_by_its_weights() {
        let wants = |accept: &'static str| {
            is_wanted(&HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_static(accept))]))
        };
        assert!(wants("text/csv"));
        assert!(wants("text/csv;q=0.9, application/json;q=0.5"));
        assert!(!wants("application/json, text/csv;q=0.9"));
        assert!(!wants("*/*"));
        assert!(!wants("text/csv;q=0"));
        assert!(!is_wanted(&HeaderMap::new()));
    }
}
