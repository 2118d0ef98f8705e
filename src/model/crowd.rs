//! Processes that start together share the processors of their machine: each takes longer than alone. Of a start of which
//! it is known what it took, nothing is drawn.

use std::collections::BTreeMap;

use super::ids::ConsumerIndex;
use super::plan::{Action, Environment, Step};
use crate::kernel::{Instant, Span, Stream, Streams};

/// Starts no farther apart than this belong to one crowd.
const TOGETHER: Span = Span::from_secs(3);
/// The pace of a process that starts alone: a second of work takes a second.
pub(super) const ALONE: Span = Span::from_secs(1);

/// How long a second of start work takes for the starts of a timeline.
#[derive(Debug, Default)]
pub(super) struct Crowds {
    /// Moment of each start, ascending, and its pace.
    paces: Vec<(Instant, Span)>,
    /// What the last start of a consumer takes, where the story says it.
    given: BTreeMap<ConsumerIndex, Given>,
}

/// A start of which the whole is known.
#[derive(Debug, Clone, Copy)]
struct Given {
    takes: Span,
    /// After how many percent of it its instance is made.
    instance: u64,
    /// After how many percent of it its threads run.
    threads: u64,
}

/// The parts of a start that are no requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StartPart {
    /// Until its `MQClientInstance` is there.
    Instance,
    /// From there until the threads of the instance run.
    Threads,
    /// From there to its first request.
    Requests,
}

/// What a start alone takes on the machine of the recordings: who takes longer has slower cold calls, too.
const USUAL_START: Span = Span::from_millis(650);
/// Of a start of which the whole is known, its threads run after so many percent: the persist ticks of 32 clients of 5.x that
/// start alone in their JVMs (`pop_*`, `v55_*`, `tags_*`, `lite_*`, `slave_*`, `mixed_*`, `java_backlog_join`) are 10 to 65 % of
/// their starts late, half of them up to 48 %. The rest goes into the classes of the first request.
const THREADS_PERCENT: (u64, u64) = (20, 65);
/// And of that so much is over when the instance is made: 58 to 89 % in eight of ten of the 138 starts of a machine with
/// nothing else to do of which both are in a log, by their first rebalance, which comes a second after the instance.
const INSTANCE_PERCENT: (u64, u64) = (55, 92);

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
        Self { paces, given: BTreeMap::new() }
    }

    /// The story says what this consumer's next start takes, or leaves it to the environment.
    pub fn give(&mut self, consumer: ConsumerIndex, takes: Option<Span>, stream: &mut Stream) {
        let Some(takes) = takes else {
            self.given.remove(&consumer);
            return;
        };
        let mut within = |(least, most): (u64, u64)| least + stream.below(most - least);
        let threads = within(THREADS_PERCENT);
        let instance = threads * within(INSTANCE_PERCENT) / 100;
        self.given.insert(consumer, Given { takes, instance, threads });
    }

    /// What a part of a consumer's start takes, where the story says what the whole does.
    pub fn given(&self, consumer: ConsumerIndex, part: StartPart) -> Option<Span> {
        let &Given { takes, instance, threads } = self.given.get(&consumer)?;
        let percent = match part {
            StartPart::Instance => instance,
            StartPart::Threads => threads - instance,
            StartPart::Requests => 100 - threads,
        };
        Some(Span::from_nanos(takes.as_nanos() / 100 * percent))
    }

    /// What the whole of a consumer's start takes, where the story says it.
    pub fn whole(&self, consumer: ConsumerIndex) -> Option<Span> {
        self.given.get(&consumer).map(|given| given.takes)
    }

    /// The pace of a consumer's process that starts at this moment.
    pub fn pace_of(&self, consumer: ConsumerIndex, at: Instant) -> Span {
        let usual = USUAL_START.as_nanos();
        let of_given = |given: &Given| {
            let nanos = u128::from(given.takes.as_nanos()) * u128::from(ALONE.as_nanos()) / u128::from(usual);
            Span::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
        };
        self.given.get(&consumer).map_or_else(|| self.pace(at), of_given)
    }

    /// The pace of the process that starts at this moment.
    fn pace(&self, at: Instant) -> Span {
        self.paces.iter().find(|(moment, _)| *moment == at).map_or(ALONE, |(_, pace)| *pace)
    }
}

/// How long work takes at a pace; it stops at the end of the clock.
pub(super) fn at_pace(work: Span, pace: Span) -> Span {
    let nanos = u128::from(work.as_nanos()) * u128::from(pace.as_nanos()) / u128::from(ALONE.as_nanos());
    Span::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The parts of a start of which the whole is known, in tenths of a percent.
    #[test]
    fn the_parts_of_a_given_start_are_the_whole() {
        let (consumer, takes) = (ConsumerIndex(0), Span::from_secs(1));
        let mut crowds = Crowds::default();
        let mut stream = Streams::new(0).stream("given starts", 0);
        let mut threads_run: Vec<u64> = (0..300)
            .map(|_| {
                crowds.give(consumer, Some(takes), &mut stream);
                let part = |part| crowds.given(consumer, part).expect("it is given").as_millis();
                let [instance, threads, requests] =
                    [StartPart::Instance, StartPart::Threads, StartPart::Requests].map(part);
                assert_eq!(instance + threads + requests, 1_000);
                assert!(instance < instance + threads, "{instance} {threads}");
                instance + threads
            })
            .collect();
        threads_run.sort_unstable();
        assert_eq!((threads_run[0], threads_run[299]), (200, 640), "10 to 65 % in recordings, most of them from 20 on");
        crowds.give(consumer, None, &mut stream);
        assert_eq!(crowds.given(consumer, StartPart::Requests), None);
    }
}
