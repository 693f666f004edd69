//! Which actions of AWS a function may come to need, read off the program that is deployed.
//!
//! Of an SDK the linker keeps what the program can reach. The request of an operation names the operation, and
//! what is put into a transaction names its kind where it could lack something; so an operation that any code
//! reaches stands in the program, and one that no code reaches does not. What cannot be told apart is code that
//! is reached but never runs, and which resources an operation is called on: for these the deployed stack
//! itself is the judge, whose functions run under their own permissions.

use std::collections::BTreeSet;

use crate::support::told;

/// What precedes the name of an operation, and the service as IAM knows it.
const TARGETS: [(&str, &str); 3] =
    [("DynamoDB_20120810.", "dynamodb"), ("secretsmanager.", "secretsmanager"), ("AmazonSQS.", "sqs")];

/// Operations, and the actions that they are asked for: of two that begin alike, the longer one first.
const OPERATIONS: [(&str, &[&str]); 18] = [
    ("dynamodb:BatchGetItem", &["dynamodb:BatchGetItem"]),
    ("dynamodb:BatchWriteItem", &["dynamodb:BatchWriteItem"]),
    ("dynamodb:DeleteItem", &["dynamodb:DeleteItem"]),
    ("dynamodb:GetItem", &["dynamodb:GetItem"]),
    ("dynamodb:PutItem", &["dynamodb:PutItem"]),
    ("dynamodb:Query", &["dynamodb:Query"]),
    ("dynamodb:Scan", &["dynamodb:Scan"]),
    // Asked for by what it consists of.
    ("dynamodb:TransactWriteItems", &[]),
    ("dynamodb:UpdateItem", &["dynamodb:UpdateItem"]),
    ("secretsmanager:CreateSecret", &["secretsmanager:CreateSecret"]),
    ("secretsmanager:DeleteSecret", &["secretsmanager:DeleteSecret"]),
    ("secretsmanager:GetSecretValue", &["secretsmanager:GetSecretValue"]),
    ("secretsmanager:PutSecretValue", &["secretsmanager:PutSecretValue"]),
    ("secretsmanager:UpdateSecret", &["secretsmanager:UpdateSecret"]),
    ("sqs:ChangeMessageVisibilityBatch", &["sqs:ChangeMessageVisibility"]),
    ("sqs:ChangeMessageVisibility", &["sqs:ChangeMessageVisibility"]),
    ("sqs:SendMessageBatch", &["sqs:SendMessage"]),
    ("sqs:SendMessage", &["sqs:SendMessage"]),
];

/// What a transaction consists of.
const PARTS: [(&str, &str); 4] = [
    ("ConditionCheck", "dynamodb:ConditionCheckItem"),
    ("Delete", "dynamodb:DeleteItem"),
    ("Put", "dynamodb:PutItem"),
    ("Update", "dynamodb:UpdateItem"),
];
const LACKING: &str = " was not specified but it is required when building ";

/// SES is addressed by path. It asks for `SendRawEmail` where `SendEmail` is given a raw message.
const MAIL: (&str, [&str; 2]) = ("/v2/email/outbound-emails", ["ses:SendEmail", "ses:SendRawEmail"]);

/// The actions that the deployed program of `function` needs.
pub(crate) fn actions(function: &str) -> BTreeSet<String> {
    let file = format!("{}/{function}/bootstrap", told("LECTERN_CLOUD_PROGRAMS"));
    let program = std::fs::read(&file).unwrap_or_else(|error| panic!("{file}: {error}"));
    let text = String::from_utf8_lossy(&program);
    let mut actions: BTreeSet<&str> = BTreeSet::new();
    for (target, service) in TARGETS {
        for rest in after(&text, target).filter(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase())) {
            let named = format!("{service}:{}", rest.chars().take(60).collect::<String>());
            let known = OPERATIONS.iter().find(|(operation, _)| named.starts_with(operation));
            let (_, needed) = known.unwrap_or_else(|| panic!("{function} calls an unknown one: {named}"));
            actions.extend(needed.iter());
        }
    }
    for rest in after(&text, LACKING) {
        let part = PARTS.iter().find(|(part, _)| {
            // `PutRequest` is no `Put`.
            rest.strip_prefix(part).is_some_and(|next| !next.starts_with(|c: char| c.is_ascii_uppercase()))
        });
        actions.extend(part.map(|(_, action)| action));
    }
    if text.contains(MAIL.0) {
        actions.extend(MAIL.1);
    }
    actions.into_iter().map(str::to_owned).collect()
}

/// What follows each occurrence of `mark`.
fn after<'a>(text: &'a str, mark: &'a str) -> impl Iterator<Item = &'a str> {
    text.match_indices(mark).map(move |(at, _)| &text[at + mark.len()..])
}
