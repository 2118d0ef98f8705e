//! Kinds of anomalies, from [`crate::check::AnomalyKind`].

use super::Entry;
use crate::check::AnomalyKind;

pub(super) fn entries() -> Vec<Entry> {
    let entry = |kind: &AnomalyKind| {
        Entry::new(kind.word(), kind.sentence())
            .explained(kind.explanation())
            .with("in expect", format!("anomaly.{} == 0", kind.word()))
    };
    AnomalyKind::ALL.iter().map(entry).collect()
}
