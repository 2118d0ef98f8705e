//! Queues that no consumer is shown, because `readQueueNums` is below `writeQueueNums` or nobody may read the topic.

use std::collections::BTreeMap;

use super::Stage;
use crate::kernel::Instant;
use crate::model::Names;
use crate::model::observation::{Kinds, Observation, Observed, QueueIndex, kinds};
use crate::model::plan::{BrokerIndex, TopicIndex};

/// Which queues were hidden, and when.
#[derive(Debug, Default)]
pub(super) struct HiddenQueues {
    /// How many queues of a topic each broker shows; of one that was deleted none.
    shown: BTreeMap<(TopicIndex, BrokerIndex), u32>,
    /// From when until when, oldest first.
    hidden: BTreeMap<QueueIndex, Vec<(Instant, Option<Instant>)>>,
}

impl HiddenQueues {
    /// What it reads.
    pub const READS: Kinds = kinds![QueuesOpened, QueueCreated];

    /// Follows what is seen.
    pub fn observe(&mut self, seen: &Observed, names: &Names) {
        match seen.what {
            Observation::QueuesOpened { broker, topic, read, .. } => {
                self.shown.insert((topic, broker), read);
                let of_topic = |queue: &QueueIndex| {
                    let place = names.queue(*queue);
                    (place.topic, place.broker) == (topic, broker)
                };
                for queue in QueueIndex::first(names.queue_count()).filter(of_topic) {
                    self.look_at(queue, seen.at, names);
                }
            }
            Observation::QueueCreated { queue } => self.look_at(queue, seen.at, names),
            _ => {}
        }
    }

    fn look_at(&mut self, queue: QueueIndex, at: Instant, names: &Names) {
        let place = names.queue(queue);
        let shown = self.shown.get(&(place.topic, place.broker)).is_none_or(|shown| place.queue_id < *shown);
        let open = self.hidden.get_mut(&queue).and_then(|all| all.last_mut()).filter(|(_, until)| until.is_none());
        match (shown, open) {
            (true, Some((_, until))) => *until = Some(at),
            (false, None) => self.hidden.entry(queue).or_default().push((at, None)),
            _ => {}
        }
    }
}

impl Stage {
    /// When a queue was hidden from consumers; `None`: it still is.
    #[must_use]
    pub fn hidden(&self, queue: QueueIndex) -> &[(Instant, Option<Instant>)] {
        self.hidden.hidden.get(&queue).map_or(&[], Vec::as_slice)
    }

    /// Whether a queue was hidden at a moment.
    #[must_use]
    pub fn is_hidden(&self, queue: QueueIndex, at: Instant) -> bool {
        self.hidden(queue).iter().any(|(from, until)| *from <= at && until.is_none_or(|until| at < until))
    }
}
