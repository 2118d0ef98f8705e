//! A 64-bit hash over everything that happened, in order: two runs with one fingerprint did the same.

use super::time::Instant;

/// The rolling hash. Fold in each event as words that name it; the order counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint(u64);

impl Default for Fingerprint {
    fn default() -> Self {
        Self(0x9e37_79b9_7f4a_7c15)
    }
}

impl Fingerprint {
    /// Folds in one event: its time and the words that describe it.
    pub fn fold(&mut self, at: Instant, words: [u64; 2]) {
        for word in [at.as_nanos(), words[0], words[1]] {
            self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
            self.0 ^= self.0 >> 32;
        }
    }

    /// The value so far.
    #[must_use]
    pub const fn value(self) -> u64 {
        self.0
    }
}

impl std::fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_time_and_words_all_count() {
        let at = Instant::from_millis;
        let of = |events: &[(u64, u64)]| {
            let mut fingerprint = Fingerprint::default();
            events.iter().for_each(|&(time, word)| fingerprint.fold(at(time), [word, 0]));
            fingerprint.value()
        };
        let base = of(&[(1, 1), (2, 2)]);
        assert_eq!(base, of(&[(1, 1), (2, 2)]));
        for other in [of(&[(2, 2), (1, 1)]), of(&[(1, 1), (2, 3)]), of(&[(1, 1), (3, 2)]), of(&[(1, 1)])] {
            assert_ne!(base, other);
        }
    }
}
