//! The table of one seed by phase.

use super::quantiles::{self, by_part, is_zero};
use super::table::{table, table_with_words};
use super::text::line;
use crate::check::{Figure, Window};
use crate::report::wording::{counted, human_figure};
use crate::sweep::{Quantiles, SeedResult};

/// Figures of the table, where the run has them.
const FIGURES: [&str; 6] = ["lost", "skipped", "duplicates", "stalled.max", "unowned.max", "double_owned.max"];

/// What `all` adds to them.
const OF_ALL: [&str; 4] = ["lag.max", "lag.end", "catch_up", "latency.max"];

/// A figure over many seeds in one cell: `1.20s / 13.1s`; one value where they are the same.
pub(super) fn typical_and_worst(quantiles: &Quantiles) -> String {
    let (median, worst) = (human_figure(quantiles.at(500)), human_figure(quantiles.worst().0));
    if median == worst { worst } else { format!("{median} / {worst}") }
}

/// The table of many seeds by phase: of each figure what a typical seed has, and the worst.
pub(super) fn phases_of_many(text: &mut String, results: &[SeedResult]) {
    let phases = by_part(results, quantiles::phases);
    let says = |name: &&str| {
        let of = phases.iter().filter_map(|(_, figures)| figures.get(name));
        of.flat_map(Quantiles::values).any(|figure| !is_zero(figure))
    };
    let columns: Vec<&str> = FIGURES.into_iter().chain(OF_ALL).filter(says).collect();
    if columns.is_empty() {
        return;
    }
    let head = std::iter::once("phase: median / worst").chain(columns.iter().copied()).map(str::to_owned);
    let mut rows: Vec<Vec<String>> = vec![head.collect()];
    for (label, figures) in &phases {
        let cells = columns.iter().map(|name| figures.get(name).map_or_else(|| "-".to_owned(), typical_and_worst));
        rows.push(std::iter::once(short_label(label)).chain(cells).collect());
    }
    table(text, &rows);
    text.push('\n');
}

/// Writes it: phases in which something happened, and of the figures those that any has. The measured window, which is told
/// already, and phases without anything stand there where `all` is asked for.
pub(super) fn phases(text: &mut String, result: &SeedResult, all: bool) {
    const SHOWN: usize = 20;
    let figure = |window: &Window, name: &str| window.figures.get(name).copied();
    let says = |figure: Option<Figure>| figure.is_some_and(|figure| !is_zero(figure));
    let skipped = usize::from(!all);
    let windows: Vec<&Window> = result.windows.iter().skip(skipped).collect();
    let more = OF_ALL.into_iter().filter(|_| all);
    let columns = FIGURES.into_iter().chain(more).filter(|name| windows.iter().any(|w| says(figure(w, name))));
    let columns: Vec<&str> = columns.collect();
    let rows = windows.into_iter().filter(|window| all || columns.iter().any(|name| says(figure(window, name))));
    let rows: Vec<&Window> = rows.collect();
    if rows.is_empty() || columns.is_empty() {
        return;
    }
    let mut head = vec!["phase".to_owned(), "from".to_owned(), "until".to_owned()];
    head.extend(columns.iter().map(|name| (*name).to_owned()));
    let mut cells = vec![(head, String::new())];
    for window in rows.iter().take(SHOWN) {
        let mut row = vec![short_label(&window.label), window.from.human(), window.until.human()];
        row.extend(columns.iter().map(|name| figure(window, name).map_or_else(|| "-".to_owned(), human_figure)));
        cells.push((row, result.windows.first().map_or_else(String::new, |measured| beyond(window, measured))));
    }
    text.push('\n');
    table_with_words(text, &cells);
    if rows.len() > SHOWN {
        line(text, "", &format!("... and {} in summary.json", counted((rows.len() - SHOWN) as u64, "phase")));
    }
}

/// A phase is told whole. Where the measured window cuts it or leaves it out, its figures are not those above, and it says
/// why.
fn beyond(phase: &Window, measured: &Window) -> String {
    let (from, until) = (measured.from.human(), measured.until.human());
    if phase.until <= measured.from {
        return "before the measured window".to_owned();
    }
    if measured.until <= phase.from {
        return "behind the measured window".to_owned();
    }
    match (phase.from < measured.from, measured.until < phase.until) {
        (false, false) => String::new(),
        (true, false) => format!("all of it; measured is from {from} on"),
        (false, true) => format!("all of it; measured is until {until}"),
        (true, true) => format!("all of it; measured is from {from} to {until}"),
    }
}

/// A phase of many steps is named by its first two.
fn short_label(label: &str) -> String {
    let steps: Vec<&str> = label.split('+').collect();
    match steps.len() {
        0..=3 => label.to_owned(),
        many => format!("{}+{} more", steps[..2].join("+"), many - 2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Instant;

    #[test]
    fn a_phase_that_the_measured_window_cuts_says_so() {
        let window = |from: u64, until: u64| {
            Window::new("", Instant::from_millis(from * 1_000), Instant::from_millis(until * 1_000))
        };
        let measured = window(30, 90);
        for (from, until, said) in [
            (30, 90, ""),
            (40, 50, ""),
            (0, 30, "before the measured window"),
            (90, 100, "behind the measured window"),
            (0, 60, "all of it; measured is from 30s on"),
            (60, 100, "all of it; measured is until 1m30s"),
            (0, 100, "all of it; measured is from 30s to 1m30s"),
        ] {
            assert_eq!(beyond(&window(from, until), &measured), said, "{from} to {until}");
        }
    }
}
