//! What keys promise.

use super::*;

#[test]
fn parts_cannot_run_into_each_other() {
    assert_ne!(join(["a#b", "c"]), join(["a", "b#c"]));
    assert_ne!(join(["a%23b"]), join(["a#b"]));
}

#[test]
fn a_meetings_partition_names_it() {
    let (tenant, id): (TenantId, MeetingId) = ("school".parse().unwrap(), "mtg_1".parse().unwrap());
    assert_eq!(meeting_of(&meeting(&tenant, &id).pk), Some((tenant, id)));
    assert_eq!(meeting_of("L#school#T"), None);
}

#[test]
fn meetings_spread_over_all_shards() {
    let shards: std::collections::BTreeSet<u16> =
        (0..200_u32).map(|n| shard(&format!("mtg_{:08x}", n.wrapping_mul(2_654_435_761)), 4)).collect();
    assert_eq!(shards.len(), 4);
}
