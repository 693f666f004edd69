//! The services inside this process.

use std::fmt;

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use dynoxide::Database;
use rusqlite::Connection;
use shared::clock::SharedClock;
use url::Url;
use winterbaume_sesv2::SesV2Service;
use winterbaume_sqs::SqsService;

use super::call::Call;
use super::queues::Queues;
use super::secrets::Secrets;
use super::{mount, queue_limits, read};
use crate::calls::Service;
use crate::data_directory::DataDirectory;
use crate::error::StackError;
use crate::proxy::{self, Proxy};
use crate::serve::{Port, Server};

/// `DynamoDB`, Secrets Manager, SES and SQS.
pub(crate) struct Embedded {
    /// Where `DynamoDB` listens, in this process or elsewhere: requests to it are handed on.
    dynamodb: Url,
    proxy: Proxy,
    secrets: Secrets,
    mail: SesV2Service,
    queues: SqsService,
}

impl fmt::Debug for Embedded {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Embedded").field("dynamodb", &self.dynamodb.as_str()).finish_non_exhaustive()
    }
}

impl Embedded {
    /// Opens the services over `data`, or in memory. `url` is where their clients find them. Returned
    /// beside them are `DynamoDB`'s own listener and its database, unless it is `elsewhere`.
    pub(crate) async fn open(
        data: Option<&DataDirectory>,
        elsewhere: Option<Url>,
        url: &str,
        clock: SharedClock,
    ) -> Result<(Self, Option<(Server, Database)>), StackError> {
        let (dynamodb, database) = match elsewhere {
            Some(dynamodb) => (dynamodb, None),
            None => {
                open_dynamodb(data).await.map(|(url, server, database)| (url, Some((server, database))))?
            }
        };
        let secrets = data.map(|data| data.file("secrets.json")).transpose()?;
        let queues = match data {
            Some(data) => Connection::open(data.file("queues.sqlite")?),
            None => Connection::open_in_memory(),
        }
        .map_err(StackError::service("SQS"))?;
        let queues = Queues::open(queues, url, clock).map_err(StackError::service("SQS"))?;
        let services = Self {
            proxy: Proxy::towards(&dynamodb).map_err(StackError::service("DynamoDB"))?,
            dynamodb,
            secrets: Secrets::open(secrets).await.map_err(StackError::service("Secrets Manager"))?,
            mail: SesV2Service::new(),
            queues: SqsService::with_backend(std::sync::Arc::new(queues)),
        };
        Ok((services, database))
    }

    /// Answers one request.
    pub(super) async fn answer(&self, call: &Call, request: Request<Body>) -> Response {
        if call.service == Service::DynamoDb {
            return self.proxy.forward(proxy::join(&self.dynamodb, "/"), request).await;
        }
        let (parts, body) = match read(request).await {
            Ok(read) => read,
            Err(refusal) => return refusal,
        };
        match call.service {
            Service::SecretsManager => self.secrets.answer(&call.operation, &parts, body).await,
            Service::Sqs => match queue_limits::refuse(&call.operation, &body) {
                Some(refusal) => refusal,
                None => mount::into_response(mount::answer(&self.queues, &parts, body).await),
            },
            // The service keeps every mail and copies all of them with the next: a fresh one has none.
            Service::SesV2 if call.sends_mail() => {
                mount::into_response(mount::answer(&SesV2Service::new(), &parts, body).await)
            }
            Service::SesV2 | Service::DynamoDb | Service::Zoom => {
                mount::into_response(mount::answer(&self.mail, &parts, body).await)
            }
        }
    }
}

async fn open_dynamodb(data: Option<&DataDirectory>) -> Result<(Url, Server, Database), StackError> {
    let database = match data {
        Some(data) => Database::new(&data.file("dynamodb.sqlite")?.to_string_lossy()),
        None => Database::memory(),
    }
    .map_err(StackError::service("DynamoDB"))?;
    let port = Port::bind(0).await?;
    let url = port.url().parse().map_err(StackError::service("DynamoDB"))?;
    Ok((url, port.serve_database(database.clone()), database))
}
