//! A queue's attributes.

use std::collections::HashMap;

use serde::Deserialize;
use winterbaume_sqs::state::SqsError;

/// Each numeric attribute with the value that AWS gives it where none is named.
const NUMBERS: [(&str, u32); 5] = [
    ("VisibilityTimeout", 30),
    ("DelaySeconds", 0),
    ("MaximumMessageSize", 1_048_576),
    ("MessageRetentionPeriod", 345_600),
    ("ReceiveMessageWaitTimeSeconds", 0),
];

/// Where a message goes that was received too often.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Redrive {
    dead_letter_target_arn: String,
    max_receive_count: Count,
}

/// AWS takes the count as a number and as text.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
enum Count {
    Number(u32),
    Text(String),
}

impl Redrive {
    /// The dead-letter queue's ARN.
    pub(super) fn target_arn(&self) -> &str {
        &self.dead_letter_target_arn
    }

    /// The dead-letter queue's name.
    pub(super) fn target(&self) -> &str {
        self.dead_letter_target_arn.rsplit(':').next().unwrap_or_default()
    }

    /// How often a message may be received before it goes there.
    pub(super) fn max_receive_count(&self) -> Result<u32, SqsError> {
        match &self.max_receive_count {
            Count::Number(count) => Ok(*count),
            Count::Text(text) => text.parse().map_err(|_| invalid("RedrivePolicy", text)),
        }
    }
}

/// What a queue is set to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Attributes(HashMap<String, String>);

impl Attributes {
    /// The attributes named, and the defaults of those that are not.
    pub(super) fn of(named: HashMap<String, String>) -> Result<Self, SqsError> {
        let mut attributes = Self(named);
        for (name, default) in NUMBERS {
            attributes.0.entry(name.to_owned()).or_insert_with(|| default.to_string());
            attributes.number(name)?;
        }
        if let Some(redrive) = attributes.redrive()? {
            redrive.max_receive_count()?;
        }
        Ok(attributes)
    }

    /// These attributes with `changes` laid over them; an empty policy takes the old one away.
    pub(super) fn with(&self, changes: HashMap<String, String>) -> Result<Self, SqsError> {
        let mut attributes = self.0.clone();
        attributes.extend(changes);
        attributes.retain(|_, value| !value.is_empty());
        Self::of(attributes)
    }

    /// Whether making the queue again with `named` asks for nothing new.
    pub(super) fn agree_with(&self, named: &HashMap<String, String>) -> bool {
        named.iter().all(|(name, value)| self.0.get(name) == Some(value))
    }

    /// A numeric attribute.
    pub(super) fn number(&self, name: &str) -> Result<u32, SqsError> {
        let value = self.0.get(name).map(String::as_str).unwrap_or_default();
        value.parse().map_err(|_| invalid(name, value))
    }

    /// The redrive policy, if there is one.
    pub(super) fn redrive(&self) -> Result<Option<Redrive>, SqsError> {
        let Some(policy) = self.0.get("RedrivePolicy") else { return Ok(None) };
        serde_json::from_str(policy).map(Some).map_err(|_| invalid("RedrivePolicy", policy))
    }

    /// All of them, as AWS would list them.
    pub(super) fn as_map(&self) -> &HashMap<String, String> {
        &self.0
    }
}

/// The service knows no error of its own for a bad attribute.
fn invalid(name: &str, value: &str) -> SqsError {
    SqsError::InternalError(format!("Invalid value {value:?} for the parameter {name}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_redrive_policy_in_both_spellings() {
        for count in ["5", "\"5\""] {
            let policy = format!(
                r#"{{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:1:dead","maxReceiveCount":{count}}}"#
            );
            let attributes = Attributes::of(HashMap::from([("RedrivePolicy".to_owned(), policy)])).unwrap();
            let redrive = attributes.redrive().unwrap().unwrap();
            assert_eq!((redrive.target(), redrive.max_receive_count().unwrap()), ("dead", 5));
        }
    }

    #[test]
    fn refuses_what_is_no_number() {
        let named = HashMap::from([("DelaySeconds".to_owned(), "soon".to_owned())]);
        Attributes::of(named).unwrap_err();
    }
}
