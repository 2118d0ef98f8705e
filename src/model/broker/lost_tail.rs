//! The machine of a broker loses its power, and with it what of the log was only in the page cache (specification B3.6,
//! trap E29): the log ends earlier when it comes back, and gives the same offsets out again.

use std::collections::BTreeMap;

use super::consume_queue::LogRecord;
use super::flush::Content;
use crate::model::observation::{LogLoss, Observation, QueueIndex, SentMessage};
use crate::model::plan::BrokerIndex;
use crate::model::world::World;

/// What one loss took: by queue the first offset, and the messages from there on. A client may still hold them.
#[derive(Debug, Default)]
pub(super) struct LostTail(BTreeMap<QueueIndex, (u64, Vec<LogRecord>)>);

/// Who sent a message, and, of one that was delayed, its position among those.
type LostMessage = (Option<SentMessage>, Option<u32>);

impl LostTail {
    /// The messages of a queue from an offset on went in this loss.
    pub fn put(&mut self, queue: QueueIndex, from: u64, records: Vec<LogRecord>) {
        self.0.insert(queue, (from, records));
    }

    /// A message that went in this loss.
    pub fn record(&self, queue: QueueIndex, offset: u64) -> Option<LogRecord> {
        let (from, records) = self.0.get(&queue)?;
        records.get(usize::try_from(offset.checked_sub(*from)?).ok()?).copied()
    }
}

impl World<'_> {
    /// What was not flushed is gone.
    pub(super) fn lose_tail(&mut self, broker: BrokerIndex) {
        let state = &mut self.brokers[broker as usize];
        let contents = state.flush.lose();
        state.store.forget_undispatched_after(state.flush.end);
        let mut messages: BTreeMap<QueueIndex, Vec<LostMessage>> = BTreeMap::new();
        for content in &contents {
            if let Content::Message { queue, sent, delayed } = *content {
                messages.entry(queue).or_default().push((sent, delayed));
            }
        }
        let mut tail = LostTail::default();
        let (loss, why) = (state.store.life(), LogLoss::PageCache);
        let mut seen = Vec::new();
        for (queue, lost) in messages {
            let (from, records) = state.store.queue_mut(queue).lose(queue, lost.len() as u64);
            tail.0.insert(queue, (from, records));
            seen.push(Observation::TailLost { queue, from, loss, why });
            for (offset, (sent, delayed)) in (from..).zip(lost) {
                match delayed {
                    // `delayOffset.json` is no newer than the log: the schedule service delivers it once more.
                    Some(index) => state.delayed[index as usize].take_back(),
                    None => seen.push(Observation::MessageLost { queue, offset, loss, sent, why }),
                }
            }
        }
        for content in contents {
            if let Content::Delayed(index) = content {
                let (group, origin) = state.delayed[index as usize].lose();
                seen.push(Observation::RetryLost { group, origin });
            }
        }
        state.store.losses.push(tail);
        for observation in seen {
            self.see(observation);
        }
    }
}
