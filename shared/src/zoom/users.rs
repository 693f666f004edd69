//! Zoom's users: those who can host.

use serde::Deserialize;

use super::operation::Operation;
use super::transport::Call;
use super::{App, Zoom, ZoomError};
use crate::domain::host::License;
use crate::domain::ids::{AccountId, HostId};

/// The users that one page holds (`GET /users` takes up to 2,000; a page must come within the time of a call).
const PAGE_SIZE: &str = "300";
/// The most pages that are read: 60,000 users.
const MOST_PAGES: usize = 200;
/// How many people the smallest webinar plan holds.
const SMALLEST_WEBINAR: u32 = 100;

/// A user as `GET /users` lists it.
#[derive(Debug, Clone, Deserialize)]
pub struct ZoomUser {
    /// The user's id.
    pub id: HostId,
    /// The address that the user signs in with.
    pub email: String,
    /// The name that others see.
    #[serde(default)]
    pub display_name: Option<String>,
    /// The first name.
    #[serde(default)]
    pub first_name: Option<String>,
    /// The last name.
    #[serde(default)]
    pub last_name: Option<String>,
    /// 1 basic, 2 licensed, 4 unassigned, 99 none.
    #[serde(rename = "type")]
    pub kind: i64,
    /// `active`, `inactive` or `pending`.
    #[serde(default)]
    pub status: Option<String>,
}

/// How many people a user's meetings and webinars hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capacity {
    /// In a meeting.
    pub participants: u32,
    /// In a webinar; none where the plan has no webinars.
    pub webinar_participants: Option<u32>,
}

#[derive(Deserialize)]
struct Users {
    #[serde(default)]
    next_page_token: String,
    #[serde(default)]
    users: Vec<ZoomUser>,
}

#[derive(Deserialize)]
struct Me {
    account_id: AccountId,
}

#[derive(Deserialize, Default)]
struct UserSettings {
    #[serde(default)]
    feature: Feature,
}

#[derive(Deserialize, Default)]
struct Feature {
    meeting_capacity: Option<u32>,
    #[serde(default)]
    large_meeting: bool,
    large_meeting_capacity: Option<u32>,
    #[serde(default)]
    webinar: bool,
    webinar_capacity: Option<u32>,
}

impl Zoom {
    /// All active users of the app's account, over all pages.
    pub async fn users(&self, app: &App) -> Result<Vec<ZoomUser>, ZoomError> {
        let mut users = Vec::new();
        let mut next = String::new();
        for _ in 0..MOST_PAGES {
            let mut query = vec![("status", "active"), ("page_size", PAGE_SIZE)];
            if !next.is_empty() {
                query.push(("next_page_token", &next));
            }
            let call = Call { operation: Operation::ListUsers, id: "", query: &query, body: None };
            let page: Users = self.call(app, &call).await?;
            users.extend(page.users);
            if page.next_page_token.is_empty() {
                return Ok(users);
            }
            next = page.next_page_token;
        }
        Err(ZoomError::Rejected {
            code: 0,
            message: "the account has more users than can be listed".to_owned(),
        })
    }

    /// The account of the user who allowed the app (`GET /users/me`).
    pub async fn own_account(&self, app: &App) -> Result<AccountId, ZoomError> {
        let call = Call { operation: Operation::ReadUser, id: "me", query: &[], body: None };
        Ok(self.call::<Me>(app, &call).await?.account_id)
    }

    /// How many people a user's meetings hold (`GET /users/{id}/settings`, `feature`).
    pub async fn capacity(&self, app: &App, user: &HostId) -> Result<Capacity, ZoomError> {
        let operation = Operation::ReadUserSettings;
        let call = Call { operation, id: user.as_str(), query: &[], body: None };
        let settings: UserSettings = self.call(app, &call).await?;
        let feature = settings.feature;
        let large = feature.large_meeting_capacity.filter(|_| feature.large_meeting);
        Ok(Capacity {
            participants: large.max(feature.meeting_capacity).unwrap_or(100),
            webinar_participants: feature
                .webinar
                .then(|| feature.webinar_capacity.unwrap_or(SMALLEST_WEBINAR)),
        })
    }
}

impl ZoomUser {
    /// What the user has paid for.
    pub fn license(&self) -> License {
        match self.kind {
            1 => License::Basic,
            2 => License::Licensed,
            _ => License::None,
        }
    }

    /// The name that others see, put together where Zoom gives only its parts.
    pub fn shown_name(&self) -> String {
        let parts = [self.first_name.as_deref(), self.last_name.as_deref()];
        let joined = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
        self.display_name.clone().filter(|name| !name.trim().is_empty()).unwrap_or_else(|| {
            if joined.trim().is_empty() { self.email.clone() } else { joined.trim().to_owned() }
        })
    }
}
