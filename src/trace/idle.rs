//! The longest stretch of a phase in which no message of a queue is handed to a listener.

use super::duplicates::Deliveries;

/// The longest such stretch of one queue from `from` to `until`, in ms. A run counts as deliveries all along.
pub(super) fn longest(runs: &[Deliveries], from: i64, until: i64) -> i64 {
    let mut runs: Vec<(i64, i64)> = runs.iter().map(|run| (run.t, run.until)).collect();
    runs.sort_unstable();
    let (mut idle, mut last) = (0, from);
    for (t, run_until) in runs {
        if run_until < from || t > until {
            continue;
        }
        if t > last {
            idle = idle.max(t - last);
        }
        last = last.max(run_until.min(until));
    }
    idle.max(until - last)
}
