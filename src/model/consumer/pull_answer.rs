//! The callback of a pull (`DefaultMQPushConsumerImpl.pullMessage`, its `PullCallback`).

use crate::kernel::Span;
use crate::model::consumer::Consumer;
use crate::model::consumer::service::ConsumeMessageService;
use crate::model::event::ConsumerEvent;
use crate::model::instance::Instance;
use crate::model::network::{CallError, Pulled, Response};
use crate::model::observation::{CommitPath, Detail, Observation, PullTrouble, QueueIndex, Release};
use crate::model::outside::Outside;
use crate::model::plan::{PlantedMistake, TagSet};

impl Consumer {
    /// The callback of a pull.
    pub(in crate::model) fn pull_answered(
        &mut self,
        out: &mut Outside<'_>,
        instance: &mut Instance,
        process_queue: u32,
        answer: Result<Response, CallError>,
    ) {
        if self.service == ConsumeMessageService::LitePull {
            return self.pull_task_answered(out, instance, process_queue, answer);
        }
        match answer {
            Ok(Response::Pulled(Pulled::Found { first, count, tags, life })) => {
                self.found(out, instance, process_queue, (first, count), (tags, life));
            }
            Ok(Response::Pulled(Pulled::NoMatchedMessage { next, tags })) => {
                let held = &self.process_queues[process_queue as usize];
                let (queue, first) = (held.queue, held.next_offset);
                (first..next).for_each(|offset| _ = self.is_filtered(out, (queue, offset), (tags, tags)));
                self.no_new_message(out, process_queue, next);
            }
            Ok(Response::Pulled(Pulled::NoNewMessage { next })) => self.no_new_message(out, process_queue, next),
            Ok(Response::Pulled(Pulled::OffsetIllegal { next })) => {
                self.offset_illegal(out, instance, process_queue, next)
            }
            other => self.pull_failed(out, process_queue, other),
        }
    }

    /// `onException`: the loop goes on later.
    pub(in crate::model) fn pull_failed(
        &mut self,
        out: &mut Outside<'_>,
        process_queue: u32,
        answer: Result<Response, CallError>,
    ) {
        let consumer = self.index;
        let delay = out.planned(consumer).client.pull_time_delay_mills_when_exception;
        let trouble = match answer {
            Ok(Response::Pulled(Pulled::Refused(trouble))) => trouble,
            Ok(_) => PullTrouble::Refused,
            Err(CallError::Unreachable) => PullTrouble::BrokerUnreachable,
            Err(CallError::TimedOut) => PullTrouble::TimedOut,
        };
        self.pull_troubled(out, process_queue, trouble, delay);
    }

    /// The broker answers: what kept the loop is over.
    pub(in crate::model) fn pull_recovered(&mut self, out: &mut Outside<'_>, process_queue: u32) {
        let consumer = self.index;
        let held = &mut self.process_queues[process_queue as usize];
        let queue = held.queue;
        if held.trouble.take().is_some() {
            out.see(Observation::PullRecovered { consumer, queue });
        }
    }

    /// `FOUND`: into the process queue, to the pool, and on. A queue dropped meanwhile is not told apart here; its
    /// messages are discarded by the pool, and its loop ends at the next check.
    fn found(
        &mut self,
        out: &mut Outside<'_>,
        instance: &Instance,
        process_queue: u32,
        (first, count): (u64, u32),
        read: (TagSet, u32),
    ) {
        self.process_queues[process_queue as usize].next_offset = first + u64::from(count);
        self.pull_recovered(out, process_queue);
        if self.process_queues[process_queue as usize].dropped && !out.planted(PlantedMistake::DroppedQueuesAreConsumed)
        {
            return;
        }
        if !self.put_found(out, process_queue, (first, count), read) {
            // Empty after the filter: pulled again at once, without a correction of the offset.
            return self.pull_due(out, process_queue);
        }
        let planned = out.planned(self.index);
        if self.pool.closed {
            // The pool refuses, and so does the executor that would try again: the pull failed (`onException`).
            return self.pull_later(out, process_queue, planned.client.pull_time_delay_mills_when_exception);
        }
        // The pool gets the batch and the pull thread the next pull at the same moment. Mostly the pull is faster, and
        // carries the offset from before this batch: a killed consumer's successor gets the batch again (in
        // `crash_kill9` and `silent_stop` 18 of 24 queues).
        let pool_first = out.environment().pool_before_pull_per_million.into();
        let pool_first = self.thread_race.chance(pool_first, 1_000_000);
        if pool_first {
            self.submit(out, instance, process_queue, first, count);
        }
        if planned.consumer.pull_interval == Span::ZERO {
            self.pull_due(out, process_queue);
        } else {
            self.pull_later(out, process_queue, planned.consumer.pull_interval);
        }
        if !pool_first {
            self.submit(out, instance, process_queue, first, count);
        }
    }

    /// `processPullResult` and `putMessage`: what the broker's filter let pass is filtered once more by the client's own
    /// tags. False where nothing is left.
    pub(in crate::model) fn put_found(
        &mut self,
        out: &mut Outside<'_>,
        process_queue: u32,
        (first, count): (u64, u32),
        (tags, life): (TagSet, u32),
    ) -> bool {
        let (consumer, each) = (self.index, self.one_body_size);
        let held = &mut self.process_queues[process_queue as usize];
        let queue = held.queue;
        let topic = out.names.queue(queue).topic;
        let own = self.subscriptions.iter().find(|s| s.topic == topic).map_or(TagSet::ALL, |s| s.tags);
        if !out.marks.matters(queue, tags) && !out.marks.matters(queue, own) {
            held.put(first, count, life, |offset| each.unwrap_or_else(|| out.body_bytes(queue, offset, life)));
            out.see(Observation::Pulled { consumer, queue, until: first + u64::from(count) });
            return true;
        }
        let mut any = false;
        for offset in first..first + u64::from(count) {
            let filtered = self.is_filtered(out, (queue, offset), (tags, own));
            let held = &mut self.process_queues[process_queue as usize];
            match filtered {
                true => held.pass_over(offset),
                false => held.put(offset, 1, life, |_| each.unwrap_or_else(|| out.body_bytes(queue, offset, life))),
            }
            any |= !filtered;
        }
        if any {
            out.see(Observation::Pulled { consumer, queue, until: first + u64::from(count) });
        }
        any
    }

    /// Whether one of two filters leaves a message out, which can be seen.
    pub(in crate::model) fn is_filtered(
        &mut self,
        out: &mut Outside<'_>,
        (queue, offset): (QueueIndex, u64),
        (one, other): (TagSet, TagSet),
    ) -> bool {
        let consumer = self.index;
        let tag = out.marks.of(queue, offset).tag;
        let filtered = !one.contains(tag) || !other.contains(tag);
        if filtered {
            out.see(Observation::Filtered { consumer, queue, offset, tag });
        }
        filtered
    }

    /// `NO_NEW_MSG`: an empty queue's offset is corrected, which makes the first record of a queue never committed.
    fn no_new_message(&mut self, out: &mut Outside<'_>, process_queue: u32, next: u64) {
        let consumer = self.index;
        let keeps = out.planted(PlantedMistake::NoNewMessageKeepsOffset);
        let held = &mut self.process_queues[process_queue as usize];
        held.next_offset = next;
        let recovered = held.trouble.take().is_some();
        let (queue, correct) = (held.queue, held.count() == 0 && !held.dropped);
        if correct && !keeps {
            self.update_offset(out, queue, next, true);
        }
        if correct {
            out.see_detail(Detail::NothingNew { consumer, queue, next });
        }
        if recovered {
            out.see(Observation::PullRecovered { consumer, queue });
        }
        self.pull_due(out, process_queue);
    }

    /// `OFFSET_ILLEGAL`: the queue is given up with the corrected offset frozen, and taken again by a rebalance. Nobody asks
    /// whether it was dropped while the pull was under way: the offset of one that is another's by now is sent too, and one
    /// that has come back is given up once more.
    fn offset_illegal(&mut self, out: &mut Outside<'_>, instance: &mut Instance, process_queue: u32, corrected: u64) {
        let consumer = self.index;
        let raises = out.planted(PlantedMistake::RepairOnlyRaises);
        let held = &mut self.process_queues[process_queue as usize];
        let (queue, asked, dropped) = (held.queue, held.next_offset, held.dropped);
        held.next_offset = corrected;
        held.drop_queue();
        out.see(Observation::OffsetIllegal { consumer, queue, asked, corrected });
        let (_, epoch) = self.seat(out);
        let delay = out.planned(consumer).client.offset_illegal_repair_delay;
        if delay > Span::ZERO {
            if !dropped {
                out.see(Observation::PullTroubled { consumer, queue, trouble: PullTrouble::OffsetIllegal });
            }
            out.after(delay, ConsumerEvent::OffsetRepaired { process_queue }.of(consumer, epoch));
            return;
        }
        match raises {
            true => self.update_offset(out, queue, corrected, true),
            false => self.update_and_freeze_offset(out, queue, corrected),
        }
        self.remove_process_queue(out, instance, queue);
        instance.wake_rebalance(out);
    }

    /// The repair of clients before 5.2: the queue comes back with the next rebalance, whenever that is. What the store
    /// does not write is forgotten with the queue: a `BROADCASTING` member then reads the illegal offset again, for ever.
    pub(in crate::model) fn offset_repaired(
        &mut self,
        out: &mut Outside<'_>,
        instance: &mut Instance,
        process_queue: u32,
    ) {
        let held = &mut self.process_queues[process_queue as usize];
        let (queue, offset) = (held.queue, held.next_offset);
        self.update_offset(out, queue, offset, false);
        self.remove_process_queue(out, instance, queue);
    }

    /// `persist` and `removeProcessQueue`: the offset is sent, and the queue leaves the table, whichever process queue it has
    /// there now. A queue that the rebalance thread is giving up is left to that.
    fn remove_process_queue(&mut self, out: &mut Outside<'_>, instance: &mut Instance, queue: QueueIndex) {
        match self.table.get(&queue) {
            Some(&number) if !instance.is_giving_up(self.at, queue) => {
                self.release(out, queue, Release::OffsetIllegal, CommitPath::OffsetIllegal);
                self.unlock_after_repair(out, number);
            }
            _ => self.persist(out, queue, CommitPath::OffsetIllegal),
        }
    }
}

impl Outside<'_> {
    /// How many bytes the body of a message has.
    fn body_bytes(&self, queue: QueueIndex, offset: u64, life: u32) -> u32 {
        self.record(queue, offset, life).map_or(0, |(record, _)| record.body_bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::event::Event;
    use crate::model::instance::testing::{at, hold, running};
    use crate::model::network::Request;
    use crate::model::testing::{hear, outside, plan};

    /// Whether the queue was given up before the answer came, and taken again.
    #[test]
    fn an_illegal_offset_is_repaired_also_where_the_queue_is_another_s() {
        let rows = [(false, false, true), (true, false, false), (true, true, true)];
        for ((given_up, again, released), delay) in rows.into_iter().flat_map(|row| [(row, 0), (row, 10)]) {
            let mut plan = plan(1);
            plan.consumers[0].client.offset_illegal_repair_delay = Span::from_millis(delay);
            let mut out = outside(&plan);
            let mut process = running(&mut out);
            let number = hold(&mut out, &mut process, 0, 9);
            let queue = process.consumers[0].process_queues[number as usize].queue;
            if given_up {
                process.consumers[0].release(&mut out, queue, Release::Reassigned, CommitPath::Release);
            }
            if again {
                hold(&mut out, &mut process, 0, 2);
            }
            hear(&mut out, at(100));
            let told = Ok(Response::Pulled(Pulled::OffsetIllegal { next: 4 }));
            process.consumers[0].pull_answered(&mut out, &mut process.instance, number, told);
            let first = hear(&mut out, at(200));
            for (_, event) in &first.due {
                if let Event::Consumer { what: what @ ConsumerEvent::OffsetRepaired { .. }, .. } = event {
                    process.consumer_event(&mut out, 0, *what);
                }
            }
            let then = hear(&mut out, at(300));
            let seen: Vec<&Observation> = first.seen.iter().chain(&then.seen).collect();
            let row = format!("given up {given_up}, taken again {again}, after {delay} ms");
            let consumer = process.consumers[0].index;
            let illegal = Observation::OffsetIllegal { consumer, queue, asked: 9, corrected: 4 };
            assert!(seen.contains(&&illegal), "{row}");
            let gone = Observation::QueueReleased { consumer, queue, release: Release::OffsetIllegal };
            assert_eq!(seen.contains(&&gone), released, "{row}");
            assert!(!process.consumers[0].table.contains_key(&queue), "{row}");
            let requests = first.requests().into_iter().chain(then.requests());
            let sent: Vec<u64> = requests
                .filter_map(|(_, request)| match request {
                    Request::UpdateOffset { offset, .. } => Some(*offset),
                    _ => None,
                })
                .collect();
            assert_eq!(sent, [4], "{row}");
        }
    }
}
