//! What every function is given: configuration and clients, built once.

use std::sync::Arc;

use aws_config::SdkConfig;

use crate::auth::Authenticator;
use crate::booking::Hints;
use crate::clock::SharedClock;
use crate::config::Config;
use crate::ids::{ClockIds, SharedIds};
use crate::outgoing::Outgoing;
use crate::platform::Sender;
use crate::secrets::Secrets;
use crate::signing::Signer;
use crate::store::Store;
use crate::zoom::Zoom;

/// What a handler works with. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Deps(Arc<Inner>);

/// The parts of [`Deps`].
#[derive(Debug)]
pub struct Inner {
    /// The deployment's settings.
    pub config: Config,
    /// The time.
    pub clock: SharedClock,
    /// New ids.
    pub ids: SharedIds,
    /// The table.
    pub store: Store,
    /// Secrets Manager.
    pub secrets: Secrets,
    /// Signs cursors, hashes bodies.
    pub signer: Signer,
    /// Zoom.
    pub zoom: Zoom,
    /// Checks tokens.
    pub authenticator: Authenticator,
    /// What bookings remember of connections.
    pub hints: Hints,
    /// Posts events to learning platforms.
    pub platform: Sender,
    /// SQS, with the queues of notices and of events.
    pub queue: aws_sdk_sqs::Client,
}

impl Deps {
    /// Builds the clients; none of them connects before it is used.
    pub fn new(config: Config, aws: &SdkConfig, clock: SharedClock) -> Self {
        let http = Outgoing::default();
        let secrets = Secrets::new(aws, config.secrets_prefix.clone());
        let store = Store::new(aws, config.table.clone());
        let ids: SharedIds = Arc::new(ClockIds::new(clock.clone()));
        let kept = (store.clone(), secrets.clone());
        Self(Arc::new(Inner {
            signer: Signer::new(secrets.clone(), config.signing_secret_id.clone()),
            zoom: Zoom::new(http.clone(), config.zoom.clone(), kept, Arc::clone(&ids), clock.clone()),
            ids,
            store,
            authenticator: Authenticator::new(config.tokens.clone(), secrets.clone(), http, clock.clone()),
            hints: Hints::default(),
            platform: Sender::new(config.webhook_reach),
            queue: aws_sdk_sqs::Client::new(aws),
            secrets,
            config,
            clock,
        }))
    }
}

impl std::ops::Deref for Deps {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}
