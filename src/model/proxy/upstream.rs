//! How a proxy reaches brokers and name servers, and what it goes on with when they answer.
//!
//! A proxy in a broker's process calls that broker's processors (`LocalMessageService`): nothing is under way, and no pool of
//! the broker has to have a thread for it.

use super::handles::HandleKey;
use super::receive::Receiving;
use super::{Asker, Proxy, Site};
use crate::kernel::Span;
use crate::model::ids::{ConnectionId, HostId};
use crate::model::network::{Call, OfProxy, PopHandle, Request, Waiter};
use crate::model::notice::Notice;
use crate::model::outside::Outside;
use crate::model::plan::{BrokerIndex, ConsumerIndex, GroupIndex, NameServerIndex, TopicIndex};

/// The time-out of an acknowledgement and its like (`MessagingProcessor.DEFAULT_TIMEOUT_MILLS`).
const TIMEOUT: Span = Span::from_secs(2);
/// A call within a process has none; this is longer than any pop waits.
const NEVER: Span = Span::from_secs(3_600);

/// What a proxy goes on with.
#[derive(Debug)]
pub(super) enum Task {
    /// A topic's route.
    Route { topic: TopicIndex },
    /// What a client receives.
    Receive(Receiving),
    /// A client's acknowledgement.
    Ack { to: Asker },
    /// A client's wish for another invisible time; `old`: the handle that it named.
    Change { to: Asker, key: HandleKey, old: PopHandle },
    /// A message that a client, or without one the proxy itself, sends to the dead-letter queue.
    DeadLetter { to: Option<Asker>, consumer: ConsumerIndex, group: GroupIndex, handle: PopHandle },
    /// A renewal.
    Renew { key: HandleKey },
    /// Nobody looks at the answer.
    Nobody,
}

impl Proxy {
    fn wait_for(&mut self, task: Task) -> u32 {
        self.memory.last_task += 1;
        self.memory.tasks.insert(self.memory.last_task, task);
        self.memory.last_task
    }

    /// Asks a broker what a client wants of a message, with the time-out of that.
    pub(super) fn ask(&mut self, out: &mut Outside<'_>, broker: BrokerIndex, what: OfProxy, task: Task) {
        self.ask_for(out, broker, (Request::OfProxy(what), TIMEOUT), task);
    }

    /// Asks a broker.
    pub(super) fn ask_for(
        &mut self,
        out: &mut Outside<'_>,
        broker: BrokerIndex,
        (request, timeout): (Request, Span),
        task: Task,
    ) {
        let (proxy, epoch, host) = (self.index, self.life, self.host(out));
        let task = self.wait_for(task);
        let waiter = Waiter::Proxy { proxy, epoch, task };
        match self.site {
            Site::Cluster => out.call_async(host, out.broker_host(broker), request, timeout, waiter),
            Site::Local(own) => {
                let connection = self.in_process(out, host);
                let timer = crate::model::event::NetworkEvent::CallFailed { slot: u32::MAX, generation: 0 };
                let until = out.now() + NEVER;
                let timer = out.agenda.schedule(until, timer.into());
                let (synchronous, stored, late, began) = (false, false, false, out.now());
                let call = Call { connection, waiter, synchronous, stored, late, began, until, timer };
                let call = out.calls.begin(call);
                out.tell(Notice::AskedInProcess { broker: own, connection, call, request });
            }
        }
    }

    /// What stands for the way within its process: a connection of the host with itself, on which nothing travels.
    pub(super) fn in_process(&mut self, out: &mut Outside<'_>, host: HostId) -> ConnectionId {
        *self.memory.in_process.get_or_insert_with(|| {
            let link = out.links.number(host, host);
            let connection = out.connections.open(host, out.epoch(host), host, link, out.now());
            let end = &mut out.connections[connection];
            (end.handshake, end.server_open) = (None, true);
            connection
        })
    }

    /// Asks a name server for a route.
    pub(super) fn ask_name_server(&mut self, out: &mut Outside<'_>, topic: TopicIndex) {
        const ROUTE_TIMEOUT: Span = Span::from_secs(3);
        let (proxy, epoch, host) = (self.index, self.life, self.host(out));
        let chosen = out.name_server_of(host, self.memory.name_server);
        self.memory.name_server = chosen;
        let task = self.wait_for(Task::Route { topic });
        let to = out.name_server_host(NameServerIndex(chosen.0));
        out.call_async(host, to, Request::GetRoute { topic }, ROUTE_TIMEOUT, Waiter::Proxy { proxy, epoch, task });
    }

    /// The broker that has a message of a handle, as far as this proxy knows.
    pub(super) fn broker_of(&self, out: &Outside<'_>, handle: &PopHandle) -> Option<BrokerIndex> {
        match self.site {
            Site::Local(own) => Some(own),
            Site::Cluster => {
                let topic = out.names.first_topic(out.names.queue(handle.queue).topic);
                self.memory.routes.broker(topic, handle.broker)
            }
        }
    }
}
