//! `GET /problems/{code}`

use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use http::header;
use shared::http::request::Named;
use shared::http::{Code, Problem};

#[derive(Template)]
#[template(path = "problem.html")]
struct Page {
    code: &'static str,
    status: u16,
    title: &'static str,
    meaning: &'static str,
}

/// A page about a problem's code, for people.
#[utoipa::path(
    get,
    path = "/problems/{code}",
    operation_id = "problem",
    tag = "service",
    security(()),
    params(("code" = String, Path, description = "The code of a problem")),
    responses((status = 200, description = "What the code means and what to do", content_type = "text/html"))
)]
pub(crate) async fn problem(Named(code): Named<String>) -> Result<Response, Problem> {
    let code = Code::ALL
        .into_iter()
        .find(|known| known.as_str() == code)
        .ok_or_else(|| Problem::not_found("problem code"))?;
    let page = Page {
        code: code.as_str(),
        status: code.status().as_u16(),
        title: code.title(),
        meaning: code.meaning(),
    };
    let html = page.render().map_err(|error| Problem::internal(error.to_string()))?;
    Ok(([(header::CACHE_CONTROL, "public, max-age=3600")], Html(html)).into_response())
}
