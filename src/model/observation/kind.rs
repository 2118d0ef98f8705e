//! Which kind of thing was seen: by it observations find those that read them, and pass by all others.

use super::{ConsumeOutcome, Detail, Observation};

/// Makes [`Kind`] from the names of all observations and details. The matches have no other arm, so that a new
/// observation must be named here before anything compiles.
macro_rules! all_kinds {
    (observations: $($observation:ident),+; details: $($detail:ident),+; narrower: $($narrower:ident),+) => {
        /// What kind an observation or a [`Detail`] is: its name without its fields. `NotConsumed` is the kind of an
        /// [`Observation::Consumed`] with any outcome but success: there are few, and many who read these alone.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        #[expect(missing_docs, reason = "each is documented where the observation or the detail of its name is")]
        pub enum Kind {
            $($observation,)+
            $($detail,)+
            $($narrower,)+
        }

        impl Kind {
            /// All of them, in order.
            pub const ALL: &[Self] = &[$(Self::$observation,)+ $(Self::$detail,)+ $(Self::$narrower,)+];

            /// The kind of an observation.
            #[must_use]
            #[inline]
            pub fn of(what: &Observation) -> Self {
                let by_name = match what {
                    $(Observation::$observation { .. } => Self::$observation,)+
                    Observation::Detail(detail) => match detail {
                        $(Detail::$detail { .. } => Self::$detail,)+
                    },
                };
                match (by_name, what) {
                    (Self::Consumed, Observation::Consumed { outcome, .. }) if *outcome != ConsumeOutcome::Success => {
                        Self::NotConsumed
                    }
                    _ => by_name,
                }
            }
        }
    };
}

all_kinds! {
    observations:
        StepTaken, StepMissed, ConsumerStarting, SubscriptionChanged, StartFailed, ConsumerStarted,
        ConsumerStopping, ConsumerEnded, ConsumerPaused, ConsumerResumed, ConsumerCutOff, BrokerDown, BrokerUp,
        NameServerDown, NameServerUp, QueueCreated, QueuesOpened, HeadDeleted, TailLost, MessageLost, RetryLost,
        BrokerUnregistered, RouteChanged, RoutePollFailed, RouteToldChanged, GroupUnknown, SubscriptionKept,
        RegisteredWithoutSubscriptions, ChannelEventDropped, SlaveSynchronised, CommitArrived, OffsetSent, OffsetNotKnown,
        HeartbeatTaken, BrokerRegistered, ClockJumped, Served, Rejected, NotificationsSent, NotificationsBrokenOff, MemberAdded,
        MemberRemoved, Notified, WakeupLost, TopicRebalanced, Viewed, RebalanceEnded, QueueTaken, QueueReleased,
        SubscriptionVersionRaised, HeartbeatSkipped, PullTroubled, HeldTooLate, PullRecovered, Pulled,
        OffsetIllegal, Stored, StoredApart, KeyStored, TagStored, Filtered, AttemptFailed, SendRefused,
        CommandRefused, ResetIgnored, SendFailed, SendInDoubt, Readable, Delivered, Consumed, SentBack, DeadLetterAtOnce, ThresholdSet, Committed,
        ProgressMoved, OffsetsFlushed, LockGranted, LockRefused, LockReleased, LockForgotten, LockLost, LockExpired,
        LockConfirmed, UnlockDelayed, UnlockPostponed, UnlockForced, StartedAt, Popped, AckTaken, InvisibleChanged, Revived, TakenBackInOrder, CheckpointLost,
        RequestModeSet, PopQueueTaken, PopQueueReleased, PopTroubled, PopDiscarded, PopGivenUp, AckFailed,
        DelayLevelThrew, PopListenersLeft, DealtByClient, ProxyUp, ProxyDown, HandlesLost, ProxyLostClient, HandlesCleared,
        ReceiptHandleExpired, ReceivesFrom, GrpcClosing;
    details:
        RebalanceBegan, ConsumptionResumed, RebalanceWanted, ListAsked, HeartbeatDue, PersistDue, OffsetTold,
        PersistedAll, LastOffsetTold, PullLooked, NothingNew, LockAnswered, UnlockedAtShutdown, LockAsked,
        PullRefused, PullHeld, HoldEnded, HoldsChecked, SubscriptionsTaken, RetryWaits, RetryReturns, SlaveLooks,
        SlaveAsks, BrokerExpires, BrokerChannelEnded;
    narrower:
        NotConsumed
}

/// A set of kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kinds([u128; 2]);

impl Kinds {
    /// Every kind that there is.
    pub const ALL: Self = Self::of(Kind::ALL);

    /// No kind.
    pub const NONE: Self = Self([0; 2]);

    /// These kinds.
    #[must_use]
    pub const fn of(kinds: &[Kind]) -> Self {
        let (mut set, mut index) = ([0; 2], 0);
        while index < kinds.len() {
            let kind = kinds[index] as usize;
            set[kind / 128] |= 1 << (kind % 128);
            index += 1;
        }
        Self(set)
    }

    /// The kinds of this set and those of another.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self([self.0[0] | other.0[0], self.0[1] | other.0[1]])
    }

    /// Whether a kind is in the set.
    #[must_use]
    #[inline]
    pub const fn has(self, kind: Kind) -> bool {
        self.0[kind as usize / 128] >> (kind as usize % 128) & 1 == 1
    }
}

/// The set of kinds with these names.
macro_rules! kinds {
    ($($kind:ident),+ $(,)?) => {
        $crate::model::observation::Kinds::of(&[$($crate::model::observation::Kind::$kind),+])
    };
}
pub(crate) use kinds;
