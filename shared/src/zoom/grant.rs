//! The grants of authorization-code apps, whose refresh tokens rotate.
//!
//! Zoom gives a new refresh token for the old one, which is spent with that. Two callers that refresh at once
//! would lose the connection, so whoever refreshes takes a short lease on the grant's item first; the others wait
//! and read what it has stored. New tokens are stored before they are used.
//!
//! A crash between Zoom's answer and our storing it cannot be undone: the new tokens are gone and the old ones
//! spent. The lease that was left behind tells: when Zoom then refuses the old refresh token, the grant was lost
//! by an interruption, and the app is to be connected again. A refresh that Zoom never received leaves the same
//! lease, and the next one succeeds.

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use rand::Rng;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::oauth::{Granted, NotGranted, TokenEndpoint};
use super::token::Token;
use super::{TokenFault, ZoomError};
use crate::clock::SharedClock;
use crate::domain::ids::{ConnectionId, TenantId};
use crate::ids::SharedIds;
use crate::secrets::{SecretVersion, Secrets};
use crate::store::Store;
use crate::store::grants::{Attempt, GrantRecord, Lost};

/// How long a refresh belongs to the one who began it: well beyond what a call to Zoom may take.
const LEASE: TimeDelta = TimeDelta::seconds(30);
/// How long others wait for it.
const PATIENCE: Duration = Duration::from_secs(12);
/// The window in which they look again.
const LOOK_AGAIN: Duration = Duration::from_millis(120);

/// Whose grant.
#[derive(Debug, Clone)]
pub struct GrantOf {
    /// The tenant's.
    pub tenant: TenantId,
    /// And the connection's.
    pub connection: ConnectionId,
}

/// Tokens that no one has stored yet.
#[derive(Debug)]
pub struct FreshGrant(SecretString);

/// Reads, refreshes and keeps grants.
#[derive(Debug, Clone)]
pub(super) struct Grants {
    pub(super) endpoint: TokenEndpoint,
    pub(super) store: Store,
    pub(super) secrets: Secrets,
    pub(super) ids: SharedIds,
    pub(super) clock: SharedClock,
}

/// The tokens as Secrets Manager holds them.
#[derive(Serialize, Deserialize)]
struct KeptTokens {
    access_token: String,
    refresh_token: String,
    scopes: Vec<String>,
    api_url: Option<String>,
    expires_at: DateTime<Utc>,
    /// The version whose refresh token was spent for these.
    follows: Option<SecretVersion>,
}

impl FreshGrant {
    /// What Zoom gave for a code; `None` where it gave no refresh token.
    pub(super) fn of(granted: &Granted) -> Option<Self> {
        Some(Self(KeptTokens::of(granted, None)?.to_secret()?))
    }
}

impl Grants {
    /// The version of the tokens in use.
    pub(super) async fn version(&self, at: &GrantOf) -> Result<Option<SecretVersion>, ZoomError> {
        Ok(self.store.grant(&at.tenant, &at.connection).await?.map(|grant| grant.secret_version))
    }

    /// Keeps tokens that are new; the grant's record is to name the version.
    pub(super) async fn keep(&self, at: &GrantOf, fresh: &FreshGrant) -> Result<SecretVersion, ZoomError> {
        Ok(self.secrets.put(&self.secret_id(at), &fresh.0).await?)
    }

    /// An access token that is good for another minute, and not one that Zoom refuses; refreshed where the kept
    /// one is neither.
    pub(super) async fn token(
        &self,
        at: &GrantOf,
        client: (&str, &str),
        is_dead: impl Fn(&SecretVersion) -> bool,
    ) -> Result<Token, ZoomError> {
        let began = Instant::now();
        loop {
            let grant = self.store.grant(&at.tenant, &at.connection).await?;
            let Some(grant) = grant else { return Err(connect_again(Lost::Refused)) };
            if let Some(lost) = grant.lost {
                return Err(connect_again(lost));
            }
            let kept = self.kept(at, &grant.secret_version).await?;
            let now = self.clock.now();
            let token = kept.token(&self.endpoint, &grant.secret_version);
            if token.is_good(now) && !is_dead(&grant.secret_version) {
                return Ok(token);
            }
            if grant.attempt.as_ref().is_some_and(|attempt| attempt.until > now) {
                if began.elapsed() > PATIENCE {
                    let why = "another request is renewing the app's token and has not finished";
                    return Err(ZoomError::Unreachable(why.to_owned()));
                }
                let pause = LOOK_AGAIN.mul_f64(rand::rng().random_range(0.3..1.0));
                tokio::time::sleep(pause).await;
                continue;
            }
            if self.adopt(at, &grant).await? {
                continue;
            }
            let attempt = Attempt { by: self.ids.next(), until: now + LEASE };
            let leased = GrantRecord { attempt: Some(attempt), ..grant.clone() };
            let whose = (&at.tenant, &at.connection);
            if let Some(leased) = self.store.replace_grant(whose, &grant, leased).await? {
                return self.refresh(at, client, &kept, grant.attempt.is_some(), leased).await;
            }
        }
    }

    /// Takes over what a refresh has stored whose caller died before it could say so.
    async fn adopt(&self, at: &GrantOf, grant: &GrantRecord) -> Result<bool, ZoomError> {
        if grant.attempt.is_none() {
            return Ok(false);
        }
        let (version, newest) = self.secrets.current(&self.secret_id(at)).await?;
        if KeptTokens::read(&newest)?.follows.as_ref() != Some(&grant.secret_version) {
            return Ok(false);
        }
        let adopted = GrantRecord { secret_version: version, attempt: None, ..grant.clone() };
        self.store.replace_grant((&at.tenant, &at.connection), grant, adopted).await?;
        Ok(true)
    }

    /// Spends the refresh token, under a lease. `left_behind` tells whether one was begun before whose outcome
    /// nobody knows.
    async fn refresh(
        &self,
        at: &GrantOf,
        client: (&str, &str),
        kept: &KeptTokens,
        left_behind: bool,
        leased: GrantRecord,
    ) -> Result<Token, ZoomError> {
        let form = [("grant_type", "refresh_token"), ("refresh_token", kept.refresh_token.as_str())];
        match self.endpoint.ask(client, &form).await {
            Ok(granted) => self.store_refreshed(at, &leased.secret_version, granted).await,
            Err(NotGranted::Refused(TokenFault::BadGrant)) => {
                let lost = if left_behind { Lost::Interrupted } else { Lost::Refused };
                self.end(at, &leased, GrantRecord { attempt: None, lost: Some(lost), ..leased.clone() })
                    .await?;
                Err(connect_again(lost))
            }
            Err(NotGranted::Unclear(why)) => {
                // It may be spent: whoever comes next is to know that.
                let attempt =
                    leased.attempt.clone().map(|attempt| Attempt { until: self.clock.now(), ..attempt });
                self.end(at, &leased, GrantRecord { attempt, ..leased.clone() }).await?;
                Err(ZoomError::Unreachable(why))
            }
            Err(error) => {
                let attempt = leased.attempt.clone().filter(|_| left_behind);
                let attempt = attempt.map(|attempt| Attempt { until: self.clock.now(), ..attempt });
                self.end(at, &leased, GrantRecord { attempt, ..leased.clone() }).await?;
                Err(error.into())
            }
        }
    }

    async fn store_refreshed(
        &self,
        at: &GrantOf,
        spent: &SecretVersion,
        granted: Granted,
    ) -> Result<Token, ZoomError> {
        let unreadable = || ZoomError::Unreachable("Zoom's reply names no refresh token".to_owned());
        let tokens = KeptTokens::of(&granted, Some(spent.clone())).ok_or_else(unreadable)?;
        let secret = tokens.to_secret().ok_or_else(unreadable)?;
        // In one call: until it is done, the tokens are nowhere but here.
        let version = self.secrets.update(&self.secret_id(at), &secret).await?;
        loop {
            let grant = self.store.grant(&at.tenant, &at.connection).await?;
            // A caller that was held up for longer than its lease may find that others have come to an end.
            let Some(grant) = grant.filter(|grant| grant.secret_version == *spent) else {
                return Ok(tokens.token(&self.endpoint, &version));
            };
            let new = GrantRecord { revision: 0, ..GrantRecord::new(version.clone()) };
            if self.store.replace_grant((&at.tenant, &at.connection), &grant, new).await?.is_some() {
                return Ok(tokens.token(&self.endpoint, &version));
            }
        }
    }

    /// Writes how a refresh ended, unless its lease ran out and somebody else has gone on.
    async fn end(&self, at: &GrantOf, leased: &GrantRecord, ended: GrantRecord) -> Result<(), ZoomError> {
        self.store.replace_grant((&at.tenant, &at.connection), leased, ended).await?;
        Ok(())
    }

    async fn kept(&self, at: &GrantOf, version: &SecretVersion) -> Result<KeptTokens, ZoomError> {
        KeptTokens::read(&*self.secrets.get(&self.secret_id(at), Some(version)).await?)
    }

    fn secret_id(&self, at: &GrantOf) -> String {
        self.secrets.grant_id(&at.tenant, &at.connection)
    }
}

impl KeptTokens {
    fn of(granted: &Granted, follows: Option<SecretVersion>) -> Option<Self> {
        Some(Self {
            access_token: granted.access.expose_secret().to_owned(),
            refresh_token: granted.refresh.as_ref()?.expose_secret().to_owned(),
            scopes: granted.scopes.clone(),
            api_url: Some(granted.api_url.to_string()),
            expires_at: granted.expires_at,
            follows,
        })
    }

    fn read(secret: &SecretString) -> Result<Self, ZoomError> {
        // What stands in it is not repeated: it is secret.
        serde_json::from_str(secret.expose_secret())
            .map_err(|_| ZoomError::Unreachable("the app's stored tokens cannot be read".to_owned()))
    }

    fn to_secret(&self) -> Option<SecretString> {
        serde_json::to_string(self).ok().map(SecretString::from)
    }

    fn token(&self, endpoint: &TokenEndpoint, version: &SecretVersion) -> Token {
        Token {
            access: SecretString::from(self.access_token.as_str()),
            scopes: self.scopes.clone(),
            api_url: endpoint.api_base(self.api_url.as_deref()),
            expires_at: self.expires_at,
            grant: Some(version.clone()),
        }
    }
}

fn connect_again(lost: Lost) -> ZoomError {
    ZoomError::Token(TokenFault::Lost(lost))
}
