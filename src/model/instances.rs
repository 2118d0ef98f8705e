//! Which consumers share an `MQClientInstance` (`MQClientManager.getOrCreateMQClientInstance`): one process, one client
//! id, one connection a broker, one scheduled thread and one rebalance thread for all of them
//! (`MQClientManager.getOrCreateMQClientInstance`).
//!
//! An instance is addressed by its owner, the first of its consumers in the plan, whether that one runs or not; its
//! settings are the owner's.

use std::rc::Rc;

use super::java_order::{sort_as_hash_table, string_hash};
use super::plan::{ConsumerIndex, Plan};

/// All instances of a plan.
#[derive(Debug)]
pub(super) struct Instances {
    owners: Vec<ConsumerIndex>,
    /// `consumerTable` by process, in the order in which the instance goes through it.
    tables: Vec<Rc<[ConsumerIndex]>>,
    /// By consumer: its process, and its place in that one's table.
    places: Vec<(usize, usize)>,
}

impl Instances {
    /// The instances of a plan.
    pub fn of(plan: &Plan) -> Self {
        let owners: Vec<ConsumerIndex> =
            ConsumerIndex::number(&plan.consumers).map(|(own, consumer)| consumer.instance_of.unwrap_or(own)).collect();
        let mut shared = vec![Vec::new(); owners.len()];
        for (consumer, &owner) in ConsumerIndex::number(&owners) {
            shared[owner.at()].push(consumer);
        }
        let by_group =
            |consumer: &ConsumerIndex| string_hash(&plan.groups[plan.consumers[consumer.at()].group.at()].name);
        shared.retain(|table| !table.is_empty());
        let mut places = vec![(0, 0); owners.len()];
        for (process, table) in shared.iter_mut().enumerate() {
            sort_as_hash_table(table, by_group);
            for (at, &consumer) in table.iter().enumerate() {
                places[consumer.at()] = (process, at);
            }
        }
        Self { owners, tables: shared.into_iter().map(Rc::from).collect(), places }
    }

    /// The consumer by which this one's instance is addressed.
    pub fn owner(&self, consumer: ConsumerIndex) -> ConsumerIndex {
        self.owners[consumer.at()]
    }

    /// The process that a consumer is in, and its place among the consumers there.
    pub fn place(&self, consumer: ConsumerIndex) -> (usize, usize) {
        self.places[consumer.at()]
    }

    /// All consumers of this one's instance, itself included.
    pub fn consumers(&self, consumer: ConsumerIndex) -> Rc<[ConsumerIndex]> {
        Rc::clone(&self.tables[self.places[consumer.at()].0])
    }

    /// The consumers of each process.
    pub fn tables(&self) -> Vec<Rc<[ConsumerIndex]>> {
        self.tables.clone()
    }
}
