//! The scopes that Lectern needs of a Zoom app, in both of Zoom's vocabularies.
//!
//! Apps made before 2024 carry classic scopes (`meeting:write:admin`), later ones granular scopes
//! (`meeting:write:meeting:admin`). Either is good. The ends `:admin` and `:master` tell how far a scope
//! reaches, which is not looked at here: whoever compares gives those that reach the whole account.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// What Zoom calls its scopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vocabulary {
    /// `meeting:write:admin`.
    Classic,
    /// `meeting:write:meeting:admin`.
    Granular,
}

/// Something that Lectern does at Zoom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// To list the account's users.
    ListUsers,
    /// To read a single user.
    ReadUsers,
    /// To create meetings.
    CreateMeetings,
    /// To change meetings.
    UpdateMeetings,
    /// To delete meetings.
    DeleteMeetings,
    /// To end running meetings.
    EndMeetings,
    /// To read a meeting, and with it the host's link.
    ReadMeetings,
    /// To list a host's meetings.
    ListMeetings,
    /// To read how many people a host's meetings hold.
    UserSettings,
    /// To hold webinars.
    Webinars,
    /// To find recordings.
    Recordings,
    /// To learn who attended.
    Reports,
}

/// One scope, in both vocabularies, as Zoom's console shows it.
#[derive(Debug)]
struct Scope {
    /// The part of the console's list that it stands in.
    group: &'static str,
    /// Its classic name and label; further classic names that include it follow.
    classic: (&'static str, &'static str),
    also_classic: &'static [&'static str],
    /// Its granular name and label.
    granular: (&'static str, &'static str),
}

/// Where Zoom's console lists a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// The part of the list that it stands in: `Meeting`, `User`, ….
    pub group: &'static str,
    /// What the console calls it.
    pub label: &'static str,
}

/// Where Zoom's console lists the scope of that name, whatever its reach; nothing of one that is not needed.
pub fn entry(name: &str) -> Option<Entry> {
    let name = without_reach(name);
    let needs = Need::REQUIRED.iter().chain(&Need::OPTIONAL);
    needs.flat_map(|need| need.scopes()).find_map(|scope| {
        let known = [scope.classic, scope.granular].into_iter().find(|(known, _)| *known == name);
        known.map(|(_, label)| Entry { group: scope.group, label })
    })
}

/// The scopes that an app was granted.
#[derive(Debug, Clone)]
pub struct Scopes {
    granted: BTreeSet<String>,
    vocabulary: Vocabulary,
}

macro_rules! scope {
    ($group:literal, $classic:literal $label:literal, $granular:literal $granular_label:literal) => {
        scope!($group, $classic $label, $granular $granular_label, [])
    };
    (
        $group:literal,
        $classic:literal $label:literal,
        $granular:literal $granular_label:literal,
        $also:expr
    ) => {
        Scope {
            group: $group,
            classic: ($classic, $label),
            also_classic: &$also,
            granular: ($granular, $granular_label),
        }
    };
}

impl Need {
    /// Without these an app cannot be connected; [`Need::ReadUsers`] counts as granted with
    /// [`Need::ListUsers`], since the list says of each user what is needed.
    pub const REQUIRED: [Self; 4] =
        [Self::ListUsers, Self::CreateMeetings, Self::UpdateMeetings, Self::DeleteMeetings];

    /// Without these something does not work.
    pub const OPTIONAL: [Self; 8] = [
        Self::ReadUsers,
        Self::ReadMeetings,
        Self::ListMeetings,
        Self::EndMeetings,
        Self::UserSettings,
        Self::Webinars,
        Self::Recordings,
        Self::Reports,
    ];

    /// The catalogue's message of what does not work without it; of what an app cannot be connected without
    /// there is none.
    pub fn loss(self) -> Option<&'static str> {
        match self {
            Self::ListUsers | Self::CreateMeetings | Self::UpdateMeetings | Self::DeleteMeetings => None,
            Self::ReadUsers => Some("loss-read-users"),
            Self::EndMeetings => Some("loss-end-meetings"),
            Self::ReadMeetings => Some("loss-read-meetings"),
            Self::ListMeetings => Some("loss-list-meetings"),
            Self::UserSettings => Some("loss-user-settings"),
            Self::Webinars => Some("loss-webinars"),
            Self::Recordings => Some("loss-recordings"),
            Self::Reports => Some("loss-reports"),
        }
    }

    fn scopes(self) -> &'static [Scope] {
        match self {
            Self::ListUsers => &[scope!("User", "user:read" "View all user information",
                "user:read:list_users" "View users", ["user:write"])],
            Self::ReadUsers => &[scope!("User", "user:read" "View all user information",
                "user:read:user" "View a user", ["user:write"])],
            Self::UserSettings => &[scope!("User", "user:read" "View all user information",
                "user:read:settings" "View a user's settings", ["user:write"])],
            Self::CreateMeetings => &[scope!("Meeting", "meeting:write" "View and manage all user meetings",
                "meeting:write:meeting" "Create a meeting for a user")],
            Self::UpdateMeetings => &[scope!("Meeting", "meeting:write" "View and manage all user meetings",
                "meeting:update:meeting" "Update a meeting")],
            Self::DeleteMeetings => &[scope!("Meeting", "meeting:write" "View and manage all user meetings",
                "meeting:delete:meeting" "Delete a meeting")],
            Self::EndMeetings => &[scope!("Meeting", "meeting:write" "View and manage all user meetings",
                "meeting:update:status" "Update a meeting's status")],
            Self::ReadMeetings => &[scope!("Meeting", "meeting:read" "View all user meetings",
                "meeting:read:meeting" "View a meeting")],
            Self::ListMeetings => &[scope!("Meeting", "meeting:read" "View all user meetings",
                "meeting:read:list_meetings" "View a user's meetings")],
            Self::Webinars => &[
                scope!("Webinar", "webinar:write" "View and manage all user Webinars",
                    "webinar:write:webinar" "Create a webinar for a user"),
                scope!("Webinar", "webinar:write" "View and manage all user Webinars",
                    "webinar:update:webinar" "Update a webinar"),
                scope!("Webinar", "webinar:write" "View and manage all user Webinars",
                    "webinar:delete:webinar" "Delete a webinar"),
                scope!("Webinar", "webinar:read" "View all user Webinars",
                    "webinar:read:webinar" "View a webinar"),
                scope!("Webinar", "webinar:read" "View all user Webinars",
                    "webinar:read:list_webinars" "View a user's webinars"),
            ],
            Self::Recordings => &[
                scope!("Recording", "recording:read" "View all user recordings",
                    "cloud_recording:read:list_recording_files" "Returns all of a meeting's recordings"),
                scope!("Recording", "recording:read" "View all user recordings",
                    "cloud_recording:read:list_user_recordings" "Lists all cloud recordings for a user"),
            ],
            Self::Reports => &[scope!("Report", "report:read" "View report data",
                "report:read:list_meeting_participants" "View a meeting's participant reports")],
        }
    }
}

impl Scopes {
    /// What the reply to a request for a token names.
    pub fn new(names: &[String]) -> Self {
        let granted: BTreeSet<String> = names.iter().map(|name| without_reach(name).to_owned()).collect();
        let is_granular = |name: &String| name.matches(':').count() > 1;
        let classic = !granted.is_empty() && !granted.iter().any(is_granular);
        Self { granted, vocabulary: if classic { Vocabulary::Classic } else { Vocabulary::Granular } }
    }

    /// Whether Zoom named none at all: then nothing can be told from them.
    pub fn is_empty(&self) -> bool {
        self.granted.is_empty()
    }

    /// The vocabulary that the app uses; an app that was made today uses the granular one.
    pub fn vocabulary(&self) -> Vocabulary {
        self.vocabulary
    }

    /// The scopes that are missing for `need`, in the app's vocabulary.
    pub fn missing(&self, need: Need) -> BTreeSet<String> {
        let has = |name: &str| self.granted.contains(name);
        need.scopes()
            .iter()
            .filter(|scope| {
                let classic = has(scope.classic.0) || scope.also_classic.iter().any(|name| has(name));
                !classic && !has(scope.granular.0)
            })
            .map(|scope| {
                let (name, _) = match self.vocabulary {
                    Vocabulary::Classic => scope.classic,
                    Vocabulary::Granular => scope.granular,
                };
                format!("{name}:admin")
            })
            .collect()
    }
}

/// A scope without the end that says how far it reaches.
fn without_reach(name: &str) -> &str {
    name.strip_suffix(":admin").or_else(|| name.strip_suffix(":master")).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scopes(names: &[&str]) -> Scopes {
        Scopes::new(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>())
    }

    fn names(missing: &BTreeSet<String>) -> Vec<&str> {
        missing.iter().map(String::as_str).collect()
    }

    #[test]
    fn classic_scopes_cover_what_several_granular_ones_do() {
        let classic = scopes(&["user:read:admin", "meeting:write:admin"]);
        assert_eq!(classic.vocabulary(), Vocabulary::Classic);
        for need in Need::REQUIRED {
            assert!(classic.missing(need).is_empty(), "{need:?}");
        }
        assert_eq!(names(&classic.missing(Need::ReadMeetings)), ["meeting:read:admin"]);
        assert_eq!(names(&classic.missing(Need::Webinars)), ["webinar:read:admin", "webinar:write:admin"]);
    }

    #[test]
    fn the_console_lists_a_scope_of_either_vocabulary() {
        let create = Entry { group: "Meeting", label: "Create a meeting for a user" };
        assert_eq!(entry("meeting:write:meeting:admin"), Some(create));
        assert_eq!(entry("meeting:write:meeting:master"), Some(create));
        assert_eq!(entry("user:read:admin").unwrap().label, "View all user information");
        assert_eq!(entry("phone:read:admin"), None);
    }

    #[test]
    fn a_minimal_granular_app_has_what_is_required() {
        let app = scopes(&[
            "meeting:write:meeting:admin",
            "meeting:update:meeting:master",
            "meeting:delete:meeting:admin",
            "user:read:list_users:admin",
        ]);
        assert_eq!(app.vocabulary(), Vocabulary::Granular);
        for need in Need::REQUIRED {
            assert!(app.missing(need).is_empty(), "{need:?}");
        }
        assert_eq!(names(&app.missing(Need::ReadUsers)), ["user:read:user:admin"]);
    }

    #[test]
    fn what_is_missing_is_named_in_the_apps_own_words() {
        let granular = scopes(&["user:read:list_users:admin"]);
        assert_eq!(names(&granular.missing(Need::CreateMeetings)), ["meeting:write:meeting:admin"]);
        let classic = scopes(&["user:read:admin"]);
        assert_eq!(names(&classic.missing(Need::CreateMeetings)), ["meeting:write:admin"]);
        assert!(scopes(&[]).is_empty());
    }
}
