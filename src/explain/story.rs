//! The chain as a story of a few lines, and where its time went.

use std::collections::BTreeMap;

use super::around::Around;
use super::finding::What;
use super::link::Chain;
use super::record::Record;
use super::tell::{self, Said};
use super::wait::Wait;
use super::walk::{Walked, beginning};
use crate::kernel::{Instant, Span};
use crate::model::observation::Observation;

/// A story has at most so many lines.
pub const MOST_LINES: usize = 15;

/// What follows within this is the same step of the story, where the first of them tells nothing.
const SAME_STEP: Span = Span::from_millis(5);

/// The kinds of events that a pull is, and that it has failed.
const PULL: &str = "pull_due";
const FAILED: &str = "call_failed";

/// One line of a story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// When.
    pub at: Instant,
    /// The event's number in `events.csv`; `None`: it is no event, but the end of a time-out.
    pub sequence: Option<u64>,
    /// Who.
    pub actor: String,
    /// What happened.
    pub text: String,
    /// Why it had not happened before, where a timer ticked in vain.
    pub note: String,
    /// How long it waited since the line before.
    pub waited: Span,
    /// What for, for the most part.
    pub wait: Option<Wait>,
    /// So many like it, one after the other, of which this is the last.
    pub times: u32,
}

/// A part of the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spent {
    /// On what.
    pub wait: Wait,
    /// How much.
    pub span: Span,
    /// What the governing setting says, where it is a length of time.
    pub setting: Option<Span>,
}

/// A line on its way.
struct Draft {
    line: Line,
    rank: u8,
    /// What kind of event it is.
    kind: &'static str,
    waits: BTreeMap<Wait, Span>,
}

impl Draft {
    /// It goes up in the one that comes after it.
    fn goes_into(self, next: &mut Self) {
        for (wait, span) in self.waits {
            let sum = next.waits.entry(wait).or_default();
            *sum += span;
        }
        if next.line.note.is_empty() {
            next.line.note = self.line.note;
        }
    }

    /// Whether it is the same again, so that one line says both. What arrives tells different things.
    fn is_like(&self, other: &Self) -> bool {
        if (self.kind, other.kind) == (FAILED, FAILED) {
            return (&self.line.actor, &self.line.text) == (&other.line.actor, &other.line.text);
        }
        let wait = main(&self.waits);
        (&self.line.actor, self.kind, wait) == (&other.line.actor, other.kind, main(&other.waits))
            && (self.line.text == other.line.text || !matches!(wait, None | Some(Wait::Network)))
    }

    fn waited(&self) -> Span {
        self.waits.values().fold(Span::ZERO, |sum, span| sum + *span)
    }
}

/// What was waited for the longest.
fn main(waits: &BTreeMap<Wait, Span>) -> Option<Wait> {
    waits.iter().max_by_key(|(_, span)| **span).filter(|(_, span)| **span > Span::ZERO).map(|(wait, _)| *wait)
}

/// Where the time went, the longest first.
pub(super) fn spent(walked: &[Walked<'_>], around: &Around<'_>) -> Vec<Spent> {
    let mut sums: BTreeMap<Wait, Span> = BTreeMap::new();
    for step in walked {
        let sum = sums.entry(step.wait).or_default();
        *sum += step.waited();
    }
    let mut rows: Vec<Spent> = sums
        .into_iter()
        .filter(|(_, span)| *span > Span::ZERO)
        .map(|(wait, span)| Spent { wait, span, setting: wait.value(around) })
        .collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.span));
    rows
}

/// The lines, in the order of time.
pub(super) fn lines(chain: &Chain<'_, '_>, walked: &[Walked<'_>]) -> Vec<Line> {
    let mut drafts = merged(walked.iter().map(|step| draft(chain, step)).collect());
    drafts = folded(drafts);
    while drafts.len() + 1 > MOST_LINES {
        let last = drafts.len() - 1;
        let least = (0..last).min_by_key(|&at| (drafts[at].waited(), drafts[at].rank)).expect("there are several");
        let draft = drafts.remove(least);
        draft.goes_into(&mut drafts[least]);
    }
    let mut lines = vec![first(chain)];
    lines.extend(drafts.into_iter().map(|Draft { mut line, waits, .. }| {
        line.waited = waits.values().fold(Span::ZERO, |sum, span| sum + *span);
        line.wait = main(&waits);
        line
    }));
    lines
}

/// What had become of the one that held the queue, shortly before it stalled.
pub(super) fn before(chain: &Chain<'_, '_>) -> Option<Line> {
    let (around, record) = (&chain.around, chain.record);
    let from = around.finding.from;
    if around.finding.what != What::Stall {
        return None;
    }
    let taken = record.back_from(from).find_map(|seen| match seen.what {
        Observation::QueueTaken { consumer, .. } if around.is_member(consumer) => Some((consumer, seen.at)),
        _ => None,
    });
    let (owner, since) = taken?;
    let of_owner = |what: &Observation| match what {
        Observation::ConsumerEnded { consumer, .. }
        | Observation::ConsumerPaused { consumer }
        | Observation::ConsumerResumed { consumer }
        | Observation::ConsumerCutOff { consumer, .. } => *consumer == owner,
        _ => false,
    };
    let seen = record.last((since, from), of_owner)?;
    let gone =
        !matches!(seen.what, Observation::ConsumerResumed { .. } | Observation::ConsumerCutOff { cut_off: false, .. });
    let said = tell::of(seen, around, record).filter(|_| gone)?;
    let (at, sequence, text) = (seen.at, Some(seen.sequence), format!("{}; it held the queue", said.text));
    Some(Line { at, sequence, actor: said.actor, text, note: String::new(), waited: Span::ZERO, wait: None, times: 1 })
}

/// The line that a finding begins with.
fn first(chain: &Chain<'_, '_>) -> Line {
    let (around, record) = (&chain.around, chain.record);
    let seen = beginning(chain).filter_map(|seen| Some((tell::of(seen, around, record)?, seen.sequence)));
    let told = seen.max_by_key(|(said, sequence)| (said.rank, std::cmp::Reverse(*sequence)));
    let (said, sequence) = told.map_or_else(
        || (at_nothing(around, record), None),
        |(said, sequence)| (said, (sequence > 0).then_some(sequence)),
    );
    let Said { actor, text, .. } = said;
    let at = around.finding.from;
    Line { at, sequence, actor, text, note: String::new(), waited: Span::ZERO, wait: None, times: 1 }
}

/// Nothing was seen that matters as the finding began.
fn at_nothing(around: &Around<'_>, record: &Record<'_>) -> Said {
    if around.finding.from == Instant::ZERO {
        return Said { rank: 1, actor: "the run".to_owned(), text: "begins".to_owned() };
    }
    match record.event_at(around.finding.from) {
        Some(event) => tell::of_event(event, around, record),
        None => Said { rank: 1, actor: "the run".to_owned(), text: "it begins here".to_owned() },
    }
}

fn draft(chain: &Chain<'_, '_>, step: &Walked<'_>) -> Draft {
    let node = &step.node;
    let kind = node.event.map_or("moment", |event| event.event.name());
    let said = match (&node.said, node.event) {
        (Some((actor, text)), _) => Said { rank: 5, actor: actor.clone(), text: text.clone() },
        (None, Some(event)) => tell::of_event(event, &chain.around, chain.record),
        (None, None) => Said { rank: 0, actor: String::new(), text: "what happened is not known".to_owned() },
    };
    let line = Line {
        at: node.at,
        sequence: node.event.map(|event| event.sequence),
        actor: said.actor,
        text: said.text,
        note: step.note.clone(),
        waited: Span::ZERO,
        wait: None,
        times: 1,
    };
    Draft { line, rank: said.rank, kind, waits: BTreeMap::from([(step.wait, step.waited())]) }
}

/// What tells nothing goes up in what follows from it at once.
fn merged(drafts: Vec<Draft>) -> Vec<Draft> {
    let mut kept: Vec<Draft> = Vec::new();
    for mut draft in drafts {
        while kept.last().is_some_and(|last| {
            let soon = draft.line.at.since(last.line.at) <= SAME_STEP;
            // That it was tried says who could not do it.
            let tried = last.kind == PULL && draft.kind == FAILED;
            (last.rank < 3 && soon) || last.rank == 0 || tried
        }) {
            kept.pop().expect("there is a last one").goes_into(&mut draft);
        }
        kept.push(draft);
    }
    kept
}

/// What happens again and again is one line.
fn folded(drafts: Vec<Draft>) -> Vec<Draft> {
    let mut kept: Vec<Draft> = Vec::new();
    let count = drafts.len();
    for (at, mut draft) in drafts.into_iter().enumerate() {
        let ends = at + 1 == count;
        if kept.last().is_some_and(|last| !ends && last.is_like(&draft)) {
            let last = kept.pop().expect("there is a last one");
            draft.line.times += last.line.times;
            last.goes_into(&mut draft);
        }
        kept.push(draft);
    }
    kept
}
