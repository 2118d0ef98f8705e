//! Compares what this crate answers with what RocketMQ's real classes answered, case by case.
//!
//! A case is one JSON object a line. Which kind it is shows in its fields; a kind is one entry in `KINDS`. Nothing
//! here reads files: lines go in, counts and the first difference come out.

mod allocation;
mod ordering;
mod ring;
mod subject;

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::Value;

pub use subject::Subject;

/// What one case came to; `Err` says what is wrong with the case itself.
type Checked = Result<Outcome, String>;

/// What one case came to.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Outcome {
    Agrees,
    /// One sentence that names the first difference within the case.
    Differs(String),
}

/// A kind of case.
struct Kind {
    /// Whether a case is of this kind.
    is: fn(&Value) -> bool,
    /// Under which name it is counted.
    name: fn(&Value) -> String,
    check: fn(&Subject, &Value) -> Checked,
}

/// All kinds. The first that says a case is its own checks it.
const KINDS: &[Kind] = &[
    Kind { is: |case| case.get("strategy").is_some(), name: |case| text(case, "strategy"), check: allocation::check },
    Kind { is: ordering::is_ordering, name: |case| text(case, "kind"), check: ordering::check },
    Kind { is: |case| case.get("to_string").is_some(), name: |_| "message_queue".to_owned(), check: ordering::text },
    Kind { is: |case| case.get("vnode_key").is_some(), name: |_| named("vnode"), check: ring::check_virtual_node },
    Kind { is: |case| case.get("ring").is_some(), name: |_| named("ring"), check: ring::check_ring },
    Kind { is: |case| case.get("key").is_some(), name: |_| named("md5"), check: ring::check_hash },
    Kind { is: is_offset_file, name: |case| format!("local_offset_store {}", text(case, "kind")), check: offset_file },
];

/// The longest line; what is made of it takes many times its bytes.
const MOST_BYTES: usize = 4 << 20;

/// How often a kind, or a strategy, was compared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Cases seen.
    pub cases: u64,
    /// Cases in which this crate answers differently.
    pub differences: u64,
}

/// A case in which this crate answers differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The `id` or `name` of the case; empty where it has none.
    pub id: String,
    /// What differs, in one sentence.
    pub what: String,
}

/// Why a line could not be compared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CaseError {
    /// It is no JSON object, or its fields are not those of its kind.
    #[error("{0}")]
    Malformed(String),
    /// Its fields are those of no kind.
    #[error("a case with the fields {0} is not supported")]
    NotSupported(String),
}

/// The counts so far.
#[derive(Debug, Clone, Default)]
pub struct Conformance {
    subject: Subject,
    /// By strategy, and by kind for everything that is no allocation.
    pub tallies: BTreeMap<String, Tally>,
}

impl Conformance {
    /// Compares something else than what this crate does, such as a strategy with a mistake planted in it.
    #[must_use]
    pub fn of(subject: Subject) -> Self {
        Self { subject, tallies: BTreeMap::new() }
    }

    /// Compares one case and counts it; the answer is what differs, if anything.
    ///
    /// # Errors
    /// The line is no case that can be compared; it is then not counted.
    pub fn check_line(&mut self, line: &str) -> Result<Option<Difference>, CaseError> {
        if line.len() > MOST_BYTES {
            let why = format!("a case has {} bytes; allowed are {MOST_BYTES}", line.len());
            return Err(CaseError::Malformed(why));
        }
        let case: Value = serde_json::from_str(line).map_err(|error| CaseError::Malformed(error.to_string()))?;
        let Some(fields) = case.as_object() else {
            return Err(CaseError::Malformed("a case must be a JSON object".to_owned()));
        };
        let Some(kind) = KINDS.iter().find(|kind| (kind.is)(&case)) else {
            return Err(CaseError::NotSupported(fields.keys().cloned().collect::<Vec<_>>().join(", ")));
        };
        let outcome = (kind.check)(&self.subject, &case).map_err(CaseError::Malformed)?;
        let tally = self.tallies.entry((kind.name)(&case)).or_default();
        tally.cases += 1;
        let Outcome::Differs(what) = outcome else { return Ok(None) };
        tally.differences += 1;
        let id = case.get("id").or_else(|| case.get("name")).and_then(Value::as_str).unwrap_or_default().to_owned();
        Ok(Some(Difference { id, what }))
    }
}

fn text(case: &Value, field: &str) -> String {
    case[field].as_str().unwrap_or_default().to_owned()
}

fn named(part: &str) -> String {
    format!("consistent_hash {part}")
}

/// The fields of a case as a kind wants them.
fn read<T: DeserializeOwned>(case: &Value) -> Result<T, String> {
    T::deserialize(case).map_err(|error| error.to_string())
}

fn compare<T: PartialEq + std::fmt::Debug>(what: &str, expected: &T, actual: &T) -> Outcome {
    if expected == actual {
        return Outcome::Agrees;
    }
    Outcome::Differs(format!("{what}: expected {expected:?}, got {actual:?}"))
}

fn is_offset_file(case: &Value) -> bool {
    case["kind"] == "write" && case.get("put").is_some() || case["kind"] == "read" && case.get("text").is_some()
}

fn offset_file(_: &Subject, case: &Value) -> Checked {
    crate::offset::conformance::check_fields(case)?;
    Ok(crate::offset::conformance::check_case(case).map_or_else(Outcome::Differs, |()| Outcome::Agrees))
}
