//! The links that lead into a meeting.

use url::Url;

use crate::domain::meeting::ZoomMeeting;
use crate::language::{Language, Message};

/// A button, and what stands about links below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Links {
    /// What the button says.
    pub(super) button: String,
    /// Where the button leads.
    pub(super) url: String,
    /// What to expect there.
    pub(super) note: Option<String>,
    /// What stands before the same link, where the button does not work.
    pub(super) fallback: String,
    /// The link for others, and what stands before it.
    pub(super) forward: Option<(String, String)>,
}

impl Links {
    /// Those of a meeting, to start it for its host, to join it for anyone else; none where Zoom's link is
    /// not one of the web.
    pub(super) fn new(language: Language, kind: &str, zoom: &ZoomMeeting, is_host: bool) -> Option<Self> {
        let say = |key| language.say(&Message::new(key));
        let button = |key| language.say(&Message::new(key).with("kind", kind));
        let join = web(&zoom.join_url)?;
        let start = is_host.then(|| start_page(&join, zoom.id)).flatten();
        let join = zoom.join_url.clone();
        let fallback = say("mail-fallback");
        Some(match start {
            None => Self { button: button("mail-join"), url: join, note: None, fallback, forward: None },
            Some(start) => Self {
                button: button("mail-start"),
                url: start,
                note: Some(language.say(&Message::new("mail-start").attribute("note"))),
                fallback,
                forward: Some((say("mail-forward"), join)),
            },
        })
    }
}

/// Whether a browser opens the link as a page: one of another scheme (`javascript:`) could do harm.
pub(super) fn is_of_the_web(link: &str) -> bool {
    web(link).is_some()
}

fn web(link: &str) -> Option<Url> {
    Url::parse(link).ok().filter(|link| matches!(link.scheme(), "https" | "http"))
}

/// Zoom's page to start a meeting from. It has whoever opens it sign in first, so it gives no one more than
/// they had; the `start_url` that makes anyone the host is never mailed.
fn start_page(join: &Url, number: u64) -> Option<String> {
    join.host_str().map(|host| format!("https://{host}/s/{number}"))
}
