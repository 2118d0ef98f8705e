//! The event log: one row for each event and each observation, in texts.
//!
//! What is seen says itself of what it consists ([`serde::Serialize`]), and so every row is made in one way:
//!
//! ```text
//!   Event, Concern, Observation --serialize--> Words --by the types of its numbers--> name, actor, subject, key=value
//! ```
//! What is added to the model is readable here without a line about it.

mod chosen;
mod id;
mod kinds;
mod row;
mod words;

pub use chosen::{Chosen, UnknownWord};
pub use kinds::{kinds, near_kinds};
pub use row::EventRow;

use crate::kernel::{Instant, Occurrence};
use crate::model::event::Event;
use crate::model::observation::Observed;
use crate::model::plan::Plan;
use crate::model::{Concern, Names};
use words::Words;

/// An event of the agenda as a row.
pub(super) fn event_row(occurrence: &Occurrence<Event>, concern: Concern, names: &Names, plan: &Plan) -> EventRow {
    let mut words = Words::new(names, plan);
    words.say(&occurrence.event);
    words.say(&concern);
    let actor = match occurrence.event {
        Event::Timeline(_) => Some(row::STORY),
        Event::ControllerTicked => Some("controller"),
        Event::Database(_) => Some("database"),
        _ => None,
    };
    row_of((occurrence.at, occurrence.sequence, occurrence.cause), words, actor)
}

/// An observation as a row.
#[must_use]
pub fn observation_row(observed: &Observed, names: &Names, plan: &Plan) -> EventRow {
    let mut words = Words::new(names, plan);
    words.say(&observed.what);
    row_of((observed.at, observed.sequence, observed.cause), words, None)
}

fn row_of((at, sequence, cause): (Instant, u64, u64), words: Words<'_>, actor: Option<&str>) -> EventRow {
    let event = words.event();
    let (actor, subject, details) = words.parted(actor);
    EventRow { at, sequence, cause, event, actor, subject, details }
}
