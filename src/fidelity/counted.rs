//! Requests of the simulated consumers, as the recorder counts those of real ones.

use std::collections::BTreeMap;

use crate::model::Names;
use crate::model::observation::{Observation, RequestKind};
use crate::model::plan::{BrokerIndex, Plan};
use crate::trace::{Event, REQUESTS, Requests, Trace, What};

/// Notifications, list requests and heartbeats by broker; nothing where the real recording counted nothing.
#[derive(Debug)]
pub(super) struct Counted {
    brokers: Option<Vec<[u64; REQUESTS.len()]>>,
}

impl Counted {
    /// Of a cluster in which nothing has happened yet.
    pub fn of(real: &Trace, plan: &Plan) -> Self {
        let counts = real.events.iter().any(|event| matches!(event.what, What::Counts { .. }));
        Self { brokers: counts.then(|| vec![[0; REQUESTS.len()]; plan.brokers.len()]) }
    }

    /// Takes one observation.
    pub fn observe(&mut self, what: &Observation) {
        let Some(brokers) = &mut self.brokers else { return };
        let (broker, which) = match *what {
            Observation::Notified { broker, .. } => (broker, 0),
            Observation::Served { broker, kind: RequestKind::ConsumerList, .. } => (broker, 1),
            Observation::Served { broker, kind: RequestKind::Heartbeat, .. } => (broker, 2),
            _ => return,
        };
        brokers[broker.at()][which] += 1;
    }

    /// The line at the end of a recording.
    pub fn event(&self, end_ms: i64, names: &Names) -> Option<Event> {
        let of = |(broker, counts): (BrokerIndex, &[u64; REQUESTS.len()])| {
            let counts: BTreeMap<String, u64> = REQUESTS.iter().map(|name| (*name).to_owned()).zip(*counts).collect();
            (names.broker(broker).to_owned(), counts)
        };
        let brokers = self.brokers.as_ref()?;
        let requests: Requests = BrokerIndex::number(brokers).map(of).collect();
        let what = What::Counts { who: "all".to_owned(), client: String::new(), requests };
        Some(Event { t: end_ms, what })
    }
}
