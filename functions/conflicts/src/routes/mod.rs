//! The function's endpoints, one a file.

pub(crate) mod availability;
pub(crate) mod check;

use shared::auth::Principal;
use shared::http::{Code, Problem};

/// The caller, where they may see whose time is taken.
fn teacher(principal: &Principal) -> Result<(), Problem> {
    if principal.teaches() {
        return Ok(());
    }
    Err(Problem::new(
        Code::Forbidden,
        "Only instructors and administrators may do this. Ask for a token with that role.",
    ))
}
