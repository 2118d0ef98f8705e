//! In what releases of a broker differ, as far as a group notices it. What stands here by default is 5.3.3.

/// Rules of `BrokerController`'s services that changed between releases; which release has which stands in the language's
/// table of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BrokerRules {
    /// A newer change of a group breaks off the pass of notifications of an older one
    /// (`DefaultConsumerIdsChangeListener.NotifyTaskControl`).
    pub notify_task_control: bool,
    /// Members of a BROADCASTING group are told of changes, too (`ConsumerManager.registerConsumer`).
    pub notify_broadcasting_groups: bool,
    /// There is a timer that gathers notifications (`DefaultConsumerIdsChangeListener.notifyConsumerChange`).
    pub buffered_notifications: bool,
    /// A slave has a timer for its offsets, of 3 s and then 10 s (`BrokerController.handleSlaveSynchronize`).
    pub slave_sync_timer: bool,
    /// A slave deletes every topic and every group whenever it fetches them, and makes them again
    /// (`SlaveSynchronize.syncTopicConfig`).
    pub slave_remakes_topics: bool,
    /// A commit for a topic that is not there is refused (`ConsumerManageProcessor.updateConsumerOffset`).
    pub check_topic_of_commit: bool,
    /// A commit for a group that is not there is refused (`ConsumerManageProcessor.updateConsumerOffset`).
    pub check_group_of_commit: bool,
    /// Without an offset a queue answers 0 unless its entry 0 lies on the disk alone, and so an empty one does; else only
    /// where entry 0 is in memory (`ConsumerManageProcessor.queryConsumerOffset`).
    pub zero_unless_on_disk: bool,
    /// A deleted topic takes resets with it that wait for a pull (`ConsumerOffsetManager.cleanOffsetByTopic`).
    pub forget_resets_of_topic: bool,
    /// `QUERY_ASSIGNMENT` is known (`QueryAssignmentProcessor.processRequest`).
    pub query_assignment: bool,
    /// What is sent to `%RETRY%` with as many tries as it may have is a dead letter; else only with more
    /// (`SendMessageProcessor.handleRetryAndDLQ`).
    pub dead_letter_at_limit: bool,
    /// What is sent to `%RETRY%` of a group that holds a lock is a dead letter (`SendMessageProcessor.handleRetryAndDLQ`).
    pub dead_letter_while_locked: bool,
}

impl Default for BrokerRules {
    fn default() -> Self {
        Self {
            notify_task_control: true,
            notify_broadcasting_groups: false,
            buffered_notifications: true,
            slave_sync_timer: false,
            slave_remakes_topics: true,
            check_topic_of_commit: true,
            check_group_of_commit: true,
            zero_unless_on_disk: false,
            forget_resets_of_topic: false,
            query_assignment: true,
            dead_letter_at_limit: false,
            dead_letter_while_locked: true,
        }
    }
}
