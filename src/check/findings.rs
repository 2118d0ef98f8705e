//! What the checks and metrics of one run found: the rows behind the CSV files, and the figures behind the summary.

use std::collections::BTreeMap;

use super::{AnomalyKind, Cause, Key, LatencySample, Trap};
use crate::kernel::{Instant, Span};
use crate::model::ids::AudienceIndex;
use crate::model::observation::{ClientIndex, CommitPath, QueueIndex};
use crate::model::plan::{BrokerIndex, ConsumerIndex, GroupIndex, TopicIndex};

/// Whether an owner can act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum OwnerState {
    /// The process lives and the brokers hear it.
    Live,
    /// Dead, frozen or cut off: its table holds the queue, but it does not count as an owner.
    Zombie,
}

/// One stretch in which one client's process-queue table held one queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ownership {
    /// Of whom.
    pub audience: AudienceIndex,
    /// The queue.
    pub queue: QueueIndex,
    /// The consumer.
    pub consumer: ConsumerIndex,
    /// Its client id then.
    pub client: ClientIndex,
    /// From when.
    pub from: Instant,
    /// Until when.
    pub until: Instant,
    /// Whether it could act.
    pub state: OwnerState,
}

impl Ownership {
    /// Audience and queue.
    #[must_use]
    pub fn key(&self) -> Key {
        Key { audience: self.audience, queue: self.queue }
    }
}

/// A stretch in which members of an audience popped a topic: nobody owned its queues.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoppedTopic {
    /// Of whom.
    pub audience: AudienceIndex,
    /// The topic.
    pub topic: TopicIndex,
    /// From when.
    pub from: Instant,
    /// Until when; `None`: to the end of the run.
    pub until: Option<Instant>,
}

/// One stretch longer than the threshold in which a readable message waited and none of its queue was handed out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stall {
    /// Of whom.
    pub audience: AudienceIndex,
    /// The queue.
    pub queue: QueueIndex,
    /// The later of "a message became readable" and "the last hand-out".
    pub from: Instant,
    /// The next hand-out, or the end of the run.
    pub until: Instant,
    /// The main cause, such as `unowned`.
    pub cause: Cause,
    /// One sentence with the chain of events behind it.
    pub detail: String,
    /// What to change, where that was seen; else empty.
    pub remedy: String,
}

impl Stall {
    /// Audience and queue.
    #[must_use]
    pub fn key(&self) -> Key {
        Key { audience: self.audience, queue: self.queue }
    }
}

/// How bad an anomaly is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Something a user feels: idle, double, duplicates.
    Warning,
    /// At-least-once is broken.
    Violation,
    /// A consumer is not there that was to be: all else follows from it.
    Failure,
}

/// Something a check noticed, with its cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anomaly {
    /// The check that noticed it.
    pub check: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// From when.
    pub from: Instant,
    /// Until when; `from` for a moment.
    pub until: Instant,
    /// What it is.
    pub kind: AnomalyKind,
    /// The audience, where it concerns one: all of a group, or one member.
    pub audience: Option<AudienceIndex>,
    /// The queue, where it concerns one.
    pub queue: Option<QueueIndex>,
    /// The consumer, where it concerns one.
    pub consumer: Option<ConsumerIndex>,
    /// How many messages or queues.
    pub count: u64,
    /// Why it is so.
    pub cause: Cause,
    /// The trap that it shows, where one fits.
    pub trap: Option<Trap>,
    /// One sentence for a person.
    pub detail: String,
}

impl Anomaly {
    /// A warning of one, that concerns nobody in particular, and shows the trap of its cause.
    #[must_use]
    pub fn new(
        check: &'static str,
        (kind, cause): (AnomalyKind, Cause),
        (from, until): (Instant, Instant),
        detail: String,
    ) -> Self {
        let (audience, queue, consumer) = (None, None, None);
        let (severity, count, trap) = (Severity::Warning, 1, cause.trap());
        Self { check, severity, from, until, kind, audience, queue, consumer, count, cause, trap, detail }
    }

    /// Whether some of it lies in a window; what happens as a window ends still belongs to it.
    #[must_use]
    pub fn touches(&self, window: &Window) -> bool {
        match self.from == self.until {
            true => window.from <= self.from && self.from <= window.until,
            false => self.from < window.until && self.until > window.from,
        }
    }
}

/// One change of an offset at a broker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitRow {
    /// When.
    pub at: Instant,
    /// Of whom.
    pub audience: AudienceIndex,
    /// The queue.
    pub queue: QueueIndex,
    /// Who sent it; `None`: the broker itself.
    pub by: Option<ConsumerIndex>,
    /// The new offset.
    pub offset: u64,
    /// The one it replaced.
    pub previous: Option<u64>,
    /// Its path.
    pub path: CommitPath,
}

/// One stretch in which a broker's table held a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// The group.
    pub group: GroupIndex,
    /// The broker.
    pub broker: BrokerIndex,
    /// The client id.
    pub client: ClientIndex,
    /// From when.
    pub from: Instant,
    /// Until when.
    pub until: Instant,
}

/// A run of offsets handed to one consumer: consecutive, less than half a second apart, of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryRun {
    /// Of whom.
    pub audience: AudienceIndex,
    /// The queue.
    pub queue: QueueIndex,
    /// The consumer.
    pub consumer: ConsumerIndex,
    /// First offset.
    pub from_offset: u64,
    /// Last offset, included.
    pub to_offset: u64,
    /// When the first was handed out.
    pub from: Instant,
    /// When the last was handed out.
    pub until: Instant,
    /// The cause why they came again; `None`: first deliveries.
    pub duplicate_cause: Option<Cause>,
}

/// How evenly the queues of a topic (or of all: `None`) lie on the members of a group, from this moment on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BalanceSample {
    /// From when.
    pub at: Instant,
    /// The group.
    pub group: GroupIndex,
    /// The topic; `None`: all topics of the group.
    pub topic: Option<TopicIndex>,
    /// Live members.
    pub members: u32,
    /// Members without a queue.
    pub idle_members: u32,
    /// Most queues on one member.
    pub max: u32,
    /// Fewest queues on one member.
    pub min: u32,
    /// Jain's fairness index in millionths: 1,000,000 is even.
    pub jain_millionths: u32,
    /// Queues without a live owner.
    pub unowned: u32,
    /// Queues with two or more live owners.
    pub double_owned: u32,
}

/// What a broker had to do for membership in one second.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadRow {
    /// The beginning of the second.
    pub at: Instant,
    /// The broker.
    pub broker: BrokerIndex,
    /// Heartbeats handled.
    pub heartbeats: u32,
    /// Member lists answered.
    pub list_requests: u32,
    /// Clients that unregistered.
    pub unregistrations: u32,
    /// Lock and unlock requests.
    pub lock_requests: u32,
    /// Members told of a change.
    pub notifications: u32,
    /// Requests answered SYSTEM_BUSY.
    pub rejected: u32,
    /// Longest wait for a thread.
    pub longest_wait: Span,
}

impl LoadRow {
    /// A second in which nothing has happened yet.
    #[must_use]
    pub fn new(at: Instant, broker: BrokerIndex) -> Self {
        let longest_wait = Span::ZERO;
        let (heartbeats, list_requests, unregistrations, lock_requests) = (0, 0, 0, 0);
        let (notifications, rejected) = (0, 0);
        Self {
            at,
            broker,
            heartbeats,
            list_requests,
            unregistrations,
            lock_requests,
            notifications,
            rejected,
            longest_wait,
        }
    }
}

/// How far a group is behind, once a second.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LagSample {
    /// When.
    pub at: Instant,
    /// Of whom.
    pub audience: AudienceIndex,
    /// The queue.
    pub queue: QueueIndex,
    /// Readable messages.
    pub end_offset: u64,
    /// Highest offset handed to a listener, plus one.
    pub delivered_offset: u64,
    /// The offset in the owner's memory.
    pub memory_offset: u64,
    /// The offset in the broker's memory.
    pub committed_offset: u64,
    /// The offset on the broker's disk: what a killed broker would still know.
    pub disk_offset: u64,
}

/// A value in its own unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub enum Figure {
    /// Messages, queues, times.
    Count(u64),
    /// A length of time.
    Span(Span),
    /// A share in millionths.
    Millionths(u64),
}

impl Figure {
    /// Its number: a count, nanoseconds, or millionths.
    #[must_use]
    pub fn number(self) -> u64 {
        match self {
            Self::Count(value) | Self::Millionths(value) => value,
            Self::Span(span) => span.as_nanos(),
        }
    }

    /// A value in the same unit with another number.
    #[must_use]
    pub fn with_number(self, number: u64) -> Self {
        match self {
            Self::Count(_) => Self::Count(number),
            Self::Span(_) => Self::Span(Span::from_nanos(number)),
            Self::Millionths(_) => Self::Millionths(number),
        }
    }
}

/// Figures by name, as `expect` and the summaries name them: `lost`, `duplicates`, `stalled.max`, `unowned.total`.
pub type Figures = BTreeMap<String, Figure>;

/// A stretch of the run that has figures of its own.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Window {
    /// What opened it: `measure`, or the label of a step.
    pub label: String,
    /// From when.
    pub from: Instant,
    /// Until when.
    pub until: Instant,
    /// Its figures.
    pub figures: Figures,
    /// Figures of each group by its name; empty where there is one group.
    pub groups: BTreeMap<String, Figures>,
    /// Figures of each topic by its name; empty where there is one topic.
    pub topics: BTreeMap<String, Figures>,
}

/// What happened outside the measured window, and so stands in none of its figures.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Outside {
    /// Messages lost.
    pub lost: u64,
    /// Messages skipped.
    pub skipped: u64,
}

/// Why duplicates happened, or stalls: cause and amount, largest first.
pub type Causes<T> = Vec<(Cause, T)>;

/// Everything the checks of one run found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    /// Rows of `ownership.csv`.
    pub ownership: Vec<Ownership>,
    /// Rows of `stalls.csv`.
    pub stalls: Vec<Stall>,
    /// Rows of `anomalies.csv`.
    pub anomalies: Vec<Anomaly>,
    /// Rows of `commits.csv`: backward ones always; each one only where asked for.
    pub commits: Vec<CommitRow>,
    /// Rows of `members.csv`.
    pub members: Vec<Membership>,
    /// Rows of `deliveries.csv`.
    pub deliveries: Vec<DeliveryRun>,
    /// Rows of `balance.csv`.
    pub balance: Vec<BalanceSample>,
    /// Rows of `load.csv`.
    pub load: Vec<LoadRow>,
    /// Rows of `lag.csv`.
    pub lag: Vec<LagSample>,
    /// Rows of `latency.csv`.
    pub latency: Vec<LatencySample>,
    /// Topics that were popped: their queues had no owner then.
    pub popped: Vec<PoppedTopic>,
    /// The window that counts, first; then one for each phase of the timeline.
    pub windows: Vec<Window>,
    /// What the measured window leaves out.
    pub outside: Outside,
    /// Duplicates in the measured window by cause, largest first.
    pub duplicate_causes: Causes<u64>,
    /// Stalled time in the measured window by cause, largest first.
    pub stall_causes: Causes<Span>,
}
