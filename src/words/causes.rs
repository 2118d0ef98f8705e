//! Causes, from [`crate::check::Cause`].

use super::Entry;
use crate::check::Cause;

pub(super) fn entries() -> Vec<Entry> {
    let entry = |cause: &Cause| {
        let trap = cause.trap().map_or("", crate::check::Trap::word);
        Entry::new(cause.word(), cause.sentence())
            .explained(cause.explanation())
            .with("trap", trap)
            .with("in expect", format!("cause.{} == 0", cause.word()))
            .with(
                "scenarios",
                cause.trap().map_or_else(String::new, |_| format!("rebalance-sim list scenarios --search {trap}")),
            )
    };
    Cause::ALL.iter().map(entry).collect()
}
