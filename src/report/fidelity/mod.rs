//! How far the simulator is from recordings, for people and for programs.

mod csv;
mod events;
mod families;
mod json;
mod pictures;
mod text;

pub use csv::measures;
pub use families::markdown;
pub use json::summary as json;
pub use pictures::pictures;
pub use text::summary as text;

use crate::fidelity::{ComparedTrace, Totals, Typical, Unplayed};
use crate::sweep::Seeds;
use crate::trace::{Owners, Trace};

/// Everything that a validation found.
#[derive(Debug, Clone, Copy)]
pub struct Validation<'a> {
    /// The recordings that were played.
    pub traces: &'a [Trace],
    /// Each with its prediction.
    pub compared: &'a [ComparedTrace],
    /// A typical prediction of each.
    pub typical: &'a [Typical],
    /// Those that were not played.
    pub unplayed: &'a [Unplayed],
    /// The figures over all.
    pub totals: &'a Totals,
    /// What was played.
    pub seeds: Seeds,
    /// Whether the distance is small enough.
    pub held: bool,
}

/// Owners as one word: `queue=owner+owner;queue=...`, sorted.
fn owners_text(owners: &Owners) -> String {
    let queues: Vec<String> = owners.iter().map(|(queue, owners)| format!("{queue}={}", owners.join("+"))).collect();
    queues.join(";")
}
