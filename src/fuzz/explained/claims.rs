//! What each cause claims to have happened, to which group, queue and broker, and how long before at most.

use super::asked::{ECHO, EVER, EXPIRY, MINUTE, RECENT};
use super::{Case, dealing, stored, traps};
use crate::check::Cause;
use crate::kernel::{Instant, Span};
use crate::model::observation::{
    CommitPath, ConsumeOutcome, End, LogLoss, MemberLoss, Observation, PullTrouble, Release, StartRule, TopicRebalance,
};

const DEAD: [End; 3] = [End::Killed, End::PoweredOff, End::StartFailed];

/// Whether what a cause claims happened. A cause that claims nothing, or that is not known here, holds.
pub(super) fn holds(case: &Case<'_>) -> bool {
    let known = match case.kind {
        "stall" => stall(case),
        "unowned" => unowned(case),
        "double_owned" => several(case),
        "duplicates" => twice(case),
        _ => None,
    };
    let general = || anything(case).or_else(|| dealing::claim(case)).or_else(|| stored::claim(case));
    known.or_else(|| traps::claim(case)).or_else(general).unwrap_or(true)
}

fn stall(case: &Case<'_>) -> Option<bool> {
    use PullTrouble as Trouble;
    let holds =
        match case.cause {
            Cause::BrokerAway => case.broker_was_down(EVER),
            Cause::GroupHasNotStarted => {
                !case.running().iter().any(|(who, _)| case.audience == Some(case.names.audience_of(*who)))
            }
            Cause::Unowned => case.had_holders(case.from, false, |holders| holders == 0) || case.silent(EVER),
            Cause::BrokerUnreachable => {
                case.troubled(&[Trouble::BrokerUnreachable, Trouble::TimedOut])
                    || case.saw(EVER, |seen| {
                        matches!(*seen, Observation::ConsumerCutOff { consumer, broker, .. }
                        if case.this_broker(broker) && case.ours(consumer))
                    })
            }
            Cause::FirstPullOfATakenQueue => case.saw(Span::from_secs(1), |seen| {
                matches!(*seen, Observation::QueueTaken { consumer, queue, .. }
                if case.this_queue(queue) && case.ours(consumer))
            }),
            Cause::LockLost => case.troubled(&[Trouble::NotLocked]) || case.saw(MINUTE, |seen| {
                matches!(*seen, Observation::LockLost { consumer, queue } | Observation::LockExpired { consumer, queue }
                        if case.this_queue(queue) && case.ours(consumer))
            }),
            Cause::SuspendedAfterAFailure => case.put_back(ECHO),
            Cause::SubscriptionNotLatest => case.troubled(&[Trouble::SubscriptionNotLatest]),
            Cause::SubscriptionNotExist => case.troubled(&[Trouble::SubscriptionNotExist]),
            Cause::FlowControl => {
                case.troubled(&[Trouble::FlowControlCount, Trouble::FlowControlSize, Trouble::FlowControlSpan])
            }
            Cause::NoPullThread => case.troubled(&[Trouble::NoPullThread]),
            Cause::GoDialsAnother => case.troubled(&[Trouble::DialsAnother]),
            Cause::SlaveDoesNotServe => case.troubled(&[Trouble::SlaveDoesNotServe]),
            Cause::PullRefused => case.troubled(&[Trouble::Refused]),
            Cause::OwnerShutsDown => case
                .saw(MINUTE, |seen| matches!(*seen, Observation::ConsumerStopping { consumer } if case.ours(consumer))),
            _ => return None,
        };
    Some(holds)
}

fn unowned(case: &Case<'_>) -> Option<bool> {
    let holds = match case.cause {
        Cause::StartUp => case
            .saw(RECENT, |seen| matches!(*seen, Observation::ConsumerStarting { consumer, .. } if case.ours(consumer))),
        Cause::GracefulLeave => {
            case.released(Release::Shutdown)
                || case.began_with(|seen| {
                    matches!(*seen, Observation::ConsumerEnded { consumer, end }
                        if matches!(end, End::Shutdown | End::StartFailed) && case.ours(consumer))
                })
        }
        Cause::CrashTakeover | Cause::ListFromABrokerThatHadNotHeard | Cause::ChannelEventDropped => {
            case.began_with(|seen| matches!(*seen, Observation::ConsumerEnded { consumer, .. } if case.ours(consumer)))
        }
        Cause::NobodyElseRan => case.running().len() <= 1 || case.nobody_has_the_topic(),
        Cause::ExpiryTellsNobody => case.lost(&[MemberLoss::Expired], Span::ZERO) && case.silent(EVER),
        Cause::WaitingForExpiry | Cause::OwnerCannotReachTheBroker => case.silent(EVER),
        Cause::LostWakeup => {
            case.saw(Span::ZERO, |seen| matches!(*seen, Observation::WakeupLost { consumer } if case.ours(consumer)))
        }
        Cause::NoList => case.rebalanced(Span::ZERO, |found| found == TopicRebalance::NoList),
        Cause::RouteGone => case.released(Release::RouteGone),
        Cause::NotInList => case.released(Release::NotInList),
        Cause::PullExpired => case.released(Release::PullExpired),
        Cause::OffsetIllegalRepair => case.released(Release::OffsetIllegal),
        Cause::OperatorResetOffsets => case.released(Release::OffsetsReset),
        Cause::Unsubscribed => {
            case.released(Release::Unsubscribed)
                || case.saw(EVER, |seen| {
                    matches!(*seen, Observation::SubscriptionChanged { consumer, subscribed: false, .. }
                        if case.ours(consumer))
                })
        }
        Cause::RouteChangedWhileUnsubscribed => case.saw(EVER, |seen| {
            matches!(*seen, Observation::SubscriptionChanged { consumer, subscribed: false, .. } if case.ours(consumer))
        }) && case.saw(EVER, |seen| {
            matches!(*seen, Observation::RouteChanged { consumer, topic, .. }
                if !case.ours(consumer) && case.this_topic(topic))
        }),
        Cause::HandOver => case.released(Release::Reassigned),
        Cause::NewQueueNotInTheRoutes => case.began_with(|seen| match *seen {
            Observation::QueueCreated { queue } => case.this_queue(queue),
            Observation::QueuesOpened { broker, topic, .. } => case.this_broker(broker) && case.this_topic(topic),
            _ => false,
        }),
        Cause::NewClientIdSortsElsewhere => case
            .saw(RECENT, |seen| matches!(*seen, Observation::ConsumerStarting { consumer, .. } if case.ours(consumer))),
        Cause::BrokerAway => case.broker_was_down(EVER),
        _ => return None,
    };
    Some(holds)
}

fn several(case: &Case<'_>) -> Option<bool> {
    let holds = match case.cause {
        Cause::NewcomerTakesBeforeRelease => case.came(RECENT),
        Cause::LeaverInAnOlderList => {
            case.ended(EXPIRY, &[End::Killed, End::PoweredOff, End::Shutdown, End::StartFailed])
                // One that has unregistered keeps its table until its threads have ended, each up to 90 s later.
                || case.lost(
                    &[
                        MemberLoss::Unregistered,
                        MemberLoss::Expired,
                        MemberLoss::ExpiredAndTold,
                        MemberLoss::Idle,
                        MemberLoss::Closed,
                    ],
                    EXPIRY,
                )
        }
        Cause::ZombieCameBack => case.silent(RECENT),
        Cause::BrokerDroppedALivingMember => case.lost(
            &[
                MemberLoss::Expired,
                MemberLoss::ExpiredAndTold,
                MemberLoss::Idle,
                MemberLoss::Closed,
                MemberLoss::BrokerDown,
            ],
            EVER,
        ),
        Cause::NoList => case.rebalanced(RECENT, |found| found == TopicRebalance::NoList),
        Cause::HandOver => case.began_with(|seen| {
            matches!(*seen, Observation::QueueTaken { consumer, queue, .. }
                if case.this_queue(queue) && case.ours(consumer))
        }),
        _ => return None,
    };
    Some(holds)
}

fn twice(case: &Case<'_>) -> Option<bool> {
    let outcome = |outcomes: &[ConsumeOutcome]| {
        case.saw(EVER, |seen| {
            matches!(*seen, Observation::Consumed { consumer, queue, outcome, .. }
                if outcomes.contains(&outcome) && case.this_queue(queue) && case.ours(consumer))
        })
    };
    let holds = match case.cause {
        Cause::CrashLag => case.ended(EVER, &DEAD),
        Cause::InterruptedListener => outcome(&[ConsumeOutcome::Interrupted]),
        Cause::FinishedAfterLastCommit => case.ended(EVER, &[End::Shutdown]),
        Cause::Suspended => outcome(&[ConsumeOutcome::Suspended]),
        Cause::RolledBack => outcome(&[ConsumeOutcome::RolledBack]),
        Cause::ZombieCameBack | Cause::ZombieOwner => case.silent(EVER),
        Cause::DoubleOwnership => case.had_holders(Instant::ZERO, false, |holders| holders > 1),
        Cause::BrokerOffsetLoss => case.broker_was_down(EVER),
        _ => return None,
    };
    Some(holds)
}

/// Causes that mean the same wherever they are said.
fn anything(case: &Case<'_>) -> Option<bool> {
    listed(case).or_else(|| locked(case)).or_else(|| logged(case)).or_else(|| passed_over(case))
}

/// Who was in the lists, and which queues in the routes.
fn listed(case: &Case<'_>) -> Option<bool> {
    let holds = match case.cause {
        Cause::DuplicateClientId => case.twins(),
        Cause::PartialListAfterBrokerRestart => {
            case.saw(MINUTE + RECENT, |seen| matches!(seen, Observation::BrokerUp { .. }))
                && case.saw(EVER, |seen| matches!(seen, Observation::BrokerDown { .. }))
        }
        Cause::PartialListOfANewBroker => {
            case.saw(MINUTE + RECENT, |seen| matches!(seen, Observation::BrokerUp { .. }))
        }
        Cause::RouteViewSkew | Cause::RoutePollsOutOfPhase => case.route_changed(),
        Cause::NameServersDisagree => case.name_servers_differed(MINUTE),
        Cause::NameServerRestarted => case.saw(MINUTE, |seen| matches!(seen, Observation::NameServerUp { .. })),
        Cause::ListCallFailed => case.rebalanced(Span::ZERO, |found| found == TopicRebalance::NoList),
        Cause::ListLacksTheAsker => {
            case.rebalanced(Span::ZERO, |found| matches!(found, TopicRebalance::NotInList { .. }))
        }
        Cause::ExpiryTellsNobody => case.lost(&[MemberLoss::Expired], Span::ZERO),
        Cause::ClockJumped => case.saw(Span::ZERO, |seen| matches!(seen, Observation::ClockJumped { .. })),
        Cause::ClockWentBack => case.saw(EVER, |seen| matches!(seen, Observation::ClockJumped { .. })),
        Cause::GroupDoesNotExist => case
            .saw(EVER, |seen| matches!(*seen, Observation::GroupUnknown { group, .. } if case.group() == Some(group))),
        Cause::HalfOpenConnection => case
            .saw(EVER, |seen| matches!(*seen, Observation::MemberAdded { group, .. } if case.group() == Some(group))),
        Cause::QueueIsHidden => case.saw(EVER, |seen| {
            matches!(*seen, Observation::QueuesOpened { broker, topic, .. }
                if case.this_broker(broker) && case.this_topic(topic))
        }),
        _ => return None,
    };
    Some(holds)
}

/// Locks, and pulls that are held.
fn locked(case: &Case<'_>) -> Option<bool> {
    let holds = match case.cause {
        Cause::LockOfADeadMember => case.refused(Some(&DEAD)),
        Cause::LockOutlivesShutdown => case.refused(Some(&[End::Shutdown])),
        Cause::WaitingForTheLock => case.refused(None),
        Cause::LockKeptForMessages => {
            case.saw(EVER, |seen| matches!(*seen, Observation::UnlockPostponed { queue, .. } if case.this_queue(queue)))
        }
        Cause::ListenerDelaysTheUnlock => case.saw(EVER, |seen| {
            matches!(*seen, Observation::UnlockDelayed { consumer, queue }
                if case.this_queue(queue) && case.ours(consumer))
        }),
        Cause::LongPollBlindSpot => case.saw(MINUTE, |seen| {
            matches!(*seen, Observation::HeldTooLate { consumer, queue, .. }
                if case.this_queue(queue) && case.ours(consumer))
        }),
        Cause::BrokerForgotTheLocks => {
            case.saw(ECHO, |seen| matches!(*seen, Observation::LockForgotten { queue, .. } if case.this_queue(queue)))
        }
        Cause::LockExpired => case.saw(
            ECHO,
            |seen| matches!(*seen, Observation::LockGranted { queue, previous: Some(_), .. } if case.this_queue(queue)),
        ),
        Cause::ForcedUnlock => {
            case.saw(ECHO, |seen| matches!(*seen, Observation::UnlockForced { queue, .. } if case.this_queue(queue)))
        }
        _ => return None,
    };
    Some(holds)
}

/// Messages that were sent, and are gone or stand twice.
fn logged(case: &Case<'_>) -> Option<bool> {
    let tail = |losses: &[LogLoss]| {
        case.saw(EVER, |seen| {
            matches!(*seen, Observation::TailLost { queue, why, .. } if losses.contains(&why) && case.this_queue(queue))
        })
    };
    // The broker that keeps what was sent back may be another than the queue's.
    let retry = |loss: LogLoss| {
        case.saw(Span::ZERO, |seen| {
            matches!(*seen, Observation::RetryLost { group, origin: (queue, _), why, .. }
                if why == loss && case.this_queue(queue) && case.group() == Some(group))
        })
    };
    let holds = match case.cause {
        Cause::AsyncFlush => tail(&[LogLoss::PageCache]) || retry(LogLoss::PageCache),
        Cause::SlaveBehind => tail(&[LogLoss::SlaveBehind]) || retry(LogLoss::SlaveBehind),
        Cause::LostLogTail => tail(&[LogLoss::PageCache, LogLoss::SlaveBehind]),
        Cause::SendTimedOut
        | Cause::ConnectionLost
        | Cause::SendRefused
        | Cause::InSyncReplicasNotEnough
        | Cause::NotStoreOk => case.saw(
            EVER,
            |seen| matches!(seen, Observation::AttemptFailed { why, .. } if Cause::from(*why) == case.cause),
        ),
        _ => return None,
    };
    Some(holds)
}

/// Offsets from which a group went on.
fn passed_over(case: &Case<'_>) -> Option<bool> {
    let holds = match case.cause {
        Cause::StartAtMaximum => case.saw(EVER, |seen| {
            matches!(*seen, Observation::StartedAt { consumer, queue, rule: StartRule::Maximum, .. }
                if case.this_queue(queue) && case.consumer.is_none_or(|own| own == consumer))
        }),
        Cause::OperatorResetOffsets if case.kind == "skipped" => case.saw(EVER, |seen| {
            matches!(*seen, Observation::Committed { audience, queue, path: CommitPath::OperatorReset, .. }
                if case.this_queue(queue) && case.is_group(audience))
        }),
        Cause::OffsetIllegal if case.kind == "skipped" => case.saw(EVER, |seen| {
            matches!(*seen, Observation::OffsetIllegal { consumer, queue, .. }
                if case.this_queue(queue) && case.ours(consumer))
        }),
        Cause::SlaveOffsetsAreOlder | Cause::MasterReturnedWithOldOffsets => older_offsets(case),
        _ => return None,
    };
    Some(holds)
}

/// A broker went or came, or a member took the queue: whom the master did not answer, a slave told its copy.
fn older_offsets(case: &Case<'_>) -> bool {
    let changed = case.saw(EVER, |seen| matches!(seen, Observation::BrokerDown { .. } | Observation::BrokerUp { .. }));
    let told_by_a_slave = case.saw(EVER, |seen| {
        matches!(*seen, Observation::QueueTaken { consumer, queue, .. }
            if case.this_queue(queue) && case.consumer.is_none_or(|own| own == consumer))
    });
    changed || (told_by_a_slave && case.cause == Cause::SlaveOffsetsAreOlder)
}
