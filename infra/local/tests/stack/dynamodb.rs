//! The table, and the conditions and transactions that bookings lean on.

use std::collections::HashMap;

use aws_sdk_dynamodb::operation::query::QueryOutput;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{
    AttributeValue, Delete, KeysAndAttributes, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem,
};

use crate::support::Local;

const TABLE: &str = "lectern";

type Item = HashMap<String, AttributeValue>;

fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

fn key(pk: &str, sk: &str) -> Item {
    HashMap::from([("pk".to_owned(), text(pk)), ("sk".to_owned(), text(sk))])
}

fn item(pk: &str, sk: &str, version: u32) -> Item {
    let mut item = key(pk, sk);
    item.insert("version".to_owned(), AttributeValue::N(version.to_string()));
    item
}

fn put_at_version(item: Item, version: u32) -> TransactWriteItem {
    let put = Put::builder()
        .table_name(TABLE)
        .set_item(Some(item))
        .condition_expression("attribute_not_exists(pk) OR version = :version")
        .expression_attribute_values(":version", AttributeValue::N(version.to_string()))
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
        .build()
        .unwrap();
    TransactWriteItem::builder().put(put).build()
}

#[tokio::test]
async fn table_has_its_indexes_and_time_to_live() {
    let local = Local::start().await;
    let client = local.dynamodb();
    let table = client.describe_table().table_name(TABLE).send().await.unwrap().table.unwrap();
    let mut indexes: Vec<_> =
        table.global_secondary_indexes().iter().filter_map(|index| index.index_name()).collect();
    indexes.sort_unstable();
    assert_eq!(indexes, ["ended", "todo", "upcoming", "wake"]);
    let time_to_live = client.describe_time_to_live().table_name(TABLE).send().await.unwrap();
    let described = time_to_live.time_to_live_description.unwrap();
    assert_eq!(described.attribute_name(), Some("expires_at"));
    local.stack.stop().await;
}

#[tokio::test]
async fn lost_transaction_writes_nothing_and_shows_what_stood() {
    let local = Local::start().await;
    let client = local.dynamodb();
    client.put_item().table_name(TABLE).set_item(Some(item("h", "1", 2))).send().await.unwrap();
    let error = client
        .transact_write_items()
        .transact_items(put_at_version(item("h", "0", 1), 0))
        .transact_items(put_at_version(item("h", "1", 2), 1))
        .send()
        .await
        .unwrap_err()
        .into_service_error();
    let reasons = match &error {
        TransactWriteItemsError::TransactionCanceledException(cancelled) => cancelled.cancellation_reasons(),
        other => panic!("{other:?}"),
    };
    assert_eq!(reasons[0].code(), Some("None"));
    assert_eq!(reasons[1].code(), Some("ConditionalCheckFailed"));
    assert_eq!(reasons[1].item(), Some(&item("h", "1", 2)));
    let first = client.get_item().table_name(TABLE).set_key(Some(key("h", "0"))).send().await.unwrap();
    assert_eq!(first.item, None);
    local.stack.stop().await;
}

#[tokio::test]
async fn transaction_of_a_hundred_items_near_the_limit_in_size_works() {
    let local = Local::start().await;
    let client = local.dynamodb();
    let filler = "x".repeat(40_000);
    let writes = (0..100).map(|position| {
        let mut item = item("bulk", &format!("{position:03}"), 1);
        item.insert("filler".to_owned(), text(filler.clone()));
        put_at_version(item, 0)
    });
    client.transact_write_items().set_transact_items(Some(writes.collect())).send().await.unwrap();
    let count = client
        .query()
        .table_name(TABLE)
        .key_condition_expression("pk = :pk")
        .expression_attribute_values(":pk", text("bulk"))
        .projection_expression("sk")
        .into_paginator()
        .items()
        .send()
        .collect::<Result<Vec<_>, _>>()
        .await
        .unwrap()
        .len();
    assert_eq!(count, 100);
    let too_many = (0..101)
        .map(|position| put_at_version(item("more", &position.to_string(), 1), 0))
        .collect::<Vec<_>>();
    client.transact_write_items().set_transact_items(Some(too_many)).send().await.unwrap_err();
    local.stack.stop().await;
}

#[tokio::test]
async fn transaction_over_four_megabytes_and_item_over_400_kilobytes_are_refused() {
    let local = Local::start().await;
    let client = local.dynamodb();
    let mut large = item("large", "0", 1);
    large.insert("filler".to_owned(), text("x".repeat(400 * 1024)));
    client.put_item().table_name(TABLE).set_item(Some(large)).send().await.unwrap_err();
    let writes = (0..12).map(|position| {
        let mut item = item("large", &position.to_string(), 1);
        item.insert("filler".to_owned(), text("x".repeat(380 * 1024)));
        put_at_version(item, 0)
    });
    client.transact_write_items().set_transact_items(Some(writes.collect())).send().await.unwrap_err();
    local.stack.stop().await;
}

#[tokio::test]
async fn transaction_naming_one_item_twice_is_refused() {
    let local = Local::start().await;
    let delete = Delete::builder().table_name(TABLE).set_key(Some(key("a", "1"))).build().unwrap();
    let error = local
        .dynamodb()
        .transact_write_items()
        .transact_items(put_at_version(item("a", "1", 1), 0))
        .transact_items(TransactWriteItem::builder().delete(delete).build())
        .send()
        .await
        .unwrap_err();
    let code = aws_sdk_dynamodb::error::ProvideErrorMetadata::code(&error).map(str::to_owned);
    assert_eq!(code.as_deref(), Some("ValidationException"));
    local.stack.stop().await;
}

#[tokio::test]
async fn transaction_sent_again_with_its_token_is_done_once() {
    let local = Local::start().await;
    let client = local.dynamodb();
    let update = aws_sdk_dynamodb::types::Update::builder()
        .table_name(TABLE)
        .set_key(Some(key("counter", "1")))
        .update_expression("ADD bookings :one")
        .expression_attribute_values(":one", AttributeValue::N("1".to_owned()))
        .build()
        .unwrap();
    for _ in 0..2 {
        client
            .transact_write_items()
            .client_request_token("the-same-token")
            .transact_items(TransactWriteItem::builder().update(update.clone()).build())
            .send()
            .await
            .unwrap();
    }
    let kept = client.get_item().table_name(TABLE).set_key(Some(key("counter", "1"))).send().await.unwrap();
    assert_eq!(kept.item.unwrap()["bookings"], AttributeValue::N("1".to_owned()));
    local.stack.stop().await;
}

#[tokio::test]
async fn failed_conditions_of_single_writes_show_what_stood() {
    let local = Local::start().await;
    let client = local.dynamodb();
    let stood = item("h", "1", 2);
    client.put_item().table_name(TABLE).set_item(Some(stood.clone())).send().await.unwrap();
    let put = client
        .put_item()
        .table_name(TABLE)
        .set_item(Some(item("h", "1", 3)))
        .condition_expression("attribute_not_exists(pk)")
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
        .send()
        .await
        .unwrap_err()
        .into_service_error();
    let update = client
        .update_item()
        .table_name(TABLE)
        .set_key(Some(key("h", "1")))
        .update_expression("SET version = :next")
        .condition_expression("version = :version")
        .expression_attribute_values(":next", AttributeValue::N("4".to_owned()))
        .expression_attribute_values(":version", AttributeValue::N("3".to_owned()))
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
        .send()
        .await
        .unwrap_err()
        .into_service_error();
    let aws_sdk_dynamodb::operation::put_item::PutItemError::ConditionalCheckFailedException(put) = put
    else {
        panic!("{put:?}")
    };
    let aws_sdk_dynamodb::operation::update_item::UpdateItemError::ConditionalCheckFailedException(update) =
        update
    else {
        panic!("{update:?}")
    };
    assert_eq!(put.item(), Some(&stood));
    assert_eq!(update.item(), Some(&stood));
    local.stack.stop().await;
}

#[tokio::test]
async fn reads_many_items_at_once() {
    let local = Local::start().await;
    let client = local.dynamodb();
    for sk in ["1", "2"] {
        client.put_item().table_name(TABLE).set_item(Some(item("h", sk, 1))).send().await.unwrap();
    }
    let wanted = KeysAndAttributes::builder()
        .set_keys(Some(vec![key("h", "1"), key("h", "2"), key("h", "3")]))
        .consistent_read(true)
        .build()
        .unwrap();
    let read = client.batch_get_item().request_items(TABLE, wanted).send().await.unwrap();
    assert_eq!(read.responses.unwrap()[TABLE].len(), 2);
    local.stack.stop().await;
}

#[tokio::test]
async fn sparse_index_holds_what_names_it_in_order_page_by_page() {
    let local = Local::start().await;
    let client = local.dynamodb();
    for position in [3, 1, 2] {
        let mut item = item("meeting", &position.to_string(), 1);
        item.insert("u_pk".to_owned(), text("t#school"));
        item.insert("u_sk".to_owned(), text(format!("2027-01-0{position}")));
        client.put_item().table_name(TABLE).set_item(Some(item)).send().await.unwrap();
    }
    client.put_item().table_name(TABLE).set_item(Some(item("meeting", "9", 1))).send().await.unwrap();
    let pages = client
        .query()
        .table_name(TABLE)
        .index_name("upcoming")
        .key_condition_expression("u_pk = :pk AND u_sk >= :from")
        .expression_attribute_values(":pk", text("t#school"))
        .expression_attribute_values(":from", text("2027-01-01"))
        .limit(2)
        .into_paginator()
        .send()
        .collect::<Result<Vec<_>, _>>()
        .await
        .unwrap();
    let found: Vec<_> = pages.iter().flat_map(QueryOutput::items).map(|item| item["sk"].clone()).collect();
    assert_eq!(found, [text("1"), text("2"), text("3")]);
    client
        .update_item()
        .table_name(TABLE)
        .set_key(Some(key("meeting", "1")))
        .update_expression("REMOVE u_pk, u_sk")
        .send()
        .await
        .unwrap();
    let left = client
        .query()
        .table_name(TABLE)
        .index_name("upcoming")
        .key_condition_expression("u_pk = :pk")
        .expression_attribute_values(":pk", text("t#school"))
        .send()
        .await
        .unwrap();
    assert_eq!(left.count, 2);
    local.stack.stop().await;
}

#[tokio::test]
async fn of_many_writers_at_once_one_wins_each_version() {
    let local = Local::start().await;
    let client = local.dynamodb();
    let attempts = (0..20).map(|_| {
        let client = client.clone();
        tokio::spawn(async move {
            client
                .transact_write_items()
                .transact_items(put_at_version(item("h", "1", 7), 0))
                .send()
                .await
                .is_ok()
        })
    });
    let won =
        futures::future::join_all(attempts).await.into_iter().filter(|won| *won.as_ref().unwrap()).count();
    assert_eq!(won, 1);
    local.stack.stop().await;
}
