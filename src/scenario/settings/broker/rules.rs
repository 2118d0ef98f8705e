//! The rules in which releases of brokers and name servers differ, one row a rule, and the settings by which each is had
//! alone. Where each changed was read from the tags of apache/rocketmq from 4.9.0 to 5.3.3, and from the sources of 5.4.0 and
//! 5.5.0.

use super::rule::{Rule, before, from};
use crate::kernel::Span;
use crate::model::plan::{BrokerSettings, NameServerSettings};
use crate::scenario::settings::{Setting, flag};

/// Those of brokers, in the order in which they are told.
pub(super) const OF_BROKERS: &[Rule<BrokerSettings>] = &[
    Rule {
        name: "notifyTaskControl",
        they: "break off the notifications of a change where a newer change of the group comes meanwhile",
        releases: from((5, 3, 3)),
        source: "DefaultConsumerIdsChangeListener.NotifyTaskControl",
        set: |broker, has| broker.rules.notify_task_control = has,
    },
    Rule {
        name: "notifyBroadcastingGroups",
        they: "tell members of BROADCASTING groups, too, that others come or go",
        releases: before((5, 3, 1)),
        source: "ConsumerManager.registerConsumer",
        set: |broker, has| broker.rules.notify_broadcasting_groups = has,
    },
    Rule {
        name: "bufferedNotifications",
        they: "heed realTimeNotifyConsumerChange = false; the others always tell at once",
        releases: from((5, 0, 0)),
        source: "DefaultConsumerIdsChangeListener.notifyConsumerChange",
        set: |broker, has| broker.rules.buffered_notifications = has,
    },
    Rule {
        name: "slaveSyncTimer",
        they: "fetch their master's offsets as a slave after 3 s and then every 10 s, and not every 60 to 63 s",
        releases: before((5, 0, 0)),
        source: "BrokerController.handleSlaveSynchronize",
        set: |broker, has| broker.rules.slave_sync_timer = has,
    },
    Rule {
        name: "slaveRemakesTopics",
        they: "delete every topic and group as a slave whenever they fetch those of the master, and make them again",
        releases: from((5, 3, 2)).to_before((5, 5, 0)),
        source: "SlaveSynchronize.syncTopicConfig",
        set: |broker, has| broker.rules.slave_remakes_topics = has,
    },
    Rule {
        name: "checkTopicOfCommit",
        they: "refuse a commit for a topic that is not there",
        releases: from((5, 0, 0)),
        source: "ConsumerManageProcessor.updateConsumerOffset",
        set: |broker, has| broker.rules.check_topic_of_commit = has,
    },
    Rule {
        name: "checkGroupOfCommit",
        they: "refuse a commit for a group that is not there",
        releases: from((5, 3, 0)),
        source: "ConsumerManageProcessor.updateConsumerOffset",
        set: |broker, has| broker.rules.check_group_of_commit = has,
    },
    Rule {
        name: "zeroUnlessOnDisk",
        they: "answer 0 for a queue without an offset unless its first message lies on the disk alone, as of an empty \
               queue; the others only where it is in memory",
        releases: before((5, 1, 0)),
        source: "ConsumerManageProcessor.queryConsumerOffset",
        set: |broker, has| broker.rules.zero_unless_on_disk = has,
    },
    Rule {
        name: "useServerSideResetOffset",
        they: "keep an operator's reset for the next pull; the others push it to the members",
        releases: from((5, 2, 0)),
        source: "BrokerConfig.useServerSideResetOffset",
        set: |broker, has| broker.use_server_side_reset_offset = has,
    },
    Rule {
        name: "forgetResetsOfTopic",
        they: "forget with a deleted topic the resets that wait for a pull of it",
        releases: from((5, 5, 0)),
        source: "ConsumerOffsetManager.cleanOffsetByTopic",
        set: |broker, has| broker.rules.forget_resets_of_topic = has,
    },
    Rule {
        name: "queryAssignment",
        they: "know QUERY_ASSIGNMENT; the others answer REQUEST_CODE_NOT_SUPPORTED",
        releases: from((5, 0, 0)),
        source: "QueryAssignmentProcessor.processRequest",
        set: |broker, has| broker.rules.query_assignment = has,
    },
    Rule {
        name: "deadLetterAtLimit",
        they: "make what an orderly member sends to %RETRY% a dead letter with as many tries as it may have; the others \
               only with more",
        releases: before((5, 0, 0)),
        source: "SendMessageProcessor.handleRetryAndDLQ",
        set: |broker, has| broker.rules.dead_letter_at_limit = has,
    },
    Rule {
        name: "deadLetterWhileLocked",
        they: "make what an orderly member sends to %RETRY% a dead letter while the group holds any lock there",
        releases: from((5, 1, 1)),
        source: "SendMessageProcessor.handleRetryAndDLQ",
        set: |broker, has| broker.rules.dead_letter_while_locked = has,
    },
];

/// Those of name servers.
pub(super) const OF_NAME_SERVERS: &[Rule<NameServerSettings>] = &[Rule {
    name: "scanNotActiveBrokerInterval",
    they: "look for silent brokers after 5 s and then every 10 s, and not every 5 s",
    releases: before((5, 0, 0)),
    source: "NamesrvController.initialize",
    set: |server, has| {
        server.scan_not_active_broker_interval = Span::from_secs(if has { 10 } else { 5 });
        server.first_scan = has.then_some(Span::from_secs(5));
    },
}];

/// The rules of brokers that are no setting of RocketMQ's, as settings.
pub(super) static RULES: &[Setting<BrokerSettings>] = &[
    flag(&["notifyTaskControl"], |b: &mut BrokerSettings, v| b.rules.notify_task_control = v).about(
        "true",
        "A newer change of a group breaks off the notifications of an older one; from 5.3.3 on.",
        "DefaultConsumerIdsChangeListener.NotifyTaskControl",
    ),
    flag(&["notifyBroadcastingGroups"], |b: &mut BrokerSettings, v| b.rules.notify_broadcasting_groups = v).about(
        "false",
        "Members of BROADCASTING groups are told of changes, too; before 5.3.1.",
        "ConsumerManager.registerConsumer",
    ),
    flag(&["bufferedNotifications"], |b: &mut BrokerSettings, v| b.rules.buffered_notifications = v).about(
        "true",
        "realTimeNotifyConsumerChange = false is heeded; from 5.0.0 on.",
        "DefaultConsumerIdsChangeListener.notifyConsumerChange",
    ),
    flag(&["slaveSyncTimer"], |b: &mut BrokerSettings, v| b.rules.slave_sync_timer = v).about(
        "false",
        "A slave fetches its master's offsets after 3 s and then every 10 s; before 5.0.0.",
        "BrokerController.handleSlaveSynchronize",
    ),
    flag(&["slaveRemakesTopics"], |b: &mut BrokerSettings, v| b.rules.slave_remakes_topics = v).about(
        "true",
        "A slave deletes every topic and group whenever it fetches its master's, and makes them again; from 5.3.2 on, \
         before 5.5.0. How long they are away is config_write of the environment.",
        "SlaveSynchronize.syncTopicConfig",
    ),
    flag(&["checkTopicOfCommit"], |b: &mut BrokerSettings, v| b.rules.check_topic_of_commit = v).about(
        "true",
        "A commit for a topic that is not there is refused; from 5.0.0 on.",
        "ConsumerManageProcessor.updateConsumerOffset",
    ),
    flag(&["checkGroupOfCommit"], |b: &mut BrokerSettings, v| b.rules.check_group_of_commit = v).about(
        "true",
        "A commit for a group that is not there is refused; from 5.3.0 on.",
        "ConsumerManageProcessor.updateConsumerOffset",
    ),
    flag(&["zeroUnlessOnDisk"], |b: &mut BrokerSettings, v| b.rules.zero_unless_on_disk = v).about(
        "false",
        "A queue without an offset answers 0 unless its first message lies on the disk alone, so an empty one does; before \
         5.1.0.",
        "ConsumerManageProcessor.queryConsumerOffset",
    ),
    flag(&["forgetResetsOfTopic"], |b: &mut BrokerSettings, v| b.rules.forget_resets_of_topic = v).about(
        "false",
        "A deleted topic takes the resets with it that wait for a pull; from 5.5.0 on.",
        "ConsumerOffsetManager.cleanOffsetByTopic",
    ),
    flag(&["queryAssignment"], |b: &mut BrokerSettings, v| b.rules.query_assignment = v).about(
        "true",
        "A broker knows QUERY_ASSIGNMENT; from 5.0.0 on.",
        "QueryAssignmentProcessor.processRequest",
    ),
    flag(&["deadLetterAtLimit"], |b: &mut BrokerSettings, v| b.rules.dead_letter_at_limit = v).about(
        "false",
        "What an orderly member sends to %RETRY% is a dead letter with as many tries as it may have; before 5.0.0. Later \
         brokers count on clients to add the last one.",
        "SendMessageProcessor.handleRetryAndDLQ",
    ),
    flag(&["deadLetterWhileLocked"], |b: &mut BrokerSettings, v| b.rules.dead_letter_while_locked = v).about(
        "true",
        "What an orderly member sends to %RETRY% is a dead letter while the group holds any lock at the broker; from 5.1.1 on.",
        "SendMessageProcessor.handleRetryAndDLQ",
    ),
];
