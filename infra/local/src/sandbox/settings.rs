//! The settings of a meeting or webinar: what is known of them, their defaults, and how they bind each other.

use serde_json::{Map, Value, json};

use super::fields::Fields;
use super::meeting::Kind;

enum Shape {
    Flag,
    Number(&'static [i64]),
    Count(i64),
    Word(&'static [&'static str]),
    Text,
    List,
    Object,
}

const AUDIO: Shape = Shape::Word(&["both", "telephony", "voip", "thirdParty"]);
const RECORDING: Shape = Shape::Word(&["local", "cloud", "none"]);

const COMMON: &[(&str, Shape)] = &[
    ("additional_data_center_regions", Shape::List),
    ("allow_host_control_participant_mute_state", Shape::Flag),
    ("allow_multiple_devices", Shape::Flag),
    ("alternative_host_update_polls", Shape::Flag),
    ("alternative_hosts", Shape::Text),
    ("approval_type", Shape::Number(&[0, 1, 2])),
    ("audio", AUDIO),
    ("audio_conference_info", Shape::Text),
    ("authentication_domains", Shape::Text),
    ("authentication_option", Shape::Text),
    ("auto_recording", RECORDING),
    ("close_registration", Shape::Flag),
    ("contact_email", Shape::Text),
    ("contact_name", Shape::Text),
    ("email_in_attendee_report", Shape::Flag),
    ("enforce_login", Shape::Flag),
    ("enforce_login_domains", Shape::Text),
    ("global_dial_in_countries", Shape::List),
    ("host_video", Shape::Flag),
    ("language_interpretation", Shape::Object),
    ("meeting_authentication", Shape::Flag),
    ("question_and_answer", Shape::Object),
    ("registrants_confirmation_email", Shape::Flag),
    ("registrants_email_notification", Shape::Flag),
    ("registration_type", Shape::Number(&[1, 2, 3])),
    ("request_permission_to_unmute_participants", Shape::Flag),
    ("show_join_info", Shape::Flag),
    ("show_share_button", Shape::Flag),
    ("sign_language_interpretation", Shape::Object),
];

const OF_MEETINGS: &[(&str, Shape)] = &[
    ("alternative_hosts_email_notification", Shape::Flag),
    ("breakout_room", Shape::Object),
    ("calendar_type", Shape::Number(&[1, 2])),
    ("cn_meeting", Shape::Flag),
    ("continuous_meeting_chat", Shape::Object),
    ("device_testing", Shape::Flag),
    ("disable_participant_video", Shape::Flag),
    ("email_notification", Shape::Flag),
    ("encryption_type", Shape::Word(&["enhanced_encryption", "e2ee"])),
    ("focus_mode", Shape::Flag),
    ("host_save_video_order", Shape::Flag),
    ("in_meeting", Shape::Flag),
    ("internal_meeting", Shape::Flag),
    ("jbh_time", Shape::Number(&[0, 5, 10, 15])),
    ("join_before_host", Shape::Flag),
    ("meeting_invitees", Shape::List),
    ("mute_upon_entry", Shape::Flag),
    ("participant_focused_meeting", Shape::Flag),
    ("participant_video", Shape::Flag),
    ("private_meeting", Shape::Flag),
    ("push_change_to_calendar", Shape::Flag),
    ("use_pmi", Shape::Flag),
    ("waiting_room", Shape::Flag),
    ("watermark", Shape::Flag),
];

const OF_WEBINARS: &[(&str, Shape)] = &[
    ("add_audio_watermark", Shape::Flag),
    ("add_watermark", Shape::Flag),
    ("attendees_and_panelists_reminder_email_notification", Shape::Object),
    ("email_language", Shape::Text),
    ("enable_session_branding", Shape::Flag),
    ("follow_up_absentees_email_notification", Shape::Object),
    ("follow_up_attendees_email_notification", Shape::Object),
    ("hd_video", Shape::Flag),
    ("hd_video_for_attendees", Shape::Flag),
    ("on_demand", Shape::Flag),
    ("panelist_authentication", Shape::Flag),
    ("panelists_invitation_email_notification", Shape::Flag),
    ("panelists_video", Shape::Flag),
    ("post_webinar_survey", Shape::Flag),
    ("practice_session", Shape::Flag),
    ("registrants_restrict_number", Shape::Count(20_000)),
    ("send_1080p_video_to_attendees", Shape::Flag),
    ("survey_url", Shape::Text),
];

/// The settings that a single date of a series can have of its own.
pub(super) const OF_ONE_DATE: &[&str] = &[
    "auto_recording",
    "host_video",
    "join_before_host",
    "mute_upon_entry",
    "participant_video",
    "waiting_room",
    "watermark",
];

/// What a new meeting or webinar starts from.
pub(super) fn defaults(kind: Kind) -> Map<String, Value> {
    let mut settings = json!({
        "allow_multiple_devices": true,
        "alternative_hosts": "",
        "approval_type": 2,
        "audio": "both",
        "auto_recording": "none",
        "close_registration": false,
        "contact_email": "",
        "contact_name": "",
        "email_in_attendee_report": false,
        "enforce_login": false,
        "enforce_login_domains": "",
        "host_video": false,
        "meeting_authentication": false,
        "registrants_confirmation_email": true,
        "registrants_email_notification": true,
        "request_permission_to_unmute_participants": false,
        "show_share_button": false,
    });
    let more = match kind {
        Kind::Meeting => json!({
            "alternative_hosts_email_notification": true,
            "cn_meeting": false,
            "device_testing": false,
            "email_notification": true,
            "encryption_type": "enhanced_encryption",
            "focus_mode": false,
            "host_save_video_order": false,
            "in_meeting": false,
            "internal_meeting": false,
            "jbh_time": 0,
            "join_before_host": false,
            "mute_upon_entry": false,
            "participant_focused_meeting": false,
            "participant_video": false,
            "private_meeting": false,
            "push_change_to_calendar": false,
            "use_pmi": false,
            "waiting_room": false,
            "watermark": false,
        }),
        Kind::Webinar => json!({
            "add_watermark": false,
            "hd_video": false,
            "on_demand": false,
            "panelists_invitation_email_notification": true,
            "panelists_video": false,
            "post_webinar_survey": false,
            "practice_session": false,
            "registrants_restrict_number": 0,
        }),
    };
    let mut all = std::mem::take(&mut settings).as_object().cloned().unwrap_or_default();
    all.extend(more.as_object().cloned().unwrap_or_default());
    all
}

/// The settings of a request that are known, each checked; Zoom ignores the rest in silence.
pub(super) fn read(kind: Kind, fields: &mut Fields<'_>) -> Map<String, Value> {
    let own = match kind {
        Kind::Meeting => OF_MEETINGS,
        Kind::Webinar => OF_WEBINARS,
    };
    let mut settings = Map::new();
    for (name, shape) in COMMON.iter().chain(own) {
        let Some(value) = fields.value(name) else { continue };
        if shape.fits(value) {
            settings.insert((*name).to_owned(), value.clone());
        } else {
            fields.refuse(name, "Invalid field.");
        }
    }
    settings
}

/// Puts the changes over what is there. A waiting room turns joining before the host off.
pub(super) fn merge(settings: &mut Map<String, Value>, changes: Map<String, Value>) {
    settings.extend(changes);
    if settings.get("waiting_room") == Some(&Value::Bool(true)) {
        settings.insert("join_before_host".to_owned(), Value::Bool(false));
    }
}

impl Shape {
    fn fits(&self, value: &Value) -> bool {
        match self {
            Self::Flag => value.is_boolean(),
            Self::Number(allowed) => value.as_i64().is_some_and(|number| allowed.contains(&number)),
            Self::Count(most) => value.as_i64().is_some_and(|number| (0..=*most).contains(&number)),
            Self::Word(allowed) => value.as_str().is_some_and(|word| allowed.contains(&word)),
            Self::Text => value.as_str().is_some_and(|text| text.len() <= 2048),
            Self::List => value.is_array(),
            Self::Object => value.is_object(),
        }
    }
}
