//! The main figures over many seeds: a histogram each, with the typical seed, one of a hundred, and the worst.

use super::chart::{ceiling, ticks};
use super::colours::{FAINT, GAP, GRID, INK, LINES};
use super::drawing::{Anchor, Drawing};
use crate::check::Figure;
use crate::report::summary::quantiles_by_figure;
use crate::report::wording::counted;
use crate::report::{Body, Report, grouped, human_figure};
use crate::sweep::{Quantiles, Worse, worse};

/// The figures that are drawn, with what they are.
pub(in crate::report) const MAIN: [(&str, &str); 8] = [
    ("stalled.max", "longest stall of a queue"),
    ("duplicates", "messages handed out again"),
    ("unowned.max", "longest time without a live owner"),
    ("unowned.total", "time without a live owner, all queues together"),
    ("double_owned.max", "longest time with two live owners"),
    ("stalled.total", "stalled time, all queues together"),
    ("lost", "lost messages"),
    ("skipped", "skipped messages"),
];
const PANEL: (i32, i32) = (640, 200);
const BINS: u64 = 32;

/// Draws it; `None` for one seed.
pub(super) fn draw(report: &Report<'_>) -> Option<Drawing> {
    let Body::Many { finished, seeds } = &report.body else {
        return None;
    };
    let figures = quantiles_by_figure(&finished.results);
    let all = MAIN.iter().filter_map(|(name, title)| Some((*name, *title, figures.get(name)?)));
    // A figure that is the same in every seed has no distribution: a word says it better than a single bar.
    let (same, panels): (Vec<_>, Vec<_>) = all.partition(|(.., quantiles)| quantiles.at(0) == quantiles.worst().0);
    if same.is_empty() && panels.is_empty() {
        return None;
    }
    let rows = i32::try_from(panels.len().div_ceil(2)).expect("few panels");
    let mut drawing = Drawing::new(60 + 2 * (PANEL.0 + 40), 100 + rows * (PANEL.1 + 90));
    drawing.text((20, 22), report.story.scenario.title.clone(), 19, Anchor::Start, INK);
    let count = finished.results.len();
    let played = if finished.complete {
        format!("seeds {seeds}")
    } else {
        format!("{} of {seeds}, INCOMPLETE", counted(count as u64, "seed"))
    };
    let rare = if Quantiles::tells(count, 990) { "orange: one of a hundred, " } else { "" };
    let subtitle = format!("{played}: how many had which figure; blue: typical, {rare}red: the worst");
    drawing.text((20, 46), subtitle, 13, Anchor::Start, FAINT);
    if !same.is_empty() {
        let said: Vec<String> =
            same.iter().map(|(name, _, q)| format!("{name} {}", human_figure(q.worst().0))).collect();
        drawing.text((20, 66), format!("the same in every seed: {}", said.join(", ")), 13, Anchor::Start, FAINT);
    }
    for (number, (name, title, quantiles)) in panels.into_iter().enumerate() {
        let number = i32::try_from(number).expect("few panels");
        let (left, top) = (60 + number % 2 * (PANEL.0 + 40), 130 + number / 2 * (PANEL.1 + 90));
        histogram(&mut drawing, (left, top), &format!("{name}: {title}"), quantiles, worse(name));
    }
    Some(drawing)
}

fn histogram(drawing: &mut Drawing, (left, top): (i32, i32), title: &str, quantiles: &Quantiles, worse: Worse) {
    let (right, bottom) = (left + PANEL.0 - 30, top + PANEL.1);
    drawing.text((left, top - 34), title, 14, Anchor::Start, INK);
    let (worst, typical) = (quantiles.worst().0, quantiles.at(500));
    // One of a hundred takes a hundred.
    let rare = Quantiles::tells(quantiles.count(), 990).then(|| quantiles.at(990));
    let one_of_many = rare.map_or_else(String::new, |rare| format!(", one of a hundred {}", human_figure(rare)));
    let said = format!("typically {}{one_of_many}, at worst {}", human_figure(typical), human_figure(worst));
    drawing.text((left, top - 15), said, 12, Anchor::Start, FAINT);
    let numbers = || quantiles.values().map(Figure::number);
    let (least, most) = (numbers().min().unwrap_or(0), numbers().max().unwrap_or(0));
    let labelled = along_the_axis((least, most), worst);
    let base = labelled.first().copied().unwrap_or(0);
    let scale = labelled.last().copied().unwrap_or(1) - base;
    // Bins of whole units: a count of 0 stands apart from a count of 1.
    let width = scale.div_ceil(BINS).max(1);
    let bins = scale / width + 1;
    let mut heights = vec![0_u64; usize::try_from(bins).expect("few bins")];
    for value in quantiles.values() {
        heights[usize::try_from((value.number() - base) / width).expect("few bins")] += 1;
    }
    let tallest = ceiling(heights.iter().copied().max().unwrap_or(1));
    let span = |from: i32, to: i32, part: u64, of: u64| {
        from + i32::try_from(i128::from(to - from) * i128::from(part) / i128::from(of)).expect("within the panel")
    };
    for tick in ticks(tallest) {
        let y = span(bottom, top, tick, tallest);
        drawing.line(vec![(left, y), (right, y)], GRID, 1);
        drawing.text((left - 6, y), tick.to_string(), 12, Anchor::End, FAINT);
    }
    for (bin, height) in (0..).zip(&heights) {
        let (x, next) = (span(left, right, bin, bins), span(left, right, bin + 1, bins));
        drawing.rectangle((x + 1, span(bottom, top, *height, tallest)), (next, bottom), (0xaa, 0xbb, 0xcc));
    }
    drawing.line(vec![(left, bottom), (right, bottom)], INK, 1);
    let marks = [Some((typical, LINES[0])), rare.map(|rare| (rare, LINES[1])), Some((worst, GAP))];
    for (value, colour) in marks.into_iter().flatten() {
        // The middle of a one-unit bin; the very place within a wider one.
        let number = value.number() - base;
        let (part, of) = if width == 1 { (number * 2 + 1, bins * 2) } else { (number, bins * width) };
        let x = span(left, right, part, of);
        drawing.rectangle((x - 1, top), (x + 1, bottom), colour);
    }
    let words = axis_words(&labelled, worst);
    for (tick, word) in labelled.into_iter().map(|tick| tick - base).zip(words) {
        let (part, of) = if width == 1 { (tick * 2 + 1, bins * 2) } else { (tick, bins * width) };
        drawing.text((span(left, right, part, of), bottom + 14), word, 12, Anchor::Middle, FAINT);
    }
    if worse == Worse::Lower {
        drawing.text((right, top - 15), "less is worse", 12, Anchor::End, FAINT);
    }
}

/// What the axis says: from 0 to a round end that is not below the most; where all lies in the upper half, from a round
/// beginning that is not above the least.
pub(super) fn along_the_axis((least, most): (u64, u64), kind: Figure) -> Vec<u64> {
    const MILLISECOND: u64 = 1_000_000;
    const SECONDS: [u64; 12] = [1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 1_200];
    if least > most / 2 && least < most {
        return fitted((least, most), kind);
    }
    let millis = most.div_ceil(MILLISECOND);
    // Where there are many seconds their steps are those of a clock: 20 s, 30 s, 1 min.
    let clock = SECONDS.into_iter().map(|step| step * 1_000).find(|step| millis.div_ceil(*step) <= 5);
    match (kind, clock) {
        (Figure::Span(_), Some(step)) if millis > 2_000 => {
            (0..=millis.div_ceil(step)).map(|number| number * step * MILLISECOND).collect()
        }
        (Figure::Span(_), _) => {
            ticks(ceiling(millis)).into_iter().map(|tick| tick.saturating_mul(MILLISECOND)).collect()
        }
        (Figure::Count(_) | Figure::Millionths(_), _) => ticks(ceiling(most)),
    }
}

/// Round numbers about a stretch that is far from 0.
fn fitted((least, most): (u64, u64), kind: Figure) -> Vec<u64> {
    const CLOCK: [u64; 8] = [10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_200_000];
    let unit = if matches!(kind, Figure::Span(_)) { 1_000_000 } else { 1 };
    let plain = (0..18).flat_map(|power| [1, 2, 5].map(|digit| digit * 10_u64.pow(power)));
    let seconds = matches!(kind, Figure::Span(_));
    let steps = plain.take_while(|step| !seconds || *step < 10_000).chain(CLOCK.into_iter().filter(|_| seconds));
    let parts = |step: u64| (least / (step * unit), most.div_ceil(step * unit));
    let fits = |step: &u64| parts(*step).1 - parts(*step).0 <= 6;
    let step = steps.chain([most.div_ceil(unit)]).find(fits).unwrap_or(1);
    let (first, last) = parts(step);
    (first..=last).map(|number| number * step * unit).collect()
}

/// The words of an axis; in milliseconds where two of them would be the same.
fn axis_words(labelled: &[u64], kind: Figure) -> Vec<String> {
    let words: Vec<String> = labelled.iter().map(|tick| human_figure(kind.with_number(*tick))).collect();
    let unlike = words.windows(2).all(|pair| pair[0] != pair[1]);
    match kind {
        Figure::Span(_) if !unlike => labelled.iter().map(|tick| format!("{} ms", grouped(tick / 1_000_000))).collect(),
        _ => words,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Span;

    #[test]
    fn an_axis_is_about_what_it_shows() {
        let span = Figure::Span(Span::ZERO);
        let of = |least: u64, most: u64| {
            axis_words(&along_the_axis((least * 1_000_000, most * 1_000_000), span), span).join(" ")
        };
        assert_eq!(of(0, 1_510), "0s 500ms 1s 1.5s 2s");
        assert_eq!(of(1_498, 1_511), "1,495 ms 1,500 ms 1,505 ms 1,510 ms 1,515 ms");
        assert_eq!(of(43_000, 64_600), "40s 45s 50s 55s 1m 1m5s");
        let counts = |least, most| along_the_axis((least, most), Figure::Count(0));
        assert_eq!(counts(70, 187), [0, 50, 100, 150, 200]);
        assert_eq!(counts(26_090, 26_107), [26_090, 26_095, 26_100, 26_105, 26_110]);
        assert_eq!(counts(7, 7), [0, 2, 4, 6, 8], "one value is no stretch");
    }
}
