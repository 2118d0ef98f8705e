//! A strip for each measure and phase: the real value on the simulated distribution.

use super::colours::{Colour, FAINT, GAP, GRID, INK, PAPER};
use super::drawing::{Anchor, Drawing, shortened, text_width};
use crate::fidelity::{Compared, ComparedTrace, Key};
use crate::report::grouped;

/// Phases beside each other.
const COLUMNS: usize = 5;
/// Height of a strip with its figures.
const ROW: i32 = 34;
const HEAD: i32 = 40;
const TEXT: u32 = 12;
const BOX: Colour = (0xaa, 0xbb, 0xcc);

/// Steps of one action under one name: `0: start c1 c2`.
pub(super) fn phase_label(number: usize, steps: &str) -> String {
    let mut label = format!("{number}:");
    let mut last = "";
    for step in steps.split('+') {
        let (action, target) = step.split_once(':').unwrap_or((step, ""));
        if action != last {
            label.push_str(&format!(" {action}"));
            last = action;
        }
        label.push_str(&format!(" {target}"));
    }
    label
}

/// The keys of a recording, in the order of the rows.
fn keys(trace: &ComparedTrace) -> Vec<Key> {
    let all = trace.phases.iter().flat_map(|phase| phase.values.iter().map(|value| value.key.clone()));
    let keys: std::collections::BTreeSet<Key> = all.collect();
    keys.into_iter().collect()
}

/// The height that all strips of a recording take.
pub(super) fn height(trace: &ComparedTrace) -> i32 {
    let rows = i32::try_from(keys(trace).len() + 1).expect("few measures");
    let blocks = i32::try_from(trace.phases.len().div_ceil(COLUMNS)).expect("few phases");
    blocks * (HEAD + rows * ROW) + 8
}

/// Draws all strips from `top` on; `others` are the other recordings of the story.
pub(super) fn draw(
    drawing: &mut Drawing,
    trace: &ComparedTrace,
    others: &[&ComparedTrace],
    (left, right, mut top): (i32, i32, i32),
) {
    let keys = keys(trace);
    let width = (right - left) / i32::try_from(COLUMNS.min(trace.phases.len()).max(1)).expect("few columns");
    for (first, block) in (0..).step_by(COLUMNS).zip(trace.phases.chunks(COLUMNS)) {
        for (row, key) in (0..).zip(&keys) {
            let name = if key.1.is_empty() { key.0.name().to_owned() } else { format!("{} {}", key.0.name(), key.1) };
            let y = top + HEAD + row * ROW;
            drawing.text((left - 8, y + 9), shortened(&name, TEXT, left - 16), TEXT, Anchor::End, INK);
        }
        let owners_y = top + HEAD + i32::try_from(keys.len()).expect("few measures") * ROW;
        drawing.text((left - 8, owners_y + 3), "owners at the end", TEXT, Anchor::End, INK);
        for (column, phase) in (0..).zip(block) {
            let number = first + usize::try_from(column).expect("few columns");
            let x = left + column * width;
            let words = phase_label(number, &phase.phase);
            drawing.text((x, top + 12), cut(&words, 13, width - 16), 13, Anchor::Start, INK);
            let stretch = format!("{} to {} s", seconds(phase.from_ms), seconds(phase.until_ms));
            drawing.text((x, top + 28), stretch, 11, Anchor::Start, FAINT);
            for (row, key) in (0..).zip(&keys) {
                let Some(value) = phase.values.iter().find(|value| value.key == *key) else { continue };
                let elsewhere: Vec<i64> = others
                    .iter()
                    .filter_map(|other| other.phases.get(number))
                    .filter_map(|phase| phase.values.iter().find(|value| value.key == *key).map(|value| value.real))
                    .collect();
                strip(drawing, value, &elsewhere, (x, x + width - 24, top + HEAD + row * ROW));
            }
            let (hit, of) = (phase.owners_hit, phase.predicted_owners.len());
            let colour = if hit * 20 >= of { INK } else { GAP };
            drawing.text((x, owners_y + 3), format!("in {hit} of {of} seeds"), TEXT, Anchor::Start, colour);
        }
        top = owners_y + ROW;
    }
}

fn strip(drawing: &mut Drawing, value: &Compared, others: &[i64], (left, right, y): (i32, i32, i32)) {
    let [least, low, median, high, most] = value.quantiles;
    let ends = || others.iter().copied().chain([least, most, value.real]);
    let (from, to) = (ends().min().unwrap_or(least), ends().max().unwrap_or(most));
    let colour = if value.in_band { INK } else { GAP };
    let real = figure(value.real);
    drawing.text((left, y), real.clone(), TEXT, Anchor::Start, colour);
    let said = format!("{} · {} · {}", figure(least), figure(median), figure(most));
    let beside = left + text_width(&real, TEXT) + 14;
    drawing.text((beside, y), said, 11, Anchor::Start, FAINT);
    let middle = y + 16;
    // Where nothing differs, all stands in the middle.
    let x = |at: i64| {
        let width = i64::from(right - left);
        let offset = if from == to { width / 2 } else { (at - from) * width / (to - from) };
        left + i32::try_from(offset).expect("within the strip")
    };
    drawing.line(vec![(left, middle), (right, middle)], GRID, 1);
    drawing.line(vec![(x(least), middle), (x(most), middle)], FAINT, 1);
    for end in [least, most] {
        drawing.rectangle((x(end), middle - 4), (x(end) + 1, middle + 5), FAINT);
    }
    drawing.rectangle((x(low), middle - 5), (x(high) + 1, middle + 6), BOX);
    drawing.rectangle((x(median) - 1, middle - 5), (x(median) + 1, middle + 6), FAINT);
    for other in others {
        point(drawing, (x(*other), middle), INK, true);
    }
    point(drawing, (x(value.real), middle), colour, false);
}

/// A recorded value: full for the one that is predicted, hollow for the others.
pub(super) fn point(drawing: &mut Drawing, (x, y): (i32, i32), colour: Colour, hollow: bool) {
    let size = if hollow { 3 } else { 4 };
    drawing.rectangle((x - size, y - size), (x + size + 1, y + size + 1), colour);
    if hollow {
        drawing.rectangle((x - 2, y - 2), (x + 3, y + 3), PAPER);
    }
}

/// The swatch of the legend: a box with its whiskers.
pub(super) fn swatch(drawing: &mut Drawing, (x, y): (i32, i32)) {
    drawing.line(vec![(x, y), (x + 40, y)], FAINT, 1);
    for end in [x, x + 40] {
        drawing.rectangle((end, y - 4), (end + 1, y + 5), FAINT);
    }
    drawing.rectangle((x + 10, y - 5), (x + 31, y + 6), BOX);
    drawing.rectangle((x + 19, y - 5), (x + 21, y + 6), FAINT);
}

fn figure(value: i64) -> String {
    let sign = if value < 0 { "-" } else { "" };
    format!("{sign}{}", grouped(value.unsigned_abs()))
}

fn seconds(ms: i64) -> String {
    format!("{}.{}", ms / 1_000, ms % 1_000 / 100)
}

/// A text cut to a width, its beginning kept.
fn cut(text: &str, size: u32, width: i32) -> String {
    let mut kept = text.to_owned();
    while text_width(&kept, size) > width && kept.pop().is_some() {}
    if kept.len() < text.len() {
        kept.pop();
        kept.push('…');
    }
    kept
}
