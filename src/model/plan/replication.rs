//! How a master, its slaves and a controller keep one log (`MessageStoreConfig`, `BrokerConfig`).

use crate::kernel::Span;

/// When a producer is answered, who becomes the master, and what a master does before it serves again.
#[derive(Debug, Clone, PartialEq)]
pub struct ReplicationSettings {
    /// `totalReplicas`, 1: with more, and `enableSlaveActingMaster`, a broker that starts fetches the offsets of those that
    /// run before it registers (`BrokerController.start`).
    pub total_replicas: u32,
    /// `skipPreOnline`, false: it does not.
    pub skip_pre_online: bool,
    /// `inSyncReplicas`, 1: so many brokers, the master among them, must have a message before a SYNC_MASTER answers.
    pub in_sync_replicas: u32,
    /// `minInSyncReplicas`, 1.
    pub min_in_sync_replicas: u32,
    /// `allAckInSyncStateSet`, false: all of the SyncStateSet must have it, whatever `inSyncReplicas` says (controller
    /// mode).
    pub all_ack_in_sync_state_set: bool,
    /// `enableAutoInSyncReplicas`, false: `inSyncReplicas` sinks to how many there are, down to `minInSyncReplicas`
    /// (`enableSlaveActingMaster`).
    pub enable_auto_in_sync_replicas: bool,
    /// `slaveTimeout`, 3 s: then FLUSH_SLAVE_TIMEOUT.
    pub slave_timeout: Span,
    /// `syncFlushTimeout`, 5 s: then FLUSH_DISK_TIMEOUT.
    pub sync_flush_timeout: Span,
    /// `controllerHeartBeatTimeoutMills`, 10 s: how long the controller waits for a broker.
    pub controller_heart_beat_timeout_mills: Span,
    /// `haMaxTimeSlaveNotCatchup`, 15 s: then a slave that is behind leaves the SyncStateSet.
    pub ha_max_time_slave_not_catchup: Span,
}

impl Default for ReplicationSettings {
    fn default() -> Self {
        let s = Span::from_secs;
        Self {
            total_replicas: 1,
            skip_pre_online: false,
            in_sync_replicas: 1,
            min_in_sync_replicas: 1,
            all_ack_in_sync_state_set: false,
            enable_auto_in_sync_replicas: false,
            slave_timeout: s(3),
            sync_flush_timeout: s(5),
            controller_heart_beat_timeout_mills: s(10),
            ha_max_time_slave_not_catchup: s(15),
        }
    }
}
