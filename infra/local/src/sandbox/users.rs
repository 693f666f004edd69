//! Users and their settings.

use serde_json::{Value, json};

use super::account::{Account, License, User, UserStatus};
use super::api::{ApiRequest, Reply};
use super::errors::{ZoomError, ZoomResult};
use super::meeting::instant;
use super::paging;
use super::state::State;

const LARGEST_PAGE: usize = 2000;

pub(super) fn list(state: &mut State, request: &ApiRequest<'_>) -> ZoomResult<Reply> {
    let status = match request.query("status") {
        None | Some("active" | "") => UserStatus::Active,
        Some("inactive") => UserStatus::Inactive,
        Some("pending") => UserStatus::Pending,
        Some(_) => return Err(ZoomError::invalid_field("status", "Invalid field.")),
    };
    let account = request.account(state)?;
    let rows: Vec<_> = account
        .users
        .iter()
        .filter(|user| user.status == status)
        .map(|user| row(account, user))
        .filter(|row| request.query("role_id").is_none_or(|role| row["role_id"] == role))
        .collect();
    paging::page(&mut state.pages, request, "users", &rows, LARGEST_PAGE).map(Reply::Ok)
}

pub(super) fn get(state: &mut State, request: &ApiRequest<'_>) -> ZoomResult<Reply> {
    let user = request.user(state)?;
    let account = request.account(state)?;
    let mut body = row(account, &user);
    body["account_id"] = json!(account.id);
    body["role_name"] = json!(if is_owner(account, &user) { "Owner" } else { "Member" });
    body["use_pmi"] = json!(false);
    body["personal_meeting_url"] = json!(format!("https://us05web.zoom.us/j/{}", user.pmi));
    body["language"] = json!("en-US");
    body["cluster"] = json!("us05");
    body["login_types"] = json!([100]);
    Ok(Reply::Ok(body))
}

pub(super) fn settings(state: &mut State, request: &ApiRequest<'_>) -> ZoomResult<Reply> {
    let user = request.user(state)?;
    let mut feature = json!({
        "meeting_capacity": user.meeting_capacity(),
        "large_meeting": user.large_meeting_capacity.is_some(),
        "webinar": user.webinar_capacity.is_some(),
        "cn_meeting": false,
        "in_meeting": false,
        "zoom_phone": false,
        "zoom_events": false,
        "concurrent_meeting": if user.license == License::Licensed { "Basic" } else { "None" },
    });
    if let Some(seats) = user.large_meeting_capacity {
        feature["large_meeting_capacity"] = json!(seats);
    }
    if let Some(seats) = user.webinar_capacity {
        feature["webinar_capacity"] = json!(seats);
    }
    Ok(Reply::Ok(json!({
        "feature": feature,
        "schedule_meeting": {
            "host_video": false,
            "participants_video": false,
            "audio_type": "both",
            "join_before_host": false,
            "force_pmi_jbh_password": false,
            "require_password_for_scheduling_new_meetings": true,
            "require_password_for_instant_meetings": true,
            "embed_password_in_join_link": true,
        },
        "in_meeting": {"waiting_room": false, "screen_sharing": true, "chat": true},
        "recording": {
            "local_recording": true,
            "cloud_recording": user.license == License::Licensed,
            "auto_recording": "none",
        },
        "email_notification": {"jbh_reminder": false, "cancel_meeting_reminder": true},
    })))
}

pub(super) fn summary(state: &mut State, request: &ApiRequest<'_>) -> ZoomResult<Reply> {
    let account = request.account(state)?;
    let count = |license| account.users.iter().filter(|user| user.license == license).count();
    let pending = account.users.iter().filter(|user| user.status == UserStatus::Pending).count();
    Ok(Reply::Ok(json!({
        "licensed_users_count": count(License::Licensed),
        "basic_users_count": count(License::Basic),
        "on_prem_users_count": 0,
        "room_users_count": 0,
        "pending_users_count": pending,
        "join_only_users_count": count(License::None),
        "total_users_count": account.users.len(),
    })))
}

fn is_owner(account: &Account, user: &User) -> bool {
    account.users.first().is_some_and(|owner| owner.id == user.id)
}

fn row(account: &Account, user: &User) -> Value {
    json!({
        "id": user.id,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "display_name": user.display_name,
        "email": user.email,
        "type": u8::from(user.license),
        "role_id": if is_owner(account, user) { "0" } else { "2" },
        "pmi": user.pmi,
        "timezone": user.timezone.name(),
        "verified": 1,
        "dept": "",
        "created_at": instant(user.created_at),
        "user_created_at": instant(user.created_at),
        "last_login_time": instant(user.created_at),
        "status": user.status,
    })
}
