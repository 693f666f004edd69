//! The account of a fresh sandbox, whose ids are the same everywhere.

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use super::account::{License, UserStatus};
use super::admin::{self, AllScopes, NewAccount, NewUser, ScopeList};
use super::links;
use super::state::State;
use super::store::StoreError;

pub(super) fn plant(state: &mut State, now: DateTime<Utc>) -> Result<(), StoreError> {
    let account = NewAccount {
        account_id: "sandbox-account".to_owned(),
        client_id: "sandbox-client".to_owned(),
        client_secret: "sandbox-secret".into(),
        scopes: ScopeList::Word(AllScopes::All),
        users: vec![
            user("host1@sandbox.example", "One", License::Licensed),
            user("host2@sandbox.example", "Two", License::Licensed),
            user("free@sandbox.example", "Free", License::Basic),
        ],
        redirect_uri: None,
        code: None,
    };
    admin::upsert(state, account, now).map(drop)
}

fn user(email: &str, last_name: &str, license: License) -> NewUser {
    NewUser {
        id: Some(stable_id(email)),
        email: email.to_owned(),
        license,
        webinar: license == License::Licensed,
        webinar_capacity: None,
        large_meeting_capacity: None,
        first_name: Some("Host".to_owned()),
        last_name: Some(last_name.to_owned()),
        status: UserStatus::Active,
        timezone: None,
    }
}

fn stable_id(email: &str) -> String {
    let digest = Sha256::digest(email.as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    links::url_safe(bytes)
}
