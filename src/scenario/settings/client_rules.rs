//! The rules in which releases of the Java client differ, one row a rule. Where each changed was read from the tags of
//! apache/rocketmq from 4.9.0 to 5.3.3, and from the sources of 5.4.0 and 5.5.0.

use super::Setting;
use super::client_rule::Value::{Flag, Ms};
use super::client_rule::{Rule, before, from};
use crate::model::plan::ClientSettings;

/// All of them, in the order in which they are told.
pub(super) const RULES: &[Rule] = &[
    Rule {
        names: &["rebalanceMinInterval", "rocketmq.client.rebalance.minInterval"],
        default: "1s",
        does: "The least time between two rebalances of a client; before 5.2.0 there is none.",
        source: "RebalanceService.run",
        value: Ms(1_000, 0, |client, value| client.timers.rebalance_min_interval = value),
        otherwise: before((5, 2, 0)),
        they: "rebalance at once at each notification",
    },
    Rule {
        names: &["retryWhenNotBalanced"],
        default: "true",
        does: "After a rebalance that left a topic unbalanced the next comes after the minimum interval; before 5.2.0 after \
               the whole one, of LitePull too.",
        source: "RebalanceService.run",
        value: Flag(true, |client, value| client.retry_when_not_balanced = value),
        otherwise: before((5, 2, 0)),
        they: "wait the whole 20 s after a rebalance that left a topic unbalanced",
    },
    Rule {
        names: &["rebalanceLaterWhenNotLocked"],
        default: "0ms",
        does: "How long after a rebalance that was refused a lock the next comes; 0 for never. 5.0 and 5.1 have 500 ms; from \
               5.2.0 on the minimum interval swallows it, before 5.0.0 there is none.",
        source: "RebalanceImpl.updateProcessQueueTableInRebalance",
        value: Ms(0, 500, |client, value| client.rules.rebalance_later_when_not_locked = value),
        otherwise: from((5, 0, 0)).to_before((5, 2, 0)),
        they: "rebalance again 500 ms after a lock was refused",
    },
    Rule {
        names: &["rebalanceWithoutHeartbeat"],
        default: "false",
        does: "start() rebalances whatever became of its heartbeats: mostly before a broker knows the member; so before 5.2.0.",
        source: "DefaultMQPushConsumerImpl.start",
        value: Flag(false, |client, value| client.rules.rebalance_without_heartbeat = value),
        otherwise: before((5, 2, 0)),
        they: "rebalance at the end of start() although no heartbeat went out",
    },
    Rule {
        names: &["startFailureShutsDown"],
        default: "true",
        does: "A start() that throws, because no name server answers, shuts the consumer down; before 5.3.2 its threads run \
               on, and it becomes a member when a route comes.",
        source: "DefaultMQPushConsumerImpl.start",
        value: Flag(true, |client, value| client.rules.start_failure_shuts_down = value),
        otherwise: before((5, 3, 2)),
        they: "go on half-started after a start() that threw",
    },
    Rule {
        names: &["enableHeartbeatChannelEventListener"],
        default: "true",
        does: "A client sends a heartbeat as soon as a new connection to a broker stands; before 5.2.0 nobody does.",
        source: "ClientConfig.enableHeartbeatChannelEventListener",
        value: Flag(true, |client, value| client.enable_heartbeat_channel_event_listener = value),
        otherwise: before((5, 2, 0)),
        they: "send no heartbeat when a new connection stands",
    },
    Rule {
        names: &["pullDispatchDelay"],
        default: "500ms",
        does: "How long the first pull of a queue that was just taken waits; before 5.0.0 it does not.",
        source: "RebalancePushImpl.dispatchPullRequest",
        value: Ms(500, 0, |client, value| client.timers.pull_dispatch_delay = value),
        otherwise: before((5, 0, 0)),
        they: "pull a queue that they have just taken at once",
    },
    Rule {
        names: &["dropQueuesOneByOne"],
        default: "false",
        does: "A rebalance drops, persists and removes one queue after the other, so that it consumes the last one on while it \
               waits for the listener of the first; from 5.0.0 on all are dropped first.",
        source: "RebalanceImpl.updateProcessQueueTableInRebalance",
        value: Flag(false, |client, value| client.rules.drop_queues_one_by_one = value),
        otherwise: before((5, 0, 0)),
        they: "drop, persist and remove one queue after the other",
    },
    Rule {
        names: &["unlockDelay"],
        default: "false",
        does: "An orderly queue that is given up with messages in memory leaves the table at once and is unlocked \
               unlockDelayTimeMills later; a listener that does not return is waited for without end. So before 5.2.0.",
        source: "RebalancePushImpl.unlockDelay",
        value: Flag(false, |client, value| client.rules.unlock_delay = value),
        otherwise: before((5, 2, 0)),
        they: "unlock an orderly queue 20 s after they gave it up with messages in memory",
    },
    Rule {
        names: &["consumeLockTimeout"],
        default: "500ms",
        does: "How long a client that gives an orderly queue up waits for its listener; before 5.2.0 1 s.",
        source: "RebalancePushImpl.tryRemoveOrderMessageQueue",
        value: Ms(500, 1_000, |client, value| client.timers.orderly.consume_lock_timeout = value),
        otherwise: before((5, 2, 0)),
        they: "wait 1 s for the listener of an orderly queue",
    },
    Rule {
        names: &["lockBeforeProcessQueue"],
        default: "false",
        does: "The lock of an ordered queue is asked for before its ProcessQueue exists, and noted in it only by the next \
               lockAll; so before 4.9.5 (apache/rocketmq#5466).",
        source: "RebalanceImpl.updateProcessQueueTableInRebalance",
        value: Flag(false, |client, value| client.lock_before_process_queue = value),
        otherwise: before((4, 9, 5)),
        they: "ask for the lock of an ordered queue before its ProcessQueue exists, and consume it after the next lockAll",
    },
    Rule {
        names: &["lockAllTakesDropped"],
        default: "false",
        does: "lockAll renews, and unlockAll frees, the locks of dropped queues too; so before 5.0.0.",
        source: "RebalanceImpl.buildProcessQueueTableByBrokerName",
        value: Flag(false, |client, value| client.rules.lock_all_takes_dropped = value),
        otherwise: before((5, 0, 0)),
        they: "renew the locks of dropped queues",
    },
    Rule {
        names: &["broadcastingAsksForLocks"],
        default: "false",
        does: "An orderly member in BROADCASTING asks for locks, which only one of all members can have; so before 5.3.2 \
               (apache/rocketmq#8772).",
        source: "RebalanceImpl.rebalanceByTopic",
        value: Flag(false, |client, value| client.rules.broadcasting_asks_for_locks = value),
        otherwise: before((5, 3, 2)),
        they: "ask for locks as orderly members in BROADCASTING",
    },
    Rule {
        names: &["brokerErrorIsNoOffset"],
        default: "false",
        does: "Whatever error a broker answers to the query of an offset counts as \"there is none\": consumeFromWhere decides, \
               and LAST skips what is there. So before 5.0.0.",
        source: "RemoteBrokerOffsetStore.readOffset",
        value: Flag(false, |client, value| client.rules.broker_error_is_no_offset = value),
        otherwise: before((5, 0, 0)),
        they: "take any error of a broker for \"no offset is stored\"",
    },
    Rule {
        names: &["setZeroIfNotFound"],
        default: "true",
        does: "A client without a stored offset takes the 0 of a queue whose first message is in memory; 5.0.0 alone does not, \
               and begins by consumeFromWhere.",
        source: "RemoteBrokerOffsetStore.fetchConsumeOffsetFromBroker",
        value: Flag(true, |client, value| client.rules.set_zero_if_not_found = value),
        otherwise: from((5, 0, 0)).to_before((5, 1, 0)),
        they: "begin by consumeFromWhere where no offset is stored, though the first message is in memory",
    },
    Rule {
        names: &["commitAsksForTheMaster"],
        default: "false",
        does: "The timer's commit that finds no master asks a name server for the route before it goes to a slave; so from \
               4.9.3 to 4.9.8.",
        source: "RemoteBrokerOffsetStore.updateConsumeOffsetToBroker",
        value: Flag(false, |client, value| client.rules.commit_asks_for_the_master = value),
        otherwise: from((4, 9, 3)).to_before((5, 0, 0)),
        they: "ask a name server for the route before a commit goes to a slave",
    },
    Rule {
        names: &["offsetIllegalRepairDelay"],
        default: "0s",
        does: "How long a queue whose offset is illegal stays dropped before it is repaired; before 5.2.0 it is 10 s.",
        source: "DefaultMQPushConsumerImpl.pullMessage",
        value: Ms(0, 10_000, |client, value| client.offset_illegal_repair_delay = value),
        otherwise: before((5, 2, 0)),
        they: "repair an illegal offset 10 s later, and take the queue with the next rebalance",
    },
    Rule {
        names: &["localFilePersistsOne"],
        default: "true",
        does: "The local store writes one queue's offset when the queue is given up; before 5.2.0 it does not, but for 4.9.8.",
        source: "LocalFileOffsetStore.persist",
        value: Flag(true, |client, value| client.local_file_persists_one = value),
        otherwise: before((5, 2, 0)).but((4, 9, 8)),
        they: "do not write the offset of a queue that they give up in BROADCASTING",
    },
    Rule {
        names: &["clientCloseSocketIfTimeout"],
        default: "true",
        does: "A call that times out closes the connection; false before 4.9.1: a client stays with a server that hangs.",
        source: "NettyClientConfig.clientCloseSocketIfTimeout",
        value: Flag(true, |client, value| client.client_close_socket_if_timeout = value),
        otherwise: before((4, 9, 1)),
        they: "keep the connection of a call that timed out",
    },
    Rule {
        names: &["lateConnectionCloses"],
        default: "false",
        does: "A call that times out closes the connection however late that was made; from 5.1.4 on not where a quarter of the \
               time-out or less, and 100 ms or less, was left for the answer.",
        source: "NettyRemotingClient.invokeSync",
        value: Flag(false, |client, value| client.rules.late_connection_closes = value),
        otherwise: before((5, 1, 4)),
        they: "close the connection of a call that timed out although it was made too late for an answer",
    },
    Rule {
        names: &["onewayWaitsForConnect"],
        default: "false",
        does: "A one-way message waits on its thread until the connection is there or has failed; so before 5.3.0.",
        source: "NettyRemotingClient.invokeOneway",
        value: Flag(false, |client, value| client.oneway_waits_for_connect = value),
        otherwise: before((5, 3, 0)),
        they: "connect on the caller's thread for a one-way message",
    },
    Rule {
        names: &["noQueuesIsAChange"],
        default: "true",
        does: "A rebalance that finds no queues of a topic raises its subscription's version and sends heartbeats; before \
               5.0.0 it does not.",
        source: "RebalanceImpl.rebalanceByTopic",
        value: Flag(true, |client, value| client.rules.no_queues_is_a_change = value),
        otherwise: before((5, 0, 0)),
        they: "send no heartbeats for a topic without queues",
    },
    Rule {
        names: &["listWithoutQueues"],
        default: "true",
        does: "The member list is asked for although the topic has no queues in the client's table; not from 5.5.0 on.",
        source: "RebalanceImpl.rebalanceByTopic",
        value: Flag(true, |client, value| client.rules.list_without_queues = value),
        otherwise: from((5, 5, 0)),
        they: "ask for no member list where the topic has no queues",
    },
    Rule {
        names: &["resetWaitsForTheListener"],
        default: "false",
        does: "A reset that a broker pushes waits up to 10 s for the listener of each orderly queue; before 5.5.0 it sleeps 10 s.",
        source: "MQClientInstance.waitResetOffsetReady",
        value: Flag(false, |client, value| client.rules.reset_waits_for_the_listener = value),
        otherwise: from((5, 5, 0)),
        they: "wait for the listeners of orderly queues, and not 10 s, before they take a pushed reset",
    },
    Rule {
        names: &["tryQueryAssignment"],
        default: "false",
        does: "With clientRebalance = false a broker is asked up to three times whether it deals queues itself, and the client \
               does for ever where it says no; so from 5.0.0 to 5.3.1.",
        source: "RebalanceImpl.tryQueryAssignment",
        value: Flag(false, |client, value| client.rules.try_query_assignment = value),
        otherwise: from((5, 0, 0)).to_before((5, 3, 2)),
        they: "fall back to dealing by the client where a broker knows no QUERY_ASSIGNMENT",
    },
    Rule {
        names: &["countsTheLastTry"],
        default: "true",
        does: "An orderly message that ran out of tries goes to %RETRY% with RECONSUME_TIME = n + 1, so that a broker finds it \
               tried often enough; before 5.1.1 with n: a broker of 5.x stores it for one more round, unless the group \
               holds locks there.",
        source: "ConsumeMessageOrderlyService.sendMessageBack",
        value: Flag(true, |client, value| client.rules.counts_the_last_try = value),
        otherwise: before((5, 1, 1)),
        they: "send an orderly message that ran out of tries back as if it had one left",
    },
];

/// Each rule as a setting of its own.
pub(super) static RULE_SETTINGS: [Setting<ClientSettings>; RULES.len()] = {
    let mut settings = [RULES[0].setting(); RULES.len()];
    let mut at = 1;
    while at < RULES.len() {
        settings[at] = RULES[at].setting();
        at += 1;
    }
    settings
};
