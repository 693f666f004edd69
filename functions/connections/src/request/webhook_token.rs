//! The Secret Token of a Zoom app's Feature page.

use secrecy::SecretString;
use shared::http::fields::{Field, Reader};

use super::hidden::{self, Hidden};

/// Reads `webhook_secret_token`, which was taken out before; `null`: there is none.
pub(super) fn read(body: &Reader<'_>, hidden: &mut Hidden) -> Field<SecretString> {
    body.field("webhook_secret_token", |_| hidden::checked(hidden.webhook_secret_token.take(), 1..=255))
}
