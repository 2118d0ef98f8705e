//! `RebalanceService`: when the instance rebalances, 20 s after the last time, or 1 s after it where a topic was not
//! balanced or somebody wakes the thread (`RebalanceService.run`); and through whose topics it goes then
//! (`MQClientInstance.doRebalance`).

use std::collections::BTreeSet;

use crate::kernel::{Instant, Span, Timer};
use crate::model::consumer::rebalance_impl::Adding;
use crate::model::consumer::service::orderly::unlock::Removing;
use crate::model::event::InstanceEvent;
use crate::model::ids::ViewId;
use crate::model::instance::{ClientProcess, Instance};
use crate::model::network::AssignedQueue;
use crate::model::observation::{Detail, Observation};
use crate::model::outside::Outside;
use crate::model::plan::{BrokerIndex, PlantedMistake, TopicIndex};

/// What the thread waits for in the middle of a topic.
#[derive(Debug)]
pub(in crate::model) enum Phase {
    /// A route, because no broker of the topic is known that could be asked for its members; asked once.
    FetchingRoute,
    /// The member list, from this broker.
    AskingList(BrokerIndex),
    /// Whether brokers deal the topic at all, for the number-th time (`RebalanceImpl.tryQueryAssignment`).
    TryingAssignment(u32),
    /// What this broker assigns.
    AskingAssignment(BrokerIndex),
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
    /// What of the topic is to be popped.
    pub popped: BTreeSet<AssignedQueue>,
    pub balanced: bool,
    pub phase: Phase,
}

impl Rebalancing {
    /// A topic was subscribed meanwhile, and the thread comes to it in its turn; `order`: all topics, the last one first.
    pub(in crate::model) fn meet(&mut self, topic: TopicIndex, order: &[TopicIndex]) {
        let place = |topic| order.iter().position(|known| *known == topic);
        let before = self.topics.partition_point(|known| place(*known) < place(topic));
        if !self.topics.contains(&topic) {
            self.topics.insert(before, topic);
        }
    }
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
        let (_, epoch) = out.instance_seat(self.owner);
        let wait = if self.rebalance.notified { Span::ZERO } else { wait };
        let timer = out.after(wait, InstanceEvent::RebalanceWoken.of(self.owner, epoch));
        self.rebalance.timer = Some(timer);
    }

    /// `rebalanceImmediately`: wake-ups during a rebalance make one more after it.
    pub(in crate::model) fn wake_rebalance(&mut self, out: &mut Outside<'_>) {
        let thread = &mut self.rebalance;
        let busy = thread.busy.is_some();
        if busy && out.planted(PlantedMistake::WakeupDuringRebalanceLost) {
            return;
        }
        let host = out.consumer_host(self.owner);
        let rests = out.machines[host.at()].rebalance_rests && !thread.resumed;
        if rests || thread.deaf || std::mem::replace(&mut thread.notified, true) {
            return;
        }
        out.machines[host.at()].rebalance_woken = true;
        if busy {
            return;
        }
        let lost = out.environment().lost_wakeups_per_million;
        if lost > 0 && self.lost_wakeups.chance(lost.into(), 1_000_000) {
            (thread.deaf, thread.notified) = (true, false);
            out.machines[host.at()].rebalance_woken = false;
            return out.see(Observation::WakeupLost { consumer: self.owner });
        }
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
        let host = out.consumer_host(consumer);
        self.hear_notifications(out);
        out.end_silence_of(host);
        let machine = &mut out.machines[host.at()];
        (machine.rebalance_woken, machine.rebalance_rests) = (false, false);
        let thread = &mut self.instance.rebalance;
        assert!(thread.busy.is_none(), "the thread sleeps between rebalances");
        (thread.timer, thread.deaf, thread.notified) = (None, false, false);
        let last = thread.last;
        let since = now.since(last);
        let excused = out.planted(PlantedMistake::FirstRebalanceWithoutMinimum) && !thread.ran;
        let resumed = std::mem::take(&mut thread.resumed);
        if since < minimum && !excused && !resumed {
            // A clock that went back makes the difference negative, and the wait as much longer (trap E39).
            let back = last.since(now);
            out.machines[host.at()].rebalance_rests = out.environment().lost_wakeups_per_million == 0;
            return self.instance.rebalance_wait(out, minimum.saturating_sub(since) + back);
        }
        let left = (0..self.consumers.len()).rev().collect();
        thread.ran = true;
        let (balanced, phase) = (true, Phase::FetchingRoute);
        let (topics, topic, queues, popped) = (Vec::new(), TopicIndex::MAX, None, BTreeSet::new());
        thread.busy = Some(Rebalancing { began: now, at: 0, left, topics, topic, queues, popped, balanced, phase });
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
            rebalancing.popped.clear();
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

#[cfg(test)]
impl Instance {
    /// The thread is in the middle of a topic, for tests of what it does there.
    pub(in crate::model) fn rebalance_begun(&mut self, out: &Outside<'_>, topic: TopicIndex, balanced: bool) {
        let (topics, queues, popped, phase) = (Vec::new(), None, BTreeSet::new(), Phase::Heartbeats);
        let (began, left) = (out.client_clock(self.owner), Vec::new());
        self.rebalance.busy = Some(Rebalancing { began, at: 0, left, topics, topic, queues, popped, balanced, phase });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ids::ConsumerIndex;
    use crate::model::instance::testing::{at, running, wakes};
    use crate::model::plan::Plan;
    use crate::model::testing::{hear, outside, plan};

    /// A process whose thread is in the middle of a rebalance.
    fn busy(out: &mut Outside<'_>, balanced: bool) -> ClientProcess {
        let mut process = running(out);
        process.instance.rebalance_begun(out, TopicIndex(0), balanced);
        process
    }

    fn plan_with(retries: bool, lost_wakeups_per_million: u32) -> Plan {
        let mut plan = plan(1);
        plan.consumers[0].client.retry_when_not_balanced = retries;
        plan.environment.lost_wakeups_per_million = lost_wakeups_per_million;
        plan
    }

    #[test]
    fn the_next_rebalance_comes_after_20_s_or_after_1_s_or_at_once() {
        // Balanced; retries where not; woken meanwhile: the thread wakes after so many ms.
        let rows = [
            (true, true, false, 20_000),
            (false, true, false, 1_000),
            (false, false, false, 20_000),
            (true, true, true, 0),
            (false, true, true, 0),
        ];
        for (balanced, retries, woken, expected) in rows {
            let plan = plan_with(retries, 0);
            let mut out = outside(&plan);
            let mut process = busy(&mut out, balanced);
            if woken {
                process.instance.wake_rebalance(&mut out);
            }
            process.end_rebalance(&mut out);
            let heard = hear(&mut out, at(60_000));
            assert_eq!(wakes(&heard), [expected], "balanced {balanced}, retries {retries}, woken {woken}");
        }
    }

    /// It wakes so many ms after the last rebalance ended: then it rebalances, or sleeps on.
    #[test]
    fn a_rebalance_that_is_too_soon_waits_for_the_rest_of_the_second() {
        for (since, sleeps) in [(0, Some(1_000)), (400, Some(1_000)), (999, Some(1_000)), (1_000, None), (20_000, None)]
        {
            let plan = plan_with(true, 0);
            let mut out = outside(&plan);
            let mut process = running(&mut out);
            process.instance.rebalance.last = out.client_clock(ConsumerIndex(0));
            hear(&mut out, at(since));
            process.rebalance_woken(&mut out);
            assert_eq!(process.instance.rebalance.busy.is_none(), sleeps.is_some(), "after {since} ms");
            let heard = hear(&mut out, at(since + 1_000));
            assert_eq!(wakes(&heard), sleeps.into_iter().collect::<Vec<u64>>(), "after {since} ms");
        }
    }

    #[test]
    fn resume_rebalances_without_the_second() {
        let plan = plan_with(true, 0);
        let mut out = outside(&plan);
        let mut process = running(&mut out);
        process.instance.rebalance.last = out.client_clock(ConsumerIndex(0));
        process.instance.rebalance.resumed = true;
        process.rebalance_woken(&mut out);
        assert!(process.instance.rebalance.busy.is_some());
    }

    #[test]
    fn a_clock_that_went_back_makes_the_wait_longer() {
        let plan = plan_with(true, 0);
        let mut out = outside(&plan);
        let mut process = running(&mut out);
        process.instance.rebalance.last = out.client_clock(ConsumerIndex(0));
        let host = out.consumer_host(ConsumerIndex(0)).at();
        out.machines[host].clock_ahead -= 30_000_000_000;
        process.rebalance_woken(&mut out);
        let heard = hear(&mut out, at(60_000));
        assert_eq!(wakes(&heard), [31_000]);
    }

    #[test]
    fn a_sleeping_thread_is_woken_once_and_a_lost_wake_up_leaves_it_asleep_until_its_time() {
        for (lost, expected) in [(0, 5_000), (1_000_000, 20_000)] {
            let plan = plan_with(true, lost);
            let mut out = outside(&plan);
            let mut process = running(&mut out);
            process.instance.rebalance_wait(&mut out, Span::from_secs(20));
            hear(&mut out, at(5_000));
            process.instance.wake_rebalance(&mut out);
            process.instance.wake_rebalance(&mut out);
            let heard = hear(&mut out, at(60_000));
            assert_eq!(wakes(&heard), [expected], "{lost} of a million are lost");
            let said = heard.seen.iter().filter(|seen| matches!(seen, Observation::WakeupLost { .. })).count();
            assert_eq!(said, usize::from(lost > 0), "what is said of it");
        }
    }
}
