//! Which consumers share an `MQClientInstance` (`MQClientManager.getOrCreateMQClientInstance`): one process, one client
//! id, one connection a broker, one scheduled thread and one rebalance thread for all of them
//! (`MQClientManager.getOrCreateMQClientInstance`).
//!
//! What belongs to the instance is kept by its owner, the first of its consumers in the plan, whether that one runs or
//! not; its settings are the owner's.

use std::rc::Rc;

use super::java_order::{sort_as_hash_table, string_hash};
use super::plan::{ConsumerIndex, Plan};

/// All instances of a plan.
#[derive(Debug)]
pub(super) struct Instances {
    owners: Vec<ConsumerIndex>,
    /// `consumerTable` by consumer, in the order in which the instance goes through it.
    tables: Vec<Rc<[ConsumerIndex]>>,
}

impl Instances {
    /// The instances of a plan.
    pub fn of(plan: &Plan) -> Self {
        let owners: Vec<ConsumerIndex> =
            (0..).zip(&plan.consumers).map(|(own, consumer)| consumer.instance_of.unwrap_or(own)).collect();
        let mut shared = vec![Vec::new(); owners.len()];
        for (consumer, &owner) in (0..).zip(&owners) {
            shared[owner as usize].push(consumer);
        }
        let by_group = |consumer: &ConsumerIndex| {
            string_hash(&plan.groups[plan.consumers[*consumer as usize].group as usize].name)
        };
        let tables: Vec<Rc<[ConsumerIndex]>> = (shared.into_iter())
            .map(|mut table| {
                sort_as_hash_table(&mut table, by_group);
                table.into()
            })
            .collect();
        let tables = owners.iter().map(|&owner| Rc::clone(&tables[owner as usize])).collect();
        Self { owners, tables }
    }

    /// The consumer that keeps what belongs to this one's instance.
    pub fn owner(&self, consumer: ConsumerIndex) -> ConsumerIndex {
        self.owners[consumer as usize]
    }

    /// All consumers of this one's instance, itself included.
    pub fn consumers(&self, consumer: ConsumerIndex) -> Rc<[ConsumerIndex]> {
        Rc::clone(&self.tables[consumer as usize])
    }
}
