//! Figures, from [`crate::check::known_figures`].

use super::Entry;
use crate::check::known_figures;

pub(super) fn entries() -> Vec<Entry> {
    let entry = |figure: &crate::check::KnownFigure| {
        Entry::new(figure.name, figure.meaning)
            .explained(figure.explanation)
            .with("unit", figure.unit.word())
            .with("in expect", format!("{} {}", figure.name, in_expect(figure)))
    };
    known_figures().map(entry).collect()
}

/// How a bound on it is written.
fn in_expect(figure: &crate::check::KnownFigure) -> &'static str {
    use crate::check::Unit::{Count, Messages, Queues, Seconds, Share};
    match figure.unit {
        Seconds => "<= 21s",
        Share => ">= 0.98",
        Messages | Queues | Count => "<= 200",
    }
}
