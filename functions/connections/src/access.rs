//! Who may see and change what.

use shared::auth::Principal;
use shared::deps::Deps;
use shared::domain::connection::{Connection, Owner};
use shared::domain::ids::ConnectionId;
use shared::http::{Code, Problem};

/// Refuses callers who are no admin.
pub(crate) fn admin(principal: &Principal) -> Result<(), Problem> {
    if principal.is_admin() {
        return Ok(());
    }
    Err(forbidden("This is for admins. Ask an administrator."))
}

/// Refuses those who may not connect an app for `owner`.
pub(crate) fn may_own(principal: &Principal, owner: &Owner) -> Result<(), Problem> {
    match owner {
        Owner::Tenant if !principal.is_admin() => Err(forbidden(
            "Only an admin may connect an app for the whole tenant. Send `\"owner\": \"user\"` to connect \
             your own.",
        )),
        Owner::Tenant | Owner::User(_) => Ok(()),
    }
}

/// Whether the caller may see and change a connection of their tenant.
pub(crate) fn reaches(principal: &Principal, connection: &Connection) -> bool {
    match &connection.owner {
        Owner::Tenant => principal.is_admin(),
        Owner::User(user) => principal.is_admin() || *user == principal.user,
    }
}

/// A connection that the caller may see and change.
pub(crate) async fn connection(
    deps: &Deps,
    principal: &Principal,
    id: &ConnectionId,
) -> Result<Connection, Problem> {
    principal.must_teach()?;
    granted(principal, deps.store.connection(&principal.tenant, id).await?)
}

/// What is stored of a connection, where the caller may see and change it; one that is leaving is gone to callers.
pub(crate) fn granted(principal: &Principal, stored: Option<Connection>) -> Result<Connection, Problem> {
    let connection = stored.filter(|connection| !connection.leaving);
    let connection = connection.ok_or_else(|| Problem::not_found("connection"))?;
    if reaches(principal, &connection) {
        return Ok(connection);
    }
    Err(forbidden("The connection belongs to somebody else. Use one of your own, or ask an administrator."))
}

fn forbidden(detail: &str) -> Problem {
    Problem::new(Code::Forbidden, detail)
}
