//! What is written into a ledger: offsets that were passed over, taken back, corrected or lost, and what became of a message.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::check::Cause;
use crate::check::given::Given;
use crate::kernel::Instant;
use crate::model::observation::LogLoss;
use crate::model::plan::{BrokerIndex, ConsumerIndex};

/// Offsets that a rule passed over.
#[derive(Debug)]
pub(in crate::check) struct Passed {
    /// The first, and one past the last.
    pub offsets: Range<u64>,
    /// When.
    pub at: Instant,
    /// Which rule.
    pub rule: Cause,
    /// Which consumer followed it, if one did.
    pub by: Option<ConsumerIndex>,
}

/// Offsets that the broker took back.
#[derive(Debug)]
pub(in crate::check) struct TakenBack {
    /// The first, and one past the last.
    pub offsets: Range<u64>,
    /// The word for it.
    pub why: Cause,
}

/// A consumer that its broker sent back to an older offset, because the one that it asked was illegal.
#[derive(Debug)]
pub(in crate::check) struct Corrected {
    /// Who.
    pub consumer: ConsumerIndex,
    /// What it reads again: from there, to what it had asked.
    pub offsets: Range<u64>,
    /// It had given the queue up when it was answered: whoever has it reads on, and what this one says of it is told to those
    /// who take it next.
    pub is_former_owner: bool,
}

/// A message that was filtered out although a member of the group wanted it.
#[derive(Debug, Clone, Copy)]
pub(in crate::check) struct Filtered {
    /// When.
    pub at: Instant,
    /// Whose filter it was, or whose broker's.
    pub by: ConsumerIndex,
    /// Why.
    pub rule: Cause,
}

/// The offset file of a `BROADCASTING` member says what another process wrote.
pub(in crate::check) const ANOTHER_PROCESS: Cause = Cause::OffsetOfAnotherProcess;
/// Members of one group take different tags: the newest heartbeat filters for all, and each client for itself.
pub(in crate::check) const TAGS_DIFFER: Cause = Cause::SubscriptionsDiffer;
/// The broker keeps the subscription it has, because the client's has an older version: its clock went back.
pub(in crate::check) const OLDER_VERSION: Cause = Cause::SubscriptionVersionWentBack;
/// Clients went on behind the end of a log that the broker had lost, and new messages took the offsets before.
pub(in crate::check) const LOST_LOG_TAIL: Cause = Cause::LostLogTail;
/// What a client had pulled and not consumed is dropped with its process queue, and it begins at the new end of the log.
pub(in crate::check) const DROPPED_FROM_THE_CACHE: Cause = Cause::OffsetIllegalDropsTheCache;
/// The topic was deleted and made again, and clients went on where the old one had ended.
pub(in crate::check) const TOPIC_MADE_AGAIN: Cause = Cause::TopicMadeAgain;

/// What has become of a message that the group could read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::check) enum Fate {
    /// It was handed out, or all of the group pass over its tag.
    Settled,
    /// A rule passed over it, which this consumer followed, at this time.
    PassedOver(Cause, Option<ConsumerIndex>, Instant),
    /// Offsets beyond it were committed at this time, and nobody knows why.
    Lost(Instant),
    /// It still waits.
    Waits,
}

/// Messages that were at the end of a log and are gone.
#[derive(Debug)]
pub(in crate::check) struct Tail {
    /// Which loss of this broker, and why they are gone.
    pub loss: u32,
    pub why: LogLoss,
    /// When, and the offsets: others will have them.
    pub at: Instant,
    pub from: u64,
    pub until: u64,
    /// Who had got them, or got them after all from a client's memory.
    pub given: Given,
    /// Those that were acknowledged, were meant for this group, and are nowhere else.
    pub gone: Vec<u64>,
    /// Those of them that had been passed over before: they are skipped, and not lost again.
    pub skipped: Vec<(u64, Fate)>,
    /// What had become of them when they were lost, where it was settled or a rule had passed over them.
    pub decided: BTreeMap<u64, Fate>,
    pub baseline: u64,
}

/// A message that was sent back, and was lost by the broker that had it: another than the queue's, where that refused it.
#[derive(Debug)]
pub(in crate::check) struct RetryLost {
    pub at: Instant,
    pub broker: BrokerIndex,
    pub why: LogLoss,
}
