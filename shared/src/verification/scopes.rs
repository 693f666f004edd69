//! Whether the app may do what Lectern asks of it.

use std::collections::BTreeSet;

use crate::domain::connection::Finding;
use crate::zoom::scopes::{Need, Scopes};

/// What is missing.
#[derive(Debug, Default)]
pub(super) struct Judgement {
    /// Whether Zoom named no scopes, so that only refused calls tell.
    unnamed: bool,
    required: BTreeSet<String>,
    optional: Vec<(Need, BTreeSet<String>)>,
    lists_users: bool,
    /// Scopes that Zoom itself asked for when it refused a call that need not work.
    asked_for: BTreeSet<String>,
}

/// Compares what was granted with what is needed; a General App must read users as well, or its account is not
/// known.
pub(super) fn judge(granted: &Scopes, is_general: bool) -> Judgement {
    if granted.is_empty() {
        return Judgement { unnamed: true, lists_users: true, ..Judgement::default() };
    }
    let missing = |need| (need, granted.missing(need));
    Judgement {
        unnamed: false,
        required: Need::REQUIRED
            .into_iter()
            .chain(is_general.then_some(Need::ReadUsers))
            .flat_map(|need| granted.missing(need))
            .collect(),
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
        self.required.extend(account_wide(names));
    }

    /// Notes scopes for whose lack Zoom refused a call that need not work.
    pub(super) fn lacks_optional(&mut self, names: &[String]) {
        self.asked_for.extend(account_wide(names));
    }

    /// The scopes that are missing for webinars.
    pub(super) fn missing_for_webinars(&self) -> Option<&BTreeSet<String>> {
        self.optional.iter().find(|(need, _)| *need == Need::Webinars).map(|(_, scopes)| scopes)
    }

    /// What the check found.
    pub(super) fn finding(&self) -> Finding {
        if !self.required.is_empty() {
            return Finding::ScopesMissing { scopes: self.required.iter().cloned().collect() };
        }
        let named = self.optional.iter().flat_map(|(_, scopes)| scopes);
        let scopes: BTreeSet<&String> = named.chain(&self.asked_for).collect();
        if !scopes.is_empty() {
            let mut lost: Vec<Need> = self.optional.iter().map(|(need, _)| *need).collect();
            // The only call that need not work is the one for a host's settings.
            if !self.asked_for.is_empty() && !lost.contains(&Need::UserSettings) {
                lost.push(Need::UserSettings);
            }
            return Finding::ScopesPartial { lost, scopes: scopes.into_iter().cloned().collect() };
        }
        if self.unnamed { Finding::ScopesUnknown } else { Finding::ScopesComplete }
    }
}

/// Of the scopes that each would do, those that reach the whole account.
pub(super) fn account_wide(names: &[String]) -> Vec<String> {
    let admin: Vec<String> = names.iter().filter(|name| name.ends_with(":admin")).cloned().collect();
    if admin.is_empty() { names.iter().map(|name| format!("{name}:admin")).collect() } else { admin }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(names: &[&str]) -> Judgement {
        judge(&Scopes::new(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()), false)
    }

    #[test]
    fn a_missing_scope_is_named() {
        let finding = judged(&[
            "user:read:list_users:admin",
            "meeting:update:meeting:admin",
            "meeting:delete:meeting:admin",
        ])
        .finding();
        assert_eq!(
            finding,
            Finding::ScopesMissing { scopes: vec!["meeting:write:meeting:admin".to_owned()] }
        );
    }

    #[test]
    fn a_minimal_app_lacks_only_what_it_can_do_without() {
        let finding = judged(&[
            "user:read:list_users:admin",
            "meeting:write:meeting:admin",
            "meeting:update:meeting:admin",
            "meeting:delete:meeting:admin",
        ])
        .finding();
        let Finding::ScopesPartial { lost, scopes } = finding else { panic!("{finding:?}") };
        assert_eq!(lost, Need::OPTIONAL);
        assert!(scopes.contains(&"user:read:user:admin".to_owned()), "{scopes:?}");
    }

    #[test]
    fn where_zoom_names_no_scopes_its_refusals_tell() {
        let mut judgement = judged(&[]);
        assert!(!judgement.forbids_listing());
        assert_eq!(judgement.finding(), Finding::ScopesUnknown);
        judgement.lacks_optional(&["user:read:settings".to_owned()]);
        let scopes = vec!["user:read:settings:admin".to_owned()];
        let lost = vec![Need::UserSettings];
        assert_eq!(judgement.finding(), Finding::ScopesPartial { lost, scopes });
        judgement.lacks(&["meeting:write:meeting".to_owned(), "meeting:write:meeting:admin".to_owned()]);
        let scopes = vec!["meeting:write:meeting:admin".to_owned()];
        assert_eq!(judgement.finding(), Finding::ScopesMissing { scopes });
    }
}
