//! How far the simulator is from recordings, for people and for programs.

mod csv;
mod events;
mod json;
mod pictures;
mod text;

pub use csv::measures;
pub use json::summary as json;
pub use pictures::pictures;
pub use text::summary as text;

use crate::trace::Owners;

/// Owners as one word: `queue=owner+owner;queue=...`, sorted.
fn owners_text(owners: &Owners) -> String {
    let queues: Vec<String> = owners.iter().map(|(queue, owners)| format!("{queue}={}", owners.join("+"))).collect();
    queues.join(";")
}
