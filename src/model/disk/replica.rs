//! The log on its way to a slave (`DefaultHAConnection.WriteSocketService`, `DefaultHAClient.dispatchReadRequest`).
//!
//! ```text
//!   master   append t1    append t2  t3      each begins a transfer, which carries the end of the log as it is then;
//!                 \            \       \     a transfer waits for no other, and overtakes none
//!   slave         t1+L         t2+L    t3+L  has it, and reports its end (`DefaultHAClient.reportSlaveMaxOffset`)
//! ```
//! So the slave has at any time what the master had a lag before: of a master that is lost at T nothing is missing that it
//! appended before T-L. What is under way goes with the connection, with either process and with a cut that it meets. The
//! slave then asks for what follows its own end, and the first transfer of the new connection carries all that it lacks.
//!
//! Only the foremost transfer has an event, and what is appended at one moment comes with one transfer: a slave costs an
//! event for each moment at which its master appended something. Its report takes no time of its own.

use std::collections::VecDeque;
use std::rc::Rc;

use crate::kernel::{Instant, Span, Stream, Timer};
use crate::model::observation::{QueueIndex, SentMessage};
use crate::model::plan::{Action, BrokerIndex, Plan};

/// What a transfer brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::model) enum Brought {
    /// A queue up to its end of then.
    Queue(QueueIndex, u64),
    /// So many of the messages of `SCHEDULE_TOPIC_XXXX`.
    Delayed(u32),
    /// Nothing that the slave lacks: the end of the log alone.
    Nothing,
}

/// A transfer that has begun.
#[derive(Debug, Clone, Copy)]
struct Transfer {
    began: Instant,
    arrives: Instant,
    /// End of the master's log when it began, in bytes.
    position: u64,
    brought: Brought,
}

/// A message that a slave lacks, if it should become the master.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::model) struct Lacking {
    pub queue: QueueIndex,
    pub offset: u64,
    pub sent: Option<SentMessage>,
    /// The delayed message that it comes from, if it came back.
    pub delayed: Option<u32>,
}

/// What a slave has of its master's log, and what is under way to it. As the log itself it stands outside of both: the
/// master sends, the slave takes what arrives, and reports at once how far it is.
#[derive(Debug, Default)]
pub(in crate::model) struct Replica {
    /// Ends of queues, by queue number, as far as messages came over.
    ends: Vec<u64>,
    /// So many delayed messages came over.
    delayed: u32,
    /// End of the log as far as it came over, in bytes of the master's (`slaveAckOffset`).
    position: u64,
    /// The master sends to it.
    connected: bool,
    /// In the order of the log, which is that of their arrivals.
    under_way: VecDeque<Transfer>,
    /// It can become the master in this story: what it lacks is kept in mind.
    may_be_promoted: bool,
    /// What it lacks, in the order of the log, where it may become the master.
    lacking: VecDeque<Lacking>,
    /// The next arrival, or the next attempt to connect.
    pub(in crate::model) timer: Option<Timer>,
    /// When it last had all that its master had.
    pub(in crate::model) caught_up: Instant,
    /// Which of the delayed messages had been delivered when offsets were last fetched (`delayOffset.json`).
    pub(in crate::model) delivered: Rc<Vec<bool>>,
    /// When offsets were last fetched.
    pub(in crate::model) synchronised: Instant,
    pub(in crate::model) stream: Option<Stream>,
}

impl Replica {
    /// What a broker has at the beginning.
    pub fn of(plan: &Plan, broker: BrokerIndex) -> Self {
        let may_be_promoted = plan.brokers[broker.at()].settings.enable_controller_mode
            || plan.timeline.iter().any(|step| step.action == Action::Promote(broker));
        Self { may_be_promoted, ..Self::default() }
    }

    /// The end of a queue as far as messages came over.
    pub(in crate::model) fn end(&self, queue: QueueIndex) -> u64 {
        self.ends.get(queue.at()).copied().unwrap_or(0)
    }

    /// So many of the delayed messages came over.
    pub(in crate::model) fn delayed(&self) -> u32 {
        self.delayed
    }

    /// End of the log as far as it came over.
    pub(in crate::model) fn position(&self) -> u64 {
        self.position
    }

    /// Whether the master sends to it.
    pub(in crate::model) fn is_connected(&self) -> bool {
        self.connected
    }

    /// Whether it has all that was ever sent to it (`slaveMaxOffset >= lastMasterMaxOffset`), and lacks nothing that waits
    /// for a connection.
    pub(in crate::model) fn has_all(&self) -> bool {
        self.connected && self.under_way.is_empty()
    }

    fn set_end(&mut self, queue: QueueIndex, end: u64) {
        let at = queue.at();
        self.ends.resize(self.ends.len().max(at + 1), 0);
        self.ends[at] = end;
    }

    /// A message that it lacks from now on.
    pub(in crate::model) fn lack(&mut self, message: Lacking) {
        if self.may_be_promoted {
            self.lacking.push_back(message);
        }
    }

    /// All that it lacks, oldest first: nobody asks a second time.
    pub(in crate::model) fn take_lacking(&mut self) -> VecDeque<Lacking> {
        std::mem::take(&mut self.lacking)
    }

    /// A connection is made.
    pub(in crate::model) fn connect(&mut self) {
        debug_assert!(self.under_way.is_empty(), "what was under way went with the connection before");
        self.connected = true;
    }

    /// The connection is lost, and with it what was under way. Answers the timer that will not come.
    pub(in crate::model) fn disconnect(&mut self) -> Option<Timer> {
        self.connected = false;
        self.under_way.clear();
        self.timer.take()
    }

    /// The log has grown to a position: a transfer begins, and takes `lag`; it has begun already where one did at the same
    /// moment.
    pub(in crate::model) fn begin(
        &mut self,
        now: Instant,
        (position, brought): (u64, Brought),
        lag: impl FnOnce() -> Span,
    ) {
        let arrives = match self.under_way.back() {
            Some(last) if last.began == now => last.arrives,
            Some(last) => (now + lag()).max(last.arrives),
            None => now + lag(),
        };
        self.under_way.push_back(Transfer { began: now, arrives, position, brought });
    }

    /// When the foremost transfer arrives.
    pub(in crate::model) fn next_arrival(&self) -> Option<Instant> {
        self.under_way.front().map(|transfer| transfer.arrives)
    }

    /// What arrives up to now is the slave's. Answers the queues that grew, each once.
    pub(in crate::model) fn arrive(&mut self, now: Instant) -> Vec<QueueIndex> {
        let mut grown = Vec::new();
        while let Some(transfer) = self.under_way.front().copied().filter(|transfer| transfer.arrives <= now) {
            self.under_way.pop_front();
            self.position = transfer.position;
            match transfer.brought {
                Brought::Queue(queue, end) => {
                    self.set_end(queue, end);
                    if !grown.contains(&queue) {
                        grown.push(queue);
                    }
                }
                Brought::Delayed(count) => self.delayed = count,
                Brought::Nothing => {}
            }
        }
        while self.lacking.front().is_some_and(|message| message.offset < self.end(message.queue)) {
            self.lacking.pop_front();
        }
        grown
    }

    /// The master's log ends here: what the slave has beyond is none of it (`AutoSwitchHAClient` truncates to it).
    pub(in crate::model) fn truncate(&mut self, position: u64, appended: impl Fn(QueueIndex) -> u64) {
        self.position = self.position.min(position);
        for (queue, end) in QueueIndex::number(&mut self.ends) {
            *end = (*end).min(appended(queue));
        }
        self.lacking.retain(|message| message.offset < appended(message.queue));
    }

    /// It has the log up to here, whatever it had.
    pub(in crate::model) fn put(&mut self, ends: Vec<u64>, delayed: u32) {
        (self.ends, self.delayed) = (ends, delayed);
        self.lacking.clear();
    }

    /// A queue is no more.
    pub(in crate::model) fn forget(&mut self, queue: QueueIndex) {
        self.lacking.retain(|message| message.queue != queue);
        for transfer in &mut self.under_way {
            if matches!(transfer.brought, Brought::Queue(other, _) if other == queue) {
                transfer.brought = Brought::Nothing;
            }
        }
        self.set_end(queue, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const fn ms(at: u64) -> Instant {
        Instant::from_millis(at)
    }

    fn connected() -> Replica {
        let mut replica = Replica { may_be_promoted: true, ..Replica::default() };
        replica.connect();
        replica
    }

    /// Appends at `appends`, each with what its transfer takes; then the end of the queue at moments.
    #[test]
    fn transfers_overlap_and_carry_the_end_of_when_they_began() {
        type Row = (&'static str, &'static [(u64, u64)], &'static [(u64, u64)]);
        let rows: [Row; 5] = [
            ("one", &[(10, 5)], &[(14, 0), (15, 1), (99, 1)]),
            ("two that overlap", &[(10, 5), (12, 5)], &[(14, 0), (15, 1), (16, 1), (17, 2)]),
            ("the first brings nothing of the second", &[(10, 50), (59, 50)], &[(59, 0), (60, 1), (108, 1), (109, 2)]),
            ("none overtakes", &[(10, 50), (12, 1), (70, 1)], &[(13, 0), (59, 0), (60, 2), (70, 2), (71, 3)]),
            ("one moment, one transfer", &[(10, 5), (10, 1), (10, 90)], &[(11, 0), (14, 0), (15, 3)]),
        ];
        for (name, appends, expected) in rows {
            for &(now, end) in expected {
                let mut replica = connected();
                for (count, &(at, lag)) in (1..).zip(appends).filter(|(_, (at, _))| *at <= now) {
                    replica
                        .begin(ms(at), (count * 100, Brought::Queue(QueueIndex(7), count)), || Span::from_millis(lag));
                }
                replica.arrive(ms(now));
                assert_eq!((replica.end(QueueIndex(7)), replica.position()), (end, end * 100), "{name}, at {now} ms");
            }
        }
    }

    #[test]
    fn what_is_under_way_goes_with_the_connection() {
        let mut replica = connected();
        for (at, end) in [(10, 1), (12, 2), (14, 3)] {
            let message = Lacking { queue: QueueIndex(7), offset: end - 1, sent: None, delayed: None };
            replica.lack(message);
            replica.begin(ms(at), (end * 100, Brought::Queue(QueueIndex(7), end)), || Span::from_millis(5));
        }
        assert_eq!(
            (replica.arrive(ms(17)), replica.end(QueueIndex(7)), replica.has_all()),
            (vec![QueueIndex(7)], 2, false)
        );
        assert_eq!(replica.disconnect(), None);
        assert_eq!((replica.arrive(ms(99)), replica.end(QueueIndex(7)), replica.has_all()), (vec![], 2, false));
        replica.connect();
        assert_eq!(replica.take_lacking().iter().map(|message| message.offset).collect::<Vec<_>>(), vec![2]);
    }

    #[test]
    fn a_shorter_log_of_the_master_is_the_slaves_too() {
        let mut replica = connected();
        replica.begin(ms(1), (900, Brought::Queue(QueueIndex(7), 9)), || Span::ZERO);
        replica.begin(ms(1), (900, Brought::Queue(QueueIndex(8), 4)), || Span::ZERO);
        replica.arrive(ms(1));
        for offset in [9, 10] {
            replica.lack(Lacking { queue: QueueIndex(7), offset, sent: None, delayed: None });
        }
        replica.truncate(500, |queue| if queue == QueueIndex(7) { 5 } else { 6 });
        assert_eq!((replica.end(QueueIndex(7)), replica.end(QueueIndex(8)), replica.position()), (5, 4, 500));
        assert!(replica.take_lacking().is_empty());
    }

    proptest! {
        /// With one lag for all, the slave's end is where the master's was a lag before. With any, no transfer arrives
        /// before its time, and all have arrived when the longest lag is over.
        #[test]
        fn the_slave_is_where_the_master_was(
            gaps in prop::collection::vec(0_u64..40, 1..60),
            lags in prop::collection::vec(0_u64..200, 1..60),
            now in 0_u64..2_000,
        ) {
            let times: Vec<u64> = gaps.iter().scan(0, |at, gap| { *at += gap; Some(*at) }).collect();
            let end_with = |lag: &dyn Fn(usize) -> u64| {
                let mut replica = connected();
                for (count, &at) in times.iter().enumerate().filter(|(_, at)| **at <= now) {
                    replica.arrive(ms(at.saturating_sub(1)));
                    let end = count as u64 + 1;
                    replica.begin(ms(at), (end, Brought::Queue(QueueIndex(0), end)), || Span::from_millis(lag(count)));
                }
                replica.arrive(ms(now));
                replica.end(QueueIndex(0))
            };
            let appended_at = |at: Option<u64>| at.map_or(0, |at| times.iter().filter(|time| **time <= at).count() as u64);
            let longest = *lags.iter().max().expect("there are some");
            prop_assert_eq!(end_with(&|_| longest), appended_at(now.checked_sub(longest)));
            let end = end_with(&|count| lags[count % lags.len()]);
            prop_assert!(end >= appended_at(now.checked_sub(longest)));
            let shortest = *lags.iter().min().expect("there are some");
            prop_assert!(end <= appended_at(now.checked_sub(shortest)));
        }
    }
}
