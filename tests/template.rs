//! The deployment's template, read as it stands: a tag of `CloudFormation` becomes an object of that one key, as
//! `!Sub x` becomes `{"!Sub": "x"}`.

use std::collections::BTreeSet;
use std::path::Path;

use saphyr::{LoadableYamlNode, Scalar, Yaml};
use serde_json::{Map, Value, json};

/// `infra/template.yaml`.
pub(crate) fn read() -> Value {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../infra/template.yaml");
    let text = std::fs::read_to_string(file).unwrap();
    let documents = Yaml::load_from_str(&text).unwrap();
    assert_eq!(documents.len(), 1);
    value(&documents[0])
}

/// The resources of a type, by their names in the template.
pub(crate) fn resources<'a>(template: &'a Value, kind: &str) -> Vec<(&'a str, &'a Value)> {
    let all = template["Resources"].as_object().unwrap().iter();
    let found: Vec<_> = all
        .filter(|(_, resource)| resource["Type"] == kind)
        .map(|(name, resource)| (name.as_str(), &resource["Properties"]))
        .collect();
    assert!(!found.is_empty(), "the template has no {kind}");
    found
}

/// The actions of a statement, without those that are for the emulator alone.
pub(crate) fn actions(statement: &Value) -> BTreeSet<String> {
    let one = |value: &Value| value.as_str().unwrap_or_else(|| panic!("no action: {value}")).to_owned();
    match &statement["Action"] {
        Value::Array(actions) => {
            actions.iter().filter(|action| action["!If"][0] != "HasAwsEndpoint").map(one).collect()
        }
        action => BTreeSet::from([one(action)]),
    }
}

fn value(node: &Yaml<'_>) -> Value {
    match node {
        Yaml::Value(scalar) => match scalar {
            Scalar::Null => Value::Null,
            Scalar::Boolean(boolean) => json!(boolean),
            Scalar::Integer(integer) => json!(integer),
            Scalar::FloatingPoint(number) => json!(number.into_inner()),
            Scalar::String(text) => json!(text),
        },
        Yaml::Sequence(nodes) => nodes.iter().map(value).collect(),
        Yaml::Mapping(pairs) => pairs
            .iter()
            .map(|(key, node)| (key.as_str().unwrap().to_owned(), value(node)))
            .collect::<Map<_, _>>()
            .into(),
        Yaml::Tagged(tag, node) => json!({ format!("{}{}", tag.handle, tag.suffix): value(node) }),
        other => panic!("the template holds what cannot be read: {other:?}"),
    }
}
