//! A 64-bit hash over everything that happened, in order: two runs with one fingerprint did the same.

use std::hash::{Hash, Hasher};

use super::time::Instant;

/// The rolling hash. Fold in each event; the order counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Fingerprint(u64);

impl Default for Fingerprint {
    fn default() -> Self {
        Self(0x9e37_79b9_7f4a_7c15)
    }
}

impl Fingerprint {
    /// Folds in one event: its time and what it is.
    pub fn fold(&mut self, at: Instant, event: &impl Hash) {
        self.fold_word(at.as_nanos());
        event.hash(self);
    }

    fn fold_word(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
        self.0 ^= self.0 >> 32;
    }

    /// The value so far.
    #[must_use]
    pub const fn value(self) -> u64 {
        self.0
    }
}

/// What a value says of itself is folded in as numbers, so that it is the same on machines of any word length.
impl Hasher for Fingerprint {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.fold_word((*byte).into()));
    }

    fn write_u8(&mut self, number: u8) {
        self.fold_word(number.into());
    }

    fn write_u16(&mut self, number: u16) {
        self.fold_word(number.into());
    }

    fn write_u32(&mut self, number: u32) {
        self.fold_word(number.into());
    }

    fn write_u64(&mut self, number: u64) {
        self.fold_word(number);
    }

    fn write_usize(&mut self, number: usize) {
        self.fold_word(number as u64);
    }

    /// The kinds of an enumeration are numbered so.
    fn write_isize(&mut self, number: isize) {
        self.fold_word(number as u64);
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
            events.iter().for_each(|&(time, word)| fingerprint.fold(at(time), &word));
            fingerprint.value()
        };
        let base = of(&[(1, 1), (2, 2)]);
        assert_eq!(base, of(&[(1, 1), (2, 2)]));
        for other in [of(&[(2, 2), (1, 1)]), of(&[(1, 1), (2, 3)]), of(&[(1, 1), (3, 2)]), of(&[(1, 1)])] {
            assert_ne!(base, other);
        }
    }
}
