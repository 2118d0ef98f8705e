//! What is heard of messages, owners, troubles and offsets while a queue waits.

use super::Stalled;
use crate::check::{Cause, Key, Stage};
use crate::kernel::{Instant, Span};
use crate::model::Names;
use crate::model::observation::{
    CommitPath, ConsumeOutcome, End, Observation, Observed, PopDiscard, PullTrouble, QueueIndex,
};
use crate::model::plan::ConsumerIndex;

impl Stalled {
    /// Messages can be read.
    pub(super) fn hear_readable(&mut self, at: Instant, queue: QueueIndex, end: u64, stage: &Stage, names: &Names) {
        for &audience in stage.subscribers(names.queue(queue).topic) {
            let flow = self.flows.of(Key { audience, queue });
            let waits_for = |offset: &u64| stage.waits_for(Key { audience, queue }, *offset, names);
            if let Some(last) = (flow.readable..end).rev().find(waits_for) {
                flow.wanted = last + 1;
            }
            flow.readable = end;
            if flow.waiting.is_none() && flow.is_behind() && !stage.is_absent(audience) {
                flow.waiting = Some(at);
            }
        }
    }

    /// A message is handed out.
    pub(super) fn hear_delivered(
        &mut self,
        at: Instant,
        (consumer, key): (ConsumerIndex, Key),
        (offset, lost): (u64, Option<u32>),
        stage: &Stage,
        names: &Names,
    ) {
        self.end_wait(key, at, stage, names);
        let flow = self.flows.of(key);
        let gap = flow.last.filter(|last| at.since(*last) > Span::from_millis(100));
        flow.last = Some(at);
        flow.troubles.handed_out();
        if lost.is_none() {
            flow.reached = flow.reached.max(offset + 1);
        }
        flow.troubles.begun(at, consumer, flow.reached, stage.is_orderly(key.audience));
        flow.waiting = flow.is_behind().then_some(at);
        if let Some(last) = gap {
            self.add_gap(key, last, at, stage);
        }
    }

    /// A message comes back from a listener.
    pub(super) fn hear_consumed(
        &mut self,
        at: Instant,
        (consumer, key): (ConsumerIndex, Key),
        outcome: ConsumeOutcome,
        stage: &Stage,
    ) {
        let flow = self.flows.of(key);
        flow.troubles.finished(at, consumer, flow.reached, stage.is_orderly(key.audience));
        let put_back = matches!(outcome, ConsumeOutcome::Suspended | ConsumeOutcome::RolledBack);
        if put_back && stage.holds(key, consumer) {
            flow.troubles.kept(at, consumer, Cause::SuspendedAfterAFailure);
        }
        if outcome == ConsumeOutcome::Panicked && stage.is_orderly(key.audience) {
            flow.troubles.kept(at, consumer, Cause::GoGoroutineDied);
        }
    }

    /// Messages come into a client.
    pub(super) fn hear_pulled(
        &mut self,
        at: Instant,
        (consumer, key): (ConsumerIndex, Key),
        until: u64,
        stage: &Stage,
    ) {
        let flow = self.flows.of(key);
        flow.troubles.pulled(at, consumer, until, flow.reached, stage.is_orderly(key.audience));
    }

    /// All that does not come with every message.
    pub(super) fn hear_others(&mut self, seen: &Observed, stage: &Stage, names: &Names) {
        let at = seen.at;
        match seen.what {
            Observation::TailLost { queue, from, .. } => {
                for &audience in stage.subscribers(names.queue(queue).topic) {
                    self.tail_lost(Key { audience, queue }, from, at, stage, names);
                }
            }
            // Filtered out is as good as handed out.
            Observation::Filtered { consumer, queue, offset, .. } => {
                let key = Key::of(consumer, queue, names);
                self.flows.of(key).troubles.filtered = true;
                self.end_wait(key, at, stage, names);
                let flow = self.flows.of(key);
                flow.troubles.filtered = false;
                // Who leaves a message out has the queue and its lock.
                flow.troubles.handed_out();
                flow.reached = flow.reached.max(offset + 1);
                flow.waiting = flow.is_behind().then_some(at);
            }
            Observation::StartedAt { consumer, queue, offset, .. } => {
                let flow = self.flows.of(Key::of(consumer, queue, names));
                flow.reached = flow.reached.max(offset);
                flow.waiting = flow.waiting.filter(|_| flow.is_behind());
            }
            _ => self.hear_offsets(seen, stage, names),
        }
    }

    /// Who has the queue, and what is inside the client.
    fn hear_owners(&mut self, seen: &Observed, stage: &Stage, names: &Names) {
        let at = seen.at;
        match seen.what {
            Observation::QueueTaken { consumer, queue, .. } => {
                let flow = self.flows.of(Key::of(consumer, queue, names));
                flow.troubles.taken(at, consumer, flow.reached, stage.is_orderly(names.audience_of(consumer)));
            }
            Observation::QueueReleased { consumer, queue, .. } => {
                let key = Key::of(consumer, queue, names);
                let flow = self.flows.of(key);
                flow.troubles.pulls.push((at, None));
                flow.troubles.emptied(at, consumer, flow.reached, stage.is_orderly(key.audience));
            }
            // Its pool takes no more, but its queues are its own until it has unregistered.
            Observation::ConsumerStopping { consumer } => {
                self.stopping.insert(consumer);
                for key in self.keys_of(names.audience_of(consumer)) {
                    if stage.holds(key, consumer) {
                        self.flows.of(key).troubles.pulls.push((at, Some(Cause::OwnerShutsDown)));
                    }
                }
            }
            Observation::ConsumerEnded { consumer, end } => {
                self.stopping.remove(&consumer);
                for key in self.keys_of(names.audience_of(consumer)) {
                    let flow = self.flows.of(key);
                    flow.troubles.emptied(at, consumer, flow.reached, stage.is_orderly(key.audience));
                }
                if end == End::StartFailed {
                    return;
                }
                // Nobody waits for a `BROADCASTING` member that does not run.
                let audience = names.audience_of(consumer);
                for key in self.keys_of(audience).into_iter().filter(|_| names.is_one_member(audience)) {
                    self.end_wait(key, at, stage, names);
                    let flow = self.flows.of(key);
                    flow.waiting = None;
                    flow.troubles.pulls.clear();
                    if let Some(last) = flow.last.take() {
                        self.add_gap(key, last, at, stage);
                    }
                }
            }
            Observation::ConsumerStarting { consumer, .. } if names.is_one_member(names.audience_of(consumer)) => {
                for key in self.keys_of(names.audience_of(consumer)) {
                    let flow = self.flows.of(key);
                    flow.waiting = flow.is_behind().then_some(at);
                }
            }
            _ => self.hear_troubles(seen, stage, names),
        }
    }

    /// What comes back from listeners, and who hands nothing out again.
    fn hear_listeners(&mut self, seen: &Observed, stage: &Stage, names: &Names) {
        let at = seen.at;
        match seen.what {
            Observation::ConsumerPaused { consumer } => {
                for key in self.keys_of(names.audience_of(consumer)) {
                    self.flows.of(key).troubles.frozen(at, consumer);
                }
            }
            _ => self.hear_owners(seen, stage, names),
        }
    }

    /// What troubles pulls and locks.
    fn hear_troubles(&mut self, seen: &Observed, stage: &Stage, names: &Names) {
        let at = seen.at;
        match seen.what {
            Observation::LockRefused { group, queue, holder, .. } => {
                let key = Key::of_group(group, queue, names);
                let flow = self.flows.of(key);
                let word = match (
                    self.kept_locks.cause(key, (group, holder), stage, names),
                    flow.troubles.lock_before(at, stage),
                ) {
                    (Cause::WaitingForTheLock, Some(before)) => before,
                    (word, _) => word,
                };
                flow.troubles.locks.push((at, Some(word)));
            }
            Observation::UnlockPostponed { .. } | Observation::LockReleased { .. } => {
                self.kept_locks.observe(seen, names);
            }
            Observation::UnlockDelayed { consumer, queue } => {
                let key = Key::of_group(names.group_of(consumer), queue, names);
                self.flows.of(key).troubles.kept(at, consumer, Cause::ListenerDelaysTheUnlock);
            }
            Observation::LockLost { consumer, queue } | Observation::LockExpired { consumer, queue } => {
                let key = Key::of_group(names.group_of(consumer), queue, names);
                self.flows.of(key).troubles.kept(at, consumer, Cause::LockLost);
            }
            Observation::LockConfirmed { consumer, queue } => {
                let key = Key::of_group(names.group_of(consumer), queue, names);
                self.flows.of(key).troubles.locked(at, consumer);
            }
            Observation::PullTroubled { consumer, queue, trouble } => {
                if !self.stopping.contains(&consumer) {
                    let troubles = &mut self.flows.of(Key::of(consumer, queue, names)).troubles;
                    if matches!(trouble, PullTrouble::BrokerUnreachable | PullTrouble::TimedOut) {
                        troubles.went_unanswered(at, trouble.into());
                    }
                    troubles.pulls.push((at, Some(trouble.into())));
                }
                if trouble.is_refusal() {
                    self.refused.add(at, stage, &self.named);
                }
            }
            Observation::HeldTooLate { consumer, queue, .. } => {
                let flow = self.flows.of(Key::of(consumer, queue, names));
                flow.troubles.pulls.push((at, Some(Cause::LongPollBlindSpot)));
            }
            Observation::PullRecovered { consumer, queue } => {
                self.flows.of(Key::of(consumer, queue, names)).troubles.pulls.push((at, None));
            }
            _ => self.hear_pops(seen, names),
        }
    }

    /// What came of pops.
    fn hear_pops(&mut self, seen: &Observed, names: &Names) {
        let at = seen.at;
        match seen.what {
            Observation::PopTroubled { consumer, topic, broker, trouble } => {
                let audience = names.audience_of(consumer);
                let of_topic = |key: &Key| {
                    let place = names.queue(key.queue);
                    (place.topic, place.broker) == (topic, broker)
                };
                for key in self.keys_of(audience).into_iter().filter(of_topic) {
                    self.flows.of(key).troubles.pulls.push((at, Some(trouble.into())));
                }
            }
            Observation::ReceivesFrom { consumer, topic, broker } => {
                for key in self.keys_of(names.audience_of(consumer)) {
                    let place = names.queue(key.queue);
                    if names.first_topic(place.topic) == topic {
                        let elsewhere = (place.broker != broker).then_some(Cause::WaitsAtAnotherBroker);
                        self.flows.of(key).troubles.pulls.push((at, elsewhere));
                    }
                }
            }
            Observation::PopDiscarded { consumer, queue, why, .. } => {
                let why = match why {
                    PopDiscard::InvisibleTimeOver => Cause::InvisibleTimeOver,
                    PopDiscard::Dropped => Cause::PopQueueDropped,
                };
                self.flows.of(Key::of(consumer, queue, names)).troubles.pulls.push((at, Some(why)));
            }
            Observation::Popped { consumer, queue, offset, .. } => {
                let flow = self.flows.of(Key::of(consumer, queue, names));
                flow.troubles.pulls.push((at, None));
                flow.troubles.pulled(at, consumer, offset + 1, flow.reached, false);
            }
            _ => {}
        }
    }

    /// How far the queue is, and who was told.
    fn hear_offsets(&mut self, seen: &Observed, stage: &Stage, names: &Names) {
        match seen.what {
            Observation::ProgressMoved { consumer, queue, offset } => {
                self.flows.of(Key::of(consumer, queue, names)).memory = offset;
            }
            Observation::Committed { audience, queue, offset, path, .. } => {
                let flow = self.flows.of(Key { audience, queue });
                flow.committed = offset;
                if path == CommitPath::BrokerRestart {
                    flow.disk = offset;
                }
            }
            Observation::OffsetsFlushed { broker } if self.rows => {
                for (key, flow) in self.flows.iter_mut() {
                    if names.queue(key.queue).broker == broker {
                        flow.disk = flow.committed;
                    }
                }
            }
            _ => self.hear_listeners(seen, stage, names),
        }
    }
}
