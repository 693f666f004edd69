//! Hands mails to SES.

use std::error::Error;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use aws_config::SdkConfig;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_sesv2::Client;
use aws_sdk_sesv2::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sesv2::operation::send_email::SendEmailError;
use aws_sdk_sesv2::primitives::Blob;
use aws_sdk_sesv2::types::{Destination, EmailContent, RawMessage};

use tokio::sync::Mutex;
use tokio::time::{Interval, MissedTickBehavior};

use super::message::Mail;

/// How long SES may take to answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(20);

/// SES.
#[derive(Debug, Clone)]
pub struct Mailer {
    client: Client,
    pace: Option<Arc<Mutex<Interval>>>,
}

/// A mail that did not leave, or of which nobody knows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MailerError {
    /// SES did not take it and may do so later: it never heard of it, is too busy, or may not send. Says
    /// so without SES's words, which may hold addresses: this one is logged.
    #[error("SES does not take mails just now: {0}")]
    NotNow(String),
    /// SES refuses this very mail.
    #[error("SES refused the mail: {0}")]
    Refused(String),
    /// The mail went out to SES and no answer came back: it may have been taken or not.
    #[error("SES did not say whether it took the mail: {0}")]
    Unclear(String),
}

impl Mailer {
    /// SES in the account and region that `aws` names, at so many mails a second at most.
    pub fn new(aws: &SdkConfig, per_second: Option<NonZeroU32>) -> Self {
        let config = aws_sdk_sesv2::config::Builder::from(aws)
            // The SDK would send again after an answer that got lost, and so the same mail twice.
            .retry_config(RetryConfig::disabled())
            .timeout_config(TimeoutConfig::builder().operation_timeout(ANSWER_WITHIN).build());
        Self { client: Client::from_conf(config.build()), pace: per_second.map(pace) }
    }

    /// Waits until the next mail may go.
    pub async fn turn(&self) {
        if let Some(pace) = &self.pace {
            pace.lock().await.tick().await;
        }
    }

    /// Hands a mail over, once.
    pub async fn send(&self, mail: Mail) -> Result<(), MailerError> {
        let refused = |why: &dyn std::fmt::Display| MailerError::Refused(why.to_string());
        let raw = RawMessage::builder().data(Blob::new(mail.raw)).build().map_err(|error| refused(&error))?;
        let request = self
            .client
            .send_email()
            .from_email_address(mail.from)
            .destination(Destination::builder().to_addresses(mail.to).build())
            .content(EmailContent::builder().raw(raw).build());
        match request.send().await {
            Ok(_) => Ok(()),
            Err(error) => Err(classify(&error)),
        }
    }
}

/// One tick for each mail; a pause is not made up for afterwards.
fn pace(per_second: NonZeroU32) -> Arc<Mutex<Interval>> {
    let mut interval = tokio::time::interval(Duration::from_secs(1) / per_second.get());
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    Arc::new(Mutex::new(interval))
}

fn classify(error: &SdkError<SendEmailError>) -> MailerError {
    match error {
        // A success that cannot be read is reported as an error of the service.
        SdkError::ServiceError(answer)
            if !answer.raw().status().is_client_error() && !answer.raw().status().is_server_error() =>
        {
            MailerError::Unclear("the answer could not be read".to_owned())
        }
        SdkError::ServiceError(answer) => classify_answer(answer.err()),
        SdkError::ConstructionFailure(_) => MailerError::NotNow("the request could not be made".to_owned()),
        SdkError::DispatchFailure(failure) if failure.is_user() || never_connected(error) => {
            MailerError::NotNow("no connection".to_owned())
        }
        SdkError::DispatchFailure(_) => MailerError::Unclear("the connection broke".to_owned()),
        SdkError::TimeoutError(_) if never_connected(error) => {
            MailerError::NotNow("no connection".to_owned())
        }
        SdkError::TimeoutError(_) => MailerError::Unclear("no answer in time".to_owned()),
        _ => MailerError::Unclear("the answer could not be read".to_owned()),
    }
}

/// What SES says, it says before it takes a mail.
fn classify_answer(error: &SendEmailError) -> MailerError {
    let code = error.code().unwrap_or("no code");
    match error {
        SendEmailError::MessageRejected(_) | SendEmailError::BadRequestException(_) => {
            MailerError::Refused(format!("{code}: {}", error.message().unwrap_or("no more was said")))
        }
        // The rest is not this mail's fault: too many at once, a fault inside SES, or a deployment that may
        // not send yet, which its operator mends.
        _ => MailerError::NotNow(code.to_owned()),
    }
}

/// Whether the failure was to connect, so that nothing can have left.
fn never_connected(error: &(dyn Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<hyper_util::client::legacy::Error>() {
            return error.is_connect();
        }
        cause = error.source();
    }
    false
}

#[cfg(test)]
#[path = "mailer_tests.rs"]
mod tests;
