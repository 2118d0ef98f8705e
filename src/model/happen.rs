//! Which handler hears of which event: one `match`, and one more an actor; the compiler holds them complete.
//!
//! ```text
//!   Event --> does that life still go on? --> actor --> handler, named after the event
//! ```

use super::event::{Event, NetworkEvent, PodEvent, TimelineEvent};
use super::network::CallId;
use super::notice::Notice;
use super::outside::Outside;
use super::plan::{ConsumerIndex, ProxyIndex};
use super::world::World;
use crate::model::ids::HostId;

impl World<'_> {
    /// Lets everybody hear what was told during this event, and what is told because of it.
    pub(super) fn let_notices_arrive(&mut self) {
        while let Some(notice) = self.out.notices.pop_front() {
            match notice {
                Notice::ContainerEnded { consumer, end } => self.container_ended(consumer, end),
                Notice::BrokerBooted { broker, epoch } => self.broker_booted(broker, epoch),
                Notice::MasterElected { slave, epoch } => self.master_elected(slave, epoch),
                Notice::ReplicasChanged { master } => self.brokers[master.at()].replicas_changed(&mut self.out),
                Notice::Dispatched { slave, queue } => {
                    self.brokers[slave.at()].message_arriving(&mut self.out, queue);
                }
                Notice::OffsetsCountInstead { old, new, path } => self.offsets_count_instead((old, new), path),
                Notice::AskedInProcess { broker, connection, call, request } => {
                    self.brokers[broker.at()].asked_in_process(&mut self.out, connection, call, request);
                }
                Notice::AnsweredInProcess { call, response } => {
                    if let Some(call) = self.out.end_call(call) {
                        self.complete(call.waiter, call.stored, Ok(response));
                    }
                }
                Notice::SettingsSynced { proxy, consumer, subscriptions } => {
                    for (index, other) in ProxyIndex::number(&mut self.proxies) {
                        if index != proxy && self.out.machines[self.out.proxy_host(index).at()].running {
                            other.settings_synced(&self.out, consumer, &subscriptions);
                        }
                    }
                }
                Notice::GrpcMemberExpired { broker, channel } => {
                    if let Some(proxy) = self.proxies.get_mut(broker.at()) {
                        proxy.member_expired(&mut self.out, channel);
                    }
                }
            }
        }
    }

    /// Hands an event to its actor, if the life that it was planned in still goes on.
    pub(super) fn happen(&mut self, event: Event) {
        match event {
            Event::Timeline(what) => self.timeline_event(what),
            Event::ControllerTicked => self.controller_ticked(),
            Event::Network(what) => self.network_event(what),
            Event::Instance { consumer, epoch, what } if self.out.instance_lives(consumer, epoch) => {
                let (process, _, out) = self.process_of(consumer);
                process.instance_event(out, what);
            }
            Event::Consumer { consumer, epoch, what } if self.lives(consumer, epoch) => {
                let (process, at, out) = self.process_of(consumer);
                process.consumer_event(out, at, what);
            }
            Event::Pod { consumer, epoch, what } => self.pod_event(consumer, epoch, what),
            Event::Broker { broker, epoch, what } => self.brokers[broker.at()].event(&mut self.out, epoch, what),
            Event::NameServer { name_server, epoch, what } => {
                self.name_servers[name_server.at()].event(&mut self.out, epoch, what);
            }
            Event::Producer { producer, what } => self.producers[producer.at()].event(&mut self.out, what),
            Event::Proxy { proxy, epoch, what } => self.proxies[proxy.at()].event(&mut self.out, epoch, what),
            Event::Database(what) => self.database_event(what),
            // What a dead process had planned.
            Event::Instance { .. } | Event::Consumer { .. } => {}
        }
    }

    fn timeline_event(&mut self, what: TimelineEvent) {
        match what {
            TimelineEvent::StepDue { step } => self.step_due(step),
            TimelineEvent::OperatorActed { step } => self.operator_acted(step),
        }
    }

    fn network_event(&mut self, what: NetworkEvent) {
        match what {
            NetworkEvent::Arrived { flight } => self.arrived(flight),
            NetworkEvent::ConnectTimedOut { connection } => self.out.connect_timed_out(connection),
            NetworkEvent::IdleChecked { connection, at_server } => self.idle_checked(connection, at_server),
            NetworkEvent::CallTimedOut { slot, generation } => self.call_timed_out(slot, generation),
            NetworkEvent::CallFailed { slot, generation } => self.call_failed(slot, generation),
        }
    }

    fn pod_event(&mut self, consumer: ConsumerIndex, epoch: u32, what: PodEvent) {
        let lives = self.lives(consumer, epoch);
        match what {
            PodEvent::PodReady if lives => self.pod_ready(consumer),
            PodEvent::PodSignalled if lives => self.pod_signalled(consumer),
            PodEvent::GraceOver if lives => self.grace_over(consumer),
            // A process that has ended before.
            PodEvent::PodReady | PodEvent::PodSignalled | PodEvent::GraceOver => {}
            PodEvent::ContainerRestarted => self.container_restarted(consumer, epoch),
            PodEvent::PodEvicted => self.pod_evicted(consumer, epoch),
        }
    }
}

impl Outside<'_> {
    /// The host whose process an event concerns, where the process can be paused.
    pub(super) fn host_of(&self, event: &Event) -> Option<HostId> {
        match *event {
            Event::Instance { consumer, .. } | Event::Consumer { consumer, .. } => Some(self.consumer_host(consumer)),
            Event::Network(what) => self.client_of(what),
            Event::Database(what) => self.waits_for_database(what).map(|consumer| self.consumer_host(consumer)),
            Event::Timeline(_)
            | Event::ControllerTicked
            | Event::Pod { .. }
            | Event::Broker { .. }
            | Event::NameServer { .. }
            | Event::Producer { .. }
            | Event::Proxy { .. } => None,
        }
    }

    /// The client's host that something happens to on the network.
    fn client_of(&self, what: NetworkEvent) -> Option<HostId> {
        let connection = match what {
            NetworkEvent::Arrived { flight } => {
                Some(self.flights.get(flight)).filter(|flight| !flight.to_server)?.connection
            }
            NetworkEvent::ConnectTimedOut { connection } => connection,
            NetworkEvent::IdleChecked { at_server: true, .. } => return None,
            NetworkEvent::IdleChecked { connection, at_server: false } => connection,
            NetworkEvent::CallTimedOut { slot, generation } | NetworkEvent::CallFailed { slot, generation } => {
                self.calls.get(CallId { slot, generation })?.connection
            }
        };
        Some(self.connections[connection].client)
    }
}
