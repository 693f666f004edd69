//! The endpoints, one file each.

mod change_connection;
mod change_host;
mod create_connection;
mod delete_connection;
mod list_connections;
mod list_hosts;
mod read_connection;
mod read_settings;
mod verify_connection;
mod verify_new_connection;
mod write_settings;

use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use shared::booking::Race;
use shared::deps::Deps;
use shared::domain::connection::Connection;
use shared::http::app::json;
use shared::http::etag::etag;
use shared::http::{Code, Problem};
use shared::language::Language;

use crate::shapes::ConnectionReply;

/// What of a request's patience is spent on making a change again that was overtaken by another.
const SHARE: u32 = 5;

shared::endpoints! {
    [list_connections::list_connections, create_connection::create_connection]
    [verify_new_connection::verify_new_connection]
    [read_connection::read_connection, change_connection::change_connection, delete_connection::delete_connection]
    [verify_connection::verify_connection]
    [list_hosts::list_hosts]
    [change_host::change_host]
    [read_settings::read_settings, write_settings::write_settings]
}

/// A connection with its version, for a caller who is spoken to in `language`.
fn reply(status: StatusCode, connection: Connection, deps: &Deps, language: Language) -> Response {
    let version = connection.version;
    language.mark(versioned(status, version, &ConnectionReply::new(connection, &deps.config, language)))
}

/// A resource with its version.
fn versioned(status: StatusCode, version: u64, body: &impl serde::Serialize) -> Response {
    let mut response = json(status, body);
    response.headers_mut().insert(header::ETAG, etag(version));
    response
}

/// Names the address of what was made.
fn located(mut response: Response, path: &str) -> Result<Response, Problem> {
    let path = HeaderValue::try_from(path).map_err(|error| Problem::internal(error.to_string()))?;
    response.headers_mut().insert(header::LOCATION, path);
    Ok(response)
}

/// The race of a change with others.
fn race(deps: &Deps) -> Race {
    Race::lasting(deps.config.patience / SHARE)
}

/// The answer to a change that others overtook again and again.
fn overtaken() -> Problem {
    Problem::new(Code::RateLimited, "It is being changed by many at once. Ask again in a few seconds.")
        .retry_after(2)
}
