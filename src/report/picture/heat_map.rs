//! A figure over the values of two settings: the medians as numbers and as colours, light to dark.

use super::colours::{Colour, FAINT, INK, PAPER};
use super::drawing::{Anchor, Drawing, shortened, text_width};
use crate::check::Figure;
use crate::report::human_figure;
use crate::report::variation::{Variation, meaning};
use crate::report::wording::counted;
use crate::sweep::{Worse, worse};

const TOP: i32 = 150;
const ROW: i32 = 44;
const TEXT: u32 = 13;
/// The least value and the highest.
const ENDS: [Colour; 2] = [(0xf2, 0xf7, 0xfb), (0x0b, 0x4f, 0x8a)];

/// Draws it; `None` where no point has the figure.
pub(super) fn draw(variation: &Variation<'_>, figure: &str) -> Option<Drawing> {
    let [down, across] = variation.axes else { return None };
    let median = |point| variation.quantiles(figure, point).map(|quantiles| quantiles.at(500));
    let medians: Vec<Option<Figure>> = variation.points.iter().map(median).collect();
    let numbers = || medians.iter().flatten().map(|figure| figure.number());
    let (least, most) = (numbers().min()?, numbers().max()?);
    let widest = |texts: &[String]| texts.iter().map(|text| text_width(text, TEXT)).max().unwrap_or(0);
    let said: Vec<String> = medians.iter().flatten().map(|figure| human_figure(*figure)).collect();
    let column = (widest(&across.values).min(180).max(widest(&said)) + 24).max(72);
    let left = 50 + widest(&down.values).min(260);
    let columns = i32::try_from(across.values.len()).expect("few values");
    let rows = i32::try_from(down.values.len()).expect("few values");
    let meaning = meaning(figure);
    let seeds = counted(variation.seeds.count(), "seed");
    let less = if worse(figure) == Worse::Lower { "; less is worse" } else { "" };
    let head = [
        (24, 19, variation.title.to_owned(), INK),
        (50, 14, format!("{figure}{meaning}"), INK),
        (74, TEXT, format!("medians of {seeds}, the same arrivals and faults at each point{less}"), FAINT),
        (TOP - 46, 14, format!("across: {}", across.path), INK),
        (TOP - 46 + 20, 14, format!("down: {}", down.path), INK),
    ];
    let words = head.iter().map(|(_, size, text, _)| 40 + text_width(text, *size)).max().unwrap_or(0);
    let mut drawing = Drawing::new((left + columns * column + 40).max(words), TOP + 30 + rows * ROW + 30);
    for (y, size, text, colour) in head {
        drawing.text((20, y), text, size, Anchor::Start, colour);
    }
    let top = TOP + 30;
    for (at, value) in (0..).zip(&across.values) {
        let x = left + at * column + column / 2;
        drawing.text((x, top - 14), shortened(value, TEXT, column - 8), TEXT, Anchor::Middle, INK);
    }
    for (at, value) in (0..).zip(&down.values) {
        let place = (left - 12, top + at * ROW + ROW / 2);
        drawing.text(place, shortened(value, TEXT, 260), TEXT, Anchor::End, INK);
    }
    for (point, median) in variation.points.iter().zip(&medians) {
        let at = |axis: usize| i32::try_from(point.at[axis]).expect("few values");
        let (x, y) = (left + at(1) * column, top + at(0) * ROW);
        let Some(median) = median else { continue };
        let (colour, dark) = shade(median.number() - least, most - least);
        drawing.rectangle((x + 1, y + 1), (x + column - 1, y + ROW - 1), colour);
        let ink = if dark { PAPER } else { INK };
        drawing.text((x + column / 2, y + ROW / 2), human_figure(*median), TEXT, Anchor::Middle, ink);
    }
    Some(drawing)
}

/// The colour of a part of the whole, and whether it is so dark that ink is not read on it.
fn shade(part: u64, whole: u64) -> (Colour, bool) {
    let thousandths = u128::from(part) * 1_000 / u128::from(whole.max(1));
    let thousandths = i32::try_from(thousandths).expect("a part of the whole");
    let [from, to] = ENDS;
    let mix = |from: u8, to: u8| {
        let mixed = i32::from(from) + (i32::from(to) - i32::from(from)) * thousandths / 1_000;
        u8::try_from(mixed).expect("between two bytes")
    };
    ((mix(from.0, to.0), mix(from.1, to.1), mix(from.2, to.2)), thousandths > 500)
}
