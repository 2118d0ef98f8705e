//! Groups.

use ::proptest::prelude::{BoxedStrategy, Just, Strategy, prop_oneof};

use crate::kernel::Span;
use crate::library::Group;

/// A group `g` of up to six members, with a listener that takes up to 50 ms, concurrent or orderly. It reads from the
/// first message on, so that nothing is skipped by rule. It shrinks to one member without work.
///
/// ```
/// use proptest::prelude::*;
/// proptest!(ProptestConfig::with_cases(4), |(group in rebalance_sim::proptest::groups())| {
///     let cluster = rebalance_sim::Cluster::new().broker("a").topic("orders", 4).group(group);
///     prop_assert!(cluster.scenario().is_ok(), "{cluster}");
/// });
/// ```
pub fn groups() -> BoxedStrategy<Group> {
    let listeners = prop_oneof![3 => Just("concurrently"), 1 => Just("orderly")];
    let settings = (1..=6_u32, 0..=50_u64, listeners, 1..=5_u64);
    settings
        .prop_map(|(members, work_ms, listener, persist_s)| {
            Group::new("g")
                .members(members)
                .work(Span::from_millis(work_ms))
                .listener(listener)
                .set("consumeFromWhere", "CONSUME_FROM_FIRST_OFFSET")
                .set("persistConsumerOffsetInterval", Span::from_secs(persist_s))
        })
        .boxed()
}
