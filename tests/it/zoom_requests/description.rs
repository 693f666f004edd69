//! Zoom's own description of its API, and what it says against a request.

use std::path::PathBuf;

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

use super::recorder::Recorded;

const BESIDE_THE_PROJECT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/zoom/openapi.json");

/// What a schema of a body may hold so that it is understood here: all else would be passed over in silence.
const UNDERSTOOD: [&str; 17] = [
    "default",
    "deprecated",
    "description",
    "enum",
    "example",
    "format",
    "items",
    "maxItems",
    "maxLength",
    "maximum",
    "minItems",
    "minimum",
    "properties",
    "required",
    "title",
    "type",
    "x-enum-descriptions",
];

/// Zoom's description.
#[derive(Debug)]
pub(super) struct Description(Value);

impl Description {
    /// The one that lies beside the project, or where the environment says; none where it is absent.
    pub(super) fn found() -> Option<Self> {
        let file =
            std::env::var_os("ZOOM_OPENAPI").map_or_else(|| PathBuf::from(BESIDE_THE_PROJECT), PathBuf::from);
        let Ok(text) = std::fs::read(&file) else {
            eprintln!("skipped: Zoom's description is not at {}", file.display());
            return None;
        };
        Some(Self(serde_json::from_slice(&text).unwrap()))
    }

    /// What is wrong with a request to the API; of one that is to create nothing, the body aside.
    pub(super) fn faults(&self, request: &Recorded, with_body: bool) -> Vec<String> {
        let Some((operation, id)) = request.operation() else {
            return vec![format!("{} {} is no operation of the client", request.method, request.path)];
        };
        let described = &self.0["paths"][operation.path()][request.method.as_str().to_lowercase()];
        if !described.is_object() {
            return vec![format!("{} {} is not described", request.method, operation.path())];
        }
        let mut faults = parameters(described, request, id);
        if with_body {
            faults.extend(body(&described["requestBody"], request));
        }
        faults
    }
}

fn parameters(described: &Value, request: &Recorded, id: Option<&str>) -> Vec<String> {
    let described = described["parameters"].as_array().cloned().unwrap_or_default();
    let in_path = described.iter().filter(|parameter| parameter["in"] == "path");
    let id = id.map(|id| percent_decode_str(id).decode_utf8().unwrap().into_owned());
    let given = in_path.zip(id).map(|(parameter, id)| (parameter["name"].as_str().unwrap().to_owned(), id));
    let given: Vec<(String, String)> = given.chain(request.query.iter().cloned()).collect();
    let mut faults = Vec::new();
    for parameter in described.iter().filter(|parameter| parameter["required"] == true) {
        if !given.iter().any(|(name, _)| parameter["name"] == name.as_str()) {
            faults.push(format!("{} is missing", parameter["name"]));
        }
    }
    for (place, (name, value)) in given.iter().enumerate() {
        if given[..place].iter().any(|(other, _)| other == name) {
            faults.push(format!("{name} is given twice"));
        }
        match described.iter().find(|parameter| parameter["name"] == name.as_str()) {
            Some(parameter) => {
                let schema = understood(&parameter["schema"], name);
                faults.extend(against(&schema, &typed(&schema, value)));
            }
            None if is_named_in_words(&described, name) => {}
            None => faults.push(format!("{name} is no parameter")),
        }
    }
    faults
}

/// The list of webinars describes its page token only where it says what has taken the place of `page_number`.
fn is_named_in_words(described: &[Value], name: &str) -> bool {
    described.iter().any(|parameter| {
        let words = parameter["description"].as_str().unwrap_or_default();
        words.contains("**Deprecated**") && words.contains(&format!("use the `{name}` for pagination"))
    })
}

/// The text of a parameter as what its schema says it is.
fn typed(schema: &Value, text: &str) -> Value {
    match schema["type"].as_str() {
        Some("integer") => text.parse::<i64>().map_or_else(|_| json!(text), Value::from),
        Some("boolean") => text.parse::<bool>().map_or_else(|_| json!(text), Value::from),
        _ => json!(text),
    }
}

fn body(described: &Value, request: &Recorded) -> Vec<String> {
    let schema = &described["content"]["application/json"]["schema"];
    if schema.is_null() {
        return if request.body.is_empty() { Vec::new() } else { vec!["it takes no body".to_owned()] };
    }
    let mut faults = Vec::new();
    if request.header(http::header::CONTENT_TYPE) != "application/json" {
        faults.push("its body is not called JSON".to_owned());
    }
    match serde_json::from_slice(&request.body) {
        Ok(body) => {
            faults.extend(against(&understood(schema, "the body"), &body));
            let start = body["start_time"].as_str();
            if start.is_some_and(|start| !start.ends_with('Z')) && !body["timezone"].is_string() {
                faults.push("a local start_time has no timezone".to_owned());
            }
        }
        Err(error) => faults.push(format!("its body is not JSON: {error}")),
    }
    faults
}

fn against(schema: &Value, instance: &Value) -> Vec<String> {
    let validator = jsonschema::options()
        .with_draft(jsonschema::Draft::Draft202012)
        .should_validate_formats(true)
        .build(schema)
        .unwrap();
    validator.iter_errors(instance).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

/// A schema as it is meant: no property but those that it names, and values that only its words allow.
fn understood(schema: &Value, name: &str) -> Value {
    let mut meant: Map<String, Value> = schema.as_object().unwrap().clone();
    for key in meant.keys() {
        assert!(UNDERSTOOD.contains(&key.as_str()), "{name} is described by {key:?}");
    }
    let words = schema["description"].as_str().unwrap_or_default();
    if meant.contains_key("enum") && words.contains("comma separated values") {
        // The list of one value is all that the enumeration tells.
        let one: Vec<&str> = schema["enum"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        let one = format!("({})", one.join("|"));
        meant.remove("enum");
        meant.insert("pattern".to_owned(), json!(format!("^{one}(,{one})*$")));
    }
    if schema["format"] == "date-time" && words.contains("local time") {
        meant.remove("format");
        let local = json!({"pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$"});
        meant.insert("anyOf".to_owned(), json!([{"format": "date-time"}, local]));
    }
    if let Some(Value::Object(properties)) = meant.get_mut("properties") {
        for (name, property) in properties.iter_mut() {
            *property = understood(property, name);
        }
        meant.insert("additionalProperties".to_owned(), json!(false));
    }
    if let Some(items) = meant.get_mut("items") {
        *items = understood(items, name);
    }
    Value::Object(meant)
}
