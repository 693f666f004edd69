//! One message: that a meeting overlaps with what was made or moved in Zoom, to whoever connected its app.

use shared::deps::Deps;
use shared::domain::meeting::Warning;
use shared::mail::mailer::Mailer;
use shared::mail::overlap::Overlap;
use shared::notices::OverlapNotice;
use shared::store::keys;

use crate::owner::{self, NotTold, Told};

/// Writes to whoever connected the app, once for each date.
pub(crate) async fn tell(deps: &Deps, mailer: &Mailer, notice: &OverlapNotice) -> Result<Told, NotTold> {
    let OverlapNotice { tenant, meeting_id, occurrence_start } = notice;
    let meeting = deps.store.meeting(tenant, meeting_id).await?;
    let Some(meeting) = meeting.filter(|one| one.warnings.contains(&Warning::OverlapsInZoom)) else {
        return Ok(Told::Not("it overlaps no more"));
    };
    let mut dates = meeting.live_dates().map(|date| date.interval);
    let Some(date) = dates.find(|date| date.starts_at == *occurrence_start) else {
        return Ok(Told::Not("the date was moved or called off"));
    };
    let Some(host) = &meeting.host else { return Ok(Told::Not("it has no host any more")) };
    let Some(connection) = deps.store.connection(tenant, &host.connection_id).await? else {
        return Ok(Told::Not("its connection is gone"));
    };
    let key = keys::overlap_notice(tenant, meeting_id, *occurrence_start);
    owner::tell(deps, mailer, &connection, &key, |locale| Overlap { meeting: &meeting, date, locale }.write())
        .await
}
