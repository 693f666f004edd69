//! Errors as callers see them: RFC 9457 problem details.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

pub use super::problem_body::{FieldErrorBody, ProblemBody};
use crate::language::{Language, Text};
use crate::removal::NotRemoved;
use crate::secrets::SecretError;
use crate::store::StoreError;
use crate::verification::NotChecked;

/// Every code that a problem can carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "`Code::meaning` says what each means, in the words that callers read")]
pub enum Code {
    InvalidJson,
    InvalidCursor,
    Unauthenticated,
    Forbidden,
    NotEnrolled,
    NotFound,
    MethodNotAllowed,
    ScheduleConflict,
    NoRoomAvailable,
    ConnectionInactive,
    ConnectionInUse,
    ConnectionExists,
    MeetingNotEditable,
    IdempotencyInProgress,
    VersionMismatch,
    BodyTooLarge,
    UnsupportedMediaType,
    ValidationFailed,
    IdempotencyKeyReused,
    ConnectionCheckFailed,
    WebinarPlanRequired,
    ZoomRejected,
    DailyQuotaExhausted,
    RateLimited,
    Internal,
    ZoomUnavailable,
}

impl Code {
    /// All codes.
    pub const ALL: [Self; 26] = [
        Self::InvalidJson,
        Self::InvalidCursor,
        Self::Unauthenticated,
        Self::Forbidden,
        Self::NotEnrolled,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::ScheduleConflict,
        Self::NoRoomAvailable,
        Self::ConnectionInactive,
        Self::ConnectionInUse,
        Self::ConnectionExists,
        Self::MeetingNotEditable,
        Self::IdempotencyInProgress,
        Self::VersionMismatch,
        Self::BodyTooLarge,
        Self::UnsupportedMediaType,
        Self::ValidationFailed,
        Self::IdempotencyKeyReused,
        Self::ConnectionCheckFailed,
        Self::WebinarPlanRequired,
        Self::ZoomRejected,
        Self::DailyQuotaExhausted,
        Self::RateLimited,
        Self::Internal,
        Self::ZoomUnavailable,
    ];

    /// The code as text.
    pub fn as_str(self) -> &'static str {
        self.entry().0
    }

    /// The HTTP status that goes with it.
    pub fn status(self) -> StatusCode {
        self.entry().1
    }

    /// A short title.
    pub fn title(self) -> &'static str {
        self.entry().2
    }

    /// What it means and what to do, for people.
    pub fn meaning(self) -> &'static str {
        self.entry().3
    }

    /// Whether asking again, unchanged, can end otherwise: such an answer is not kept for an idempotency key.
    pub fn may_pass(self) -> bool {
        !matches!(
            self,
            Self::ValidationFailed
                | Self::InvalidJson
                | Self::InvalidCursor
                | Self::BodyTooLarge
                | Self::UnsupportedMediaType
        )
    }

    #[rustfmt::skip]
    fn entry(self) -> (&'static str, StatusCode, &'static str, &'static str) {
        use StatusCode as S;
        match self {
            Self::InvalidJson => ("invalid_json", S::BAD_REQUEST, "The body is not JSON",
                "The request's body cannot be read as JSON in UTF-8. The detail names the place of the fault."),
            Self::InvalidCursor => ("invalid_cursor", S::BAD_REQUEST, "The cursor is not valid",
                "A cursor is used as it was given, with the same filters. Ask for the first page again."),
            Self::Unauthenticated => ("unauthenticated", S::UNAUTHORIZED, "No valid token",
                "The request needs a bearer token that the learning platform has signed and that has not expired."),
            Self::Forbidden => ("forbidden", S::FORBIDDEN, "Not allowed",
                "The caller's role does not allow this, or the thing belongs to somebody else."),
            Self::NotEnrolled => ("not_enrolled", S::FORBIDDEN, "Not enrolled",
                "The caller neither attends the meeting nor is in one of its courses."),
            Self::NotFound => ("not_found", S::NOT_FOUND, "Not found",
                "There is no such thing, or it belongs to another tenant."),
            Self::MethodNotAllowed => ("method_not_allowed", S::METHOD_NOT_ALLOWED, "Method not allowed",
                "The address exists, and does not take this method. The Allow header names those that it takes."),
            Self::ScheduleConflict => ("schedule_conflict", S::CONFLICT, "The host is busy",
                "The host has other meetings at that time. The reply names them, hosts who are free, and the next free time."),
            Self::NoRoomAvailable => ("no_room_available", S::CONFLICT, "No host is free",
                "No host of the pool is free at that time. The reply names the clashes and the next free time."),
            Self::ConnectionInactive => ("connection_inactive", S::CONFLICT, "The connection takes no bookings",
                "The Zoom connection was deactivated, or stopped working; the detail says which and what to do."),
            Self::ConnectionInUse => ("connection_in_use", S::CONFLICT, "The connection has meetings to come",
                "Cancel or move its meetings first, or delete with ?force=true, which cancels them."),
            Self::ConnectionExists => ("connection_exists", S::CONFLICT, "Already connected",
                "The same app of the same Zoom account is connected with the same owner already."),
            Self::MeetingNotEditable => ("meeting_not_editable", S::CONFLICT, "The meeting cannot be changed",
                "It was cancelled, has failed, or is running or in the midst of another change."),
            Self::IdempotencyInProgress => ("idempotency_in_progress", S::CONFLICT, "The first request still runs",
                "A request with the same idempotency key is under way. Ask again in a moment."),
            Self::VersionMismatch => ("version_mismatch", S::PRECONDITION_FAILED, "Changed in the meantime",
                "The thing has changed since it was read. Read it again and repeat the change."),
            Self::BodyTooLarge => ("body_too_large", S::PAYLOAD_TOO_LARGE, "The body is too large",
                "A body may have 256 KiB, a list of attendees 2 MiB."),
            Self::UnsupportedMediaType => ("unsupported_media_type", S::UNSUPPORTED_MEDIA_TYPE, "Not JSON",
                "Send the body as application/json, or a change as application/merge-patch+json."),
            Self::ValidationFailed => ("validation_failed", S::UNPROCESSABLE_ENTITY, "Some fields are wrong",
                "The list of errors names every field that is wrong, and why."),
            Self::IdempotencyKeyReused => ("idempotency_key_reused", S::UNPROCESSABLE_ENTITY, "The key was used before",
                "The same idempotency key came with another body. Use a new key for a new request."),
            Self::ConnectionCheckFailed => ("connection_check_failed", S::UNPROCESSABLE_ENTITY, "Zoom does not accept the app",
                "The verification names each check, and for each that failed what to change in Zoom."),
            Self::WebinarPlanRequired => ("webinar_plan_required", S::UNPROCESSABLE_ENTITY, "No webinars in the plan",
                "No host that could be chosen has webinars in its Zoom plan."),
            Self::ZoomRejected => ("zoom_rejected", S::UNPROCESSABLE_ENTITY, "Zoom refused",
                "Zoom refused the request for the reason that the detail repeats. Nothing was changed."),
            Self::DailyQuotaExhausted => ("daily_quota_exhausted", S::TOO_MANY_REQUESTS, "The host's daily limit is reached",
                "Zoom allows a host 100 creates and changes in a UTC day. Choose another host, or wait until 00:00 UTC."),
            Self::RateLimited => ("rate_limited", S::TOO_MANY_REQUESTS, "Too many requests",
                "Zoom or the service asks for a pause. Ask again after the time that Retry-After names."),
            Self::Internal => ("internal", S::INTERNAL_SERVER_ERROR, "Something went wrong here",
                "The fault is recorded under the request's id. Asking again may help."),
            Self::ZoomUnavailable => ("zoom_unavailable", S::SERVICE_UNAVAILABLE, "Zoom does not answer",
                "Ask again, with the same idempotency key; what was begun is taken up where it stopped."),
        }
    }
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// Where: a JSON pointer (RFC 6901) into the body, or `?name` for a query parameter.
    pub pointer: String,
    /// What kind of fault.
    pub code: FieldCode,
    /// What is expected.
    pub detail: Text,
}

/// What kind of fault a field has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FieldCode {
    /// It is missing.
    Required,
    /// There is no such field.
    UnknownField,
    /// It has another type.
    WrongType,
    /// It is too small or too great.
    OutOfRange,
    /// It is too long.
    TooLong,
    /// It cannot be read, or names nothing.
    Invalid,
    /// It stands there twice.
    NotUnique,
    /// It contradicts another field.
    Contradiction,
}

/// An error for a caller, and what only the log is told.
#[derive(Debug, Clone)]
pub struct Problem(Box<Parts>);

#[derive(Debug, Clone)]
struct Parts {
    code: Code,
    /// Where there is none, the errors say it.
    detail: Option<Text>,
    errors: Vec<FieldError>,
    language: Language,
    members: Map<String, Value>,
    retry_after: Option<u64>,
    internal: Option<String>,
}

impl Problem {
    /// A problem; `detail` says what happened, to what, and what to do next.
    pub fn new(code: Code, detail: impl Into<Text>) -> Self {
        Self::of(code, Some(detail.into()), Vec::new())
    }

    fn of(code: Code, detail: Option<Text>, errors: Vec<FieldError>) -> Self {
        Self(Box::new(Parts {
            code,
            detail,
            errors,
            language: Language::default(),
            members: Map::new(),
            retry_after: None,
            internal: None,
        }))
    }

    /// A fault of ours: the caller learns the request's id, the log what happened.
    pub fn internal(what: impl Into<String>) -> Self {
        let mut problem = Self::new(
            Code::Internal,
            "The request could not be finished. Try again; if it fails again, report the X-Request-Id of this reply.",
        );
        problem.0.internal = Some(what.into());
        problem
    }

    /// Something that is not there, or not the caller's tenant's.
    pub fn not_found(what: &str) -> Self {
        Self::new(Code::NotFound, format!("There is no such {what}. Check its id."))
    }

    /// Fields that are wrong.
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        Self::of(Code::ValidationFailed, None, errors)
    }

    /// The same, to be said in `language`.
    #[must_use]
    pub fn in_language(mut self, language: Language) -> Self {
        self.0.language = language;
        self
    }

    /// Whether anything of it is said in the caller's language.
    pub fn has_messages(&self) -> bool {
        let details = self.0.errors.iter().map(|error| &error.detail).chain(&self.0.detail);
        details.into_iter().any(|detail| matches!(detail, Text::Message(_)))
    }

    /// Adds a member to the reply.
    #[must_use]
    pub fn with(mut self, name: &str, value: Value) -> Self {
        self.0.members.insert(name.to_owned(), value);
        self
    }

    /// Tells the caller to wait so many seconds.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.0.retry_after = Some(seconds);
        self
    }

    /// What went wrong.
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// What the log is told besides.
    pub fn internal_message(&self) -> Option<&str> {
        self.0.internal.as_deref()
    }

    /// The reply to a request for `instance`.
    pub fn respond(&self, instance: &str) -> Response {
        let code = self.0.code;
        let mut body = json!({
            "type": format!("/problems/{}", code.as_str()),
            "title": code.title(),
            "status": code.status().as_u16(),
            "detail": self.detail(),
            "instance": instance,
            "code": code.as_str(),
        });
        if let Some(body) = body.as_object_mut() {
            if !self.0.errors.is_empty() {
                let said = |error: &FieldError| FieldErrorBody {
                    pointer: error.pointer.clone(),
                    code: error.code,
                    detail: error.detail.said(self.0.language),
                };
                let errors: Vec<FieldErrorBody> = self.0.errors.iter().map(said).collect();
                body.insert("errors".to_owned(), json!(errors));
            }
            body.extend(self.0.members.clone());
        }
        let json = HeaderValue::from_static("application/problem+json");
        let mut response = (code.status(), [(header::CONTENT_TYPE, json)], body.to_string()).into_response();
        if self.has_messages() {
            response = self.0.language.mark(response);
        }
        if let Some(seconds) = self.0.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if code == Code::Unauthenticated {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }

    fn detail(&self) -> String {
        let language = self.0.language;
        match (&self.0.detail, self.0.errors.as_slice()) {
            (Some(detail), _) => detail.said(language),
            (None, [one]) => format!("{}: {}", one.pointer, one.detail.said(language)),
            (None, many) => {
                format!("{} fields are wrong; correct each of them and send the request again.", many.len())
            }
        }
    }
}

impl IntoResponse for Problem {
    /// The instance is not known here; the outermost layer writes the reply anew with it.
    fn into_response(self) -> Response {
        let mut response = self.respond("");
        response.extensions_mut().insert(self);
        response
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Self::internal(error.to_string())
    }
}

impl From<NotChecked> for Problem {
    fn from(error: NotChecked) -> Self {
        match error {
            NotChecked::Secret(error) => error.into(),
            NotChecked::Store(error) => error.into(),
        }
    }
}

impl From<NotRemoved> for Problem {
    fn from(error: NotRemoved) -> Self {
        match error {
            NotRemoved::Secret(error) => error.into(),
            NotRemoved::Store(error) => error.into(),
            NotRemoved::Contention => {
                Self::new(Code::RateLimited, "The connection is being changed by others. Ask again.")
                    .retry_after(2)
            }
        }
    }
}

impl From<SecretError> for Problem {
    fn from(error: SecretError) -> Self {
        Self::internal(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_serialised_code_is_the_one_in_the_table() {
        for code in Code::ALL {
            assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
        }
    }
}
