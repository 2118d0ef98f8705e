//! What is in the databases of applications, and what is under way to them.

use std::collections::BTreeMap;

use super::network::Waiter;
use super::observation::QueueIndex;
use super::plan::{ConsumerIndex, GroupIndex};

/// One row.
pub(in crate::model) type Row = (GroupIndex, QueueIndex);

/// A member in one of its lives.
pub(in crate::model) type Writer = (ConsumerIndex, u32);

/// All databases, and what is under way to them.
#[derive(Debug, Default)]
pub(in crate::model) struct Databases {
    pub rows: BTreeMap<Row, u64>,
    pub reads: BTreeMap<u32, (Row, Waiter)>,
    pub writes: BTreeMap<u32, (Row, u64, Writer)>,
    statements: u32,
}

impl Databases {
    pub fn next_statement(&mut self) -> u32 {
        self.statements = self.statements.wrapping_add(1);
        self.statements
    }
}
