//! Hosts that come back with another address, as the pods of Kubernetes do.
//!
//! A host has its addresses one after the other, by number. A connection belongs to the addresses that its two ends had
//! when it was opened: what is sent to an address that nobody has any more vanishes, and a connect to it is never
//! answered. Brokers tell the name servers their address when they register (`RouteInfoManager.registerBroker`), name
//! servers tell it with their routes, and a client goes by what its last changed route said (`brokerAddrTable`).
//! A broker reaches another broker, and everybody a name server, by a name that is looked up at each connect.

use super::network::RouteEntry;
use super::outside::Outside;
use super::plan::{BrokerIndex, ConsumerIndex};
use super::world::World;
use crate::model::ids::{AddressNumber, HostId};

/// The text of an address: dense numbers from 1 become addresses of a private network.
#[must_use]
pub fn ip_address(number: usize) -> String {
    format!("10.{}.{}.{}", number / 62_500, number / 250 % 250, number % 250)
}

impl World<'_> {
    /// The client id of a consumer's next process: `ip@pid`, where neither is fixed by a setting. `moved`: the host has
    /// another address by then.
    pub(super) fn next_client_id(&mut self, consumer: ConsumerIndex, moved: bool) -> String {
        let (planned, life) = (self.out.planned(consumer), self.consumer(consumer).life);
        let mut id = planned.client_id.clone();
        if moved {
            self.out.addresses_given += 1;
            id = planned.id_at(self.out.plan.consumers.len() + self.out.addresses_given);
        }
        if planned.fixed_name { id } else { format!("{id}#{life}") }
    }
}

impl Outside<'_> {
    /// The address at which a host looks for a server.
    pub(super) fn known_address(&self, from: HostId, to: HostId) -> AddressNumber {
        let told = self.machines[from.at()].known_addresses.get(to);
        told.unwrap_or(self.machines[to.at()].address)
    }

    /// A changed route came to a client's process: its table of addresses says from now on what the route does.
    /// Answers the brokers that are elsewhere now.
    pub(super) fn learn_addresses(&mut self, host: HostId, route: &[RouteEntry]) -> Vec<BrokerIndex> {
        let mut moved = Vec::new();
        for (broker, address) in route.iter().flat_map(|entry| entry.addresses.located()) {
            let server = self.broker_host(broker);
            let known = self.machines[host.at()].known_addresses.insert(server, address);
            if known.is_some_and(|known| known != address) {
                moved.push(broker);
            }
        }
        moved
    }

    /// A host that does not run has another address from now on.
    pub(super) fn move_host(&mut self, host: HostId) {
        let machine = &mut self.machines[host.at()];
        assert!(!machine.running, "what runs keeps its address");
        machine.address = machine.address.next();
    }
}
