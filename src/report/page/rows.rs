//! The rows of the ownership timeline, as short as they can be written: lengths instead of moments.

use std::collections::BTreeMap;

use serde::Serialize;

use super::run::micros;
use super::texts::Texts;
use crate::check::{Key, OwnerState, Ownership};
use crate::kernel::Instant;
use crate::model::ids::ConsumerIndex;
use crate::report::picture::rows::{Held, Row, rows};
use crate::run::Outcome;

/// So many stretches of all rows are shown; of what is more those rows are left out that have the least trouble.
const MOST_STRETCHES: usize = 150_000;

/// What stands for a stretch that no one consumer holds.
const GAP: i64 = -1;
const NOT_YET: i64 = -2;
const OVERLAP: i64 = -3;
const POPPED: i64 = -4;

/// One queue of one group.
#[derive(Debug, Serialize)]
pub(super) struct PageRow {
    group: u16,
    topic: i64,
    broker: u16,
    id: u32,
    /// Length in microseconds and who holds it, one after the other from the beginning of the run.
    held: Vec<i64>,
    /// Who shares, for each stretch with several owners.
    shared: Vec<Vec<u16>>,
    /// From when, for how long and whose: tables of clients that cannot act.
    dead: Vec<i64>,
}

/// The rows that are shown, and where each queue of an audience stands among them.
pub(super) struct PageRows {
    pub(super) rows: Vec<PageRow>,
    pub(super) places: BTreeMap<Key, usize>,
    pub(super) left_out: usize,
}

impl PageRows {
    pub(super) fn of(outcome: &Outcome, texts: &mut Texts) -> Self {
        let mut all = rows(outcome);
        let total = all.len();
        keep_most_troubled(&mut all);
        let mut holdings: BTreeMap<Key, Vec<&Ownership>> = BTreeMap::new();
        for row in &outcome.findings.ownership {
            holdings.entry(row.key()).or_default().push(row);
        }
        let places = all.iter().enumerate().map(|(at, row)| (row.key(), at)).collect();
        let of_queue = |row: &Row<'_>| holdings.get(&row.key()).map_or(&[][..], Vec::as_slice);
        let rows: Vec<PageRow> = all.iter().map(|row| page_row(outcome, row, of_queue(row), texts)).collect();
        Self { left_out: total - rows.len(), rows, places }
    }
}

fn keep_most_troubled(rows: &mut Vec<Row<'_>>) {
    if rows.iter().map(|row| row.stretches.len()).sum::<usize>() <= MOST_STRETCHES {
        return;
    }
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by_key(|at| std::cmp::Reverse(rows[*at].trouble()));
    let mut room = MOST_STRETCHES;
    let kept: std::collections::BTreeSet<usize> = order
        .into_iter()
        .take_while(|at| {
            let needed = rows[*at].stretches.len();
            let fits = needed <= room;
            room -= needed.min(room);
            fits
        })
        .collect();
    let mut at = 0..;
    rows.retain(|_| at.next().is_some_and(|at| kept.contains(&at)));
}

fn page_row(outcome: &Outcome, row: &Row<'_>, holdings: &[&Ownership], texts: &mut Texts) -> PageRow {
    let place = outcome.names.queue(row.queue);
    let (mut held, mut shared) = (Vec::with_capacity(2 * row.stretches.len()), Vec::new());
    for (from, until, who) in &row.stretches {
        let who = match who {
            Held::Gap => GAP,
            Held::NotYet => NOT_YET,
            Held::Popped => POPPED,
            Held::Owner(consumer) => i64::from(consumer.0),
            Held::Overlap => {
                shared.push(owners(holdings, *from, *until));
                OVERLAP
            }
        };
        held.extend([micros(*until) - micros(*from), who]);
    }
    let dead = holdings.iter().filter(|row| row.state == OwnerState::Zombie && row.from < row.until);
    let dead = dead.flat_map(|row| [micros(row.from), micros(row.until) - micros(row.from), row.consumer.0.into()]);
    PageRow {
        group: row.audience.0,
        topic: texts.number(&outcome.names.topic(place.topic).name),
        broker: place.broker.0,
        id: place.queue_id,
        held,
        shared,
        dead: dead.collect(),
    }
}

/// Who of them lived and held the queue within a stretch.
fn owners(holdings: &[&Ownership], from: Instant, until: Instant) -> Vec<u16> {
    let live = holdings.iter().filter(|row| row.state == OwnerState::Live && row.from < until && from < row.until);
    let mut owners: Vec<ConsumerIndex> = live.map(|row| row.consumer).collect();
    owners.sort_unstable();
    owners.dedup();
    owners.into_iter().map(|consumer| consumer.0).collect()
}
