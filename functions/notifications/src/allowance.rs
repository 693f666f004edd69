//! How many mails a message may still send: a share of what its tenant may send in a day.

use chrono::NaiveDate;
use shared::deps::Deps;
use shared::domain::ids::TenantId;
use shared::store::StoreError;
use tokio::sync::Mutex;

/// The mails that are counted for a message and were not sent yet. Counted all at once, so that a mail costs no
/// call of its own; a message that dies keeps what it counted, and while a day's last mails are counted for one
/// message another finds none left.
#[derive(Debug)]
pub(crate) struct Allowance<'a> {
    deps: &'a Deps,
    tenant: &'a TenantId,
    day: NaiveDate,
    state: Mutex<State>,
}

#[derive(Debug)]
enum State {
    /// Nothing is counted yet; as many may be wanted.
    Uncounted { wanted: u32 },
    /// So many are left.
    Counted { left: u32 },
}

impl<'a> Allowance<'a> {
    /// For a message to so many attendees.
    pub(crate) fn new(deps: &'a Deps, tenant: &'a TenantId, wanted: usize) -> Self {
        let wanted = u32::try_from(wanted).unwrap_or(u32::MAX);
        let day = deps.clock.now().date_naive();
        Self { deps, tenant, day, state: Mutex::new(State::Uncounted { wanted }) }
    }

    /// Takes one; `false` where the tenant has none left for the day.
    pub(crate) async fn take(&self) -> Result<bool, StoreError> {
        let mut state = self.state.lock().await;
        let left = match *state {
            State::Counted { left } => left,
            State::Uncounted { wanted } => {
                let limit = self.deps.config.daily_mails;
                self.deps.store.reserve_mails(self.tenant, self.day, limit, wanted).await?
            }
        };
        *state = State::Counted { left: left.saturating_sub(1) };
        Ok(left > 0)
    }

    /// Puts back one that was taken and not sent.
    pub(crate) async fn put_back(&self) {
        if let State::Counted { left } = &mut *self.state.lock().await {
            *left += 1;
        }
    }

    /// Gives back to the tenant what is left.
    pub(crate) async fn close(self) {
        let State::Counted { left: unsent @ 1.. } = self.state.into_inner() else { return };
        if let Err(error) = self.deps.store.return_mails(self.tenant, self.day, unsent).await {
            // The tenant has fewer mails that day, and no mail is lost or doubled by it.
            tracing::warn!(tenant = %self.tenant, unsent, %error, "mails stay counted that were not sent");
        }
    }
}
