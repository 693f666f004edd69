//! All that the sandbox knows, in memory, written through to the store.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use super::account::{Account, SecretDigest};
use super::errors::{ZoomError, ZoomResult};
use super::events::Event;
use super::faults::Faults;
use super::meeting::Meeting;
use super::paging::Pages;
use super::store::{Store, StoreError};
use super::webhooks::{Subscription, Subscriptions};

const ACCOUNT: &str = "account";
const MEETING: &str = "meeting";
const ACCESS: &str = "access_token";
const REFRESH: &str = "refresh_token";
const WRITES: &str = "writes";
const SUBSCRIPTION: &str = "subscription";

/// A live access token, by its digest.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct AccessToken {
    pub(super) account_id: String,
    pub(super) client_id: String,
    pub(super) scopes: Vec<String>,
    pub(super) expires_at: DateTime<Utc>,
    /// Got with a code: without an admin scope it acts for the one user who allowed it.
    pub(super) by_user: bool,
}

/// An unspent refresh token, by its digest.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct RefreshToken {
    pub(super) account_id: String,
    pub(super) client_id: String,
}

#[derive(Debug)]
pub(super) struct State {
    store: Store,
    accounts: BTreeMap<String, Account>,
    meetings: BTreeMap<u64, Meeting>,
    access_tokens: HashMap<SecretDigest, AccessToken>,
    refresh_tokens: HashMap<SecretDigest, RefreshToken>,
    /// Creates and updates by host and UTC day.
    writes: HashMap<String, u32>,
    pub(super) faults: Faults,
    pub(super) pages: Pages,
    /// Who listens to events.
    pub(super) subscriptions: Subscriptions,
    /// What is to be told to them.
    pub(super) outgoing: Vec<Event>,
    /// The moment of the last event, in milliseconds.
    pub(super) told_at: i64,
}

impl State {
    pub(super) fn load(store: Store) -> Result<Self, StoreError> {
        let accounts = store.load::<Account>(ACCOUNT)?.into_iter().collect();
        let meetings =
            store.load::<Meeting>(MEETING)?.into_iter().map(|(_, meeting)| (meeting.id, meeting)).collect();
        let digested = |(key, token)| (SecretDigest::from_key(key), token);
        let access_tokens = store.load::<AccessToken>(ACCESS)?.into_iter().map(digested).collect();
        let digested = |(key, token)| (SecretDigest::from_key(key), token);
        let refresh_tokens = store.load::<RefreshToken>(REFRESH)?.into_iter().map(digested).collect();
        let writes = store.load::<u32>(WRITES)?.into_iter().collect();
        let subscriptions = store.load::<Subscription>(SUBSCRIPTION)?.into_iter().collect();
        Ok(Self {
            store,
            accounts,
            meetings,
            access_tokens,
            refresh_tokens,
            writes,
            faults: Faults::default(),
            pages: Pages::default(),
            subscriptions,
            outgoing: Vec::new(),
            told_at: 0,
        })
    }

    pub(super) fn accounts(&self) -> impl Iterator<Item = &Account> {
        self.accounts.values()
    }

    pub(super) fn account(&self, id: &str) -> Option<&Account> {
        self.accounts.get(id)
    }

    pub(super) fn save_account(&mut self, account: Account) -> Result<(), StoreError> {
        self.store.put(ACCOUNT, &account.id, &account)?;
        self.accounts.insert(account.id.clone(), account);
        Ok(())
    }

    /// The meetings and webinars of an account that have not been deleted.
    pub(super) fn meetings_of(&self, account_id: &str) -> impl Iterator<Item = &Meeting> {
        self.meetings.values().filter(move |meeting| meeting.account_id == account_id && !meeting.deleted)
    }

    /// A meeting by number, deleted ones included.
    pub(super) fn meeting(&self, id: u64) -> Option<&Meeting> {
        self.meetings.get(&id)
    }

    pub(super) fn save_meeting(&mut self, meeting: Meeting) -> Result<(), StoreError> {
        self.store.put(MEETING, &meeting.id.to_string(), &meeting)?;
        self.meetings.insert(meeting.id, meeting);
        Ok(())
    }

    /// Moves all dates of a series.
    pub(super) fn delay_dates(&mut self, id: Option<u64>, delay: TimeDelta) -> Result<(), StoreError> {
        let Some(mut meeting) = id.and_then(|id| self.meeting(id)).cloned() else { return Ok(()) };
        for date in &mut meeting.occurrences {
            date.start_time += delay;
        }
        self.save_meeting(meeting)
    }

    pub(super) fn access_token(&self, token: &SecretString) -> Option<&AccessToken> {
        self.access_tokens.get(&SecretDigest::of(token))
    }

    pub(super) fn save_access_token(
        &mut self,
        token: &SecretString,
        grant: AccessToken,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.drop_access_tokens(|other| other.expires_at <= now)?;
        let digest = SecretDigest::of(token);
        self.store.put(ACCESS, digest.as_str(), &grant)?;
        self.access_tokens.insert(digest, grant);
        Ok(())
    }

    /// Kills one token.
    pub(super) fn revoke(&mut self, token: &SecretString) -> Result<(), StoreError> {
        let digest = SecretDigest::of(token);
        self.store.delete(ACCESS, digest.as_str())?;
        self.access_tokens.remove(&digest);
        Ok(())
    }

    /// Kills every token of an app.
    pub(super) fn revoke_app(&mut self, account_id: &str, client_id: &str) -> Result<(), StoreError> {
        self.drop_access_tokens(|token| token.account_id == account_id && token.client_id == client_id)
    }

    fn drop_access_tokens(&mut self, dead: impl Fn(&AccessToken) -> bool) -> Result<(), StoreError> {
        let doomed: Vec<_> = self
            .access_tokens
            .iter()
            .filter(|(_, token)| dead(token))
            .map(|(digest, _)| digest.clone())
            .collect();
        for digest in doomed {
            self.store.delete(ACCESS, digest.as_str())?;
            self.access_tokens.remove(&digest);
        }
        Ok(())
    }

    pub(super) fn save_refresh_token(
        &mut self,
        token: &SecretString,
        grant: RefreshToken,
    ) -> Result<(), StoreError> {
        let digest = SecretDigest::of(token);
        self.store.put(REFRESH, digest.as_str(), &grant)?;
        self.refresh_tokens.insert(digest, grant);
        Ok(())
    }

    pub(super) fn refresh_token(&self, token: &SecretString) -> Option<&RefreshToken> {
        self.refresh_tokens.get(&SecretDigest::of(token))
    }

    pub(super) fn spend_refresh_token(&mut self, token: &SecretString) -> Result<(), StoreError> {
        let digest = SecretDigest::of(token);
        self.store.delete(REFRESH, digest.as_str())?;
        self.refresh_tokens.remove(&digest);
        Ok(())
    }

    pub(super) fn save_subscription(&mut self, subscription: Subscription) -> Result<(), StoreError> {
        self.store.put(SUBSCRIPTION, &subscription.key(), &subscription)?;
        self.subscriptions.insert(subscription.key(), subscription);
        Ok(())
    }

    pub(super) fn clear_subscriptions(&mut self) -> Result<(), StoreError> {
        for key in std::mem::take(&mut self.subscriptions).into_keys() {
            self.store.delete(SUBSCRIPTION, &key)?;
        }
        Ok(())
    }

    /// Refuses a host who has used up the day's creates and updates.
    pub(super) fn check_daily_limit(&self, host_id: &str, day: NaiveDate, limit: u32) -> ZoomResult<()> {
        if self.writes_of(host_id, day) >= limit { Err(ZoomError::daily_limit(limit)) } else { Ok(()) }
    }

    /// The creates and updates of a host on a UTC day.
    pub(super) fn writes_of(&self, host_id: &str, day: NaiveDate) -> u32 {
        self.writes.get(&day_key(host_id, day)).copied().unwrap_or(0)
    }

    pub(super) fn count_write(&mut self, host_id: &str, day: NaiveDate) -> Result<(), StoreError> {
        let key = day_key(host_id, day);
        let used = self.writes_of(host_id, day) + 1;
        self.store.put(WRITES, &key, &used)?;
        self.writes.insert(key, used);
        Ok(())
    }
}

fn day_key(host_id: &str, day: NaiveDate) -> String {
    format!("{day} {host_id}")
}
