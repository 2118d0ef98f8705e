//! Messages that a group could not consume: delay levels, `%RETRY%`, the dead-letter queue
//! (`SendMessageProcessor.consumerSendMsgBack`, `ScheduleMessageService.DeliverDelayedMessageTimerTask`).

use std::rc::Rc;

use crate::kernel::{Instant, Span};
use crate::model::event::BrokerEvent;
use crate::model::names::QueuePlace;
use crate::model::network::Response;
use crate::model::observation::{Detail, Observation, QueueIndex};
use crate::model::plan::{BrokerIndex, ConsumerIndex, GroupIndex, PlantedMistake};
use crate::model::world::World;

use super::consume_queue::LogRecord;
use super::flush::Content;
use super::store::{Origin, log_bytes};

/// A message of `SCHEDULE_TOPIC_XXXX`; it is on disk.
#[derive(Debug, Clone, Copy)]
pub(super) struct DelayedMessage {
    due: Instant,
    group: GroupIndex,
    origin: (QueueIndex, u64),
    reconsume_times: u32,
    body_bytes: u32,
    /// The group's `retryQueueNums` when it was sent back: its queue is drawn among so many.
    retry_queue_nums: u32,
    delivered: bool,
    /// `delayOffset.json` says so.
    noted: bool,
    /// The log that had it is gone.
    lost: bool,
}

impl DelayedMessage {
    /// The copy in `%RETRY%` is gone, but not the delayed message.
    pub fn take_back(&mut self) {
        (self.delivered, self.noted) = (self.lost, self.lost);
    }

    /// Another broker becomes the master, and knows from the last copy of `delayOffset.json` whether this was delivered.
    pub fn go_by(&mut self, delivered: bool) {
        (self.delivered, self.noted) = (self.lost || delivered, self.lost || delivered);
    }

    /// Whether it is gone.
    pub fn is_lost(&self) -> bool {
        self.lost
    }

    /// The delayed message is gone: it never comes. Answers whose it was, and which.
    pub fn lose(&mut self) -> (GroupIndex, (QueueIndex, u64)) {
        (self.delivered, self.noted, self.lost) = (true, true, true);
        (self.group, self.origin)
    }
}

/// The topic of delayed messages.
const SCHEDULE_TOPIC: &str = "SCHEDULE_TOPIC_XXXX";

/// The schedule service looks at each level so often (`ScheduleMessageService`, `DELAY_FOR_A_WHILE`).
const SCHEDULE_TICK: Span = Span::from_millis(100);
/// Level of the first retry when the listener names none: 10 s (`3 + reconsumeTimes`).
const FIRST_DELAY_LEVEL: u32 = 3;

impl World<'_> {
    /// `CONSUMER_SEND_MSG_BACK`: stores a copy for later, or in the dead-letter queue.
    pub(super) fn send_back(
        &mut self,
        broker: BrokerIndex,
        consumer: ConsumerIndex,
        group: GroupIndex,
        (queue, offset, life): (QueueIndex, u64, u32),
        (max_reconsume_times, delay_level): (u32, Option<u32>),
    ) -> Response {
        // `consumerSendMsgBack` looks at what the master says.
        let keeper = self.out.replicas.keeper(self.out.replicas.name(broker));
        if self.find_group(broker, group).is_none() || !self.brokers[keeper as usize].permission.write {
            return Response::Refused;
        }
        let Some((record, lost)) = self.out.record(queue, offset, life) else { return Response::Refused };
        // Its own broker looks for it where it was in the log; another one gets it whole.
        if lost.is_some() && self.out.names.queue(queue).broker == self.out.replicas.name(broker) {
            return Response::Refused;
        }
        let dead_letter = record.reconsume_times >= max_reconsume_times;
        self.store_failed(broker, (consumer, group), (queue, offset), record, dead_letter, delay_level)
    }

    /// Stores a message that a group could not consume: `record` with the times it was tried before.
    pub(super) fn store_failed(
        &mut self,
        broker: BrokerIndex,
        (consumer, group): (ConsumerIndex, GroupIndex),
        (queue, offset): (QueueIndex, u64),
        record: LogRecord,
        dead_letter: bool,
        delay_level: Option<u32>,
    ) -> Response {
        // A slave stores nothing, not even where it stands in for its master.
        if self.out.replicas.is_slave(broker) || self.replicas_are_too_few(broker) {
            return Response::Refused;
        }
        let Some(config) = self.find_group(broker, group) else { return Response::Refused };
        if config.retry_queue_nums == 0 {
            // Answered as done, and thrown away.
            return Response::SentBack { dead_letter: false };
        }
        self.create_retry_topic(broker, group, config.retry_queue_nums);
        let settings = &self.out.plan.brokers[broker as usize].settings;
        self.out.see(Observation::SentBack { consumer, queue, offset, dead_letter });
        if self.out.replicas.is_deposed(broker) {
            // It is stored, and goes when the broker learns that it is the master no more.
            self.out.see(Observation::RetryLost { group, origin: record.origin });
            return Response::SentBack { dead_letter };
        }
        if dead_letter {
            let topic = self.out.names.dead_letter_topic(group);
            self.set_topic(broker, topic, 1, 1);
            let place = QueuePlace { topic, broker: self.out.replicas.name(broker), queue_id: 0 };
            let target = self.out.names.intern_queue(place);
            let origin = Some(Origin { first: record.origin, delayed: None });
            self.append(broker, (target, origin), (record.reconsume_times, record.body_bytes), None);
            return Response::SentBack { dead_letter };
        }
        let level = delay_level
            .unwrap_or(FIRST_DELAY_LEVEL + record.reconsume_times)
            .min(settings.message_delay_level.len() as u32);
        let tried = record.reconsume_times;
        let level = level.saturating_sub(u32::from(self.out.planted(PlantedMistake::RetryOneLevelLower)));
        let delay = settings.message_delay_level[level.saturating_sub(1) as usize];
        let message = DelayedMessage {
            // Also a delay of nothing waits until the schedule service looks the next time.
            due: next_tick(self.out.now() + delay.max(Span::from_nanos(1))),
            group,
            origin: record.origin,
            reconsume_times: record.reconsume_times + 1,
            body_bytes: record.body_bytes,
            retry_queue_nums: config.retry_queue_nums,
            delivered: false,
            noted: false,
            lost: false,
        };
        let delayed = &mut self.brokers[broker as usize].delayed;
        delayed.push(message);
        let index = (delayed.len() - 1) as u32;
        self.out.see_detail(Detail::RetryWaits { broker, index, tried, level: delay_level, due: message.due });
        self.log_grew(broker, log_bytes(SCHEDULE_TOPIC, record.body_bytes), Content::Delayed(index));
        self.replicate_delayed(broker, index + 1);
        let epoch = self.out.epoch(self.out.broker_host(broker));
        self.out.agenda.schedule(message.due, BrokerEvent::DelayedMessageDue { index }.of(broker, epoch));
        Response::SentBack { dead_letter }
    }

    /// A delayed message is appended to `%RETRY%`.
    pub(in crate::model) fn delayed_message_due(&mut self, broker: BrokerIndex, index: u32) {
        // Another broker may have become the master meanwhile, and have delivered it.
        let waiting = self.brokers[broker as usize].delayed.get_mut(index as usize);
        let Some(message) = waiting.filter(|message| !message.delivered) else { return };
        message.delivered = true;
        let message = *message;
        self.out.see_detail(Detail::RetryReturns { broker, index });
        let topic = self.out.names.retry_topic(message.group);
        let queue_id = self.out.environment_stream.below(u64::from(message.retry_queue_nums.max(1))) as u32;
        let place = QueuePlace { topic, broker: self.out.replicas.name(broker), queue_id };
        let queue = self.out.names.intern_queue(place);
        // Nobody looks whether the topic has this queue: where it has not, no consumer is shown it.
        self.make_queue(broker, queue);
        let origin = Some(Origin { first: message.origin, delayed: Some(index) });
        let offset = self.append(broker, (queue, origin), (message.reconsume_times, message.body_bytes), None);
        self.out.see(Observation::Stored { queue, offset, sent: None });
    }

    /// How far a broker's delayed messages are, as it is asked.
    pub(super) fn delay_offsets(&self, broker: BrokerIndex) -> Rc<Vec<bool>> {
        Rc::new(self.brokers[broker as usize].delayed.iter().map(|message| message.delivered).collect())
    }

    /// `delayOffset.json` is written.
    pub(super) fn write_delay_offsets(&mut self, broker: BrokerIndex) {
        for message in &mut self.brokers[broker as usize].delayed {
            message.noted = message.delivered;
        }
    }

    /// The process ends: what was delivered since `delayOffset.json` was written will be delivered once more.
    pub(super) fn rewind_delay_offsets(&mut self, broker: BrokerIndex) {
        for message in self.brokers[broker as usize].delayed.iter_mut().filter(|message| !message.noted) {
            message.take_back();
        }
    }

    /// After a restart the schedule service goes on with what is on disk.
    pub(super) fn reschedule_delayed(&mut self, broker: BrokerIndex) {
        let (now, epoch) = (self.out.now(), self.out.epoch(self.out.broker_host(broker)));
        let delayed: Vec<(u32, Instant)> = (0..)
            .zip(&self.brokers[broker as usize].delayed)
            .filter(|(_, message)| !message.delivered)
            .map(|(index, message)| (index, message.due))
            .collect();
        for (index, due) in delayed {
            self.out
                .agenda
                .schedule(next_tick(due.max(now)), BrokerEvent::DelayedMessageDue { index }.of(broker, epoch));
        }
    }
}

fn next_tick(at: Instant) -> Instant {
    let tick = SCHEDULE_TICK.as_nanos();
    Instant::from_nanos(at.as_nanos().next_multiple_of(tick))
}
