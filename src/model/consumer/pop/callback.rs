//! What a pop brought (`DefaultMQPushConsumerImpl.processPopResult`, `PopCallback`).

use std::rc::Rc;

use crate::kernel::Span;
use crate::model::consumer::Consumer;
use crate::model::instance::Instance;
use crate::model::network::{CallError, Popped, PoppedMessage, Response};
use crate::model::observation::{Observation, PopTrouble};
use crate::model::outside::Outside;
use crate::model::plan::{ConsumerSettings, TagSet};

/// `maxReconsumeTimes` where it is -1.
const DEFAULT_MAX_RECONSUME_TIMES: u32 = 16;

/// How often a message comes back before it is given up.
pub(super) fn max_reconsume_times(settings: &ConsumerSettings) -> u32 {
    settings.max_reconsume_times.unwrap_or(DEFAULT_MAX_RECONSUME_TIMES)
}

impl Consumer {
    /// The answer to a pop. Whether its assignment was dropped meanwhile is not asked here: what comes is thrown away by the
    /// pool, and the loop ends at the next check.
    pub(in crate::model) fn pop_answered(
        &mut self,
        out: &mut Outside<'_>,
        instance: &mut Instance,
        process_queue: u32,
        answer: Result<Response, CallError>,
    ) {
        let later = out.planned(self.index).client.pull_time_delay_mills_when_exception;
        match answer {
            Ok(Response::Popped(Popped::Found(messages))) => {
                self.popping.process_queues[process_queue as usize].trouble = None;
                self.pop_found(out, instance, process_queue, &messages);
            }
            Ok(Response::Popped(Popped::PollingTimeout)) => {
                self.popping.process_queues[process_queue as usize].trouble = None;
                self.pop_at_once(out, instance, process_queue);
            }
            Ok(Response::Popped(Popped::PollingFull)) => {
                self.pop_troubled(out, process_queue, PopTrouble::PollingFull, later);
            }
            Ok(Response::Popped(Popped::Refused(why))) => {
                self.pop_troubled(out, process_queue, PopTrouble::RefusedBy(why), later);
            }
            other => self.pop_failed(out, process_queue, other),
        }
    }

    /// What came back too often is acknowledged on receipt, and with it what the subscription does not take any more; the
    /// rest goes to the pool, and the next pop follows.
    fn pop_found(
        &mut self,
        out: &mut Outside<'_>,
        instance: &mut Instance,
        process_queue: u32,
        messages: &Rc<Vec<PoppedMessage>>,
    ) {
        let settings = &out.planned(self.index).consumer;
        let (most, each) = (max_reconsume_times(settings), settings.consume_message_batch_max_size.max(1) as usize);
        let interval = settings.pull_interval;
        let topic = self.popping.process_queues[process_queue as usize].topic;
        let tags = self.subscription(topic).map_or(TagSet::ALL, |subscription| subscription.tags);
        let mut left = Vec::with_capacity(messages.len());
        for &message in messages.iter() {
            let (consumer, queue, offset) = (self.index, message.handle.queue, message.handle.offset);
            if message.reconsume_times > most {
                let origin = self.popped_record(out, &message).0;
                out.see(Observation::PopGivenUp { consumer, queue, offset, origin });
                self.acknowledge(out, &message);
            } else if !tags.contains(out.marks.of(queue, offset).tag) {
                let tag = out.marks.of(queue, offset).tag;
                out.see(Observation::Filtered { consumer, queue, offset, tag });
                self.acknowledge(out, &message);
            } else {
                left.push(message);
            }
        }
        if left.is_empty() {
            return self.pop_at_once(out, instance, process_queue);
        }
        self.popping.process_queues[process_queue as usize].unfinished += left.len() as u32;
        for batch in left.chunks(each) {
            self.submit_popped(process_queue, batch.into());
        }
        self.run_pop_pool(out);
        match interval {
            Span::ZERO => self.pop_at_once(out, instance, process_queue),
            _ => self.pop_later(out, process_queue, interval),
        }
    }

    /// `executePopPullRequestImmediately`: by the pull thread, whose turn comes within this moment.
    fn pop_at_once(&mut self, out: &mut Outside<'_>, instance: &mut Instance, process_queue: u32) {
        self.pop_due(out, instance, process_queue);
    }
}
