//! What findings say, and what is to be done about them: which messages of the catalogue those are.

use std::collections::BTreeMap;

use crate::domain::connection::{CheckStatus, Finding, Unusable};
use crate::domain::email::Email;
use crate::domain::finding::{Unread, UserCounts};
use crate::domain::host::License;
use crate::domain::ids::AccountId;
use crate::language::Message;
use crate::zoom::scopes::{self, Need};

impl Finding {
    /// What was found.
    pub fn detail(&self) -> Message {
        self.message()
    }

    /// What to change, and where in Zoom; given with whatever is not good.
    pub fn fix(&self) -> Option<Message> {
        if !matches!(self.status(), CheckStatus::Warn | CheckStatus::Fail) {
            return None;
        }
        let message = match self {
            Self::WebinarsUnknown { why } | Self::CapacityUnknown { why } => unread(why),
            other => other.message(),
        };
        Some(message.attribute("fix"))
    }

    /// What was found, and what to change where there is something to change.
    pub fn advice(&self) -> Message {
        match self.fix() {
            Some(fix) => Message::new("advice").with("detail", self.detail()).with("fix", fix),
            None => self.detail(),
        }
    }

    fn message(&self) -> Message {
        match self {
            Self::NotReached => Message::new("not-reached"),
            Self::Accepted { account_id } => {
                for_account("accepted", "accepted-somewhere", account_id.as_ref())
            }
            Self::CodeUsed { account_id } => {
                for_account("code-used", "code-used-somewhere", account_id.as_ref())
            }
            Self::WrongClient => Message::new("wrong-client"),
            Self::WrongAccount { account_id } => {
                Message::new("wrong-account").with("account", account_id.as_str())
            }
            Self::NotActivated => Message::new("not-activated"),
            Self::Disabled => Message::new("disabled"),
            Self::Deauthorized => Message::new("deauthorized"),
            Self::NotServerToServer => Message::new("not-server-to-server"),
            Self::NotGeneral => Message::new("not-general"),
            Self::UserManaged => Message::new("user-managed"),
            Self::CodeRefused => Message::new("code-refused"),
            Self::RedirectUriDiffers { redirect_uri } => {
                Message::new("redirect-uri-differs").with("uri", redirect_uri.as_str())
            }
            Self::AccountMismatch { expected, found } => Message::new("account-mismatch")
                .with("expected", expected.as_str())
                .with("found", found.as_str()),
            Self::RefreshInterrupted => Message::new("refresh-interrupted"),
            Self::RefreshRefused => Message::new("refresh-refused"),
            Self::TokenRefused { reason: Some(reason) } => {
                Message::new("token-refused").with("reason", reason.as_str())
            }
            Self::TokenRefused { reason: None } => Message::new("token-refused-in-silence"),
            Self::TokenDead => Message::new("token-dead"),
            Self::Refused { words } => Message::new("refused").with("words", words.as_str()),
            Self::RateLimited { seconds } => Message::new("rate-limited").with("seconds", *seconds),
            Self::OutOfReach => Message::new("out-of-reach"),
            Self::ScopesComplete => Message::new("scopes-complete"),
            Self::ScopesMissing { scopes } => {
                to_add(Message::new("scopes-missing").with("names", scopes.join(", ")), scopes)
            }
            Self::ScopesPartial { lost, scopes } => {
                let losses: Vec<Message> =
                    lost.iter().copied().filter_map(Need::loss).map(Message::new).collect();
                to_add(Message::new("scopes-partial").with("losses", losses), scopes)
            }
            Self::ScopesUnknown => Message::new("scopes-unknown"),
            Self::Hosts { users } => counted("hosts", users),
            Self::NoLicensedHost { users } => counted("no-licensed-host", users),
            Self::NoHost { users } => counted("no-host", users),
            Self::HostFound { email, license } => Message::new(match license {
                License::Licensed => "host-licensed",
                License::Basic => "host-basic",
                License::None => "host-unlicensed",
            })
            .with("email", email.as_str()),
            Self::HostOffered { email } => Message::new("host-offered").with("email", email.as_str()),
            Self::NobodyToOffer => Message::new("nobody-to-offer"),
            Self::UnknownEmail { email, nearest } => {
                offering(Message::new("unknown-email").with("email", email.as_str()), nearest)
            }
            Self::UnknownId { id, nearest } => {
                offering(Message::new("unknown-id").with("id", id.as_str()), nearest)
            }
            Self::HostContradiction { id } => Message::new("host-contradiction").with("id", id.as_str()),
            Self::HostGone { email } => Message::new("host-gone").with("email", email.as_str()),
            Self::Webinars { participants } => Message::new("webinars").with("participants", *participants),
            Self::NoWebinarPlan { email } => Message::new("no-webinar-plan").with("email", email.as_str()),
            Self::WebinarScopesMissing { scopes } => to_add(Message::new("webinar-scopes-missing"), scopes),
            Self::WebinarsUnknown { why } => Message::new("webinars-unknown").with("why", unread(why)),
            Self::Capacity { participants } => Message::new("capacity").with("participants", *participants),
            Self::CapacityUnknown { why } => Message::new("capacity-unknown").with("why", unread(why)),
        }
    }
}

impl Unusable {
    /// Why, and what to do about it.
    pub fn message(&self) -> Message {
        let (key, id, name) = match self {
            Self::Inactive { id, name } => ("connection-inactive", id, name),
            Self::Failed { id, name, .. } => ("connection-failed", id, name),
        };
        let message = Message::new(key).with("id", id.as_str()).with("name", name.as_str());
        match self {
            Self::Inactive { .. } => message,
            Self::Failed { finding, .. } => message.with("advice", finding.advice()),
        }
    }
}

fn for_account(known: &'static str, unknown: &'static str, account: Option<&AccountId>) -> Message {
    match account {
        Some(account) => Message::new(known).with("account", account.as_str()),
        None => Message::new(unknown),
    }
}

fn counted(key: &'static str, users: &UserCounts) -> Message {
    Message::new(key)
        .with("active", users.active)
        .with("licensed", users.licensed)
        .with("left-out", users.left_out)
}

fn unread(why: &Unread) -> Message {
    match why {
        Unread::ScopesMissing { scopes } => to_add(Message::new("settings-unreadable"), scopes),
        Unread::Refused { words } => Message::new("settings-refused").with("words", words.as_str()),
        Unread::NoAnswer => Message::new("settings-unanswered"),
    }
}

fn offering(message: Message, nearest: &[Email]) -> Message {
    let offered = u64::try_from(nearest.len()).unwrap_or(u64::MAX);
    let nearest: Vec<&str> = nearest.iter().map(Email::as_str).collect();
    message.with("offered", offered).with("nearest", nearest.join(", "))
}

/// Names scopes as Zoom's console lists them: `User: View users (user:read:list_users:admin)`.
fn to_add(message: Message, names: &[String]) -> Message {
    let mut groups: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut unlisted: Vec<&str> = Vec::new();
    for name in names {
        match scopes::entry(name) {
            Some(entry) => groups.entry(entry.group).or_default().push(format!("{} ({name})", entry.label)),
            None => unlisted.push(name),
        }
    }
    let groups = groups.into_iter().map(|(group, scopes)| format!("{group}: {}", scopes.join(", ")));
    let unlisted = Some(unlisted.join(", ")).filter(|names| !names.is_empty());
    message.with("scopes", groups.chain(unlisted).collect::<Vec<_>>().join("; "))
}

#[cfg(test)]
#[path = "wording_tests.rs"]
mod tests;
