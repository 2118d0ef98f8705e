//! Locks as a client knows them (`RebalanceImpl.lockAll`, `ProcessQueue`).

use std::collections::{BTreeMap, BTreeSet};

use super::{Broken, Law, Scene};
use crate::kernel::{Instant, Span};
use crate::model::observation::{Detail, Kinds, Observation, Observed, QueueIndex, kinds};
use crate::model::plan::{ConsumerIndex, Plan};

/// A client hands out ordered messages only under a lock that was confirmed at most `lockMaxLiveTime` ago, and takes what
/// `lockAll` was answered as it is.
#[derive(Debug)]
pub(super) struct ClientLocks {
    /// `lockMaxLiveTime`, and whether a queue is locked when it comes into the table.
    settings: Vec<(Span, bool)>,
    /// Whether it is locked, and when that was last confirmed.
    held: BTreeMap<(ConsumerIndex, QueueIndex), (bool, Instant)>,
    /// `lockAll` was answered without this queue, in this event.
    lacking: Option<(u64, ConsumerIndex, QueueIndex)>,
}

impl ClientLocks {
    pub fn new(plan: &Plan) -> Self {
        // Of a consumer that later runs another release the wider bounds.
        let settings = plan.consumers.iter().map(|planned| {
            let later = plan.releases.iter().filter(|release| release.name == planned.name);
            let clients = || std::iter::once(planned).chain(later.clone()).map(|release| &release.client);
            let longest = clients().map(|client| client.timers.orderly.lock_max_live_time).max();
            (longest.unwrap_or_default(), clients().any(|client| !client.lock_before_process_queue))
        });
        Self { settings: settings.collect(), held: BTreeMap::new(), lacking: None }
    }

    fn still_lacking(&mut self, seen: &Observed, scene: Scene<'_>, broken: &mut Broken) {
        let lost = |consumer, queue| seen.what == Observation::LockLost { consumer, queue };
        let Some((sequence, consumer, queue)) = self.lacking else { return };
        if lost(consumer, queue) {
            self.lacking = None;
        } else if sequence != seen.sequence || matches!(seen.what, Observation::Detail(Detail::LockAnswered { .. })) {
            self.lacking = None;
            let (who, name) = (scene.names.consumer(consumer), scene.names.message_queue(queue));
            broken.say(
                seen.at,
                "lock_all_takes_its_answer",
                format!("{who} goes on with {name}, which is not its own"),
            );
        }
    }
}

impl Law for ClientLocks {
    fn reads(&self) -> Kinds {
        kinds![QueueTaken, QueueReleased, ConsumerEnded, LockLost, UnlockedAtShutdown, LockAnswered, Delivered]
    }

    fn owes(&self) -> Option<bool> {
        Some(self.lacking.is_some())
    }

    fn observe(&mut self, seen: &Observed, scene: Scene<'_>, broken: &mut Broken) {
        self.still_lacking(seen, scene, broken);
        match seen.what {
            Observation::QueueTaken { consumer, queue, .. } => {
                let audience = scene.names.audience_of(consumer);
                let locks = scene.stage.is_orderly(audience) && !scene.names.is_one_member(audience);
                // A Go client says of no answer what it made of it, and goes on with what one lacks.
                if locks && !scene.stage.go_clients.is_go(consumer) {
                    self.held.insert((consumer, queue), (self.settings[consumer.at()].1, seen.at));
                }
            }
            Observation::QueueReleased { consumer, queue, .. } => _ = self.held.remove(&(consumer, queue)),
            Observation::ConsumerEnded { consumer, .. } => self.held.retain(|(of, _), _| *of != consumer),
            // `unlockAll` of `shutdown()` does not wait to be told that a queue is locked no more.
            Observation::LockLost { consumer, queue }
            | Observation::Detail(Detail::UnlockedAtShutdown { consumer, queue }) => {
                if let Some(held) = self.held.get_mut(&(consumer, queue)) {
                    held.0 = false;
                }
            }
            Observation::Detail(Detail::LockAnswered { consumer, queue, locked, all }) => {
                let Some(held) = self.held.get_mut(&(consumer, queue)) else { return };
                if locked {
                    *held = (true, seen.at);
                } else if all && held.0 {
                    self.lacking = Some((seen.sequence, consumer, queue));
                }
            }
            Observation::Delivered { consumer, queue, .. } => {
                let Some(&(locked, confirmed)) = self.held.get(&(consumer, queue)) else { return };
                let age = seen.at.since(confirmed);
                if !locked || (scene.clocks_agree && age > self.settings[consumer.at()].0) {
                    let (who, name) = (scene.names.consumer(consumer), scene.names.message_queue(queue));
                    let detail = format!("{who} was handed a message of {name}, whose lock was confirmed {age} ago");
                    broken.say(seen.at, "a_client_trusts_a_lock_for_its_age", detail);
                }
            }
            _ => {}
        }
    }
}

/// `unlockAll` of `shutdown()` passes over queues that were dropped before: their locks stay
/// (`RebalanceImpl.buildProcessQueueTableByBrokerName`).
#[derive(Debug)]
pub(super) struct UnlockAll {
    /// Who takes them too, in some release.
    takes_dropped: Vec<bool>,
    dropped: BTreeSet<(ConsumerIndex, QueueIndex)>,
}

impl UnlockAll {
    pub fn new(plan: &Plan) -> Self {
        let takes = plan.consumers.iter().map(|planned| {
            let mut later = plan.releases.iter().filter(|release| release.name == planned.name);
            planned.client.rules.lock_all_takes_dropped
                || later.any(|release| release.client.rules.lock_all_takes_dropped)
        });
        Self { takes_dropped: takes.collect(), dropped: BTreeSet::new() }
    }
}

impl Law for UnlockAll {
    fn reads(&self) -> Kinds {
        kinds![UnlockDelayed, QueueReleased, ConsumerEnded, UnlockedAtShutdown]
    }

    fn observe(&mut self, seen: &Observed, scene: Scene<'_>, broken: &mut Broken) {
        match seen.what {
            Observation::UnlockDelayed { consumer, queue } => _ = self.dropped.insert((consumer, queue)),
            Observation::QueueReleased { consumer, queue, .. } => _ = self.dropped.remove(&(consumer, queue)),
            Observation::ConsumerEnded { consumer, .. } => self.dropped.retain(|(of, _)| *of != consumer),
            Observation::Detail(Detail::UnlockedAtShutdown { consumer, queue })
                if self.dropped.contains(&(consumer, queue)) && !self.takes_dropped[consumer.at()] =>
            {
                let (who, name) = (scene.names.consumer(consumer), scene.names.message_queue(queue));
                broken.say(seen.at, "unlock_all_passes_over_dropped", format!("{who} gave the lock of {name} back"));
            }
            _ => {}
        }
    }
}
