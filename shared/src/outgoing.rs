//! The client by which Zoom and the keys of tokens are asked.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(5);

/// A client that is built when it is first used: the machine's root certificates take longer to read than all else
/// that a function does to start, and many a request needs none of them. Cheap to clone; clones share the client.
#[derive(Debug, Clone, Default)]
pub struct Outgoing(Arc<OnceLock<reqwest::Client>>);

impl Outgoing {
    /// The client.
    ///
    /// # Errors
    /// When it cannot be built: there is no usable TLS set-up.
    pub fn client(&self) -> Result<&reqwest::Client, reqwest::Error> {
        if let Some(client) = self.0.get() {
            return Ok(client);
        }
        let client = reqwest::Client::builder()
            // What is configured is what is called: neither a reply nor the environment leads elsewhere.
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .connect_timeout(CONNECT)
            .user_agent(concat!("lectern/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(self.0.get_or_init(|| client))
    }
}
