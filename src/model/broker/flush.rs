//! What of the log is on the disk (`CommitLog.FlushRealTimeService`): the page cache keeps everything when a process
//! dies, and nothing when its machine does.
//!
//! ```text
//!   ASYNC_FLUSH  |--500 ms--|--500 ms--|-- ... --|   a round writes if 4 pages are dirty, every 10 s whatever is
//!   SYNC_FLUSH   append --> the flush under way ends --> the next one takes all that came meanwhile --> answers
//! ```
//! Rounds are no events: how far they have come is worked out where it matters, and only where the timeline takes the
//! power of this broker's machine away.

use super::Broker;
use std::collections::VecDeque;

use crate::kernel::{Instant, Stream};
use crate::model::event::BrokerEvent;
use crate::model::observation::{QueueIndex, SentMessage};
use crate::model::outside::Outside;
use crate::model::plan::{Action, BrokerSettings, FlushDiskType};

/// `OS_PAGE_SIZE`.
const PAGE: u64 = 4 * 1024;

/// What a piece of the log holds.
#[derive(Debug, Clone, Copy)]
pub(super) enum Content {
    /// A message of a queue: who sent it, and the delayed message that it comes from.
    Message { queue: QueueIndex, sent: Option<SentMessage>, delayed: Option<u32> },
    /// A message of `SCHEDULE_TOPIC_XXXX`.
    Delayed(u32),
    /// What is said of popped messages, by its number.
    Revive(u64),
}

/// How far the log is on the disk.
#[derive(Debug, Default)]
pub(super) struct Flush {
    /// What is below survives the loss of the machine.
    flushed: u64,
    /// The machine will be lost: what is not flushed is kept in mind.
    watched: bool,
    unflushed: VecDeque<(u64, Content)>,
    /// The next round, and the first one that writes whatever is dirty.
    next: Instant,
    thorough: Instant,
    /// The machine has lost its power, and what stands in `unflushed` only its slaves have.
    cut_short: bool,
    /// SYNC_FLUSH: the end of the log when the flush under way began.
    under_way: Option<u64>,
    stream: Option<Stream>,
}

impl Flush {
    /// Rounds up to a moment take place, while the log ends at `end`.
    fn go_on(&mut self, now: Instant, end: u64, settings: &BrokerSettings) {
        while self.next <= now {
            let thorough = self.next >= self.thorough;
            if thorough {
                self.thorough = self.next + settings.flush_commit_log_thorough_interval;
            }
            let least = if thorough { 0 } else { u64::from(settings.flush_commit_log_least_pages) };
            if end / PAGE - self.flushed / PAGE >= least {
                self.flushed = end;
                self.unflushed.clear();
            }
            self.next = self.next + settings.flush_interval_commit_log;
        }
    }

    /// End of what survives the loss of the machine.
    pub fn flushed(&self) -> u64 {
        self.flushed
    }

    /// All that is not on the disk, oldest first.
    pub fn unflushed(&self) -> impl Iterator<Item = &Content> {
        self.unflushed.iter().map(|(_, content)| content)
    }

    /// The machine loses what is not on the disk, but for the first `held`, which slaves have. Answers what that is, and
    /// where the log ends without it.
    pub fn lose_behind(&mut self, held: usize) -> (Vec<Content>, u64) {
        self.cut_short = held > 0;
        let end = held.checked_sub(1).map_or(self.flushed, |last| self.unflushed[last].0);
        (self.unflushed.drain(held..).map(|(_, content)| content).collect(), end)
    }

    /// The machine is back, and has not what only its slaves have.
    pub fn lose_what_slaves_hold(&mut self) -> Option<(Vec<Content>, u64)> {
        self.cut_short.then(|| self.lose_behind(0))
    }

    /// A queue is no more: its messages are nobody's to lose.
    pub fn forget(&mut self, deleted: QueueIndex) {
        self.unflushed.retain(|(_, content)| !matches!(content, Content::Message { queue, .. } if *queue == deleted));
    }

    /// Another broker's disk counts from now on.
    pub fn give_up(&mut self) {
        let stream = self.stream.take();
        *self = Self { watched: self.watched, next: self.next, thorough: self.thorough, stream, ..Self::default() };
    }
}

impl Broker {
    /// The flush service of a broker starts. One that runs from the beginning has run for long: its first round comes
    /// anywhere between two.
    pub(super) fn start_flushing(&mut self, out: &mut Outside<'_>) {
        let (broker, now, settings) = (self.index, out.now(), self.settings(out));
        let (interval, thorough) = (settings.flush_interval_commit_log, settings.flush_commit_log_thorough_interval);
        let lost = |step: &crate::model::plan::Step| step.action == Action::PowerOffBroker(broker);
        let watched = out.plan.timeline.iter().any(lost);
        let mut stream = out.streams.stream("log flush", broker.into());
        let flush = &mut self.flush;
        flush.watched = watched;
        if now == Instant::ZERO {
            let phase = stream.below(thorough.as_nanos().max(interval.as_nanos()));
            flush.next = Instant::from_nanos(phase % interval.as_nanos());
            flush.thorough = Instant::from_nanos(phase);
        } else {
            flush.next = now + interval;
            flush.thorough = flush.next;
        }
        flush.stream.get_or_insert(stream);
        if self.is_sync_flush(out) {
            self.begin_flush(out);
        }
    }

    pub(super) fn is_sync_flush(&self, out: &Outside<'_>) -> bool {
        self.settings(out).flush_disk_type == FlushDiskType::Sync
    }

    /// The rounds of a broker up to now take place. With SYNC_FLUSH there are none.
    fn flush_rounds(&mut self, out: &Outside<'_>) {
        if self.flush.watched && !self.is_sync_flush(out) {
            self.flush.go_on(out.now(), out.logs[self.index.at()].end, self.settings(out));
        }
    }

    /// Something was appended; answers where the log ends now.
    pub(super) fn log_grew(&mut self, out: &mut Outside<'_>, bytes: u64, content: Content) -> u64 {
        self.flush_rounds(out);
        let log = &mut out.logs[self.index.at()];
        log.end += bytes;
        let end = log.end;
        if self.flush.watched {
            self.flush.unflushed.push_back((end, content));
        }
        if self.is_sync_flush(out) {
            self.begin_flush(out);
        }
        end
    }

    /// `GroupCommitService`: one flush at a time, for all that is there when it begins.
    fn begin_flush(&mut self, out: &mut Outside<'_>) {
        let end = out.logs[self.index.at()].end;
        if self.flush.under_way.is_some() || self.flush.flushed == end {
            return;
        }
        self.flush.under_way = Some(end);
        let delay = out.environment().log_flush.draw(self.flush.stream.as_mut().expect("the service runs"));
        out.after(delay, self.in_this_life(out, BrokerEvent::LogFlushed));
    }

    /// The disk has it: whoever waits is answered, and the next flush takes what came meanwhile.
    pub(in crate::model) fn log_flushed(&mut self, out: &mut Outside<'_>) {
        let flush = &mut self.flush;
        // Nothing is under way where another broker has become the master meanwhile.
        let Some(flushed) = flush.under_way.take() else { return };
        flush.flushed = flushed;
        flush.unflushed.retain(|(end, _)| *end > flushed);
        self.acknowledge(out);
        self.begin_flush(out);
        self.schedule_dispatch(out);
    }

    /// How far `ReputMessageService` may go (`CommitLog.getConfirmOffset`): with SYNC_FLUSH not beyond what is flushed; in
    /// controller mode with `allAckInSyncStateSet` not beyond what all of the SyncStateSet have.
    pub(super) fn dispatch_limit(&self, out: &Outside<'_>) -> u64 {
        let settings = self.settings(out);
        match (settings.enable_controller_mode, settings.replication.all_ack_in_sync_state_set) {
            (true, true) => {
                let slaves = out.sync_state_set(self.index);
                slaves.map(|slave| out.copies[slave.at()].position()).min().unwrap_or(u64::MAX)
            }
            (false, _) if self.is_sync_flush(out) => self.flush.flushed,
            _ => u64::MAX,
        }
    }

    /// The process ends: nobody is answered any more. What it appended is still to be flushed by its next life.
    pub(super) fn stop_flushing(&mut self, out: &mut Outside<'_>) {
        self.flush_rounds(out);
        self.flush.under_way = None;
        self.stop_acknowledging(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Span;

    fn flush(flushed: u64) -> Flush {
        let (next, thorough) = (Instant::from_millis(500), Instant::from_millis(10_000));
        Flush { flushed, next, thorough, ..Flush::default() }
    }

    #[test]
    fn a_lost_machine_loses_what_neither_its_disk_nor_a_slave_has_and_no_deleted_queue() {
        let message = |queue| Content::Message { queue, sent: None, delayed: None };
        let ends = [
            (10, message(QueueIndex(0))),
            (20, message(QueueIndex(1))),
            (30, Content::Delayed(0)),
            (40, message(QueueIndex(0))),
            (50, message(QueueIndex(1))),
        ];
        for (held, left, end, later) in [(0, 5, 5, 0), (2, 3, 20, 2), (5, 0, 50, 5)] {
            let mut flush = Flush { unflushed: ends.into_iter().collect(), ..flush(5) };
            let (lost, ends_at) = flush.lose_behind(held);
            assert_eq!((lost.len(), ends_at), (left, end), "{held} held by slaves");
            let lost = flush.lose_what_slaves_hold().map(|(lost, end)| (lost.len(), end));
            assert_eq!(lost, (held > 0).then_some((later, 5)), "{held}: the machine is back");
            assert!(flush.lose_what_slaves_hold().is_none());
        }
        let mut flush = Flush { unflushed: ends.into_iter().collect(), ..flush(5) };
        flush.forget(QueueIndex(0));
        assert_eq!(flush.unflushed().count(), 3);
    }

    #[test]
    fn a_round_waits_for_four_pages_and_ten_seconds_for_none() {
        let settings = BrokerSettings::default();
        for (flushed, end, at_ms, expected) in [
            (0, 4 * PAGE - 1, 9_999, 0),
            (0, 4 * PAGE, 499, 0),
            (0, 4 * PAGE, 500, 4 * PAGE),
            (100, 100 + 4 * PAGE - 100, 500, 4 * PAGE),
            (PAGE - 1, 4 * PAGE, 500, 4 * PAGE),
            (0, 1, 9_999, 0),
            (0, 1, 10_000, 1),
        ] {
            let mut flush = flush(flushed);
            flush.go_on(Instant::from_millis(at_ms), end, &settings);
            assert_eq!(flush.flushed, expected, "{flushed}..{end} at {at_ms} ms");
        }
        let mut flush = flush(0);
        flush.go_on(Instant::from_millis(15_000), 0, &settings);
        flush.go_on(Instant::from_millis(19_999), 1, &settings);
        assert_eq!(flush.flushed, 0);
        flush.go_on(Instant::from_millis(20_000), 1, &settings);
        assert_eq!(flush.flushed, 1);
        assert_eq!(flush.thorough, Instant::from_millis(30_000));
        assert_eq!(flush.next.since(Instant::from_millis(20_000)), Span::from_millis(500));
    }
}
