//! Timers that contradict each other.

use super::members::groups;
use super::named;
use crate::kernel::Span;
use crate::model::plan::{ConsumerPlan, Plan};

/// One sentence about the consumers of which something is true; the first of them lends the values.
fn of(plan: &Plan, is: impl Fn(&ConsumerPlan) -> bool, what: impl Fn(&ConsumerPlan) -> String) -> Vec<String> {
    let members: Vec<&ConsumerPlan> = plan.consumers.iter().filter(|member| is(member)).collect();
    let names: Vec<&str> = members.iter().map(|member| member.name.as_str()).collect();
    members.first().map(|first| format!("{}: {}", named(&names), what(first))).into_iter().collect()
}

pub(super) fn client_lock_lapses(plan: &Plan) -> Vec<String> {
    let timers = |member: &ConsumerPlan| {
        let orderly = &member.client.timers.orderly;
        (orderly.lock_max_live_time, orderly.lock_interval)
    };
    of(
        plan,
        |member| member.listener.orderly.is_some() && timers(member).0 <= timers(member).1,
        |member| {
            let (live, interval) = timers(member);
            format!("lockMaxLiveTime {live} is not above lockInterval {interval}")
        },
    )
}

pub(super) fn broker_lock_lapses(plan: &Plan) -> Vec<String> {
    let live = |member: &ConsumerPlan| member.client.timers.orderly.lock_max_live_time;
    let longest = plan.consumers.iter().filter(|member| member.listener.orderly.is_some()).map(live).max();
    let Some(longest) = longest else { return Vec::new() };
    let forgetful = plan.brokers.iter().filter(|broker| broker.settings.lock_max_live_time < longest);
    let sentence = |broker: &crate::model::plan::BrokerPlan| {
        let (name, own) = (&broker.name, broker.settings.lock_max_live_time);
        format!("{name} keeps a lock for {own}, its owner believes in it for {longest}")
    };
    forgetful.map(sentence).collect()
}

pub(super) fn heartbeat_above_expiry(plan: &Plan) -> Vec<String> {
    let expiry = plan.brokers.iter().map(|broker| broker.settings.channel_expired_timeout).min();
    let expiry = expiry.unwrap_or(Span::ZERO);
    of(
        plan,
        |member| member.client.heartbeat_broker_interval >= expiry,
        |member| {
            let interval = member.client.heartbeat_broker_interval;
            format!("heartbeatBrokerInterval {interval} is not below channelExpiredTimeout {expiry}")
        },
    )
}

pub(super) fn pull_expiry_below_long_poll(plan: &Plan) -> Vec<String> {
    let timers =
        |member: &ConsumerPlan| (member.client.timers.pull_max_idle_time, member.client.timers.broker_suspend_max_time);
    of(
        plan,
        |member| timers(member).0 <= timers(member).1,
        |member| {
            let (idle, suspend) = timers(member);
            format!("pullMaxIdleTime {idle} is not above brokerSuspendMaxTime {suspend}")
        },
    )
}

pub(super) fn long_poll_above_pull_timeout(plan: &Plan) -> Vec<String> {
    let timers = |member: &ConsumerPlan| {
        (member.client.timers.broker_suspend_max_time, member.client.timers.consumer_timeout_when_suspend)
    };
    of(
        plan,
        |member| timers(member).0 >= timers(member).1,
        |member| {
            let (suspend, timeout) = timers(member);
            format!("brokerSuspendMaxTime {suspend} is not below consumerTimeoutWhenSuspend {timeout}")
        },
    )
}

pub(super) fn pause_of_zero(plan: &Plan) -> Vec<String> {
    type Pause = fn(&ConsumerPlan) -> Span;
    let pauses: [(&str, Pause); 3] = [
        ("pullTimeDelayMillsWhenException", |member| member.client.pull_time_delay_mills_when_exception),
        ("rebalanceMinInterval", |member| match member.client.retry_when_not_balanced {
            true => member.client.timers.rebalance_min_interval,
            // What failed is tried again after the whole interval.
            false => member.client.timers.rebalance_wait_interval,
        }),
        ("sendBackRetryDelay", |member| member.client.timers.send_back_retry_delay),
    ];
    let zero = |(name, pause): (&str, Pause)| {
        of(plan, |member| pause(member) == Span::ZERO, |_| format!("{name} is 0")).into_iter()
    };
    pauses.into_iter().flat_map(zero).collect()
}

pub(super) fn clamped(plan: &Plan) -> Vec<String> {
    let period = |broker: &crate::model::plan::BrokerPlan| {
        let (written, counts) = (broker.settings.register_name_server_period, broker.settings.registration_period());
        (written != counts).then(|| format!("{}: registerNameServerPeriod {written} counts as {counts}", broker.name))
    };
    let pause = |member: &ConsumerPlan| {
        (member.consumer.suspend_current_queue_time_millis, member.consumer.suspend_current_queue_time())
    };
    let pauses = of(
        plan,
        |member| pause(member).0 != pause(member).1,
        |member| format!("suspendCurrentQueueTimeMillis {} counts as {}", pause(member).0, pause(member).1),
    );
    plan.brokers.iter().filter_map(period).take(3).chain(pauses).collect()
}

pub(super) fn members_not_told(plan: &Plan) -> Vec<String> {
    if groups(plan).all(|(_, members)| members.len() < 2) {
        return Vec::new();
    }
    let told = |broker: &crate::model::plan::BrokerPlan| {
        broker.settings.notify_consumer_ids_changed_enable && !broker.settings.gathers_notifications()
    };
    let silent: Vec<&str> =
        plan.brokers.iter().filter(|broker| !told(broker)).map(|broker| broker.name.as_str()).collect();
    if silent.is_empty() {
        return Vec::new();
    }
    vec![format!("{} tells members of a change late or never", named(&silent))]
}
