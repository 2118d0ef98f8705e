//! The rows of `deliveries.csv`: hand-outs that follow each other run together.

use super::{Cause, DeliveryRun, Key};
use crate::kernel::{Instant, Span};
use crate::model::plan::ConsumerIndex;

/// Those of one run are less than this apart.
const GAP: Span = Span::from_millis(500);

/// One more hand-out: it goes on with the run that is open, or ends it and begins another.
pub(super) fn extend_run(
    run: &mut Option<DeliveryRun>,
    runs: &mut Vec<DeliveryRun>,
    at: Instant,
    consumer: ConsumerIndex,
    (Key { audience, queue }, offset): (Key, u64),
    duplicate_cause: Option<Cause>,
) {
    if let Some(open) = run {
        let follows = open.to_offset + 1 == offset && at.since(open.until) < GAP;
        if follows && open.consumer == consumer && open.duplicate_cause == duplicate_cause {
            (open.to_offset, open.until) = (offset, at);
            return;
        }
        runs.extend(run.take());
    }
    let (from_offset, to_offset) = (offset, offset);
    *run =
        Some(DeliveryRun { audience, queue, consumer, from_offset, to_offset, from: at, until: at, duplicate_cause });
}
