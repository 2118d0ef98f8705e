//! Everything that was read of all inputs.

use super::fact::Sighted;
use super::reader::{READERS, Reading};
use super::section::{Call, Input, MOST_LINES, Place, Section, sections};

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

    /// Reads one piece.
    fn section(&mut self, section: &Section<'_>) {
        let Some(reader) = READERS.iter().find(|reader| reader.recognises(section)) else {
            let place = section.lines.iter().find(|(_, line)| !line.trim().is_empty());
            let place = place.map_or(section.beginning(), |(line, _)| section.place(*line));
            self.notes.push(Note { place, what: "nothing that is known".to_owned() });
            return;
        };
        let mut reading = Reading::default();
        reader.read(section, &mut reading);
        let (facts, notes) = reading.end();
        let (place, what) = (section.beginning(), reader.name());
        self.recognised.push(Recognised { place, what, facts: facts.len(), call: section.call.clone() });
        self.facts.extend(facts);
        self.notes.extend(notes);
    }
}

/// Notes of one input that are told; what is no output at all has as many as it has lines.
const MOST_NOTES: usize = 1000;

/// Reads inputs of any kinds.
#[must_use]
pub fn read(inputs: &[Input]) -> Evidence {
    let mut evidence =
        Evidence { inputs: inputs.iter().map(|input| input.name.clone()).collect(), ..Evidence::default() };
    for (at, input) in inputs.iter().enumerate() {
        let before = evidence.notes.len();
        let mut untold = 0;
        for section in sections(at, input) {
            evidence.section(&section);
            untold += evidence.notes.len().saturating_sub(before + MOST_NOTES);
            evidence.notes.truncate(before + MOST_NOTES);
        }
        if untold > 0 {
            let place = evidence.notes.last().map_or(Place { input: at, line: 1 }, |note| note.place);
            evidence.notes.push(Note { place, what: format!("and {untold} further notes") });
        }
        let unread = input.text.lines().skip(MOST_LINES).count();
        if unread > 0 {
            let place = Place { input: at, line: MOST_LINES + 1 };
            evidence.notes.push(Note { place, what: format!("this and {} further lines are not read", unread - 1) });
        }
    }
    evidence
}
