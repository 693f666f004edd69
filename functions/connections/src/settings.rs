//! A tenant's settings in requests and replies.

use serde::Serialize;
use serde_json::Value;
use shared::domain::offset::{InvalidOffset, ReminderOffset};
use shared::http::fields::{Errors, Fault, Field, Reader};
use shared::http::problem::FieldCode;
use shared::http::{Problem, parse};
use shared::platform::{EndpointError, Reach, SigningSecret};
use shared::store::settings::{EmailSettings, TenantSettings};
use utoipa::ToSchema;

use crate::webhook::{self, Wanted, WebhookShape};

/// The longest gap between two meetings of a host: a day.
const MOST_BUFFER_MINUTES: u16 = 1440;
/// How many reminders a meeting has at most.
const MOST_REMINDERS: usize = 10;
/// The longest tag of a language that is in use has 35 characters (RFC 5646, 4.4.1).
const LONGEST_LOCALE: usize = 35;

/// What a tenant has set. In a request, what is left out takes its default.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Settings)]
pub(crate) struct SettingsShape {
    /// The minutes that stay free between two meetings of a host.
    #[schema(minimum = 0, maximum = 1440, default = 0)]
    buffer_minutes: u16,
    /// When reminders go out, where a meeting does not say: `PT5M` to `P30D`.
    #[schema(max_items = 10, example = json!(["P1D", "PT1H"]))]
    default_reminders: Vec<String>,
    /// Mails.
    email: EmailShape,
    /// Where the learning platform is told of what happens; `null`: nowhere.
    webhook: Option<WebhookShape>,
    /// The language (BCP 47) of mails to people whose own is not known.
    #[schema(default = "en", max_length = 35)]
    locale: String,
}

/// A tenant's mails.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EmailSettings)]
struct EmailShape {
    /// Whether they go out at all.
    #[schema(default = true)]
    enabled: bool,
    /// The sender: one of the deployment's; `null`: its usual one.
    from: Option<String>,
}

impl SettingsShape {
    /// The settings as callers see them; with the webhook's secret where this is the reply that shows it.
    pub(crate) fn new(settings: &TenantSettings, secret: Option<SigningSecret>) -> Self {
        Self {
            buffer_minutes: settings.buffer_minutes,
            default_reminders: settings.default_reminders.iter().map(ToString::to_string).collect(),
            email: EmailShape { enabled: settings.email.enabled, from: settings.email.from.clone() },
            webhook: settings.webhook.as_ref().map(|webhook| WebhookShape::new(webhook, secret)),
            locale: settings.locale.clone(),
        }
    }
}

/// What a deployment allows tenants.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Allowed<'a> {
    /// The address that it sends from.
    pub(crate) sender: &'a str,
    /// Where it posts events to.
    pub(crate) reach: Reach,
}

/// Reads settings, and the webhook beside them, which the settings do not hold yet; `unreachable` is what was
/// found of its address.
pub(crate) fn read(
    body: &Value,
    allowed: Allowed<'_>,
    unreachable: Option<EndpointError>,
) -> Result<(TenantSettings, Option<Wanted>), Problem> {
    let errors = Errors::default();
    let first = TenantSettings::default();
    let settings = Reader::body(body, &errors).map(|reader| {
        let buffer =
            reader.optional("buffer_minutes", |value| parse::integer(value, 0..=MOST_BUFFER_MINUTES));
        let reminders = read_reminders(&reader);
        let email = read_email(&reader, allowed.sender);
        let webhook = webhook::read(&reader, allowed.reach, unreachable);
        let locale = reader.optional("locale", locale);
        let settings = TenantSettings {
            buffer_minutes: buffer.unwrap_or(first.buffer_minutes),
            default_reminders: reminders.unwrap_or(first.default_reminders),
            email: email.unwrap_or(first.email),
            webhook: None,
            locale: locale.unwrap_or(first.locale),
            version: 0,
        };
        (settings, webhook)
    });
    errors.finish()?;
    settings.ok_or_else(|| Problem::internal("a body without a fault could not be read"))
}

fn read_reminders(reader: &Reader<'_>) -> Option<Vec<ReminderOffset>> {
    let mut seen: Vec<ReminderOffset> = Vec::new();
    let read = reader.array("default_reminders", MOST_REMINDERS, |value, pointer| {
        let offset = read_offset(value).and_then(|offset| {
            if seen.contains(&offset) {
                return Err(Fault::new(FieldCode::NotUnique, "stands in the list twice"));
            }
            seen.push(offset);
            Ok(offset)
        });
        match offset {
            Ok(offset) => Some(offset),
            Err(fault) => {
                reader.errors().add(pointer, fault);
                None
            }
        }
    });
    match read {
        Field::Value(offsets) => Some(offsets),
        Field::Absent | Field::Null | Field::Wrong => None,
    }
}

fn read_offset(value: &Value) -> Result<ReminderOffset, Fault> {
    parse::text(value, 0..=usize::MAX)?.parse().map_err(|error: InvalidOffset| match error {
        InvalidOffset::Form => Fault::invalid(error.to_string()),
        InvalidOffset::Range => Fault::new(FieldCode::OutOfRange, error.to_string()),
    })
}

fn read_email(reader: &Reader<'_>, sender: &str) -> Option<EmailSettings> {
    let email = reader.object("email")?;
    let enabled = email.optional("enabled", parse::boolean);
    let from = email.optional("from", |value| {
        let from = parse::text(value, 1..=320)?;
        if [sender, address_in(sender)].iter().any(|ours| from.eq_ignore_ascii_case(ours)) {
            return Ok(from);
        }
        Err(Fault::invalid(format!("must be null or an address that this deployment sends from: {sender}")))
    });
    Some(EmailSettings { enabled: enabled.unwrap_or(EmailSettings::default().enabled), from })
}

/// The address in `Name <address>`, or the whole where there is no name.
fn address_in(sender: &str) -> &str {
    let named = sender.rsplit_once('<').and_then(|(_, rest)| rest.strip_suffix('>'));
    named.unwrap_or(sender)
}

fn locale(value: &Value) -> Result<String, Fault> {
    let text = parse::text(value, 1..=LONGEST_LOCALE)?;
    let mut subtags = text.split('-');
    let letters = |tag: &str| (2..=8).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_alphabetic());
    let further = |tag: &str| (1..=8).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_alphanumeric());
    if subtags.next().is_some_and(letters) && subtags.all(further) {
        return Ok(text);
    }
    Err(Fault::invalid("must be the tag of a language, like `en` or `pt-BR`"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const SENDER: &str = "lectern@school.example";

    fn read_by(body: &Value, sender: &str) -> Result<TenantSettings, Problem> {
        let allowed = Allowed { sender, reach: Reach::Public };
        super::read(body, allowed, None).map(|(settings, _)| settings)
    }

    fn read(body: &Value) -> Result<TenantSettings, Problem> {
        read_by(body, SENDER)
    }

    #[test]
    fn what_is_left_out_takes_its_default() {
        let settings = read(&json!({})).unwrap();
        assert_eq!(settings, TenantSettings::default());
        let shape = serde_json::to_value(SettingsShape::new(&settings, None)).unwrap();
        let expected = json!({
            "buffer_minutes": 0, "default_reminders": ["P1D", "PT1H"],
            "email": {"enabled": true, "from": null}, "webhook": null, "locale": "en",
        });
        assert_eq!(shape, expected);
    }

    #[test]
    fn what_is_given_is_kept_and_normalised() {
        let body = json!({
            "buffer_minutes": 10, "default_reminders": ["PT90M"], "locale": "pt-BR",
            "email": {"enabled": false, "from": SENDER}, "webhook": null,
        });
        let settings = read(&body).unwrap();
        assert_eq!(settings.default_reminders[0].to_string(), "PT1H30M");
        assert_eq!(settings.email, EmailSettings { enabled: false, from: Some(SENDER.to_owned()) });
    }

    #[test]
    fn a_sender_is_known_with_its_name_and_without() {
        let sender = "Lectern <lectern@school.example>";
        for from in [sender, SENDER] {
            let settings = read_by(&json!({"email": {"from": from}}), sender).unwrap();
            assert_eq!(settings.email.from.as_deref(), Some(from));
        }
        assert!(read_by(&json!({"email": {"from": "lectern"}}), sender).is_err());
    }

    #[test]
    fn what_cannot_be_is_refused() {
        for wrong in [
            json!({"buffer_minutes": 1441}),
            json!({"default_reminders": ["PT1H", "PT60M"]}),
            json!({"default_reminders": ["P1W"]}),
            json!({"email": {"from": "else@school.example"}}),
            json!({"webhook": {}}),
            json!({"webhook": {"url": "http://lms.example"}}),
            json!({"webhook": {"url": "https://127.0.0.1"}}),
            json!({"webhook": {"url": "https://lms.example", "secret": "mine"}}),
            json!({"locale": "english!"}),
            json!({"colour": "red"}),
            json!("x"),
        ] {
            assert!(read(&wrong).is_err(), "{wrong}");
        }
    }
}
