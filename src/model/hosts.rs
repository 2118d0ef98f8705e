//! Hosts by number, and the lives of what runs on them.

use super::outside::Outside;
use super::plan::{BrokerIndex, ConsumerIndex, Host, NameServerIndex, ProducerIndex};
use super::world::World;
use crate::model::ids::HostId;

impl World<'_> {
    /// Whether this life of a consumer still goes on.
    pub(super) fn lives(&self, consumer: ConsumerIndex, life: u32) -> bool {
        self.out.machines[self.out.consumer_host(consumer).at()].running && self.consumer(consumer).life == life
    }
}

impl Outside<'_> {
    /// Whether this life of the process with a consumer's `MQClientInstance` still goes on.
    pub(super) fn instance_lives(&self, consumer: ConsumerIndex, epoch: u32) -> bool {
        let machine = &self.machines[self.consumer_host(consumer).at()];
        machine.running && machine.epoch == epoch
    }

    /// Whether this life of a broker's process still goes on.
    pub(super) fn broker_lives(&self, broker: BrokerIndex, epoch: u32) -> bool {
        let machine = &self.machines[self.broker_host(broker).at()];
        machine.running && machine.epoch == epoch
    }

    /// The life that a host's process is in.
    pub(super) fn epoch(&self, host: HostId) -> u32 {
        self.machines[host.at()].epoch
    }

    pub(super) fn name_server_host(&self, index: NameServerIndex) -> HostId {
        HostId::of(index.at())
    }

    pub(super) fn broker_host(&self, index: BrokerIndex) -> HostId {
        HostId::of(self.plan.name_servers.len() + index.at())
    }

    pub(super) fn producer_host(&self, index: ProducerIndex) -> HostId {
        HostId::of(self.plan.name_servers.len() + self.plan.brokers.len() + index.at())
    }

    /// The process with the consumer's `MQClientInstance`.
    pub(super) fn consumer_host(&self, index: ConsumerIndex) -> HostId {
        let before = self.plan.name_servers.len() + self.plan.brokers.len() + self.plan.producers.len();
        HostId::of(before + self.instances.owner(index).at())
    }

    /// The host's number.
    pub(super) fn host_id(&self, host: Host) -> HostId {
        match host {
            Host::NameServer(index) => self.name_server_host(index),
            Host::Broker(index) => self.broker_host(index),
            Host::Producer(index) => self.producer_host(index),
            Host::Consumer(index) => self.consumer_host(index),
            Host::Proxy(index) => self.proxy_host(index),
        }
    }

    /// What runs on a host.
    #[inline]
    pub(super) fn role(&self, host: HostId) -> Host {
        self.roles[host.at()]
    }
}
