//! What an observer sees: what happened, with the names of the story instead of numbers.

use crate::kernel::{Instant, Span};
use crate::model::Names;
use crate::model::ids::{BrokerIndex, ClientIndex, ConsumerIndex, GroupIndex, QueueIndex, TopicIndex};
use crate::model::observation::{
    CommitPath, ConsumeOutcome, End, Kind, LogLoss, MemberLoss, Observation, Observed, PullTrouble, Release,
    SendFailure, StartFailure, StartRule, TopicRebalance,
};
use crate::model::plan::Plan;
use crate::run::{EventRow, observation_row};
use crate::strategy::MessageQueue;

/// One thing that happened. What has no variant of its own is [`Seen::Other`], with the words of the event log; it may
/// get one in a later version. The words in fields are of `rebalance_sim::model::observation`.
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

/// A value of the model as people know it.
trait Named<'a> {
    type Known;

    fn named(self, names: &'a Names) -> Self::Known;
}

/// A number becomes the name behind it.
macro_rules! numbers {
    ($($index:ty, $name:ty: |$names:ident, $number:ident| $text:expr;)*) => {
        $(impl<'a> Named<'a> for $index {
            type Known = $name;

            fn named(self, $names: &'a Names) -> $name {
                let $number = self;
                $text
            }
        })*
    };
}

numbers! {
    ConsumerIndex, &'a str: |names, number| names.consumer(number);
    BrokerIndex, &'a str: |names, number| names.broker(number);
    GroupIndex, &'a str: |names, number| names.group(number);
    ClientIndex, &'a str: |names, number| names.client(number);
    TopicIndex, &'a str: |names, number| &names.topic(number).name;
    QueueIndex, &'a MessageQueue: |names, number| names.message_queue(number);
}

/// What says itself what it is.
macro_rules! plain {
    ($($plain:ty),*) => {
        $(impl Named<'_> for $plain {
            type Known = Self;

            fn named(self, _: &Names) -> Self {
                self
            }
        })*
    };
}

plain!(
    u64,
    u32,
    bool,
    Span,
    CommitPath,
    ConsumeOutcome,
    End,
    LogLoss,
    MemberLoss,
    PullTrouble,
    Release,
    SendFailure,
    StartFailure,
    StartRule,
    TopicRebalance
);

impl<'a, T: Named<'a>> Named<'a> for Option<T> {
    type Known = Option<T::Known>;

    fn named(self, names: &'a Names) -> Option<T::Known> {
        self.map(|value| value.named(names))
    }
}

/// The arms of those whose fields have the names of the observation's, and then the others.
macro_rules! with_names {
    ($what:expr, $names:ident, { $($variant:ident($($field:ident),+);)* } $($pattern:pat => $seen:expr,)*) => {
        match $what {
            $(Observation::$variant { $($field,)+ .. } => Self::$variant { $($field: $field.named($names),)+ },)*
            $($pattern => $seen,)*
        }
    };
}

impl<'a> Seen<'a> {
    /// What was seen, with names.
    pub(super) fn of(observed: &'a Observed, names: &'a Names, plan: &'a Plan) -> (Instant, Self) {
        let seen = with_names!(observed.what, names, {
            ConsumerStarting(consumer, client);
            ConsumerStarted(consumer);
            StartFailed(consumer, why);
            ConsumerStopping(consumer);
            ConsumerEnded(consumer, end);
            ConsumerPaused(consumer);
            ConsumerResumed(consumer);
            ConsumerCutOff(consumer, broker, cut_off);
            BrokerDown(broker, graceful);
            BrokerUp(broker);
            QueueCreated(queue);
            MemberAdded(broker, group, client);
            MemberRemoved(broker, group, client, loss);
            Notified(consumer, broker);
            TopicRebalanced(consumer, topic, found);
            RebalanceEnded(consumer, balanced, took);
            QueueTaken(consumer, queue, offset);
            QueueReleased(consumer, queue, release);
            StartedAt(consumer, queue, offset, rule);
            PullTroubled(consumer, queue, trouble);
            OffsetIllegal(consumer, queue, asked, corrected);
            Stored(queue, offset);
            Delivered(consumer, queue, offset, reconsume_times);
            Consumed(consumer, queue, offset, outcome);
            SentBack(consumer, queue, offset, dead_letter);
            MessageLost(queue, offset, why);
            ProgressMoved(consumer, queue, offset);
            OffsetsFlushed(broker);
            LockGranted(broker, group, queue, client, previous);
            LockRefused(broker, group, queue, client, holder);
            LockReleased(broker, group, queue, client);
        }
        Observation::StepTaken { step } => Self::StepTaken { step: &plan.timeline[step as usize].label },
        Observation::Committed { audience, queue, offset, previous, by, path } => {
            let (group, queue, by) = (names.audience(audience), queue.named(names), by.named(names));
            Self::Committed { group, queue, offset, previous, by, path }
        },
        Observation::SendFailed { sent, why, .. } => Self::SendFailed { producer: names.producer(sent.producer), why },
        _ => Self::Other(OtherSeen { observed, names, plan }),);
        (observed.at, seen)
    }
}
