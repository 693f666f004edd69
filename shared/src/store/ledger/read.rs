//! Reading hosts' time.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};

use super::{Ledger, Week};
use crate::domain::host::LedgerHost;
use crate::store::keys::{self, Key};
use crate::store::{Item, Query, Range, Store, StoreError, text};

impl Store {
    /// Reads those weeks of those hosts.
    pub async fn ledger(
        &self,
        hosts: &BTreeSet<LedgerHost>,
        weeks: &BTreeSet<Week>,
    ) -> Result<Ledger, StoreError> {
        let keys = Ledger::keys(hosts, weeks);
        let items = self.batch_get_only(keys, &Ledger::attributes(weeks)).await?;
        Ledger::load(hosts, weeks, &items)
    }

    /// Reads all weeks of a host from the block of `now` on, and `also` others.
    pub async fn ledger_ahead(
        &self,
        host: &LedgerHost,
        now: DateTime<Utc>,
        also: &BTreeSet<Week>,
    ) -> Result<Ledger, StoreError> {
        let (first, last) = keys::ledger_from(host, Week::now(now).block());
        let mut items: HashMap<Key, Item> = HashMap::new();
        let mut weeks = also.clone();
        let mut after = None;
        loop {
            let query = Query {
                index: None,
                partition: first.pk.clone(),
                range: Range::Between(first.sk.clone(), last.clone()),
                ascending: true,
                limit: None,
                after,
                filter: None,
            };
            let page = self.query(query).await?;
            for item in page.items {
                let key = Key { pk: text(&item, "pk")?, sk: text(&item, "sk")? };
                weeks.extend(keys::ledger_block(&key).into_iter().flat_map(Week::of_block));
                items.insert(key, item);
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        // What was asked for beside lies in blocks that are not there, or in one before.
        let missing = Ledger::keys([host], &weeks).into_iter().filter(|key| !items.contains_key(key));
        let missing: Vec<Key> = missing.collect();
        items.extend(self.batch_get(missing).await?);
        Ledger::load([host], &weeks, &items)
    }
}
