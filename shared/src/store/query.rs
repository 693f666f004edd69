//! Reading the items of a partition, of the table or of an index.

use aws_sdk_dynamodb::types::AttributeValue;

use super::keys::Index;
use super::{Item, Store, StoreError, call};

/// What to ask of the table or an index.
#[derive(Debug)]
pub(crate) struct Query {
    pub(crate) index: Option<Index>,
    pub(crate) partition: String,
    pub(crate) range: Range,
    pub(crate) ascending: bool,
    pub(crate) limit: Option<usize>,
    pub(crate) after: Option<Item>,
    pub(crate) filter: Option<Filter>,
}

/// Which sort keys.
#[derive(Debug, Clone)]
pub(crate) enum Range {
    All,
    Prefix(String),
    Between(String, String),
}

/// What is left out after reading.
#[derive(Debug, Default)]
pub(crate) struct Filter {
    pub(crate) expression: String,
    pub(crate) names: Vec<(String, String)>,
    pub(crate) values: Vec<(String, AttributeValue)>,
}

/// What a `Query` found.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) items: Vec<Item>,
    pub(crate) next: Option<Item>,
}

impl Store {
    /// One `Query`.
    pub(crate) async fn query(&self, query: Query) -> Result<Page, StoreError> {
        let (index, pk, sk) = match query.index {
            None => (None, "pk", "sk"),
            Some(index) => {
                let (name, pk, sk) = index.names();
                (Some(name.to_owned()), pk, sk)
            }
        };
        let mut condition = String::from("#pk = :pk");
        let mut request = self
            .client
            .query()
            .table_name(&self.table)
            .set_index_name(index)
            .expression_attribute_names("#pk", pk)
            .expression_attribute_values(":pk", AttributeValue::S(query.partition))
            .scan_index_forward(query.ascending)
            .set_limit(query.limit.map(|limit| i32::try_from(limit).unwrap_or(i32::MAX)))
            .set_exclusive_start_key(query.after)
            // Only the table itself can be read consistently.
            .consistent_read(query.index.is_none());
        let bound = |text: String| AttributeValue::S(text);
        match query.range {
            Range::All => {}
            Range::Prefix(prefix) => {
                condition.push_str(" AND begins_with(#sk, :from)");
                request = request
                    .expression_attribute_names("#sk", sk)
                    .expression_attribute_values(":from", bound(prefix));
            }
            Range::Between(from, to) => {
                condition.push_str(" AND #sk BETWEEN :from AND :to");
                request = request
                    .expression_attribute_names("#sk", sk)
                    .expression_attribute_values(":from", bound(from))
                    .expression_attribute_values(":to", bound(to));
            }
        }
        if let Some(filter) = query.filter {
            request = request.filter_expression(filter.expression);
            for (name, attribute) in filter.names {
                request = request.expression_attribute_names(name, attribute);
            }
            for (name, value) in filter.values {
                request = request.expression_attribute_values(name, value);
            }
        }
        let output = request
            .key_condition_expression(condition)
            .send()
            .await
            .map_err(|error| call("Query", &error))?;
        Ok(Page { items: output.items.unwrap_or_default(), next: output.last_evaluated_key })
    }

    /// All items of a range of a partition of the table, in order, however many pages they take.
    pub(crate) async fn query_all(&self, partition: String, range: Range) -> Result<Vec<Item>, StoreError> {
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let (partition, range) = (partition.clone(), range.clone());
            let query =
                Query { index: None, partition, range, ascending: true, limit: None, after, filter: None };
            let page = self.query(query).await?;
            all.extend(page.items);
            after = page.next;
            if after.is_none() {
                return Ok(all);
            }
        }
    }
}
