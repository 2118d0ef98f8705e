//! All that a store stands on, in memory: for tests of a store without a cluster around it.

use std::collections::BTreeMap;

use super::file_system::{Disk, DiskError, FileSystem};
use super::queue_key::QueueKey;
use super::store::{OffsetDatabase, OffsetPort, OffsetSurroundings, QueryAnswer};
use crate::kernel::Span;

/// A broker, a database and the disk of one machine, in which no time passes: what is written is there at once, and what
/// is asked is answered at once, or not yet. Queue `n` is `T/b/n`.
///
/// ```
/// use rebalance_sim::offset::{InMemory, OffsetStore, RemoteBrokerOffsetStore};
/// let (mut around, mut store) = (InMemory::default(), RemoteBrokerOffsetStore::<u32>::default());
/// store.update_offset(&0, 10, true, &mut around);
/// assert!(around.broker.is_empty(), "nothing is sent before it is persisted");
/// store.persist(&0, &mut around);
/// assert_eq!(around.broker[&0], 10);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct InMemory {
    /// What the brokers remember.
    pub broker: BTreeMap<u32, i64>,
    /// What stands in the database.
    pub rows: BTreeMap<u32, i64>,
    /// The disk of the machine; another one is another machine.
    pub disk: Disk,
    /// Brokers and database answer later.
    pub later: bool,
    /// What was sent to brokers, in order.
    pub sent: Vec<(u32, i64)>,
    /// What was written into the database, in order.
    pub written: Vec<(u32, i64)>,
}

impl InMemory {
    fn asked(&self, of: Option<&i64>) -> Option<QueryAnswer> {
        (!self.later).then(|| of.map_or(QueryAnswer::QueryNotFound, |offset| QueryAnswer::Success(*offset)))
    }
}

impl OffsetPort<u32> for InMemory {
    fn query_consumer_offset(&mut self, queue: &u32) -> Option<QueryAnswer> {
        self.asked(self.broker.get(queue))
    }

    fn update_consumer_offset(&mut self, queue: &u32, offset: i64) {
        self.sent.push((*queue, offset));
        self.broker.insert(*queue, offset);
    }
}

impl OffsetDatabase<u32> for InMemory {
    fn read(&mut self, queue: &u32, _: Span) -> Option<QueryAnswer> {
        self.asked(self.rows.get(queue))
    }

    fn write(&mut self, queue: &u32, offset: i64, _: Span) {
        self.written.push((*queue, offset));
        self.rows.insert(*queue, offset);
    }
}

impl FileSystem for InMemory {
    fn read(&self, path: &str) -> Option<Vec<u8>> {
        self.disk.read(path)
    }

    fn write(&mut self, path: &str, content: &[u8]) -> Result<(), DiskError> {
        self.disk.write(path, content)
    }
}

impl OffsetSurroundings<u32> for InMemory {
    fn port(&mut self) -> &mut dyn OffsetPort<u32> {
        self
    }

    fn file_system(&mut self) -> &mut dyn FileSystem {
        self
    }

    fn database(&mut self) -> &mut dyn OffsetDatabase<u32> {
        self
    }

    fn name(&self, queue: &u32) -> QueueKey {
        QueueKey::new("T", "b", i32::try_from(*queue).unwrap_or(i32::MAX))
    }

    fn filed(&mut self, _: &u32, _: i64) {}
}
