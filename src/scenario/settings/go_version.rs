//! `clientVersion = "go-..."`: the Go client, whose releases differ by a table of rules. Where a rule changed was read
//! from the tags of apache/rocketmq-client-go.

use super::client_version::ClientVersion;
use super::told_rules::releases_by_rules;
use crate::kernel::Span;
use crate::model::plan::{ClientSettings, ConsumerSettings, GoRules, Listener};
use crate::scenario::text::{Fault, Fields};

/// The releases, oldest first; `go-master` is what stood there at the end of 2025 and is in no release.
const RELEASES: [&str; 4] = ["go-2.1.0", "go-2.1.1", "go-2.1.2", "go-master"];

/// What the releases do in their own way.
struct Rule {
    /// Its name.
    name: &'static str,
    /// What a release does that has it, with file and function.
    does: &'static str,
    /// Which releases have it.
    has: [bool; RELEASES.len()],
    /// Sets it.
    set: fn(&mut ClientSettings, &mut GoRules, bool),
}

const YES: bool = true;
const NO: bool = false;

/// The rules, in the order in which they are told.
const RULES: &[Rule] = &[
    Rule {
        name: "firstShutdownClosesAll",
        does: "the first consumer of a process that shuts down closes the connections of all (#728) \
            (`internal/client.go:Shutdown`)",
        has: [YES, NO, NO, NO],
        set: |_, go, has| go.first_shutdown_closes_all = has,
    },
    Rule {
        name: "failedQueryIsNone",
        does: "any failure of an offset query counts as \"no offset\": the group jumps to its end, or begins anew \
            (`consumer/offset_store.go:read`)",
        has: [YES, NO, NO, NO],
        set: |_, go, has| go.failed_query_is_none = has,
    },
    Rule {
        name: "notFoundFails",
        does: "an offset that is not found counts as a failure: a new group never gets a queue that has one to find (#886) \
            (`consumer/offset_store.go:fetchConsumeOffsetFromBroker`)",
        has: [NO, YES, NO, NO],
        set: |_, go, has| go.not_found_fails = has,
    },
    Rule {
        name: "connectTimeout",
        does: "a connection has 15 s to be made, and is closed after 120 s without a byte; before, as long as the kernel \
            (`internal/remote/tcp_conn.go:initConn`)",
        has: [NO, YES, YES, YES],
        set: |client, _, has| {
            client.connect_timeout_millis = Span::from_secs(if has { 15 } else { 127 });
            client.client_channel_max_idle_time_seconds = Span::from_secs(if has { 120 } else { 86_400 });
        },
    },
    Rule {
        name: "routeTimeout",
        does: "a route request has 6 s, before 3 s (`internal/route.go:queryTopicRouteInfoFromServer`)",
        has: [NO, NO, YES, YES],
        set: |_, go, has| go.route_timeout = Span::from_secs(if has { 6 } else { 3 }),
    },
    Rule {
        name: "limitsWorkers",
        does: "20 listeners a topic run at a time, before without end (#883) \
            (`consumer/push_consumer.go:consumeMessageConcurrently`)",
        has: [NO, NO, YES, YES],
        set: |_, go, has| go.limits_workers = has,
    },
    Rule {
        name: "keepsWhatBroadcastingDrops",
        does: "a message that a BROADCASTING listener failed stays in the cache and holds its queue's offset back, since \
            what could not be sent back does (#797) (`consumer/push_consumer.go:consumeMessageConcurrently`)",
        has: [NO, YES, YES, YES],
        set: |_, go, has| go.keeps_what_broadcasting_drops = has,
    },
    Rule {
        name: "anyRouteGivesQueues",
        does: "a route that a rebalance or a pull asks for gives its queues to the consumer; before, only that of the poll, \
            which then finds nothing new (#1056, #1084) (`internal/route.go:UpdateTopicRouteInfoWithDefault`)",
        has: [NO, NO, YES, YES],
        set: |_, go, has| go.any_route_gives_queues = has,
    },
    Rule {
        name: "survivesConcurrentPanics",
        does: "a concurrent listener that panics leaves its message in the cache, where it holds the offset back; before, \
            the process dies (`consumer/push_consumer.go:consumeMessageConcurrently`)",
        has: [NO, NO, YES, YES],
        set: |_, go, has| go.survives_concurrent_panics = has,
    },
    Rule {
        name: "survivesOrderlyPanics",
        does: "an orderly listener that panics ends its queue's goroutine: nobody consumes the queue until it is given up; \
            before, the process dies (`primitive/base.go:WithRecover`)",
        has: [NO, NO, NO, YES],
        set: |_, go, has| go.survives_orderly_panics = has,
    },
    Rule {
        name: "suspendLoses",
        does: "what an orderly listener has suspended is not put back, and the next success commits past it (#618) \
            (`consumer/push_consumer.go:consumeMessageOrderly`)",
        has: [YES, NO, NO, NO],
        set: |_, go, has| go.suspend_loses = has,
    },
    Rule {
        name: "cleansExpired",
        does: "what a listener has held for 15 min is sent back; before, never (`consumer/push_consumer.go:cleanExpiredMsg`)",
        has: [NO, NO, YES, YES],
        set: |_, go, has| go.cleans_expired = has,
    },
    Rule {
        name: "lateRequestCloses",
        does: "a request whose time ran out while another's connection was made closes its own, healthy one \
            (`internal/remote/remote_client.go:doRequest`)",
        has: [NO, NO, NO, YES],
        set: |_, go, has| go.late_request_closes = has,
    },
    Rule {
        name: "unlocksAtShutdown",
        does: "orderly queues are unlocked at shutdown (#994) (`consumer/push_consumer.go:Shutdown`)",
        has: [NO, NO, YES, YES],
        set: |_, go, has| go.unlocks_at_shutdown = has,
    },
    Rule {
        name: "dropsUnsubscribed",
        does: "queues of a topic that is not subscribed any more are given up (#1024) \
            (`consumer/consumer.go:truncateMessageQueueNotMyTopic`)",
        has: [NO, NO, YES, YES],
        set: |_, go, has| go.drops_unsubscribed = has,
    },
    Rule {
        name: "lockAllRenews",
        does: "lockAll renews the client's own time of a lock; before, each queue locks anew every 30 s (#1207) \
            (`consumer/consumer.go:lockAll`)",
        has: [NO, NO, NO, YES],
        set: |_, go, has| go.lock_all_renews = has,
    },
    Rule {
        name: "thresholdsFollowQueues",
        does: "after a change a queue may cache 102400 messages divided by the member's queues, before 1024 (#1140) \
            (`consumer/push_consumer.go:messageQueueChanged`)",
        has: [NO, NO, NO, YES],
        set: |_, go, has| go.thresholds_follow_queues = has,
    },
    Rule {
        name: "sendsBackAsNormal",
        does: "what cannot be sent back goes to the retry topic as a normal message; before, what a broker refuses to take \
            back counts as sent back, and is lost (#1107) \
            (`consumer/push_consumer.go:sendMessageBack`)",
        has: [NO, NO, NO, YES],
        set: |_, go, has| go.sends_back_as_normal = has,
    },
];

/// Puts the Go client into the settings, where `clientVersion` names it; and takes it out again, where it names a Java
/// client. Answers whether it is Go now.
///
/// # Errors
/// A release that is not modelled.
pub(in crate::scenario) fn read_go_version(
    fields: &Fields<'_>,
    client: &mut ClientSettings,
    consumer: &mut ConsumerSettings,
) -> Result<bool, Fault> {
    let Some(node) = fields.get("clientVersion") else { return Ok(client.go.is_some()) };
    let text = node.text("a version such as \"4.9.8\" or \"go-2.1.2\"")?;
    if !text.to_lowercase().starts_with("go") {
        if client.go.is_some() {
            defaults(client, consumer, false);
            client.go = None;
        }
        return Ok(false);
    }
    let Some(release) = RELEASES.iter().position(|name| *name == text) else {
        let allowed = format!("modelled are {}", RELEASES.join(", "));
        return Err(Fault::new(node.place, format!("Go client `{text}` is not modelled"), allowed));
    };
    defaults(client, consumer, true);
    let mut go = GoRules { version: RELEASES[release], ..GoRules::newest() };
    RULES.iter().for_each(|rule| (rule.set)(client, &mut go, rule.has[release]));
    client.go = Some(go);
    Ok(true)
}

/// The numbers in which every Go client differs from the Java one, or those of Java again. All else that has a setting is
/// the same in both.
fn defaults(client: &mut ClientSettings, consumer: &mut ConsumerSettings, go: bool) {
    let java = ClientSettings::default();
    let seconds = |of_go: u64, of_java: Span| if go { Span::from_secs(of_go) } else { of_java };
    // `_PullDelayTimeWhenError`, `_PullDelayTimeWhenSuspend`; the timeouts of `offset_store.go` and `sendMessageBack`.
    client.pull_time_delay_mills_when_exception = seconds(3, java.pull_time_delay_mills_when_exception);
    client.timers.pull_suspended_delay = seconds(30, java.timers.pull_suspended_delay);
    client.timers.broker_suspend_max_time = seconds(20, java.timers.broker_suspend_max_time);
    client.timers.offset_query_timeout = seconds(3, java.timers.offset_query_timeout);
    client.timers.admin_timeout = seconds(3, java.timers.admin_timeout);
    client.timers.send_back_timeout = seconds(3, java.timers.send_back_timeout);
    client.timers.pull_dispatch_delay = seconds(0, java.timers.pull_dispatch_delay);
    client.offset_illegal_repair_delay = seconds(10, java.offset_illegal_repair_delay);
    client.connect_timeout_millis = java.connect_timeout_millis;
    client.client_channel_max_idle_time_seconds = java.client_channel_max_idle_time_seconds;
    // `future.go:waitResponse` leaves the channel open.
    client.client_close_socket_if_timeout = !go && java.client_close_socket_if_timeout;
    client.use_heartbeat_v2 &= !go;
    // No rebalance loop, and so no early retry.
    client.retry_when_not_balanced = !go;
    // `push_consumer.go:validate`.
    let number = |of_go: u32, of_java: u32| if go { of_go } else { of_java };
    consumer.consume_concurrently_max_span = number(1_000, 2_000);
    consumer.pull_threshold_for_queue = number(1_024, 1_000);
    consumer.pull_threshold_size_for_queue_mib = number(512, 100);
    consumer.pull_threshold_for_topic = go.then_some(102_400);
    consumer.pull_threshold_size_for_topic_mib = go.then_some(51_200);
}

/// Refuses what the Go client has not, and what is not modelled of it.
///
/// # Errors
/// The first of these, with the key that says it.
pub(in crate::scenario) fn check_go(
    fields: &Fields<'_>,
    (client, consumer): (&ClientSettings, &ConsumerSettings),
    listener: &Listener,
) -> Result<(), Fault> {
    if client.go.is_none() {
        return Ok(());
    }
    let orderly = listener.orderly.as_ref();
    let no_auto_commit = orderly.is_some_and(|orderly| !orderly.auto_commit || orderly.rolls_back);
    let refused: [(bool, &[&str], &str); 4] = [
        (consumer.lite_pull.is_some(), &["class"], "the Go client is a push consumer"),
        (consumer.chosen_offset_store.is_some(), &["offsetStore"], "the Go client has no offset store but its own"),
        (client.use_heartbeat_v2, &["useHeartbeatV2"], "the Go client has no second version of heartbeats"),
        (
            no_auto_commit,
            &["autoCommit", "rollsBack", "orderly", "listener"],
            "an orderly listener of the Go client \
            that commits by itself or rolls back is not modelled",
        ),
    ];
    for (is, keys, problem) in refused {
        if is {
            let said = keys.iter().chain(&["clientVersion"]).find_map(|key| fields.get(key));
            let place = said.map_or(fields.place, |node| node.place);
            return Err(Fault::new(place, problem, "leave it out, or name a Java client as clientVersion"));
        }
    }
    Ok(())
}

/// All releases of the Go client, oldest first, with the rules that they have.
pub(super) fn go_versions() -> impl Iterator<Item = ClientVersion> {
    releases_by_rules(&RELEASES, RULES.iter().map(|rule| (rule.name, rule.does, rule.has.as_slice())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_tells_releases_apart_and_has_its_source() {
        for rule in RULES {
            assert!(rule.has.contains(&true) && rule.has.contains(&false), "{} tells releases apart", rule.name);
            assert!(rule.does.contains(".go:"), "{}: {}", rule.name, rule.does);
        }
    }
}
