//! The figures: what each counts, in which unit, and how a person reads it.
//!
//! A figure is one entry in a table here and one [`Window::set`](super::Window::set) in the check that counts it.

mod messages;
mod ownership;
mod pop;
mod servers;
mod stalls;
mod waiting;

use super::{Explanation, Figure};

/// What a figure counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unit {
    /// Messages.
    Messages,
    /// Queues.
    Queues,
    /// Anything else that is counted: commits, requests, members.
    Count,
    /// A length of time.
    Seconds,
    /// A share: 0 to 1.
    Share,
}

impl Unit {
    /// All units.
    pub const ALL: [Self; 5] = [Self::Messages, Self::Queues, Self::Count, Self::Seconds, Self::Share];

    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Messages => "messages",
            Self::Queues => "queues",
            Self::Count => "count",
            Self::Seconds => "seconds",
            Self::Share => "share",
        }
    }

    /// How `expect` writes a value in this unit.
    #[must_use]
    pub fn form(self) -> &'static str {
        match self {
            Self::Messages | Self::Queues | Self::Count => "a whole number such as 200",
            Self::Seconds => "a duration such as 21s or 500ms",
            Self::Share => "a share such as 0.98 or 98%",
        }
    }

    /// Whether a value is one in this unit.
    #[must_use]
    pub fn fits(self, figure: Figure) -> bool {
        match self {
            Self::Messages | Self::Queues | Self::Count => matches!(figure, Figure::Count(_)),
            Self::Seconds => matches!(figure, Figure::Span(_)),
            Self::Share => matches!(figure, Figure::Millionths(_)),
        }
    }
}

/// A figure that a window has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownFigure {
    /// Its name, as `expect`, `summary.json` and `seeds.csv` have it.
    pub name: &'static str,
    /// What it counts.
    pub unit: Unit,
    /// What it is, in one line.
    pub meaning: &'static str,
    /// How it is counted, how one sees it on a live cluster, and what moves it.
    pub explanation: Explanation,
}

/// Table by table.
const TABLES: [&[KnownFigure]; 6] =
    [messages::FIGURES, waiting::FIGURES, stalls::FIGURES, ownership::FIGURES, pop::FIGURES, servers::FIGURES];

/// Whether a figure is one of POP, which there is only where a consumer may pop.
#[must_use]
pub fn is_of_pop(name: &str) -> bool {
    pop::FIGURES.iter().any(|figure| figure.name == name)
}

/// All figures. `expect` knows these and no others.
pub fn known_figures() -> impl Iterator<Item = &'static KnownFigure> {
    TABLES.into_iter().flatten()
}

/// The figure of this name.
#[must_use]
pub fn known_figure(name: &str) -> Option<&'static KnownFigure> {
    known_figures().find(|figure| figure.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_figure_has_a_name_of_its_own_and_is_explained() {
        let names: BTreeSet<&str> = known_figures().map(|figure| figure.name).collect();
        assert_eq!(names.len(), known_figures().count(), "two figures have one name");
        for figure in known_figures() {
            let Explanation { means, comes_about, seen, advice } = figure.explanation;
            for text in [means, comes_about, seen, advice] {
                assert!(text.ends_with('.'), "{}: `{text}` is no sentence", figure.name);
            }
        }
    }
}
