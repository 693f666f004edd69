//! One message: that a connection has stopped working, to whoever connected it.

use shared::deps::Deps;
use shared::mail::connection_failed::ConnectionFailed;
use shared::mail::mailer::Mailer;
use shared::notices::ConnectionNotice;
use shared::store::keys;

use crate::owner::{self, NotTold, Told};

/// Writes to whoever connected the app, once for each time that it stops working.
pub(crate) async fn tell(deps: &Deps, mailer: &Mailer, notice: &ConnectionNotice) -> Result<Told, NotTold> {
    let (tenant, id, since) = (&notice.tenant, &notice.connection_id, notice.since);
    let fails = |since| move |failure: &shared::domain::connection::Failure| failure.since == since;
    let connection = deps.store.connection(tenant, id).await?;
    let Some(connection) = connection.filter(|one| one.failure.as_ref().is_some_and(fails(since))) else {
        return Ok(Told::Not("it works again, or is gone"));
    };
    let key = keys::failure_notice(tenant, id, since);
    owner::tell(deps, mailer, &connection, &key, |locale| {
        ConnectionFailed { connection: &connection, locale }.write()
    })
    .await
}
