//! A panel with stepped lines over time.

use std::collections::BTreeMap;

use super::colours::{Colour, FAINT, GRID, INK, LINES};
use super::drawing::{Anchor, Drawing, text_width};
use super::time_axis::TimeAxis;
use crate::kernel::Instant;
use crate::report::grouped;

const TEXT: u32 = 13;

/// One line: its name, and its value from each moment on.
pub(in crate::report) struct Series {
    pub(in crate::report) name: &'static str,
    pub(in crate::report) points: Vec<(Instant, u64)>,
}

/// Draws a panel between two heights: title, grid, lines, and a legend in the title's line.
pub(super) fn panel(drawing: &mut Drawing, axis: &TimeAxis, (top, bottom): (i32, i32), title: &str, series: &[Series]) {
    let most = series.iter().flat_map(|series| &series.points).map(|(_, value)| *value).max().unwrap_or(0);
    let scale = Scale { top, bottom, most: ceiling(most) };
    drawing.text((axis.left, top - 14), title, 14, Anchor::Start, INK);
    for tick in ticks(scale.most) {
        let y = scale.y(tick);
        drawing.line(vec![(axis.left, y), (axis.right, y)], GRID, 1);
        drawing.text((axis.left - 8, y), grouped(tick), TEXT, Anchor::End, FAINT);
    }
    let mut x = axis.right;
    for (series, colour) in series.iter().zip(LINES).rev() {
        x -= text_width(series.name, TEXT);
        drawing.text((x, top - 14), series.name, TEXT, Anchor::Start, INK);
        drawing.rectangle((x - 26, top - 16), (x - 6, top - 12), colour);
        x -= 44;
    }
    // The most important line comes last, over the others.
    for (series, colour) in series.iter().zip(LINES).rev() {
        draw_series(drawing, axis, &scale, series, colour);
    }
    tell_values(drawing, axis, (top, bottom), series);
}

/// What an SVG says of each moment from which on a line stands elsewhere: the values of all lines.
fn tell_values(drawing: &mut Drawing, axis: &TimeAxis, (top, bottom): (i32, i32), series: &[Series]) {
    let mut moments: BTreeMap<Instant, Vec<Option<u64>>> = BTreeMap::new();
    for (number, one) in series.iter().enumerate() {
        for (at, value) in &one.points {
            moments.entry(*at).or_insert_with(|| vec![None; series.len()])[number] = Some(*value);
        }
    }
    let mut values = vec![0; series.len()];
    let mut told: Vec<(i32, String)> = Vec::new();
    for (at, new) in moments {
        let before = values.clone();
        values.iter_mut().zip(new).for_each(|(value, new)| *value = new.unwrap_or(*value));
        if values == before && !told.is_empty() {
            continue;
        }
        let said = series.iter().zip(&values).map(|(one, value)| format!("{} {}", one.name, grouped(*value)));
        let title = format!("from {}: {}", at.human(), said.collect::<Vec<_>>().join(", "));
        match told.last_mut() {
            // Of one column the last word counts.
            Some((column, last)) if *column == axis.x(at) => *last = title,
            _ => told.push((axis.x(at), title)),
        }
    }
    let ends: Vec<i32> = told.iter().skip(1).map(|(x, _)| *x).chain([axis.right]).collect();
    for ((x, title), end) in told.iter().zip(ends) {
        drawing.title((*x, top), (end, bottom), title);
    }
}

/// Draws the steps as upright and level bars: a pen that turns back within a column of pixels leaves gaps in its line.
fn draw_series(drawing: &mut Drawing, axis: &TimeAxis, scale: &Scale, series: &Series, colour: Colour) {
    // Of each column in which something changes: the highest and the lowest place, and where it ends.
    let mut columns: Vec<(i32, (i32, i32), i32)> = Vec::new();
    for (at, value) in &series.points {
        let (x, y) = (axis.x(*at), scale.y(*value));
        match columns.last_mut() {
            Some((column, (upper, lower), last)) if *column == x => {
                (*upper, *lower, *last) = (y.min(*upper), y.max(*lower), y);
            }
            Some((_, _, before)) if *before == y => {}
            Some(&mut (_, _, before)) => columns.push((x, (y.min(before), y.max(before)), y)),
            None => columns.push((x, (y, y), y)),
        }
    }
    let ends = columns.iter().skip(1).map(|(x, ..)| *x).chain([axis.right]);
    for ((x, (upper, lower), last), end) in columns.iter().zip(ends) {
        if upper < lower {
            drawing.rectangle((x - 1, upper - 1), (x + 1, lower + 1), colour);
        }
        drawing.rectangle((x - 1, last - 1), (end + 1, last + 1), colour);
    }
}

struct Scale {
    top: i32,
    bottom: i32,
    most: u64,
}

impl Scale {
    fn y(&self, value: u64) -> i32 {
        let height = u128::from(self.top.abs_diff(self.bottom));
        self.bottom - i32::try_from(height * u128::from(value) / u128::from(self.most)).expect("within the panel")
    }
}

/// The least of 1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, ... that is not below the value.
pub(super) fn ceiling(value: u64) -> u64 {
    let mut unit: u64 = 1;
    loop {
        // Of what has tens: in tenths.
        let tenths = [10, 12, 15, 20, 25, 30, 40, 50, 60, 80].into_iter().filter(|step| unit >= 10 || step % 10 == 0);
        let steps = tenths.map(|step| (unit / 10).saturating_mul(step).max(unit.saturating_mul(step / 10)));
        if let Some(found) = steps.into_iter().find(|step| *step >= value) {
            return found;
        }
        unit = unit.saturating_mul(10);
    }
}

/// Up to six even values from 0 to `most`, which [`ceiling`] made.
pub(super) fn ticks(most: u64) -> Vec<u64> {
    // By the leading digits, so that each step is as round as the end.
    let leading = std::iter::successors(Some(most), |rest| (*rest >= 100).then_some(rest / 10)).last().unwrap_or(1);
    let parts = match leading {
        3 | 6 | 15 | 30 | 60 => 3,
        2 | 4 | 8 | 12 | 20 | 40 | 80 => 4,
        _ => 5,
    };
    let parts = [parts, 2, 1].into_iter().find(|parts| most.is_multiple_of(*parts)).unwrap_or(1);
    (0..=parts).map(|part| most / parts * part).collect()
}

#[cfg(test)]
mod tests {
    use super::super::drawing::Shape;
    use super::*;

    #[test]
    fn a_spike_within_one_column_is_as_high_as_its_peak() {
        let axis = TimeAxis { left: 0, right: 100, end: Instant::from_millis(100_000) };
        let scale = Scale { top: 0, bottom: 50, most: 10 };
        let points = [(0, 0), (20_000, 2), (20_100, 10), (20_200, 0), (60_000, 0)];
        let points = points.into_iter().map(|(at, value)| (Instant::from_millis(at), value)).collect();
        let mut drawing = Drawing::new(101, 51);
        draw_series(&mut drawing, &axis, &scale, &Series { name: "", points }, INK);
        let bars: Vec<_> = drawing.shapes[1..]
            .iter()
            .map(|shape| match shape {
                Shape::Rectangle { from, to, .. } => (*from, *to),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(bars, [((-1, 49), (21, 51)), ((19, -1), (21, 51)), ((19, 49), (101, 51))]);
    }

    #[test]
    fn scales_end_at_round_numbers() {
        let table = [
            (0, 1),
            (1, 1),
            (3, 3),
            (5, 5),
            (7, 8),
            (12, 12),
            (24, 25),
            (41, 50),
            (2_001, 2_500),
            (130, 150),
            (u64::MAX, u64::MAX),
        ];
        for (value, expected) in table {
            assert_eq!(ceiling(value), expected);
        }
        assert_eq!(ticks(4), [0, 1, 2, 3, 4]);
        assert_eq!(ticks(50), [0, 10, 20, 30, 40, 50]);
        assert_eq!(ticks(1), [0, 1]);
        assert_eq!((ticks(2), ticks(3), ticks(60)), (vec![0, 1, 2], vec![0, 1, 2, 3], vec![0, 20, 40, 60]));
        assert_eq!((ticks(12), ticks(150)), (vec![0, 3, 6, 9, 12], vec![0, 50, 100, 150]));
        assert_eq!(ticks(2_500), [0, 500, 1_000, 1_500, 2_000, 2_500]);
        assert_eq!((ticks(20), ticks(100)), (vec![0, 5, 10, 15, 20], vec![0, 20, 40, 60, 80, 100]));
    }
}
