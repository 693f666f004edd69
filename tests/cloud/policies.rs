//! A function may do what its program can come to do, and nothing else.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::operations::actions;
use crate::template;

/// What Lambda itself needs of a function's role: to write its log, and to read the queue that feeds it.
const OF_LAMBDA: [&str; 5] = [
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "sqs:ReceiveMessage",
];

#[test]
fn a_function_may_do_what_its_program_can_and_nothing_else() {
    let template = template::read();
    let functions = template::resources(&template, "AWS::Serverless::Function");
    for (name, function) in functions {
        let code = function["CodeUri"].as_str().unwrap();
        let program = code.trim_start_matches("../target/lambda/").trim_end_matches("/bootstrap.zip");
        let role = function["Role"]["!GetAtt"].as_str().unwrap().trim_end_matches(".Arn");
        let granted = granted(&template["Resources"][role]["Properties"]);
        let (of_lambda, own): (BTreeSet<String>, BTreeSet<String>) =
            granted.into_iter().partition(|action| OF_LAMBDA.contains(&action.as_str()));
        assert_eq!(own, actions(program), "{name}");
        let is_fed = function["Events"].to_string().contains("\"SQS\"");
        assert_eq!(of_lambda.len(), if is_fed { OF_LAMBDA.len() } else { 2 }, "{name}: {of_lambda:?}");
    }
}

/// Every action that a role's policies allow.
fn granted(role: &Value) -> BTreeSet<String> {
    let policies = role["Policies"].as_array().unwrap().iter();
    let statements = policies.flat_map(|policy| policy["PolicyDocument"]["Statement"].as_array().unwrap());
    statements.flat_map(template::actions).collect()
}
