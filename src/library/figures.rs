//! The figures by name, as constants with their unit: the one table of figures once more, and a test holds both
//! together.

use std::borrow::Cow;

use super::figure::{Counts, Figure, Shares, Spans};

/// Writes a constant for each name.
macro_rules! figures {
    ($($unit:ident: $($(#[$meaning:meta])* $constant:ident $name:literal,)*;)*) => {
        $(
            #[allow(non_upper_case_globals, reason = "a figure reads as a variant: `Figure::Lost`")]
            impl Figure<$unit> {
                $($(#[$meaning])* pub const $constant: Self = Self::known(Cow::Borrowed($name));)*
            }
        )*

        /// Name of the constant, name of the figure, and whether its unit is that of the table.
        #[cfg(test)]
        const ALL: &[(&str, &str, fn(crate::check::Unit) -> bool)] =
            &[$($((stringify!($constant), $name, <$unit as super::figure::FigureUnit>::holds),)*)*];
    };
}

figures! {
    Counts:
        /// `lost`: messages that no listener got: a commit passed over them then, or a broker lost them then.
        Lost "lost",
        /// `skipped`: messages that a start rule, an offset repair or an operator passed over then.
        Skipped "skipped",
        /// `undelivered`: readable messages that no listener had got at the end of the run.
        Undelivered "undelivered",
        /// `delivered`: messages handed to listeners, each time counted.
        Delivered "delivered",
        /// `duplicates`: deliveries of messages that a listener had been given before.
        Duplicates "duplicates",
        /// `retried`: deliveries of copies that came back through %RETRY%.
        Retried "retried",
        /// `dead_lettered`: messages put into the dead-letter queue.
        DeadLettered "dead_lettered",
        /// `acknowledged_lost`: messages acknowledged to a producer that no broker has any more.
        AcknowledgedLost "acknowledged_lost",
        /// `sends_failed`: messages whose last attempt to be sent failed: their application was told.
        SendsFailed "sends_failed",
        /// `sends_in_doubt`: messages answered with FLUSH_SLAVE_TIMEOUT or FLUSH_DISK_TIMEOUT: one page cache has
        /// them.
        SendsInDoubt "sends_in_doubt",
        /// `stored_twice`: messages stored again by a producer that did not hear that they had been.
        StoredTwice "stored_twice",
        /// `deleted_unread`: messages that retention or an operator deleted before a group that had started got them.
        DeletedUnread "deleted_unread",
        /// `hidden`: messages stored in queues that no consumer was shown then.
        Hidden "hidden",
        /// `start_failed`: consumers whose start() threw: their processes ended.
        StartFailed "start_failed",
        /// `lag.max`: most messages that were readable and not committed, all queues of a group together, worst
        /// group.
        LagMax "lag.max",
        /// `lag.end`: messages readable and not committed as the window ended, all queues of a group together, worst
        /// group.
        LagEnd "lag.end",
        /// `stalled.count`: how many stalls.
        StalledCount "stalled.count",
        /// `pulls_refused`: pulls refused by a broker (codes 16 and 24 to 26).
        PullsRefused "pulls_refused",
        /// `moved_queues`: queues whose owners differ between the beginning and the end.
        MovedQueues "moved_queues",
        /// `moved_queues.least`: the fewest that had to move to be even again.
        MovedQueuesLeast "moved_queues.least",
        /// `balance.max_min`: most less fewest queues on a member at the end, worst topic.
        BalanceMaxMin "balance.max_min",
        /// `balance.total_max_min`: most less fewest queues on a member at the end, all topics together, worst group.
        BalanceTotalMaxMin "balance.total_max_min",
        /// `balance.idle_members`: members without any queue at the end.
        BalanceIdleMembers "balance.idle_members",
        /// `commits_backwards`: commits that took an offset back.
        CommitsBackwards "commits_backwards",
        /// `commits_backwards.max`: messages the largest of them took back.
        CommitsBackwardsMax "commits_backwards.max",
        /// `commands_refused`: commands of an operator that a broker refused, or that changed nothing there.
        CommandsRefused "commands_refused",
        /// `notifications`: CHANGE notifications that reached clients.
        Notifications "notifications",
        /// `heartbeats`: heartbeats that brokers handled.
        Heartbeats "heartbeats",
        /// `list_requests`: member lists that brokers were asked for.
        ListRequests "list_requests",
        /// `list_requests.peak`: member lists asked for in the busiest second.
        ListRequestsPeak "list_requests.peak",
        /// `rejected`: requests that brokers were too busy for.
        Rejected "rejected",
        /// `held.max`: most messages that one member had popped and that were not done with.
        HeldMax "held.max",
        /// `ack_late`: acknowledgements that came after their message had become visible again.
        AckLate "ack_late",
    ;
    Spans:
        /// `catch_up`: longest time in which a group's lag stood above what it was before the phase, or until the run
        /// ended.
        CatchUp "catch_up",
        /// `latency.p99`: time from stored to handed to a listener for the first time, that 99 of 100 messages did
        /// not exceed.
        LatencyP99 "latency.p99",
        /// `latency.max`: longest time from stored to handed to a listener for the first time.
        LatencyMax "latency.max",
        /// `stalled.max`: longest stall of a queue.
        StalledMax "stalled.max",
        /// `stalled.total`: stalled time, summed over queues.
        StalledTotal "stalled.total",
        /// `idle.max`: longest stretch in which a queue's messages were not handed out.
        IdleMax "idle.max",
        /// `unowned.max`: longest stretch in which a queue had no live owner.
        UnownedMax "unowned.max",
        /// `unowned.total`: time without a live owner, summed over queues.
        UnownedTotal "unowned.total",
        /// `double_owned.max`: longest stretch in which a queue had two or more live owners.
        DoubleOwnedMax "double_owned.max",
        /// `double_owned.total`: time with two or more live owners, summed over queues.
        DoubleOwnedTotal "double_owned.total",
        /// `redelivery.max`: longest time from the end of a message's invisible time to its next pop.
        RedeliveryMax "redelivery.max",
        /// `revive_lag.max`: longest time from the end of a message's invisible time to its copy in the retry topic.
        ReviveLagMax "revive_lag.max",
        /// `settle`: from the beginning to the last change of ownership.
        Settle "settle",
        /// `pool_wait.max`: longest wait of a request for a broker's thread.
        PoolWaitMax "pool_wait.max",
        /// `route.stale.max`: longest time in which a client's queues of a topic were not what its name servers told.
        RouteStaleMax "route.stale.max",
        /// `route.disagree.max`: longest time in which members of a group saw different queues of a topic.
        RouteDisagreeMax "route.disagree.max",
        /// `route.disagree.total`: that time, summed over groups and topics.
        RouteDisagreeTotal "route.disagree.total",
        /// `route.disagree.unowned`: time without a live owner of the topic's queues meanwhile, summed over queues.
        RouteDisagreeUnowned "route.disagree.unowned",
        /// `route.disagree.double_owned`: time with two or more live owners meanwhile, summed over queues.
        RouteDisagreeDoubleOwned "route.disagree.double_owned",
    ;
    Shares:
        /// `balance.jain`: Jain's fairness index over all topics at the end; 1 is even.
        BalanceJain "balance.jain",
        /// `share.least`: the least share of all hand-outs that a member had which ran all the time.
        ShareLeast "share.least",
        /// `share.most`: the largest share of all hand-outs that a member had which ran all the time.
        ShareMost "share.most",
    ;
}

#[cfg(test)]
mod tests {
    use super::ALL;
    use crate::check::known_figures;

    #[test]
    fn every_figure_of_the_table_is_a_constant_in_its_unit() {
        let camel = |name: &str| {
            let parts = name.split(['.', '_']).map(|part| part[..1].to_uppercase() + &part[1..]);
            parts.collect::<String>()
        };
        for figure in known_figures() {
            let (constant, _, holds) =
                ALL.iter().find(|(_, name, _)| *name == figure.name).unwrap_or_else(|| panic!("{} lacks", figure.name));
            assert_eq!(*constant, camel(figure.name));
            assert!(holds(figure.unit), "{} counts {:?}", figure.name, figure.unit);
        }
        assert_eq!(ALL.len(), known_figures().count());
    }
}
