//! `GET` and `POST /v1/unsubscribe/{token}`

use askama::Template;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use http::{HeaderMap, StatusCode, header};
use shared::deps::Deps;
use shared::http::request::Named;
use shared::http::{Code, Problem};
use shared::language::{Language, Message};
use shared::unsubscribing::Subscription;
use url::form_urlencoded;

/// The most bytes of a form.
const FORM_LIMIT: usize = 4 * 1024;
/// Nothing is loaded, and the form goes to the page's own address.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

#[derive(Template)]
#[template(path = "unsubscribe.html")]
struct Page {
    language: &'static str,
    title: String,
    text: String,
    button: Option<Button>,
}

/// A button, and what the form says that it sends.
struct Button {
    label: String,
    name: &'static str,
    value: &'static str,
}

/// Whether the attendee has mails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    On { asked: bool },
    Off,
}

/// A page on which an attendee has no more mails, or mails again; opening it changes nothing.
#[utoipa::path(
    get,
    path = "/v1/unsubscribe/{token}",
    operation_id = "unsubscribe_page",
    tag = "service",
    security(()),
    params(("token" = String, Path, description = "What ends the link of a mail")),
    responses(
        (status = 200, description = "The page", content_type = "text/html"),
        (status = 404, description = "The link was not made here", content_type = "text/html"),
    )
)]
pub(crate) async fn page(
    State(deps): State<Deps>,
    Named(token): Named<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let language = Language::of_request(&headers, None);
    let Some(subscription) = Subscription::of_token(&deps, &token).await? else { return unknown(language) };
    let off = deps.store.is_unsubscribed(&subscription).await?;
    show(language, if off { Standing::Off } else { Standing::On { asked: true } })
}

/// Has an attendee get no more mails of a tenant: a mail program sends this with one click (RFC 8058). The page's
/// button for mails again sends `mails=on`.
#[utoipa::path(
    post,
    path = "/v1/unsubscribe/{token}",
    operation_id = "unsubscribe",
    tag = "service",
    security(()),
    params(("token" = String, Path, description = "What ends the link of a mail")),
    request_body(content = String, content_type = "application/x-www-form-urlencoded", description = "`List-Unsubscribe=One-Click`, or `mails=on`"),
    responses(
        (status = 200, description = "It is done; a page that says so", content_type = "text/html"),
        (status = 404, description = "The link was not made here", content_type = "text/html"),
    )
)]
pub(crate) async fn unsubscribe(
    State(deps): State<Deps>,
    Named(token): Named<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let language = Language::of_request(&headers, None);
    let Ok(form) = to_bytes(body, FORM_LIMIT).await else {
        return Err(Problem::new(Code::BodyTooLarge, "Send `List-Unsubscribe=One-Click`, and no more."));
    };
    let Some(subscription) = Subscription::of_token(&deps, &token).await? else { return unknown(language) };
    if form_urlencoded::parse(&form).any(|(name, value)| (&*name, &*value) == ("mails", "on")) {
        deps.store.resubscribe(&subscription).await?;
        return show(language, Standing::On { asked: false });
    }
    deps.store.unsubscribe(&subscription, deps.clock.now()).await?;
    show(language, Standing::Off)
}

fn show(language: Language, standing: Standing) -> Result<Response, Problem> {
    let say = |part| language.say(&Message::new("mails-page").attribute(part));
    let stop = || Button { label: say("stop"), name: "List-Unsubscribe", value: "One-Click" };
    let (text, button) = match standing {
        Standing::On { asked: true } => (say("question"), stop()),
        Standing::On { asked: false } => (say("on"), stop()),
        Standing::Off => (say("stopped"), Button { label: say("resume"), name: "mails", value: "on" }),
    };
    render(StatusCode::OK, language, text, Some(button))
}

fn unknown(language: Language) -> Result<Response, Problem> {
    let text = language.say(&Message::new("mails-page").attribute("unknown"));
    render(StatusCode::NOT_FOUND, language, text, None)
}

fn render(
    status: StatusCode,
    language: Language,
    text: String,
    button: Option<Button>,
) -> Result<Response, Problem> {
    let title = language.say(&Message::new("mails-page"));
    let page = Page { language: language.tag(), title, text, button };
    let html = page.render().map_err(|error| Problem::internal(error.to_string()))?;
    let headers = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::VARY, "accept-language"),
    ];
    Ok(language.mark((status, headers, Html(html)).into_response()))
}
