//! Counts the calls that functions make, by service and operation.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use serde::Serialize;

/// A service that functions call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Service {
    DynamoDb,
    SecretsManager,
    SesV2,
    Sqs,
    Zoom,
}

impl Service {
    /// The name under which its calls are counted.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::DynamoDb => "dynamodb",
            Self::SecretsManager => "secretsmanager",
            Self::SesV2 => "sesv2",
            Self::Sqs => "sqs",
            Self::Zoom => "zoom",
        }
    }
}

type Operations = BTreeMap<String, u64>;

/// What was called since the last reset; every service is named, called or not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Counts {
    dynamodb: Operations,
    secretsmanager: Operations,
    sesv2: Operations,
    sqs: Operations,
    zoom: Operations,
}

impl Counts {
    fn of(&mut self, service: Service) -> &mut Operations {
        match service {
            Service::DynamoDb => &mut self.dynamodb,
            Service::SecretsManager => &mut self.secretsmanager,
            Service::SesV2 => &mut self.sesv2,
            Service::Sqs => &mut self.sqs,
            Service::Zoom => &mut self.zoom,
        }
    }
}

/// The counter, shared between the listener that counts and the page that shows.
#[derive(Debug, Default)]
pub(crate) struct Calls {
    counts: Mutex<Counts>,
}

impl Calls {
    /// Counts one call.
    pub(crate) fn count(&self, service: Service, operation: &str) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.of(service).entry(operation.to_owned()).or_default() += 1;
    }

    /// What was counted since the last reset.
    pub(crate) fn counts(&self) -> Counts {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Forgets what was counted.
    pub(crate) fn reset(&self) {
        *self.counts.lock().unwrap_or_else(PoisonError::into_inner) = Counts::default();
    }
}
