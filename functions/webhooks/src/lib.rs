//! The function `webhooks`: takes what Zoom tells, queues it and answers; and what works the queue off.
//!
//! These are two Lambda functions of one crate. The one that answers Zoom may read Secret Tokens and write to the
//! queue, and nothing else; the other does the work, which may take its time, and may do much more.
//!
//! # At least once in, once in effect
//!
//! Zoom tells a thing again after 5, 25 and 85 minutes where it got no answer, and things come late, twice and out
//! of order. A signature therefore has no age at which it is refused, and nothing is remembered of what was told:
//! whatever follows from an event is the same however often it comes, and what is older than what is known changes
//! nothing. That is also what makes it useless to send an event once more that somebody has overheard.
//!
//! - A session's beginning and end: the newest session is kept with the meeting ([`shared::domain::session`]).
//! - Who came and went: moments are added to a set ([`shared::store::visits`]).
//! - Recordings: each file keeps the moment of the newest that was told of it ([`shared::domain::recording`]).
//! - That an app was removed: nothing, where Zoom has accepted the app since.
//!
//! What cannot be kept, since it is too long for a key or too large for an item, and what cannot have
//! happened when it says so, is answered as everything is and goes no further: to tell it again would not
//! help.

mod event;
mod queue;
mod routes;
mod signature;
mod work;
mod worker;

use axum::Router;
use shared::deps::Deps;
use utoipa_axum::router::OpenApiRouter;

pub use self::worker::{MOST_TRIES, handle};

/// The function's routes and their description.
pub fn api() -> OpenApiRouter<Deps> {
    routes::api()
}

/// The function as a service: Lambda, the local stack and tests run this same thing.
pub fn app(deps: Deps) -> Router {
    shared::http::app::shell_of_strangers(routes::router(), deps)
}
