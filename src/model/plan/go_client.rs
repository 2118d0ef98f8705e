//! The rules of the Go client that changed from release to release, one field a rule, as the newest source has them.

use crate::kernel::Span;

/// A consumer runs the Go client (apache/rocketmq-client-go), by these rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoRules {
    /// Which release it is, such as `go-2.1.2`.
    pub version: &'static str,
    /// The first consumer of a process that shuts down closes the connections of all (`internal/client.go:Shutdown`).
    pub first_shutdown_closes_all: bool,
    /// Any failure of the offset query counts as "no offset" (`consumer/offset_store.go:read`).
    pub failed_query_is_none: bool,
    /// "No offset" counts as a failure: the queue is not taken (`consumer/offset_store.go:fetchConsumeOffsetFromBroker`).
    pub not_found_fails: bool,
    /// So many listeners run at a time for each topic, and not without end
    /// (`consumer/push_consumer.go:consumeMessageConcurrently`).
    pub limits_workers: bool,
    /// Orderly queues are unlocked at shutdown (`consumer/push_consumer.go:Shutdown`).
    pub unlocks_at_shutdown: bool,
    /// Queues of a topic that is not subscribed any more are given up
    /// (`consumer/consumer.go:truncateMessageQueueNotMyTopic`).
    pub drops_unsubscribed: bool,
    /// `lockAll` renews the client's own time of a lock (`consumer/consumer.go:lockAll`).
    pub lock_all_renews: bool,
    /// After a changed rebalance the thresholds of a queue are those of its topic divided by the queues
    /// (`consumer/push_consumer.go:messageQueueChanged`).
    pub thresholds_follow_queues: bool,
    /// What cannot be sent back goes to the retry topic as a normal message (`consumer/push_consumer.go:sendMessageBack`).
    pub sends_back_as_normal: bool,
    /// What a `BROADCASTING` listener has failed stays in the cache, and holds the queue's offset back
    /// (`consumer/push_consumer.go:consumeMessageConcurrently`).
    pub keeps_what_broadcasting_drops: bool,
    /// A route that a rebalance or a pull asks for gives its queues to consumers, and not only that of the poll
    /// (`internal/route.go:UpdateTopicRouteInfoWithDefault`).
    pub any_route_gives_queues: bool,
    /// A concurrent listener that panics ends its goroutine; else the process
    /// (`consumer/push_consumer.go:consumeMessageConcurrently`).
    pub survives_concurrent_panics: bool,
    /// An orderly listener that panics ends its queue's goroutine; else the process (`primitive/base.go:WithRecover`).
    pub survives_orderly_panics: bool,
    /// What an orderly listener has suspended is not put back: the next commit goes past it
    /// (`consumer/push_consumer.go:consumeMessageOrderly`).
    pub suspend_loses: bool,
    /// What a listener has held for too long is sent back (`consumer/push_consumer.go:cleanExpiredMsg`).
    pub cleans_expired: bool,
    /// A request whose time ran out while it waited for another one's connection closes its own
    /// (`internal/remote/remote_client.go:doRequest`).
    pub late_request_closes: bool,
    /// The time-out of a route request, 6 s (`internal/route.go:queryTopicRouteInfoFromServer`).
    pub route_timeout: Span,
}

impl GoRules {
    /// Those of the newest source.
    #[must_use]
    pub const fn newest() -> Self {
        Self {
            version: "go-master",
            first_shutdown_closes_all: false,
            failed_query_is_none: false,
            not_found_fails: false,
            limits_workers: true,
            unlocks_at_shutdown: true,
            drops_unsubscribed: true,
            lock_all_renews: true,
            thresholds_follow_queues: true,
            sends_back_as_normal: true,
            keeps_what_broadcasting_drops: true,
            any_route_gives_queues: true,
            survives_concurrent_panics: true,
            survives_orderly_panics: true,
            suspend_loses: false,
            cleans_expired: true,
            late_request_closes: true,
            route_timeout: Span::from_secs(6),
        }
    }
}
