//! Processes that start together share the processors of their machine: each takes longer than alone.

use super::plan::{Action, Environment, Step};
use crate::kernel::{Instant, Span, Streams};

/// Starts no farther apart than this belong to one crowd.
const TOGETHER: Span = Span::from_secs(3);
/// The pace of a process that starts alone: a second of work takes a second.
pub(super) const ALONE: Span = Span::from_secs(1);

/// How long a second of start work takes for the starts of a timeline.
#[derive(Debug, Default)]
pub(super) struct Crowds {
    /// Moment of each start, ascending, and its pace.
    paces: Vec<(Instant, Span)>,
}

impl Crowds {
    /// Finds the crowds of a timeline whose steps happen at `moments`, and draws the pace of each.
    pub fn of(timeline: &[Step], moments: &[Instant], environment: &Environment, streams: Streams) -> Self {
        let Some(crowded) = &environment.crowded_start else { return Self::default() };
        let starts =
            timeline.iter().zip(moments).filter(|(step, _)| matches!(step.action, Action::StartConsumer { .. }));
        let mut starts: Vec<Instant> = starts.map(|(_, moment)| *moment).collect();
        starts.sort_unstable();
        let mut paces = Vec::new();
        for (number, crowd) in (0..).zip(starts.chunk_by(|before, after| after.since(*before) <= TOGETHER)) {
            let pace = match crowd {
                [_] => ALONE,
                _ => crowded.draw(&mut streams.stream("crowded start", number)),
            };
            paces.extend(crowd.iter().map(|&moment| (moment, pace)));
        }
        Self { paces }
    }

    /// The pace of the process that starts at this moment.
    pub fn pace(&self, at: Instant) -> Span {
        self.paces.iter().find(|(moment, _)| *moment == at).map_or(ALONE, |(_, pace)| *pace)
    }
}

/// How long work takes at a pace; it stops at the end of the clock.
pub(super) fn at_pace(work: Span, pace: Span) -> Span {
    let nanos = u128::from(work.as_nanos()) * u128::from(pace.as_nanos()) / u128::from(ALONE.as_nanos());
    Span::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
}
