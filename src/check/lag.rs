//! Lag: how many readable messages a group has not committed, once a second, as `lag.csv` and its picture have it.

use super::keyed::Keyed;
use super::part::Part;
use super::{Check, Figure, Findings, Key, Stage, Window};
use crate::kernel::{Instant, Span};
use crate::model::Names;
use crate::model::observation::{Kinds, Observation, Observed, kinds};
use crate::model::plan::{GroupIndex, Plan, TopicIndex};

/// One queue of one audience.
#[derive(Debug, Default)]
struct Behind {
    readable: u64,
    committed: u64,
    /// The lag of its group, and of the group on its topic where there are several topics.
    places: Option<(usize, Option<usize>)>,
}

impl Behind {
    /// A group may be ahead of the end for the moment between a broker's loss and its repair.
    fn lag(&self) -> u64 {
        self.readable.saturating_sub(self.committed)
    }
}

/// A lag over time.
#[derive(Debug)]
struct Series {
    group: GroupIndex,
    /// `None`: all of the group's.
    topic: Option<TopicIndex>,
    now: u64,
    /// Full seconds from which on it is so much.
    points: Vec<(u32, u64)>,
}

impl Series {
    fn sample(&mut self, second: u32) {
        if self.points.last().map_or(0, |(_, lag)| *lag) != self.now {
            self.points.push((second, self.now));
        }
    }

    /// So many points lie at a second or before it.
    fn upto(&self, second: u32) -> usize {
        self.points.partition_point(|(at, _)| *at <= second)
    }

    fn at(&self, second: u32) -> u64 {
        self.upto(second).checked_sub(1).map_or(0, |last| self.points[last].1)
    }

    /// The most from one second to another, both included.
    fn most(&self, (from, until): (u32, u32)) -> u64 {
        let between = self.upto(from)..self.upto(until).max(self.upto(from));
        self.points[between].iter().map(|(_, lag)| *lag).fold(self.at(from), u64::max)
    }

    /// The longest stretch above a lag that begins in a window, whenever it ends: from the last full second at which it was
    /// not above to the next.
    fn longest_above(&self, lag: u64, window: &Window, end: Instant) -> Span {
        let (mut longest, mut began) = (Span::ZERO, None);
        for &(second, now) in &self.points[self.upto(full_second(window.from))..] {
            match (began, now > lag) {
                (None, true) => {
                    let before = moment(second.saturating_sub(1)).max(window.from);
                    if before >= window.until {
                        break;
                    }
                    began = Some(before);
                }
                (Some(from), false) => {
                    longest = longest.max(moment(second).since(from));
                    began = None;
                }
                _ => {}
            }
        }
        began.map_or(longest, |from| longest.max(end.since(from)))
    }
}

fn full_second(at: Instant) -> u32 {
    u32::try_from(at.as_nanos() / Span::from_secs(1).as_nanos()).unwrap_or(u32::MAX)
}

fn moment(second: u32) -> Instant {
    Instant::ZERO + Span::from_secs(second.into())
}

/// The check.
#[derive(Debug)]
pub(super) struct Lag {
    rows: Keyed<Behind>,
    series: Vec<Series>,
    /// The next second that is looked at.
    next: u32,
    /// What a lag goes up and down by itself, between two commits, lies within so long.
    usual: Span,
}

impl Lag {
    pub fn new(plan: &Plan) -> Self {
        let interval = plan.consumers.iter().map(|consumer| consumer.client.persist_consumer_offset_interval).max();
        let interval = interval.unwrap_or_default();
        Self { rows: Keyed::default(), series: Vec::new(), next: 0, usual: interval + interval }
    }

    /// A queue's readable end or committed offset changes.
    fn change(&mut self, key: Key, names: &Names, change: impl FnOnce(&mut Behind)) {
        let row = self.rows.of(key);
        let before = row.lag();
        change(row);
        let (after, places) = (row.lag(), row.places);
        if before == after {
            return;
        }
        let (group, topic) = match places {
            Some(places) => places,
            None => self.find_places(key, names),
        };
        for place in std::iter::once(group).chain(topic) {
            let series = &mut self.series[place];
            series.now = series.now + after - before;
        }
    }

    #[cold]
    fn find_places(&mut self, key: Key, names: &Names) -> (usize, Option<usize>) {
        let (group, topic) = (names.group_of_audience(key.audience), names.queue(key.queue).topic);
        let counts = names.planned_topic_count() > 1 && topic.at() < names.planned_topic_count();
        let mut place = |topic: Option<TopicIndex>| {
            let found = self.series.iter().position(|series| (series.group, series.topic) == (group, topic));
            found.unwrap_or_else(|| {
                self.series.push(Series { group, topic, now: 0, points: Vec::new() });
                self.series.len() - 1
            })
        };
        let places = (place(None), counts.then(|| place(Some(topic))));
        self.rows.of(key).places = Some(places);
        places
    }

    /// Looks at every full second that has come; between two observations nothing changes.
    #[inline]
    fn look(&mut self, at: Instant) {
        let second = full_second(at);
        if self.next <= second {
            self.sample(second);
        }
    }

    #[cold]
    fn sample(&mut self, second: u32) {
        for series in &mut self.series {
            series.sample(self.next);
        }
        self.next = second + 1;
    }

    /// What is of a part, or of all groups.
    fn of(&self, part: Option<Part>) -> impl Iterator<Item = &Series> + Clone {
        self.series.iter().filter(move |series| match part {
            None => series.topic.is_none(),
            Some(Part::Group(group)) => series.topic.is_none() && series.group == group,
            Some(Part::Topic(topic)) => series.topic == Some(topic),
        })
    }

    fn catch_up(&self, part: Option<Part>, window: &Window, end: Instant) -> Span {
        let from = full_second(window.from);
        let before = full_second(Instant::ZERO + window.from.since(Instant::ZERO + self.usual));
        let of_one = |series: &Series| series.longest_above(series.most((before, from)), window, end);
        self.of(part).map(of_one).max().unwrap_or_default()
    }
}

impl Check for Lag {
    fn name(&self) -> &'static str {
        "lag"
    }

    fn reads(&self) -> Kinds {
        kinds![Readable, Committed, TailLost]
    }

    fn observe(&mut self, seen: &Observed, stage: &Stage, names: &Names) {
        self.look(seen.at);
        match seen.what {
            Observation::Readable { queue, end } => {
                for &audience in stage.subscribers(names.queue(queue).topic) {
                    self.change(Key { audience, queue }, names, |row| row.readable = end);
                }
            }
            Observation::TailLost { queue, from, .. } => {
                for &audience in stage.subscribers(names.queue(queue).topic) {
                    self.change(Key { audience, queue }, names, |row| row.readable = row.readable.min(from));
                }
            }
            Observation::Committed { audience, queue, offset, .. } => {
                self.change(Key { audience, queue }, names, |row| row.committed = offset);
            }
            _ => {}
        }
    }

    fn finish(&mut self, _: &Stage, names: &Names, findings: &mut Findings) {
        let end = findings.windows.iter().map(|window| window.until).max().unwrap_or_default();
        self.look(end);
        let parts: Vec<Option<Part>> = std::iter::once(None).chain(Part::all(names).into_iter().map(Some)).collect();
        for part in parts {
            let of = part.map(|part| (part, names));
            for window in &mut findings.windows {
                let (from, until) = (full_second(window.from), full_second(window.until));
                let most = self.of(part).map(|series| series.most((from, until))).max().unwrap_or(0);
                let last = self.of(part).map(|series| series.at(until)).max().unwrap_or(0);
                window.set_of(of, "lag.max", Figure::Count(most));
                window.set_of(of, "lag.end", Figure::Count(last));
            }
            let Some((measured, phases)) = findings.windows.split_first_mut() else { return };
            let mut longest = Span::ZERO;
            // Of a phase that begins with the run nothing was before.
            for phase in phases.iter_mut().filter(|phase| phase.from >= Instant::ZERO + self.usual) {
                let span = self.catch_up(part, phase, end);
                phase.set_of(of, "catch_up", Figure::Span(span));
                longest = if measured.contains(phase.from) { longest.max(span) } else { longest };
            }
            measured.set_of(of, "catch_up", Figure::Span(longest));
        }
    }
}
