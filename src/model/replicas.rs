//! Brokers of one name: a master, which has id 0, and its slaves (`BrokerData.selectBrokerAddr`, `MixAll.MASTER_ID`).
//!
//! An operator may swap them, so who is master is looked up and not known. Masters stand first in the plan, and each
//! gives its position to the name.

use super::plan::{BrokerIndex, Plan};
use crate::model::ids::AddressNumber;

/// The addresses of a broker name by id, as a route tells them and a client keeps them (`BrokerData.brokerAddrs`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Addresses([Option<(BrokerIndex, AddressNumber)>; Addresses::MOST]);

impl Addresses {
    /// So many brokers of one name there can be.
    pub const MOST: usize = 4;

    /// A name of which one broker is known.
    pub fn put(&mut self, id: u32, broker: BrokerIndex, address: AddressNumber) {
        self.0[id as usize] = Some((broker, address));
    }

    /// The broker with id 0.
    pub fn master(self) -> Option<BrokerIndex> {
        self.0[0].map(|(broker, _)| broker)
    }

    /// The master, or the first there is (`findBrokerAddressInSubscribe` with `onlyThisBroker` false).
    pub fn master_or_any(self) -> Option<BrokerIndex> {
        self.all().next()
    }

    /// The same with the lowest slave as id 0 (`enableSlaveActingMaster`).
    pub fn with_acting_master(mut self) -> Self {
        if self.0[0].is_none()
            && let Some(slave) = self.0.iter_mut().find(|slave| slave.is_some())
        {
            let acting = slave.take();
            self.0[0] = acting;
        }
        self
    }

    /// All brokers of the name, by id.
    pub fn all(self) -> impl DoubleEndedIterator<Item = BrokerIndex> {
        self.located().map(|(broker, _)| broker)
    }

    /// The same with the address of each.
    pub fn located(self) -> impl DoubleEndedIterator<Item = (BrokerIndex, AddressNumber)> {
        self.0.into_iter().flatten()
    }
}

/// Who is what now.
#[derive(Debug)]
pub(super) struct Replicas {
    /// `brokerId` by broker.
    ids: Vec<u32>,
    /// The name of each broker: the position of its first master.
    names: Vec<BrokerIndex>,
    /// Who has the log of each name.
    keepers: Vec<BrokerIndex>,
    /// The brokers of each name.
    of_name: Vec<Vec<BrokerIndex>>,
    /// Which run and do not serve yet (`isIsolated`): they fetch what their slaves know first.
    isolated: Vec<bool>,
}

impl Replicas {
    /// As the plan begins.
    pub fn of(plan: &Plan) -> Self {
        let names: Vec<BrokerIndex> =
            BrokerIndex::number(&plan.brokers).map(|(own, broker)| broker.slave_of.unwrap_or(own)).collect();
        let mut of_name = vec![Vec::new(); names.len()];
        for (broker, &name) in BrokerIndex::number(&names) {
            of_name[name.at()].push(broker);
        }
        let ids = plan.brokers.iter().map(|broker| broker.broker_id).collect();
        let (keepers, isolated) = (BrokerIndex::first(names.len()).collect(), vec![false; names.len()]);
        Self { ids, keepers, names, of_name, isolated }
    }

    /// Whether a broker runs and does not serve yet.
    pub fn is_isolated(&self, broker: BrokerIndex) -> bool {
        self.isolated[broker.at()]
    }

    /// A broker begins to serve, or does not yet.
    pub fn isolate(&mut self, broker: BrokerIndex, isolated: bool) {
        self.isolated[broker.at()] = isolated;
    }

    /// `brokerId`.
    pub fn id(&self, broker: BrokerIndex) -> u32 {
        self.ids[broker.at()]
    }

    /// Whether a broker is a slave now.
    pub fn is_slave(&self, broker: BrokerIndex) -> bool {
        self.ids[broker.at()] > 0
    }

    /// The name of a broker, as queues carry it.
    pub fn name(&self, broker: BrokerIndex) -> BrokerIndex {
        self.names[broker.at()]
    }

    /// Who has the log of a name.
    pub fn keeper(&self, name: BrokerIndex) -> BrokerIndex {
        self.keepers[name.at()]
    }

    /// The brokers of a name.
    pub fn brokers(&self, name: BrokerIndex) -> &[BrokerIndex] {
        &self.of_name[name.at()]
    }

    /// A slave becomes the master, and has the log; the old master becomes a slave with its id, or where it `lives` does not
    /// know yet.
    pub fn swap(&mut self, slave: BrokerIndex, lives: bool) -> BrokerIndex {
        let name = self.name(slave);
        let master = self.keeper(name);
        if lives {
            self.ids[slave.at()] = 0;
        } else {
            self.ids.swap(slave.at(), master.at());
        }
        self.keepers[name.at()] = slave;
        master
    }

    /// Whether a broker still takes itself for the master, and is none any more.
    pub fn is_deposed(&self, broker: BrokerIndex) -> bool {
        !self.is_slave(broker) && self.keeper(self.name(broker)) != broker
    }

    /// A deposed master becomes a slave, with the lowest id that is free.
    pub fn step_down(&mut self, broker: BrokerIndex) {
        let taken = |id: u32| self.brokers(self.name(broker)).iter().any(|other| self.id(*other) == id);
        let free = (1..).find(|id| !taken(*id)).expect("there are fewer brokers than ids");
        self.ids[broker.at()] = free;
    }
}
