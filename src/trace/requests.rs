//! How much the consumers of a recording asked of brokers, and heard from them.

use std::collections::BTreeMap;

use super::Trace;
use super::event::What;

/// What is counted of each Java consumer, as recordings call it.
pub const REQUESTS: [&str; 3] = ["notifications", "list_requests", "heartbeats"];

/// Who asks for member lists to record them, and is no consumer.
const MONITOR: &str = "monitor";

/// The sums over all consumers and brokers of the whole recording; empty where it counted nothing. A consumer that was
/// killed has lost what it counted in its last second.
#[must_use]
pub fn requests(trace: &Trace) -> BTreeMap<&'static str, u64> {
    let mut sums: BTreeMap<&'static str, u64> = BTreeMap::new();
    for event in &trace.events {
        let What::Counts { who, requests, .. } = &event.what else { continue };
        if who == MONITOR {
            continue;
        }
        for name in REQUESTS {
            let of_brokers = requests.values().filter_map(|counted| counted.get(name));
            *sums.entry(name).or_default() += of_brokers.sum::<u64>();
        }
    }
    sums
}
