//! Named random streams: one ChaCha8 generator for each (seed, purpose, id).
//!
//! The three make up the key, so that one more draw in one place moves nothing elsewhere, and two strategies can
//! be compared on the same arrivals and the same faults.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The source of all streams of one run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Streams {
    seed: u64,
}

/// One stream of draws.
///
/// ```
/// use rebalance_sim::kernel::Streams;
/// let mut chance = Streams::new(7).stream("listener work", 0);
/// let drawn = [chance.below(100), chance.below(100)];
/// let mut again = Streams::new(7).stream("listener work", 0);
/// assert_eq!([again.below(100), again.below(100)], drawn);
/// ```
#[derive(Debug, Clone)]
pub struct Stream(ChaCha8Rng);

impl Streams {
    /// The streams of the run with this seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// The stream of one purpose and one actor. The same three values always give the same draws.
    #[must_use]
    pub fn stream(self, purpose: &str, id: u64) -> Stream {
        let mut key = [0; 32];
        key[0..8].copy_from_slice(&self.seed.to_le_bytes());
        key[8..16].copy_from_slice(&id.to_le_bytes());
        key[16..24].copy_from_slice(&hash(purpose.as_bytes()).to_le_bytes());
        key[24..32].copy_from_slice(&(purpose.len() as u64).to_le_bytes());
        Stream(ChaCha8Rng::from_seed(key))
    }
}

/// FNV-1a, enough to tell the purposes of one program apart.
fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

impl Stream {
    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A whole number in `0..bound`, each equally likely (Lemire's multiplication with rejection). Panics on 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        assert!(bound > 0, "no number is below 0");
        loop {
            let product = u128::from(self.bits()) * u128::from(bound);
            // The threshold is below the bound: mostly nobody has to divide to find it.
            if product as u64 >= bound || product as u64 >= bound.wrapping_neg() % bound {
                return (product >> 64) as u64;
            }
        }
    }

    /// A number in `[0, 1)` with 53 bits, for distributions, which round to whole time at once.
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
    }

    /// True `parts` times out of `of`.
    pub fn chance(&mut self, parts: u64, of: u64) -> bool {
        self.below(of) < parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_draws_are_pinned() {
        let mut stream = Streams::new(7).stream("latency", 3);
        let draws: Vec<u64> = (0..10).map(|_| stream.below(1_000)).collect();
        assert_eq!(draws, PINNED);
    }
    const PINNED: [u64; 10] = [377, 317, 933, 551, 293, 54, 539, 681, 704, 513];

    #[test]
    fn streams_differ_in_every_part_of_their_name() {
        let first = |seed, purpose, id| Streams::new(seed).stream(purpose, id).bits();
        let draws = [first(1, "a", 1), first(2, "a", 1), first(1, "b", 1), first(1, "a", 2)];
        for (i, a) in draws.iter().enumerate() {
            assert!(draws[i + 1..].iter().all(|b| a != b));
        }
    }
}
