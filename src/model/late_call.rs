//! Synchronous calls whose connection has to be made first (`NettyRemotingClient.invokeSync`, and `dialing` for the Go client).
//!
//! A Java thread waits in `getAndCreateChannel` until the connection stands or has failed, however short the call's own
//! time-out is. If that is over by then, the request is not sent any more. And a connection that came too late for an answer
//! has not failed: from 5.1.4 on it is kept.

use super::event::NetworkEvent;
use super::network::{Call, CallId, Payload};
use super::outside::Outside;
use super::plan::Host;
use crate::kernel::Span;

/// A connection is kept that left its call so much time or less (`MIN_CLOSE_TIMEOUT_MILLIS`)...
const MIN_CLOSE_TIMEOUT: Span = Span::from_millis(100);

/// ...and such a part of its time-out or less.
const PART_OF_TIMEOUT: u64 = 4;

impl Outside<'_> {
    /// A call's time is over. Its thread does not know it while it waits for the connection.
    pub(super) fn waits_for_its_connection(&self, id: CallId) -> bool {
        let waits = self
            .calls
            .get(id)
            .is_some_and(|call| call.synchronous && self.connections[call.connection].is_connecting());
        waits || !self.dialing.is_empty() && self.waits_for_dial(id)
    }

    /// The connection stands for which this has waited: whether it is sent now. A call whose time is over fails instead.
    pub(super) fn leaves_in_time(&mut self, payload: &Payload) -> bool {
        let Payload::Request(Some(id), _) = payload else { return true };
        let now = self.now();
        let Some(call) = self.calls.get_mut(*id).filter(|call| call.synchronous) else { return true };
        let (timeout, left) = (call.until.since(call.began), call.until.since(now.min(call.until)));
        call.late = left <= MIN_CLOSE_TIMEOUT && left.as_nanos() <= timeout.as_nanos() / PART_OF_TIMEOUT;
        let in_time = now < call.until;
        if !in_time {
            let CallId { slot, generation } = *id;
            self.after(Span::ZERO, NetworkEvent::CallTimedOut { slot, generation }.into());
        }
        in_time
    }

    /// Whether a synchronous call that timed out closes its connection (`shouldClose`).
    pub(super) fn closes_on_timeout(&self, call: &Call) -> bool {
        match self.role(self.connections[call.connection].client) {
            Host::Consumer(consumer) => {
                let client = &self.planned(consumer).client;
                client.client_close_socket_if_timeout && (!call.late || client.rules.late_connection_closes)
            }
            _ => !call.late,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::event::Event;
    use crate::model::ids::{BrokerIndex, ConsumerIndex};
    use crate::model::instance::testing::at;
    use crate::model::network::{Request, Waiter};
    use crate::model::testing::{hear, outside, plan};

    /// A call has so many ms, its connection is made after so many, and by rule a late one is closed too: whether the request
    /// is sent, whether the call fails at that moment, and whether a time-out closes the connection.
    #[test]
    fn a_connection_that_was_made_late_is_kept() {
        let rows = [
            (3_000, 10, false, (true, false), true),
            (3_000, 2_899, false, (true, false), true),
            (3_000, 2_900, false, (true, false), false),
            (3_000, 2_900, true, (true, false), true),
            (200, 149, false, (true, false), true),
            (200, 150, false, (true, false), false),
            (1_000, 1_000, false, (false, true), false),
            (1_000, 2_500, false, (false, true), false),
            (1_000, 2_500, true, (false, true), true),
        ];
        for (timeout, connected, closes_late, (sent, fails), closes) in rows {
            let mut plan = plan(1);
            plan.consumers[0].client.rules.late_connection_closes = closes_late;
            let mut out = outside(&plan);
            let consumer = ConsumerIndex(0);
            let (from, to) = (out.consumer_host(consumer), out.broker_host(BrokerIndex(0)));
            let (id, waiter) = (out.calls.next_id(), Waiter::Rebalance { consumer, epoch: 0 });
            out.call(from, to, Request::BrokerHeartbeat, Span::from_millis(timeout), waiter);
            hear(&mut out, at(connected));
            let row = format!("{timeout} ms, connected after {connected}");
            assert!(out.waits_for_its_connection(id), "{row}: its thread waits");
            let connection = out.calls.get(id).expect("it is under way").connection;
            out.connected(connection);
            let now = out.now();
            let failed = |(_, event): &(_, Event)| matches!(event, Event::Network(NetworkEvent::CallTimedOut { .. }));
            assert_eq!(hear(&mut out, now).due.iter().any(failed), fails, "{row}");
            assert!(!out.waits_for_its_connection(id), "{row}");
            assert_eq!(out.closes_on_timeout(out.calls.get(id).expect("it is under way")), closes, "{row}");
            let heard = hear(&mut out, at(connected + 10));
            let requests = heard.requests().len();
            assert_eq!(requests == 1, sent, "{row}");
        }
    }
}
