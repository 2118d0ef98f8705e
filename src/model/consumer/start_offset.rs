//! `computePullFromWhereWithException`: where a queue that is being taken begins.

use crate::model::consumer::Consumer;
use crate::model::consumer::progress::StoredOffset;
use crate::model::consumer::service::orderly::lock::Locking;
use crate::model::instance::Instance;
use crate::model::instance::rebalance_service::Step;
use crate::model::network::{CallError, Request, Response, Waiter};
use crate::model::observation::{QueueIndex, StartRule};
use crate::model::outside::Outside;
use crate::model::plan::ConsumeFromWhere;
use crate::offset::QueryAnswer;

impl Consumer {
    /// Step 3: asks where the next queue begins. A broker that is not in the table fails the query at once.
    pub(in crate::model) fn take_next_queue(&mut self, out: &mut Outside<'_>, instance: &mut Instance) -> Step {
        let consumer = self.index;
        let (_, epoch) = out.instance_seat(consumer);
        loop {
            let adding = instance.adding();
            adding.asked_store = None;
            let Some(&queue) = adding.left.last() else { return self.finish_adding(out, instance) };
            if self.lock_before_adding(out, instance, queue) {
                return Step::Waits;
            }
            self.remove_offset(out, queue);
            match self.read_stored_offset(out, queue, Waiter::Rebalance { consumer, epoch }) {
                None => return Step::Waits,
                Some(StoredOffset::At(offset)) => self.put_queue(out, instance, queue, offset, StartRule::Stored),
                Some(StoredOffset::None) => {
                    // A store that knows at once that it has none.
                    if let Some(step) = self.begin_by_start_rule(out, instance, queue) {
                        return step;
                    }
                }
                Some(StoredOffset::Unknown) => instance.pass_over_queue(),
            }
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
        if instance.adding().locking == Locking::Asked {
            return self.lock_before_adding_answered(out, instance, answer);
        }
        let adding = instance.adding();
        let queue = *adding.left.last().expect("a queue is being taken");
        let begin = match (answer, adding.asked_store) {
            (Ok(Response::QueueOffset(offset)), Some(rule)) => Some((offset, rule)),
            (_, Some(_)) => None,
            (answer, None) => {
                let (answer, rule) = stored_answer(answer);
                match self.stored_offset_answered(out, queue, answer) {
                    StoredOffset::At(offset) => Some((offset, rule)),
                    StoredOffset::None => {
                        let step = self.begin_by_start_rule(out, instance, queue);
                        return step.unwrap_or_else(|| self.take_next_queue(out, instance));
                    }
                    StoredOffset::Unknown => None,
                }
            }
        };
        match begin {
            Some((offset, rule)) => self.put_queue(out, instance, queue, offset, rule),
            None => instance.pass_over_queue(),
        }
        self.take_next_queue(out, instance)
    }

    /// Nobody remembers an offset: `consumeFromWhere` decides. `None`: the queue is taken, or left for the next rebalance.
    fn begin_by_start_rule(
        &mut self,
        out: &mut Outside<'_>,
        instance: &mut Instance,
        queue: QueueIndex,
    ) -> Option<Step> {
        let consumer = self.index;
        let (host, epoch) = out.instance_seat(consumer);
        let is_retry = out.is_retry_topic(instance.rebalancing().topic);
        let planned = out.planned(consumer);
        let (request, rule) = match planned.consumer.consume_from_where {
            ConsumeFromWhere::LastOffset if !is_retry => (Request::GetMaxOffset { queue }, StartRule::Maximum),
            ConsumeFromWhere::Timestamp(_) if is_retry => (Request::GetMaxOffset { queue }, StartRule::Maximum),
            ConsumeFromWhere::Timestamp(timestamp) => {
                (Request::SearchOffset { queue, timestamp }, StartRule::Timestamp)
            }
            ConsumeFromWhere::LastOffset | ConsumeFromWhere::FirstOffset => {
                self.put_queue(out, instance, queue, 0, StartRule::First);
                return None;
            }
        };
        instance.adding().asked_store = Some(rule);
        let timeout = planned.client.timers.admin_timeout;
        let Some(to) = self.master_host(out, queue) else {
            // Only a master is asked for its maximum.
            instance.pass_over_queue();
            return None;
        };
        out.call(host, to, request, timeout, Waiter::Rebalance { consumer, epoch });
        Some(Step::Waits)
    }
}

/// What the store is told of an answer to what it asked, and by which rule a queue then begins.
pub(in crate::model) fn stored_answer(answer: Result<Response, CallError>) -> (QueryAnswer, StartRule) {
    match answer {
        Ok(Response::Offset { offset: Some(offset), assumed }) => {
            let offset = i64::try_from(offset).expect("offsets of a run fit into Java's long");
            (QueryAnswer::Success(offset), if assumed { StartRule::ZeroResident } else { StartRule::Stored })
        }
        Ok(Response::Offset { offset: None, .. }) => (QueryAnswer::QueryNotFound, StartRule::Stored),
        _ => (QueryAnswer::Failed, StartRule::Stored),
    }
}
