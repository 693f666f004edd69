//! The ceiling: the very transactions that a booking writes, and nothing else.
//!
//! They are recorded from one booking, on a host that has others in the same block of its ledger, and sent
//! again under other ids: the same actions, the same bytes, the same conditions, which hold. Each worker has
//! a host of its own, whose ledger's version it knows, so that none loses a race.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{AttributeValue, ConditionCheck, Delete, Put, TransactWriteItem, Update};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::rooms::Rooms;
use crate::shares::recorded;
use crate::support::recorder::Passed;

/// What a booking writes.
#[derive(Debug, Clone)]
pub(crate) struct Ceiling {
    client: Client,
    transactions: Vec<String>,
    meeting: String,
    host: String,
    number: String,
    version: u64,
    /// The ledger's block as it is after the booking.
    block: HashMap<String, AttributeValue>,
    /// What a booking only checks, in the order in which it does.
    checked: Vec<HashMap<String, AttributeValue>>,
}

/// The transactions of one booking under ids of its own, ready to be sent.
pub(crate) type Ready = Vec<Vec<TransactWriteItem>>;

impl Ceiling {
    /// Records a booking on a host that has `others` in the same block.
    pub(crate) async fn record(others: usize) -> Self {
        let (rooms, recorder) = recorded(Rooms::open(1).await).await;
        // A few days are left of the block in which the tests begin.
        let first = 40;
        for n in 0..others {
            rooms.book(first + n).await;
        }
        recorder.take();
        let booked = rooms.book(first + others).await;
        let is_transaction = |passed: &Passed| passed.operation == "TransactWriteItems";
        let transactions: Vec<Value> =
            recorder.take().into_iter().filter(is_transaction).map(|passed| passed.body).collect();
        let ledger = transactions.iter().flat_map(actions).find(is_ledger).unwrap();
        let values = &ledger["Update"]["ExpressionAttributeValues"];
        let version: u64 = values[":next"]["N"].as_str().unwrap().parse().unwrap();
        assert_eq!(version, u64::try_from(others).unwrap() + 1, "the others are in another block");
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let client = Client::new(rooms.app.stack.aws());
        let get = async |key: &Value| {
            let get = client.get_item().table_name("lectern").set_key(Some(item(key))).consistent_read(true);
            get.send().await.unwrap().item.unwrap()
        };
        let mut checked = Vec::new();
        for key in checked_keys(&transactions) {
            checked.push(get(&key).await);
        }
        Self {
            block: get(&ledger["Update"]["Key"]).await,
            checked,
            client,
            meeting: text(&booked["id"]),
            host: text(&booked["host"]["host_id"]),
            number: text(&booked["zoom_meeting_id"]),
            version: version - 1,
            transactions: transactions.iter().map(Value::to_string).collect(),
        }
    }

    /// How many actions and bytes the transactions have.
    pub(crate) fn size(&self) -> String {
        let size = |text: &String| {
            let actions = actions(&serde_json::from_str(text).unwrap()).len();
            format!("{actions} actions, {} bytes", text.len())
        };
        self.transactions.iter().map(size).collect::<Vec<_>>().join("; ")
    }

    /// The same engine elsewhere.
    pub(crate) fn on(&self, rooms: &Rooms) -> Self {
        Self { client: Client::new(rooms.app.stack.aws()), ..self.clone() }
    }

    /// Gives a worker its host: what a booking checks, and the ledger's block as it was before it.
    pub(crate) async fn prepare(&self, worker: usize) {
        let transactions: Vec<Value> =
            self.transactions.iter().map(|text| self.renamed(text, worker, 0)).collect();
        let ledger = transactions.iter().flat_map(actions).find(is_ledger).unwrap();
        let mut block = self.block.clone();
        block.insert("version".to_owned(), AttributeValue::N(self.version.to_string()));
        let mut items = vec![(block, ledger["Update"]["Key"].clone())];
        items.extend(self.checked.iter().cloned().zip(checked_keys(&transactions)));
        for (mut item, key) in items {
            item.extend(self::item(&key));
            self.client.put_item().table_name("lectern").set_item(Some(item)).send().await.unwrap();
        }
    }

    /// The transactions of a worker's n-th round; `id` is new each time.
    pub(crate) fn ready(&self, worker: usize, round: u64, id: u64) -> Ready {
        let build = |text: &String| {
            let mut actions = actions(&self.renamed(text, worker, id));
            for action in actions.iter_mut().filter(|action| is_ledger(action)) {
                let version = self.version + round;
                let values = &mut action["Update"]["ExpressionAttributeValues"];
                values[":next"]["N"] = (version + 1).to_string().into();
                values[":version"]["N"] = version.to_string().into();
            }
            actions.iter().map(write).collect()
        };
        self.transactions.iter().map(build).collect()
    }

    /// Sends the transactions of one round, one after another as a booking does.
    pub(crate) async fn send(&self, ready: Ready) {
        for writes in ready {
            self.client.transact_write_items().set_transact_items(Some(writes)).send().await.unwrap();
        }
    }

    /// A transaction under other ids of the same length.
    fn renamed(&self, text: &str, worker: usize, id: u64) -> Value {
        let tail = |old: &str, new: String| format!("{}{new}", &old[..old.len() - new.len()]);
        let text = text
            .replace(&self.meeting, &tail(&self.meeting, format!("{id:012x}")))
            .replace(&self.host, &tail(&self.host, format!("{worker:04}")))
            .replace(&self.number, &tail(&self.number, format!("{id:09}")));
        serde_json::from_str(&text).unwrap()
    }
}

fn actions(transaction: &Value) -> Vec<Value> {
    transaction["TransactItems"].as_array().unwrap().clone()
}

/// The keys of what transactions only check.
fn checked_keys(transactions: &[Value]) -> Vec<Value> {
    let actions = transactions.iter().flat_map(actions);
    actions.map(|action| action["ConditionCheck"]["Key"].clone()).filter(|key| !key.is_null()).collect()
}

/// Whether an action writes a block of a host's ledger.
fn is_ledger(action: &Value) -> bool {
    action["Update"]["Key"]["sk"]["S"].as_str().is_some_and(|key| key.starts_with("P#"))
}

fn write(action: &Value) -> TransactWriteItem {
    let (kind, body) = action.as_object().unwrap().iter().next().unwrap();
    let text = |name: &str| body[name].as_str().map(str::to_owned);
    let map = |name: &str| body.get(name).filter(|map| !map.is_null()).map(item);
    let names = body["ExpressionAttributeNames"].as_object().map(|names| {
        let name = |(key, name): (&String, &Value)| (key.clone(), name.as_str().unwrap().to_owned());
        names.iter().map(name).collect::<HashMap<_, _>>()
    });
    let values = map("ExpressionAttributeValues");
    let write = TransactWriteItem::builder();
    macro_rules! conditioned {
        ($builder:expr) => {
            $builder
                .set_table_name(text("TableName"))
                .set_condition_expression(text("ConditionExpression"))
                .set_expression_attribute_names(names)
                .set_expression_attribute_values(values)
                .build()
                .unwrap()
        };
    }
    match kind.as_str() {
        "Put" => write.put(conditioned!(Put::builder().set_item(map("Item")))),
        "Delete" => write.delete(conditioned!(Delete::builder().set_key(map("Key")))),
        "ConditionCheck" => {
            write.condition_check(conditioned!(ConditionCheck::builder().set_key(map("Key"))))
        }
        "Update" => write.update(conditioned!(
            Update::builder().set_key(map("Key")).set_update_expression(text("UpdateExpression"))
        )),
        other => panic!("{other} is no action of a transaction"),
    }
    .build()
}

fn item(value: &Value) -> HashMap<String, AttributeValue> {
    value.as_object().unwrap().iter().map(|(name, value)| (name.clone(), attribute(value))).collect()
}

fn attribute(value: &Value) -> AttributeValue {
    let (kind, value) = value.as_object().unwrap().iter().next().unwrap();
    match kind.as_str() {
        "S" => AttributeValue::S(value.as_str().unwrap().to_owned()),
        "N" => AttributeValue::N(value.as_str().unwrap().to_owned()),
        "B" => AttributeValue::B(Blob::new(STANDARD.decode(value.as_str().unwrap()).unwrap())),
        "BOOL" => AttributeValue::Bool(value.as_bool().unwrap()),
        "NULL" => AttributeValue::Null(true),
        "L" => AttributeValue::L(value.as_array().unwrap().iter().map(attribute).collect()),
        "M" => AttributeValue::M(item(value)),
        other => panic!("{other} is not among the types that items have"),
    }
}
