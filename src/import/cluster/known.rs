//! What is taken where inputs say something, agree, or contradict each other.

use super::super::evidence::Evidence;
use super::super::section::Place;

/// A value, and where it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known<T> {
    /// What it is.
    pub value: T,
    /// Where that is said, in the order of the inputs.
    pub places: Vec<Place>,
}

/// Something about the picture that a person wants to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RemarkKind {
    /// Inputs say different things.
    Conflict,
    /// Something is known and not part of the picture.
    LeftOut,
    /// Something is not known and was made up, or taken from what is like it.
    Assumed,
    /// What would tell more.
    Missing,
}

impl RemarkKind {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Conflict => "conflict",
            Self::LeftOut => "left_out",
            Self::Assumed => "assumed",
            Self::Missing => "missing",
        }
    }
}

/// A sentence about the picture, without a full stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// Of which kind.
    pub kind: RemarkKind,
    /// What is to be said.
    pub sentence: String,
}

/// How much an input's word counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weight {
    /// It follows from rows that are about something else.
    Derived,
    /// It is written there.
    Written,
    /// It is what clients are told.
    Route,
}

#[derive(Debug, Clone)]
struct Claim<T> {
    value: T,
    place: Place,
    weight: Weight,
}

/// What inputs say of one thing.
#[derive(Debug, Clone)]
pub(super) struct Claims<T>(Vec<Claim<T>>);

impl<T> Default for Claims<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Clone + PartialEq> Claims<T> {
    /// Something is said.
    pub fn say(&mut self, value: T, place: Place, weight: Weight) {
        self.0.push(Claim { value, place, weight });
    }

    /// What weighs most, and of that the last; what contradicts it is told. `tell` says a value: "8 read queues".
    pub fn settled(&self, tell: impl Fn(&T) -> String, told: &mut Told<'_>) -> Option<Known<T>> {
        let mut taken = self.0.first()?;
        for claim in &self.0[1..] {
            if claim.weight >= taken.weight {
                taken = claim;
            }
        }
        let mut others: Vec<&Claim<T>> = Vec::new();
        for claim in self.0.iter().filter(|claim| claim.value != taken.value) {
            if !others.iter().any(|other| other.value == claim.value) {
                others.push(claim);
            }
        }
        if !others.is_empty() {
            const MOST: usize = 3;
            let said = |claim: &&Claim<T>| format!("{} says {}", told.evidence.at(claim.place), tell(&claim.value));
            let mut all: Vec<String> = std::iter::once(&taken).map(said).collect();
            all.extend(others.iter().take(MOST).map(said));
            let sentence = format!("{}; {} is taken", all.join(", "), tell(&taken.value));
            told.remark(RemarkKind::Conflict, sentence);
        }
        let places = self.0.iter().filter(|claim| claim.value == taken.value).map(|claim| claim.place).collect();
        Some(Known { value: taken.value.clone(), places })
    }

    /// All that is said, with where.
    pub fn all(&self) -> impl Iterator<Item = (&T, Place)> {
        self.0.iter().map(|claim| (&claim.value, claim.place))
    }
}

/// What is to be told, as it is found.
pub(super) struct Told<'a> {
    /// For the names of places.
    pub evidence: &'a Evidence,
    /// So far.
    pub remarks: Vec<Remark>,
}

impl Told<'_> {
    /// Says something once.
    pub fn remark(&mut self, kind: RemarkKind, sentence: String) {
        let remark = Remark { kind, sentence };
        if !self.remarks.contains(&remark) {
            self.remarks.push(remark);
        }
    }
}
