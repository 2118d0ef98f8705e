//! The grid as text: a table for each figure, and where its knee is.

use std::fmt::Write as _;

use super::{Point, Variation, meaning};
use crate::report::comparison::signed;
use crate::report::shell_quoted;
use crate::report::summary::{line, names, table_with_words};
use crate::report::wording::{counted, human_figure, printable};
use crate::sweep::{LEAST_SEEDS, Worse, worse};

/// The whole grid, with a newline at its end.
#[must_use]
pub fn summary(variation: &Variation<'_>) -> String {
    let said: Vec<String> = variation
        .axes
        .iter()
        .map(|axis| format!("{} of {}", counted(axis.values.len() as u64, "value"), axis.path))
        .collect();
    let mut text = format!(
        "VARIED  {}: {}, {} each, the same arrivals and faults at every point\n",
        variation.title,
        said.join(" by "),
        counted(variation.seeds.count(), "seed")
    );
    let (constant, moving): (Vec<&str>, Vec<&str>) =
        variation.figures().into_iter().partition(|figure| variation.constant(figure).is_some());
    for figure in &moving {
        let meaning = meaning(figure);
        writeln!(text, "\n  {figure}{meaning}").expect("a string takes every write");
        match variation.axes {
            [_] => curve(&mut text, variation, figure),
            _ => map(&mut text, variation, figure),
        }
    }
    text.push('\n');
    names(&mut text, "no telling", &variation.by_chance());
    for figure in &constant {
        let value = variation.constant(figure).map_or_else(String::new, human_figure);
        line(&mut text, "the same", &format!("{figure} is {value} in every seed at every point"));
    }
    if moving.is_empty() && constant.is_empty() {
        line(&mut text, "the same", "none of the main figures differs; `--figure` asks for another");
    }
    if let Some((figure, point, seed)) = moving.first().and_then(|figure| worst(variation, figure)) {
        let sets: String = point.overrides.iter().map(|set| format!(" --set {}", shell_quoted(set))).collect();
        let said = format!("rebalance-sim run {} --seed {seed}{sets}   # of {figure}", shell_quoted(variation.file));
        line(&mut text, "worst", &said);
    }
    line(&mut text, "again", &variation.command);
    printable(&text).into_owned()
}

/// One axis: a row a value.
fn curve(text: &mut String, variation: &Variation<'_>, figure: &str) {
    let first = &variation.axes[0].values[0];
    let beside = format!("beside {first}");
    let head = [variation.axes[0].name(), "p10", "p50", "p90", "max", &beside, "in 95 of 100 samples"];
    let mut rows = vec![(head.map(str::to_owned).to_vec(), String::new())];
    for point in variation.points {
        let Some(quantiles) = variation.quantiles(figure, point) else { continue };
        let mut cells = vec![variation.axes[0].values[point.at[0]].clone()];
        cells.extend([100, 500, 900, 1_000].map(|point| human_figure(quantiles.at(point))));
        let mut words = String::new();
        let paired = variation.paired(figure, &variation.points[0], point).filter(|_| point.at[0] > 0);
        if let Some(paired) = paired {
            let interval = paired.interval();
            cells.push(signed(paired.mean()));
            cells.push(format!("{} to {}", signed(interval.low), signed(interval.high)));
            words = match (paired.is_equal(), paired.is_told_apart()) {
                (true, _) => "the same".to_owned(),
                (false, false) if paired.count() < LEAST_SEEDS => String::new(),
                (false, false) => "cannot be told apart".to_owned(),
                _ => String::new(),
            };
        }
        rows.push((cells, words));
    }
    table_with_words(text, &rows);
    if let Some(knee) = variation.knee_in_words(figure) {
        line(text, "knee", &knee);
    }
}

/// Two axes: the medians, a row a value of the first, a column a value of the second.
fn map(text: &mut String, variation: &Variation<'_>, figure: &str) {
    let [down, across] = variation.axes else { return };
    let corner = format!("{}, by {}", down.name(), across.name());
    let mut rows = vec![(std::iter::once(corner).chain(across.values.iter().cloned()).collect(), String::new())];
    for (at, value) in down.values.iter().enumerate() {
        let of_row = variation.points.iter().filter(|point| point.at[0] == at);
        let cell = |point: &Point| variation.quantiles(figure, point).map(|q| human_figure(q.at(500)));
        let cells = of_row.map(|point| cell(point).unwrap_or_else(|| "-".to_owned()));
        rows.push((std::iter::once(value.clone()).chain(cells).collect(), String::new()));
    }
    table_with_words(text, &rows);
    let ends = [("least", false), ("most", true)].map(|(word, most)| (word, end(variation, figure, most)));
    for (word, found) in ends {
        if let Some((point, value)) = found {
            let at: Vec<String> = variation
                .axes
                .iter()
                .zip(&point.at)
                .map(|(axis, at)| format!("{} {}", axis.name(), axis.values[*at]))
                .collect();
            line(text, word, &format!("{value} typically, at {}", at.join(" and ")));
        }
    }
}

/// The point with the least or the highest median; of equal ones the first.
fn end<'a>(variation: &'a Variation<'_>, figure: &str, most: bool) -> Option<(&'a Point, String)> {
    let medians =
        variation.points.iter().filter_map(|point| Some((point, variation.quantiles(figure, point)?.at(500))));
    let mut best: Option<(&Point, crate::check::Figure)> = None;
    for (point, median) in medians {
        if best.is_none_or(|(_, so_far)| if most { median > so_far } else { median < so_far }) {
            best = Some((point, median));
        }
    }
    best.map(|(point, median)| (point, human_figure(median)))
}

/// The worst seed of a figure, and its point.
fn worst<'a, 'f>(variation: &'a Variation<'_>, figure: &'f str) -> Option<(&'f str, &'a Point, u64)> {
    let of = |point: &'a Point| {
        let values = point.results.iter().filter_map(|result| Some((result.seed, result.figure(None, figure)?)));
        crate::sweep::Quantiles::new(values, worse(figure)).map(|quantiles| (point, quantiles.worst()))
    };
    let mut found: Option<(&Point, (crate::check::Figure, u64))> = None;
    for (point, worst) in variation.points.iter().filter_map(of) {
        let beyond = |so_far: crate::check::Figure| match worse(figure) {
            Worse::Higher => worst.0 > so_far,
            Worse::Lower => worst.0 < so_far,
        };
        if found.is_none_or(|(_, (so_far, _))| beyond(so_far)) {
            found = Some((point, worst));
        }
    }
    found.map(|(point, (_, seed))| (figure, point, seed))
}
