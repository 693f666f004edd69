//! The deployment's template says what the code needs of it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use shared::store::keys::Index;

#[path = "../template.rs"]
mod template;

#[test]
fn every_path_leads_to_the_function_that_answers_it() {
    let template = template::read();
    let mut routed: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (_, route) in template::resources(&template, "AWS::ApiGatewayV2::Route") {
        let key = route["RouteKey"].as_str().unwrap();
        let target = route["Target"]["!Sub"].as_str().unwrap();
        let integration = target.trim_start_matches("integrations/${").trim_end_matches("Integration}");
        let path = key.strip_prefix("ANY ").unwrap_or(key).to_owned();
        assert!(routed.entry(integration.to_lowercase()).or_default().insert(path), "{key} comes twice");
    }
    let mut answered: BTreeMap<String, BTreeSet<String>> = BTreeMap::from([
        ("connections".to_owned(), connections::api().into_openapi().paths.paths.into_keys().collect()),
        ("conflicts".to_owned(), conflicts::api().into_openapi().paths.paths.into_keys().collect()),
        ("meetings".to_owned(), meetings::api().into_openapi().paths.paths.into_keys().collect()),
        ("webhooks".to_owned(), webhooks::api().into_openapi().paths.paths.into_keys().collect()),
    ]);
    // Whatever no other route takes.
    answered.get_mut("meetings").unwrap().insert("$default".to_owned());
    assert_eq!(routed, answered);
}

#[test]
fn an_integration_leads_to_a_function_that_may_be_called() {
    let template = template::read();
    for (name, integration) in template::resources(&template, "AWS::ApiGatewayV2::Integration") {
        let function = name.strip_suffix("Integration").unwrap();
        assert_eq!(integration["IntegrationUri"], json!({"!GetAtt": format!("{function}.Arn")}));
        assert_eq!(integration["PayloadFormatVersion"], "2.0");
        let permission = &template["Resources"][format!("{function}Permission")]["Properties"];
        assert_eq!(permission["FunctionName"], json!({"!Ref": function}));
        assert_eq!(permission["Principal"], "apigateway.amazonaws.com");
    }
}

#[test]
fn the_table_has_the_keys_and_indexes_that_the_store_uses() {
    let template = template::read();
    let table = &template["Resources"]["Table"]["Properties"];
    let keys = |schema: &Value| {
        let names = schema.as_array().unwrap().iter().map(|key| key["AttributeName"].as_str().unwrap());
        names.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(keys(&table["KeySchema"]), ["pk", "sk"]);
    let indexes: BTreeMap<&str, Vec<String>> = table["GlobalSecondaryIndexes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|index| (index["IndexName"].as_str().unwrap(), keys(&index["KeySchema"])))
        .collect();
    let wanted = Index::ALL.map(Index::names);
    let wanted = wanted.map(|(name, hash, range)| (name, vec![hash.to_owned(), range.to_owned()]));
    assert_eq!(indexes, BTreeMap::from(wanted));
    assert_eq!(table["TimeToLiveSpecification"], json!({"AttributeName": "expires_at", "Enabled": true}));
    assert_eq!(table["DeletionProtectionEnabled"], true);
    assert_eq!(table["PointInTimeRecoverySpecification"], json!({"PointInTimeRecoveryEnabled": true}));
}

#[test]
fn a_queue_waits_long_enough_and_gives_up_into_one_that_is_watched() {
    let template = template::read();
    let resources = &template["Resources"];
    for (name, queue) in template::resources(&template, "AWS::SQS::Queue") {
        assert_eq!(queue["SqsManagedSseEnabled"], true, "{name}");
        let Some(consumer) = consumer(&template, name) else {
            // Nobody consumes dead letters but a person, whom an alarm calls.
            assert!(resources[format!("{name}Alarm")].is_object(), "{name} is not watched");
            continue;
        };
        let timeout = consumer["Timeout"].as_i64().unwrap();
        assert!(queue["VisibilityTimeout"].as_i64().unwrap() >= 6 * timeout, "{name}");
        let dead = queue["RedrivePolicy"]["deadLetterTargetArn"]["!GetAtt"].as_str().unwrap();
        assert!(resources[dead.trim_end_matches(".Arn")].is_object(), "{name}");
    }
    let tries = |queue: &str| resources[queue]["Properties"]["RedrivePolicy"]["maxReceiveCount"].clone();
    assert_eq!(tries("Notices"), shared::notices::MOST_TRIES);
    assert_eq!(tries("PlatformEvents"), shared::platform::MOST_ATTEMPTS);
    assert_eq!(tries("ZoomEvents"), webhooks::MOST_TRIES);
    assert_eq!(tries("Comparisons"), reconciler::MOST_TRIES);
}

#[test]
fn a_batch_of_notices_is_mailed_in_the_time_that_its_function_has() {
    let template = template::read();
    let notifications = &template["Resources"]["Notifications"]["Properties"];
    let number = |value: &Value| value.as_u64().unwrap();
    let messages = number(&notifications["Events"]["Notices"]["Properties"]["BatchSize"]);
    let mails = messages * u64::from(shared::notices::ATTENDEES_PER_MESSAGE);
    let slowest = number(&template["Parameters"]["MailsPerSecond"]["MinValue"]);
    // Attendees are shared out by chance: some messages are for half as many again.
    assert!(mails * 3 / 2 / slowest < number(&notifications["Timeout"]));
}

/// The function that a queue feeds.
fn consumer<'a>(template: &'a Value, queue: &str) -> Option<&'a Value> {
    let arn = json!({"!GetAtt": format!("{queue}.Arn")});
    let functions = template::resources(template, "AWS::Serverless::Function").into_iter();
    let mut feeds = functions.filter(|(_, function)| {
        let events = function["Events"].as_object().into_iter().flatten();
        events.into_iter().any(|(_, event)| event["Properties"]["Queue"] == arn)
    });
    feeds.next().map(|(_, function)| function)
}

#[test]
fn no_permission_is_for_everything() {
    let template = template::read();
    for (name, role) in template::resources(&template, "AWS::IAM::Role") {
        for statement in role["Policies"][0]["PolicyDocument"]["Statement"].as_array().unwrap() {
            let mut resource = &statement["Resource"];
            if resource["!If"][0] == "HasAwsEndpoint" {
                // What is for the emulator alone is no permission in the cloud.
                resource = &resource["!If"][2];
            }
            let text = resource.to_string();
            assert!(!text.contains("\"*\"") && text.contains('!'), "{name}: {text}");
            for action in template::actions(statement) {
                assert!(!action.contains('*'), "{name}: {action}");
            }
        }
    }
}
