//! Whether the account has users who can host, and which of them is offered first.

use crate::domain::connection::{Check, CheckId, DefaultHost};
use crate::domain::email::Email;
use crate::domain::host::License;
use crate::domain::ids::HostId;
use crate::zoom::ZoomError;
use crate::zoom::users::ZoomUser;

use super::Wanted;
use super::checks::{fail, pass, warn};
use super::credentials::interrupted;
use super::paths::USERS;

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

/// Zoom did not list the users.
pub(super) fn refused(error: &ZoomError) -> Check {
    interrupted(CheckId::Hosts, error)
}

/// Whether there is anyone to host.
pub(super) fn check(listed: &Listed) -> Check {
    let active = listed.candidates.len();
    let licensed = listed.candidates.iter().filter(|host| host.license == License::Licensed).count();
    let left_out = match listed.left_out {
        0 => String::new(),
        1 => "; 1 more was left out, whose e-mail address cannot be read".to_owned(),
        some => format!("; {some} more were left out, whose e-mail addresses cannot be read"),
    };
    let users = if active == 1 { "user" } else { "users" };
    let detail = format!("{active} active {users}, {licensed} licensed{left_out}");
    if active == 0 {
        let fix = format!("{USERS} > Add Users: add a user, or activate one, to host the meetings.");
        return fail(CheckId::Hosts, detail, fix);
    }
    if licensed == 0 {
        let detail = format!("{detail}: meetings of users without a licence end after 40 minutes");
        let fix = format!("{USERS} > Edit (of the user who hosts) > User Type: Licensed.");
        return warn(CheckId::Hosts, detail, fix);
    }
    pass(CheckId::Hosts, detail)
}

/// Chooses the host to offer first, and says whether it is the one that is wanted.
pub(super) fn choose(hosts: &[Candidate], wanted: &Wanted) -> (Check, Option<Candidate>) {
    let by_id = |id: &HostId| hosts.iter().find(|host| host.id == *id);
    match wanted {
        Wanted::Named { email: None, id: None } | Wanted::Kept(None) => any(hosts),
        Wanted::Named { email: Some(email), id } => {
            let Some(host) = hosts.iter().find(|host| host.email.same_as(email.as_str())) else {
                return (unknown_email(hosts, email), None);
            };
            if id.as_ref().is_some_and(|id| *id != host.id) {
                let detail = format!("host_email is the user {} and default_host_id another one.", host.id);
                let fix = "Send one of the two, or the id that belongs to the address; nothing in Zoom \
                           needs to be changed.";
                return (fail(CheckId::HostEmail, detail, fix), None);
            }
            chosen(host)
        }
        Wanted::Named { email: None, id: Some(id) } => match by_id(id) {
            Some(host) => chosen(host),
            None => (unknown_id(hosts, id), None),
        },
        Wanted::Kept(Some(kept)) => match by_id(&kept.id) {
            Some(host) => chosen(host),
            None => (gone(kept), None),
        },
    }
}

fn any(hosts: &[Candidate]) -> (Check, Option<Candidate>) {
    let first = hosts.iter().find(|host| host.license == License::Licensed).or(hosts.first());
    if let Some(host) = first {
        let detail = format!("No host was named; {} is offered first.", host.email);
        return (pass(CheckId::HostEmail, detail), Some(host.clone()));
    }
    let fix = format!("{USERS} > Add Users: add a user to host the meetings.");
    (fail(CheckId::HostEmail, "There is no active user to offer as host.", fix), None)
}

fn chosen(host: &Candidate) -> (Check, Option<Candidate>) {
    let license = match host.license {
        License::Licensed => "a licensed user of the account",
        License::Basic => "a basic user of the account, whose meetings end after 40 minutes",
        License::None => "a user of the account without a licence",
    };
    (pass(CheckId::HostEmail, format!("{} is {license}.", host.email)), Some(host.clone()))
}

fn unknown_email(hosts: &[Candidate], email: &Email) -> Check {
    let detail = format!(
        "No active user of the Zoom account has the e-mail address {email}.{}",
        offer(hosts, email.as_str())
    );
    let fix = format!(
        "Send the address that the host signs in to Zoom with, or add {email} under {USERS} > Add Users and \
         have the invitation accepted."
    );
    fail(CheckId::HostEmail, detail, fix)
}

fn unknown_id(hosts: &[Candidate], id: &HostId) -> Check {
    let detail = format!("No active user of the Zoom account has the id {id}.{}", offer(hosts, id.as_str()));
    let fix = format!("Send the host's e-mail address as host_email instead, as {USERS} shows it.");
    fail(CheckId::HostEmail, detail, fix)
}

/// The rest of the account still works without the one who is gone.
fn gone(kept: &DefaultHost) -> Check {
    let detail = format!("{} is no longer an active user of the Zoom account.", kept.email);
    let fix = format!("{USERS}: activate {} again, or choose another default host here.", kept.email);
    warn(CheckId::HostEmail, detail, fix)
}

/// The addresses that are most like the one that is not there.
fn offer(hosts: &[Candidate], asked: &str) -> String {
    let asked = asked.to_lowercase();
    let mut near: Vec<(f64, &str)> = hosts
        .iter()
        .map(|host| (strsim::jaro_winkler(&host.email.as_str().to_lowercase(), &asked), host.email.as_str()))
        .collect();
    near.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(other.1)));
    let near: Vec<&str> = near.into_iter().take(MOST_OFFERED).map(|(_, email)| email).collect();
    if near.is_empty() { String::new() } else { format!(" Nearest: {}.", near.join(", ")) }
}

#[cfg(test)]
mod tests {
    use crate::domain::connection::CheckStatus;

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
        let (check, chosen) = choose(&school(), &Wanted::Named { email: None, id: None });
        assert_eq!(check.status, CheckStatus::Pass);
        assert_eq!(chosen.unwrap().email.as_str(), "teacher@school.example");
        let basic = &school()[..1];
        let (_, chosen) = choose(basic, &Wanted::Kept(None));
        assert_eq!(chosen.unwrap().email.as_str(), "free@school.example");
    }

    #[test]
    fn an_address_is_found_whatever_its_case_and_else_the_nearest_are_offered() {
        let wanted = |email: &str| Wanted::Named { email: Some(email.parse().unwrap()), id: None };
        let (_, chosen) = choose(&school(), &wanted("Teacher@School.Example"));
        assert_eq!(chosen.unwrap().email.as_str(), "teacher@school.example");
        let (check, chosen) = choose(&school(), &wanted("teachr@school.example"));
        assert_eq!((check.status, chosen), (CheckStatus::Fail, None));
        assert!(check.detail.contains("Nearest: teacher@school.example"), "{}", check.detail);
        assert!(check.fix.unwrap().contains("User Management"));
    }

    #[test]
    fn counts_users_and_tells_of_those_left_out() {
        let listed = Listed { candidates: school(), left_out: 0 };
        assert_eq!(check(&listed).detail, "3 active users, 2 licensed");
        assert_eq!(check(&Listed { candidates: Vec::new(), left_out: 1 }).status, CheckStatus::Fail);
        let basic = Listed { candidates: school()[..1].to_vec(), left_out: 2 };
        let check = check(&basic);
        assert_eq!(check.status, CheckStatus::Warn);
        assert!(check.detail.contains("2 more were left out"), "{}", check.detail);
    }

    #[test]
    fn a_default_host_who_left_does_not_bring_the_connection_down() {
        let kept = DefaultHost {
            id: "gone".parse().unwrap(),
            email: "gone@school.example".parse().unwrap(),
            display_name: "Gone".to_owned(),
        };
        let (check, chosen) = choose(&school(), &Wanted::Kept(Some(kept)));
        assert_eq!((check.status, chosen), (CheckStatus::Warn, None));
    }
}
