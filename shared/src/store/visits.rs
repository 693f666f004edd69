//! Who was in a meeting's sessions: moments and marks of identity, added to sets.
//!
//! Adding to a set is the same in whatever order and however often it is done, and asks for nothing to be read
//! before.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::{AttributeValue, DeleteRequest, WriteRequest};
use chrono::{DateTime, TimeDelta, Utc};

use super::keys::{self, Index, Key};
use super::{Item, Query, Range, Store, StoreError, build, call, key_item, number, text};
use crate::domain::attendance::{Bounds, Identity, Movement, Stay, VisitTold, Visits};
use crate::domain::ids::{MeetingId, TenantId};
use crate::domain::interval::Interval;
use crate::domain::session::SessionTold;

/// A session of which it is to be looked up who was there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionCheck {
    /// Whose meeting.
    pub tenant: TenantId,
    /// Which.
    pub meeting: MeetingId,
    /// Zoom's id of the session.
    pub session: String,
    /// What is known of it.
    pub bounds: Bounds,
    /// How often it was tried already.
    pub tries: u32,
}

/// How long after a session Zoom's own list of who was there is ready.
const UNTIL_LISTED: TimeDelta = TimeDelta::minutes(10);
/// How long after its date, or after its own beginning, a session is looked up of whose end nothing was told.
const AFTER_ITS_DATE: TimeDelta = TimeDelta::minutes(15);
/// How long after its beginning it is looked up at the latest: somebody may have tried the room out days before.
const AT_THE_LATEST: TimeDelta = TimeDelta::hours(6);

const STARTS: &str = "starts";
const ENDS: &str = "ends";
const JOINS: &str = "joins";
const LEAVES: &str = "leaves";
const REGISTRANTS: &str = "registrants";
const CUSTOMER_KEYS: &str = "customer_keys";
const EMAILS: &str = "emails";
const USERS: &str = "users";
const NAMES: &str = "names";
const SESSION: &str = "session";
const CHECKED: &str = "checked";
const HELD_FOR: &str = "held_for";
const TRIES: &str = "tries";

impl Store {
    /// Notes when a session began or ended, and the date that it is held for, where that was not noted before; and
    /// has it looked up once it is over who was there.
    pub async fn note_session(
        &self,
        tenant: &TenantId,
        meeting: &MeetingId,
        told: &SessionTold,
        held_for: Option<Interval>,
        (now, shards): (DateTime<Utc>, u16),
    ) -> Result<(), StoreError> {
        let start = told.start();
        let (moment, due) = if let Some(end) = told.ended_at {
            ((ENDS, moments([end])), now + UNTIL_LISTED)
        } else {
            let over = held_for.map_or(start, |date| date.ends_at.max(start)) + AFTER_ITS_DATE;
            ((STARTS, moments([start])), over.min(start + AT_THE_LATEST))
        };
        let key = keys::session(tenant, meeting, &told.uuid);
        self.add(&key, &told.uuid, held_for, vec![moment]).await?;
        self.note_check(tenant, meeting, &told.uuid, (due, shards), told.ended_at.is_some()).await
    }

    /// Notes that somebody came or left, and the date that they came for, where that was not noted before.
    pub async fn note_visit(
        &self,
        tenant: &TenantId,
        meeting: &MeetingId,
        told: &VisitTold,
        held_for: Option<Interval>,
    ) -> Result<(), StoreError> {
        let moment = match told.movement {
            Movement::Joined(at) => (JOINS, moments([at])),
            Movement::Left(at) => (LEAVES, moments([at])),
        };
        let identity = &told.identity;
        let sets = [
            (REGISTRANTS, &identity.registrants),
            (CUSTOMER_KEYS, &identity.customer_keys),
            (EMAILS, &identity.emails),
            (USERS, &identity.users),
            (NAMES, &identity.names),
        ];
        let sets = sets.into_iter().filter(|(_, set)| !set.is_empty());
        let texts = sets.map(|(name, set)| (name, AttributeValue::Ss(set.iter().cloned().collect())));
        let added = std::iter::once(moment).chain(texts).collect();
        let key = keys::stay(tenant, meeting, &told.session, &told.stay);
        self.add(&key, &told.session, held_for, added).await
    }

    /// Has it looked up at `due` who was in a session, unless that has been done; where another moment is noted,
    /// only if `anew`.
    async fn note_check(
        &self,
        tenant: &TenantId,
        meeting: &MeetingId,
        session: &str,
        (due, shards): (DateTime<Utc>, u16),
        anew: bool,
    ) -> Result<(), StoreError> {
        let (_, partition, place) = Index::Todo.names();
        let shard = keys::shard(meeting.as_str(), shards);
        let update = self
            .client()
            .update_item()
            .table_name(self.table())
            .set_key(Some(key_item(&keys::session(tenant, meeting, session))))
            .update_expression("SET #session = :session, #partition = :partition, #place = :place")
            .condition_expression(if anew {
                "attribute_not_exists(#checked)"
            } else {
                "attribute_not_exists(#checked) AND attribute_not_exists(#place)"
            })
            .expression_attribute_names("#session", SESSION)
            .expression_attribute_names("#checked", CHECKED)
            .expression_attribute_names("#partition", partition)
            .expression_attribute_names("#place", place)
            .expression_attribute_values(":session", AttributeValue::S(session.to_owned()))
            .expression_attribute_values(":partition", AttributeValue::S(keys::todo(shard)))
            .expression_attribute_values(":place", AttributeValue::S(keys::by_time(due, meeting.as_str())));
        match update.send().await {
            Ok(_) => Ok(()),
            Err(error)
                if error.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) =>
            {
                Ok(())
            }
            Err(error) => Err(call("UpdateItem", &error)),
        }
    }

    /// Has it looked up at `due`, and not before, who was in a session, of which it was tried `tries` times by then.
    pub async fn put_off_check(
        &self,
        check: &SessionCheck,
        tries: u32,
        due: DateTime<Utc>,
        shards: u16,
    ) -> Result<(), StoreError> {
        let SessionCheck { tenant, meeting, session, .. } = check;
        let update = self
            .client()
            .update_item()
            .table_name(self.table())
            .set_key(Some(key_item(&keys::session(tenant, meeting, session))))
            .update_expression("SET #tries = :tries")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_names("#tries", TRIES)
            .expression_attribute_values(":tries", number(tries));
        update.send().await.map_err(|error| call("UpdateItem", &error))?;
        self.note_check(tenant, meeting, session, (due, shards), true).await
    }

    /// Notes that who was in a session has been looked up, and whether Zoom had a list.
    pub async fn note_checked(&self, check: &SessionCheck, is_listed: bool) -> Result<(), StoreError> {
        let SessionCheck { tenant, meeting, session, .. } = check;
        let (_, partition, place) = Index::Todo.names();
        let update = self
            .client()
            .update_item()
            .table_name(self.table())
            .set_key(Some(key_item(&keys::session(tenant, meeting, session))))
            .update_expression("SET #session = :session, #checked = :checked REMOVE #partition, #place")
            .expression_attribute_names("#session", SESSION)
            .expression_attribute_names("#checked", CHECKED)
            .expression_attribute_names("#partition", partition)
            .expression_attribute_names("#place", place)
            .expression_attribute_values(":session", AttributeValue::S(session.clone()))
            .expression_attribute_values(":checked", AttributeValue::Bool(is_listed));
        update.send().await.map_err(|error| call("UpdateItem", &error))?;
        Ok(())
    }

    /// Deletes all that is known of a meeting's sessions: who was there, and recordings.
    pub async fn forget_sessions(&self, tenant: &TenantId, meeting: &MeetingId) -> Result<(), StoreError> {
        for prefix in [keys::VISITS, keys::RECORDINGS] {
            loop {
                let query = Query {
                    index: None,
                    partition: keys::meeting(tenant, meeting).pk,
                    range: Range::Prefix(prefix.to_owned()),
                    ascending: true,
                    limit: None,
                    after: None,
                    filter: None,
                };
                let items = self.query(query).await?.items;
                if items.is_empty() {
                    break;
                }
                let mut writes = Vec::with_capacity(items.len());
                for item in &items {
                    let key = Key { pk: text(item, "pk")?, sk: text(item, "sk")? };
                    let delete = DeleteRequest::builder().set_key(Some(key_item(&key))).build();
                    let delete = delete.map_err(|error| build(&error))?;
                    writes.push(WriteRequest::builder().delete_request(delete).build());
                }
                self.batch_write(writes).await?;
            }
        }
        Ok(())
    }

    async fn add(
        &self,
        key: &Key,
        session: &str,
        held_for: Option<Interval>,
        sets: Vec<(&'static str, AttributeValue)>,
    ) -> Result<(), StoreError> {
        let names = sets.iter().map(|(name, _)| format!("#{name} :{name}"));
        let added = names.collect::<Vec<_>>().join(", ");
        let held = if held_for.is_some() {
            format!(", #{HELD_FOR} = if_not_exists(#{HELD_FOR}, :{HELD_FOR})")
        } else {
            String::new()
        };
        let expression = format!("SET #{SESSION} = :{SESSION}{held} ADD {added}");
        let mut update = self
            .client()
            .update_item()
            .table_name(self.table())
            .set_key(Some(key_item(key)))
            .update_expression(expression)
            .expression_attribute_names(format!("#{SESSION}"), SESSION)
            .expression_attribute_values(format!(":{SESSION}"), AttributeValue::S(session.to_owned()));
        if let Some(held_for) = held_for {
            update = update
                .expression_attribute_names(format!("#{HELD_FOR}"), HELD_FOR)
                .expression_attribute_values(
                    format!(":{HELD_FOR}"),
                    serde_dynamo::to_attribute_value(held_for)?,
                );
        }
        for (name, value) in sets {
            update = update
                .expression_attribute_names(format!("#{name}"), name)
                .expression_attribute_values(format!(":{name}"), value);
        }
        update.send().await.map_err(|error| call("UpdateItem", &error))?;
        Ok(())
    }

    /// All that is known of who was in a meeting's sessions.
    pub async fn visits(&self, tenant: &TenantId, meeting: &MeetingId) -> Result<Visits, StoreError> {
        let mut visits = Visits::default();
        let mut after = None;
        loop {
            let query = Query {
                index: None,
                partition: keys::meeting(tenant, meeting).pk,
                range: Range::Prefix(keys::VISITS.to_owned()),
                ascending: true,
                limit: None,
                after,
                filter: None,
            };
            let page = self.query(query).await?;
            for item in &page.items {
                let session = text(item, SESSION)?;
                // What is told of a session may be less than what is told of who was there.
                let bounds = visits.sessions.entry(session.clone()).or_default();
                if item.contains_key(JOINS) || item.contains_key(LEAVES) {
                    visits.stays.push(stay(item, session)?);
                } else {
                    *bounds = self::bounds(item)?;
                }
            }
            after = page.next;
            if after.is_none() {
                return Ok(visits);
            }
        }
    }
}

/// The session of an item that says that it is to be looked up.
pub(super) fn session_check(item: &Item) -> Result<SessionCheck, StoreError> {
    let owner = keys::meeting_of(&text(item, "pk")?);
    let (tenant, meeting) = owner
        .ok_or_else(|| StoreError::Unreadable(serde::de::Error::custom("a session is of no meeting")))?;
    let tries = item.get(TRIES).and_then(|value| value.as_n().ok()).and_then(|tries| tries.parse().ok());
    Ok(SessionCheck {
        tenant,
        meeting,
        session: text(item, SESSION)?,
        bounds: bounds(item)?,
        tries: tries.unwrap_or_default(),
    })
}

fn bounds(item: &Item) -> Result<Bounds, StoreError> {
    Ok(Bounds {
        starts: read_moments(item, STARTS),
        ends: read_moments(item, ENDS),
        held_for: held_for(item)?,
        is_checked: item.get(CHECKED) == Some(&AttributeValue::Bool(true)),
    })
}

fn held_for(item: &Item) -> Result<Option<Interval>, StoreError> {
    Ok(item.get(HELD_FOR).cloned().map(serde_dynamo::from_attribute_value).transpose()?)
}

fn stay(item: &Item, session: String) -> Result<Stay, StoreError> {
    let set = |name| -> BTreeSet<String> {
        let texts = item.get(name).and_then(|value| value.as_ss().ok());
        texts.into_iter().flatten().cloned().collect()
    };
    Ok(Stay {
        session,
        held_for: held_for(item)?,
        identity: Identity {
            registrants: set(REGISTRANTS),
            customer_keys: set(CUSTOMER_KEYS),
            emails: set(EMAILS),
            users: set(USERS),
            names: set(NAMES),
        },
        joins: read_moments(item, JOINS),
        leaves: read_moments(item, LEAVES),
    })
}

fn moments(moments: impl IntoIterator<Item = DateTime<Utc>>) -> AttributeValue {
    AttributeValue::Ns(moments.into_iter().map(|at| at.timestamp_millis().to_string()).collect())
}

fn read_moments(item: &Item, name: &str) -> BTreeSet<DateTime<Utc>> {
    let numbers = item.get(name).and_then(|value| value.as_ns().ok()).into_iter().flatten();
    numbers.filter_map(|number| DateTime::from_timestamp_millis(number.parse().ok()?)).collect()
}
