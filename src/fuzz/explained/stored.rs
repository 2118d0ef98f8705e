//! Claims of causes that say what became of messages and offsets at brokers.

use super::Case;
use super::asked::{EVER, MINUTE};
use crate::check::Cause;
use crate::kernel::Span;
use crate::model::observation::{CommitPath, ConsumeOutcome, LogLoss, Observation, PullTrouble, StartRule};

/// Whether what a cause claims of a log, of offsets or of an answer happened; `None`: it claims nothing of the kind.
pub(super) fn claim(case: &Case<'_>) -> Option<bool> {
    offsets(case).or_else(|| logs(case)).or_else(|| answers(case))
}

fn offsets(case: &Case<'_>) -> Option<bool> {
    let committed = |path: CommitPath| {
        case.saw(EVER, |seen| {
            matches!(*seen, Observation::Committed { audience, queue, path: is, .. }
                if is == path && case.this_queue(queue) && case.is_group(audience))
        })
    };
    let started = |rule: StartRule| {
        case.saw(EVER, |seen| {
            matches!(*seen, Observation::StartedAt { consumer, queue, rule: is, .. }
                if is == rule && case.this_queue(queue) && case.ours(consumer))
        })
    };
    let left = |outcome: ConsumeOutcome| {
        case.saw(EVER, |seen| {
            matches!(*seen, Observation::Consumed { consumer, queue, outcome: is, .. }
                if is == outcome && case.this_queue(queue) && case.ours(consumer))
        })
    };
    let holds = match (case.cause, case.kind) {
        (Cause::BrokerRestart, _) => committed(CommitPath::BrokerRestart),
        (Cause::OperatorReset, _) | (Cause::OperatorResetOffsets, "duplicates") => committed(CommitPath::OperatorReset),
        (Cause::SlaveCopyIsOlder, _) => committed(CommitPath::SlaveCopy),
        (Cause::MasterReturned, _) => committed(CommitPath::MasterReturned),
        (Cause::GroupDeleted, _) => committed(CommitPath::GroupDeleted),
        (Cause::StartAtTimestamp, _) => started(StartRule::Timestamp),
        (Cause::OffsetIllegal, "duplicates") => case.saw(EVER, |seen| {
            matches!(*seen, Observation::OffsetIllegal { consumer, queue, asked, corrected }
                if corrected < asked && case.this_queue(queue) && case.ours(consumer))
        }),
        (Cause::OffsetIllegalDropsTheCache, _) => {
            let cut = case.saw(EVER, |seen| {
                matches!(*seen, Observation::TailLost { queue, why, .. }
                    if why != LogLoss::TopicDeleted && case.this_queue(queue))
            });
            cut && case.began_with(|seen| {
                matches!(*seen, Observation::OffsetIllegal { consumer, queue, asked, corrected }
                    if corrected < asked && case.this_queue(queue) && case.consumer == Some(consumer))
            })
        }
        (Cause::SendBackFailed, _) => left(ConsumeOutcome::Failed),
        (Cause::BroadcastingDoesNotRetry | Cause::GoLosesWhatIsSuspended, _) => left(ConsumeOutcome::Dropped),
        (Cause::GoGoroutineDied, _) => left(ConsumeOutcome::Panicked),
        (Cause::LockRenewedTooLate, _) => case.saw(Span::ZERO, |seen| {
            matches!(*seen, Observation::LockExpired { consumer, queue }
                if case.this_queue(queue) && case.ours(consumer))
        }),
        (Cause::AssignedAgainBeforeItWasRemoved, _) => case.saw(Span::ZERO, |seen| {
            matches!(*seen, Observation::UnlockDelayed { consumer, queue }
                if case.this_queue(queue) && case.ours(consumer))
        }),
        _ => return None,
    };
    Some(holds)
}

fn logs(case: &Case<'_>) -> Option<bool> {
    let tail = |loss: LogLoss| {
        case.saw(
            EVER,
            |seen| matches!(*seen, Observation::TailLost { queue, why, .. } if why == loss && case.this_queue(queue)),
        )
    };
    let head = |topic: bool| {
        case.saw(EVER, |seen| {
            matches!(*seen, Observation::HeadDeleted { queue, with_topic, .. }
                if with_topic == topic && case.this_queue(queue))
        })
    };
    let holds = match case.cause {
        Cause::DeletedByRetention => head(false),
        Cause::TopicDeleted => head(true) || tail(LogLoss::TopicDeleted),
        Cause::TopicMadeAgain => tail(LogLoss::TopicDeleted),
        Cause::TwoMasters => case.saw(EVER, |seen| {
            matches!(*seen, Observation::MessageLost { why: LogLoss::Deposed, .. } | Observation::StoredApart { .. })
                || matches!(*seen, Observation::RetryLost { why: LogLoss::Deposed, .. })
        }),
        Cause::FlushDiskTimeout | Cause::FlushSlaveTimeout => case
            .saw(EVER, |seen| matches!(seen, Observation::SendInDoubt { why, .. } if Cause::from(*why) == case.cause)),
        Cause::NoWritableQueue => case
            .saw(EVER, |seen| matches!(seen, Observation::SendFailed { why, .. } if Cause::from(*why) == case.cause)),
        _ => return None,
    };
    Some(holds)
}

fn answers(case: &Case<'_>) -> Option<bool> {
    if case.kind == "command_refused" {
        return Some(case.saw(
            Span::ZERO,
            |seen| matches!(seen, Observation::CommandRefused { why, .. } if Cause::from(*why) == case.cause),
        ));
    }
    if case.kind == "send_refused" {
        return Some(case.saw(
            Span::ZERO,
            |seen| matches!(seen, Observation::SendRefused { why, .. } if Cause::from(*why) == case.cause),
        ));
    }
    let pulls = |trouble: PullTrouble| {
        case.saw(MINUTE, |seen| {
            matches!(*seen, Observation::PullTroubled { consumer, queue, trouble: is }
                if is == trouble && case.this_queue(queue) && case.ours(consumer))
        })
    };
    let holds = match case.cause {
        Cause::SubscriptionGroupNotExist => pulls(PullTrouble::SubscriptionGroupNotExist),
        Cause::TopicNotExist => pulls(PullTrouble::TopicNotExist),
        Cause::BrokerPermission => pulls(PullTrouble::BrokerForbidden),
        Cause::ConsumeIsNotEnabled => pulls(PullTrouble::GroupForbidden),
        Cause::TopicPermission => pulls(PullTrouble::TopicForbidden),
        Cause::BroadcastingIsNotEnabled => pulls(PullTrouble::BroadcastingForbidden),
        Cause::HeldByTheOldMaster => pulls(PullTrouble::OldMaster),
        _ => return None,
    };
    Some(holds)
}
