//! Messages that a group could not consume: delay levels, `%RETRY%`, the dead-letter queue
//! (`SendMessageProcessor.consumerSendMsgBack`, `ScheduleMessageService.DeliverDelayedMessageTimerTask`).

use super::Broker;

use crate::kernel::{Instant, Span};
use crate::model::event::BrokerEvent;
use crate::model::names::QueuePlace;
use crate::model::network::Response;
use crate::model::observation::{Detail, LogLoss, Observation, QueueIndex};
use crate::model::outside::Outside;
use crate::model::plan::{ConsumerIndex, GroupIndex, PlantedMistake};

use super::flush::Content;
use super::store::{Origin, log_bytes};
use crate::model::disk::{DelayedMessage, LogRecord};

/// The topic of delayed messages.
const SCHEDULE_TOPIC: &str = "SCHEDULE_TOPIC_XXXX";

/// The schedule service looks at each level so often (`ScheduleMessageService`, `DELAY_FOR_A_WHILE`).
const SCHEDULE_TICK: Span = Span::from_millis(100);
/// Level of the first retry when the listener names none: 10 s (`3 + reconsumeTimes`).
const FIRST_DELAY_LEVEL: u32 = 3;

/// A message that a listener failed on.
#[derive(Debug, Clone, Copy)]
pub(super) struct FailedMessage {
    /// Its queue.
    pub queue: QueueIndex,
    /// Its offset there.
    pub offset: u64,
    /// How often the broker had lost the end of the queue before the member got it.
    pub life: u32,
}

impl Broker {
    /// `CONSUMER_SEND_MSG_BACK`: stores a copy for later, or in the dead-letter queue.
    pub(super) fn send_back(
        &mut self,
        out: &mut Outside<'_>,
        consumer: ConsumerIndex,
        group: GroupIndex,
        message: FailedMessage,
        (max_reconsume_times, delay_level): (u32, Option<u32>),
    ) -> Response {
        // `consumerSendMsgBack` looks at what the master says.
        let keeper = out.keeper_of(self.index);
        if self.find_group(out, group).is_none() || !out.configurations[keeper.at()].permission.write {
            return Response::Refused;
        }
        let FailedMessage { queue, offset, life } = message;
        let Some((record, lost)) = out.record(queue, offset, life) else { return Response::Refused };
        // Its own broker looks for it where it was in the log; another one gets it whole.
        if lost.is_some() && out.names.queue(queue).broker == out.replicas.name(self.index) {
            return Response::Refused;
        }
        let dead_letter = record.reconsume_times >= max_reconsume_times;
        self.store_failed(out, (consumer, group), (queue, offset), record, dead_letter, delay_level)
    }

    /// Stores a message that a group could not consume: `record` with the times it was tried before.
    pub(super) fn store_failed(
        &mut self,
        out: &mut Outside<'_>,
        (consumer, group): (ConsumerIndex, GroupIndex),
        (queue, offset): (QueueIndex, u64),
        record: LogRecord,
        dead_letter: bool,
        delay_level: Option<u32>,
    ) -> Response {
        let broker = self.index;
        // A slave stores nothing, not even where it stands in for its master.
        if out.replicas.is_slave(broker) || self.replicas_are_too_few(out) {
            return Response::Refused;
        }
        let Some(config) = self.find_group(out, group) else { return Response::Refused };
        if config.retry_queue_nums == 0 {
            // Answered as done, and thrown away.
            return Response::SentBack { dead_letter: false };
        }
        self.create_retry_topic(out, group, config.retry_queue_nums);
        let settings = self.settings(out);
        out.see(Observation::SentBack { consumer, queue, offset, dead_letter });
        if out.replicas.is_deposed(broker) {
            // It is stored, and goes when the broker learns that it is the master no more.
            let (broker, why) = (out.replicas.name(broker), LogLoss::Deposed);
            out.see(Observation::RetryLost { broker, group, origin: record.origin, why });
            return Response::SentBack { dead_letter };
        }
        if dead_letter {
            let topic = out.names.dead_letter_topic(group);
            self.set_topic(out, topic, 1, 1);
            let place = QueuePlace { topic, broker: out.replicas.name(broker), queue_id: 0 };
            let target = out.names.intern_queue(place);
            let origin = Some(Origin { first: record.origin, delayed: None });
            self.append(out, (target, origin), (record.reconsume_times, record.body_bytes), None);
            return Response::SentBack { dead_letter };
        }
        let level = delay_level
            .unwrap_or(FIRST_DELAY_LEVEL + record.reconsume_times)
            .min(settings.message_delay_level.len() as u32);
        let tried = record.reconsume_times;
        let level = level.saturating_sub(u32::from(out.planted(PlantedMistake::RetryOneLevelLower)));
        let delay = settings.message_delay_level[level.saturating_sub(1) as usize];
        let message = DelayedMessage {
            // Also a delay of nothing waits until the schedule service looks the next time.
            due: next_tick(out.now() + delay.max(Span::from_nanos(1))),
            group,
            origin: record.origin,
            reconsume_times: record.reconsume_times + 1,
            body_bytes: record.body_bytes,
            retry_queue_nums: config.retry_queue_nums,
            delivered: false,
            noted: false,
            lost: false,
        };
        let delayed = &mut out.logs[broker.at()].delayed;
        delayed.push(message);
        let index = (delayed.len() - 1) as u32;
        out.see_detail(Detail::RetryWaits { broker, index, tried, level: delay_level, due: message.due });
        self.log_grew(out, log_bytes(SCHEDULE_TOPIC, record.body_bytes), Content::Delayed(index));
        out.replicate_delayed(broker, index + 1);
        out.agenda.schedule(message.due, self.in_this_life(out, BrokerEvent::DelayedMessageDue { index }));
        Response::SentBack { dead_letter }
    }

    /// A delayed message is appended to `%RETRY%`.
    pub(super) fn delayed_message_due(&mut self, out: &mut Outside<'_>, index: u32) {
        let broker = self.index;
        // Another broker may have become the master meanwhile, and have delivered it.
        let waiting = out.logs[broker.at()].delayed.get_mut(index as usize);
        let Some(message) = waiting.filter(|message| !message.delivered) else { return };
        message.delivered = true;
        let message = *message;
        out.see_detail(Detail::RetryReturns { broker, index });
        let topic = out.names.retry_topic(message.group);
        let queue_id = out.environment_stream.below(u64::from(message.retry_queue_nums.max(1))) as u32;
        let place = QueuePlace { topic, broker: out.replicas.name(broker), queue_id };
        let queue = out.names.intern_queue(place);
        // Nobody looks whether the topic has this queue: where it has not, no consumer is shown it.
        self.make_queue(out, queue);
        let origin = Some(Origin { first: message.origin, delayed: Some(index) });
        let offset = self.append(out, (queue, origin), (message.reconsume_times, message.body_bytes), None);
        out.see(Observation::Stored { queue, offset, sent: None });
    }

    /// After a restart the schedule service goes on with what is on disk.
    pub(super) fn reschedule_delayed(&mut self, out: &mut Outside<'_>) {
        let waits = |(index, message): (u32, &DelayedMessage)| (!message.delivered).then_some((index, message.due));
        let delayed = (0..).zip(&out.logs[self.index.at()].delayed);
        for (index, due) in delayed.filter_map(waits).collect::<Vec<_>>() {
            let at = next_tick(due.max(out.now()));
            out.agenda.schedule(at, self.in_this_life(out, BrokerEvent::DelayedMessageDue { index }));
        }
    }
}

fn next_tick(at: Instant) -> Instant {
    let tick = SCHEDULE_TICK.as_nanos();
    Instant::from_nanos(at.as_nanos().next_multiple_of(tick))
}
