//! The ownership timeline of a recording, real or simulated: the same rows in the same colours.

use std::collections::BTreeSet;

use super::colours::{Colour, FAINT, INK, STALL};
use super::drawing::{Anchor, Drawing, shortened, text_width};
use super::ownership::fill;
use super::rows::Held;
use super::time_axis::TimeAxis;
use crate::kernel::Instant;
use crate::model::plan::ConsumerIndex;
use crate::report::wording::noun;
use crate::trace::{Ownership, Trace, duplicates, stalls};

/// Shorter pauses of a queue are not marked.
pub(super) const STALL_MS: i64 = 1_000;
/// Messages that some listener had already had.
pub(super) const AGAIN: Colour = (0x00, 0x33, 0x99);
const TEXT: u32 = 12;

/// What both timelines of a picture share.
pub(super) struct Rows<'a> {
    /// Queues, in the order of the rows.
    pub queues: Vec<&'a str>,
    /// Consumers, in the order of their colours.
    pub consumers: Vec<&'a str>,
    /// Height of a row.
    pub height: i32,
}

impl<'a> Rows<'a> {
    /// All queues and owners of these recordings.
    pub fn of(traces: &[&'a Trace]) -> Self {
        let (mut queues, mut consumers) = (BTreeSet::new(), BTreeSet::new());
        for trace in traces {
            for (queue, changes) in Ownership::of(trace).changes {
                queues.insert(queue);
                consumers.extend(changes.into_iter().flat_map(|(_, owners)| owners));
            }
        }
        let height = if queues.len() <= 10 { 20 } else { 15 };
        Self { queues: queues.into_iter().collect(), consumers: consumers.into_iter().collect(), height }
    }

    /// Height of one timeline.
    pub fn total(&self) -> i32 {
        self.height * i32::try_from(self.queues.len()).expect("few queues")
    }

    /// The colour number of a consumer.
    pub fn number(&self, who: &str) -> ConsumerIndex {
        let number = self.consumers.iter().position(|known| *known == who).unwrap_or_default();
        u16::try_from(number).map_or(ConsumerIndex::MAX, ConsumerIndex)
    }

    /// The stretches of one queue, without holes.
    fn stretches(&self, ownership: &Ownership<'_>, queue: &str, end: i64) -> Vec<(i64, i64, Held)> {
        let changes = ownership.changes.get(queue).map_or(&[][..], Vec::as_slice);
        let untils = changes.iter().skip(1).map(|(t, _)| *t).chain([end]);
        let (mut ever, mut stretches) = (false, vec![]);
        let first = changes.first().map_or(end, |(t, _)| *t);
        stretches.push((0, first, Held::NotYet));
        for ((from, owners), until) in changes.iter().zip(untils) {
            ever |= !owners.is_empty();
            let held = match owners[..] {
                [] if ever => Held::Gap,
                [] => Held::NotYet,
                [one] => Held::Owner(self.number(one)),
                _ => Held::Overlap,
            };
            stretches.push((*from, until, held));
        }
        stretches.retain(|(from, until, _)| from < until);
        stretches
    }
}

/// The column of a moment of a recording; what is before its time 0 stands at the left.
pub(super) fn column(axis: &TimeAxis, t: i64) -> i32 {
    axis.x(Instant::from_millis(u64::try_from(t).unwrap_or_default()))
}

/// Draws one timeline from `top` on, its title with what it comes to above it.
pub(super) fn timeline(
    drawing: &mut Drawing,
    rows: &Rows<'_>,
    trace: &Trace,
    axis: &TimeAxis,
    (top, title): (i32, &str),
) {
    let ownership = Ownership::of(trace);
    let end = (trace.header.seconds * 1000.0) as i64;
    let (stalls, again) = (stalls(trace, STALL_MS), duplicates(trace));
    let bar = rows.height - 3;
    for (number, queue) in (0..).zip(&rows.queues) {
        let y = top + rows.height * number;
        drawing.text((axis.left - 8, y + bar / 2), shortened(queue, TEXT, axis.left - 16), TEXT, Anchor::End, INK);
        let stretches = rows.stretches(&ownership, queue, end);
        // A stretch shorter than a pixel still shows as one: trouble must not vanish by scaling.
        let columns = |from: i64, until: i64| (column(axis, from), column(axis, until).max(column(axis, from) + 1));
        for pass in [false, true] {
            for (from, until, held) in &stretches {
                if matches!(held, Held::Gap | Held::Overlap) == pass {
                    let (left, right) = columns(*from, *until);
                    fill(drawing, *held, (left, y), (right, y + bar));
                }
            }
        }
        for (from, until, held) in &stretches {
            let Held::Owner(who) = held else { continue };
            let (name, left) = (rows.consumers[usize::from(*who)], column(axis, *from));
            if text_width(name, TEXT) + 8 < column(axis, *until) - left {
                drawing.text((left + 5, y + bar / 2), name, TEXT, Anchor::Start, INK);
            }
        }
        for (from, until) in stalls.get(queue).into_iter().flatten() {
            let (left, right) = columns(*from, *until);
            drawing.rectangle((left, y + bar - 4), (right, y + bar), STALL);
        }
        for (left, right) in merged(again.get(queue).into_iter().flatten().map(|t| column(axis, *t as i64))) {
            drawing.rectangle((left, y), (right, y + 4), AGAIN);
        }
    }
    let both = |count: usize, one: &str| format!("{count} {}", noun(count as u64, one));
    let stalled = stalls.values().map(Vec::len).sum();
    let repeated = again.values().map(Vec::len).sum();
    let said = format!("{title}; {}, {}", both(stalled, "stall"), both(repeated, "duplicate"));
    drawing.text((axis.right, top - 10), said, TEXT, Anchor::End, FAINT);
}

/// Neighbouring columns, three pixels each at least, as few stretches as possible.
fn merged(columns: impl Iterator<Item = i32>) -> Vec<(i32, i32)> {
    let mut merged: Vec<(i32, i32)> = Vec::new();
    for column in columns {
        match merged.last_mut() {
            Some(last) if column <= last.1 => last.1 = last.1.max(column + 3),
            _ => merged.push((column, column + 3)),
        }
    }
    merged
}
