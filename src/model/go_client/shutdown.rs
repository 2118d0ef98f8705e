//! `Shutdown` (`consumer/push_consumer.go:Shutdown`, `consumer/consumer.go:shutdown`, `internal/client.go:Shutdown`).
//!
//! Brokers are told nothing: a member is one until its connection ends. The connections are closed by the last consumer of
//! the process; while another one is left, the brokers count the member until its heartbeats have been missing for 120 s.
//! What was sent before a connection was closed is done: a broker reads it before the FIN, and whoever does it does not ask
//! whether the connection is still there (recorded: the commit counts, and its answer cannot be written).

use crate::model::consumer::State;
use crate::model::instance::ClientProcess;
use crate::model::network::{OrderlyWait, Request};
use crate::model::observation::{CommitPath, Detail, End, Observation, Release};
use crate::model::outside::Outside;

impl ClientProcess {
    /// Step 1: pull loops and tickers end. Step 2: orderly queues are unlocked, before they are dropped and while their
    /// listeners run.
    pub(super) fn go_shutdown(&mut self, out: &mut Outside<'_>, at: usize) {
        let consumer = self.consumers[at].index;
        match self.consumers[at].state {
            State::Running => {}
            State::Starting => return self.end_consumer(out, at, End::Killed),
            _ => return,
        }
        out.see(Observation::ConsumerStopping { consumer });
        self.consumers[at].state = State::Stopping;
        if self.consumers[at].uses_locks(out) && self.go().rules.unlocks_at_shutdown {
            let round = self.consumers[at].queues_by_broker(out, true);
            for &queue in round.iter().flat_map(|(_, queues)| queues.iter()) {
                out.see_detail(Detail::UnlockedAtShutdown { consumer, queue });
            }
            self.go().member(at).orderly.unlocking = round.into();
        }
        self.go_unlock_next(out, at);
    }

    fn go_unlock_next(&mut self, out: &mut Outside<'_>, at: usize) {
        let Some((name, queues)) = self.go().member(at).orderly.unlocking.front().cloned() else {
            return self.go_leave(out, at);
        };
        let client = &self.consumers[at];
        let request = Request::UnlockBatch { group: client.group, client: client.client, queues };
        client.ask_about_locks(out, name, request, OrderlyWait::UnlockAll);
    }

    /// A broker has unlocked, or did not answer.
    pub(super) fn go_unlock_all_answered(&mut self, out: &mut Outside<'_>, at: usize) {
        self.go().member(at).orderly.unlocking.pop_front();
        self.go_unlock_next(out, at);
    }

    /// Steps 3 to 6: forgotten by the client, the queues dropped, their offsets sent, the connections closed if nobody
    /// else uses them.
    fn go_leave(&mut self, out: &mut Outside<'_>, at: usize) {
        let client = &mut self.consumers[at];
        let consumer = client.index;
        client.persist_all(out, CommitPath::Shutdown);
        // `persist` returns when the file is written.
        out.disks.write_is_over(consumer);
        client.state = State::Unregistered;
        for (queue, number) in std::mem::take(&mut client.table) {
            client.process_queues[number as usize].drop_queue();
            out.see(Observation::QueueReleased { consumer, queue, release: Release::Shutdown });
        }
        let others = self.consumers.iter().enumerate().any(|(other, consumer)| other != at && consumer.is_up());
        if !others || self.go().rules.first_shutdown_closes_all {
            let (host, _) = out.instance_seat(consumer);
            let open: Vec<_> = out.machines[host.at()].channels.values().collect();
            for connection in open {
                out.connections[connection].said_last = true;
                out.close_client_end(connection, true);
            }
        }
        self.go().members.remove(&at);
        self.end_consumer(out, at, End::Shutdown);
    }
}
