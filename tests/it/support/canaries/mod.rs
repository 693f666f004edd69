//! A net under the whole suite: whatever a test causes to be written is looked through for secrets, and the
//! test fails where one is found.
//!
//! The secrets are canaries: each can be told by a part that nothing else holds. What is looked through is
//! every reply, every log line, and every request to DynamoDB, SQS, SES and Secrets Manager as it is made, so
//! that what is overwritten, received or deleted before the stack ends is seen too. Of a request to Secrets
//! Manager all is looked through but the value.

mod log;
mod pattern;

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::thread::ThreadId;

use local::Stack;
use local::onlooker::Seen;
use serde_json::Value;

pub(crate) use self::pattern::Canary;

/// A secret that a test makes up, which the net knows again; its hint is `Ab3d`.
pub(crate) fn secret(of: &str) -> String {
    format!("canary-{of}-Ab3d")
}

/// A canary where none may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) place: String,
    pub(crate) canary: Canary,
    around: String,
    thread: ThreadId,
    /// Whether it was found on a thread that several tests may share.
    of_a_worker: bool,
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} in {}: …{}…", self.canary, self.place, self.around)
    }
}

/// Benchmarks use the same stacks, and measure them without the net; they too are compiled with `cfg(test)`.
const IS_CAST: bool = !matches!(env!("CARGO_CRATE_NAME").as_bytes(), b"booking" | b"reminders");

static FINDINGS: Mutex<Vec<Finding>> = Mutex::new(Vec::new());

/// The net under one stack: fails the test at whose end something was found.
///
/// Each test has a thread of its own, by which its findings are known; those of the threads of a runtime with
/// several are reported by whichever net is drawn in next.
#[derive(Debug)]
pub(crate) struct Net(());

impl Net {
    /// Casts the net under a stack, and under all that is logged.
    pub(crate) fn under(stack: &Stack) -> Self {
        if IS_CAST {
            log::listen();
            assert!(stack.onlooker().look_with(look_at_request), "someone else looks at the requests");
        }
        Self(())
    }
}

impl Drop for Net {
    fn drop(&mut self) {
        let this = std::thread::current().id();
        let found = take(|finding| finding.thread == this || finding.of_a_worker);
        if found.is_empty() {
            return;
        }
        let lines: Vec<String> = found.iter().map(ToString::to_string).collect();
        let report = format!("secrets were written:\n{}", lines.join("\n"));
        if std::thread::panicking() { eprintln!("{report}") } else { panic!("{report}") }
    }
}

/// What was found on this thread; it counts as reported.
pub(crate) fn found() -> Vec<Finding> {
    let this = std::thread::current().id();
    take(|finding| finding.thread == this)
}

/// Looks through a reply to `what`, a method and a path.
pub(crate) fn look_at_reply(what: &str, path: &str, headers: &http::HeaderMap, body: &str) {
    // Zoom gives out tokens, and tells whoever administers the sandbox what they told it.
    if path.starts_with("/_zoom/") {
        return;
    }
    let allowed: &[Canary] = if path == "/" {
        // The front page shows developers how to connect the sandbox.
        &[Canary::Sandbox]
    } else if path.ends_with("/join") && body.contains(r#""start_url":"#) {
        &[Canary::HostLink]
    } else if what == "PUT" && path == "/v1/settings" {
        // The one reply that shows it.
        &[Canary::Signing]
    } else {
        &[]
    };
    look(|| format!("the reply to {what} {path}"), body.as_bytes(), allowed);
    look(|| format!("the headers of the reply to {what} {path}"), format!("{headers:?}").as_bytes(), &[]);
}

/// Looks through anything else; `place` names it.
pub(crate) fn look_at(place: &str, text: &str) {
    look(|| place.to_owned(), text.as_bytes(), &[]);
}

fn look_at_request(seen: &Seen<'_>) {
    let place = || format!("{} {}", seen.service, seen.operation);
    if seen.service != "secretsmanager" {
        return look(place, seen.body, &[]);
    }
    // A secret belongs in the value alone: not in a name, a description or a tag.
    let mut request: Value = serde_json::from_slice(seen.body).unwrap_or_default();
    if let Some(fields) = request.as_object_mut() {
        fields.retain(|name, _| name != "SecretString" && name != "SecretBinary");
    }
    look(place, request.to_string().as_bytes(), &[]);
}

fn look(place: impl FnOnce() -> String, text: &[u8], allowed: &[Canary]) {
    if !IS_CAST {
        return;
    }
    let found = pattern::find(text).find(|(canary, _)| !allowed.contains(canary));
    let Some((canary, at)) = found else { return };
    let thread = std::thread::current();
    let excerpt = &text[at.saturating_sub(60)..text.len().min(at + 60)];
    let finding = Finding {
        place: place(),
        canary,
        around: String::from_utf8_lossy(excerpt).into_owned(),
        thread: thread.id(),
        of_a_worker: thread.name().is_none_or(|name| name.starts_with("tokio")),
    };
    FINDINGS.lock().unwrap_or_else(PoisonError::into_inner).push(finding);
}

fn take(which: impl Fn(&Finding) -> bool) -> Vec<Finding> {
    FINDINGS.lock().unwrap_or_else(PoisonError::into_inner).extract_if(.., |finding| which(finding)).collect()
}
