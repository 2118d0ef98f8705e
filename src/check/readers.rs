//! Who reads what: most checks ignore most observations, and of a message alone there are a dozen.

use crate::model::observation::{Kind, Kinds};

/// By kind, the places of those that read it, in their order.
#[derive(Debug)]
pub(super) struct Readers(Box<[Box<[usize]>]>);

impl Readers {
    /// Readers by what each reads.
    pub fn of(sets: impl Iterator<Item = Kinds> + Clone) -> Self {
        let read = |kind| {
            let places = sets.clone().enumerate().filter(move |(_, reads)| reads.has(kind));
            places.map(|(place, _)| place).collect()
        };
        Self(Kind::ALL.iter().map(|kind| read(*kind)).collect())
    }

    /// The places of those that read a kind.
    #[inline]
    pub fn of_kind(&self, kind: Kind) -> &[usize] {
        &self.0[kind as usize]
    }
}
