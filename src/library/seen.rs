//! What an observer sees: what happened, with the names of the story instead of numbers.

use crate::kernel::{Instant, Span};
use crate::model::Names;
use crate::model::observation::{
    CommitPath, ConsumeOutcome, End, Kind, LogLoss, MemberLoss, Observation, Observed, PullTrouble, Release,
    SendFailure, StartFailure, StartRule, TopicRebalance,
};
use crate::model::plan::Plan;
use crate::run::{EventRow, observation_row};
use crate::strategy::MessageQueue;

/// One thing that happened. What has no variant of its own is [`Seen::Other`], with the words of the event log; it may get
/// one in a later version.
///
/// ```
/// use rebalance_sim::{Instant, Observer, Seen};
/// /// Prints who takes what.
/// struct Takes;
/// impl Observer for Takes {
///     fn see(&mut self, at: Instant, seen: &Seen<'_>) {
///         match seen {
///             Seen::QueueTaken { consumer, queue, offset } => println!("{at} {consumer} takes {queue} at {offset}"),
///             Seen::Other(other) if other.name() == "WakeupLost" => println!("{at} {}", other.row().detail()),
///             _ => {}
///         }
///     }
/// }
/// ```
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the fields are names, and counts named after what they are")]
pub enum Seen<'a> {
    /// A step of the timeline took place: its mark, or its words.
    StepTaken { step: &'a str },
    /// `start()` is called.
    ConsumerStarting { consumer: &'a str, client: &'a str },
    /// `start()` returned.
    ConsumerStarted { consumer: &'a str },
    /// `start()` threw.
    StartFailed { consumer: &'a str, why: StartFailure },
    /// `shutdown()` is called.
    ConsumerStopping { consumer: &'a str },
    /// The process is gone.
    ConsumerEnded { consumer: &'a str, end: End },
    /// The process is stopped by a signal.
    ConsumerPaused { consumer: &'a str },
    /// The process goes on.
    ConsumerResumed { consumer: &'a str },
    /// A consumer and a broker cannot hear each other, or can again.
    ConsumerCutOff { consumer: &'a str, broker: &'a str, cut_off: bool },
    /// A broker is gone.
    BrokerDown { broker: &'a str, graceful: bool },
    /// A broker accepts connections.
    BrokerUp { broker: &'a str },
    /// A queue exists at its broker from now on.
    QueueCreated { queue: &'a MessageQueue },
    /// A client came into a broker's list of a group.
    MemberAdded { broker: &'a str, group: &'a str, client: &'a str },
    /// A client left a broker's list of a group.
    MemberRemoved { broker: &'a str, group: &'a str, client: &'a str, loss: MemberLoss },
    /// A broker told a client that the members of its group changed.
    Notified { consumer: &'a str, broker: &'a str },
    /// A rebalance of one topic got its answer.
    TopicRebalanced { consumer: &'a str, topic: &'a str, found: TopicRebalance },
    /// A rebalance over all topics ended.
    RebalanceEnded { consumer: &'a str, balanced: bool, took: Span },
    /// A queue came into the process-queue table of a consumer.
    QueueTaken { consumer: &'a str, queue: &'a MessageQueue, offset: u64 },
    /// A queue left it.
    QueueReleased { consumer: &'a str, queue: &'a MessageQueue, release: Release },
    /// Where a queue begins that has no offset; messages below are not read.
    StartedAt { consumer: &'a str, queue: &'a MessageQueue, offset: u64, rule: StartRule },
    /// A pull ended without messages.
    PullTroubled { consumer: &'a str, queue: &'a MessageQueue, trouble: PullTrouble },
    /// A client goes on from another offset than it asked for.
    OffsetIllegal { consumer: &'a str, queue: &'a MessageQueue, asked: u64, corrected: u64 },
    /// A message was stored.
    Stored { queue: &'a MessageQueue, offset: u64 },
    /// A message was handed to a listener.
    Delivered { consumer: &'a str, queue: &'a MessageQueue, offset: u64, reconsume_times: u32 },
    /// A message left the listener.
    Consumed { consumer: &'a str, queue: &'a MessageQueue, offset: u64, outcome: ConsumeOutcome },
    /// A failed message was stored for later, or in the dead-letter queue.
    SentBack { consumer: &'a str, queue: &'a MessageQueue, offset: u64, dead_letter: bool },
    /// A message is gone from its broker, and does not come again.
    MessageLost { queue: &'a MessageQueue, offset: u64, why: LogLoss },
    /// An offset reached who keeps it. `group`: `group@consumer` of a `BROADCASTING` member.
    Committed {
        group: &'a str,
        queue: &'a MessageQueue,
        offset: u64,
        previous: Option<u64>,
        by: Option<&'a str>,
        path: CommitPath,
    },
    /// The offset in a client's memory moved.
    ProgressMoved { consumer: &'a str, queue: &'a MessageQueue, offset: u64 },
    /// A broker wrote its offsets to disk.
    OffsetsFlushed { broker: &'a str },
    /// A broker gave a queue's lock to a client that had it not.
    LockGranted { broker: &'a str, group: &'a str, queue: &'a MessageQueue, client: &'a str, previous: Option<&'a str> },
    /// A broker refused a queue's lock: another client holds it.
    LockRefused { broker: &'a str, group: &'a str, queue: &'a MessageQueue, client: &'a str, holder: &'a str },
    /// A client gave a queue's lock back.
    LockReleased { broker: &'a str, group: &'a str, queue: &'a MessageQueue, client: &'a str },
    /// A send failed for good, and its application was told.
    SendFailed { producer: &'a str, why: SendFailure },
    /// Anything else.
    Other(OtherSeen<'a>),
}

/// Something that has no variant of its own.
///
/// ```
/// use rebalance_sim::OtherSeen;
/// fn words(other: &OtherSeen<'_>) -> String {
///     let row = other.row();
///     format!("{}: {} {} {}", other.name(), row.actor, row.subject, row.detail())
/// }
/// ```
#[derive(Debug, Clone, Copy)]
pub struct OtherSeen<'a> {
    observed: &'a Observed,
    names: &'a Names,
    plan: &'a Plan,
}

impl OtherSeen<'_> {
    /// Its name, as `rebalance_sim::model::observation::Kind` has it: `WakeupLost`.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{:?}", Kind::of(&self.observed.what))
    }

    /// Its words, as the event log has them: who did it, to what, and the rest.
    #[must_use]
    pub fn row(&self) -> EventRow {
        observation_row(self.observed, self.names, self.plan)
    }
}

impl<'a> Seen<'a> {
    /// What was seen, with names.
    #[rustfmt::skip]
    pub(super) fn of(observed: &'a Observed, names: &'a Names, plan: &'a Plan) -> (Instant, Self) {
        let seen = match &observed.what {
            Observation::StepTaken { step } => Self::StepTaken { step: &plan.timeline[*step as usize].label },
            Observation::ConsumerStarting { consumer, client } => Self::ConsumerStarting { consumer: names.consumer(*consumer), client: names.client(*client) },
            Observation::ConsumerStarted { consumer } => Self::ConsumerStarted { consumer: names.consumer(*consumer) },
            Observation::StartFailed { consumer, why } => Self::StartFailed { consumer: names.consumer(*consumer), why: *why },
            Observation::ConsumerStopping { consumer } => Self::ConsumerStopping { consumer: names.consumer(*consumer) },
            Observation::ConsumerEnded { consumer, end } => Self::ConsumerEnded { consumer: names.consumer(*consumer), end: *end },
            Observation::ConsumerPaused { consumer } => Self::ConsumerPaused { consumer: names.consumer(*consumer) },
            Observation::ConsumerResumed { consumer } => Self::ConsumerResumed { consumer: names.consumer(*consumer) },
            Observation::ConsumerCutOff { consumer, broker, cut_off } => Self::ConsumerCutOff { consumer: names.consumer(*consumer), broker: names.broker(*broker), cut_off: *cut_off },
            Observation::BrokerDown { broker, graceful } => Self::BrokerDown { broker: names.broker(*broker), graceful: *graceful },
            Observation::BrokerUp { broker } => Self::BrokerUp { broker: names.broker(*broker) },
            Observation::QueueCreated { queue } => Self::QueueCreated { queue: names.message_queue(*queue) },
            Observation::MemberAdded { broker, group, client, .. } => Self::MemberAdded { broker: names.broker(*broker), group: names.group(*group), client: names.client(*client) },
            Observation::MemberRemoved { broker, group, client, loss, .. } => Self::MemberRemoved { broker: names.broker(*broker), group: names.group(*group), client: names.client(*client), loss: *loss },
            Observation::Notified { consumer, broker } => Self::Notified { consumer: names.consumer(*consumer), broker: names.broker(*broker) },
            Observation::TopicRebalanced { consumer, topic, found, .. } => Self::TopicRebalanced { consumer: names.consumer(*consumer), topic: &names.topic(*topic).name, found: *found },
            Observation::RebalanceEnded { consumer, balanced, took } => Self::RebalanceEnded { consumer: names.consumer(*consumer), balanced: *balanced, took: *took },
            Observation::QueueTaken { consumer, queue, offset } => Self::QueueTaken { consumer: names.consumer(*consumer), queue: names.message_queue(*queue), offset: *offset },
            Observation::QueueReleased { consumer, queue, release } => Self::QueueReleased { consumer: names.consumer(*consumer), queue: names.message_queue(*queue), release: *release },
            Observation::StartedAt { consumer, queue, offset, rule } => Self::StartedAt { consumer: names.consumer(*consumer), queue: names.message_queue(*queue), offset: *offset, rule: *rule },
            Observation::PullTroubled { consumer, queue, trouble } => Self::PullTroubled { consumer: names.consumer(*consumer), queue: names.message_queue(*queue), trouble: *trouble },
            Observation::OffsetIllegal { consumer, queue, asked, corrected } => Self::OffsetIllegal { consumer: names.consumer(*consumer), queue: names.message_queue(*queue), asked: *asked, corrected: *corrected },
            Observation::Stored { queue, offset, .. } => Self::Stored { queue: names.message_queue(*queue), offset: *offset },
            Observation::Delivered { consumer, queue, offset, reconsume_times, .. } => Self::Delivered { consumer: names.consumer(*consumer), queue: names.message_queue(*queue), offset: *offset, reconsume_times: *reconsume_times },
            Observation::Consumed { consumer, queue, offset, outcome } => Self::Consumed { consumer: names.consumer(*consumer), queue: names.message_queue(*queue), offset: *offset, outcome: *outcome },
            Observation::SentBack { consumer, queue, offset, dead_letter } => Self::SentBack { consumer: names.consumer(*consumer), queue: names.message_queue(*queue), offset: *offset, dead_letter: *dead_letter },
            Observation::MessageLost { queue, offset, why, .. } => Self::MessageLost { queue: names.message_queue(*queue), offset: *offset, why: *why },
            Observation::Committed { audience, queue, offset, previous, by, path } => Self::Committed { group: names.audience(*audience), queue: names.message_queue(*queue), offset: *offset, previous: *previous, by: by.map(|consumer| names.consumer(consumer)), path: *path },
            Observation::ProgressMoved { consumer, queue, offset } => Self::ProgressMoved { consumer: names.consumer(*consumer), queue: names.message_queue(*queue), offset: *offset },
            Observation::OffsetsFlushed { broker } => Self::OffsetsFlushed { broker: names.broker(*broker) },
            Observation::LockGranted { broker, group, queue, client, previous } => Self::LockGranted { broker: names.broker(*broker), group: names.group(*group), queue: names.message_queue(*queue), client: names.client(*client), previous: previous.map(|client| &**names.client(client)) },
            Observation::LockRefused { broker, group, queue, client, holder, .. } => Self::LockRefused { broker: names.broker(*broker), group: names.group(*group), queue: names.message_queue(*queue), client: names.client(*client), holder: names.client(*holder) },
            Observation::LockReleased { broker, group, queue, client } => Self::LockReleased { broker: names.broker(*broker), group: names.group(*group), queue: names.message_queue(*queue), client: names.client(*client) },
            Observation::SendFailed { sent, why, .. } => Self::SendFailed { producer: names.producer(sent.producer), why: *why },
            _ => Self::Other(OtherSeen { observed, names, plan }),
        };
        (observed.at, seen)
    }
}
