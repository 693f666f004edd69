//! Where the tenant's learning platform is told of what happens: what a request asks for, and what follows
//! for the secret.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use secrecy::ExposeSecret;
use serde::{Serialize, Serializer};
use serde_json::Value;
use shared::deps::Deps;
use shared::domain::ids::TenantId;
use shared::http::fields::{Fault, Field, Reader};
use shared::http::problem::FieldCode;
use shared::http::{Problem, parse};
use shared::platform::{Endpoint, EndpointError, Reach, SigningSecret};
use shared::store::settings::TenantWebhook;
use utoipa::ToSchema;

/// How long a secret signs beside the one that has taken its place.
const OVERLAP: TimeDelta = TimeDelta::hours(24);
/// What replies show and requests need not repeat.
const READ_ONLY: [&str; 3] = ["secret_hint", "previous_secret_until", "disabled_at"];

/// Where a tenant's learning platform is told of what happens, as Standard Webhooks has it. In a request,
/// `url` and `rotate_secret` count.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WebhookSettings)]
pub(crate) struct WebhookShape {
    /// Where events are posted to: https, and on the public Internet. Another address gets another secret.
    #[schema(max_length = 2000, example = "https://lms.school.example/lectern")]
    url: String,
    /// Asks for another secret; the one before signs as well for 24 hours.
    #[serde(skip_serializing)]
    #[schema(write_only, default = false, required = false)]
    #[expect(dead_code, reason = "requests are read field by field; this describes one")]
    rotate_secret: bool,
    /// What events are signed with, in the reply to the request that sets or changes it and never again.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(read_only, value_type = Option<String>)]
    secret: Option<Shown>,
    /// The last four characters of the secret.
    #[schema(read_only, required = false)]
    secret_hint: String,
    /// Until when the secret before signs as well.
    #[schema(read_only)]
    previous_secret_until: Option<DateTime<Utc>>,
    /// Since when no more events are sent, where the platform answered 410; setting the webhook again sends
    /// them.
    #[schema(read_only)]
    disabled_at: Option<DateTime<Utc>>,
}

impl WebhookShape {
    /// The webhook as callers see it; with `secret` where this is the reply that shows it.
    pub(crate) fn new(webhook: &TenantWebhook, secret: Option<SigningSecret>) -> Self {
        Self {
            url: webhook.url.clone(),
            rotate_secret: false,
            secret: secret.map(Shown),
            secret_hint: webhook.secret_hint.clone(),
            previous_secret_until: webhook.previous.as_ref().map(|(_, until)| *until),
            disabled_at: webhook.disabled_at,
        }
    }
}

/// A secret that a reply shows; printed otherwise, it stays hidden.
#[derive(Debug)]
struct Shown(SigningSecret);

impl Serialize for Shown {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.text().expose_secret())
    }
}

/// The webhook that a request asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wanted {
    endpoint: Endpoint,
    rotate_secret: bool,
}

/// Reads the webhook of a request; `unreachable` is what [`look_up`] found.
pub(crate) fn read(
    settings: &Reader<'_>,
    reach: Reach,
    unreachable: Option<EndpointError>,
) -> Option<Wanted> {
    let webhook = settings.object("webhook")?;
    let endpoint = webhook.required("url", |value| {
        let endpoint = endpoint(value, reach)?;
        unreachable.map_or(Ok(endpoint), |error| Err(fault(&error)))
    });
    let rotate_secret = match webhook.field("rotate_secret", parse::boolean) {
        Field::Value(rotate) => rotate,
        Field::Absent | Field::Null | Field::Wrong => false,
    };
    for name in READ_ONLY {
        webhook.raw(name);
    }
    Some(Wanted { endpoint: endpoint?, rotate_secret })
}

/// Looks up the name of the address that a body asks for, so that whoever sets one that leads nowhere, or
/// into a private network, is told at once.
pub(crate) async fn look_up(deps: &Deps, body: &Value) -> Option<EndpointError> {
    let reach = deps.config.webhook_reach;
    let endpoint = endpoint(body.pointer("/webhook/url")?, reach).ok()?;
    endpoint.look_up(reach).await.err()
}

fn endpoint(value: &Value, reach: Reach) -> Result<Endpoint, Fault> {
    Endpoint::parse(&parse::text(value, 1..=usize::MAX)?, reach).map_err(|error| fault(&error))
}

fn fault(error: &EndpointError) -> Fault {
    let code = if *error == EndpointError::TooLong { FieldCode::TooLong } else { FieldCode::Invalid };
    Fault::new(code, error.to_string())
}

/// The webhook in the place of `before`, and the secret where it is a new one, kept already. A webhook that
/// was disabled is set again.
pub(crate) async fn replace(
    deps: &Deps,
    tenant: &TenantId,
    before: Option<&TenantWebhook>,
    wanted: &Wanted,
) -> Result<(TenantWebhook, Option<SigningSecret>), Problem> {
    let url = wanted.endpoint.url().as_str();
    if let Some(before) = before
        && before.url == url
        && !wanted.rotate_secret
    {
        return Ok((TenantWebhook { disabled_at: None, ..before.clone() }, None));
    }
    let secret = SigningSecret::generate();
    let secret_version = deps.secrets.put(&deps.secrets.platform_id(tenant), secret.text()).await?;
    let until = deps.clock.now().trunc_subsecs(0) + OVERLAP;
    let webhook = TenantWebhook {
        url: url.to_owned(),
        secret_version,
        secret_hint: secret.hint(),
        previous: before.map(|before| (before.secret_version.clone(), until)),
        disabled_at: None,
    };
    Ok((webhook, Some(secret)))
}
