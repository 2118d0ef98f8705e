//! Hosts by number, and the lives of what runs on them.

use super::network::HostId;
use super::outside::Outside;
use super::plan::{BrokerIndex, ConsumerIndex, Host, NameServerIndex, ProducerIndex};
use super::world::World;

impl World<'_> {
    /// Whether this life of a consumer still goes on.
    pub(super) fn lives(&self, consumer: ConsumerIndex, life: u32) -> bool {
        self.out.machines[self.out.consumer_host(consumer) as usize].running && self.consumer(consumer).life == life
    }
}

impl Outside<'_> {
    /// Whether this life of the process with a consumer's `MQClientInstance` still goes on.
    pub(super) fn instance_lives(&self, consumer: ConsumerIndex, epoch: u32) -> bool {
        let machine = &self.machines[self.consumer_host(consumer) as usize];
        machine.running && machine.epoch == epoch
    }

    /// Whether this life of a broker's process still goes on.
    pub(super) fn broker_lives(&self, broker: BrokerIndex, epoch: u32) -> bool {
        let machine = &self.machines[self.broker_host(broker) as usize];
        machine.running && machine.epoch == epoch
    }

    /// The life that a host's process is in.
    pub(super) fn epoch(&self, host: HostId) -> u32 {
        self.machines[host as usize].epoch
    }

    pub(super) fn name_server_host(&self, index: NameServerIndex) -> HostId {
        index.0
    }

    pub(super) fn broker_host(&self, index: BrokerIndex) -> HostId {
        self.plan.name_servers.len() as HostId + index.0
    }

    pub(super) fn producer_host(&self, index: ProducerIndex) -> HostId {
        (self.plan.name_servers.len() + self.plan.brokers.len()) as HostId + index.0
    }

    /// The process with the consumer's `MQClientInstance`.
    pub(super) fn consumer_host(&self, index: ConsumerIndex) -> HostId {
        let before = self.plan.name_servers.len() + self.plan.brokers.len() + self.plan.producers.len();
        before as HostId + self.instances.owner(index).0
    }

    /// The host's number.
    pub(super) fn host_id(&self, host: Host) -> HostId {
        match host {
            Host::NameServer(index) => self.name_server_host(index),
            Host::Broker(index) => self.broker_host(index),
            Host::Producer(index) => self.producer_host(index),
            Host::Consumer(index) => self.consumer_host(index),
        }
    }

    /// What runs on a host.
    pub(super) fn role(&self, host: HostId) -> Host {
        let (name_servers, brokers) = (self.plan.name_servers.len() as HostId, self.plan.brokers.len() as HostId);
        let producers = self.plan.producers.len() as HostId;
        if host < name_servers {
            Host::NameServer(NameServerIndex(host))
        } else if host < name_servers + brokers {
            Host::Broker(BrokerIndex(host - name_servers))
        } else if host < name_servers + brokers + producers {
            Host::Producer(ProducerIndex(host - name_servers - brokers))
        } else {
            Host::Consumer(ConsumerIndex(host - name_servers - brokers - producers))
        }
    }
}
