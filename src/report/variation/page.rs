//! `variation.html`: the grid to look into, a curve of each figure over one setting, a heat map over two.

use std::io::{self, Write};

use serde::Serialize;

use super::{Point, Variation};
use crate::check::{Figure, known_figure};
use crate::report::comparison::signed;
use crate::report::page::{Frame, Script, script};
use crate::report::shell_quoted;
use crate::report::wording::{human_figure, printable_line};
use crate::sweep::{Knee, LEAST_SEEDS, Paired, Quantiles, Worse, worse};

/// What draws it.
pub(in crate::report) const SCRIPTS: &[Script] =
    &[script!("svg.js"), script!("curve.js"), script!("heat_map.js"), script!("variation.js")];

/// The data of the page.
#[derive(Debug, Serialize)]
struct Page {
    title: String,
    file: String,
    seeds: String,
    seed_count: u64,
    /// Whether so few seeds tell nothing apart from chance.
    few_seeds: bool,
    command: String,
    axes: Vec<PageAxis>,
    points: Vec<PagePoint>,
    panels: Vec<Panel>,
    /// Figures that have one value everywhere, with it.
    constant: Vec<(String, String)>,
    /// Figures that differ, and nowhere so that the seeds tell it.
    by_chance: Vec<String>,
    summary: String,
}

#[derive(Debug, Serialize)]
struct PageAxis {
    path: String,
    name: String,
    values: Vec<String>,
    /// The values as numbers, where they can be laid along a line.
    numbers: Option<Vec<u64>>,
}

/// One point of the grid.
#[derive(Debug, Serialize)]
struct PagePoint {
    /// Of each axis the position of its value.
    at: Vec<usize>,
    /// The command that plays its seeds.
    command: String,
}

/// One figure over the grid.
#[derive(Debug, Serialize)]
struct Panel {
    figure: String,
    meaning: &'static str,
    /// `us`, `millionths`, or nothing where it is a count.
    unit: &'static str,
    less_is_worse: bool,
    /// The position of the value at which the curve bends, and what is to be said of it.
    knee: Option<usize>,
    knee_said: String,
    /// Of each point; none where it lacks the figure.
    cells: Vec<Option<Cell>>,
}

/// A figure at one point.
#[derive(Debug, Serialize)]
struct Cell {
    /// The values of 10, 50 and 90 of a hundred seeds and the highest: microseconds, millionths or a count.
    numbers: [u64; 4],
    /// The same as people read them.
    said: [String; 4],
    /// The mean difference to the first point and its interval, where it is another point.
    beside: Option<[String; 2]>,
    /// Whether the seeds tell that difference; else why they do not.
    standing: &'static str,
    worst_seed: u64,
    worst: String,
    /// The command that plays the worst seed.
    replay: String,
}

/// The page.
///
/// # Errors
/// What the file says.
pub fn write(variation: &Variation<'_>, file: &mut dyn Write) -> io::Result<()> {
    let figures = variation.figures();
    let (constant, moving): (Vec<&str>, Vec<&str>) =
        figures.into_iter().partition(|figure| variation.constant(figure).is_some());
    let plain = |text: &str| printable_line(text).into_owned();
    let axis = |axis: &crate::scenario::Axis| PageAxis {
        path: plain(&axis.path),
        name: plain(axis.name()),
        values: axis.values.iter().map(|value| plain(value)).collect(),
        numbers: axis.numbers.clone(),
    };
    let point = |point: &Point| PagePoint {
        at: point.at.clone(),
        command: plain(&command(variation, point, &format!("--seeds {}", variation.seeds))),
    };
    let said = |figure: &str| variation.constant(figure).map_or_else(String::new, human_figure);
    let data = Page {
        title: plain(variation.title),
        file: plain(variation.file),
        seeds: variation.seeds.to_string(),
        seed_count: variation.seeds.count(),
        few_seeds: variation.seeds.count() < LEAST_SEEDS,
        command: plain(&variation.command),
        axes: variation.axes.iter().map(axis).collect(),
        points: variation.points.iter().map(point).collect(),
        panels: moving.iter().filter_map(|figure| panel(variation, figure)).collect(),
        constant: constant.iter().map(|figure| ((*figure).to_owned(), said(figure))).collect(),
        by_chance: variation.by_chance().into_iter().map(str::to_owned).collect(),
        summary: super::text(variation),
    };
    Frame { title: variation.title, data: &data, scripts: SCRIPTS }.write(file)
}

/// `None`: no point has the figure.
fn panel(variation: &Variation<'_>, figure: &str) -> Option<Panel> {
    let cells: Vec<Option<Cell>> = variation.points.iter().map(|point| cell(variation, figure, point)).collect();
    let sample = variation.points.iter().find_map(|point| variation.quantiles(figure, point))?.at(0);
    Some(Panel {
        figure: figure.to_owned(),
        meaning: known_figure(figure).map_or("", |known| known.meaning),
        unit: match sample {
            Figure::Span(_) => "us",
            Figure::Millionths(_) => "millionths",
            Figure::Count(_) => "",
        },
        less_is_worse: worse(figure) == Worse::Lower,
        knee: match variation.knee(figure) {
            Some(Knee::At { position, .. }) => Some(position),
            _ => None,
        },
        knee_said: variation.knee_in_words(figure).unwrap_or_default(),
        cells,
    })
}

fn cell(variation: &Variation<'_>, figure: &str, point: &Point) -> Option<Cell> {
    let quantiles = variation.quantiles(figure, point)?;
    let marks = [100, 500, 900, 1_000].map(|at| quantiles.at(at));
    let others = point.at.iter().any(|at| *at > 0);
    let paired = variation.paired(figure, &variation.points[0], point).filter(|_| others);
    let values = point.results.iter().filter_map(|result| Some((result.seed, result.figure(None, figure)?)));
    let (worst, worst_seed) = Quantiles::new(values, worse(figure))?.worst();
    let interval = |paired: &Paired| {
        let interval = paired.interval();
        [signed(paired.mean()), format!("{} to {}", signed(interval.low), signed(interval.high))]
    };
    Some(Cell {
        numbers: marks.map(number),
        said: marks.map(human_figure),
        standing: match &paired {
            None => "",
            Some(paired) if paired.is_equal() => "the same",
            Some(paired) if paired.is_told_apart() => "told apart",
            Some(_) => "cannot be told apart",
        },
        beside: paired.as_ref().map(interval),
        worst_seed,
        worst: human_figure(worst),
        replay: printable_line(&command(variation, point, &format!("--seed {worst_seed}"))).into_owned(),
    })
}

/// A figure's number, times in microseconds.
fn number(figure: Figure) -> u64 {
    if let Figure::Span(_) = figure { figure.number() / 1_000 } else { figure.number() }
}

/// The command that plays seeds of a point.
fn command(variation: &Variation<'_>, point: &Point, seeds: &str) -> String {
    let sets: String = point.overrides.iter().map(|set| format!(" --set {}", shell_quoted(set))).collect();
    format!("rebalance-sim run {} {seeds}{sets}", shell_quoted(variation.file))
}
