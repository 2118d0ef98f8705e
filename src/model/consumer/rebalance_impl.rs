//! `RebalanceImpl.updateProcessQueueTableInRebalance`: drop first, then take, one offset query a queue.

use std::collections::BTreeSet;

use crate::kernel::Span;
use crate::model::consumer::Consumer;
use crate::model::consumer::process_queue::ProcessQueue;
use crate::model::consumer::service::orderly::lock::Locking;
use crate::model::instance::Instance;
use crate::model::instance::rebalance_service::{Phase, Step};
use crate::model::java_order::{message_queue_hash, sort_as_hash_table};
use crate::model::observation::{CommitPath, Observation, QueueIndex, Release, StartRule, TopicRebalance};
use crate::model::outside::Outside;
use crate::model::plan::PlantedMistake;
use crate::model::views::ViewId;

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
        let consumer = self.index;
        let now = out.client_clock(consumer);
        let idle = out.planned(consumer).client.timers.pull_max_idle_time;
        let topic = instance.rebalancing().topic;
        let wanted: BTreeSet<QueueIndex> = mine.iter().copied().collect();
        let mut released = Vec::new();
        for (&queue, &number) in &self.table {
            if out.names.queue(queue).topic != topic {
                continue;
            }
            if !wanted.contains(&queue) {
                let in_route = out.views.queue_list(view).contains(&queue);
                let release = match (in_list, in_route) {
                    (_, false) => Release::RouteGone,
                    (false, true) => Release::NotInList,
                    (true, true) => Release::Reassigned,
                };
                released.push((queue, release));
            } else if out.lite_pull(consumer).is_none()
                && now.since(self.process_queues[number as usize].last_pull) > idle
            {
                released.push((queue, Release::PullExpired));
            }
        }
        if out.uses_locks(consumer) {
            return self.drop_orderly_queues(out, instance, released, mine);
        }
        let changed = !released.is_empty();
        for (queue, release) in released {
            self.release(out, queue, release, CommitPath::Release);
        }
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
}

impl Instance {
    pub(in crate::model) fn adding(&mut self) -> &mut Adding {
        match &mut self.rebalancing().phase {
            Phase::Adding(adding) => adding,
            other => unreachable!("queues are being taken, not {other:?}"),
        }
    }
}

impl Consumer {
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
        let consumer = self.index;
        // Of a consumer that pulls, `messageQueueChanged` starts the tasks at once.
        let push = out.lite_pull(consumer).is_none();
        let delays = push && !out.planted(PlantedMistake::FirstPullAtOnce);
        let delay = if delays { out.planned(consumer).client.timers.pull_dispatch_delay } else { Span::ZERO };
        let adding = instance.adding();
        let (taken, changed) = (std::mem::take(&mut adding.taken), adding.changed);
        let mine = std::mem::take(&mut adding.mine);
        for process_queue in taken {
            self.pull_later(out, process_queue, delay);
        }
        let topic = instance.rebalancing().topic;
        let working = self.table.iter().filter(|&(&queue, &number)| {
            out.names.queue(queue).topic == topic && !self.process_queues[number as usize].dropped
        });
        let balanced = working.map(|(queue, _)| queue).eq(mine.iter());
        instance.rebalancing().balanced &= balanced;
        if changed && push { Step::Changed } else { Step::Settled }
    }
}
