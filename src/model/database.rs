//! The databases of applications that keep their groups' offsets themselves (`ApplicationDatabase`): one row a queue.
//!
//! ```text
//!   member --read_database--> latency --> its row as it is then --> whoever waits
//!          --write_database-> latency --> the row, if the member still lives
//! ```
//! A statement whose process dies before it is done is rolled back.

use super::databases::{Row, Writer};
use super::event::DatabaseEvent;
use super::network::{Response, Waiter};
use super::observation::{CommitPath, Observation};
use super::outside::Outside;
use super::plan::ConsumerIndex;
use super::world::World;
use crate::kernel::Span;

impl Outside<'_> {
    /// A member asks for a row.
    pub(super) fn read_database(&mut self, row: Row, latency: Span, waiter: Waiter) {
        let number = self.databases.next_statement();
        self.databases.reads.insert(number, (row, waiter));
        self.after(latency, DatabaseEvent::DatabaseRead { number }.into());
    }

    /// A member writes a row: at once where that is part of what it has just done.
    pub(super) fn write_database(&mut self, row: Row, offset: u64, latency: Span, by: Writer) {
        if latency == Span::ZERO {
            return self.row_written(row, offset, by.0);
        }
        let number = self.databases.next_statement();
        self.databases.writes.insert(number, (row, offset, by));
        self.after(latency, DatabaseEvent::DatabaseWritten { number }.into());
    }

    fn row_written(&mut self, (group, queue): Row, offset: u64, by: ConsumerIndex) {
        let previous = self.databases.rows.insert((group, queue), offset);
        if previous != Some(offset) {
            let (by, path) = (Some(by), CommitPath::Database);
            let audience = self.names.audience_of_group(group);
            self.see(Observation::Committed { audience, queue, offset, previous, by, path });
        }
    }

    /// Who waits for a database's answer.
    pub(super) fn waits_for_database(&self, what: DatabaseEvent) -> Option<ConsumerIndex> {
        match what {
            DatabaseEvent::DatabaseRead { number } => match self.databases.reads.get(&number)?.1 {
                Waiter::Rebalance { consumer, .. } | Waiter::Orderly { consumer, .. } => Some(consumer),
                _ => None,
            },
            DatabaseEvent::DatabaseWritten { .. } => None,
        }
    }
}

impl World<'_> {
    /// A database is done with a statement.
    pub(super) fn database_event(&mut self, what: DatabaseEvent) {
        match what {
            DatabaseEvent::DatabaseRead { number } => {
                let (row, waiter) = self.out.databases.reads.remove(&number).expect("a row was asked for");
                let offset = self.out.databases.rows.get(&row).copied();
                self.complete(waiter, false, Ok(Response::Offset { offset, assumed: false }));
            }
            DatabaseEvent::DatabaseWritten { number } => {
                let (row, offset, by) = self.out.databases.writes.remove(&number).expect("a row is being written");
                if self.lives(by.0, by.1) {
                    self.out.row_written(row, offset, by.0);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Instant;
    use crate::model::ids::{GroupIndex, QueueIndex};
    use crate::model::testing::plan;

    /// What is in a row after a write of 7 that takes 10 ms, from a member in this life, in a process that runs or not.
    fn row_after(ms: u64, life: u32, running: bool, latency_ms: u64) -> Option<u64> {
        let plan = plan(1);
        let mut world = World::new(&plan, 1);
        let host = world.out.consumer_host(ConsumerIndex(0));
        world.out.machines[host.at()].running = true;
        world.out.write_database(
            (GroupIndex(0), QueueIndex(3)),
            7,
            Span::from_millis(latency_ms),
            (ConsumerIndex(0), life),
        );
        world.out.machines[host.at()].running = running;
        while world.step(Instant::from_millis(ms)).is_some() {}
        world.out.databases.rows.get(&(GroupIndex(0), QueueIndex(3))).copied()
    }

    #[test]
    fn a_row_is_written_when_its_time_has_come_and_its_writer_lives() {
        for (ms, life, running, latency_ms, expected) in [
            (9, 0, true, 10, None),
            (10, 0, true, 10, Some(7)),
            (10, 0, false, 10, None),
            (10, 1, true, 10, None),
            (0, 0, false, 0, Some(7)),
        ] {
            let row = row_after(ms, life, running, latency_ms);
            assert_eq!(row, expected, "after {ms} ms of {latency_ms}, in life {life}, running {running}");
        }
    }

    #[test]
    fn a_reader_gets_the_row_as_it_is_when_it_is_answered() {
        let plan = plan(1);
        let mut world = World::new(&plan, 1);
        let wait = Waiter::Rebalance { consumer: ConsumerIndex(0), epoch: 0 };
        world.out.read_database((GroupIndex(0), QueueIndex(3)), Span::from_millis(5), wait);
        assert_eq!(world.out.waits_for_database(DatabaseEvent::DatabaseRead { number: 1 }), Some(ConsumerIndex(0)));
        while world.step(Instant::from_millis(5)).is_some() {}
        assert!(world.out.databases.reads.is_empty(), "it has been answered");
    }
}
