//! Which scopes let a token do what.

use super::errors::{ZoomError, ZoomResult};
use super::operations::Operation;
use super::table::OPERATIONS;

/// Refuses a token without a scope of the operation, in the vocabulary that its app uses: code 4711 and
/// granular names, or 4700 and classic ones.
pub(super) fn check(scopes: &[String], operation: &Operation) -> ZoomResult<()> {
    if scopes.iter().any(|scope| admits(scope, operation)) {
        return Ok(());
    }
    Err(missing(scopes, operation))
}

/// Whether one of the scopes reaches beyond the user who allowed the app.
pub(super) fn check_admin(scopes: &[String], operation: &Operation) -> ZoomResult<()> {
    let reaches = |scope: &&String| scope.ends_with(":admin") || scope.ends_with(":master");
    if scopes.iter().filter(reaches).any(|scope| admits(scope, operation)) {
        return Ok(());
    }
    Err(missing(scopes, operation))
}

/// Every granular scope, as an account's administrator would tick them.
pub(super) fn all() -> Vec<String> {
    let mut scopes: Vec<String> = OPERATIONS
        .iter()
        .filter_map(|operation| operation.granular.first())
        .map(ToString::to_string)
        .collect();
    scopes.sort();
    scopes.dedup();
    scopes
}

/// A scope that reaches further does whatever one does that reaches less far.
fn admits(scope: &str, operation: &Operation) -> bool {
    let plain = |scope: &str| without_reach(scope).to_owned();
    let reaches_less = !scope.ends_with(":admin") && !scope.ends_with(":master");
    operation
        .classic
        .iter()
        .chain(operation.granular)
        .any(|allowed| *allowed == scope || (!reaches_less && plain(allowed) == plain(scope)))
}

fn without_reach(scope: &str) -> &str {
    scope.strip_suffix(":admin").or_else(|| scope.strip_suffix(":master")).unwrap_or(scope)
}

fn missing(scopes: &[String], operation: &Operation) -> ZoomError {
    if !scopes.is_empty() && scopes.iter().all(|scope| is_classic(scope)) {
        let names = operation.classic.join(", ");
        return ZoomError::bad_request(
            4700,
            format!("Invalid access token, does not contain scopes: [{names}]."),
        );
    }
    let names = operation.granular.join(", ");
    ZoomError::bad_request(4711, format!("Invalid access token, does not contain scopes:[{names}]."))
}

fn is_classic(scope: &str) -> bool {
    without_reach(scope).matches(':').count() < 2
}
