//! Whole clusters.

use ::proptest::prelude::{BoxedStrategy, Strategy};

use super::{Fault, faults, groups};
use crate::kernel::Span;
use crate::library::{Cluster, Group};

/// Producers stop here, and all that is left of the run listeners have for themselves: a machine without power is found
/// out after two minutes, and then its queues are caught up.
const PRODUCED: Span = Span::from_secs(90);

/// How long it all lasts.
const DURATION: Span = Span::from_secs(300);

/// A cluster of up to three brokers, two topics with up to eight queues on each of them, one group of [`groups`] and
/// [`faults`] of its members, with a load that is small. No broker fails, and so no message may be lost, nor any be
/// left at the end. It shrinks to one broker, one queue, one member and no fault.
///
/// ```
/// use proptest::prelude::*;
/// use rebalance_sim::{Figure, Sweep};
/// proptest!(ProptestConfig::with_cases(2), |(cluster in rebalance_sim::proptest::clusters())| {
///     let scenario = cluster.scenario().map_err(|error| TestCaseError::fail(error.to_string()))?;
///     let outcomes = Sweep::seeds(0..1).run(&scenario);
///     prop_assert_eq!(outcomes.total(Figure::Lost), 0.0);
/// });
/// ```
pub fn clusters() -> BoxedStrategy<Cluster> {
    let topics = ::proptest::collection::vec(1..=8_u32, 1..=2);
    (1..=3_usize, topics, groups(), faults())
        .prop_map(|(brokers, topics, group, faults)| cluster(brokers, &topics, group, &faults))
        .boxed()
}

fn cluster(brokers: usize, topics: &[u32], group: Group, faults: &[Fault]) -> Cluster {
    let members: Vec<String> = (1..=group.count()).map(|number| format!("c{number}")).collect();
    let mut cluster = Cluster::new().title("A random cluster").lasts(DURATION);
    for name in ["broker-a", "broker-b", "broker-c"].iter().take(brokers) {
        cluster = cluster.broker(name);
    }
    for (number, queues) in topics.iter().enumerate() {
        let name = format!("topic-{}", number + 1);
        cluster = cluster.topic(&name, *queues).producer_until(&name, "5/s", PRODUCED);
    }
    let mut left: Vec<&str> = members.iter().map(String::as_str).collect();
    let whole = cluster.set("measure.from", "0s").group(group);
    faults.iter().fold(whole, |cluster, fault| fault.happens(cluster, &mut left))
}
