//! Recordings of a cluster, real or simulated, and what they measure.
//!
//! ```text
//!   JSON Lines --read--> Trace --measure--> Measures
//! ```
//!
//! A [`Trace`] is the event form in which a real cluster and a simulated one look the same; [`measure`] is the one
//! place in which figures are made of either. Nothing here knows the model.

mod compact;
mod duplicates;
mod event;
mod header;
mod idle;
mod measures;
mod ownership;
mod phases;
mod read;
mod redelivery;
mod requests;
mod step;
mod whole;

pub use compact::Runs;
pub use duplicates::duplicates;
pub use event::{Event, Requests, Run, What};
pub use header::{Class, ConsumeFrom, Header, Language, Listener, MessageModel, Properties, RequestMode};
pub use idle::{idle_stretches, stalls};
pub use measures::{Measures, Owners, PhaseMeasures, measure};
pub use ownership::Ownership;
pub use phases::{Phase, phases};
pub use read::{TraceError, queue_parts, read};
pub use redelivery::{Redeliveries, redeliveries};
pub use requests::{REQUESTS, requests};
pub use step::{Overrides, StoryStep};

/// One recording.
#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    /// Name of its file without `.jsonl` or `.jsonl.gz`.
    pub name: String,
    /// Line 1.
    pub header: Header,
    /// The other lines, in order of time.
    pub events: Vec<Event>,
}

impl Trace {
    /// The text of its file.
    ///
    /// # Panics
    /// Never: a trace is plain data.
    #[must_use]
    pub fn to_text(&self) -> String {
        let header = serde_json::to_string(&self.header).expect("a header is JSON");
        let lines = self.events.iter().map(|event| serde_json::to_string(event).expect("an event is JSON"));
        std::iter::once(header).chain(lines).map(|line| line + "\n").collect()
    }
}
