//! Claims of causes that say what became of messages and offsets at brokers.

use super::Case;
use super::asked::{EVER, MINUTE};
use crate::kernel::Span;
use crate::model::observation::{CommitPath, ConsumeOutcome, LogLoss, Observation, PullTrouble, StartRule};

/// Whether what a cause claims of a log, of offsets or of an answer happened; `None`: it claims nothing of the kind.
pub(super) fn claim(case: &Case<'_>) -> Option<bool> {
    offsets(case).or_else(|| logs(case)).or_else(|| answers(case))
}

fn offsets(case: &Case<'_>) -> Option<bool> {
    let committed = |path: CommitPath| {
        case.saw(EVER, |seen| {
            matches!(*seen, Observation::Committed { group, queue, path: is, .. }
                if is == path && case.this_queue(queue) && case.group().is_none_or(|own| own == group))
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
        ("broker_restart", _) => committed(CommitPath::BrokerRestart),
        ("operator_reset", _) | ("operator_reset_offsets", "duplicates") => committed(CommitPath::OperatorReset),
        ("slave_copy_is_older", _) => committed(CommitPath::SlaveCopy),
        ("master_returned", _) => committed(CommitPath::MasterReturned),
        ("group_deleted", _) => committed(CommitPath::GroupDeleted),
        ("start_at_timestamp", _) => started(StartRule::Timestamp),
        ("offset_illegal", "duplicates") => case.saw(EVER, |seen| {
            matches!(*seen, Observation::OffsetIllegal { consumer, queue, asked, corrected }
                if corrected < asked && case.this_queue(queue) && case.ours(consumer))
        }),
        ("send_back_failed", _) => left(ConsumeOutcome::Failed),
        ("broadcasting_does_not_retry", _) => left(ConsumeOutcome::Dropped),
        ("lock_renewed_too_late", _) => case.saw(Span::ZERO, |seen| {
            matches!(*seen, Observation::LockExpired { consumer, queue }
                if case.this_queue(queue) && case.ours(consumer))
        }),
        ("assigned_again_before_it_was_removed", _) => case.saw(Span::ZERO, |seen| {
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
        "deleted_by_retention" => head(false),
        "topic_deleted" => head(true) || tail(LogLoss::TopicDeleted),
        "topic_made_again" => tail(LogLoss::TopicDeleted),
        "two_masters" => case.saw(EVER, |seen| {
            matches!(*seen, Observation::MessageLost { why: LogLoss::Deposed, .. } | Observation::StoredApart { .. })
        }),
        "flush_disk_timeout" | "flush_slave_timeout" => {
            case.saw(EVER, |seen| matches!(seen, Observation::SendInDoubt { why, .. } if why.word() == case.cause))
        }
        "no_writable_queue" => {
            case.saw(EVER, |seen| matches!(seen, Observation::SendFailed { why, .. } if why.word() == case.cause))
        }
        _ => return None,
    };
    Some(holds)
}

fn answers(case: &Case<'_>) -> Option<bool> {
    if case.kind == "command_refused" {
        return Some(case.saw(
            Span::ZERO,
            |seen| matches!(seen, Observation::CommandRefused { why, .. } if why.word() == case.cause),
        ));
    }
    if case.kind == "send_refused" {
        return Some(
            case.saw(
                Span::ZERO,
                |seen| matches!(seen, Observation::SendRefused { why, .. } if why.word() == case.cause),
            ),
        );
    }
    let pulls = |trouble: PullTrouble| {
        case.saw(MINUTE, |seen| {
            matches!(*seen, Observation::PullTroubled { consumer, queue, trouble: is }
                if is == trouble && case.this_queue(queue) && case.ours(consumer))
        })
    };
    let holds = match case.cause {
        "subscription_group_not_exist" => pulls(PullTrouble::SubscriptionGroupNotExist),
        "topic_not_exist" => pulls(PullTrouble::TopicNotExist),
        "broker_permission" => pulls(PullTrouble::BrokerForbidden),
        "consume_is_not_enabled" => pulls(PullTrouble::GroupForbidden),
        "topic_permission" => pulls(PullTrouble::TopicForbidden),
        "broadcasting_is_not_enabled" => pulls(PullTrouble::BroadcastingForbidden),
        "held_by_the_old_master" => pulls(PullTrouble::OldMaster),
        _ => return None,
    };
    Some(holds)
}
