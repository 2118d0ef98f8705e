//! Who reads what: most checks ignore most observations, and of a message alone there are a dozen.

use crate::model::observation::{Kind, Kinds};

/// Who reads one kind.
#[derive(Debug, Default)]
pub(super) struct Reading {
    /// The stage.
    pub stage: bool,
    /// The rules of the protocol.
    pub protocol: bool,
    /// The places of the others that read it, in their order.
    pub others: Box<[usize]>,
}

/// By kind, who reads it.
#[derive(Debug)]
pub(super) struct Readers(Box<[Reading]>);

impl Readers {
    /// Readers by what each reads.
    pub fn of(sets: impl Iterator<Item = Kinds> + Clone) -> Self {
        let read = |kind| {
            let places = sets.clone().enumerate().filter(move |(_, reads)| reads.has(kind));
            Reading { others: places.map(|(place, _)| place).collect(), ..Reading::default() }
        };
        Self(Kind::ALL.iter().map(|kind| read(*kind)).collect())
    }

    /// These, and what the stage and the rules of the protocol read.
    pub fn and(mut self, stage: Kinds, protocol: Kinds) -> Self {
        for (kind, reading) in Kind::ALL.iter().zip(&mut self.0) {
            (reading.stage, reading.protocol) = (stage.has(*kind), protocol.has(*kind));
        }
        self
    }

    /// Who reads a kind.
    #[inline]
    pub fn of_kind(&self, kind: Kind) -> &Reading {
        &self.0[kind as usize]
    }
}
