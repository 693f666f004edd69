//! The environment of functions that run elsewhere.

use shared::config::{Config, TokenKey};
use shared::platform::Reach;

use crate::aws::REGION;

/// The variables that a function needs to find the services at `aws_url` and to be set as `config` says.
pub(crate) fn variables(config: &Config, aws_url: &str) -> Vec<(&'static str, String)> {
    let key = match &config.tokens.key {
        TokenKey::Shared(id) => ("LECTERN_JWT_SECRET_ID", id.clone()),
        TokenKey::Jwks(url) => ("LECTERN_JWKS_URL", url.to_string()),
    };
    vec![
        ("AWS_ENDPOINT_URL", aws_url.to_owned()),
        ("AWS_REGION", REGION.to_owned()),
        // Nobody checks them, and without them the SDK would look for real ones.
        ("AWS_ACCESS_KEY_ID", "local".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "local".to_owned()),
        ("LECTERN_TABLE", config.table.clone()),
        ("LECTERN_NOTICES_QUEUE_URL", config.notices_queue_url.clone()),
        ("LECTERN_PLATFORM_EVENTS_QUEUE_URL", config.platform_events_queue_url.clone()),
        ("LECTERN_WEBHOOKS_QUEUE_URL", config.webhooks_queue_url.clone()),
        ("LECTERN_COMPARISONS_QUEUE_URL", config.comparisons_queue_url.clone()),
        ("LECTERN_SECRETS_PREFIX", config.secrets_prefix.clone()),
        ("LECTERN_SIGNING_SECRET_ID", config.signing_secret_id.clone()),
        ("LECTERN_JWT_ISSUER", config.tokens.issuer.clone()),
        ("LECTERN_JWT_AUDIENCE", config.tokens.audience.clone()),
        key,
        ("LECTERN_PUBLIC_URL", config.public_url.to_string()),
        ("LECTERN_MAIL_FROM", config.mail_from.clone()),
        ("LECTERN_DAILY_WRITES", config.daily_writes.to_string()),
        ("LECTERN_DAILY_MAILS", config.daily_mails.to_string()),
        ("LECTERN_WEBHOOK_ALLOW_PRIVATE", (config.webhook_reach == Reach::Anywhere).to_string()),
        ("LECTERN_REMINDER_SHARDS", config.reminder_shards.to_string()),
        ("LECTERN_ZOOM_TOKEN_URL", config.zoom.token_url.to_string()),
        ("LECTERN_ZOOM_API_URL", config.zoom.api_url.to_string()),
    ]
}
