//! What one audience knows of one queue: who got which message, what was passed over, and what the broker lost.

use std::collections::{BTreeMap, BTreeSet};

mod entries;

pub(in crate::check) use entries::{
    ANOTHER_PROCESS, Corrected, DROPPED_FROM_THE_CACHE, Fate, Filtered, OLDER_VERSION, Passed, RetryLost, TAGS_DIFFER,
    TakenBack,
};
use entries::{LOST_LOG_TAIL, TOPIC_MADE_AGAIN, Tail};

use super::given::Given;
use super::{Cause, DeliveryRun};
use crate::kernel::Instant;
use crate::model::observation::LogLoss;
use crate::model::plan::{BrokerIndex, ConsumerIndex};

/// One queue of one audience. What each message asks for stands first, in one line of a processor's cache.
#[derive(Debug, Default)]
#[repr(C, align(64))]
pub(in crate::check) struct Ledger {
    /// Who got which message last.
    pub given: Given,
    pub readable: u64,
    pub committed: u64,
    /// Readable end when the group first started: what is older is nobody's loss.
    pub baseline: u64,
    /// Somebody's process ended or was interrupted, or messages were put back: a message that is handed out may concern it.
    is_unusual: bool,
    /// An operator has set its offsets before it first started: what was there then was meant for it.
    pub addressed: bool,
    /// Offsets that a rule passed over.
    pub passed: Vec<Passed>,
    /// Those of them behind which an operator has sent the group since, until somebody begins there.
    sent_behind: Vec<Passed>,
    /// Offsets that the broker took back, when it came up or for its operator.
    pub taken_back: Option<TakenBack>,
    /// Somebody has begun to read it.
    pub begun: bool,
    pub run: Option<DeliveryRun>,
    /// Offsets that were filtered out, and how it came where a member of the group had wanted them.
    pub filtered: BTreeMap<u64, Option<Filtered>>,
    /// An orderly consumer has put messages back, and this is why.
    put_back: Option<(ConsumerIndex, Cause)>,
    /// Of consumers whose process ended: one past the last message that anybody had got by then.
    pub ended: BTreeMap<ConsumerIndex, u64>,
    /// Which of those a consumer has got in the process that it has now.
    had_since: BTreeMap<ConsumerIndex, BTreeSet<u64>>,
    /// The first message of which a consumer's `shutdown()` interrupted the listener, and one past the last that it or
    /// another had got when its process ended: nothing of these is committed.
    pub interrupted: BTreeMap<ConsumerIndex, (u64, Option<u64>)>,
    /// Which of those it has got in a later process.
    resumed: BTreeMap<ConsumerIndex, BTreeSet<u64>>,
    /// Messages on which a listener failed, whose it was, and when, until they are sent back or committed.
    pub failed: BTreeMap<(u64, ConsumerIndex), Instant>,
    /// Whom its broker sent back last.
    pub corrected: Option<Corrected>,
    /// What the broker lost, loss by loss.
    pub tails: Vec<Tail>,
    /// Messages that were to come back to the group, and were lost where they waited.
    pub retries_lost: Vec<RetryLost>,
    /// Offsets that a commit passed over while nobody had got them, and when.
    overtaken: Vec<(u64, u64, Instant)>,
}

impl Ledger {
    /// A message goes to a consumer; answers who had it last. `lost`: it is one that the broker lost in this loss.
    pub fn give(&mut self, offset: u64, consumer: ConsumerIndex, lost: Option<u32>) -> Option<ConsumerIndex> {
        let Some(loss) = lost else { return self.given.give(offset, consumer) };
        self.tails.iter_mut().find(|tail| tail.loss == loss)?.given.give(offset, consumer)
    }

    /// A consumer has got a message in the process that it has now.
    #[inline]
    pub fn had(&mut self, consumer: ConsumerIndex, offset: u64) {
        if self.is_unusual {
            self.had_after_an_end(consumer, offset);
        }
    }

    fn had_after_an_end(&mut self, consumer: ConsumerIndex, offset: u64) {
        if self.ended.get(&consumer).is_some_and(|end| offset < *end) {
            self.had_since.entry(consumer).or_default().insert(offset);
        }
        if self.interrupted.get(&consumer).is_some_and(|(first, end)| offset >= *first && end.is_some()) {
            self.resumed.entry(consumer).or_default().insert(offset);
        }
    }

    /// An orderly consumer puts messages back.
    pub fn put_back(&mut self, by: ConsumerIndex, why: Cause) {
        (self.put_back, self.is_unusual) = (Some((by, why)), true);
    }

    /// Who put messages back, until one goes to somebody for the first time.
    pub fn was_put_back(&self) -> Option<(ConsumerIndex, Cause)> {
        self.put_back
    }

    /// A message goes to somebody for the first time.
    #[inline]
    pub fn goes_on(&mut self) {
        if self.is_unusual {
            self.put_back = None;
        }
    }

    /// Up to here all was handed out, or passed over by a commit.
    pub fn reached(&self) -> u64 {
        let end = self.given.end();
        self.given.gaps(self.committed, end).first().map_or(end, |(first, _)| *first)
    }

    /// The readable end moves on; what was committed before it was there is passed over now.
    #[inline]
    pub fn grow(&mut self, end: u64, at: Instant) {
        self.overtake(self.readable, end.min(self.committed), at);
        self.readable = end;
    }

    /// The committed offset changes.
    #[inline]
    pub fn commit(&mut self, offset: u64, at: Instant) {
        self.overtake(self.committed, offset.min(self.readable), at);
        self.committed = offset;
        if !self.failed.is_empty() {
            self.failed = self.failed.split_off(&(offset, ConsumerIndex::MIN));
        }
    }

    /// Offsets fall behind the committed one.
    #[inline]
    fn overtake(&mut self, from: u64, until: u64, at: Instant) {
        let from = from.max(self.baseline);
        if from >= until || self.given.last_has(from, until) {
            return;
        }
        self.pass_over(from, until, at);
    }

    /// Nobody has got some of these, or somebody long ago.
    fn pass_over(&mut self, from: u64, until: u64, at: Instant) {
        for (first, until) in self.given.gaps(from, until) {
            for offset in (first..until).filter(|offset| !self.filtered.contains_key(offset)) {
                match self.overtaken.last_mut() {
                    Some((_, end, when)) if *end == offset && *when == at => *end += 1,
                    _ => self.overtaken.push((offset, offset + 1, at)),
                }
            }
        }
    }

    /// When the last commit passed over a message.
    fn overtaken_at(&self, offset: u64) -> Instant {
        let last = self.overtaken.iter().rev().find(|(from, until, _)| (*from..*until).contains(&offset));
        last.map_or(Instant::ZERO, |(.., at)| *at)
    }

    /// The end of the queue is lost.
    pub fn lose(&mut self, from: u64, (loss, why): (u32, LogLoss), at: Instant) {
        // What goes with its topic is not missed.
        let end = if why == LogLoss::TopicDeleted { from } else { self.readable };
        let fates = (from..end).map(|offset| (offset, self.fate(offset)));
        let decided = fates.filter(|(_, fate)| matches!(fate, Fate::Settled | Fate::PassedOver(..))).collect();
        self.tails.push(Tail {
            loss,
            why,
            at,
            from,
            until: self.readable.max(from),
            given: self.given.split_off(from),
            gone: Vec::new(),
            skipped: Vec::new(),
            decided,
            baseline: self.baseline,
        });
        self.filtered.split_off(&from);
        (self.readable, self.baseline) = (self.readable.min(from), self.baseline.min(from));
        for (_, until, _) in &mut self.overtaken {
            *until = from.min(*until);
        }
        for passed in self.passed.iter_mut().chain(&mut self.sent_behind) {
            passed.offsets.end = from.min(passed.offsets.end);
        }
    }

    /// An operator sends the group to an offset. What lies before it is passed over, and what lies behind it is read
    /// again whatever had been passed over. `unread`: the group has never run; from this offset on the queue held what it
    /// could have got.
    pub fn sent_to(&mut self, offset: u64, at: Instant, word: Cause, unread: Option<u64>) {
        if let Some(first) = unread {
            (self.baseline, self.addressed) = (first, true);
        }
        for passed in &mut self.passed {
            let behind = offset.max(passed.offsets.start)..passed.offsets.end;
            if !behind.is_empty() {
                self.sent_behind.push(Passed { offsets: behind, ..*passed });
            }
            passed.offsets.end = offset.min(passed.offsets.end);
        }
        let from = self.committed.max(unread.unwrap_or(0));
        self.passed.push(Passed { offsets: from..offset, at, rule: word, by: None });
        self.taken_back = Some(TakenBack { offsets: offset..self.readable, why: word });
    }

    /// An owner begins here: it follows whatever operator sent the group behind this offset.
    pub fn begins_at(&mut self, offset: u64) {
        for passed in &mut self.sent_behind {
            passed.offsets.end = offset.min(passed.offsets.end);
        }
        self.sent_behind.retain(|passed| !passed.offsets.is_empty());
    }

    /// A broker stores a corrected offset that a former owner sent, which is older than what it has.
    pub fn corrected_by(&mut self, consumer: ConsumerIndex, offset: u64, why: Cause) {
        let late = self.corrected.as_ref().is_some_and(|to| to.is_former_owner && to.consumer == consumer);
        if late && offset < self.committed {
            self.taken_back = Some(TakenBack { offsets: offset..self.committed, why });
        }
    }

    /// One of the messages lost last was acknowledged, as far as is known.
    pub fn miss(&mut self, offset: u64) {
        let Some(tail) = self.tails.last_mut() else { return };
        match tail.decided.get(&offset) {
            _ if offset < tail.baseline => {}
            None => tail.gone.push(offset),
            Some(fate @ Fate::PassedOver(..)) => tail.skipped.push((offset, *fate)),
            Some(_) => {}
        }
    }

    /// A consumer's `shutdown()` interrupts the listener of a message.
    pub fn interrupt(&mut self, consumer: ConsumerIndex, offset: u64) {
        self.is_unusual = true;
        let first = self.interrupted.entry(consumer).or_insert((offset, None));
        if first.1.is_some() {
            *first = (offset, None);
            self.resumed.remove(&consumer);
        }
        first.0 = offset.min(first.0);
    }

    /// A consumer's process ends.
    pub fn end(&mut self, consumer: ConsumerIndex) {
        self.is_unusual = true;
        let end = self.given.end();
        self.ended.insert(consumer, end);
        self.had_since.remove(&consumer);
        if let Some((_, open @ None)) = self.interrupted.get_mut(&consumer) {
            *open = Some(end);
        }
    }

    /// Whether somebody had got a message when a consumer's last process ended, and the one it has now has not.
    pub fn was_given_before_the_end(&self, consumer: ConsumerIndex, offset: u64) -> bool {
        let again = self.had_since.get(&consumer).is_some_and(|had| had.contains(&offset));
        !again && self.ended.get(&consumer).is_some_and(|end| offset < *end)
    }

    /// Whether a message was with a consumer's listener when that was interrupted, or came after one that was, and no
    /// later process of it got it.
    pub fn was_interrupted(&self, consumer: ConsumerIndex, offset: u64) -> bool {
        let interrupted = self.interrupted.get(&consumer);
        let again = self.resumed.get(&consumer).is_some_and(|had| had.contains(&offset));
        !again && interrupted.is_some_and(|(first, end)| offset >= *first && end.is_none_or(|end| offset < end))
    }

    /// A lost message was not acknowledged: its producer goes on to send it.
    pub fn excuse(&mut self, offset: u64, loss: u32) {
        for tail in self.tails.iter_mut().filter(|tail| tail.loss == loss) {
            tail.gone.retain(|gone| *gone != offset);
            tail.skipped.retain(|(skipped, _)| *skipped != offset);
        }
    }

    /// How many messages were acknowledged and lost before anybody got them, by cause, broker and moment. `broker`: the
    /// queue's.
    pub fn lost_unseen(&self, broker: BrokerIndex) -> BTreeMap<(LogLoss, BrokerIndex), BTreeMap<Instant, u64>> {
        let retries = self.retries_lost.iter().map(|retry| ((retry.why, retry.broker), retry.at, 1));
        let unseen = |tail: &Tail| tail.gone.iter().filter(|offset| tail.given.last(**offset).is_none()).count() as u64;
        let tails = self.tails.iter().map(|tail| ((tail.why, broker), tail.at, unseen(tail)));
        let mut by_cause: BTreeMap<_, BTreeMap<Instant, u64>> = BTreeMap::new();
        for (cause, at, count) in retries.chain(tails).filter(|(.., count)| *count > 0) {
            *by_cause.entry(cause).or_default().entry(at).or_default() += count;
        }
        by_cause
    }

    /// What has become of each message that the group could read and nobody got, and of those that a rule passed over
    /// before they were lost.
    pub fn fates(&self) -> impl Iterator<Item = (u64, Fate)> + '_ {
        let unread = self.given.gaps(self.baseline, self.readable).into_iter().flat_map(|(from, until)| from..until);
        let here = unread.map(|offset| (offset, self.fate(offset)));
        let unseen =
            |tail: &Tail, (offset, fate): (u64, Fate)| tail.given.last(offset).is_none().then_some((offset, fate));
        here.chain(self.tails.iter().flat_map(move |tail| tail.skipped.iter().filter_map(move |s| unseen(tail, *s))))
    }

    /// The last loss in which this offset was another message's.
    fn reused(&self, offset: u64) -> Option<&Tail> {
        self.tails.iter().rev().find(|tail| (tail.from..tail.until).contains(&offset))
    }

    /// What has become of a message.
    pub fn fate(&self, offset: u64) -> Fate {
        if self.given.last(offset).is_some() {
            return Fate::Settled;
        }
        match self.filtered.get(&offset) {
            Some(None) => return Fate::Settled,
            Some(Some(Filtered { at, by, rule })) => return Fate::PassedOver(*rule, Some(*by), *at),
            None => {}
        }
        let passed = self.passed.iter().find(|passed| passed.offsets.contains(&offset));
        let reused = self.reused(offset);
        match (passed, reused) {
            // The file of a `BROADCASTING` member does not know that the broker has lost what it counts, and what others
            // have the offsets of was in no cache.
            (Some(&Passed { at, rule, by, .. }), _)
                if reused.is_none() || ![ANOTHER_PROCESS, DROPPED_FROM_THE_CACHE].contains(&rule) =>
            {
                Fate::PassedOver(rule, by, at)
            }
            (_, Some(tail)) if passed.is_some() || self.has_gone_on_behind(offset) => {
                let rule = if tail.why == LogLoss::TopicDeleted { TOPIC_MADE_AGAIN } else { LOST_LOG_TAIL };
                Fate::PassedOver(rule, self.first_given_from(tail.until), tail.at)
            }
            (_, None) if offset < self.committed => self.overtaken_fate(offset),
            _ => Fate::Waits,
        }
    }

    /// Of a message that a commit passed over: a rule had done so, and nobody went where an operator sent the group since.
    fn overtaken_fate(&self, offset: u64) -> Fate {
        let before = self.sent_behind.iter().find(|passed| passed.offsets.contains(&offset));
        before
            .map_or(Fate::Lost(self.overtaken_at(offset)), |passed| Fate::PassedOver(passed.rule, passed.by, passed.at))
    }

    /// Whether the group reads on behind an offset (trap E29). A committed offset beyond the end decides nothing: the
    /// client that begins there is sent back to the end.
    fn has_gone_on_behind(&self, offset: u64) -> bool {
        offset < self.committed && self.committed <= self.readable
    }

    /// Who got the first message from an offset on.
    fn first_given_from(&self, offset: u64) -> Option<ConsumerIndex> {
        (offset..self.readable).find_map(|offset| self.given.last(offset))
    }
}
