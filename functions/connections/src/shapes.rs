//! What replies look like.

use chrono::{DateTime, SubsecRound, Utc};
use serde::Serialize;
use shared::config::Config;
use shared::domain::connection::{AuthMethod, Connection, DefaultHost, Owner, VerificationStatus};
use shared::domain::host::{Host, License};
use shared::domain::settings::MeetingSettings;
use shared::language::Language;
use utoipa::ToSchema;

use crate::verification_shapes::VerificationShape;

/// A connected Zoom app. Of its secret only the last four characters are told.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Connection)]
pub(crate) struct ConnectionReply {
    /// Its id.
    #[schema(example = "con_0190f3c6d1b87c1e9a52f0e4a1c8b7d3")]
    id: String,
    /// What its people call it.
    name: String,
    /// The conferencing provider.
    provider: Provider,
    /// Whose it is.
    owner: OwnerKind,
    /// The user whose it is; `null` where it is the tenant's.
    owner_id: Option<String>,
    /// How the app gets its tokens.
    auth_method: AuthMethod,
    /// The Zoom account.
    account_id: String,
    /// The app's client id.
    client_id: String,
    /// The last four characters of the client secret.
    client_secret_hint: String,
    /// Where an administrator allows a General App and gets a new code, should it have to be connected again.
    #[serde(skip_serializing_if = "Option::is_none")]
    authorize_url: Option<String>,
    /// How the last check ended.
    status: VerificationStatus,
    /// Whether new bookings are taken.
    active: bool,
    /// Whether its hosts may be picked for `auto`, unless one says otherwise.
    pooled: bool,
    /// The host that is offered first.
    default_host: Option<DefaultHostReply>,
    /// What meetings start from.
    defaults: MeetingSettings,
    /// The last check.
    verification: VerificationShape,
    /// The address to enter in the Zoom app under Feature > Event Subscriptions.
    webhook_url: String,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it was last changed.
    updated_at: DateTime<Utc>,
}

/// The conferencing provider of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, serde::Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Provider {
    /// Zoom.
    Zoom,
}

/// Whose a connection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, serde::Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OwnerKind {
    /// The whole tenant's.
    Tenant,
    /// One user's.
    User,
}

/// The host that a connection offers first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DefaultHost)]
pub(crate) struct DefaultHostReply {
    /// Zoom's user id.
    id: String,
    /// The user's address in Zoom.
    email: String,
    /// The name that others see.
    display_name: String,
}

/// A page of connections.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConnectionPage)]
pub(crate) struct ConnectionPage {
    /// The connections, oldest first.
    pub(crate) items: Vec<ConnectionReply>,
    /// Where the next page begins; `null` on the last.
    pub(crate) next_cursor: Option<String>,
}

/// A Zoom user who can host.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Host)]
pub(crate) struct HostReply {
    /// Zoom's user id.
    id: String,
    /// The address that the user signs in to Zoom with.
    email: String,
    /// The name that others see.
    display_name: String,
    /// What the user has paid for.
    license: License,
    /// Whether Zoom lists the user as active.
    active: bool,
    /// Whether the host may be picked for `auto`.
    pooled: bool,
    /// How many meetings the host may run at one time (1 or 2).
    #[schema(minimum = 1, maximum = 2)]
    concurrent_meetings: u8,
    /// How many people fit in a meeting; `null`: not known yet.
    participants: Option<u32>,
    /// How many people fit in a webinar; 0: the plan has none; `null`: not known yet.
    webinar_participants: Option<u32>,
    /// What the host has left of today.
    today: Today,
}

/// Creates and changes of a host in the running UTC day.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub(crate) struct Today {
    /// How many were made.
    pub(crate) writes_used: u32,
    /// How many Zoom allows.
    pub(crate) writes_limit: u32,
}

/// A page of hosts.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HostPage)]
pub(crate) struct HostPage {
    /// The hosts, by id.
    pub(crate) items: Vec<HostReply>,
    /// Where the next page begins; `null` on the last.
    pub(crate) next_cursor: Option<String>,
}

impl ConnectionReply {
    /// A connection as callers see it, who are spoken to in `language`.
    pub(crate) fn new(connection: Connection, config: &Config, language: Language) -> Self {
        let (owner, owner_id) = match connection.owner {
            Owner::Tenant => (OwnerKind::Tenant, None),
            Owner::User(user) => (OwnerKind::User, Some(user.into())),
        };
        let base = config.public_url.as_str().trim_end_matches('/');
        Self {
            authorize_url: connection
                .redirect_uri
                .as_deref()
                .and_then(|redirect_uri| config.zoom.authorize_url(&connection.client_id, redirect_uri))
                .map(Into::into),
            webhook_url: format!("{base}/v1/webhooks/zoom/{}", connection.id),
            id: connection.id.into(),
            name: connection.name,
            provider: Provider::Zoom,
            owner,
            owner_id,
            auth_method: connection.auth_method,
            account_id: connection.account_id.into(),
            client_id: connection.client_id,
            client_secret_hint: connection.client_secret_hint,
            status: connection.verification.status,
            active: connection.active,
            pooled: connection.pooled,
            default_host: connection.default_host.map(Into::into),
            defaults: connection.defaults,
            verification: VerificationShape::new(&connection.verification, language),
            created_at: connection.created_at.trunc_subsecs(0),
            updated_at: connection.updated_at.trunc_subsecs(0),
        }
    }
}

impl From<DefaultHost> for DefaultHostReply {
    fn from(host: DefaultHost) -> Self {
        Self { id: host.id.into(), email: host.email.into(), display_name: host.display_name }
    }
}

impl HostReply {
    /// A host as callers see it, given what its connection says of its hosts.
    pub(crate) fn new(host: Host, connection_pooled: bool, today: Today) -> Self {
        Self {
            pooled: host.is_pooled(connection_pooled),
            id: host.id.into(),
            email: host.email.into(),
            display_name: host.display_name,
            license: host.license,
            active: host.active,
            concurrent_meetings: host.concurrent_meetings,
            participants: host.participants,
            webinar_participants: host.webinar_participants,
            today,
        }
    }
}
