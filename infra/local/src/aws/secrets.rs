//! Secrets Manager, kept in a file that only its owner can read.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use axum::body::Bytes;
use axum::response::Response;
use http::StatusCode;
use http::request::Parts;
use serde_json::Value;
use tokio::sync::Mutex;
use winterbaume_core::{MockResponse, StateViewError, StatefulService, default_account_id};
use winterbaume_secretsmanager::{SecretsManagerService, SecretsmanagerStateView};

use super::{REGION, mount};

/// Why the secrets do not open or are not kept.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SecretsError {
    #[error("the file of secrets cannot be read or written")]
    File(#[from] io::Error),
    #[error("the file of secrets is not one of Lectern's")]
    Format(#[from] serde_json::Error),
    #[error("the secrets cannot be restored: {0}")]
    Restore(StateViewError),
}

/// The service and its file.
pub(crate) struct Secrets {
    service: SecretsManagerService,
    file: Option<PathBuf>,
    /// Held from a change to its writing, so that the file never goes back in time.
    changing: Mutex<()>,
}

impl Secrets {
    /// Opens the service with what `file` holds.
    pub(super) async fn open(file: Option<PathBuf>) -> Result<Self, SecretsError> {
        let service = SecretsManagerService::new();
        if let Some(file) = &file {
            let text = fs::read(file)?;
            if !text.is_empty() {
                let view: SecretsmanagerStateView = serde_json::from_slice(&text)?;
                restore(&service, view).await?;
            }
        }
        Ok(Self { service, file, changing: Mutex::new(()) })
    }

    /// Answers one request; a change is on disk before it is answered.
    pub(super) async fn answer(&self, operation: &str, parts: &Parts, body: Bytes) -> Response {
        if is_read(operation) {
            return mount::into_response(mount::answer(&self.service, parts, body).await);
        }
        let _changing = self.changing.lock().await;
        let mut answer = mount::answer(&self.service, parts, body.clone()).await;
        if answer.status == 200 {
            let kept = async {
                if operation == "CreateSecret" {
                    self.name_first_version(&body, &mut answer).await?;
                }
                self.write().await
            };
            if let Err(error) = kept.await {
                tracing::error!(error = &error as &dyn std::error::Error, "secrets not kept");
                let message = "The file of secrets could not be written.";
                let status = StatusCode::INTERNAL_SERVER_ERROR;
                return mount::json_refusal(status, "InternalServiceError", message);
            }
        }
        mount::into_response(answer)
    }

    /// AWS names a secret's first version by the request's token; the service names it at random.
    async fn name_first_version(&self, body: &[u8], answer: &mut MockResponse) -> Result<(), SecretsError> {
        let request: Value = serde_json::from_slice(body)?;
        let (Some(name), Some(token)) = (request["Name"].as_str(), request["ClientRequestToken"].as_str())
        else {
            return Ok(());
        };
        let mut view = self.service.snapshot(default_account_id(), REGION).await;
        let Some(secret) = view.secrets.get_mut(name) else { return Ok(()) };
        let Some(given) = secret.current_version_id.take() else { return Ok(()) };
        if let Some(mut version) = secret.versions.remove(&given) {
            token.clone_into(&mut version.version_id);
            secret.versions.insert(token.to_owned(), version);
        }
        secret.current_version_id = Some(token.to_owned());
        restore(&self.service, view).await?;
        let mut reply: Value = serde_json::from_slice(&answer.body)?;
        reply["VersionId"] = token.into();
        answer.body = reply.to_string().into();
        Ok(())
    }

    async fn write(&self) -> Result<(), SecretsError> {
        let Some(file) = self.file.clone() else { return Ok(()) };
        let text = serde_json::to_vec(&self.service.snapshot(default_account_id(), REGION).await)?;
        tokio::task::spawn_blocking(move || replace(&file, &text)).await.map_err(io::Error::other)??;
        Ok(())
    }
}

async fn restore(service: &SecretsManagerService, view: SecretsmanagerStateView) -> Result<(), SecretsError> {
    service.restore(default_account_id(), REGION, view).await.map_err(SecretsError::Restore)
}

fn is_read(operation: &str) -> bool {
    operation.starts_with("Get")
        || operation.starts_with("List")
        || operation.starts_with("Describe")
        || operation.starts_with("BatchGet")
        || operation.starts_with("Validate")
}

/// Replaces a file's text such that after a crash it is the old or the new one, whole.
fn replace(file: &Path, text: &[u8]) -> io::Result<()> {
    let next = file.with_extension("next");
    let mut handle = OpenOptions::new().create(true).write(true).truncate(true).mode(0o600).open(&next)?;
    handle.write_all(text)?;
    handle.sync_all()?;
    fs::rename(&next, file)?;
    match file.parent() {
        Some(directory) => File::open(directory)?.sync_all(),
        None => Ok(()),
    }
}
