//! `RebalanceService`: when the instance rebalances, 20 s after the last time, or 1 s after it where a topic was not
//! balanced or somebody wakes the thread (`RebalanceService.run`); and through whose topics it goes then
//! (`MQClientInstance.doRebalance`).

use crate::kernel::{Instant, Span, Timer};
use crate::model::consumer::rebalance_impl::Adding;
use crate::model::consumer::service::orderly::unlock::Removing;
use crate::model::event::InstanceEvent;
use crate::model::instance::{ClientProcess, Instance};
use crate::model::observation::{Detail, Observation};
use crate::model::outside::Outside;
use crate::model::plan::{BrokerIndex, PlantedMistake, TopicIndex};
use crate::model::views::ViewId;

/// What the thread waits for in the middle of a topic.
#[derive(Debug)]
pub(in crate::model) enum Phase {
    /// A route, because no broker of the topic is known that could be asked for its members; asked once.
    FetchingRoute,
    /// The member list, from this broker.
    AskingList(BrokerIndex),
    /// Listeners of dropped orderly queues.
    Removing(Removing),
    /// Offsets of queues to be taken.
    Adding(Adding),
    /// The heartbeats after a change; the round ends it.
    Heartbeats,
}

/// How a step of a topic ends.
#[must_use]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::model) enum Step {
    /// The thread waits for an answer, or for a listener.
    Waits,
    /// The topic is done with, and nothing of it changed.
    Settled,
    /// The topic is done with, and `messageQueueChanged` has to be called.
    Changed,
}

/// A rebalance under way.
#[derive(Debug)]
pub(in crate::model) struct Rebalancing {
    pub began: Instant,
    /// Whose turn it is, by its place in the process.
    pub at: usize,
    /// Consumers of the instance that come after it, the next one last.
    left: Vec<usize>,
    /// Its topics that are still to come, the next one last.
    topics: Vec<TopicIndex>,
    /// The topic whose turn it is.
    pub topic: TopicIndex,
    /// `mqSet`: the topic's queues as they were known when its turn came. A route that is fetched to find its members
    /// counts from the next rebalance on.
    pub queues: Option<ViewId>,
    pub balanced: bool,
    pub phase: Phase,
}

/// The thread.
#[derive(Debug, Default)]
pub(in crate::model) struct RebalanceThread {
    /// End of the last rebalance; at first the creation of the client instance.
    pub last: Instant,
    notified: bool,
    /// It has rebalanced at least once.
    ran: bool,
    /// A wake-up was lost: it sleeps to the end of its wait.
    deaf: bool,
    /// `resume()` rebalances by itself: the minimum interval is none of its business.
    pub(in crate::model) resumed: bool,
    timer: Option<Timer>,
    pub(in crate::model) busy: Option<Rebalancing>,
}

impl Instance {
    /// `waitForRunning`: sleeps, or does not where it was notified meanwhile.
    pub(in crate::model) fn rebalance_wait(&mut self, out: &mut Outside<'_>, wait: Span) {
        let consumer = self.owner;
        let (_, epoch) = out.instance_seat(consumer);
        let wait = if self.rebalance.notified { Span::ZERO } else { wait };
        let timer = out.after(wait, InstanceEvent::RebalanceWoken.of(consumer, epoch));
        self.rebalance.timer = Some(timer);
    }

    /// `rebalanceImmediately`: wake-ups during a rebalance make one more after it.
    pub(in crate::model) fn wake_rebalance(&mut self, out: &mut Outside<'_>) {
        let thread = &mut self.rebalance;
        let busy = thread.busy.is_some();
        if busy && out.planted(PlantedMistake::WakeupDuringRebalanceLost) {
            return;
        }
        let thread = &mut self.rebalance;
        if thread.deaf || std::mem::replace(&mut thread.notified, true) || busy {
            return;
        }
        let lost = out.environment().lost_wakeups_per_million;
        if lost > 0 && self.lost_wakeups.chance(lost.into(), 1_000_000) {
            let thread = &mut self.rebalance;
            (thread.deaf, thread.notified) = (true, false);
            return out.see(Observation::WakeupLost { consumer: self.owner });
        }
        let thread = &mut self.rebalance;
        // A process that has just thawed may have missed its wake-up, which then comes by itself.
        let timer = thread.timer.take();
        if timer.is_some_and(|timer| out.agenda.cancel(timer).is_some()) {
            self.rebalance_wait(out, Span::ZERO);
        }
    }

    pub(in crate::model) fn rebalancing(&mut self) -> &mut Rebalancing {
        self.rebalance.busy.as_mut().expect("a rebalance is under way")
    }
}

impl ClientProcess {
    /// The thread wakes: it rebalances if its last one ended at least the minimum interval ago.
    pub(in crate::model) fn rebalance_woken(&mut self, out: &mut Outside<'_>) {
        let consumer = self.instance.owner;
        let now = out.client_clock(consumer);
        let minimum = out.planned(consumer).client.timers.rebalance_min_interval;
        let thread = &mut self.instance.rebalance;
        assert!(thread.busy.is_none(), "the thread sleeps between rebalances");
        thread.timer = None;
        thread.deaf = false;
        thread.notified = false;
        let last = thread.last;
        let since = now.since(last);
        let excused = out.planted(PlantedMistake::FirstRebalanceWithoutMinimum) && !self.instance.rebalance.ran;
        let resumed = std::mem::take(&mut self.instance.rebalance.resumed);
        if since < minimum && !excused && !resumed {
            // A clock that went back makes the difference negative, and the wait as much longer (trap E39).
            let back = last.since(now);
            return self.instance.rebalance_wait(out, minimum.saturating_sub(since) + back);
        }
        let left = (0..self.consumers.len()).rev().collect();
        let thread = &mut self.instance.rebalance;
        thread.ran = true;
        let (balanced, phase) = (true, Phase::FetchingRoute);
        let (topics, topic, queues) = (Vec::new(), TopicIndex::MAX, None);
        thread.busy = Some(Rebalancing { began: now, at: 0, left, topics, topic, queues, balanced, phase });
        out.see_detail(Detail::RebalanceBegan { consumer });
        self.rebalance_next_consumer(out);
    }

    /// `MQClientInstance.doRebalance`: the next consumer of the instance, where there is one left.
    pub(in crate::model) fn rebalance_next_consumer(&mut self, out: &mut Outside<'_>) {
        while let Some(next) = self.instance.rebalancing().left.pop() {
            if self.consumers[next].suspended {
                // `tryRebalance` of a paused consumer answers false, and the next comes in a second.
                self.instance.rebalancing().balanced = false;
            } else if self.consumers[next].is_registered() {
                let topics = self.consumers[next].topics_to_come();
                let rebalancing = self.instance.rebalancing();
                (rebalancing.at, rebalancing.topics) = (next, topics);
                return self.rebalance_next_topic(out, next);
            }
        }
        self.end_rebalance(out);
    }

    /// A consumer has left an instance that goes on: the rebalance thread waits no longer for its listeners.
    pub(in crate::model) fn rebalance_without(&mut self, out: &mut Outside<'_>, at: usize) {
        let Some(rebalancing) = &self.instance.rebalance.busy else { return };
        if rebalancing.at == at && matches!(rebalancing.phase, Phase::Removing(_)) {
            self.rebalance_next_consumer(out);
        }
    }

    /// Goes on to the next topic.
    pub(in crate::model) fn rebalance_next_topic(&mut self, out: &mut Outside<'_>, at: usize) {
        if !self.consumers[at].is_registered() {
            return self.rebalance_next_consumer(out);
        }
        while let Some(topic) = self.instance.rebalancing().topics.pop() {
            let client = &mut self.consumers[at];
            if client.subscription(topic).is_none() {
                // It was given up while others had their turn.
                continue;
            }
            let queues = client.topic_subscribe_info.get(&topic).copied();
            let rebalancing = self.instance.rebalancing();
            (rebalancing.topic, rebalancing.queues) = (topic, queues);
            return self.rebalance_topic(out, at);
        }
        self.consumers[at].truncate_queues_not_my_topic(out);
        self.rebalance_next_consumer(out);
    }

    /// The thread goes on where a step of a topic ends.
    pub(in crate::model) fn rebalance_goes_on(&mut self, out: &mut Outside<'_>, at: usize, step: Step) {
        match step {
            Step::Waits => {}
            Step::Settled => self.rebalance_next_topic(out, at),
            Step::Changed => self.message_queue_changed(out, at),
        }
    }

    fn end_rebalance(&mut self, out: &mut Outside<'_>) {
        let consumer = self.instance.owner;
        let now = out.client_clock(consumer);
        let settings = &out.planned(consumer).client;
        let (timers, retries) = (&settings.timers, settings.retry_when_not_balanced);
        let late = out.planted(PlantedMistake::RebalanceLate);
        let late = if late { Span::from_secs(5) } else { Span::ZERO };
        let (wait, minimum) = (timers.rebalance_wait_interval + late, timers.rebalance_min_interval);
        let from_the_beginning = out.planted(PlantedMistake::MinimumFromTheBeginning);
        let thread = &mut self.instance.rebalance;
        let done = thread.busy.take().expect("a rebalance is under way");
        thread.last = if from_the_beginning { done.began } else { now };
        let (took, again) = (now.since(done.began), thread.notified);
        out.see(Observation::RebalanceEnded { consumer, balanced: done.balanced, took });
        self.instance.rebalance_wait(out, if done.balanced || !retries { wait } else { minimum });
        if !again {
            self.begin_resets_to_come(out);
        }
    }
}
