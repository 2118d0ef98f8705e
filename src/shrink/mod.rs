//! The smallest scenario file that still shows something: parts are taken away and values made simpler, so long as it stays
//! so.
//!
//! ```text
//!   text --> tree --a part less, a value simpler--> candidate --read (whoever named the part goes too)--> Scenario
//!             ^                                                                                              |
//!             +----------------------- it is still so: go on from there <---- what is asked of it -----------+
//! ```
//! Parts go in halves of all that lie equally deep, then in quarters, and one by one (delta debugging by hierarchy: Zeller
//! and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002; Misherghi and Su, "HDD", 2006). A candidate
//! that the language refuses is not smaller but none, and nothing here knows a key by its name but those few that a story
//! cannot lack.

mod document;
mod repair;
mod search;
mod simpler;
mod writing;

use std::sync::atomic::AtomicBool;

use crate::scenario::{Estimate, Scenario, ScenarioError, parse};
use document::Node;

/// What is to be shrunk, and what must stay so.
pub struct Question<'a> {
    /// The file as the user named it.
    pub file: &'a str,
    /// Its text.
    pub text: &'a str,
    /// Values put into it before, as `--set` has them.
    pub overrides: &'a [(&'a str, &'a str)],
    /// What it expects from now on; `None`: what it expected.
    pub expect: Option<&'a [String]>,
    /// Finds the text of a named environment.
    pub include: &'a dyn Fn(&str) -> Result<String, String>,
    /// Whether it is still so.
    pub holds: &'a dyn Fn(Scenario) -> bool,
    /// So many candidates are played at most.
    pub tries: u64,
    /// Set by whoever wants no more than there is.
    pub stop: &'a AtomicBool,
    /// Is told how many were played, and how large it is now.
    pub tell: &'a dyn Fn(u64, Size),
}

/// How large a story is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Size {
    /// Entries of its timeline.
    pub steps: usize,
    /// Consumers.
    pub members: usize,
    /// Groups.
    pub groups: usize,
    /// Brokers, slaves among them.
    pub brokers: usize,
    /// Queues to read, on all brokers.
    pub queues: u64,
    /// Producers.
    pub producers: usize,
    /// Messages that they send.
    pub messages: u64,
    /// Lines of its file.
    pub lines: usize,
}

impl Size {
    /// Whether there is more of something in the story than in another; a longer file is none.
    fn has_more_than(self, other: Self) -> bool {
        self.steps > other.steps
            || self.members > other.members
            || self.groups > other.groups
            || self.brokers > other.brokers
            || self.queues > other.queues
            || self.producers > other.producers
    }

    fn of(root: &Node, text: &str, scenario: &Scenario) -> Self {
        let plan = &scenario.plan;
        Self {
            steps: root.count("timeline"),
            members: plan.consumers.len(),
            groups: plan.groups.len(),
            brokers: plan.brokers.len(),
            queues: plan.topics.iter().flat_map(|topic| &topic.queues).map(|on| u64::from(on.read_queue_nums)).sum(),
            producers: plan.producers.len(),
            messages: Estimate::of(plan, false).messages,
            lines: text.lines().filter(|line| !line.trim().is_empty()).count(),
        }
    }
}

/// What came of it.
#[derive(Debug, Clone)]
pub struct Shrunk {
    /// The text of the smallest file.
    pub text: String,
    /// What it says.
    pub scenario: Scenario,
    /// How large the story was.
    pub before: Size,
    /// How large it is.
    pub after: Size,
    /// Candidates that were played.
    pub tries: u64,
    /// Whether nothing more can be taken from it; else the tries ran out, or somebody set `stop`.
    pub smallest: bool,
}

/// Why nothing was shrunk.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unshrunk {
    /// The file is refused.
    #[error(transparent)]
    Refused(#[from] Box<ScenarioError>),
    /// A value was to be put where there is no place for it.
    #[error("there is no `{0}` in the scenario")]
    NoPlace(String),
    /// It is not so from the beginning.
    #[error("it is not so in the file as it is")]
    NotSo,
}

/// A text that expects these lines instead of its own.
///
/// # Panics
/// Where it is no scenario's.
#[must_use]
pub fn expecting(text: &str, expect: &[String]) -> String {
    let mut root = Node::parse(text).expect("the language has read it");
    root.set("expect", lines(expect));
    writing::text(&root)
}

fn lines(expect: &[String]) -> Node {
    Node::made(document::Value::List(expect.iter().map(|line| Node::text(line)).collect()))
}

/// The smallest file of which it is still so.
///
/// # Errors
/// [`Unshrunk`], where the file is refused or it is not so to begin with.
pub fn shrink(question: &Question<'_>) -> Result<Shrunk, Unshrunk> {
    let as_written = |text: &str| parse(question.file, text, &[], question.include).map_err(Box::new);
    as_written(question.text)?;
    let mut root = Node::parse(question.text).expect("the language has read it as TOML");
    for (path, value) in question.overrides {
        let place = search::set(&mut root, path, Node::parse_value(value.trim()));
        place.ok_or_else(|| Unshrunk::NoPlace((*path).to_owned()))?;
    }
    if let Some(expect) = question.expect {
        root.set("expect", lines(expect));
    }
    let text = writing::text(&root);
    let scenario = as_written(&text)?;
    if !(question.holds)(scenario.clone()) {
        return Err(Unshrunk::NotSo);
    }
    let root = Node::parse(&text).expect("it was read");
    let before = Size::of(&root, question.text, &scenario);
    Ok(search::Search::begin(question, repair::Read { root, text, scenario }).smallest(before))
}
