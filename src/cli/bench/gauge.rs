//! What things are measured by: the clock, the memory of the process, and a bare heap.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The one clock of the program: it measures, and decides nothing.
#[expect(clippy::disallowed_types, reason = "bench measures real time; no run sees it")]
type Clock = std::time::Instant;

/// Pops of the bare heap.
const POPS: u64 = 2_000_000;

/// How long something takes, in seconds, with what it answers.
pub(super) fn timed<T>(what: impl FnOnce() -> T) -> (f64, T) {
    let began = Clock::now();
    let answer = what();
    (began.elapsed().as_secs_f64().max(1e-9), answer)
}

/// Seconds that a loop needs for one turn which only pops the first of so many pending times and pushes it back later.
pub(super) fn bare_heap(pending: usize) -> f64 {
    let mut state = 1u64;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % 1_000_000
    };
    let mut heap: BinaryHeap<Reverse<(u64, u64)>> =
        (0..pending.max(1) as u64).map(|number| Reverse((next(), number))).collect();
    let (seconds, ()) = timed(|| {
        for number in 0..POPS {
            let Reverse((at, _)) = heap.pop().expect("the loop puts back what it takes");
            heap.push(Reverse((at + next(), number)));
        }
    });
    seconds / POPS as f64
}

/// Lets the system count the most memory anew, where it can (Linux).
pub(super) fn forget_peak_memory() {
    // Where it cannot, the peak is that of the whole process, which is the largest workload so far.
    std::fs::write("/proc/self/clear_refs", "5").ok();
}

/// The most memory this process held since then, in MiB, where the system tells (Linux).
pub(super) fn peak_memory_mib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let kib = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().trim_end_matches("kB").trim();
    Some(kib.parse::<u64>().ok()? / 1024)
}
