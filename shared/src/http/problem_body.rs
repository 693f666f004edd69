//! Problems as the API's description shows them.

use serde::Serialize;
use utoipa::ToSchema;

use super::problem::{Code, FieldCode};

/// A problem as the API's description shows it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// `/problems/<code>`: a page about the code.
    pub r#type: String,
    /// The code in a few words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened, and what to do next.
    pub detail: String,
    /// What was asked for.
    pub instance: String,
    /// What went wrong.
    pub code: Code,
    /// Every field that is wrong, with `validation_failed`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldErrorBody>,
}

/// What is wrong with one field.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FieldError)]
pub struct FieldErrorBody {
    /// Where: a JSON pointer (RFC 6901) into the body, or `?name` for a query parameter.
    #[schema(example = "/duration_minutes")]
    pub pointer: String,
    /// What kind of fault.
    pub code: FieldCode,
    /// What is expected.
    pub detail: String,
}
