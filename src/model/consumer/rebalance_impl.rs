//! `RebalanceImpl.updateProcessQueueTableInRebalance`: drop first, then take, one offset query a queue.

use std::collections::BTreeSet;

use crate::model::consumer::Consumer;
use crate::model::consumer::process_queue::ProcessQueue;
use crate::model::consumer::service::ConsumeMessageService;
use crate::model::consumer::service::orderly::lock::Locking;
use crate::model::ids::ViewId;
use crate::model::instance::Instance;
use crate::model::instance::rebalance_service::{Phase, Step};
use crate::model::java_order::{message_queue_hash, sort_as_hash_table};
use crate::model::network::AssignedQueue;
use crate::model::observation::{CommitPath, Observation, PopRelease, QueueIndex, Release, StartRule, TopicRebalance};
use crate::model::outside::Outside;
use crate::model::plan::PlantedMistake;

/// What a consumer is to have of a topic.
#[derive(Debug)]
pub(in crate::model) struct Share {
    /// To pull.
    pub pulled: Vec<QueueIndex>,
    /// To pop.
    pub popped: BTreeSet<AssignedQueue>,
    /// Why a queue is not to be pulled that is in the route and not among these.
    pub otherwise: Release,
}

/// Queues being taken, one after the other.
#[derive(Debug)]
pub(in crate::model) struct Adding {
    /// What the strategy gave.
    mine: BTreeSet<QueueIndex>,
    /// Still to be taken, the next one last.
    pub(super) left: Vec<QueueIndex>,
    /// Process queues made so far.
    taken: Vec<u32>,
    changed: bool,
    /// The lock of the next queue has been asked for, and granted.
    pub(super) locking: Locking,
    /// The offset query was answered "none": now the maximum or a time is asked for.
    pub(super) asked_store: Option<StartRule>,
}

impl Consumer {
    /// `rebalanceByTopic`: all queues of the route are the member's; no list is asked for, no strategy.
    pub(in crate::model) fn rebalance_broadcasting(&mut self, out: &mut Outside<'_>, instance: &mut Instance) -> Step {
        let consumer = self.index;
        let rebalancing = instance.rebalancing();
        let (topic, queues) = (rebalancing.topic, rebalancing.queues);
        let Some(view) = queues else {
            out.see(Observation::TopicRebalanced { consumer, topic, broker: None, found: TopicRebalance::NoRoute });
            return Step::Changed;
        };
        let all = out.views.queue_list(view).to_vec();
        let found = TopicRebalance::AllQueues { queues: all.len() as u32 };
        out.see(Observation::TopicRebalanced { consumer, topic, broker: None, found });
        self.update_process_queue_table(out, instance, view, all, true)
    }

    /// Steps 1 and 2: queues that are not the client's any more are dropped and their offsets sent.
    pub(in crate::model) fn update_process_queue_table(
        &mut self,
        out: &mut Outside<'_>,
        instance: &mut Instance,
        view: ViewId,
        mine: Vec<QueueIndex>,
        in_list: bool,
    ) -> Step {
        let otherwise = if in_list { Release::Reassigned } else { Release::NotInList };
        let share = Share { pulled: mine, popped: BTreeSet::new(), otherwise };
        self.update_share(out, instance, view, share)
    }

    /// The same, where a part of the topic may be popped.
    pub(in crate::model) fn update_share(
        &mut self,
        out: &mut Outside<'_>,
        instance: &mut Instance,
        view: ViewId,
        Share { pulled: mine, popped, otherwise }: Share,
    ) -> Step {
        let consumer = self.index;
        let now = out.client_clock(consumer);
        let idle = out.planned(consumer).client.timers.pull_max_idle_time;
        let topic = instance.rebalancing().topic;
        let wanted: BTreeSet<QueueIndex> = mine.iter().copied().collect();
        let pushed = self.service != ConsumeMessageService::LitePull;
        let mut released = Vec::new();
        for (&queue, &number) in &self.table {
            if out.names.queue(queue).topic != topic {
                continue;
            }
            if !wanted.contains(&queue) {
                let in_route = out.views.queue_list(view).contains(&queue);
                released.push((queue, if in_route { otherwise } else { Release::RouteGone }));
            } else if pushed && self.process_queues[number as usize].is_pull_expired(now, idle) {
                released.push((queue, Release::PullExpired));
            }
        }
        if self.uses_locks(out) {
            return self.drop_orderly_queues(out, instance, released, mine);
        }
        let mut changed = !released.is_empty();
        for (queue, release) in released {
            self.release(out, queue, release, CommitPath::Release);
        }
        let switched = popped.is_empty() && !mine.is_empty();
        let why = if switched { PopRelease::ModeSwitched } else { PopRelease::NotAssigned };
        changed |= self.drop_pop_queues(out, topic, &popped, why);
        instance.rebalancing().popped = popped;
        self.begin_adding(out, instance, mine, changed)
    }

    /// Step 3 begins with what is not in the table.
    pub(in crate::model) fn begin_adding(
        &mut self,
        out: &mut Outside<'_>,
        instance: &mut Instance,
        mine: Vec<QueueIndex>,
        changed: bool,
    ) -> Step {
        let wanted: BTreeSet<QueueIndex> = mine.iter().copied().collect();
        let table = &self.table;
        let mut seen = BTreeSet::new();
        let mut left: Vec<QueueIndex> = mine.into_iter().filter(|&queue| seen.insert(queue)).collect();
        sort_as_hash_table(&mut left, |&queue| message_queue_hash(out.names.message_queue(queue)));
        left.retain(|queue| !table.contains_key(queue));
        left.reverse();
        let adding = Adding { mine: wanted, left, taken: Vec::new(), changed, locking: Locking::No, asked_store: None };
        instance.rebalancing().phase = Phase::Adding(adding);
        self.take_next_queue(out, instance)
    }

    /// Drops a queue: its offset is persisted and goes out of memory, it leaves the table.
    pub(in crate::model) fn release(
        &mut self,
        out: &mut Outside<'_>,
        queue: QueueIndex,
        release: Release,
        path: CommitPath,
    ) {
        let consumer = self.index;
        let told = self.persist_and_remove(out, queue);
        let number = self.table.remove(&queue).expect("only owned queues are released");
        self.process_queues[number as usize].drop_queue();
        if let Some(offset) = told.filter(|_| !out.planted(PlantedMistake::NoCommitBeforeDrop)) {
            self.send_last_offset(out, (queue, offset), path);
        }
        out.see(Observation::QueueReleased { consumer, queue, release });
    }

    /// Into the process-queue table.
    pub(in crate::model) fn put_queue(
        &mut self,
        out: &mut Outside<'_>,
        instance: &mut Instance,
        queue: QueueIndex,
        offset: u64,
        rule: StartRule,
    ) {
        let consumer = self.index;
        let now = out.client_clock(consumer);
        let noted = !out.planned(consumer).client.lock_before_process_queue;
        let mut new = ProcessQueue::new(queue, offset, now);
        new.orderly.locked = noted;
        self.process_queues.push(new);
        let number = (self.process_queues.len() - 1) as u32;
        self.table.insert(queue, number);
        instance.pass_over_queue();
        let adding = instance.adding();
        adding.taken.push(number);
        adding.changed = true;
        out.see(Observation::StartedAt { consumer, queue, offset, rule });
        out.see(Observation::QueueTaken { consumer, queue, offset });
    }

    /// Step 5, then `messageQueueChanged` where anything changed.
    pub(in crate::model) fn finish_adding(&mut self, out: &mut Outside<'_>, instance: &mut Instance) -> Step {
        let adding = instance.adding();
        let (taken, mut changed) = (std::mem::take(&mut adding.taken), adding.changed);
        let mine = std::mem::take(&mut adding.mine);
        self.dispatch_pull_requests(out, taken);
        let topic = instance.rebalancing().topic;
        let popped = std::mem::take(&mut instance.rebalancing().popped);
        changed |= self.take_pop_queues(out, &popped);
        let working = self.table.iter().filter(|&(&queue, &number)| {
            out.names.queue(queue).topic == topic && !self.process_queues[number as usize].dropped
        });
        let balanced = working.map(|(queue, _)| queue).eq(mine.iter()) && self.popped_of(topic) == popped;
        instance.rebalancing().balanced &= balanced;
        let pushed = self.service != ConsumeMessageService::LitePull;
        if changed && pushed { Step::Changed } else { Step::Settled }
    }
}

impl Instance {
    pub(in crate::model) fn adding(&mut self) -> &mut Adding {
        match &mut self.rebalancing().phase {
            Phase::Adding(adding) => adding,
            other => unreachable!("queues are being taken, not {other:?}"),
        }
    }

    /// The next queue is left for the next rebalance.
    pub(in crate::model) fn pass_over_queue(&mut self) {
        let adding = self.adding();
        adding.left.pop();
        adding.locking = Locking::No;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ids::TopicIndex;
    use crate::model::instance::ClientProcess;
    use crate::model::instance::testing::{at, pulls, queue, running, sent};
    use crate::model::network::{CallError, Response};
    use crate::model::testing::{hear, outside, plan};

    /// A rebalance of topic 0 gives these queues; brokers have an offset of 7 for each.
    fn give(
        out: &mut Outside<'_>,
        process: &mut ClientProcess,
        view: ViewId,
        mine: &[QueueIndex],
        listed: bool,
    ) -> Step {
        process.instance.rebalance_begun(out, TopicIndex(0), true);
        let (consumer, instance) = (&mut process.consumers[0], &mut process.instance);
        let mut step = consumer.update_process_queue_table(out, instance, view, mine.to_vec(), listed);
        while step == Step::Waits {
            let stored: Result<_, CallError> = Ok(Response::Offset { offset: Some(7), assumed: false });
            step = consumer.start_offset_answered(out, instance, stored);
        }
        step
    }

    #[test]
    fn queues_are_dropped_first_and_taken_then_and_pulled_after_500_ms() {
        let plan = plan(1);
        let mut out = outside(&plan);
        let mut process = running(&mut out);
        let [gone, kept, new] = [0, 1, 2].map(|id| queue(&mut out, id));
        let view = process.consumers[0].topic_subscribe_info[&TopicIndex(0)];
        assert_eq!(give(&mut out, &mut process, view, &[gone, kept], true), Step::Changed);
        process.consumers[0].update_offset(&mut out, gone, 9, true);
        hear(&mut out, at(1_000));
        assert_eq!(give(&mut out, &mut process, view, &[kept, new], true), Step::Changed);
        let heard = hear(&mut out, at(2_000));
        let (commit, query) = (format!("Broker(0): commit {gone} at 9"), format!("Broker(0): query {new}"));
        assert_eq!(sent(&out, &heard), [commit, query]);
        let order: Vec<_> = (heard.seen.iter())
            .filter_map(|seen| match seen {
                Observation::QueueReleased { queue, release, .. } => Some((*queue, Some(*release))),
                Observation::QueueTaken { queue, .. } => Some((*queue, None)),
                _ => None,
            })
            .collect();
        assert_eq!(order, [(gone, Some(Release::Reassigned)), (new, None)]);
        assert_eq!(pulls(&heard), [(1_500, 2)], "its first pull");
        assert!(process.consumers[0].process_queues[0].dropped, "what is left of it counts no more");
        assert_eq!(give(&mut out, &mut process, view, &[kept, new], true), Step::Settled, "nothing changed");
    }

    /// Whether the member is in the list, whether the queue is in the route, whether the queue is still its own, how long
    /// ago it was pulled, and how the queue is released then, if it is.
    #[test]
    fn a_queue_is_released_for_a_reason() {
        let rows = [
            (true, true, true, 120_000, None),
            (true, true, true, 120_001, Some(Release::PullExpired)),
            (true, true, false, 0, Some(Release::Reassigned)),
            (false, true, false, 0, Some(Release::NotInList)),
            (true, false, false, 0, Some(Release::RouteGone)),
            (false, false, false, 120_001, Some(Release::RouteGone)),
        ];
        for (listed, in_route, mine, idle_ms, expected) in rows {
            let plan = plan(1);
            let mut out = outside(&plan);
            let mut process = running(&mut out);
            let [own, other] = [0, 1].map(|id| queue(&mut out, id));
            let whole = process.consumers[0].topic_subscribe_info[&TopicIndex(0)];
            let view = if in_route { whole } else { out.views.queues(vec![other], &out.names) };
            _ = give(&mut out, &mut process, whole, &[own], true);
            hear(&mut out, at(idle_ms));
            let given: Vec<QueueIndex> = mine.then_some(own).into_iter().collect();
            _ = give(&mut out, &mut process, view, &given, listed);
            let released = hear(&mut out, at(idle_ms)).seen.into_iter().find_map(|seen| match seen {
                Observation::QueueReleased { release, .. } => Some(release),
                _ => None,
            });
            assert_eq!(released, expected, "listed {listed}, in the route {in_route}, its own {mine}, {idle_ms} ms");
        }
    }

    #[test]
    fn a_queue_whose_broker_is_not_known_is_left_for_the_next_rebalance() {
        let plan = plan(1);
        let mut out = outside(&plan);
        let mut process = running(&mut out);
        process.consumers[0].brokers.clear();
        let own = queue(&mut out, 0);
        let view = process.consumers[0].topic_subscribe_info[&TopicIndex(0)];
        assert_eq!(give(&mut out, &mut process, view, &[own], true), Step::Settled);
        assert!(process.consumers[0].table.is_empty());
        assert!(!process.instance.rebalancing().balanced, "so the next one comes in a second");
    }
}
