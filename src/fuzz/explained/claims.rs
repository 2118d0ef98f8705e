//! What each cause claims to have happened, to which group, queue and broker, and how long before at most.

use super::asked::{ECHO, EVER, EXPIRY, MINUTE, RECENT};
use super::{Case, dealing, stored};
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
    known.or_else(general).unwrap_or(true)
}

fn stall(case: &Case<'_>) -> Option<bool> {
    use PullTrouble as Trouble;
    let holds =
        match case.cause {
            "broker_away" => case.broker_was_down(EVER),
            "group_has_not_started" => {
                !case.running().iter().any(|(who, _)| case.audience == Some(case.names.audience_of(*who)))
            }
            "unowned" => case.had_holders(case.from, false, |holders| holders == 0) || case.silent(EVER),
            "broker_unreachable" => {
                case.troubled(&[Trouble::BrokerUnreachable, Trouble::TimedOut])
                    || case.saw(EVER, |seen| {
                        matches!(*seen, Observation::ConsumerCutOff { consumer, broker, .. }
                        if case.this_broker(broker) && case.ours(consumer))
                    })
            }
            "first_pull_of_a_taken_queue" => case.saw(Span::from_secs(1), |seen| {
                matches!(*seen, Observation::QueueTaken { consumer, queue, .. }
                if case.this_queue(queue) && case.ours(consumer))
            }),
            "lock_lost" => case.troubled(&[Trouble::NotLocked]) || case.saw(MINUTE, |seen| {
                matches!(*seen, Observation::LockLost { consumer, queue } | Observation::LockExpired { consumer, queue }
                        if case.this_queue(queue) && case.ours(consumer))
            }),
            "suspended_after_a_failure" => case.saw(ECHO, |seen| {
                matches!(*seen, Observation::Consumed { consumer, queue, outcome, .. }
                if matches!(outcome, ConsumeOutcome::Suspended | ConsumeOutcome::RolledBack)
                    && case.this_queue(queue) && case.ours(consumer))
            }),
            "subscription_not_latest" => case.troubled(&[Trouble::SubscriptionNotLatest]),
            "subscription_not_exist" => case.troubled(&[Trouble::SubscriptionNotExist]),
            "flow_control" => {
                case.troubled(&[Trouble::FlowControlCount, Trouble::FlowControlSize, Trouble::FlowControlSpan])
            }
            "no_pull_thread" => case.troubled(&[Trouble::NoPullThread]),
            "slave_does_not_serve" => case.troubled(&[Trouble::SlaveDoesNotServe]),
            "pull_refused" => case.troubled(&[Trouble::Refused]),
            "owner_shuts_down" => case
                .saw(MINUTE, |seen| matches!(*seen, Observation::ConsumerStopping { consumer } if case.ours(consumer))),
            _ => return None,
        };
    Some(holds)
}

fn unowned(case: &Case<'_>) -> Option<bool> {
    let holds = match case.cause {
        "start_up" => case
            .saw(RECENT, |seen| matches!(*seen, Observation::ConsumerStarting { consumer, .. } if case.ours(consumer))),
        "graceful_leave" => {
            case.released(Release::Shutdown)
                || case.began_with(|seen| {
                    matches!(*seen, Observation::ConsumerEnded { consumer, end }
                        if matches!(end, End::Shutdown | End::StartFailed) && case.ours(consumer))
                })
        }
        "crash_takeover" | "list_from_a_broker_that_had_not_heard" | "channel_event_dropped" => {
            case.began_with(|seen| matches!(*seen, Observation::ConsumerEnded { consumer, .. } if case.ours(consumer)))
        }
        "nobody_else_ran" => case.running().len() <= 1,
        "expiry_tells_nobody" => case.lost(&[MemberLoss::Expired], Span::ZERO) && case.silent(EVER),
        "waiting_for_expiry" | "owner_cannot_reach_the_broker" => case.silent(EVER),
        "lost_wakeup" => {
            case.saw(Span::ZERO, |seen| matches!(*seen, Observation::WakeupLost { consumer } if case.ours(consumer)))
        }
        "no_list" => case.rebalanced(Span::ZERO, |found| found == TopicRebalance::NoList),
        "route_gone" => case.released(Release::RouteGone),
        "not_in_list" => case.released(Release::NotInList),
        "pull_expired" => case.released(Release::PullExpired),
        "offset_illegal_repair" => case.released(Release::OffsetIllegal),
        "operator_reset_offsets" => case.released(Release::OffsetsReset),
        "unsubscribed" => case.released(Release::Unsubscribed),
        "hand_over" => case.released(Release::Reassigned),
        "new_queue_not_in_the_routes" => {
            case.began_with(|seen| matches!(*seen, Observation::QueueCreated { queue } if case.this_queue(queue)))
        }
        "new_client_id_sorts_elsewhere" => case
            .saw(RECENT, |seen| matches!(*seen, Observation::ConsumerStarting { consumer, .. } if case.ours(consumer))),
        "broker_away" => case.broker_was_down(EVER),
        _ => return None,
    };
    Some(holds)
}

fn several(case: &Case<'_>) -> Option<bool> {
    let holds = match case.cause {
        "newcomer_takes_before_release" => case
            .saw(RECENT, |seen| matches!(*seen, Observation::ConsumerStarting { consumer, .. } if case.ours(consumer))),
        "leaver_in_an_older_list" => {
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
        "zombie_came_back" => case.silent(RECENT),
        "broker_dropped_a_living_member" => case.lost(
            &[
                MemberLoss::Expired,
                MemberLoss::ExpiredAndTold,
                MemberLoss::Idle,
                MemberLoss::Closed,
                MemberLoss::BrokerDown,
            ],
            EVER,
        ),
        "no_list" => case.rebalanced(RECENT, |found| found == TopicRebalance::NoList),
        "hand_over" => case.began_with(|seen| {
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
        "crash_lag" => case.ended(EVER, &DEAD),
        "interrupted_listener" => outcome(&[ConsumeOutcome::Interrupted]),
        "finished_after_last_commit" => case.ended(EVER, &[End::Shutdown]),
        "suspended" => outcome(&[ConsumeOutcome::Suspended]),
        "rolled_back" => outcome(&[ConsumeOutcome::RolledBack]),
        "zombie_came_back" | "zombie_owner" => case.silent(EVER),
        "double_ownership" => case.had_holders(Instant::ZERO, false, |holders| holders > 1),
        "broker_offset_loss" => case.broker_was_down(EVER),
        _ => return None,
    };
    Some(holds)
}

/// Causes that mean the same wherever they are said.
fn anything(case: &Case<'_>) -> Option<bool> {
    let tail = |losses: &[LogLoss]| {
        case.saw(EVER, |seen| {
            matches!(*seen, Observation::TailLost { queue, why, .. } if losses.contains(&why) && case.this_queue(queue))
        })
    };
    let holds = match case.cause {
        "duplicate_client_id" => case.twins(),
        "partial_list_after_broker_restart" => {
            case.saw(MINUTE + RECENT, |seen| matches!(seen, Observation::BrokerUp { .. }))
                && case.saw(EVER, |seen| matches!(seen, Observation::BrokerDown { .. }))
        }
        "partial_list_of_a_new_broker" => {
            case.saw(MINUTE + RECENT, |seen| matches!(seen, Observation::BrokerUp { .. }))
        }
        "route_view_skew" | "route_polls_out_of_phase" => case.route_changed(),
        "name_servers_disagree" => case.saw(
            MINUTE + MINUTE,
            |seen| matches!(*seen, Observation::RouteToldChanged { topic, .. } if case.this_topic(topic)),
        ),
        "name_server_restarted" => case.saw(MINUTE, |seen| matches!(seen, Observation::NameServerUp { .. })),
        "list_call_failed" => case.rebalanced(Span::ZERO, |found| found == TopicRebalance::NoList),
        "list_lacks_the_asker" => {
            case.rebalanced(Span::ZERO, |found| matches!(found, TopicRebalance::NotInList { .. }))
        }
        "expiry_tells_nobody" => case.lost(&[MemberLoss::Expired], Span::ZERO),
        "clock_jumped" => case.saw(Span::ZERO, |seen| matches!(seen, Observation::ClockJumped { .. })),
        "clock_went_back" => case.saw(EVER, |seen| matches!(seen, Observation::ClockJumped { .. })),
        "group_does_not_exist" => case
            .saw(EVER, |seen| matches!(*seen, Observation::GroupUnknown { group, .. } if case.group() == Some(group))),
        "half_open_connection" => case
            .saw(EVER, |seen| matches!(*seen, Observation::MemberAdded { group, .. } if case.group() == Some(group))),
        "lock_of_a_dead_member" => case.refused(Some(&DEAD)),
        "lock_outlives_shutdown" => case.refused(Some(&[End::Shutdown])),
        "waiting_for_the_lock" => case.refused(None),
        "listener_delays_the_unlock" => case.saw(EVER, |seen| {
            matches!(*seen, Observation::UnlockDelayed { consumer, queue }
                if case.this_queue(queue) && case.ours(consumer))
        }),
        "long_poll_blind_spot" => case.saw(MINUTE, |seen| {
            matches!(*seen, Observation::HeldTooLate { consumer, queue, .. }
                if case.this_queue(queue) && case.ours(consumer))
        }),
        "queue_is_hidden" => case.saw(EVER, |seen| {
            matches!(*seen, Observation::QueuesOpened { broker, topic, .. }
                if case.this_broker(broker) && case.this_topic(topic))
        }),
        "broker_forgot_the_locks" => {
            case.saw(ECHO, |seen| matches!(*seen, Observation::LockForgotten { queue, .. } if case.this_queue(queue)))
        }
        "lock_expired" => case.saw(
            ECHO,
            |seen| matches!(*seen, Observation::LockGranted { queue, previous: Some(_), .. } if case.this_queue(queue)),
        ),
        "forced_unlock" => {
            case.saw(ECHO, |seen| matches!(*seen, Observation::UnlockForced { queue, .. } if case.this_queue(queue)))
        }
        "async_flush" => tail(&[LogLoss::PageCache]) || case.broker_was_down(EVER),
        "slave_behind" => tail(&[LogLoss::SlaveBehind]) || case.broker_was_down(EVER),
        "lost_log_tail" => tail(&[LogLoss::PageCache, LogLoss::SlaveBehind]),
        "send_timed_out" | "connection_lost" | "send_refused" | "in_sync_replicas_not_enough" | "not_store_ok" => {
            case.saw(EVER, |seen| matches!(seen, Observation::AttemptFailed { why, .. } if why.word() == case.cause))
        }
        "start_at_maximum" => case.saw(EVER, |seen| {
            matches!(*seen, Observation::StartedAt { consumer, queue, rule: StartRule::Maximum, .. }
                if case.this_queue(queue) && case.consumer.is_none_or(|own| own == consumer))
        }),
        "operator_reset_offsets" if case.kind == "skipped" => case.saw(EVER, |seen| {
            matches!(*seen, Observation::Committed { group, queue, path: CommitPath::OperatorReset, .. }
                if case.this_queue(queue) && case.group().is_none_or(|own| own == group))
        }),
        "offset_illegal" if case.kind == "skipped" => case.saw(EVER, |seen| {
            matches!(*seen, Observation::OffsetIllegal { consumer, queue, .. }
                if case.this_queue(queue) && case.ours(consumer))
        }),
        "slave_offsets_are_older" | "master_returned_with_old_offsets" => {
            case.saw(EVER, |seen| matches!(seen, Observation::BrokerDown { .. } | Observation::BrokerUp { .. }))
        }
        _ => return None,
    };
    Some(holds)
}
