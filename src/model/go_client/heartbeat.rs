//! Heartbeats: one round after the other under a mutex for which everybody waits
//! (`internal/client.go:SendHeartbeatToAllBrokerWithLock`).

use std::collections::VecDeque;

use crate::model::instance::ClientProcess;
use crate::model::network::Waiter;
use crate::model::outside::Outside;
use crate::model::plan::BrokerIndex;

/// Who waits for a round to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RoundOf {
    /// Nobody but the ticker.
    Ticker,
    /// The `Start` of this consumer.
    Start(usize),
    /// The rebalance that holds the rebalance mutex.
    Rebalance,
}

/// The mutex, and the round of whoever holds it.
#[derive(Debug, Default)]
pub(super) struct Heartbeats {
    /// Whose round it is, and the brokers to come, the next one last.
    round: Option<(RoundOf, Vec<BrokerIndex>)>,
    waiting: VecDeque<RoundOf>,
}

impl ClientProcess {
    /// A round begins, or waits for its turn: none is left out.
    pub(super) fn go_heartbeat(&mut self, out: &mut Outside<'_>, of: RoundOf) {
        let heartbeats = &mut self.go().heartbeats;
        heartbeats.waiting.push_back(of);
        if heartbeats.round.is_none() {
            self.go_next_round(out);
        }
    }

    fn go_next_round(&mut self, out: &mut Outside<'_>) {
        let Some(of) = self.go().heartbeats.waiting.pop_front() else { return };
        let owner = self.owner_at();
        let mut brokers: Vec<BrokerIndex> = match self.any_is_registered() {
            true => self.consumers[owner].broker_order(&out.names),
            false => Vec::new(),
        };
        self.go().in_map_order(&mut brokers);
        self.go().heartbeats.round = Some((of, brokers));
        self.go_next_heartbeat(out);
    }

    fn go_next_heartbeat(&mut self, out: &mut Outside<'_>) {
        let consumer = self.instance.owner;
        let (host, epoch) = out.instance_seat(consumer);
        let (of, brokers) = self.go().heartbeats.round.as_ref().expect("a round is under way");
        let Some(&broker) = brokers.last() else {
            let of = *of;
            self.go().heartbeats.round = None;
            self.go_next_round(out);
            return match of {
                RoundOf::Ticker => self.go_ticked_heartbeats(out),
                RoundOf::Start(at) => self.go_started(out, at),
                RoundOf::Rebalance => self.go_topic_done(out),
            };
        };
        let timeout = out.planned(consumer).client.mq_client_api_timeout;
        let request = self.heartbeat_data(out, None);
        out.call(host, out.broker_host(broker), request, timeout, Waiter::Heartbeat { consumer, epoch });
    }

    /// A broker answered, or did not: the next one's turn comes.
    pub(super) fn go_heartbeat_answered(&mut self, out: &mut Outside<'_>) {
        let (_, brokers) = self.go().heartbeats.round.as_mut().expect("a round is under way");
        brokers.pop();
        self.go_next_heartbeat(out);
    }
}
