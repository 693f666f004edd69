//! Secrets Manager: the only place where a secret is kept.

use std::sync::Arc;
use std::time::Duration;

use aws_config::SdkConfig;
use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::error::DisplayErrorContext;
use moka::future::Cache;
use secrecy::{ExposeSecret, SecretString};

use crate::domain::ids::{ConnectionId, TenantId};

/// Reads, writes and deletes secrets. Values are cached by id **and version**: whoever changes a secret
/// stores the new version's id beside what refers to it, so that a change is seen at once.
#[derive(Debug, Clone)]
pub struct Secrets {
    client: Client,
    prefix: String,
    cache: Cache<(String, Option<String>), Arc<SecretString>>,
}

/// The id of one version of a secret.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct SecretVersion(String);

/// Secrets Manager could not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[error("Secrets Manager could not {action} the secret {id}: {why}")]
pub struct SecretError {
    action: &'static str,
    id: String,
    why: String,
}

impl Secrets {
    /// A client for the account and region that `aws` names.
    pub fn new(aws: &SdkConfig, prefix: String) -> Self {
        Self {
            client: Client::new(aws),
            prefix,
            // Bounded in number and in life, so that a deleted secret does not stay in memory for long.
            cache: Cache::builder().max_capacity(1_000).time_to_live(Duration::from_mins(15)).build(),
        }
    }

    /// Where a connection's secret is kept.
    pub fn connection_id(&self, tenant: &TenantId, connection: &ConnectionId) -> String {
        format!("{}/{tenant}/{connection}", self.prefix)
    }

    /// Where the tokens of an authorization-code connection are kept.
    pub fn grant_id(&self, tenant: &TenantId, connection: &ConnectionId) -> String {
        format!("{}/{tenant}/{connection}/grant", self.prefix)
    }

    /// Where the Secret Token is kept by which a connection's webhooks are known.
    pub fn webhook_id(&self, tenant: &TenantId, connection: &ConnectionId) -> String {
        format!("{}/{tenant}/{connection}/webhook", self.prefix)
    }

    /// Where the secret is kept that signs what a tenant's learning platform is told. No connection's id is
    /// `platform`, and no connection's secret, so that a role can be given the one without the others.
    pub fn platform_id(&self, tenant: &TenantId) -> String {
        format!("{}/{tenant}/platform", self.prefix)
    }

    /// Deletes whatever secret a connection has, for good.
    pub async fn delete_connection(
        &self,
        tenant: &TenantId,
        connection: &ConnectionId,
    ) -> Result<(), SecretError> {
        for id in [
            self.grant_id(tenant, connection),
            self.webhook_id(tenant, connection),
            self.connection_id(tenant, connection),
        ] {
            self.delete(&id).await?;
        }
        Ok(())
    }

    /// Makes the secret `id`, or gives it a new value where it exists, and returns the new version.
    pub async fn put(&self, id: &str, value: &SecretString) -> Result<SecretVersion, SecretError> {
        let created = self.client.create_secret().name(id).secret_string(value.expose_secret()).send().await;
        match created {
            Ok(output) => named(id, output.version_id),
            Err(error) if error.as_service_error().is_some_and(|e| e.is_resource_exists_exception()) => {
                self.update(id, value).await
            }
            Err(error) => Err(fail("create", id, &error)),
        }
    }

    /// Gives the secret `id`, which exists, a new value, and returns the new version.
    pub async fn update(&self, id: &str, value: &SecretString) -> Result<SecretVersion, SecretError> {
        let put = self.client.put_secret_value().secret_id(id).secret_string(value.expose_secret());
        named(id, put.send().await.map_err(|error| fail("write", id, &error))?.version_id)
    }

    /// The value of one version, or of the current one.
    pub async fn get(
        &self,
        id: &str,
        version: Option<&SecretVersion>,
    ) -> Result<Arc<SecretString>, SecretError> {
        let key = (id.to_owned(), version.map(|v| v.0.clone()));
        if let Some(value) = self.cache.get(&key).await {
            return Ok(value);
        }
        let request = self.client.get_secret_value().secret_id(id).set_version_id(key.1.clone());
        let output = request.send().await.map_err(|error| fail("read", id, &error))?;
        let value = output.secret_string.ok_or_else(|| SecretError {
            action: "read",
            id: id.to_owned(),
            why: "it holds no text".to_owned(),
        })?;
        let value = Arc::new(SecretString::from(value));
        self.cache.insert(key, Arc::clone(&value)).await;
        Ok(value)
    }

    /// The newest version and its value.
    pub async fn current(&self, id: &str) -> Result<(SecretVersion, SecretString), SecretError> {
        let request = self.client.get_secret_value().secret_id(id);
        let output = request.send().await.map_err(|error| fail("read", id, &error))?;
        match (output.version_id, output.secret_string) {
            (Some(version), Some(value)) => Ok((SecretVersion(version), SecretString::from(value))),
            _ => Err(SecretError {
                action: "read",
                id: id.to_owned(),
                why: "the reply names no version or holds no text".to_owned(),
            }),
        }
    }

    /// Deletes the secret for good; one that is not there is success.
    pub async fn delete(&self, id: &str) -> Result<(), SecretError> {
        let request = self.client.delete_secret().secret_id(id).force_delete_without_recovery(true);
        match request.send().await {
            Ok(_) => Ok(()),
            Err(error) if error.as_service_error().is_some_and(|e| e.is_resource_not_found_exception()) => {
                Ok(())
            }
            Err(error) => Err(fail("delete", id, &error)),
        }
    }
}

fn named(id: &str, version: Option<String>) -> Result<SecretVersion, SecretError> {
    version.map(SecretVersion).ok_or_else(|| SecretError {
        action: "write",
        id: id.to_owned(),
        why: "the reply names no version".to_owned(),
    })
}

fn fail(action: &'static str, id: &str, error: &(impl std::error::Error + 'static)) -> SecretError {
    SecretError { action, id: id.to_owned(), why: DisplayErrorContext(error).to_string() }
}
