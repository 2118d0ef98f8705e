//! What a figure is, in the few words that fit beside its numbers. `check::known_figures` says it whole.

/// Figures and their few words.
const GLOSSES: [(&str, &str); 55] = [
    ("lost", "messages that no listener got"),
    ("skipped", "messages passed over"),
    ("undelivered", "messages not yet handed out at the end"),
    ("delivered", "messages handed out"),
    ("duplicates", "messages handed out again"),
    ("retried", "messages that came back by %RETRY%"),
    ("dead_lettered", "messages in the dead-letter queue"),
    ("acknowledged_lost", "acknowledged messages that are gone"),
    ("sends_failed", "messages that could not be sent"),
    ("sends_in_doubt", "messages sent that one page cache has"),
    ("stored_twice", "messages sent once and stored again"),
    ("deleted_unread", "messages that retention deleted unread"),
    ("hidden", "messages in queues nobody was shown"),
    ("start_failed", "consumers whose start() threw"),
    ("lag.max", "most messages not committed, of a group"),
    ("lag.end", "messages not committed at the end"),
    ("catch_up", "until lag was what it had been before"),
    ("latency.p99", "stored to handed out, 99 of 100"),
    ("latency.max", "stored to handed out, the latest"),
    ("stalled.max", "longest stall of a queue"),
    ("stalled.total", "stalled time of all queues"),
    ("stalled.count", "stalls"),
    ("idle.max", "longest silence of a queue"),
    ("unowned.max", "longest time of a queue without owner"),
    ("unowned.total", "time without owner, of all queues"),
    ("double_owned.max", "longest time of a queue with two owners"),
    ("double_owned.total", "time with two owners, of all queues"),
    ("moved_queues", "queues that changed owners"),
    ("moved_queues.least", "queues that had to change owners"),
    ("settle", "until the last change of owners"),
    ("balance.max_min", "most less fewest, of the worst topic"),
    ("balance.total_max_min", "most less fewest, all topics together"),
    ("balance.idle_members", "members without a queue at the end"),
    ("balance.jain", "evenness at the end; 1 is even"),
    ("commits_backwards", "commits that took an offset back"),
    ("commits_backwards.max", "messages the largest took back"),
    ("pulls_refused", "pulls that a broker refused"),
    ("commands_refused", "operator's commands without effect"),
    ("notifications", "CHANGE notifications"),
    ("heartbeats", "heartbeats"),
    ("list_requests", "requests for member lists"),
    ("list_requests.peak", "the same in the busiest second"),
    ("pool_wait.max", "longest wait for a broker's thread"),
    ("rejected", "requests brokers were too busy for"),
    ("route.stale.max", "longest time with an old route"),
    ("route.disagree.max", "longest time with different routes"),
    ("route.disagree.total", "the same over groups and topics"),
    ("route.disagree.unowned", "meanwhile without owner, of all queues"),
    ("route.disagree.double_owned", "meanwhile with two owners, of all queues"),
    ("redelivery.max", "visible again to popped again, longest"),
    ("revive_lag.max", "visible again to revived, longest"),
    ("held.max", "most popped messages of one member"),
    ("ack_late", "acknowledged after the invisible time"),
    ("share.least", "least share of the work of a member"),
    ("share.most", "largest share of the work of a member"),
];

/// The few words; none for what is counted by its own word, as `trap.E3`.
pub(super) fn gloss(figure: &str) -> &'static str {
    let whole = figure.split('@').next();
    match GLOSSES.iter().find(|(name, _)| Some(*name) == whole) {
        Some((_, words)) => words,
        None => "times seen in the whole run",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_figure_has_its_few_words() {
        let known: BTreeSet<&str> = crate::check::known_figures().map(|figure| figure.name).collect();
        assert_eq!(known, GLOSSES.map(|(name, _)| name).into());
        assert!(GLOSSES.iter().all(|(_, words)| words.len() <= 40));
    }
}
