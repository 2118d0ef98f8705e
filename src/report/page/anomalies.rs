//! Stalls and anomalies of a page: columns beside each other, texts by number.

use std::cmp::Reverse;

use serde::Serialize;

use super::rows::PageRows;
use super::run::micros;
use super::texts::Texts;
use super::words::Words;
use crate::check::{Anomaly, Cause, Key, Severity, Stall, Trap};
use crate::explain::What;
use crate::kernel::Instant;
use crate::model::ids::AudienceIndex;
use crate::model::observation::QueueIndex;
use crate::report::explained::Worst;
use crate::run::Outcome;

/// So many of each are shown: the worst, then the longest.
const MOST: usize = 20_000;

/// What stands where there is none.
const NONE: i64 = -1;

/// Names of the columns, and rows of as many numbers.
#[derive(Debug, Serialize)]
pub(super) struct Columns {
    names: &'static [&'static str],
    cells: Vec<i64>,
    /// How many more there are.
    left_out: usize,
}

const STALL: [&str; 10] = ["row", "queue", "group", "from", "until", "cause", "why", "detail", "remedy", "story"];
const ANOMALY: [&str; 15] = [
    "check", "severity", "kind", "from", "until", "group", "row", "queue", "consumer", "count", "cause", "trap",
    "detail", "measured", "story",
];

/// What the cells of one run are made with.
pub(super) struct Sheets<'a> {
    pub(super) outcome: &'a Outcome,
    pub(super) rows: &'a PageRows,
    pub(super) texts: &'a mut Texts,
    pub(super) words: &'a mut Words,
    /// The findings whose stories are told.
    pub(super) worst: &'a [Worst],
}

impl Sheets<'_> {
    pub(super) fn stalls(&mut self) -> Columns {
        let holes = self.outcome.findings.holes();
        let (kept, left_out) =
            worst(&self.outcome.findings.stalls, |stall: &Stall| Reverse(stall.until.since(stall.from)));
        let mut cells = Vec::with_capacity(kept.len() * STALL.len());
        for stall in kept {
            let why = holes.why(stall);
            self.words.cause(stall.cause);
            why.into_iter().for_each(|cause| self.words.cause(cause));
            let [row, queue] = self.place(Some(stall.audience), Some(stall.queue));
            cells.extend([
                row,
                queue,
                stall.audience.0.into(),
                micros(stall.from),
                micros(stall.until),
                self.texts.number(stall.cause.word()),
                why.map_or(NONE, |cause| self.texts.number(cause.word())),
                self.texts.number(&stall.detail),
                self.texts.number(&stall.remedy),
                self.story(
                    (What::Stall, stall.cause),
                    (Some(stall.audience), Some(stall.queue)),
                    (stall.from, stall.until),
                ),
            ]);
        }
        Columns { names: &STALL, cells, left_out }
    }

    pub(super) fn anomalies(&mut self) -> Columns {
        let rank = |row: &Anomaly| (Reverse(row.severity), Reverse(row.until.since(row.from)));
        let (kept, left_out) = worst(&self.outcome.findings.anomalies, rank);
        let measured = self.outcome.findings.windows.first();
        let mut cells = Vec::with_capacity(kept.len() * ANOMALY.len());
        for anomaly in kept {
            self.words.cause(anomaly.cause);
            self.words.kind(anomaly.kind);
            let [row, queue] = self.place(anomaly.audience, anomaly.queue);
            let severity = match anomaly.severity {
                Severity::Note => 0,
                Severity::Warning => 1,
                Severity::Violation => 2,
                Severity::Failure => 3,
            };
            cells.extend([
                self.texts.number(anomaly.check),
                severity,
                self.texts.number(anomaly.kind.word()),
                micros(anomaly.from),
                micros(anomaly.until),
                anomaly.audience.map_or(NONE, |group| group.0.into()),
                row,
                queue,
                anomaly.consumer.map_or(NONE, |consumer| consumer.0.into()),
                i64::try_from(anomaly.count).unwrap_or(i64::MAX),
                self.texts.number(anomaly.cause.word()),
                self.texts.number(anomaly.trap.map_or("", Trap::word)),
                self.texts.number(&anomaly.detail),
                measured.is_none_or(|window| anomaly.touches(window)).into(),
                What::of(anomaly.kind).map_or(NONE, |what| {
                    let place = (anomaly.audience, anomaly.queue);
                    self.story((what, anomaly.cause), place, (anomaly.from, anomaly.until))
                }),
            ]);
        }
        Columns { names: &ANOMALY, cells, left_out }
    }

    /// The number of the story of a finding: that of a hole tells of all its parts.
    fn story(
        &self,
        (what, cause): (What, Cause),
        (group, queue): (Option<AudienceIndex>, Option<QueueIndex>),
        (from, until): (Instant, Instant),
    ) -> i64 {
        let is_told = |worst: &Worst| {
            let told = &worst.finding;
            (told.what, Some(told.audience), Some(told.queue)) == (what, group, queue)
                && told.from <= from
                && until <= told.until
                && told.causes.contains(&cause)
        };
        self.worst.iter().position(is_told).map_or(NONE, |number| i64::try_from(number).expect("few stories"))
    }

    /// The row of a queue, and its name.
    fn place(&mut self, audience: Option<AudienceIndex>, queue: Option<QueueIndex>) -> [i64; 2] {
        let Some(queue) = queue else { return [NONE, NONE] };
        let row = audience.and_then(|audience| self.rows.places.get(&Key { audience, queue }));
        let row = row.map_or(NONE, |row| i64::try_from(*row).expect("few rows"));
        [row, self.texts.number(&self.outcome.names.message_queue(queue).to_string())]
    }
}

/// Those that are shown, in the order in which they were found, and how many are not.
fn worst<T, K: Ord>(all: &[T], rank: impl Fn(&T) -> K) -> (Vec<&T>, usize) {
    let mut order: Vec<usize> = (0..all.len()).collect();
    if all.len() > MOST {
        order.sort_by_key(|at| rank(&all[*at]));
        order.truncate(MOST);
        order.sort_unstable();
    }
    let left_out = all.len() - order.len();
    (order.into_iter().map(|at| &all[at]).collect(), left_out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_too_many_the_worst_stay_in_their_order() {
        let few = [3, 1, 2];
        assert_eq!(worst(&few, |value| Reverse(*value)), (vec![&3, &1, &2], 0));
        let many: Vec<usize> = (0..MOST + 5).collect();
        let (kept, left_out) = worst(&many, |value| Reverse(*value));
        assert_eq!((left_out, kept.len(), kept[0], kept[1]), (5, MOST, &5, &6));
    }
}
