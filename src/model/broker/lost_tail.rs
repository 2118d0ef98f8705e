//! The machine of a broker loses its power, and with it what of the log was only in the page cache
//! (`CommitLog.recoverAbnormally`, trap E29): the log ends earlier when it comes back, and gives the same offsets out
//! again.

use super::Broker;
use std::collections::BTreeMap;

use super::flush::Content;
use crate::model::disk::LostTail;
use crate::model::observation::{LogLoss, Observation, QueueIndex, SentMessage};
use crate::model::outside::Outside;
use crate::model::plan::BrokerIndex;

/// Who sent a message, and, of one that was delayed, its position among those.
type LostMessage = (Option<SentMessage>, Option<u32>);

/// Where a piece of the log stands.
enum Place {
    /// Queue and offset.
    Queue(QueueIndex, u64),
    /// Its number among the delayed messages.
    Delayed(u32),
    /// A slave has it as far as it has what stands around it.
    Anywhere,
}

impl Broker {
    /// The machine loses its power. What was not flushed is gone, but for what a slave has.
    pub(super) fn lose_tail(&mut self, out: &mut Outside<'_>) {
        let held = self.held_by_slaves(out);
        let lost = self.flush.lose_behind(held);
        self.lose(out, lost);
    }

    fn lose(&mut self, out: &mut Outside<'_>, lost: (Vec<Content>, u64)) {
        let number = |content: &Content| match content {
            Content::Revive(number) => Some(*number),
            _ => None,
        };
        let numbers: Vec<u64> = lost.0.iter().filter_map(number).collect();
        self.lose_records(out, &numbers);
        out.lose_contents(self.index, lost);
    }

    /// A master's machine is back before another became the master: it has not what only its slaves have, and they follow.
    pub(super) fn lose_what_slaves_hold(&mut self, out: &mut Outside<'_>) {
        if let Some(lost) = self.flush.lose_what_slaves_hold() {
            self.lose(out, lost);
        }
    }

    /// How much of what is not flushed the slaves have, in the order of the log: the longest beginning of one of them.
    fn held_by_slaves(&self, out: &Outside<'_>) -> usize {
        let broker = self.index;
        let mut next: BTreeMap<QueueIndex, u64> = BTreeMap::new();
        let mut places: Vec<Place> = Vec::new();
        let contents: Vec<Content> = self.flush.unflushed().copied().collect();
        for content in contents.iter().rev() {
            places.push(match *content {
                Content::Message { queue, .. } => {
                    let end = next.entry(queue).or_insert_with(|| out.logs[broker.at()].appended(queue));
                    *end =
                        end.checked_sub(1).expect("what is not flushed was appended, and deleted queues are forgotten");
                    Place::Queue(queue, *end)
                }
                Content::Delayed(index) => Place::Delayed(index),
                Content::Revive(_) => Place::Anywhere,
            });
        }
        let held = |slave: BrokerIndex| {
            let replica = &out.copies[slave.at()];
            let lacks = |place: &Place| match *place {
                Place::Queue(queue, offset) => replica.end(queue) <= offset,
                Place::Delayed(index) => replica.delayed() <= index,
                Place::Anywhere => false,
            };
            places.iter().rev().position(lacks).unwrap_or(places.len())
        };
        out.slaves_of(broker).map(held).max().unwrap_or(0)
    }
}

impl Outside<'_> {
    /// The log of a broker loses what stood behind `end`.
    fn lose_contents(&mut self, broker: BrokerIndex, (contents, end): (Vec<Content>, u64)) {
        let store = &mut self.logs[broker.at()];
        store.end = end;
        store.forget_undispatched_after(end);
        let mut messages: BTreeMap<QueueIndex, Vec<LostMessage>> = BTreeMap::new();
        for content in &contents {
            if let Content::Message { queue, sent, delayed } = *content {
                messages.entry(queue).or_default().push((sent, delayed));
            }
        }
        let mut tail = LostTail::default();
        let (loss, why) = (store.life(), LogLoss::PageCache);
        let mut seen = Vec::new();
        for (queue, lost) in messages {
            let (from, records) = store.queue_mut(queue).lose(queue, lost.len() as u64);
            tail.put(queue, from, records);
            seen.push(Observation::TailLost { queue, from, loss, why });
            for (offset, (sent, delayed)) in (from..).zip(lost) {
                match delayed {
                    // `delayOffset.json` is no newer than the log: the schedule service delivers it once more.
                    Some(index) => store.delayed[index as usize].take_back(),
                    None => seen.push(Observation::MessageLost { queue, offset, loss, sent, why }),
                }
            }
        }
        for content in contents {
            if let Content::Delayed(index) = content {
                let (group, origin) = store.delayed[index as usize].lose();
                seen.push(Observation::RetryLost { group, origin });
            }
        }
        store.losses.push(tail);
        for observation in seen {
            self.see(observation);
        }
    }
}
