//! What a broker keeps and replicates: `MessageStoreConfig`, and what of `BrokerConfig` goes with it.

use crate::model::plan::{BrokerSettings, FlushDiskType};
use crate::scenario::settings::{Kind, Setting, about, count, flag, period};

/// What a broker keeps, when it is on the disk, and who has it beside it.
pub(super) static STORE: &[Setting<BrokerSettings>] = &[
    Setting {
        names: &["brokerRole"],
        kind: Kind::Word { words: &["ASYNC_MASTER", "SYNC_MASTER"], set: |b, v| b.sync_master = v == 1 },
        about: about(
            "ASYNC_MASTER",
            "Whether a master answers a producer before its slaves have the message, or after.",
            "MessageStoreConfig.brokerRole",
        ),
    },
    flag(&["slaveReadEnable"], |b: &mut BrokerSettings, v| b.slave_read_enable = v).about(
        "false",
        "A slave serves pulls (trap E33).",
        "BrokerConfig.slaveReadEnable",
    ),
    flag(&["enableSlaveActingMaster"], |b: &mut BrokerSettings, v| b.enable_slave_acting_master = v).about(
        "false",
        "While the master is away its lowest slave counts as the master, for reading.",
        "BrokerConfig.enableSlaveActingMaster",
    ),
    period(&["brokerNotActiveTimeoutMillis"], |b: &mut BrokerSettings, v| b.broker_not_active_timeout_millis = v)
        .about(
            "10s",
            "How long a name server waits for a broker with enableSlaveActingMaster.",
            "BrokerConfig.brokerNotActiveTimeoutMillis",
        ),
    flag(&["enableControllerMode"], |b: &mut BrokerSettings, v| b.enable_controller_mode = v).about(
        "false",
        "A controller elects one of the slaves when the master dies.",
        "BrokerConfig.enableControllerMode",
    ),
    count(&["totalReplicas"], 1, 100, |b: &mut BrokerSettings, v| b.replication.total_replicas = v).about(
        "1",
        "With more, and enableSlaveActingMaster, a broker that starts fetches the offsets of those that run before it \
         registers.",
        "MessageStoreConfig.totalReplicas",
    ),
    flag(&["skipPreOnline"], |b: &mut BrokerSettings, v| b.replication.skip_pre_online = v).about(
        "false",
        "A broker that starts does not fetch them.",
        "BrokerConfig.skipPreOnline",
    ),
    count(&["inSyncReplicas"], 1, 100, |b: &mut BrokerSettings, v| b.replication.in_sync_replicas = v).about(
        "1",
        "How many brokers, the master among them, must have a message before a SYNC_MASTER answers.",
        "MessageStoreConfig.inSyncReplicas",
    ),
    count(&["minInSyncReplicas"], 1, 100, |b: &mut BrokerSettings, v| b.replication.min_in_sync_replicas = v).about(
        "1",
        "With fewer brokers in sync nothing is stored.",
        "MessageStoreConfig.minInSyncReplicas",
    ),
    flag(&["allAckInSyncStateSet"], |b: &mut BrokerSettings, v| b.replication.all_ack_in_sync_state_set = v).about(
        "false",
        "All of the SyncStateSet must have a message, whatever inSyncReplicas says (controller mode).",
        "MessageStoreConfig.allAckInSyncStateSet",
    ),
    flag(&["enableAutoInSyncReplicas"], |b: &mut BrokerSettings, v| b.replication.enable_auto_in_sync_replicas = v)
        .about(
            "false",
            "inSyncReplicas sinks to how many brokers there are, down to minInSyncReplicas.",
            "MessageStoreConfig.enableAutoInSyncReplicas",
        ),
    period(&["slaveTimeout"], |b: &mut BrokerSettings, v| b.replication.slave_timeout = v).about(
        "3s",
        "How long a SYNC_MASTER waits for its slaves; then FLUSH_SLAVE_TIMEOUT.",
        "MessageStoreConfig.slaveTimeout",
    ),
    period(&["syncFlushTimeout"], |b: &mut BrokerSettings, v| b.replication.sync_flush_timeout = v).about(
        "5s",
        "How long SYNC_FLUSH waits for the disk; then FLUSH_DISK_TIMEOUT.",
        "MessageStoreConfig.syncFlushTimeout",
    ),
    period(&["controllerHeartBeatTimeoutMills"], |b: &mut BrokerSettings, v| {
        b.replication.controller_heart_beat_timeout_mills = v
    })
    .about(
        "10s",
        "How long the controller waits for a broker's heartbeat.",
        "BrokerConfig.controllerHeartBeatTimeoutMills",
    ),
    period(&["haMaxTimeSlaveNotCatchup"], |b: &mut BrokerSettings, v| b.replication.ha_max_time_slave_not_catchup = v)
        .about(
            "15s",
            "A slave that is behind for so long leaves the SyncStateSet.",
            "MessageStoreConfig.haMaxTimeSlaveNotCatchup",
        ),
    period(&["flushConsumerOffsetInterval"], |b: &mut BrokerSettings, v| b.flush_consumer_offset_interval = v).about(
        "5s",
        "How often a broker writes consumerOffset.json; a killed one has lost what came since.",
        "BrokerConfig.flushConsumerOffsetInterval",
    ),
    Setting {
        names: &["messageDelayLevel"],
        kind: Kind::Spans(|b: &mut BrokerSettings, v| b.message_delay_level = v),
        about: about(
            "1s 5s 10s 30s 1m 2m 3m 4m 5m 6m 7m 8m 9m 10m 20m 30m 1h 2h",
            "The delay of each level; a message that failed for the first time waits level 3.",
            "MessageStoreConfig.messageDelayLevel",
        ),
    },
    count(&["maxTransferCountOnMessageInMemory"], 1, 65_535, |b: &mut BrokerSettings, v| {
        b.max_transfer_count_on_message_in_memory = v
    })
    .about(
        "32",
        "The most messages that a broker puts into the answer to a pull.",
        "MessageStoreConfig.maxTransferCountOnMessageInMemory",
    ),
    Setting {
        names: &["flushDiskType"],
        kind: Kind::Word {
            words: &["ASYNC_FLUSH", "SYNC_FLUSH"],
            set: |b, v| b.flush_disk_type = [FlushDiskType::Async, FlushDiskType::Sync][v],
        },
        about: about(
            "ASYNC_FLUSH",
            "Whether a producer is answered when the message is in the page cache, or when it is on the disk.",
            "MessageStoreConfig.flushDiskType",
        ),
    },
    period(&["flushIntervalCommitLog"], |b: &mut BrokerSettings, v| b.flush_interval_commit_log = v).about(
        "500ms",
        "How often the log is flushed to the disk.",
        "MessageStoreConfig.flushIntervalCommitLog",
    ),
    count(&["flushCommitLogLeastPages"], 0, 1_000_000, |b: &mut BrokerSettings, v| b.flush_commit_log_least_pages = v)
        .about("4", "With fewer dirty pages a round writes nothing.", "MessageStoreConfig.flushCommitLogLeastPages"),
    period(&["flushCommitLogThoroughInterval"], |b: &mut BrokerSettings, v| b.flush_commit_log_thorough_interval = v)
        .about(
            "10s",
            "After so long a round writes whatever is dirty.",
            "MessageStoreConfig.flushCommitLogThoroughInterval",
        ),
    period(&["flushDelayOffsetInterval"], |b: &mut BrokerSettings, v| b.flush_delay_offset_interval = v).about(
        "10s",
        "How often delayOffset.json is written; copies delivered since come once more after a crash.",
        "MessageStoreConfig.flushDelayOffsetInterval",
    ),
];
