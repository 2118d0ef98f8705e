//! What a client tells of its progress (`RemoteBrokerOffsetStore`).

use std::collections::BTreeMap;

use super::{Broken, Law, Scene};
use crate::kernel::Instant;
use crate::model::observation::{Detail, End, Kinds, Observation, Observed, QueueIndex, kinds};
use crate::model::plan::{ConsumerIndex, Plan};
use crate::offset::Keeper;

/// A queue in a table.
#[derive(Debug, Default)]
struct Held {
    /// Its offset has moved since it was taken.
    progressed: bool,
    /// `NO_NEW_MSG` corrected its offset to this.
    corrected: Option<u64>,
}

/// `persistAll` sends the offset of every queue of the table that has one, dropped or not; one that `NO_NEW_MSG` corrected
/// is at least that; and `shutdown()` does it a last time. An orderly client before 5.2 forgets the offset of a queue that it
/// gives up before it tries the listener's lock, and has it in its table still where that is busy
/// (`RebalancePushImpl.removeUnnecessaryMessageQueue`).
#[derive(Debug)]
pub(super) struct PersistAll {
    pulls: Vec<bool>,
    /// Who forgets offsets so, if it is orderly.
    forgets: Vec<bool>,
    table: BTreeMap<(ConsumerIndex, QueueIndex), Held>,
    told: BTreeMap<QueueIndex, u64>,
    /// Consumers in `shutdown()`, and whether they have sent their offsets.
    stopping: BTreeMap<ConsumerIndex, bool>,
}

impl PersistAll {
    pub fn new(plan: &Plan) -> Self {
        Self {
            pulls: plan.consumers.iter().map(|consumer| consumer.consumer.lite_pull.is_some()).collect(),
            forgets: plan.consumers.iter().map(|consumer| consumer.client.rules.unlock_delay).collect(),
            table: BTreeMap::new(),
            told: BTreeMap::new(),
            stopping: BTreeMap::new(),
        }
    }

    fn persisted(&mut self, at: Instant, consumer: ConsumerIndex, scene: Scene<'_>, broken: &mut Broken) {
        let told = std::mem::take(&mut self.told);
        // A Go client forgets, when it gives a queue up, how far it is in all others.
        if self.pulls[consumer.at()] || scene.stage.go_clients.is_go(consumer) {
            return;
        }
        let orderly = scene.stage.is_orderly(scene.names.audience_of(consumer));
        let forgets = self.forgets[consumer.at()] && orderly;
        for ((_, queue), held) in self.table.range((consumer, QueueIndex::MIN)..=(consumer, QueueIndex::MAX)) {
            let (who, name) = (scene.names.consumer(consumer), scene.names.message_queue(*queue));
            match (told.get(queue), held.corrected) {
                (None, _) if held.progressed && !forgets => {
                    broken.say(at, "persist_all_sends_all", format!("{who} did not say how far it was with {name}"));
                }
                (None, Some(corrected)) => {
                    let detail =
                        format!("{who} has been told that {name} has nothing below {corrected}, and says nothing");
                    broken.say(at, "nothing_new_corrects", detail);
                }
                (Some(offset), Some(corrected)) if *offset < corrected => {
                    let detail = format!("{who} says {offset} of {name}, after it was told that it is at {corrected}");
                    broken.say(at, "nothing_new_corrects", detail);
                }
                _ => {}
            }
        }
    }
}

impl Law for PersistAll {
    fn reads(&self) -> Kinds {
        kinds![
            QueueTaken,
            QueueReleased,
            ProgressMoved,
            NothingNew,
            OffsetTold,
            PersistedAll,
            ConsumerStopping,
            ConsumerEnded
        ]
    }

    fn observe(&mut self, seen: &Observed, scene: Scene<'_>, broken: &mut Broken) {
        match seen.what {
            Observation::QueueTaken { consumer, queue, .. } => {
                self.table.insert((consumer, queue), Held::default());
            }
            Observation::QueueReleased { consumer, queue, .. } => _ = self.table.remove(&(consumer, queue)),
            Observation::ProgressMoved { consumer, queue, .. } => {
                if let Some(held) = self.table.get_mut(&(consumer, queue)) {
                    held.progressed = true;
                }
            }
            Observation::Detail(Detail::NothingNew { consumer, queue, next }) => {
                if let Some(held) = self.table.get_mut(&(consumer, queue)) {
                    held.corrected = held.corrected.max(Some(next));
                }
            }
            Observation::Detail(Detail::OffsetTold { queue, offset, .. }) => _ = self.told.insert(queue, offset),
            Observation::Detail(Detail::PersistedAll { consumer, last }) => {
                self.persisted(seen.at, consumer, scene, broken);
                if last {
                    self.stopping.insert(consumer, true);
                }
            }
            Observation::ConsumerStopping { consumer } => _ = self.stopping.insert(consumer, false),
            Observation::ConsumerEnded { consumer, end } => {
                self.table.retain(|(of, _), _| *of != consumer);
                let sent = self.stopping.remove(&consumer);
                let store = scene.stage.offset_store(scene.names.audience_of(consumer));
                if end == End::Shutdown && sent == Some(false) && store.keeper == Keeper::Brokers {
                    let who = scene.names.consumer(consumer);
                    broken.say(
                        seen.at,
                        "shutdown_sends_the_offsets",
                        format!("{who} left without a word of its offsets"),
                    );
                }
            }
            _ => {}
        }
    }
}

/// A repaired offset is committed as it was corrected, also where that is lower
/// (`DefaultMQPushConsumerImpl`, `OFFSET_ILLEGAL`).
#[derive(Debug, Default)]
pub(super) struct Repair {
    /// The event of the last repair, of whom and of what, and the corrected offset.
    repaired: Option<(u64, ConsumerIndex, QueueIndex, u64)>,
}

impl Law for Repair {
    fn reads(&self) -> Kinds {
        kinds![OffsetIllegal, LastOffsetTold]
    }

    fn observe(&mut self, seen: &Observed, scene: Scene<'_>, broken: &mut Broken) {
        match seen.what {
            Observation::OffsetIllegal { consumer, queue, corrected, .. } => {
                self.repaired = Some((seen.sequence, consumer, queue, corrected));
            }
            Observation::Detail(Detail::LastOffsetTold { consumer, queue, offset }) => {
                let Some((sequence, who, of, corrected)) = self.repaired else { return };
                if (sequence, who, of) == (seen.sequence, consumer, queue) && offset != corrected {
                    let (who, name) = (scene.names.consumer(consumer), scene.names.message_queue(queue));
                    let detail = format!("{who} says {offset} of {name}, which was corrected to {corrected}");
                    broken.say(seen.at, "a_repair_commits_what_it_was_told", detail);
                }
            }
            _ => {}
        }
    }
}
