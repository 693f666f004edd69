//! Whether the account has users who can host, and which of them is offered first.

use crate::domain::connection::Finding;
use crate::domain::email::Email;
use crate::domain::finding::UserCounts;
use crate::domain::host::License;
use crate::domain::ids::HostId;
use crate::zoom::users::ZoomUser;

use super::Wanted;

/// How many addresses are offered in place of one that is not there.
const MOST_OFFERED: usize = 5;

/// A Zoom user who can host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Zoom's user id.
    pub id: HostId,
    /// The address that the user signs in with.
    pub email: Email,
    /// The name that others see.
    pub display_name: String,
    /// What the user has paid for.
    pub license: License,
}

/// The account's active users.
#[derive(Debug)]
pub(super) struct Listed {
    pub(super) candidates: Vec<Candidate>,
    /// How many were left out for an address that no mail can be sent to.
    left_out: usize,
}

/// Takes those of whom an address is known.
pub(super) fn listed(users: Vec<ZoomUser>) -> Listed {
    let all = users.len();
    let candidates: Vec<Candidate> = users
        .into_iter()
        .filter_map(|user| {
            Some(Candidate {
                email: user.email.parse().ok()?,
                display_name: user.shown_name(),
                license: user.license(),
                id: user.id,
            })
        })
        .collect();
    Listed { left_out: all - candidates.len(), candidates }
}

/// Whether there is anyone to host.
pub(super) fn check(listed: &Listed) -> Finding {
    let licensed = listed.candidates.iter().filter(|host| host.license == License::Licensed).count();
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let users = UserCounts {
        active: count(listed.candidates.len()),
        licensed: count(licensed),
        left_out: count(listed.left_out),
    };
    match users {
        UserCounts { active: 0, .. } => Finding::NoHost { users },
        UserCounts { licensed: 0, .. } => Finding::NoLicensedHost { users },
        users => Finding::Hosts { users },
    }
}

/// Chooses the host to offer first, and says whether it is the one that is wanted.
pub(super) fn choose(hosts: &[Candidate], wanted: &Wanted) -> (Finding, Option<Candidate>) {
    let by_id = |id: &HostId| hosts.iter().find(|host| host.id == *id);
    match wanted {
        Wanted::Named { email: None, id: None } | Wanted::Kept(None) => any(hosts),
        Wanted::Named { email: Some(email), id } => {
            let Some(host) = hosts.iter().find(|host| host.email.same_as(email.as_str())) else {
                let nearest = nearest(hosts, email.as_str());
                return (Finding::UnknownEmail { email: email.clone(), nearest }, None);
            };
            if id.as_ref().is_some_and(|id| *id != host.id) {
                return (Finding::HostContradiction { id: host.id.clone() }, None);
            }
            found(host)
        }
        Wanted::Named { email: None, id: Some(id) } => match by_id(id) {
            Some(host) => found(host),
            None => (Finding::UnknownId { id: id.clone(), nearest: nearest(hosts, id.as_str()) }, None),
        },
        Wanted::Kept(Some(kept)) => match by_id(&kept.id) {
            Some(host) => found(host),
            // The rest of the account still works without the one who is gone.
            None => (Finding::HostGone { email: kept.email.clone() }, None),
        },
    }
}

fn any(hosts: &[Candidate]) -> (Finding, Option<Candidate>) {
    match hosts.iter().find(|host| host.license == License::Licensed).or(hosts.first()) {
        Some(host) => (Finding::HostOffered { email: host.email.clone() }, Some(host.clone())),
        None => (Finding::NobodyToOffer, None),
    }
}

fn found(host: &Candidate) -> (Finding, Option<Candidate>) {
    (Finding::HostFound { email: host.email.clone(), license: host.license }, Some(host.clone()))
}

/// The addresses that are most like the one that is not there.
fn nearest(hosts: &[Candidate], asked: &str) -> Vec<Email> {
    let asked = asked.to_lowercase();
    let likeness = |email: &Email| strsim::jaro_winkler(&email.as_str().to_lowercase(), &asked);
    let mut near: Vec<(f64, &Email)> =
        hosts.iter().map(|host| (likeness(&host.email), &host.email)).collect();
    near.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.as_str().cmp(other.1.as_str())));
    near.into_iter().take(MOST_OFFERED).map(|(_, email)| email.clone()).collect()
}

#[cfg(test)]
mod tests {
    use crate::domain::connection::DefaultHost;

    use super::*;

    fn host(email: &str, license: License) -> Candidate {
        Candidate {
            id: format!("id-{email}").parse().unwrap(),
            email: email.parse().unwrap(),
            display_name: "A".to_owned(),
            license,
        }
    }

    fn school() -> Vec<Candidate> {
        vec![
            host("free@school.example", License::Basic),
            host("teacher@school.example", License::Licensed),
            host("office@school.example", License::Licensed),
        ]
    }

    #[test]
    fn the_first_licensed_user_is_offered_where_none_is_named() {
        let (finding, chosen) = choose(&school(), &Wanted::Named { email: None, id: None });
        let chosen = chosen.unwrap();
        assert_eq!(chosen.email.as_str(), "teacher@school.example");
        assert_eq!(finding, Finding::HostOffered { email: chosen.email });
        let basic = &school()[..1];
        let (_, chosen) = choose(basic, &Wanted::Kept(None));
        assert_eq!(chosen.unwrap().email.as_str(), "free@school.example");
    }

    #[test]
    fn an_address_is_found_whatever_its_case_and_else_the_nearest_are_offered() {
        let wanted = |email: &str| Wanted::Named { email: Some(email.parse().unwrap()), id: None };
        let (_, chosen) = choose(&school(), &wanted("Teacher@School.Example"));
        assert_eq!(chosen.unwrap().email.as_str(), "teacher@school.example");
        let (finding, chosen) = choose(&school(), &wanted("teachr@school.example"));
        assert_eq!(chosen, None);
        let Finding::UnknownEmail { nearest, .. } = finding else { panic!("{finding:?}") };
        assert_eq!(nearest[0].as_str(), "teacher@school.example");
    }

    #[test]
    fn counts_users_and_those_left_out() {
        let users = |active, licensed, left_out| UserCounts { active, licensed, left_out };
        let listed =
            |candidates: &[Candidate], left_out| Listed { candidates: candidates.to_vec(), left_out };
        assert_eq!(check(&listed(&school(), 0)), Finding::Hosts { users: users(3, 2, 0) });
        assert_eq!(check(&listed(&[], 1)), Finding::NoHost { users: users(0, 0, 1) });
        assert_eq!(check(&listed(&school()[..1], 2)), Finding::NoLicensedHost { users: users(1, 0, 2) });
    }

    #[test]
    fn a_default_host_who_left_does_not_bring_the_connection_down() {
        let kept = DefaultHost {
            id: "gone".parse().unwrap(),
            email: "gone@school.example".parse().unwrap(),
            display_name: "Gone".to_owned(),
        };
        let expected = Finding::HostGone { email: kept.email.clone() };
        assert_eq!(choose(&school(), &Wanted::Kept(Some(kept))), (expected, None));
    }
}
