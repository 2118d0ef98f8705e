//! A scenario at many values of a setting, or of two: as text, as JSON, as a table, as a page and as pictures.

mod csv;
mod json;
mod page;
mod text;

use crate::check::{Figure, known_figure};
use crate::report::picture;
use crate::scenario::Axis;
use crate::sweep::{Knee, LEAST_SEEDS, Paired, Quantiles, SeedResult, Seeds, knee};

pub use self::csv::sheet as csv;
pub use json::summary as json;
#[cfg(test)]
pub(super) use page::SCRIPTS;
pub use page::write as page;
pub use text::summary as text;

/// Figures that are shown where none is asked for, as far as they differ.
const MAIN: [&str; 9] = [
    "stalled.max",
    "duplicates",
    "unowned.max",
    "double_owned.max",
    "lost",
    "skipped",
    "balance.max_min",
    "heartbeats",
    "list_requests",
];

/// One point of the grid.
#[derive(Debug)]
pub struct Point {
    /// Of each axis the position of its value.
    pub at: Vec<usize>,
    /// The values of `--set` that make it.
    pub overrides: Vec<String>,
    /// Its results, in the order of the seeds.
    pub results: Vec<SeedResult>,
}

/// The whole grid.
#[derive(Debug)]
pub struct Variation<'a> {
    /// The scenario's title.
    pub title: &'a str,
    /// The scenario's file.
    pub file: &'a str,
    /// The seeds of every point.
    pub seeds: Seeds,
    /// One axis or two.
    pub axes: &'a [Axis],
    /// Every point, the second axis running faster.
    pub points: &'a [Point],
    /// The figures that were asked for; none: those that differ.
    pub asked: &'a [String],
    /// The command that does it again.
    pub command: String,
}

impl Variation<'_> {
    /// The figures that are shown.
    pub(super) fn figures(&self) -> Vec<&str> {
        if !self.asked.is_empty() {
            return self.asked.iter().map(String::as_str).collect();
        }
        let few = self.seeds.count() < LEAST_SEEDS;
        MAIN.into_iter().filter(|figure| self.any(figure, |paired| few || paired.is_told_apart())).collect()
    }

    /// Main figures that differ somewhere, and nowhere so that the seeds tell it; none where some were asked for.
    fn by_chance(&self) -> Vec<&str> {
        let shown = self.figures();
        let differs = |figure: &&str| self.any(figure, |paired| !paired.is_equal());
        let left = MAIN.into_iter().filter(|figure| self.asked.is_empty() && !shown.contains(figure));
        left.filter(differs).collect()
    }

    /// Whether a point differs from the first in such a way.
    fn any(&self, figure: &str, is: impl Fn(&Paired) -> bool) -> bool {
        let differing = |point| self.paired(figure, &self.points[0], point).filter(|paired| !paired.is_equal());
        self.points.iter().filter_map(differing).any(|paired| is(&paired))
    }

    /// A figure that no point has, or that has one value everywhere, needs no table.
    fn constant(&self, figure: &str) -> Option<Figure> {
        let quantiles: Vec<Quantiles> = self.points.iter().filter_map(|point| self.quantiles(figure, point)).collect();
        let first = quantiles.first()?.at(0);
        quantiles.iter().all(|q| q.at(0) == first && q.at(1_000) == first).then_some(first)
    }

    /// Quantiles from the least value to the highest, whichever end is the bad one.
    pub(super) fn quantiles(&self, figure: &str, point: &Point) -> Option<Quantiles> {
        let values = point.results.iter().filter_map(|result| Some((result.seed, result.figure(None, figure)?)));
        Quantiles::new(values, crate::sweep::Worse::Higher)
    }

    fn paired(&self, figure: &str, base: &Point, other: &Point) -> Option<Paired> {
        Paired::of(figure, &base.results, &other.results)
    }

    /// Where the curve of a figure bends; `None` where there are two axes.
    pub(super) fn knee(&self, figure: &str) -> Option<Knee> {
        let [axis] = self.axes else { return None };
        let Some(numbers) = &axis.numbers else { return Some(Knee::TooFew) };
        let medians: Vec<u64> =
            self.points.iter().filter_map(|point| Some(self.quantiles(figure, point)?.at(500).number())).collect();
        let told = |step: usize| {
            let paired = self.paired(figure, &self.points[step], &self.points[step + 1]);
            paired.is_some_and(|paired| paired.is_told_apart())
        };
        Some(knee(numbers, &medians, told))
    }

    /// The words for it.
    pub(super) fn knee_in_words(&self, figure: &str) -> Option<String> {
        let axis = &self.axes[0];
        Some(match self.knee(figure)? {
            Knee::At { position, steep_before } => {
                let (value, name) = (&axis.values[position], axis.name());
                let (steep, flat) = if steep_before { ("below", "above") } else { ("above", "below") };
                format!("at {name} {value}: {steep} it {figure} moves at least three times as fast as {flat} it")
            }
            Knee::Straight => "none: the slope changes nowhere threefold".to_owned(),
            Knee::NotTold if self.seeds.count() < LEAST_SEEDS => {
                format!("nobody knows: fewer than {LEAST_SEEDS} seeds tell nothing apart from chance")
            }
            Knee::NotTold => "none: so many seeds do not tell the values of the steepest step apart".to_owned(),
            Knee::TooFew if axis.numbers.is_none() => {
                "none is looked for: the values do not ascend as numbers of one kind".to_owned()
            }
            Knee::TooFew => "none is looked for: it takes three values".to_owned(),
        })
    }
}

/// What a figure means, whatever phase or part it is of; empty where no table says it.
pub(in crate::report) fn meaning(figure: &str) -> String {
    let known = known_figure(figure.rsplit(": ").next().unwrap_or(figure));
    known.map_or_else(String::new, |known| format!(": {}", known.meaning))
}

/// A figure as the name of a file: `phase-kill.g1.lag.max`.
fn file_name(figure: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || "._-%".contains(c) { c } else { '-' };
    figure.replace(": ", ".").chars().map(plain).collect()
}

/// A picture of each figure, as SVG and as PNG, with the names of the files.
#[must_use]
pub fn pictures(variation: &Variation<'_>) -> Vec<(String, Vec<u8>)> {
    let drawn = |figure: &str| {
        // One value everywhere is said in words.
        if variation.constant(figure).is_some() {
            return None;
        }
        let (svg, png) = picture::of_variation(variation, figure)?;
        let name = file_name(figure);
        Some([(format!("{name}.svg"), svg), (format!("{name}.png"), png)])
    };
    variation.figures().into_iter().filter_map(drawn).flatten().collect()
}
