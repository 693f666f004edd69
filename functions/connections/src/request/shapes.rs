//! What requests look like, for the API's description.

use serde::Serialize;
use shared::domain::settings::PartialSettings;
use utoipa::ToSchema;

use crate::shapes::{OwnerKind, Provider};

/// A Zoom app to connect.
#[derive(Debug, ToSchema)]
#[schema(as = NewConnection)]
#[expect(dead_code, reason = "only the API's description reads it; bodies are read field by field")]
pub(crate) struct NewConnectionShape {
    /// What its people call it.
    #[schema(min_length = 1, max_length = 128, example = "Room 1")]
    name: String,
    /// The conferencing provider.
    provider: Provider,
    /// Whose it is: the tenant's (admins only) or the caller's.
    owner: OwnerKind,
    /// The app's credentials.
    auth: AuthShape,
    /// The Zoom user who is offered as the host first.
    #[schema(format = Email)]
    host_email: Option<String>,
    /// The same, by Zoom's user id.
    default_host_id: Option<String>,
    /// Whether its hosts may be picked for `auto`.
    #[schema(default = true)]
    pooled: Option<bool>,
    /// Features > Secret Token of the app, by which its webhooks are known.
    #[schema(write_only, max_length = 255)]
    webhook_secret_token: Option<String>,
    /// What meetings start from.
    defaults: Option<PartialSettings>,
}

/// The credentials of a Zoom app.
#[derive(Debug, ToSchema, Serialize)]
#[schema(as = Auth)]
#[serde(tag = "method", rename_all = "snake_case")]
#[expect(dead_code, reason = "only the API's description reads it; bodies are read field by field")]
pub(crate) enum AuthShape {
    /// A Server-to-Server OAuth app.
    ServerToServer {
        /// App Credentials > Account ID.
        #[schema(min_length = 1, max_length = 128)]
        account_id: String,
        /// App Credentials > Client ID.
        #[schema(min_length = 1, max_length = 128)]
        client_id: String,
        /// App Credentials > Client secret.
        #[schema(min_length = 1, max_length = 255, write_only)]
        client_secret: String,
    },
    /// A General App (admin-managed) that an administrator has just allowed.
    AuthorizationCode {
        /// App Credentials > Client ID.
        #[schema(min_length = 1, max_length = 128)]
        client_id: String,
        /// App Credentials > Client Secret.
        #[schema(min_length = 1, max_length = 255, write_only)]
        client_secret: String,
        /// The app's OAuth Redirect URL, to the letter.
        #[schema(max_length = 500, example = "https://lms.example/zoom")]
        redirect_uri: String,
        /// The code that Zoom gave the administrator, good once and for five minutes; or the whole address that
        /// Zoom led to.
        #[schema(max_length = 4096, write_only)]
        code: String,
    },
}

/// A change of a connection: a merge patch.
#[derive(Debug, ToSchema)]
#[schema(as = ConnectionChange)]
#[expect(dead_code, reason = "only the API's description reads it; bodies are read field by field")]
pub(crate) struct ConnectionChangeShape {
    /// What its people call it.
    #[schema(min_length = 1, max_length = 128)]
    name: Option<String>,
    /// Whether new bookings are taken.
    active: Option<bool>,
    /// The host that is offered first: one of the connection's; `null`: none.
    default_host_id: Option<String>,
    /// What meetings start from; what is left out stays.
    defaults: Option<PartialSettings>,
    /// Whether its hosts may be picked for `auto`, unless one says otherwise.
    pooled: Option<bool>,
    /// New credentials of the same Zoom account: checked, and only then put in the place of the old.
    auth: Option<AuthShape>,
    /// Another Secret Token of the app; the one before is accepted for 24 hours more. `null`: none.
    #[schema(write_only, max_length = 255)]
    webhook_secret_token: Option<String>,
}

/// A change of a host: a merge patch.
#[derive(Debug, ToSchema)]
#[schema(as = HostChange)]
#[expect(dead_code, reason = "only the API's description reads it; bodies are read field by field")]
pub(crate) struct HostChangeShape {
    /// Whether the host may be picked for `auto`; `null`: as its connection says.
    pooled: Option<bool>,
    /// How many meetings the host may run at one time.
    #[schema(minimum = 1, maximum = 2)]
    concurrent_meetings: Option<u8>,
}
