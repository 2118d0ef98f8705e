//! What a recording says of the messages that were sent, piece by piece.
//!
//! A run of a recording gives its first and last message and how many there were, not when the rate changed within: a
//! producer that learns of four more queues sends half as much to each of the old ones, in one unbroken run. But the
//! producer goes round-robin, so that between two starts or ends of runs every queue it writes to gets messages at the
//! same rate. These rates follow from the counts of all runs together.

use crate::trace::{Event, Run};

/// Starts and ends of runs closer than this are one.
const TOGETHER_MS: i64 = 1_000;
/// Rounds of the fit; it has settled long before.
const ROUNDS: usize = 300;

/// Messages of one queue at an even pace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece<'a> {
    /// The queue.
    pub queue: &'a str,
    /// Offset of the first message.
    pub first: i64,
    /// Its time, in ms of the recording.
    pub from_ms: i64,
    /// Time of the last.
    pub until_ms: i64,
    /// How many.
    pub messages: i64,
}

/// The pieces of the runs of one topic, in the order of the runs.
pub(super) fn pieces<'a>(runs: &[(&Event, &'a Run)]) -> Vec<Piece<'a>> {
    let bounds = bounds(runs);
    let rates = rates(runs, &bounds);
    runs.iter().flat_map(|(event, run)| split(event.t, run, &bounds, &rates)).collect()
}

/// A part of a run: the number of its stretch between bounds, where it begins and ends.
type Part = (usize, i64, i64);

/// The moments between which rates do not change.
fn bounds(runs: &[(&Event, &Run)]) -> Vec<i64> {
    let mut moments: Vec<i64> = runs.iter().flat_map(|(event, run)| [event.t, run.until]).collect();
    moments.sort_unstable();
    let mut bounds: Vec<i64> = Vec::new();
    for moment in moments {
        if bounds.last().is_none_or(|last| moment - last > TOGETHER_MS) {
            bounds.push(moment);
        }
    }
    bounds
}

/// The parts of a run: number of the stretch between bounds, and how much of it the run covers.
fn parts(from: i64, until: i64, bounds: &[i64]) -> Vec<Part> {
    let stretches = bounds.iter().enumerate().map(|(number, &begin)| {
        let end = bounds.get(number + 1).copied().unwrap_or(i64::MAX);
        let begin = if number == 0 { i64::MIN } else { begin };
        (number, begin.max(from), end.min(until))
    });
    let mut parts: Vec<_> = stretches.filter(|(_, begin, end)| end - begin > TOGETHER_MS).collect();
    match (parts.first_mut(), bounds.partition_point(|bound| *bound <= from)) {
        // What is too short for a part of its own belongs to its neighbour.
        (Some(first), _) => first.1 = from,
        (None, after) => parts.push((after.saturating_sub(1), from, until)),
    }
    let last = parts.len() - 1;
    parts[last].2 = until;
    for at in 1..parts.len() {
        parts[at].1 = parts[at - 1].2;
    }
    parts
}

/// Messages a millisecond and queue in each stretch: fitted to the counts of all runs, from an even rate on.
fn rates(runs: &[(&Event, &Run)], bounds: &[i64]) -> Vec<f64> {
    let all: Vec<(f64, Vec<Part>)> =
        runs.iter().map(|(event, run)| ((run.to - run.from + 1) as f64, parts(event.t, run.until, bounds))).collect();
    let mut rates = vec![0.01; bounds.len()];
    for _ in 0..ROUNDS {
        for (count, parts) in &all {
            let length: i64 = parts.iter().map(|(_, begin, end)| end - begin).sum();
            let expected: f64 = parts.iter().map(|(number, begin, end)| rates[*number] * (end - begin) as f64).sum();
            if length == 0 || expected <= 0.0 {
                continue;
            }
            for (number, begin, end) in parts {
                let share = (end - begin) as f64 / length as f64;
                rates[*number] *= 1.0 + 0.5 * share * (count / expected - 1.0);
            }
        }
    }
    rates
}

/// Cuts a run into its parts; the counts add up to that of the run.
fn split<'a>(from: i64, run: &'a Run, bounds: &[i64], rates: &[f64]) -> Vec<Piece<'a>> {
    let count = run.to - run.from + 1;
    let parts = parts(from, run.until, bounds);
    let weights: Vec<f64> = parts.iter().map(|(number, begin, end)| rates[*number] * (end - begin) as f64).collect();
    let total: f64 = weights.iter().sum();
    let (mut pieces, mut sum, mut given) = (Vec::new(), 0.0, 0);
    let last = parts.len() - 1;
    for (at, ((_, begin, end), weight)) in parts.into_iter().zip(weights).enumerate() {
        sum += weight;
        let upto = if at == last || total <= 0.0 { count } else { (sum / total * count as f64).round() as i64 };
        let messages = upto - given;
        let first = run.from + given;
        given = upto;
        if messages > 0 {
            // The first message of the next part comes one gap after the last of this one.
            let until_ms = if at == last || messages == 1 { end } else { end - (end - begin) / messages };
            pieces.push(Piece { queue: &run.queue, first, from_ms: begin, until_ms: until_ms.max(begin), messages });
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::What;

    fn event(t: i64, until: i64, queue: &str, messages: i64) -> Event {
        let run = Run { who: None, queue: queue.to_owned(), from: 0, to: messages - 1, until, reconsume: 0 };
        Event { t, what: What::Sent(run) }
    }

    fn pieces_of(events: &[Event]) -> Vec<(i64, i64, i64)> {
        let run = |event: &Event| match &event.what {
            What::Sent(run) => run.clone(),
            _ => unreachable!("only runs are made here"),
        };
        let runs: Vec<Run> = events.iter().map(run).collect();
        let both: Vec<(&Event, &Run)> = events.iter().zip(&runs).collect();
        pieces(&both).iter().map(|piece| (piece.from_ms, piece.until_ms, piece.messages)).collect()
    }

    #[test]
    fn a_rate_that_halves_within_a_run_is_found() {
        // 20 s with one queue at 100 a second, then 20 s with two at 50 each.
        let events = [event(0, 40_000, "T/a/0", 3_000), event(20_000, 40_000, "T/b/0", 1_000)];
        let [first, second, third] = pieces_of(&events)[..] else { panic!("three pieces") };
        assert!(first.2.abs_diff(2_000) <= 2 && second.2.abs_diff(1_000) <= 2, "{first:?} {second:?}");
        assert_eq!((first.0, third), (0, (20_000, 40_000, 1_000)));
    }

    #[test]
    fn counts_and_ends_are_kept() {
        let events = [event(-5, 900, "T/a/0", 7), event(0, 30_000, "T/a/1", 31), event(12_000, 12_000, "T/a/2", 1)];
        let pieces = pieces_of(&events);
        assert_eq!(pieces.iter().map(|piece| piece.2).sum::<i64>(), 39);
        assert_eq!((pieces[0], pieces[pieces.len() - 1]), ((-5, 900, 7), (12_000, 12_000, 1)));
    }
}
