//! What the model says of itself, as causes. Their words are the same.

use super::Cause;
use crate::model::observation::{
    CommandRefusal, CommitPath, LogLoss, PopRefusal, PopTrouble, PullTrouble, SendFailure, SendRefusal, StoreDelay,
};

impl From<CommitPath> for Cause {
    fn from(path: CommitPath) -> Self {
        match path {
            CommitPath::PersistTimer => Self::PersistTimer,
            CommitPath::PullPiggyback => Self::PullPiggyback,
            CommitPath::Release => Self::Release,
            CommitPath::Shutdown => Self::Shutdown,
            CommitPath::OffsetIllegal => Self::OffsetIllegal,
            CommitPath::BrokerRestart => Self::BrokerRestart,
            CommitPath::OperatorReset => Self::OperatorReset,
            CommitPath::SlaveCopy => Self::SlaveCopyIsOlder,
            CommitPath::MasterReturned => Self::MasterReturned,
            CommitPath::TopicDeleted => Self::TopicDeleted,
            CommitPath::GroupDeleted => Self::GroupDeleted,
            CommitPath::LocalFile => Self::LocalFile,
            CommitPath::Update => Self::CommitOfAnUpdate,
            CommitPath::Database => Self::DatabaseWrite,
            CommitPath::Pop => Self::PopCommit,
        }
    }
}

impl From<LogLoss> for Cause {
    fn from(loss: LogLoss) -> Self {
        match loss {
            LogLoss::PageCache => Self::AsyncFlush,
            LogLoss::SlaveBehind => Self::SlaveBehind,
            LogLoss::Deposed => Self::TwoMasters,
            LogLoss::TopicDeleted => Self::TopicDeleted,
        }
    }
}

impl From<SendFailure> for Cause {
    fn from(failure: SendFailure) -> Self {
        match failure {
            SendFailure::NoRoute => Self::NoWritableQueue,
            SendFailure::TimedOut => Self::SendTimedOut,
            SendFailure::Unreachable => Self::ConnectionLost,
            SendFailure::Refused => Self::SendRefused,
            SendFailure::InSyncReplicasNotEnough => Self::InSyncReplicasNotEnough,
            SendFailure::NotStoreOk => Self::NotStoreOk,
        }
    }
}

impl From<StoreDelay> for Cause {
    fn from(delay: StoreDelay) -> Self {
        match delay {
            StoreDelay::FlushDisk => Self::FlushDiskTimeout,
            StoreDelay::FlushSlave => Self::FlushSlaveTimeout,
        }
    }
}

impl From<SendRefusal> for Cause {
    fn from(refusal: SendRefusal) -> Self {
        match refusal {
            SendRefusal::TopicNotExist => Self::TopicNotExist,
            SendRefusal::IllegalQueueId => Self::IllegalQueueId,
            SendRefusal::NotMaster => Self::SlaveStoresNothing,
        }
    }
}

impl From<CommandRefusal> for Cause {
    fn from(refusal: CommandRefusal) -> Self {
        match refusal {
            CommandRefusal::BrokerAway => Self::BrokerAway,
            CommandRefusal::TopicNotExist => Self::TopicNotExist,
            CommandRefusal::SubscriptionGroupNotExist => Self::SubscriptionGroupNotExist,
            CommandRefusal::NeverConsumed => Self::GroupHasNoOffset,
            CommandRefusal::ConsumerNotOnline => Self::ConsumerNotOnline,
            CommandRefusal::NotForced => Self::NotForced,
            CommandRefusal::QueueLeftAtZero => Self::QueueLeftAtZero,
        }
    }
}

impl From<PopTrouble> for Cause {
    fn from(trouble: PopTrouble) -> Self {
        match trouble {
            PopTrouble::Suspended => Self::Suspended,
            PopTrouble::FlowControl => Self::PopThreshold,
            PopTrouble::NotSubscribed => Self::Unsubscribed,
            PopTrouble::BrokerUnreachable | PopTrouble::TimedOut => Self::BrokerUnreachable,
            PopTrouble::PollingFull | PopTrouble::Refused => Self::PullRefused,
            PopTrouble::RefusedBy(why) => match why {
                PopRefusal::BrokerForbidden => Self::BrokerPermission,
                PopRefusal::TopicNotExist => Self::TopicNotExist,
                PopRefusal::TopicForbidden => Self::TopicPermission,
                PopRefusal::SubscriptionGroupNotExist => Self::SubscriptionGroupNotExist,
                PopRefusal::GroupForbidden => Self::ConsumeIsNotEnabled,
                PopRefusal::TimerWheelOff | PopRefusal::InvalidParameter | PopRefusal::KvServiceNotInit => {
                    Self::PullRefused
                }
            },
        }
    }
}

impl From<PullTrouble> for Cause {
    fn from(trouble: PullTrouble) -> Self {
        match trouble {
            PullTrouble::SubscriptionNotLatest => Self::SubscriptionNotLatest,
            PullTrouble::SubscriptionNotExist => Self::SubscriptionNotExist,
            PullTrouble::SubscriptionGroupNotExist => Self::SubscriptionGroupNotExist,
            PullTrouble::TopicNotExist => Self::TopicNotExist,
            PullTrouble::BrokerForbidden => Self::BrokerPermission,
            PullTrouble::GroupForbidden => Self::ConsumeIsNotEnabled,
            PullTrouble::TopicForbidden => Self::TopicPermission,
            PullTrouble::BroadcastingForbidden => Self::BroadcastingIsNotEnabled,
            PullTrouble::BrokerUnreachable | PullTrouble::TimedOut => Self::BrokerUnreachable,
            PullTrouble::FlowControlCount | PullTrouble::FlowControlSize | PullTrouble::FlowControlSpan => {
                Self::FlowControl
            }
            PullTrouble::NotSubscribed => Self::Unsubscribed,
            PullTrouble::Suspended => Self::Suspended,
            PullTrouble::NoPullThread => Self::NoPullThread,
            PullTrouble::DialsAnother => Self::GoDialsAnother,
            PullTrouble::OffsetIllegal => Self::OffsetIllegal,
            PullTrouble::SlaveDoesNotServe => Self::SlaveDoesNotServe,
            PullTrouble::NotLocked => Self::LockLost,
            PullTrouble::OldMaster => Self::HeldByTheOldMaster,
            PullTrouble::Refused => Self::PullRefused,
        }
    }
}
