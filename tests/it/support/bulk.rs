//! Stacks that hold very much, loaded straight into the file that they keep their table in.

use std::collections::HashMap;
use std::path::Path;

use aws_sdk_dynamodb::types::AttributeValue;
use dynoxide::{Database, ImportOptions};
use local::Options;
use shared::deps::Deps;

use super::App;

/// How many things are loaded at a time.
const LOADED_AT_A_TIME: usize = 5_000;

/// An item, as the embedded engine has it.
pub(crate) type Item = HashMap<String, dynoxide::AttributeValue>;

/// A stack over `data` whose table holds the items of `count` things.
pub(crate) async fn stack_holding(
    data: &Path,
    count: usize,
    items: impl Fn(&Deps, usize) -> Vec<Item> + Send + 'static,
) -> App {
    let options = || Options { data: Some(data.to_owned()), ..Options::memory() };
    let app = App::with(options()).await;
    let deps = app.deps();
    app.stack.stop().await;
    let database = Database::new(&data.join("dynamodb.sqlite").to_string_lossy()).unwrap();
    database.enable_bulk_loading().unwrap();
    // One thread makes the items while the other writes them.
    let (sender, receiver) = std::sync::mpsc::sync_channel(2);
    let maker = std::thread::spawn(move || {
        for first in (0..count).step_by(LOADED_AT_A_TIME) {
            let numbers = first..count.min(first + LOADED_AT_A_TIME);
            sender.send(numbers.flat_map(|n| items(&deps, n)).collect::<Vec<Item>>()).unwrap();
        }
    });
    for items in receiver {
        database.import_items("lectern", items, ImportOptions::default()).unwrap();
    }
    maker.join().unwrap();
    database.disable_bulk_loading().unwrap();
    drop(database);
    App::with(options()).await
}

/// The same item, as the embedded engine has it.
pub(crate) fn embedded(item: shared::store::Item) -> Item {
    item.into_iter().map(|(name, value)| (name, value_of(value))).collect()
}

fn value_of(value: AttributeValue) -> dynoxide::AttributeValue {
    match value {
        AttributeValue::S(text) => dynoxide::AttributeValue::S(text),
        AttributeValue::N(number) => dynoxide::AttributeValue::N(number),
        AttributeValue::Bool(truth) => dynoxide::AttributeValue::BOOL(truth),
        AttributeValue::Null(null) => dynoxide::AttributeValue::NULL(null),
        AttributeValue::L(list) => dynoxide::AttributeValue::L(list.into_iter().map(value_of).collect()),
        AttributeValue::M(map) => dynoxide::AttributeValue::M(embedded(map)),
        other => panic!("the store writes no {other:?}"),
    }
}
