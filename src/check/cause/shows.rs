//! Which trap a cause shows, and of which other it is a case.

use super::Cause;
use crate::check::Trap;

impl Cause {
    /// The trap that it shows, where one belongs to it. A check that sees more says another, or none.
    #[must_use]
    pub const fn trap(self) -> Option<Trap> {
        Some(match self {
            Self::GivenToAMemberWithoutTheTopic | Self::SubscriptionsDiffer => Trap::E1,
            Self::DuplicateClientId => Trap::E2,
            Self::PartialListAfterBrokerRestart | Self::PartialListOfANewBroker => Trap::E3,
            Self::HalfOpenConnection => Trap::E4,
            Self::ListCallFailed | Self::NoList => Trap::E5,
            Self::ExpiryTellsNobody => Trap::E6,
            Self::LockOfADeadMember => Trap::E7,
            Self::ListenerDelaysTheUnlock => Trap::E8,
            Self::AssignedAgainBeforeItWasRemoved => Trap::E9,
            Self::LockOutlivesShutdown => Trap::E10,
            Self::BrokerForgotTheLocks => Trap::E11,
            Self::HandoverBeforeCommit => Trap::E13,
            Self::NewQueueNotInTheRoutes
            | Self::RouteChangedWhileUnsubscribed
            | Self::RouteGone
            | Self::RoutePollsOutOfPhase
            | Self::RouteViewSkew
            | Self::StaleRoute => Trap::E17,
            Self::NameServerRestarted => Trap::E18,
            Self::NameServersDisagree => Trap::E19,
            Self::SubscriptionNotLatest => Trap::E20,
            Self::DealtTopicByTopic => Trap::E22,
            Self::ClientIdsSortByText | Self::NewClientIdSortsElsewhere => Trap::E23,
            Self::StrategiesDiffer => Trap::E24,
            Self::StrategyThrows => Trap::E25,
            Self::ListLacksTheAsker | Self::NotInList => Trap::E26,
            Self::StartAtMaximum => Trap::E28,
            Self::LostLogTail | Self::OffsetIllegalDropsTheCache => Trap::E29,
            Self::DroppedWhileAtWork => Trap::E14,
            Self::SlowMessagePins => Trap::E15,
            Self::ThresholdForTopic => Trap::E27,
            Self::BufferedNotifications => Trap::E36,
            Self::NotBalanced => Trap::E40,
            Self::GroupHoldsLocks => Trap::E43,
            Self::Unsubscribed => Trap::E30,
            Self::FinishedAfterLastCommit | Self::InterruptedListener => Trap::E31,
            Self::LocalFile | Self::OffsetOfAnotherProcess | Self::SharedOffsetFile => Trap::E32,
            Self::SlaveDoesNotServe => Trap::E33,
            Self::MasterReturned
            | Self::MasterReturnedWithOldOffsets
            | Self::SlaveCopyIsOlder
            | Self::SlaveOffsetsAreOlder => Trap::E34,
            Self::GroupDoesNotExist | Self::SubscriptionGroupNotExist => Trap::E35,
            Self::ChannelEventDropped => Trap::E37,
            Self::LostWakeup => Trap::E38,
            Self::ClockJumped | Self::ClockWentBack => Trap::E39,
            Self::NoRoute => Trap::E41,
            Self::GivenToABroadcastingMember | Self::MixedMessageModels => Trap::E42,
            Self::HeartbeatV2AfterRestart => Trap::E44,
            Self::QueueIsHidden => Trap::E45,
            Self::LongPollBlindSpot => Trap::E46,
            Self::StartUp => Trap::E47,
            Self::GivenToNobody => Trap::E48,
            _ => return self.trap_of_pop(),
        })
    }

    /// The same of POP.
    const fn trap_of_pop(self) -> Option<Trap> {
        Some(match self {
            Self::RetryTopicWakesNobody => Trap::PE1,
            Self::RequestModesDiffer => Trap::PE4,
            Self::CheckpointForgotten | Self::CheckpointNotFlushed => Trap::PE9,
            Self::RetriesStarve => Trap::PE17,
            Self::TimerWheelOff => Trap::PE32,
            Self::ClientRebalances => Trap::PE3,
            Self::PopRetryTopicMissing => Trap::PE5,
            Self::DelayLevelBelowZero | Self::GivenUpAfterRetries => Trap::PE6,
            Self::InvisibleTimeOver | Self::PopQueueDropped => Trap::PE7,
            Self::ModeSwitchWindow => Trap::PE11,
            Self::ClientClockIsAhead => Trap::PE14,
            Self::ShutdownLeavesPopped => Trap::PE15,
            Self::PopThreshold => Trap::PE16,
            Self::ReceiptNotRenewed => Trap::PE2,
            Self::AcknowledgedElsewhere | Self::ProxyLostHandles => Trap::PE29,
            _ => return None,
        })
    }

    /// The cause that it is a case of: who expects that one not to be there means this one as well.
    #[must_use]
    pub const fn case_of(self) -> Option<Self> {
        match self {
            Self::OffsetIllegalRepair => Some(Self::OffsetIllegal),
            _ => None,
        }
    }
}
