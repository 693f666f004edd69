//! Zoom, spoken to over HTTP.

pub mod error;
pub mod meetings;
mod payload;
mod probe;
pub mod scopes;
mod token;
pub mod told;
mod transport;
pub mod users;

use std::sync::Arc;

use secrecy::SecretString;

pub use self::error::{TokenFault, ZoomError};
use self::token::Tokens;
use crate::clock::SharedClock;
use crate::config::ZoomConfig;
use crate::domain::connection::Connection;
use crate::domain::ids::AccountId;
use crate::secrets::{SecretVersion, Secrets};

/// The client. Tokens are kept in memory only, per execution environment: a token is as good as a password
/// for its hour, one costs a single call, and Zoom lets several live at once, so sharing them would buy
/// little and would put more secrets in more places.
#[derive(Debug, Clone)]
pub struct Zoom {
    http: reqwest::Client,
    config: Arc<ZoomConfig>,
    tokens: Tokens,
    clock: SharedClock,
}

/// A Zoom app to call as.
#[derive(Debug, Clone)]
pub struct App {
    /// The Zoom account.
    pub account_id: AccountId,
    /// The app's client id.
    pub client_id: String,
    /// Where its client secret is.
    pub secret: AppSecret,
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
    token: token::Slot,
}

impl From<SecretString> for GivenSecret {
    fn from(secret: SecretString) -> Self {
        Self { secret, token: token::Slot::default() }
    }
}

impl Zoom {
    /// A client for the Zoom that `config` names.
    pub fn new(http: reqwest::Client, config: ZoomConfig, secrets: Secrets, clock: SharedClock) -> Self {
        let config = Arc::new(config);
        let tokens = Tokens::new(http.clone(), Arc::clone(&config), secrets, clock.clone());
        Self { http, config, tokens, clock }
    }

    /// The scopes that Zoom grants the app: also the check that its credentials are right.
    pub async fn granted_scopes(&self, app: &App) -> Result<Vec<String>, ZoomError> {
        Ok(self.tokens.get(app).await?.scopes.clone())
    }
}

impl App {
    /// The app behind a connection.
    pub fn of(connection: &Connection, secrets: &Secrets) -> Self {
        Self {
            account_id: connection.account_id.clone(),
            client_id: connection.client_id.clone(),
            secret: AppSecret::Kept {
                id: secrets.connection_id(&connection.tenant, &connection.id),
                version: connection.secret_version.clone(),
            },
        }
    }
}
