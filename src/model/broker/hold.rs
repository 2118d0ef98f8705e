//! `PullRequestHoldService`: pulls that wait for a message (`PullRequestHoldService.suspendPullRequest`,
//! `PullRequestHoldService.notifyMessageArriving`).
//!
//! Reading and beginning to wait are two steps. A message that arrives between them wakes nobody: the pull then waits for
//! the next message of its queue, or for the tick (trap E46).

use super::Broker;
use crate::kernel::{Distribution, Instant, Span, Stream};
use crate::model::event::BrokerEvent;
use crate::model::ids::ConnectionId;
use crate::model::network::{CallId, PullRequest, Response};
use crate::model::observation::{Detail, Observation, PullTrouble, QueueIndex};
use crate::model::outside::Outside;
use crate::model::plan::{BrokerSettings, PlantedMistake, TagSet};

/// A pull that waits for a message.
#[derive(Debug, Clone, Copy)]
pub(super) struct HeldPull {
    pub connection: ConnectionId,
    pub call: Option<CallId>,
    pub request: PullRequest,
    pub held: Instant,
}

/// `pullRequestTable`: pulls that wait, by queue number. A queue keeps the room that its pulls once took.
#[derive(Debug, Default)]
pub(super) struct HeldPulls(Vec<Vec<HeldPull>>);

impl HeldPulls {
    fn put(&mut self, pull: HeldPull) {
        let at = pull.request.queue.at();
        if self.0.len() <= at {
            self.0.resize_with(at + 1, Vec::new);
        }
        self.0[at].push(pull);
    }

    /// Those of a queue, which none waits for then.
    pub fn take(&mut self, queue: QueueIndex) -> Vec<HeldPull> {
        self.0.get_mut(queue.at()).map(std::mem::take).unwrap_or_default()
    }

    /// Those of a queue that wait on; the room for others is kept.
    fn give_back(&mut self, queue: QueueIndex, held: Vec<HeldPull>) {
        if let Some(room) = self.0.get_mut(queue.at()) {
            debug_assert!(room.is_empty(), "a pull that is woken is not held a second time");
            *room = held;
        }
    }

    /// Queues for which a pull waits that is over, in their order.
    fn over(&self, is_over: impl Fn(&HeldPull) -> bool) -> Vec<QueueIndex> {
        let waited_for = self.0.iter().enumerate().filter(|(_, held)| !held.is_empty() && held.iter().any(&is_over));
        waited_for.map(|(queue, _)| QueueIndex::of(queue)).collect()
    }

    /// All of them, queue by queue.
    pub fn all(&self) -> impl Iterator<Item = &HeldPull> {
        self.0.iter().flatten()
    }

    /// The process ends.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}

/// Pulls that have read nothing and do not wait yet; those of one life of a broker.
#[derive(Debug, Default)]
pub(super) struct Suspending {
    pulls: Vec<Option<HeldPull>>,
    vacant: Vec<u32>,
    stream: Option<Stream>,
}

impl Suspending {
    fn put(&mut self, pull: HeldPull) -> u32 {
        if let Some(slot) = self.vacant.pop() {
            self.pulls[slot as usize] = Some(pull);
            return slot;
        }
        self.pulls.push(Some(pull));
        (self.pulls.len() - 1) as u32
    }

    fn take(&mut self, slot: u32) -> HeldPull {
        self.vacant.push(slot);
        self.pulls[slot as usize].take().expect("a pull is held once")
    }

    /// The process ends.
    pub fn clear(&mut self) {
        self.pulls.clear();
        self.vacant.clear();
    }
}

impl Broker {
    /// `suspendPullRequest`: after its read, and not at once where the environment says so.
    pub(super) fn hold(&mut self, out: &mut Outside<'_>, pull: HeldPull) {
        let broker = self.index;
        self.see_if_deposed(out, &pull);
        let delay = &out.environment().hold_delay;
        if *delay == Distribution::ZERO {
            self.held.put(pull);
            return self.see_hold(out, &pull);
        }
        let streams = out.streams;
        let stream = self.suspending.stream.get_or_insert_with(|| streams.stream("hold", broker.into()));
        let delay = delay.draw(stream);
        let slot = self.suspending.put(pull);
        out.after(delay, self.in_this_life(out, BrokerEvent::PullHeld { slot }));
    }

    /// A pull waits where nothing new comes: its broker is the master no more, and does not know.
    pub(super) fn see_if_deposed(&self, out: &mut Outside<'_>, pull: &HeldPull) {
        let broker = self.index;
        if out.replicas.is_deposed(broker)
            && let Some(consumer) = out.consumer_of(pull.connection, pull.request.group)
        {
            let (queue, trouble) = (pull.request.queue, PullTrouble::OldMaster);
            out.see(Observation::PullTroubled { consumer, queue, trouble });
        }
    }

    /// A pull waits from now on; what became readable since its read does not wake it.
    pub(super) fn pull_held(&mut self, out: &mut Outside<'_>, slot: u32) {
        let mut pull = self.suspending.take(slot);
        pull.held = out.now();
        let queue = pull.request.queue;
        let missed = out.end_at(self.index, queue).saturating_sub(pull.request.offset);
        self.held.put(pull);
        self.see_hold(out, &pull);
        if let Some(consumer) = out.consumer_of(pull.connection, pull.request.group).filter(|_| missed > 0) {
            out.see(Observation::HeldTooLate { consumer, queue, missed });
        }
    }

    /// A message became readable: the pulls that wait for its queue run again.
    pub(in crate::model) fn message_arriving(&mut self, out: &mut Outside<'_>, queue: QueueIndex) {
        if out.planted(PlantedMistake::LongPollNeverWakes) {
            return;
        }
        let mut held = self.held.take(queue);
        if held.is_empty() {
            return self.held.give_back(queue, held);
        }
        let end = out.end_at(self.index, queue);
        held.retain(|pull| {
            let tags = self.tags_of(out, &pull.request);
            // At a slave it may be there and not be dispatched, or the other way round.
            let stays = end <= pull.request.offset || !matches_any(out, &pull.request, end, tags);
            if !stays {
                self.end_hold(out, pull, tags);
            }
            stays
        });
        self.held.give_back(queue, held);
    }

    /// The tick of the hold service: what has been held for too long is answered empty, and what a message came for
    /// before it was held is answered with that.
    pub(super) fn check_held_pulls(&mut self, out: &mut Outside<'_>) {
        let (now, settings) = (out.now(), self.settings(out));
        let looks = !out.planted(PlantedMistake::LongPollNeverWakes);
        let ends = !out.planted(PlantedMistake::LongPollNeverEnds);
        let broker = self.index;
        let is_over = |out: &Outside<'_>, pull: &HeldPull| {
            (ends && now.since(pull.held) >= hold_limit(settings, pull))
                || (looks && out.end_at(broker, pull.request.queue) > pull.request.offset)
        };
        // Most wait on: they are only looked at.
        for queue in self.held.over(|pull| is_over(out, pull)) {
            let mut held = self.held.take(queue);
            held.retain(|pull| {
                let over = is_over(out, pull);
                if over {
                    self.end_hold(out, pull, self.tags_of(out, &pull.request));
                }
                !over
            });
            self.held.give_back(queue, held);
        }
        out.see_detail(Detail::HoldsChecked { broker: self.index });
    }

    fn see_hold(&self, out: &mut Outside<'_>, pull: &HeldPull) {
        let (broker, limit) = (self.index, hold_limit(self.settings(out), pull));
        let (queue, connection) = (pull.request.queue, pull.connection);
        out.see_detail(Detail::PullHeld { broker, queue, connection, limit });
    }

    /// A held pull runs again, and is not held a second time.
    fn end_hold(&mut self, out: &mut Outside<'_>, pull: &HeldPull, tags: TagSet) {
        let (broker, queue, connection) = (self.index, pull.request.queue, pull.connection);
        out.see_detail(Detail::HoldEnded { broker, queue, connection });
        let answer = self.answer_to_woken(out, &pull.request, tags);
        out.respond(pull.connection, pull.call, Response::Pulled(answer));
    }
}

/// How long a pull is held.
fn hold_limit(settings: &BrokerSettings, pull: &HeldPull) -> Span {
    if settings.long_polling_enable { pull.request.suspend } else { settings.short_polling_time_mills }
}

/// Whether a held pull has anything to be woken for: messages that its group does not want leave it asleep.
fn matches_any(out: &Outside<'_>, request: &PullRequest, end: u64, tags: TagSet) -> bool {
    !out.marks.matters(request.queue, tags)
        || (request.offset..end).any(|offset| tags.contains(out.marks.of(request.queue, offset).tag))
}
