//! Which operation a request is.

use http::Method;

use super::table::OPERATIONS;

/// What an operation does, by the name the rest of the sandbox knows it under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Call {
    GetMeeting,
    UpdateMeeting,
    DeleteMeeting,
    GetInvitation,
    GetRecordings,
    DeleteRecordings,
    ListMeetingRegistrants,
    AddMeetingRegistrant,
    SetMeetingRegistrantStatus,
    SetMeetingStatus,
    GetPastMeeting,
    ListPastInstances,
    ListPastParticipants,
    ListPastWebinarParticipants,
    ReportParticipants,
    ListUsers,
    CreateUser,
    GetUserSummary,
    GetUser,
    UpdateUser,
    DeleteUser,
    ListMeetings,
    CreateMeeting,
    ListRecordings,
    GetUserSettings,
    UpdateUserSettings,
    ListUpcomingMeetings,
    ListWebinars,
    CreateWebinar,
    GetWebinar,
    UpdateWebinar,
    DeleteWebinar,
    ListWebinarRegistrants,
    AddWebinarRegistrant,
    SetWebinarStatus,
}

/// One operation of Zoom's API.
#[derive(Debug)]
pub(super) struct Operation {
    pub(super) call: Call,
    /// Method and path as Zoom's description writes them.
    pub(super) template: &'static str,
    /// Light, Medium or Heavy.
    pub(super) rate_label: &'static str,
    /// Any one of these lets a classic app in.
    pub(super) classic: &'static [&'static str],
    /// Any one of these lets an app with granular scopes in.
    pub(super) granular: &'static [&'static str],
}

/// The token endpoint, which Zoom's description of the API does not list.
pub(super) const TOKEN_TEMPLATE: &str = "POST /oauth/token";

/// Names the operation of a request: `POST` and `/v2/users/abc/meetings` are
/// `POST /users/{userId}/meetings`, in the words of Zoom's own description. `None` for anything else.
pub fn operation_template(method: &Method, path: &str) -> Option<String> {
    if *method == Method::POST && path == "/oauth/token" {
        return Some(TOKEN_TEMPLATE.to_owned());
    }
    find(method, path).map(|(operation, _)| operation.template.to_owned())
}

/// The operation of a request and the raw text of its path parameter, if it has one.
pub(super) fn find<'a>(method: &Method, path: &'a str) -> Option<(&'static Operation, Option<&'a str>)> {
    let path = path.strip_prefix("/v2")?;
    OPERATIONS.iter().find_map(|operation| {
        let (verb, template) = operation.template.split_once(' ')?;
        if verb != method.as_str() {
            return None;
        }
        parameter(template, path).map(|parameter| (operation, parameter))
    })
}

/// Whether a fault can be planned for this template.
pub(super) fn is_known(template: &str) -> bool {
    templates().any(|known| known == template)
}

/// The templates that faults can be planned for.
pub(super) fn templates() -> impl Iterator<Item = &'static str> {
    std::iter::once(TOKEN_TEMPLATE).chain(OPERATIONS.iter().map(|operation| operation.template))
}

#[expect(clippy::option_option, reason = "whether it matches, and then whether there is a parameter")]
fn parameter<'a>(template: &str, path: &'a str) -> Option<Option<&'a str>> {
    let mut found = None;
    let mut actual = path.split('/');
    for expected in template.split('/') {
        let segment = actual.next()?;
        if expected.starts_with('{') {
            if segment.is_empty() {
                return None;
            }
            found = Some(segment);
        } else if expected != segment {
            return None;
        }
    }
    actual.next().is_none().then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_requests_as_zoom_does() {
        let name = |method: Method, path| operation_template(&method, path);
        assert_eq!(
            name(Method::POST, "/v2/users/abc/meetings").as_deref(),
            Some("POST /users/{userId}/meetings")
        );
        assert_eq!(name(Method::GET, "/v2/users/summary").as_deref(), Some("GET /users/summary"));
        assert_eq!(name(Method::GET, "/v2/users/a%40b.c").as_deref(), Some("GET /users/{userId}"));
        assert_eq!(name(Method::POST, "/oauth/token").as_deref(), Some("POST /oauth/token"));
        assert_eq!(name(Method::GET, "/oauth/token"), None);
        assert_eq!(name(Method::PUT, "/v2/users/abc/meetings"), None);
        assert_eq!(name(Method::GET, "/v2/users/"), None);
        assert_eq!(name(Method::GET, "/users"), None);
    }

    #[test]
    fn every_template_finds_itself() {
        for operation in OPERATIONS {
            let (verb, path) = operation.template.split_once(' ').unwrap();
            let method = Method::from_bytes(verb.as_bytes()).unwrap();
            let (found, _) = find(&method, &format!("/v2{path}")).unwrap();
            assert_eq!(found.template, operation.template);
        }
    }
}
