use std::collections::BTreeSet;

use crate::language::Language;

use super::*;

/// One of each finding, and more than one where what it says differs.
fn all() -> Vec<Finding> {
    let email = || -> Email { "ann@school.example".parse().unwrap() };
    let account = |id: &str| -> AccountId { id.parse().unwrap() };
    let scopes = || vec!["webinar:write:webinar:admin".to_owned(), "phone:read:admin".to_owned()];
    let users = |active, licensed, left_out| UserCounts { active, licensed, left_out };
    let words = || "Odd words".to_owned();
    let why =
        [Unread::ScopesMissing { scopes: scopes() }, Unread::Refused { words: words() }, Unread::NoAnswer];
    let mut all = vec![
        Finding::NotReached,
        Finding::Accepted { account_id: None },
        Finding::Accepted { account_id: Some(account("acc-1")) },
        Finding::CodeUsed { account_id: None },
        Finding::CodeUsed { account_id: Some(account("acc-1")) },
        Finding::WrongClient,
        Finding::WrongAccount { account_id: account("acc-1") },
        Finding::NotActivated,
        Finding::Disabled,
        Finding::Deauthorized,
        Finding::NotServerToServer,
        Finding::NotGeneral,
        Finding::UserManaged,
        Finding::CodeRefused,
        Finding::RedirectUriDiffers { redirect_uri: "https://lms.example/".to_owned() },
        Finding::AccountMismatch { expected: account("acc-1"), found: account("acc-2") },
        Finding::RefreshInterrupted,
        Finding::RefreshRefused,
        Finding::TokenRefused { reason: Some(words()) },
        Finding::TokenRefused { reason: None },
        Finding::TokenDead,
        Finding::Refused { words: words() },
        Finding::RateLimited { seconds: 3 },
        Finding::OutOfReach,
        Finding::ScopesComplete,
        Finding::ScopesMissing { scopes: scopes() },
        Finding::ScopesPartial { lost: Need::OPTIONAL.to_vec(), scopes: scopes() },
        Finding::ScopesUnknown,
        Finding::Hosts { users: users(3, 2, 0) },
        Finding::NoLicensedHost { users: users(1, 0, 2) },
        Finding::NoHost { users: users(0, 0, 1) },
        Finding::HostFound { email: email(), license: License::Licensed },
        Finding::HostFound { email: email(), license: License::Basic },
        Finding::HostFound { email: email(), license: License::None },
        Finding::HostOffered { email: email() },
        Finding::NobodyToOffer,
        Finding::UnknownEmail { email: email(), nearest: vec![email(), email()] },
        Finding::UnknownEmail { email: email(), nearest: Vec::new() },
        Finding::UnknownId { id: "u-1".parse().unwrap(), nearest: vec![email()] },
        Finding::HostContradiction { id: "u-1".parse().unwrap() },
        Finding::HostGone { email: email() },
        Finding::Webinars { participants: 500 },
        Finding::NoWebinarPlan { email: email() },
        Finding::WebinarScopesMissing { scopes: scopes() },
        Finding::Capacity { participants: 300 },
    ];
    for why in why {
        all.push(Finding::WebinarsUnknown { why: why.clone() });
        all.push(Finding::CapacityUnknown { why });
    }
    all
}

/// How many kinds of finding there are; a new one does not compile until it is counted, and then has to be
/// among [`all`].
const KINDS: usize = 41;

fn number(finding: &Finding) -> usize {
    match finding {
        Finding::NotReached => 0,
        Finding::Accepted { .. } => 1,
        Finding::CodeUsed { .. } => 2,
        Finding::WrongClient => 3,
        Finding::WrongAccount { .. } => 4,
        Finding::NotActivated => 5,
        Finding::Disabled => 6,
        Finding::Deauthorized => 40,
        Finding::NotServerToServer => 7,
        Finding::NotGeneral => 8,
        Finding::UserManaged => 9,
        Finding::CodeRefused => 10,
        Finding::RedirectUriDiffers { .. } => 11,
        Finding::AccountMismatch { .. } => 12,
        Finding::RefreshInterrupted => 13,
        Finding::RefreshRefused => 14,
        Finding::TokenRefused { .. } => 15,
        Finding::TokenDead => 16,
        Finding::Refused { .. } => 17,
        Finding::RateLimited { .. } => 18,
        Finding::OutOfReach => 19,
        Finding::ScopesComplete => 20,
        Finding::ScopesMissing { .. } => 21,
        Finding::ScopesPartial { .. } => 22,
        Finding::ScopesUnknown => 23,
        Finding::Hosts { .. } => 24,
        Finding::NoLicensedHost { .. } => 25,
        Finding::NoHost { .. } => 26,
        Finding::HostFound { .. } => 27,
        Finding::HostOffered { .. } => 28,
        Finding::NobodyToOffer => 29,
        Finding::UnknownEmail { .. } => 30,
        Finding::UnknownId { .. } => 31,
        Finding::HostContradiction { .. } => 32,
        Finding::HostGone { .. } => 33,
        Finding::Webinars { .. } => 34,
        Finding::NoWebinarPlan { .. } => 35,
        Finding::WebinarScopesMissing { .. } => 36,
        Finding::WebinarsUnknown { .. } => 37,
        Finding::Capacity { .. } => 38,
        Finding::CapacityUnknown { .. } => 39,
    }
}

#[test]
fn every_finding_is_among_those_that_are_looked_at_here() {
    let seen: BTreeSet<usize> = all().iter().map(number).collect();
    assert_eq!(seen, (0..KINDS).collect());
}

#[test]
fn every_warning_and_failure_says_what_to_change_in_every_language_and_nothing_else_does() {
    for finding in all() {
        for language in Language::ALL {
            let detail = language.say(&finding.detail());
            assert!(
                !detail.contains("{ $") && detail.contains(' ') || language == Language::Japanese,
                "{detail}"
            );
            let fix = finding.fix().map(|fix| language.say(&fix));
            let wanted = matches!(finding.status(), CheckStatus::Warn | CheckStatus::Fail);
            assert_eq!(fix.is_some(), wanted, "{finding:?}");
            if let Some(fix) = fix {
                assert!(fix.chars().count() > 15 && !fix.contains("{ $"), "{finding:?}: {fix}");
            }
        }
    }
}

#[test]
fn no_two_kinds_of_failure_say_the_same() {
    let failures = all().into_iter().filter(|finding| finding.status() == CheckStatus::Fail);
    let kinds: BTreeSet<usize> = failures.clone().map(|finding| number(&finding)).collect();
    for language in Language::ALL {
        let said: BTreeSet<(String, usize)> =
            failures.clone().map(|finding| (language.say(&finding.detail()), number(&finding))).collect();
        let details: BTreeSet<&String> = said.iter().map(|(detail, _)| detail).collect();
        assert_eq!(details.len(), said.len(), "{}", language.tag());
        assert!(said.len() >= kinds.len());
    }
}

#[test]
fn the_labels_of_zooms_console_and_the_names_of_scopes_are_the_same_in_every_language() {
    let scopes = vec!["user:read:list_users:admin".to_owned(), "meeting:write:meeting:admin".to_owned()];
    let fix = Finding::ScopesMissing { scopes }.fix().unwrap();
    for language in Language::ALL {
        let said = language.say(&fix);
        assert!(
            said.contains(
                "Scopes > Add Scopes > Meeting: Create a meeting for a user (meeting:write:meeting:admin); \
                 User: View users (user:read:list_users:admin)"
            ),
            "{said}"
        );
        assert!(said.contains("Activation > Activate your app"), "{said}");
    }
}

#[test]
fn scopes_that_the_console_does_not_list_are_named_at_the_end() {
    let scopes = vec!["phone:read:admin".to_owned(), "meeting:read:admin".to_owned()];
    let fix = Language::English.say(&Finding::ScopesMissing { scopes }.fix().unwrap());
    assert!(fix.contains("Meeting: View all user meetings (meeting:read:admin); phone:read:admin;"), "{fix}");
}

#[test]
fn what_is_counted_is_counted_in_words() {
    let said = |active, licensed, left_out| {
        let users = UserCounts { active, licensed, left_out };
        Language::English.say(&Finding::Hosts { users }.detail())
    };
    assert_eq!(said(3, 2, 0), "3 active users, 2 licensed");
    assert_eq!(
        said(1, 1, 1),
        "1 active user, 1 licensed; 1 more was left out, whose e-mail address cannot be read"
    );
    assert!(said(3, 2, 4).ends_with("; 4 more were left out, whose e-mail addresses cannot be read"));
}

#[test]
fn an_outage_blames_nobody() {
    let finding = Finding::OutOfReach;
    assert!(Language::English.say(&finding.detail()).starts_with("Zoom out of reach"));
    assert!(Language::English.say(&finding.fix().unwrap()).starts_with("Nothing in the app"));
}

#[test]
fn a_finding_reads_back_as_it_was_kept() {
    for finding in all() {
        let item: serde_dynamo::Item = serde_dynamo::to_item(&finding).unwrap();
        assert_eq!(serde_dynamo::from_item::<_, Finding>(item).unwrap(), finding);
    }
}

#[test]
fn a_connection_that_stopped_working_says_why_and_what_to_do() {
    let unusable =
        |finding| Unusable::Failed { id: "con_1".parse().unwrap(), name: "Room 1".to_owned(), finding };
    let english = Language::English.say(&unusable(Finding::Disabled).message());
    assert!(english.starts_with("The connection Room 1 (con_1) stopped working. The app has been disabled."));
    assert!(english.contains("Activation > Activate your app"), "{english}");
    let french = Language::French.say(&unusable(Finding::RefreshRefused).message());
    assert!(french.contains("ne fonctionne plus. Connectez à nouveau"), "{french}");
}
