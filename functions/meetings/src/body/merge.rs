//! Merging a change into what a meeting would be asked for with.

use serde_json::Value;

/// Merges `patch` into the body of a booking.
pub(crate) fn patch(request: &mut Value, patch: &Value) {
    make_room(request, patch);
    merge(request, patch);
}

/// Takes away what the patch puts something else in the place of: a host is named in one way, a series ends and
/// repeats in one.
fn make_room(request: &mut Value, patch: &Value) {
    let one_of: [(&str, &[&str], &[&str]); 7] = [
        ("host", &["connection_id"], &["host_id", "email"]),
        ("host", &["host_id"], &["email"]),
        ("host", &["email"], &["host_id"]),
        ("recurrence", &["count"], &["until"]),
        ("recurrence", &["until"], &["count"]),
        ("recurrence", &["frequency"], &["weekdays", "month_day", "month_week", "month_weekday"]),
        ("recurrence", &["month_day"], &["month_week", "month_weekday"]),
    ];
    for (object, named, others) in one_of {
        let new = |name: &&str| patch[object].get(*name).is_some_and(|value| !value.is_null());
        let same = |name: &&str| patch[object].get(*name) == request[object].get(*name);
        if !named.iter().all(|name| new(name) && !same(name)) {
            continue;
        }
        if let Some(stored) = request[object].as_object_mut() {
            for other in others {
                stored.remove(*other);
            }
        }
    }
}

/// A merge patch (RFC 7396) in which `null` stays: it is read like a field that was left out, and one that is
/// misspelt is still seen.
fn merge(target: &mut Value, patch: &Value) {
    match (target, patch) {
        (Value::Object(target), Value::Object(patch)) => {
            for (name, value) in patch {
                merge(target.entry(name).or_insert(Value::Null), value);
            }
        }
        (target, patch) => target.clone_from(patch),
    }
}
