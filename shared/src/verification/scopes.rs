//! Whether the app may do what Lectern asks of it.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::connection::{Check, CheckId};
use crate::zoom::scopes::{Missing, Need, Scopes};

use super::checks::{fail, pass, warn};
use super::paths::{APP, DELAY};

const ID: CheckId = CheckId::Scopes;

/// What is missing.
#[derive(Debug, Default)]
pub(super) struct Judgement {
    /// Whether Zoom named no scopes, so that only refused calls tell.
    unnamed: bool,
    required: BTreeSet<Missing>,
    optional: Vec<(Need, BTreeSet<Missing>)>,
    lists_users: bool,
    /// Scopes that Zoom itself asked for when it refused a call.
    asked_for: BTreeSet<String>,
    asked_for_optionally: BTreeSet<String>,
}

/// Compares what was granted with what is needed.
pub(super) fn judge(granted: &Scopes) -> Judgement {
    if granted.is_empty() {
        return Judgement { unnamed: true, lists_users: true, ..Judgement::default() };
    }
    let missing = |need| (need, granted.missing(need));
    Judgement {
        unnamed: false,
        required: Need::REQUIRED.into_iter().flat_map(|need| granted.missing(need)).collect(),
        optional: Need::OPTIONAL.map(missing).into_iter().filter(|(_, scopes)| !scopes.is_empty()).collect(),
        lists_users: granted.missing(Need::ListUsers).is_empty(),
        ..Judgement::default()
    }
}

impl Judgement {
    /// Whether the account's users cannot be listed.
    pub(super) fn forbids_listing(&self) -> bool {
        !self.lists_users
    }

    /// Notes scopes for whose lack Zoom refused a call that must work.
    pub(super) fn lacks(&mut self, names: &[String]) {
        self.asked_for.extend(admin_variants(names));
    }

    /// Notes scopes for whose lack Zoom refused a call that need not work.
    pub(super) fn lacks_optional(&mut self, names: &[String]) {
        self.asked_for_optionally.extend(admin_variants(names));
    }

    /// The scopes that are missing for webinars.
    pub(super) fn missing_for_webinars(&self) -> Option<&BTreeSet<Missing>> {
        self.optional.iter().find(|(need, _)| *need == Need::Webinars).map(|(_, scopes)| scopes)
    }

    /// The check.
    pub(super) fn check(&self) -> Check {
        let required: BTreeSet<String> = self
            .required
            .iter()
            .map(|scope| scope.name.clone())
            .chain(self.asked_for.iter().cloned())
            .collect();
        if !required.is_empty() {
            let detail = format!(
                "The app lacks scopes that Lectern cannot do without: {}.",
                required.iter().cloned().collect::<Vec<_>>().join(", ")
            );
            let fix = add(&self.required, &self.asked_for);
            return Check { missing: required.into_iter().collect(), ..fail(ID, detail, fix) };
        }
        let scopes: BTreeSet<Missing> = self.optional.iter().flat_map(|(_, scopes)| scopes.clone()).collect();
        let names: BTreeSet<String> = scopes
            .iter()
            .map(|scope| scope.name.clone())
            .chain(self.asked_for_optionally.iter().cloned())
            .collect();
        if !names.is_empty() {
            let losses: Vec<&str> = self.optional.iter().map(|(need, _)| need.loss()).collect();
            let losses =
                if losses.is_empty() { Need::UserSettings.loss().to_owned() } else { losses.join("; ") };
            let detail = format!("Meetings can be booked. What will not work: {losses}.");
            let check = warn(ID, detail, add(&scopes, &self.asked_for_optionally));
            return Check { missing: names.into_iter().collect(), ..check };
        }
        if self.unnamed {
            return warn(
                ID,
                "Zoom does not name the app's scopes. Those that are needed to list users and to create, \
                 change and delete meetings are there, by trial; the rest is not known.",
                format!(
                    "{APP} > Scopes: see that those for users, meetings, webinars, recordings and reports \
                     are there. {DELAY}"
                ),
            );
        }
        pass(ID, "The app has every scope that Lectern uses.")
    }
}

/// How to add scopes, in the groups of the console's list.
pub(super) fn add(scopes: &BTreeSet<Missing>, by_name: &BTreeSet<String>) -> String {
    let mut groups: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for scope in scopes {
        groups.entry(scope.group).or_default().push(format!("{} ({})", scope.label, scope.name));
    }
    let known: BTreeSet<&str> = scopes.iter().map(|scope| scope.name.as_str()).collect();
    let rest: Vec<&str> = by_name.iter().map(String::as_str).filter(|name| !known.contains(name)).collect();
    let mut parts: Vec<String> =
        groups.into_iter().map(|(group, labels)| format!("{group}: {}", labels.join(", "))).collect();
    if !rest.is_empty() {
        parts.push(rest.join(", "));
    }
    format!(
        "{APP} > Scopes > Add Scopes > {}; then Done, and Activation > Activate your app. {DELAY}",
        parts.join("; ")
    )
}

/// Of the scopes that each would do, those that a Server-to-Server app can have.
fn admin_variants(names: &[String]) -> Vec<String> {
    let admin: Vec<String> = names.iter().filter(|name| name.ends_with(":admin")).cloned().collect();
    if admin.is_empty() { names.iter().map(|name| format!("{name}:admin")).collect() } else { admin }
}

#[cfg(test)]
mod tests {
    use crate::domain::connection::CheckStatus;

    use super::*;

    fn judged(names: &[&str]) -> Judgement {
        judge(&Scopes::new(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()))
    }

    #[test]
    fn a_missing_scope_is_named_with_the_way_to_add_it() {
        let check = judged(&[
            "user:read:list_users:admin",
            "meeting:update:meeting:admin",
            "meeting:delete:meeting:admin",
        ])
        .check();
        assert_eq!(check.status, CheckStatus::Fail);
        assert_eq!(check.missing, ["meeting:write:meeting:admin"]);
        let fix = check.fix.unwrap();
        assert!(fix.contains("Scopes > Add Scopes > Meeting: Create a meeting for a user"), "{fix}");
        assert!(fix.contains("Activation"), "{fix}");
    }

    #[test]
    fn a_minimal_app_connects_with_a_warning() {
        let check = judged(&[
            "user:read:list_users:admin",
            "meeting:write:meeting:admin",
            "meeting:update:meeting:admin",
            "meeting:delete:meeting:admin",
        ])
        .check();
        assert_eq!(check.status, CheckStatus::Warn);
        assert!(check.missing.contains(&"user:read:user:admin".to_owned()));
        assert!(check.detail.contains("webinars cannot be held"), "{}", check.detail);
    }

    #[test]
    fn where_zoom_names_no_scopes_its_refusals_tell() {
        let mut judgement = judged(&[]);
        assert!(!judgement.forbids_listing());
        assert_eq!(judgement.check().status, CheckStatus::Warn);
        judgement.lacks(&["meeting:write:meeting".to_owned(), "meeting:write:meeting:admin".to_owned()]);
        let check = judgement.check();
        assert_eq!(check.status, CheckStatus::Fail);
        assert_eq!(check.missing, ["meeting:write:meeting:admin"]);
    }
}
