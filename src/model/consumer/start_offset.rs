//! `computePullFromWhereWithException`: where a queue that is being taken begins.

use crate::model::consumer::Consumer;
use crate::model::consumer::service::orderly::lock::Locking;
use crate::model::instance::Instance;
use crate::model::instance::rebalance_service::Step;
use crate::model::network::{CallError, Request, Response, Waiter};
use crate::model::observation::{QueueIndex, StartRule};
use crate::model::outside::Outside;
use crate::model::plan::ConsumeFromWhere;

impl Consumer {
    /// Step 3: asks where the next queue begins. A broker that is not in the table fails the query at once.
    pub(in crate::model) fn take_next_queue(&mut self, out: &mut Outside<'_>, instance: &mut Instance) -> Step {
        let consumer = self.index;
        let (host, epoch) = out.instance_seat(consumer);
        loop {
            let adding = instance.adding();
            adding.asked_store = None;
            let Some(&queue) = adding.left.last() else { return self.finish_adding(out, instance) };
            if self.lock_before_adding(out, instance, queue) {
                return Step::Waits;
            }
            self.offsets.remove(&queue);
            let group = self.group;
            if out.is_broadcasting(consumer) {
                let first = out.planned(consumer).consumer.consume_from_where;
                let found = self.local_start_offset(out, queue);
                if let Some((offset, rule)) =
                    found.or((first == ConsumeFromWhere::FirstOffset).then_some((0, StartRule::First)))
                {
                    self.put_queue(out, instance, queue, offset, rule);
                    continue;
                }
                // The file has none: the start rule asks the broker.
                let nothing = Response::Offset { offset: None, assumed: false };
                return self.start_offset_answered(out, instance, Ok(nothing));
            }
            if let Some(to) = self.any_host(out, queue) {
                let timeout = out.planned(consumer).client.timers.offset_query_timeout;
                let request = Request::QueryOffset { group, queue };
                out.call(host, to, request, timeout, Waiter::Rebalance { consumer, epoch });
                return Step::Waits;
            }
            instance.pass_over_queue();
        }
    }
}

impl Instance {
    /// The next queue is left for the next rebalance.
    pub(in crate::model) fn pass_over_queue(&mut self) {
        let adding = self.adding();
        adding.left.pop();
        adding.locking = Locking::No;
    }
}

impl Consumer {
    /// `computePullFromWhereWithException` goes on with an answer; an error leaves the queue for the next rebalance.
    pub(in crate::model) fn start_offset_answered(
        &mut self,
        out: &mut Outside<'_>,
        instance: &mut Instance,
        answer: Result<Response, CallError>,
    ) -> Step {
        let consumer = self.index;
        if instance.adding().locking == Locking::Asked {
            return self.lock_before_adding_answered(out, instance, answer);
        }
        let (host, epoch) = out.instance_seat(consumer);
        let adding = instance.adding();
        let queue = *adding.left.last().expect("a queue is being taken");
        let asked = adding.asked_store;
        let topic = instance.rebalancing().topic;
        let is_retry = out.is_retry_topic(topic);
        let planned = out.planned(consumer);
        let begin = match (answer, asked) {
            (Ok(Response::Offset { offset: Some(offset), assumed }), _) => {
                Some((offset, if assumed { StartRule::ZeroResident } else { StartRule::Stored }))
            }
            (Ok(Response::QueueOffset(offset)), Some(rule)) => Some((offset, rule)),
            (Ok(Response::Offset { offset: None, .. }), _) => {
                let ask = match planned.consumer.consume_from_where {
                    ConsumeFromWhere::LastOffset if !is_retry => (Request::GetMaxOffset { queue }, StartRule::Maximum),
                    ConsumeFromWhere::Timestamp(_) if is_retry => (Request::GetMaxOffset { queue }, StartRule::Maximum),
                    ConsumeFromWhere::Timestamp(timestamp) => {
                        (Request::SearchOffset { queue, timestamp }, StartRule::Timestamp)
                    }
                    ConsumeFromWhere::LastOffset | ConsumeFromWhere::FirstOffset => {
                        return self.take_queue(out, instance, queue, 0, StartRule::First);
                    }
                };
                instance.adding().asked_store = Some(ask.1);
                let timeout = planned.client.timers.admin_timeout;
                if let Some(to) = self.master_host(out, queue) {
                    out.call(host, to, ask.0, timeout, Waiter::Rebalance { consumer, epoch });
                    return Step::Waits;
                }
                // Only a master is asked for its maximum.
                None
            }
            _ => None,
        };
        match begin {
            Some((offset, rule)) => self.take_queue(out, instance, queue, offset, rule),
            None => {
                instance.pass_over_queue();
                self.take_next_queue(out, instance)
            }
        }
    }

    /// The queue is the client's; its first pull comes after the dispatch delay.
    fn take_queue(
        &mut self,
        out: &mut Outside<'_>,
        instance: &mut Instance,
        queue: QueueIndex,
        offset: u64,
        rule: StartRule,
    ) -> Step {
        self.put_queue(out, instance, queue, offset, rule);
        self.take_next_queue(out, instance)
    }
}
