//! Netty's event loops of brokers (`NettyServerNIOSelector`): each connection belongs to one, which reads and writes for it,
//! one thing after the other.
//!
//! ```text
//!   thread of a pool --answer, notification--> event loop of the connection: waits its turn, works --> link
//! ```
//! They take time where the costs of requests are the measured ones ([`BrokerCosts::Measured`]). What a request costs an event
//! loop is known as one sum for reading and writing; it is spent when the answer is written, so that of a request without an
//! answer nothing is counted.

use std::collections::BTreeMap;

use super::network::{Payload, Request, Response};
use super::outside::Outside;
use super::plan::{BrokerCosts, BrokerIndex, Cost, Host};
use crate::kernel::{Instant, Span};
use crate::model::ids::ConnectionId;

/// The event loops of one broker, in one life.
#[derive(Debug, Default)]
struct OfBroker {
    /// Until when each has to do.
    free: Vec<Instant>,
    /// Which reads and writes for a connection: the next in turn when it is first written to.
    of: BTreeMap<ConnectionId, usize>,
}

/// Those of all brokers that have worked.
#[derive(Debug, Default)]
pub(super) struct EventLoops(BTreeMap<BrokerIndex, OfBroker>);

impl EventLoops {
    /// The event loop of a connection works from a moment on, when it is free; answers when it has done so.
    fn work(
        &mut self,
        broker: BrokerIndex,
        threads: u32,
        connection: ConnectionId,
        from: Instant,
        work: Span,
    ) -> Instant {
        let loops = self.0.entry(broker).or_default();
        loops.free.resize(threads as usize, Instant::ZERO);
        let next = loops.of.len() % loops.free.len();
        let own = *loops.of.entry(connection).or_insert(next);
        let free = &mut loops.free[own];
        *free = (*free).max(from) + work;
        *free
    }

    /// The broker's process ends.
    pub fn forget(&mut self, broker: BrokerIndex) {
        self.0.remove(&broker);
    }
}

impl Outside<'_> {
    /// How long after `extra` a message of a broker leaves its event loop; `extra` itself where none has to work for it.
    pub(super) fn through_event_loop(&mut self, connection: ConnectionId, payload: &Payload, extra: Span) -> Span {
        let environment = self.environment();
        if environment.broker_processors.is_none() || environment.broker_costs == BrokerCosts::AsSet {
            return extra;
        }
        let (Host::Broker(broker), Some(work)) =
            (self.role(self.connections[connection].server), self.event_loop_work(payload))
        else {
            return extra;
        };
        let (now, threads) = (self.now(), self.plan.brokers[broker.at()].settings.server_selector_threads);
        self.event_loops.work(broker, threads, connection, now + extra, work).since(now)
    }

    /// What an event loop works for a message that a broker sends.
    fn event_loop_work(&self, payload: &Payload) -> Option<Span> {
        let cost = match payload {
            Payload::Request(_, Request::NotifyConsumerIdsChanged { .. }) => Cost::NOTIFICATION,
            Payload::Response(_, Response::ConsumerList(_)) => Cost::CONSUMER_LIST,
            Payload::Response(_, Response::Offset { .. }) => Cost::QUERY_OFFSET,
            // No other was told apart from heartbeats.
            Payload::Request(..) | Payload::Response(..) => Cost::HEARTBEAT,
            Payload::Syn | Payload::SynAck | Payload::ConnectRefused | Payload::Fin => return None,
        };
        let entries = match payload {
            Payload::Response(_, Response::ConsumerList(Some(list))) => self.views.member_list(*list).len(),
            _ => 0,
        };
        Some(cost.event_loop + cost.entry.saturating_mul(entries as u64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three connections on two event loops: the third waits for the first, and the second for nobody.
    #[test]
    fn an_event_loop_works_for_one_connection_after_the_other() {
        let mut loops = EventLoops::default();
        let (ms, span) = (Instant::from_millis, Span::from_millis);
        let rows = [(0, 10, 5, 15), (1, 10, 5, 15), (2, 10, 5, 20), (0, 12, 5, 25), (1, 30, 5, 35)];
        for (connection, from, work, until) in rows {
            let done = loops.work(BrokerIndex(0), 2, ConnectionId::of(connection), ms(from), span(work));
            assert_eq!(done, ms(until), "connection {connection} from {from}");
        }
        loops.forget(BrokerIndex(0));
        assert_eq!(loops.work(BrokerIndex(0), 2, ConnectionId::of(2), ms(1), span(1)), ms(2), "another life");
    }
}
