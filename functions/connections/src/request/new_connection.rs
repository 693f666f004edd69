//! A connection to be made.

use secrecy::SecretString;
use serde_json::Value;
use shared::auth::Principal;
use shared::domain::connection::Owner;
use shared::domain::email::Email;
use shared::domain::ids::HostId;
use shared::domain::settings::MeetingSettings;
use shared::http::fields::{Errors, Field, Reader};
use shared::http::{Problem, parse};

use super::auth::{self, Credentials};
use super::hidden::Hidden;
use super::{NAME_LENGTH, defaults, printable, webhook_token};
use crate::shapes::{OwnerKind, Provider};
use shared::verification::Wanted;

/// What `POST /v1/connections` and `POST /v1/connections/verify` take.
#[derive(Debug)]
pub(crate) struct NewConnection {
    pub(crate) name: String,
    pub(crate) owner: Owner,
    pub(crate) credentials: Credentials,
    pub(crate) host_email: Option<Email>,
    pub(crate) default_host_id: Option<HostId>,
    pub(crate) pooled: bool,
    /// The Secret Token of the app's Feature page, by which Zoom's webhooks are told from others.
    pub(crate) webhook_token: Option<SecretString>,
    pub(crate) defaults: MeetingSettings,
}

impl NewConnection {
    /// Reads a body; what `owner` says is not yet allowed to the caller.
    pub(crate) fn read(mut body: Value, principal: &Principal) -> Result<Self, Problem> {
        let mut hidden = Hidden::take(&mut body);
        let errors = Errors::default();
        let read = Reader::body(&body, &errors).and_then(|reader| {
            let name = reader.required("name", |value| printable(value, NAME_LENGTH));
            let provider = reader.required("provider", |value| parse::one_of::<Provider>(value, &["zoom"]));
            let owner = reader
                .required("owner", |value| parse::one_of::<OwnerKind>(value, &["tenant", "user"]))
                .map(|kind| match kind {
                    OwnerKind::Tenant => Owner::Tenant,
                    OwnerKind::User => Owner::User(principal.user.clone()),
                });
            let credentials = auth::read(&reader, &mut hidden);
            let host_email = reader.optional("host_email", parse::parsed);
            let default_host_id = reader.optional("default_host_id", parse::parsed);
            let pooled = reader.optional("pooled", parse::boolean).unwrap_or(true);
            let webhook_token = webhook_token::read(&reader, &mut hidden);
            let defaults = match defaults::read(&reader) {
                Field::Absent | Field::Null => Some(MeetingSettings::default()),
                Field::Wrong => None,
                Field::Value(settings) => Some(settings.over(MeetingSettings::default())),
            };
            let Provider::Zoom = provider?;
            Some(Self {
                name: name?,
                owner: owner?,
                credentials: credentials?,
                host_email,
                default_host_id,
                pooled,
                webhook_token: webhook_token.value(),
                defaults: defaults?,
            })
        });
        errors.finish()?;
        read.ok_or_else(|| Problem::internal("a body without a fault could not be read"))
    }

    /// The host that is to be offered first.
    pub(crate) fn wanted(&self) -> Wanted {
        Wanted::Named { email: self.host_email.clone(), id: self.default_host_id.clone() }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use shared::auth::Role;

    use super::*;

    fn principal() -> Principal {
        Principal {
            tenant: "school".parse().unwrap(),
            user: "u-1".parse().unwrap(),
            roles: [Role::Instructor].into(),
            email: None,
            courses: [].into(),
            locale: None,
        }
    }

    fn body() -> Value {
        json!({
            "name": "Room 1", "provider": "zoom", "owner": "user",
            "auth": {"method": "server_to_server", "account_id": "acc", "client_id": "cli",
                     "client_secret": "a-long-secret-Ab3d"},
        })
    }

    fn errors(body: Value) -> Vec<(String, String)> {
        let problem = NewConnection::read(body, &principal()).unwrap_err();
        let body = problem_body(&problem);
        body["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|error| {
                (error["pointer"].as_str().unwrap().to_owned(), error["code"].as_str().unwrap().to_owned())
            })
            .collect()
    }

    fn problem_body(problem: &Problem) -> Value {
        let response = problem.respond("/v1/connections");
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let bytes = runtime.block_on(axum::body::to_bytes(response.into_body(), usize::MAX)).unwrap();
        serde_json::from_slice(&bytes).unwrap()
    }

    #[test]
    fn what_is_left_out_takes_defaults_and_the_secret_stays_hidden() {
        let new = NewConnection::read(body(), &principal()).unwrap();
        assert!(new.pooled);
        assert_eq!(new.defaults, MeetingSettings::default());
        assert_eq!(new.credentials.hint(), "Ab3d");
        assert!(!format!("{new:?}").contains("a-long-secret"));
    }

    #[test]
    fn every_fault_is_named_at_once() {
        let faults = errors(json!({
            "name": "", "provider": "teams", "colour": 1, "pooled": "yes", "host_email": "x",
            "auth": {"method": "server_to_server", "account_id": 7, "client_id": "a\nb", "secret": "s"},
            "defaults": {"join_before_host": true, "waiting_room": true},
        }));
        let faults: std::collections::BTreeSet<(&str, &str)> =
            faults.iter().map(|(pointer, code)| (pointer.as_str(), code.as_str())).collect();
        let expected = [
            ("/name", "out_of_range"),
            ("/provider", "invalid"),
            ("/owner", "required"),
            ("/colour", "unknown_field"),
            ("/pooled", "wrong_type"),
            ("/host_email", "invalid"),
            ("/auth/account_id", "wrong_type"),
            ("/auth/client_id", "invalid"),
            ("/auth/client_secret", "required"),
            ("/auth/secret", "unknown_field"),
            ("/defaults/waiting_room", "contradiction"),
        ];
        assert_eq!(faults, expected.into_iter().collect());
    }

    #[test]
    fn a_jwt_pair_is_told_what_to_make_instead() {
        let mut body = body();
        body["auth"] = json!({"method": "jwt", "api_key": "k", "api_secret": "s"});
        let problem = NewConnection::read(body, &principal()).unwrap_err();
        let detail = problem_body(&problem)["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains("2023") && detail.contains("Server-to-Server OAuth app"), "{detail}");
    }
}
