//! A figure over the values of one setting: its median, the band between p10 and p90, and the knee.

use super::colours::{Colour, FAINT, GAP, GRID, INK, LINES};
use super::distributions::along_the_axis;
use super::drawing::{Anchor, Drawing, text_width};
use crate::check::Figure;
use crate::report::human_figure;
use crate::report::variation::{Variation, meaning};
use crate::report::wording::counted;
use crate::scenario::Axis;
use crate::sweep::{Knee, Quantiles, Worse, worse};

const SIZE: (i32, i32) = (960, 560);
const LEFT: i32 = 110;
const RIGHT: i32 = SIZE.0 - 50;
const TOP: i32 = 120;
const BOTTOM: i32 = SIZE.1 - 80;
const BAND: Colour = (0xcc, 0xe3, 0xf1);
const TEXT: u32 = 13;

/// One value of the setting: where it stands, and p10, p50, p90 of the figure.
struct Stop<'a> {
    x: i32,
    label: &'a str,
    quantiles: [Figure; 3],
}

/// Draws it; `None` where no point has the figure.
pub(super) fn draw(variation: &Variation<'_>, figure: &str) -> Option<Drawing> {
    let axis = &variation.axes[0];
    let places = places(axis);
    let stop = |(position, quantiles): (usize, Quantiles)| Stop {
        x: places[position],
        label: &axis.values[position],
        quantiles: [100, 500, 900].map(|at| quantiles.at(at)),
    };
    let points = variation.points.iter();
    let stops: Vec<Stop<'_>> =
        points.filter_map(|point| Some((point.at[0], variation.quantiles(figure, point)?))).map(stop).collect();
    let most = stops.iter().flat_map(|stop| stop.quantiles).map(Figure::number).max()?;
    let sample = stops.first()?.quantiles[0];
    let labelled = along_the_axis((0, most), sample);
    let scale = labelled.last().copied().unwrap_or(1).max(1);
    let y = |number: u64| {
        BOTTOM - i32::try_from(i128::from(BOTTOM - TOP) * i128::from(number) / i128::from(scale)).expect("in the panel")
    };
    let mut drawing = Drawing::new(SIZE.0, SIZE.1);
    head(&mut drawing, variation, figure);
    for tick in &labelled {
        drawing.line(vec![(LEFT, y(*tick)), (RIGHT, y(*tick))], GRID, 1);
        drawing.text((LEFT - 10, y(*tick)), human_figure(sample.with_number(*tick)), TEXT, Anchor::End, FAINT);
    }
    band(&mut drawing, &stops, y);
    drawing.line(vec![(LEFT, BOTTOM), (RIGHT, BOTTOM)], INK, 1);
    if let Some(Knee::At { position, .. }) = variation.knee(figure) {
        drawing.dashes(places[position], TOP, BOTTOM, GAP);
        let (x, anchor) = if places[position] > RIGHT - 60 { (-6, Anchor::End) } else { (6, Anchor::Start) };
        drawing.text((places[position] + x, TOP - 8), "knee", TEXT, anchor, GAP);
    }
    let median = |stop: &Stop<'_>| (stop.x, y(stop.quantiles[1].number()));
    drawing.line(stops.iter().map(median).collect(), LINES[0], 2);
    for stop in &stops {
        let (x, y) = median(stop);
        drawing.rectangle((x - 3, y - 3), (x + 4, y + 4), LINES[0]);
    }
    labels(&mut drawing, &stops);
    drawing.text(((LEFT + RIGHT) / 2, SIZE.1 - 24), axis.path.clone(), 14, Anchor::Middle, INK);
    Some(drawing)
}

fn head(drawing: &mut Drawing, variation: &Variation<'_>, figure: &str) {
    let meaning = meaning(figure);
    drawing.text((20, 24), variation.title, 19, Anchor::Start, INK);
    drawing.text((20, 50), format!("{figure}{meaning}"), 14, Anchor::Start, INK);
    let seeds = counted(variation.seeds.count(), "seed");
    let less = if worse(figure) == Worse::Lower { "; less is worse" } else { "" };
    drawing.text(
        (20, 74),
        format!("{seeds} at each value, the same arrivals and faults{less}"),
        TEXT,
        Anchor::Start,
        FAINT,
    );
    let mut x = RIGHT;
    for (words, height, colour) in [("p10 to p90", 12, BAND), ("median", 3, LINES[0])] {
        x -= text_width(words, TEXT);
        drawing.text((x, 74), words, TEXT, Anchor::Start, INK);
        drawing.rectangle((x - 28, 74 - height / 2), (x - 6, 74 - height / 2 + height), colour);
        x -= 46;
    }
}

/// Where the values stand: as far apart as their numbers, where they are numbers and none would stand in another.
fn places(axis: &Axis) -> Vec<i32> {
    const CLOSEST: i128 = 24;
    let width = i128::from(RIGHT - LEFT - 40);
    let evenly = |count: usize| {
        let step = |at: usize| LEFT + 20 + i32::try_from(width * at as i128 / (count as i128 - 1).max(1)).expect("few");
        (0..count).map(step).collect()
    };
    let Some(numbers) = &axis.numbers else { return evenly(axis.values.len()) };
    let whole = i128::from(numbers[numbers.len() - 1] - numbers[0]);
    let place = |number: &u64| i128::from(*number - numbers[0]) * width / whole;
    if numbers.windows(2).any(|pair| place(&pair[1]) - place(&pair[0]) < CLOSEST) {
        return evenly(numbers.len());
    }
    numbers.iter().map(|number| LEFT + 20 + i32::try_from(place(number)).expect("in the panel")).collect()
}

/// The band between p10 and p90, column by column.
fn band(drawing: &mut Drawing, stops: &[Stop<'_>], y: impl Fn(u64) -> i32) {
    for pair in stops.windows(2) {
        let (from, to) = (&pair[0], &pair[1]);
        for x in from.x..to.x {
            let between = |which: usize| {
                let [start, end] = [from, to].map(|stop| i64::from(y(stop.quantiles[which].number())));
                let part = (end - start) * i64::from(x - from.x) / i64::from(to.x - from.x);
                i32::try_from(start + part).expect("in the panel")
            };
            drawing.rectangle((x, between(2)), (x + 1, between(0) + 1), BAND);
        }
    }
}

/// The values below the axis, those left out that would run into another.
fn labels(drawing: &mut Drawing, stops: &[Stop<'_>]) {
    let mut free = i32::MIN;
    for stop in stops {
        let half = text_width(stop.label, TEXT) / 2;
        drawing.line(vec![(stop.x, BOTTOM), (stop.x, BOTTOM + 5)], INK, 1);
        if stop.x - half > free {
            drawing.text((stop.x, BOTTOM + 18), stop.label, TEXT, Anchor::Middle, FAINT);
            free = stop.x + half + 6;
        }
    }
}
