//! A change of a connection.

use secrecy::SecretString;
use serde_json::Value;
use shared::domain::connection::Connection;
use shared::domain::ids::HostId;
use shared::domain::settings::{MeetingSettings, PartialSettings};
use shared::http::fields::{Errors, Field, Reader};
use shared::http::{Problem, parse};

use super::auth::{self, Credentials};
use super::hidden::Hidden;
use super::{NAME_LENGTH, defaults, printable, settable, webhook_token};

/// What `PATCH /v1/connections/{id}` takes: a merge patch.
#[derive(Debug)]
pub(crate) struct Change {
    name: Option<String>,
    active: Option<bool>,
    pooled: Option<bool>,
    defaults: Field<PartialSettings>,
    /// `null`: no host is offered first any more.
    pub(crate) default_host_id: Field<HostId>,
    /// New credentials, to be checked before they replace the old.
    pub(crate) credentials: Option<Credentials>,
    /// `null`: webhooks are taken in no more.
    pub(crate) webhook_token: Field<SecretString>,
}

impl Change {
    /// Reads a body.
    pub(crate) fn read(mut body: Value) -> Result<Self, Problem> {
        let mut hidden = Hidden::take(&mut body);
        let errors = Errors::default();
        let read = Reader::body(&body, &errors).map(|reader| {
            let name = reader.field("name", |value| printable(value, NAME_LENGTH));
            let active = reader.field("active", parse::boolean);
            let pooled = reader.field("pooled", parse::boolean);
            let default_host_id = reader.field("default_host_id", parse::parsed);
            let defaults = defaults::read(&reader);
            // `null` would clear it, and a connection cannot be without.
            let given = reader.raw("auth").is_some();
            let credentials = given.then(|| auth::read(&reader, &mut hidden)).flatten();
            let webhook_token = webhook_token::read(&reader, &mut hidden);
            Self {
                name: settable(&reader, "name", name),
                active: settable(&reader, "active", active),
                pooled: match pooled {
                    Field::Null => Some(true),
                    other => other.value(),
                },
                defaults,
                default_host_id,
                credentials,
                webhook_token,
            }
        });
        errors.finish()?;
        read.ok_or_else(|| Problem::internal("a body without a fault could not be read"))
    }

    /// The connection as it is after the change, but for the default host.
    pub(crate) fn apply(&self, connection: &Connection) -> Connection {
        let mut changed = connection.clone();
        if let Some(name) = &self.name {
            changed.name.clone_from(name);
        }
        if let Some(active) = self.active {
            changed.active = active;
        }
        if let Some(pooled) = self.pooled {
            changed.pooled = pooled;
        }
        match self.defaults {
            Field::Absent | Field::Wrong => {}
            Field::Null => changed.defaults = MeetingSettings::default(),
            Field::Value(settings) => changed.defaults = settings.over(connection.defaults),
        }
        changed
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn null_clears_what_can_be_cleared() {
        let change =
            Change::read(json!({"default_host_id": null, "pooled": null, "defaults": null})).unwrap();
        assert_eq!(change.default_host_id, Field::Null);
        assert_eq!(change.pooled, Some(true));
        assert_eq!(change.defaults, Field::Null);
        assert!(Change::read(json!({"name": null})).is_err());
    }

    #[test]
    fn what_cannot_be_changed_is_refused() {
        for body in [
            json!({"auth": {"method": "server_to_server"}}),
            json!({"webhook_secret_token": 7}),
            json!({"auth": null}),
            json!({"owner": "user"}),
            json!({"nmae": "x"}),
            json!([]),
        ] {
            assert!(Change::read(body.clone()).is_err(), "{body}");
        }
    }
}
