//! Makes the table, the queues and the secrets that functions expect to find.

use std::collections::HashMap;
use std::time::Duration;

use aws_config::SdkConfig;
use aws_sdk_dynamodb::client::Waiters;
use aws_sdk_dynamodb::error::DisplayErrorContext;
use aws_sdk_dynamodb::operation::create_table::CreateTableError;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
    ProjectionType, ScalarAttributeType, TimeToLiveSpecification, TimeToLiveStatus,
};
use aws_sdk_secretsmanager::operation::create_secret::CreateSecretError;
use aws_sdk_sqs::types::QueueAttributeName;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};
use shared::notices::MOST_TRIES;
use shared::platform::MOST_ATTEMPTS;
use shared::store::keys::Index;

use crate::error::StackError;
use crate::token;

/// The one table.
pub(crate) const TABLE: &str = "lectern";
/// Its attribute that says when an item may go.
const EXPIRES_AT: &str = "expires_at";

/// The queue of notices, and where a notice goes that cannot be sent.
const QUEUE: &str = "lectern-notices";
const DEAD_LETTERS: &str = "lectern-notices-dead";
/// The queue of events for learning platforms, and where an event goes that no platform took.
const PLATFORM_EVENTS: &str = "lectern-platform-events";
const PLATFORM_DEAD_LETTERS: &str = "lectern-platform-events-dead";
/// The queue of what Zoom tells, and where that goes of which nothing could follow.
const WEBHOOKS: &str = "lectern-webhooks";
const WEBHOOKS_DEAD_LETTERS: &str = "lectern-webhooks-dead";
/// The queue of shares of hosts to be compared, and where a share goes that nobody could compare.
const COMPARISONS: &str = "lectern-comparisons";
const COMPARISONS_DEAD_LETTERS: &str = "lectern-comparisons-dead";
/// Longer than a function runs here, nearly always: what it has not deleted by then comes again, which does nothing.
const VISIBILITY_SECONDS: u32 = 60;

/// The secret that signs cursors and hashes.
pub(crate) const SIGNING_KEY: &str = "lectern/signing-key";
/// The secret that tokens are checked with.
pub(crate) const JWT: &str = "lectern/jwt";

const TABLE_READY: Duration = Duration::from_secs(30);

/// The URLs of the queues that feed a function.
#[derive(Debug, Clone)]
pub(crate) struct Queues {
    pub(crate) notices: String,
    pub(crate) platform_events: String,
    pub(crate) webhooks: String,
    pub(crate) comparisons: String,
}

/// Makes what is missing, and returns where the queues are.
pub(crate) async fn prepare(config: &SdkConfig) -> Result<Queues, StackError> {
    let described = |error: &(dyn std::error::Error + 'static)| DisplayErrorContext(error).to_string();
    let dynamodb = aws_sdk_dynamodb::Client::new(config);
    make_table(&dynamodb)
        .await
        .map_err(|error| described(&error))
        .map_err(StackError::prepare("the table"))?;
    let missing = missing_indexes(&dynamodb)
        .await
        .map_err(|error| described(&error))
        .map_err(StackError::prepare("the table"))?;
    if !missing.is_empty() {
        let reason = format!("it lacks the indexes {missing:?}: start over with another directory for data");
        return Err(StackError::prepare("the table")(reason));
    }
    let sqs = aws_sdk_sqs::Client::new(config);
    let queues = make_queues(&sqs)
        .await
        .map_err(|error| described(&error))
        .map_err(StackError::prepare("the queues"))?;
    let secrets = aws_sdk_secretsmanager::Client::new(config);
    let signing_key = SecretString::from(STANDARD.encode(rand::random::<[u8; 32]>()));
    for (name, value) in [(SIGNING_KEY, signing_key), (JWT, token::secret())] {
        make_secret(&secrets, name, &value)
            .await
            .map_err(|error| described(&error))
            .map_err(StackError::prepare("a secret"))?;
    }
    Ok(queues)
}

async fn make_table(client: &aws_sdk_dynamodb::Client) -> Result<(), aws_sdk_dynamodb::Error> {
    create_table(client).await?;
    if let Err(error) = client.wait_until_table_exists().table_name(TABLE).wait(TABLE_READY).await {
        tracing::warn!(error = &error as &dyn std::error::Error, "table not seen ready");
    }
    let time_to_live = client.describe_time_to_live().table_name(TABLE).send().await?;
    let status =
        time_to_live.time_to_live_description.and_then(|description| description.time_to_live_status);
    if matches!(status, None | Some(TimeToLiveStatus::Disabled)) {
        let specification =
            TimeToLiveSpecification::builder().attribute_name(EXPIRES_AT).enabled(true).build()?;
        client
            .update_time_to_live()
            .table_name(TABLE)
            .time_to_live_specification(specification)
            .send()
            .await?;
    }
    Ok(())
}

async fn create_table(client: &aws_sdk_dynamodb::Client) -> Result<(), aws_sdk_dynamodb::Error> {
    let mut request = client
        .create_table()
        .table_name(TABLE)
        .billing_mode(BillingMode::PayPerRequest)
        .set_key_schema(Some(key_schema("pk", "sk")?))
        .attribute_definitions(text("pk")?)
        .attribute_definitions(text("sk")?);
    for (name, hash, range) in Index::ALL.map(Index::names) {
        let index = GlobalSecondaryIndex::builder()
            .index_name(name)
            .set_key_schema(Some(key_schema(hash, range)?))
            .projection(Projection::builder().projection_type(ProjectionType::All).build())
            .build()?;
        request = request
            .global_secondary_indexes(index)
            .attribute_definitions(text(hash)?)
            .attribute_definitions(text(range)?);
    }
    match request.send().await {
        Err(error)
            if !error.as_service_error().is_some_and(CreateTableError::is_resource_in_use_exception) =>
        {
            Err(error.into())
        }
        // Made now, or there already.
        _ => Ok(()),
    }
}

/// The indexes that a table from an earlier version lacks.
async fn missing_indexes(
    client: &aws_sdk_dynamodb::Client,
) -> Result<Vec<&'static str>, aws_sdk_dynamodb::Error> {
    let described = client.describe_table().table_name(TABLE).send().await?;
    let indexes = described.table.and_then(|table| table.global_secondary_indexes).unwrap_or_default();
    let has = |name| indexes.iter().any(|index| index.index_name() == Some(name));
    Ok(Index::ALL.into_iter().map(|index| index.names().0).filter(|name| !has(name)).collect())
}

fn text(name: &str) -> Result<AttributeDefinition, aws_sdk_dynamodb::error::BuildError> {
    AttributeDefinition::builder().attribute_name(name).attribute_type(ScalarAttributeType::S).build()
}

fn key_schema(hash: &str, range: &str) -> Result<Vec<KeySchemaElement>, aws_sdk_dynamodb::error::BuildError> {
    let element = |name, kind| KeySchemaElement::builder().attribute_name(name).key_type(kind).build();
    Ok(vec![element(hash, KeyType::Hash)?, element(range, KeyType::Range)?])
}

async fn make_queues(client: &aws_sdk_sqs::Client) -> Result<Queues, aws_sdk_sqs::Error> {
    Ok(Queues {
        notices: make_queue_with_dead_letters(client, QUEUE, DEAD_LETTERS, MOST_TRIES).await?,
        platform_events: make_queue_with_dead_letters(
            client,
            PLATFORM_EVENTS,
            PLATFORM_DEAD_LETTERS,
            MOST_ATTEMPTS,
        )
        .await?,
        webhooks: make_queue_with_dead_letters(client, WEBHOOKS, WEBHOOKS_DEAD_LETTERS, webhooks::MOST_TRIES)
            .await?,
        comparisons: make_queue_with_dead_letters(
            client,
            COMPARISONS,
            COMPARISONS_DEAD_LETTERS,
            reconciler::MOST_TRIES,
        )
        .await?,
    })
}

async fn make_queue_with_dead_letters(
    client: &aws_sdk_sqs::Client,
    name: &str,
    dead_letters: &str,
    max_receive_count: u32,
) -> Result<String, aws_sdk_sqs::Error> {
    let dead = make_queue(client, dead_letters, HashMap::new()).await?;
    let attributes = client
        .get_queue_attributes()
        .queue_url(dead)
        .attribute_names(QueueAttributeName::QueueArn)
        .send()
        .await?;
    let arn = attributes.attributes.and_then(|mut named| named.remove(&QueueAttributeName::QueueArn));
    let redrive = serde_json::json!({
        "deadLetterTargetArn": arn.unwrap_or_default(),
        "maxReceiveCount": max_receive_count,
    });
    let attributes = HashMap::from([
        (QueueAttributeName::VisibilityTimeout, VISIBILITY_SECONDS.to_string()),
        (QueueAttributeName::RedrivePolicy, redrive.to_string()),
    ]);
    make_queue(client, name, attributes).await
}

async fn make_queue(
    client: &aws_sdk_sqs::Client,
    name: &str,
    attributes: HashMap<QueueAttributeName, String>,
) -> Result<String, aws_sdk_sqs::Error> {
    let made = client.create_queue().queue_name(name).set_attributes(Some(attributes)).send().await?;
    Ok(made.queue_url.unwrap_or_default())
}

async fn make_secret(
    client: &aws_sdk_secretsmanager::Client,
    name: &str,
    value: &SecretString,
) -> Result<(), aws_sdk_secretsmanager::Error> {
    let made = client.create_secret().name(name).secret_string(value.expose_secret()).send().await;
    match made {
        Err(error)
            if !error.as_service_error().is_some_and(CreateSecretError::is_resource_exists_exception) =>
        {
            Err(error.into())
        }
        // Made now, or there already.
        _ => Ok(()),
    }
}
