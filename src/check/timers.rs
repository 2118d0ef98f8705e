//! Timers: for how long what happened to one process shows in what others do, by the settings of the plan. Where members
//! have different settings, the longest counts.

use crate::kernel::Span;
use crate::model::plan::{ClientSettings, Plan};

/// How long things take to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Timers {
    /// What happened to a member shows in others' rebalances: one `rebalance.waitInterval`, and the calls of a round.
    pub recent: Span,
    /// Routes are polled every `pollNameServerInterval` and acted on at the next rebalance (trap E17).
    pub route_skew: Span,
    /// Every client has polled the routes by then: one `pollNameServerInterval`, and the calls.
    pub polled: Span,
    /// What name servers told works so long: one poll, and one rebalance.
    pub after_effect: Span,
    /// Every client's timer heartbeat has come by then: two rounds of `heartbeatBrokerInterval`.
    pub heartbeats: Span,
    /// A pull that failed is tried again, and fails again by then: `pullTimeDelayMillsWhenException`, and the timeout of a
    /// pull that a broker holds.
    pub pull_tried_again: Span,
    /// A queue just taken is first pulled after the dispatch delay, and the answer needs a moment more.
    pub first_pull: Span,
    /// After a name server came up, routes can be partial until all brokers have registered (`registerNameServerPeriod`).
    pub partial_routes: Span,
    /// Who was refused a lock asks again by then: at its next rebalance, and the calls.
    pub lock_asked_again: Span,
    /// An old owner hears by then that its lock is gone: one `rebalance.lockInterval`, or its listener returns.
    pub lock_echo: Span,
    /// What a zombie did may come twice: it consumes and commits from its old offsets until its next rebalance.
    pub zombie_echo: Span,
    /// A survivor that hears of a death takes over before: `rebalance.minInterval`, but for the calls.
    pub at_once: Span,
    /// Two members that are woken by one event have both rebalanced by then: `rebalance.minInterval`, and the calls.
    pub one_round: Span,
    /// What a listener finished is committed by then, where nothing holds the offset: two rounds of
    /// `persistConsumerOffsetInterval`.
    pub persisted: Span,
    /// A rebalance that ended unbalanced is done again by then: `rebalance.minInterval`, and the calls of a round.
    pub again: Span,
    /// Rules that differ show where no hand-over lasts so long.
    pub strategies: Span,
}

impl Timers {
    /// Those of a plan.
    pub fn new(plan: &Plan) -> Self {
        let members = || plan.consumers.iter().chain(&plan.releases);
        let longest =
            |of: fn(&ClientSettings) -> Span| members().map(|member| of(&member.client)).max().unwrap_or_default();
        let wait = longest(|client| client.timers.rebalance_wait_interval);
        let round = longest(|client| client.timers.rebalance_min_interval);
        let calls = longest(|client| client.mq_client_api_timeout) + Span::from_secs(2);
        let poll = longest(|client| client.poll_name_server_interval);
        let pull =
            longest(|client| client.timers.consumer_timeout_when_suspend + client.pull_time_delay_mills_when_exception);
        let registers = plan.brokers.iter().map(|broker| broker.settings.registration_period()).max();
        Self {
            recent: wait + calls,
            route_skew: poll + wait + Span::from_secs(2),
            polled: poll + calls,
            after_effect: poll + wait + Span::from_secs(1),
            heartbeats: longest(|client| client.heartbeat_broker_interval).saturating_mul(2),
            pull_tried_again: pull + Span::from_secs(4),
            first_pull: longest(|client| client.timers.pull_dispatch_delay) + Span::from_millis(20),
            partial_routes: registers.unwrap_or_default() + Span::from_secs(5),
            lock_asked_again: longest(|client| match client.retry_when_not_balanced {
                true => client.timers.rebalance_min_interval,
                false => client.timers.rebalance_wait_interval,
            }) + calls,
            lock_echo: longest(|client| client.timers.orderly.lock_interval) + Span::from_secs(10),
            zombie_echo: wait + Span::from_secs(10),
            at_once: round.saturating_sub(Span::from_millis(100)),
            one_round: round + Span::from_millis(1_500),
            strategies: round + Span::from_secs(4),
            persisted: longest(|client| client.persist_consumer_offset_interval).saturating_mul(2),
            again: round + Span::from_secs(4),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::tests::plan;

    #[test]
    fn longer_timers_take_longer_to_show() {
        let defaults = Timers::new(&plan());
        assert_eq!([defaults.recent, defaults.route_skew, defaults.heartbeats], [25, 52, 60].map(Span::from_secs));
        let mut slow = plan();
        slow.consumers[1].client.timers.rebalance_wait_interval = Span::from_secs(50);
        slow.consumers[2].client.poll_name_server_interval = Span::from_secs(90);
        let slow = Timers::new(&slow);
        assert_eq!([slow.recent, slow.route_skew, slow.heartbeats], [55, 142, 60].map(Span::from_secs));
    }
}
