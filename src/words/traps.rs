//! Traps, from [`crate::check::Trap`].

use super::Entry;
use crate::check::{Cause, Trap};

pub(super) fn entries() -> Vec<Entry> {
    let entry = |trap: &Trap| {
        let shown: Vec<&str> =
            Cause::ALL.iter().filter(|cause| cause.trap() == Some(*trap)).map(|cause| cause.word()).collect();
        Entry::new(trap.word(), trap.sentence())
            .explained(trap.explanation())
            .with("causes", shown.join(", "))
            .with("in expect", format!("trap.{} == 0", trap.word()))
            .with("scenarios", format!("rebalance-sim list scenarios --search {}", trap.word()))
    };
    Trap::ALL.iter().map(entry).collect()
}
