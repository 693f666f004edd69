//! Zoom, spoken to over HTTP.

pub mod error;
mod grant;
pub mod loose;
pub mod meetings;
mod oauth;
pub mod operation;
pub mod participants;
pub mod past;
mod payload;
mod probe;
pub mod recordings;
pub mod scopes;
mod token;
pub mod told;
mod transport;
pub mod users;
mod words;

use std::sync::Arc;

use secrecy::SecretString;

pub use self::error::{TokenFault, ZoomError};
use self::grant::Grants;
pub use self::grant::{FreshGrant, GrantOf};
use self::oauth::TokenEndpoint;
use self::token::Tokens;
use crate::clock::SharedClock;
use crate::config::ZoomConfig;
use crate::domain::connection::{AuthMethod, Connection};
use crate::domain::ids::AccountId;
use crate::ids::SharedIds;
use crate::outgoing::Outgoing;
use crate::secrets::{SecretVersion, Secrets};
use crate::store::Store;

/// The client.
#[derive(Debug, Clone)]
pub struct Zoom {
    http: Outgoing,
    config: Arc<ZoomConfig>,
    grants: Grants,
    tokens: Tokens,
    clock: SharedClock,
}

/// A Zoom app to call as.
#[derive(Debug, Clone)]
pub struct App {
    /// The app's client id.
    pub client_id: String,
    /// What it gets its tokens by.
    pub authorization: Authorization,
    /// Where its client secret is.
    pub secret: AppSecret,
}

/// What an app gets its tokens by.
#[derive(Debug, Clone)]
pub enum Authorization {
    /// A Server-to-Server OAuth app: the account that it was made in.
    Account(AccountId),
    /// A General App that an administrator has just allowed.
    Code {
        /// What Zoom gave the administrator: good once, for five minutes.
        code: SecretString,
        /// Where the app has the administrator sent back to.
        redirect_uri: String,
    },
    /// A General App: the grant that is kept.
    Kept(GrantOf),
}

/// Where an app's client secret is.
#[derive(Debug, Clone)]
pub enum AppSecret {
    /// In Secrets Manager.
    Kept {
        /// Under this id.
        id: String,
        /// In this version.
        version: SecretVersion,
    },
    /// In a request that is being checked: the secret, and the token that was got with it, live as long as
    /// the request.
    Given(GivenSecret),
}

/// A client secret that came with a request.
#[derive(Debug, Clone)]
pub struct GivenSecret {
    secret: SecretString,
    slot: token::Slot,
}

impl From<SecretString> for GivenSecret {
    fn from(secret: SecretString) -> Self {
        Self { secret, slot: token::Slot::default() }
    }
}

impl Zoom {
    /// A client for the Zoom that `config` names.
    pub fn new(
        http: Outgoing,
        config: ZoomConfig,
        (store, secrets): (Store, Secrets),
        ids: SharedIds,
        clock: SharedClock,
    ) -> Self {
        let config = Arc::new(config);
        let endpoint = TokenEndpoint::new(http.clone(), Arc::clone(&config), clock.clone());
        let grants =
            Grants { endpoint: endpoint.clone(), store, secrets: secrets.clone(), ids, clock: clock.clone() };
        let tokens = Tokens::new(endpoint, grants.clone(), secrets, clock.clone());
        Self { http, config, grants, tokens, clock }
    }

    /// The scopes that Zoom grants the app: also the check that its credentials are right.
    pub async fn granted_scopes(&self, app: &App) -> Result<Vec<String>, ZoomError> {
        Ok(self.tokens.get(app).await?.scopes.clone())
    }

    /// Lets go of the app's token: one that is kept from before says nothing of what has been changed in Zoom
    /// since.
    ///
    /// # Errors
    /// Where the grant of an authorization-code app cannot be read.
    pub async fn renew_token(&self, app: &App) -> Result<(), ZoomError> {
        self.tokens.renew(app).await
    }

    /// Stores what the app's authorization code was redeemed for as the grant of a connection, whose record is
    /// then to name the version; `None` where no code was redeemed.
    ///
    /// # Errors
    /// Where Secrets Manager does not take it.
    pub async fn keep_grant(&self, app: &App, at: &GrantOf) -> Result<Option<SecretVersion>, ZoomError> {
        match self.tokens.take_fresh(app).await {
            Some(fresh) => self.grants.keep(at, &fresh).await.map(Some),
            None => Ok(None),
        }
    }
}

impl App {
    /// The app behind a connection.
    pub fn of(connection: &Connection, secrets: &Secrets) -> Self {
        let (tenant, id) = (&connection.tenant, &connection.id);
        Self {
            client_id: connection.client_id.clone(),
            authorization: match connection.auth_method {
                AuthMethod::ServerToServer => Authorization::Account(connection.account_id.clone()),
                AuthMethod::AuthorizationCode => {
                    Authorization::Kept(GrantOf { tenant: tenant.clone(), connection: id.clone() })
                }
            },
            secret: AppSecret::Kept {
                id: secrets.connection_id(tenant, id),
                version: connection.secret_version.clone(),
            },
        }
    }
}
