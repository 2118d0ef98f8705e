//! What a command will cost is told before it begins, where that is more than somebody would wait for by mistake.

use super::Failure;
use crate::model::plan::Plan;
use crate::scenario::Estimate;

/// So long nobody is asked, in seconds.
const PATIENCE: u64 = 30 * 60;
/// So much memory of all threads together.
const ROOM: u64 = 3 << 30;

/// Refuses what would take very long or very much memory, unless `--yes` was said; `rows`: a report's rows are kept.
pub(super) fn afford(plan: &Plan, rows: bool, (runs, threads): (u64, u64), yes: bool) -> Result<(), Failure> {
    let one = Estimate::of(plan, rows);
    let threads = threads.min(runs).max(1);
    let seconds = (u128::from(one.nanos) * u128::from(runs) / u128::from(threads) / 1_000_000_000) as u64;
    let bytes = one.bytes.saturating_mul(threads);
    if yes || (seconds <= PATIENCE && bytes <= ROOM) {
        return Ok(());
    }
    let each = if runs > 1 { format!(" a seed, {runs} seeds") } else { String::new() };
    let leave = if rows { "leave --out, " } else { "" };
    Err(Failure::bad_input(format!(
        "this takes about {} and {} of memory: {} events{each}; {leave}shorten `duration`, lower `rate` or the number of \
         consumers, or say --yes",
        long(seconds),
        large(bytes),
        rounded(one.events)
    )))
}

/// A long time in the unit that people would say it in.
fn long(seconds: u64) -> String {
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7_200 => format!("{} min", seconds / 60),
        7_200..172_800 => format!("{} h", seconds / 3_600),
        _ => format!("{} days", seconds / 86_400),
    }
}

fn large(bytes: u64) -> String {
    match bytes >> 20 {
        mebibytes @ 0..1024 => format!("{mebibytes} MiB"),
        mebibytes => format!("{:.1} GiB", mebibytes as f64 / 1024.0),
    }
}

fn rounded(count: u64) -> String {
    match count {
        0..1_000_000 => count.to_string(),
        1_000_000..1_000_000_000 => format!("{:.1} million", count as f64 / 1e6),
        _ => format!("{:.1} billion", count as f64 / 1e9),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_counts_are_said_as_people_say_them() {
        let times = [(90, "90 s"), (600, "10 min"), (3 * 3_600 + 1_000, "3 h"), (400_000, "4 days")];
        times.iter().for_each(|(seconds, said)| assert_eq!(&long(*seconds), said));
        assert_eq!((large(9 << 30), large(12 << 20)), ("9.0 GiB".to_owned(), "12 MiB".to_owned()));
        assert_eq!(
            (rounded(1_200_000_000), rounded(81_273_968)),
            ("1.2 billion".to_owned(), "81.3 million".to_owned())
        );
    }
}
