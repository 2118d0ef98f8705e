//! Lengths of time by how often each was seen, in buckets of less than a hundredth of what they hold.
//!
//! ```text
//!   0 µs .. 255 µs     a bucket each
//!   256 µs .. 511 µs   128 buckets of 2 µs
//!   512 µs .. 1023 µs  128 buckets of 4 µs, and so on: a value is told at most a 128th too high
//! ```
//! What it holds depends on the longest length and not on how many there are.

use crate::kernel::Span;

/// Buckets of each doubling.
const BUCKETS: u64 = 128;

/// How often each length was seen.
#[derive(Debug, Clone, Default)]
pub(super) struct Histogram {
    counts: Vec<u64>,
    longest: u64,
}

/// The counts of a histogram that will not grow any more: only those that are not zero.
#[derive(Debug, Clone, Default)]
pub(super) struct Closed {
    counts: Vec<(u16, u64)>,
    longest: u64,
}

/// The bucket of a length. Part of a microsecond is one.
fn bucket(nanos: u64) -> usize {
    let micros = nanos.div_ceil(1_000);
    let doublings = micros.max(BUCKETS).ilog2() - BUCKETS.ilog2();
    (u64::from(doublings) * BUCKETS + (micros >> doublings)) as usize
}

/// The longest length that a bucket holds.
fn highest(bucket: u16) -> u64 {
    let doublings = (u64::from(bucket) / BUCKETS).saturating_sub(1);
    ((u64::from(bucket) - doublings * BUCKETS + 1) << doublings).saturating_sub(1).saturating_mul(1_000)
}

impl Histogram {
    /// One more.
    #[inline]
    pub fn add(&mut self, nanos: u64) {
        let bucket = bucket(nanos);
        if bucket >= self.counts.len() {
            self.counts.resize(bucket + 1, 0);
        }
        self.counts[bucket] += 1;
        self.longest = self.longest.max(nanos);
    }

    /// Takes what was seen so far out; what it had room for stays.
    pub fn close(&mut self) -> Closed {
        let seen = self.counts.iter().enumerate().filter(|(_, count)| **count > 0);
        let counts = seen.map(|(bucket, count)| (bucket as u16, *count)).collect();
        self.counts.fill(0);
        Closed { counts, longest: std::mem::take(&mut self.longest) }
    }

    /// Adds what another saw.
    pub fn join(&mut self, other: &Closed) {
        if let Some((last, _)) = other.counts.last()
            && usize::from(*last) >= self.counts.len()
        {
            self.counts.resize(usize::from(*last) + 1, 0);
        }
        for (bucket, count) in &other.counts {
            self.counts[usize::from(*bucket)] += count;
        }
        self.longest = self.longest.max(other.longest);
    }

    /// The longest length, exactly; `None` where nothing was seen.
    pub fn longest(&self) -> Option<Span> {
        self.counts.iter().any(|count| *count > 0).then(|| Span::from_nanos(self.longest))
    }

    /// The length that so many thousandths do not go beyond, by nearest rank; at most a 128th too long.
    pub fn at(&self, thousandths: u64) -> Option<Span> {
        let all: u64 = self.counts.iter().sum();
        let rank = (all * thousandths).div_ceil(1_000).max(1);
        let mut so_far = 0;
        let found = self.counts.iter().position(|count| {
            so_far += count;
            so_far >= rank
        })?;
        Some(Span::from_nanos(highest(found as u16).min(self.longest)))
    }
}

impl Closed {
    /// Adds what another saw.
    pub fn join(&mut self, other: &Self) {
        let mut both = Histogram::default();
        both.join(self);
        both.join(other);
        *self = both.close();
    }

    /// Whether nothing was seen.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_the_sorted_list_within_a_hundredth() {
        let mut state = 11_u64;
        let mut draw = |below: u64| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state % below
        };
        for most in [1, 900, 200_000, 40_000_000, 90_000_000_000, 400_000_000_000_000] {
            let (mut one, mut two, mut plain) = (Histogram::default(), Histogram::default(), Vec::new());
            for number in 0..3_000 {
                let nanos = draw(most);
                plain.push(nanos);
                if number % 3 == 0 { one.add(nanos) } else { two.add(nanos) }
            }
            plain.sort_unstable();
            let mut closed = one.close();
            assert!(one.longest().is_none() && one.at(990).is_none(), "what was taken out is gone");
            closed.join(&two.close());
            one.join(&closed);
            assert_eq!(one.longest(), plain.last().map(|nanos| Span::from_nanos(*nanos)));
            for thousandths in [1, 500, 900, 990, 999, 1_000] {
                let exact = plain[(3_000 * thousandths as usize).div_ceil(1_000) - 1];
                let told = one.at(thousandths).expect("there are some").as_nanos();
                let allowed = exact + exact / 128 + 1_000;
                assert!((exact..=allowed).contains(&told), "{thousandths} of {most}: {told} for {exact}");
            }
        }
    }

    #[test]
    fn buckets_join_without_a_hole() {
        for bucket_of in 0..5_000 {
            let end = highest(bucket_of);
            assert_eq!((bucket(end), bucket(end + 1)), (usize::from(bucket_of), usize::from(bucket_of) + 1));
        }
    }
}
