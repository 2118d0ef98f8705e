//! The levers of brokers and clients. A value is one that RocketMQ takes and people use; constants of RocketMQ are none.

use super::Touches::{Again, Balance, Idle, Load, Loss};
use super::{Lever, Needs, Place};
use crate::model::plan::{BrokerSettings, ConsumerPlan, FlushDiskType, Plan};

/// The values that consumers have, each once, in the order of the plan.
fn of_consumers(plan: &Plan, value: impl Fn(&ConsumerPlan) -> String) -> Option<String> {
    let mut found: Vec<String> = Vec::new();
    for value in plan.consumers.iter().map(value) {
        if !found.contains(&value) {
            found.push(value);
        }
    }
    (!found.is_empty()).then(|| found.join(" or "))
}

fn of_brokers(plan: &Plan, value: impl Fn(&BrokerSettings) -> String) -> Option<String> {
    let mut found: Vec<String> = Vec::new();
    for value in plan.brokers.iter().map(|broker| value(&broker.settings)) {
        if !found.contains(&value) {
            found.push(value);
        }
    }
    (!found.is_empty()).then(|| found.join(" or "))
}

fn word(flag: bool) -> String {
    if flag { "true" } else { "false" }.to_owned()
}

fn orderly(plan: &Plan) -> bool {
    plan.consumers.iter().any(|member| member.listener.orderly.is_some())
}

pub(super) const LEVERS: &[Lever] = &[
    Lever {
        settings: &["popInvisibleTime"],
        place: Place::Groups,
        touches: &[Again],
        values: &[&["30s"], &["15s"]],
        needs: Needs::ClientRestart,
        risk: "What waits for a thread and works for longer is thrown away, and comes again (trap PE7).",
        now: |plan| plan.may_pop().then(|| of_consumers(plan, |m| m.consumer.pop.invisible_time.to_string()))?,
    },
    Lever {
        settings: &["channelExpiredTimeout"],
        place: Place::Broker,
        touches: &[Idle],
        values: &[&["1m"], &["30s"], &["15s"]],
        needs: Needs::BrokerRestart,
        risk: "A member that pauses for longer (garbage collection, a frozen VM) loses its queues while it lives.",
        now: |plan| of_brokers(plan, |broker| broker.channel_expired_timeout.to_string()),
    },
    Lever {
        settings: &["serverChannelMaxIdleTimeSeconds"],
        place: Place::Broker,
        touches: &[Idle],
        values: &[&["1m"], &["30s"]],
        needs: Needs::BrokerConnections,
        risk: "A connection on which nothing goes between two heartbeats is closed though its member lives; keep it well \
               above heartbeatBrokerInterval.",
        now: |plan| of_brokers(plan, |broker| broker.server_channel_max_idle_time_seconds.to_string()),
    },
    Lever {
        settings: &["heartbeatBrokerInterval"],
        place: Place::Groups,
        touches: &[Idle, Again],
        values: &[&["10s"], &["5s"]],
        needs: Needs::ClientRestart,
        risk: "Every client sends so many more heartbeats to every broker.",
        now: |plan| of_consumers(plan, |member| member.client.heartbeat_broker_interval.to_string()),
    },
    Lever {
        settings: &["rebalanceWaitInterval"],
        place: Place::Groups,
        touches: &[Idle, Again],
        values: &[&["10s"], &["5s"]],
        needs: Needs::ClientProperty,
        risk: "Every client asks for every group's member list so much more often (rocketmq.client.rebalance.waitInterval).",
        now: |plan| of_consumers(plan, |member| member.client.timers.rebalance_wait_interval.to_string()),
    },
    Lever {
        settings: &["rebalanceMinInterval"],
        place: Place::Groups,
        touches: &[Idle, Again],
        values: &[&["200ms"]],
        needs: Needs::ClientProperty,
        risk: "A storm of changes makes so many more rebalances (rocketmq.client.rebalance.minInterval).",
        now: |plan| of_consumers(plan, |member| member.client.timers.rebalance_min_interval.to_string()),
    },
    Lever {
        settings: &["persistConsumerOffsetInterval"],
        place: Place::Groups,
        touches: &[Again],
        values: &[&["2s"], &["1s"], &["500ms"]],
        needs: Needs::ClientRestart,
        risk: "Every client commits so much more often; brokers write their offsets at their own pace still.",
        now: |plan| of_consumers(plan, |member| member.client.persist_consumer_offset_interval.to_string()),
    },
    Lever {
        settings: &["awaitTerminationMillisWhenShutdown"],
        place: Place::Groups,
        touches: &[Again, Idle],
        values: &[&["5s"], &["20s"]],
        needs: Needs::ClientRestart,
        risk: "A stop takes as long as the slowest listener, up to this; terminationGracePeriodSeconds has to be above it.",
        now: |plan| of_consumers(plan, |member| member.consumer.await_termination_millis_when_shutdown.to_string()),
    },
    Lever {
        settings: &["allocateMessageQueueStrategy"],
        place: Place::Groups,
        touches: &[Idle, Again, Balance],
        values: &[&["AVG"], &["AVG_BY_CIRCLE"], &["CONSISTENT_HASH"]],
        needs: Needs::ClientRestart,
        risk: "Until the last member has it two strategies own queues twice and leave others out: stop the whole group for it.",
        now: |plan| of_consumers(plan, |member| member.consumer.allocate_message_queue_strategy.name()),
    },
    Lever {
        settings: &["consumeThreadMax", "consumeThreadMin"],
        place: Place::Groups,
        touches: &[Idle, Again],
        values: &[&["64", "64"]],
        needs: Needs::ClientRestart,
        risk: "So many listeners run at once: what they call (a database) has to stand that.",
        now: |plan| {
            of_consumers(plan, |member| {
                let (least, most) =
                    (member.consumer.consume_thread_min, member.consumer.consume_thread_max.unwrap_or(20));
                super::joined(&[&most.to_string(), &least.to_string()])
            })
        },
    },
    Lever {
        settings: &["pullTimeDelayMillsWhenException"],
        place: Place::Groups,
        touches: &[Idle],
        values: &[&["200ms"]],
        needs: Needs::ClientRestart,
        risk: "A broker that is down or refuses is asked so much more often.",
        now: |plan| of_consumers(plan, |member| member.client.pull_time_delay_mills_when_exception.to_string()),
    },
    Lever {
        settings: &["pollNameServerInterval"],
        place: Place::Groups,
        touches: &[Idle, Loss],
        values: &[&["10s"]],
        needs: Needs::ClientRestart,
        risk: "Name servers answer so many more route requests.",
        now: |plan| of_consumers(plan, |member| member.client.poll_name_server_interval.to_string()),
    },
    Lever {
        settings: &["registerNameServerPeriod"],
        place: Place::Broker,
        touches: &[Idle, Loss],
        values: &[&["10s"]],
        needs: Needs::BrokerRestart,
        risk: "Brokers send their whole topic table so much more often.",
        now: |plan| of_brokers(plan, |broker| broker.register_name_server_period.to_string()),
    },
    Lever {
        settings: &["realTimeNotifyConsumerChange"],
        place: Place::Broker,
        touches: &[Idle, Again, Load],
        values: &[&["true"], &["false"]],
        needs: Needs::BrokerLive,
        risk: "True tells every member of every change at once; false lets them wait for 15 s and more.",
        now: |plan| of_brokers(plan, |broker| word(broker.real_time_notify_consumer_change)),
    },
    Lever {
        settings: &["notifyConsumerIdsChangedEnable"],
        place: Place::Broker,
        touches: &[Idle, Again],
        values: &[&["true"]],
        needs: Needs::BrokerLive,
        risk: "Every member is told of every change.",
        now: |plan| of_brokers(plan, |broker| word(broker.notify_consumer_ids_changed_enable)),
    },
    Lever {
        settings: &["lockMaxLiveTime"],
        place: Place::Broker,
        touches: &[Idle],
        values: &[&["30s"]],
        needs: Needs::BrokerRestart,
        risk: "An owner that does not renew its locks in this time loses them while it consumes (a -D property of the broker: \
               rocketmq.broker.rebalance.lockMaxLiveTime).",
        now: |plan| {
            orderly(plan).then_some(())?;
            of_brokers(plan, |broker| broker.lock_max_live_time.to_string())
        },
    },
    Lever {
        settings: &["flushDiskType"],
        place: Place::Broker,
        touches: &[Loss],
        values: &[&["SYNC_FLUSH"]],
        needs: Needs::BrokerRestart,
        risk: "Every send waits for the disk.",
        now: |plan| {
            let word = |kind| if kind == FlushDiskType::Sync { "SYNC_FLUSH" } else { "ASYNC_FLUSH" };
            of_brokers(plan, |broker| word(broker.flush_disk_type).to_owned())
        },
    },
    Lever {
        settings: &["brokerRole"],
        place: Place::Broker,
        touches: &[Loss],
        values: &[&["SYNC_MASTER"]],
        needs: Needs::BrokerRestart,
        risk: "Every send waits for a slave, and is in doubt where none answers.",
        now: |plan| {
            plan.brokers.iter().any(|broker| broker.slave_of.is_some()).then_some(())?;
            of_brokers(plan, |broker| if broker.sync_master { "SYNC_MASTER" } else { "ASYNC_MASTER" }.to_owned())
        },
    },
];
