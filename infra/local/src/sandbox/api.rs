//! `/v2`: tells the operation, checks the token and its scopes, and calls what does the work.

use std::collections::HashMap;

use axum::Json;
use axum::extract::State as Extract;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use chrono::{DateTime, NaiveDate, Utc};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use percent_encoding::percent_decode_str;
use secrecy::SecretString;
use serde_json::Value;

use super::account::{Account, User};
use super::errors::{ZoomError, ZoomResult};
use super::meeting::Kind;
use super::operations::{self, Call, Operation};
use super::state::{AccessToken, State};
use super::{Sandbox, links, listing, meetings, past, registrants, scopes, users};

/// An authenticated request.
#[derive(Debug)]
pub(super) struct ApiRequest<'a> {
    pub(super) operation: &'static Operation,
    /// The id in the path, decoded; empty where the path has none.
    pub(super) id: String,
    pub(super) body: &'a [u8],
    pub(super) now: DateTime<Utc>,
    pub(super) daily_writes: u32,
    pub(super) token: AccessToken,
    query: HashMap<String, String>,
}

/// What an operation answers when it does.
#[derive(Debug)]
pub(super) enum Reply {
    Ok(Value),
    Created(Value),
    NoContent,
    /// 200 without a body, which one operation has.
    Empty,
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        match self {
            Self::Ok(body) => Json(body).into_response(),
            Self::Created(body) => (StatusCode::CREATED, Json(body)).into_response(),
            Self::NoContent => StatusCode::NO_CONTENT.into_response(),
            Self::Empty => StatusCode::OK.into_response(),
        }
    }
}

pub(super) async fn handle(
    Extract(sandbox): Extract<Sandbox>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let found = operations::find(&method, uri.path());
    let mut response = match found {
        None => ZoomError::no_such_endpoint().into_response(),
        Some((operation, parameter)) => {
            let reply = answer(&sandbox, operation, parameter, &uri, &headers, &body);
            let mut response = reply.into_response();
            response.headers_mut().insert(
                HeaderName::from_static("x-ratelimit-category"),
                HeaderValue::from_static(operation.rate_label),
            );
            response
        }
    };
    let tracking = format!("v=2.0;clid=us05;rid=WEB_{}", links::opaque(32));
    if let Ok(tracking) = HeaderValue::from_str(&tracking) {
        response.headers_mut().insert(HeaderName::from_static("x-zm-trackingid"), tracking);
    }
    response
}

fn answer(
    sandbox: &Sandbox,
    operation: &'static Operation,
    parameter: Option<&str>,
    uri: &Uri,
    headers: &HeaderMap,
    body: &[u8],
) -> ZoomResult<Reply> {
    let now = sandbox.now();
    let mut state = sandbox.state();
    let token = bearer(headers)
        .and_then(|token| state.access_token(&token))
        .filter(|token| token.expires_at > now)
        .cloned()
        .ok_or_else(ZoomError::invalid_token)?;
    scopes::check(&token.scopes, operation)?;
    let query = uri.query().unwrap_or_default();
    let request = ApiRequest {
        operation,
        id: parameter.map(decode).unwrap_or_default(),
        body,
        now,
        daily_writes: sandbox.daily_writes(),
        token,
        query: url::form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
    };
    call(&mut state, &request)
}

fn call(state: &mut State, request: &ApiRequest<'_>) -> ZoomResult<Reply> {
    match request.operation.call {
        Call::ListUsers => users::list(state, request),
        Call::GetUser => users::get(state, request),
        Call::GetUserSettings => users::settings(state, request),
        Call::GetUserSummary => users::summary(state, request),
        // What changes users is not an integration's business, and the sandbox's app is not allowed to.
        Call::CreateUser | Call::UpdateUser | Call::DeleteUser | Call::UpdateUserSettings => {
            Err(ZoomError::bad_request(200, "No permission."))
        }
        Call::CreateMeeting => meetings::create(state, request, Kind::Meeting),
        Call::CreateWebinar => meetings::create(state, request, Kind::Webinar),
        Call::GetMeeting => meetings::get(state, request, Kind::Meeting),
        Call::GetWebinar => meetings::get(state, request, Kind::Webinar),
        Call::UpdateMeeting => meetings::update(state, request, Kind::Meeting),
        Call::UpdateWebinar => meetings::update(state, request, Kind::Webinar),
        Call::DeleteMeeting => meetings::delete(state, request, Kind::Meeting),
        Call::DeleteWebinar => meetings::delete(state, request, Kind::Webinar),
        Call::SetMeetingStatus => meetings::set_status(state, request, Kind::Meeting),
        Call::SetWebinarStatus => meetings::set_status(state, request, Kind::Webinar),
        Call::ListMeetings => listing::list(state, request, Kind::Meeting),
        Call::ListWebinars => listing::list(state, request, Kind::Webinar),
        Call::ListUpcomingMeetings => listing::next_day(state, request),
        Call::GetInvitation => past::invitation(state, request),
        Call::GetPastMeeting => past::get(state, request),
        Call::ListPastInstances => past::instances(state, request),
        Call::ListPastParticipants | Call::ReportParticipants => {
            past::participants(state, request, Kind::Meeting)
        }
        Call::ListPastWebinarParticipants => past::participants(state, request, Kind::Webinar),
        Call::GetRecordings => past::recordings_of(state, request),
        Call::DeleteRecordings => Err(ZoomError::no_recording()),
        Call::ListRecordings => past::recordings(state, request),
        Call::ListMeetingRegistrants => registrants::list(state, request, Kind::Meeting),
        Call::ListWebinarRegistrants => registrants::list(state, request, Kind::Webinar),
        Call::AddMeetingRegistrant => registrants::add(state, request, Kind::Meeting),
        Call::AddWebinarRegistrant => registrants::add(state, request, Kind::Webinar),
        Call::SetMeetingRegistrantStatus => registrants::set_status(state, request),
    }
}

/// The token of an `Authorization` header.
pub(super) fn bearer(headers: &HeaderMap) -> Option<SecretString> {
    let value = headers.get(http::header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().into())
}

/// Decodes a path segment, and once more where a uuid with slashes in it was encoded twice.
fn decode(segment: &str) -> String {
    let once = percent_decode_str(segment).decode_utf8_lossy().into_owned();
    if once.contains("%2F") || once.contains("%2f") {
        return percent_decode_str(&once).decode_utf8_lossy().into_owned();
    }
    once
}

impl ApiRequest<'_> {
    pub(super) fn query(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str)
    }

    pub(super) fn today(&self) -> NaiveDate {
        self.now.date_naive()
    }

    /// The number in the path.
    pub(super) fn number(&self) -> Option<u64> {
        self.id.parse().ok()
    }

    /// The account that the token belongs to.
    pub(super) fn account<'s>(&self, state: &'s State) -> ZoomResult<&'s Account> {
        state.account(&self.token.account_id).ok_or_else(ZoomError::invalid_token)
    }

    /// The user that the path names.
    pub(super) fn user(&self, state: &State) -> ZoomResult<User> {
        let account = self.account(state)?;
        let user = account.user(&self.id).ok_or_else(|| ZoomError::no_user(&self.id))?;
        if self.token.by_user && account.users.first().is_none_or(|owner| owner.id != user.id) {
            scopes::check_admin(&self.token.scopes, self.operation)?;
        }
        Ok(user.clone())
    }

    /// What a list is a list of, whatever the page: a token of one list is no good for another.
    pub(super) fn list_name(&self) -> String {
        let mut query: Vec<_> = self
            .query
            .iter()
            .filter(|(name, _)| !matches!(name.as_str(), "next_page_token" | "page_number" | "page_size"))
            .collect();
        query.sort();
        format!("{} {} {} {query:?}", self.token.account_id, self.operation.template, self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn a_uuid_with_slashes_comes_encoded_twice() {
        assert_eq!(decode("%252Fab%252F%252Fc%253D%253D"), "/ab//c==");
        assert_eq!(decode("ab%2Bc%3D%3D"), "ab+c==");
        assert_eq!(decode("host1%40sandbox.example"), "host1@sandbox.example");
    }
}
