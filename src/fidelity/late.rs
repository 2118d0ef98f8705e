//! The monitor of a recording is a process as any other: where starts take long, so do its calls.

use super::machine::start_took;
use super::story::ORIGIN;
use crate::kernel::{Distribution, Instant, Span, Stream, Streams};
use crate::trace::{Language, Trace, What};

/// A look comes later by so many percent of what a start takes, on average: members were seen 0.1 to 1.2 s after they had
/// registered where starts of Go clients took 0.6 to 1.8 s (nine registrations of `go_join`, `go_broker_bounce`,
/// `go_broker_restart`, `go_add_queues`, `go_shared_client`).
const LATE_PERCENT: u64 = 50;
/// For so many times as long as the start takes, as its own calls are slow.
const TIMES: u64 = 3;

/// How late it looks.
#[derive(Debug)]
pub(super) struct LateMonitor {
    /// From when to when, and by how much on average.
    crowds: Vec<(Instant, Instant, Span)>,
    stream: Stream,
}

impl LateMonitor {
    /// That of a recording, by the starts of its Go clients.
    pub fn of(real: &Trace, seed: u64) -> Self {
        let mut crowds = Vec::new();
        for step in real.header.steps.iter().filter(|step| step.action == "start") {
            let starting = |what: &What| matches!(what, What::Starting { who, .. } if *who == step.target);
            let starts = real.events.iter().filter(|event| starting(&event.what)).map(|event| event.t);
            for from in starts.filter(|_| real.header.language(step) == Language::Go) {
                let took = start_took(real, step, from).and_then(|ms| u64::try_from(ms).ok()).unwrap_or_default();
                let begins = Instant::ZERO + ORIGIN + Span::from_millis(u64::try_from(from).unwrap_or_default());
                let late = Span::from_millis(took * LATE_PERCENT / 100);
                crowds.push((begins, begins + Span::from_millis(took * TIMES), late));
            }
        }
        Self { crowds, stream: Streams::new(seed).stream("late monitor", 0) }
    }

    /// How much later than usual a change of this moment is seen.
    pub fn draw(&mut self, at: Instant) -> Span {
        let now = self.crowds.iter().filter(|(from, until, _)| *from <= at && at < *until);
        match now.map(|(_, _, late)| *late).max() {
            Some(late) => Distribution::Exponential(late).draw(&mut self.stream),
            None => Span::ZERO,
        }
    }
}
