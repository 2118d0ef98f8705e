//! Counts by moment and stretches of time, without one entry for each: what figures ask is how much lies in a window, and
//! the edges of windows are few.

use super::Stage;
use crate::kernel::Instant;

/// So many entries are kept before those between the same edges are put together.
pub(super) const MANY: usize = 4_096;

/// Where windows can begin and end, as far as a run has come: steps, times that the scenario names, and the moment at
/// which ownership first settled. While it is not known whether it has, that can be one moment only, or lies in what is
/// to come.
pub(super) fn edges(stage: &Stage, named: &[Instant]) -> Vec<Instant> {
    let mut edges = named.to_vec();
    edges.extend(stage.first_settled_so_far());
    edges.extend(stage.steps_taken().into_iter().map(|(at, _)| at));
    edges.sort_unstable();
    edges
}

/// Edges that moments have not passed which come in order: how many are left says between which two a moment lies.
struct Passed<'a>(&'a [Instant]);

impl Passed<'_> {
    /// How many come after a moment.
    fn upto(&mut self, at: Instant) -> usize {
        self.leave(|edge| edge <= at)
    }

    /// How many come at a moment or after it.
    fn below(&mut self, at: Instant) -> usize {
        self.leave(|edge| edge < at)
    }

    fn leave(&mut self, is_over: impl Fn(Instant) -> bool) -> usize {
        while let Some(rest) = self.0.split_first().filter(|(edge, _)| is_over(**edge)).map(|(_, rest)| rest) {
            self.0 = rest;
        }
        self.0.len()
    }
}

/// Counts by moment.
#[derive(Debug, Default)]
pub(super) struct Moments {
    counts: Vec<(Instant, u64)>,
    limit: usize,
}

impl Moments {
    /// Counts one more; `named`: the times that the scenario's windows name.
    #[inline]
    pub fn add(&mut self, at: Instant, stage: &Stage, named: &[Instant]) {
        match self.counts.last_mut() {
            Some((last, count)) if *last == at => *count += 1,
            _ => self.counts.push((at, 1)),
        }
        if self.counts.len() >= self.limit.max(MANY) {
            self.become_few(stage, named);
        }
    }

    #[cold]
    fn become_few(&mut self, stage: &Stage, named: &[Instant]) {
        self.compact(&edges(stage, named));
        self.limit = 2 * self.counts.len();
    }

    /// Puts together what no edge parts; the first and the last moment stay.
    fn compact(&mut self, edges: &[Instant]) {
        let last = self.counts.pop();
        let mut place = Passed(edges);
        let mut kept = None;
        self.counts.dedup_by(|(at, count), (before, sum)| {
            let of_kept = kept.unwrap_or_else(|| place.upto(*before));
            let same = of_kept == place.upto(*at);
            kept = Some(place.upto(*at));
            if same {
                *sum += *count;
            }
            same
        });
        self.counts.extend(last);
    }

    /// How many lie in a window.
    pub fn inside(&self, window: &super::Window) -> u64 {
        self.counts.iter().filter(|(at, _)| window.contains(*at)).map(|(_, count)| count).sum()
    }

    /// All of them, the first moment and the last.
    pub fn all(&self) -> Option<(u64, Instant, Instant)> {
        let (first, last) = (self.counts.first()?.0, self.counts.last()?.0);
        Some((self.counts.iter().map(|(_, count)| count).sum(), first, last))
    }
}

/// Stretches of time of which only the longest part within a window counts.
#[derive(Debug, Default)]
pub(super) struct Stretches {
    all: Vec<(Instant, Instant)>,
    limit: usize,
}

impl Stretches {
    /// Adds a stretch that ends now. One that lies within another is never the longest part of any window.
    pub fn add(&mut self, from: Instant, until: Instant, stage: &Stage, named: &[Instant]) {
        while self.all.last().is_some_and(|(before, _)| *before >= from) {
            self.all.pop();
        }
        if self.all.last().is_some_and(|(_, end)| *end == until) {
            return;
        }
        self.all.push((from, until));
        if self.all.len() >= self.limit.max(MANY) {
            self.become_few(stage, named);
        }
    }

    #[cold]
    fn become_few(&mut self, stage: &Stage, named: &[Instant]) {
        self.compact(&edges(stage, named));
        self.limit = 2 * self.all.len();
    }

    /// Of those between the same two edges the longest is enough.
    fn compact(&mut self, edges: &[Instant]) {
        let (mut began, mut ended) = (Passed(edges), Passed(edges));
        let mut place = |(from, until): (Instant, Instant)| {
            let left = began.upto(from);
            (left, ended.below(until).min(left))
        };
        let mut before = None;
        self.all.dedup_by(|one, kept| {
            let a = before.unwrap_or_else(|| place(*kept));
            let b = place(*one);
            before = Some(b);
            let same = a == b && b.0 == b.1;
            if same && one.1.since(one.0) > kept.1.since(kept.0) {
                *kept = *one;
            }
            same
        });
    }

    /// The longest part within a window.
    pub fn longest(&self, window: &super::Window) -> crate::kernel::Span {
        self.all.iter().map(|(from, until)| window.overlap(*from, *until)).max().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Window;
    use crate::kernel::Span;

    fn windows(edges: &[Instant]) -> Vec<Window> {
        let window = |&from: &Instant, &until: &Instant| Window::new("", from, until);
        edges.iter().flat_map(|a| edges.iter().filter(move |b| a <= b).map(move |b| window(a, b))).collect()
    }

    #[test]
    fn what_is_put_together_counts_as_before_in_every_window() {
        let ms = Instant::from_millis;
        let edges = [ms(0), ms(10_000), ms(10_001), ms(25_000), ms(90_000)];
        let mut state = 3_u64;
        let mut draw = |below: u64| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state % below
        };
        let mut moments = Moments::default();
        let (mut stretches, mut plain) = (Stretches::default(), Vec::new());
        let mut at = 0;
        while at < 89_000 {
            at += draw(40);
            moments.counts.push((ms(at), 1 + draw(3)));
            let from = ms(at.saturating_sub(draw(900)));
            plain.push((from, ms(at)));
            while stretches.all.last().is_some_and(|(before, _)| *before >= from) {
                stretches.all.pop();
            }
            if stretches.all.last().is_none_or(|(_, end)| *end != ms(at)) {
                stretches.all.push((from, ms(at)));
            }
        }
        let whole = moments.all();
        let counted: Vec<u64> = windows(&edges).iter().map(|window| moments.inside(window)).collect();
        let longest = |window: &Window| -> Span {
            plain.iter().map(|(from, until)| window.overlap(*from, *until)).max().unwrap_or_default()
        };
        moments.compact(&edges);
        stretches.compact(&edges);
        assert!(
            moments.counts.len() < 10 && stretches.all.len() < 40,
            "{} {}",
            moments.counts.len(),
            stretches.all.len()
        );
        assert_eq!(moments.all(), whole);
        for (window, counted) in windows(&edges).iter().zip(counted) {
            assert_eq!(moments.inside(window), counted);
            assert_eq!(stretches.longest(window), longest(window));
        }
    }
}
