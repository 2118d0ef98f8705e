//! Everything that was read of all inputs.

use super::fact::Sighted;
use super::reader::{READERS, Reading};
use super::section::{Call, Input, Place, sections};

/// Something that was not understood, or not what it seems.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Where.
    pub place: Place,
    /// What, one clause without a full stop.
    pub what: String,
}

/// A piece that was recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recognised {
    /// Where it begins.
    pub place: Place,
    /// What it is, in the words of [`super::Reader::name`].
    pub what: &'static str,
    /// How many facts it gave.
    pub facts: usize,
    /// The call that printed it, where one stands before it.
    pub call: Option<Call>,
}

/// What is known, and from where.
#[derive(Debug, Default)]
pub struct Evidence {
    /// Names of the inputs, by number.
    pub inputs: Vec<String>,
    /// What each piece was taken for, in the order of the inputs.
    pub recognised: Vec<Recognised>,
    /// What is known, in the order of the inputs and their lines.
    pub facts: Vec<Sighted>,
    /// What was not understood.
    pub notes: Vec<Note>,
}

impl Evidence {
    /// Where something stands, for people: `progress.txt:12`.
    #[must_use]
    pub fn at(&self, place: Place) -> String {
        format!("{}:{}", self.inputs[place.input], place.line)
    }
}

/// Reads inputs of any kinds.
#[must_use]
pub fn read(inputs: &[Input]) -> Evidence {
    let mut evidence =
        Evidence { inputs: inputs.iter().map(|input| input.name.clone()).collect(), ..Evidence::default() };
    for section in inputs.iter().enumerate().flat_map(|(at, input)| sections(at, input)) {
        let Some(reader) = READERS.iter().find(|reader| reader.recognises(&section)) else {
            evidence.notes.push(Note { place: section.beginning(), what: "nothing that is known".to_owned() });
            continue;
        };
        let mut reading = Reading::default();
        reader.read(&section, &mut reading);
        let (place, what, facts) = (section.beginning(), reader.name(), reading.facts.len());
        evidence.recognised.push(Recognised { place, what, facts, call: section.call.clone() });
        evidence.facts.append(&mut reading.facts);
        evidence.notes.append(&mut reading.notes);
    }
    evidence
}
