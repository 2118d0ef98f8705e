//! What the words of a page mean, from the tables of the checks: each word that is said, once.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::check::{AnomalyKind, Cause, Explanation};
use crate::explain::What;

/// The words that a page says.
#[derive(Debug, Default)]
pub(super) struct Words {
    causes: BTreeSet<Cause>,
    kinds: BTreeSet<AnomalyKind>,
}

/// What they mean, by word.
#[derive(Debug, Serialize)]
pub(super) struct Explained {
    causes: BTreeMap<&'static str, [&'static str; 4]>,
    kinds: BTreeMap<&'static str, [&'static str; 4]>,
    /// What `explain` calls those kinds that it explains.
    whats: BTreeMap<&'static str, &'static str>,
}

impl Words {
    pub(super) fn cause(&mut self, cause: Cause) {
        self.causes.insert(cause);
    }

    pub(super) fn kind(&mut self, kind: AnomalyKind) {
        self.kinds.insert(kind);
    }

    pub(super) fn explained(&self) -> Explained {
        let of = |explanation: Explanation| {
            [explanation.means, explanation.comes_about, explanation.seen, explanation.advice]
        };
        Explained {
            causes: self.causes.iter().map(|cause| (cause.word(), of(cause.explanation()))).collect(),
            kinds: self.kinds.iter().map(|kind| (kind.word(), of(kind.explanation()))).collect(),
            whats: (self.kinds.iter())
                .filter_map(|kind| Some((kind.word(), What::of(*kind)?.word())))
                .chain([("stall", What::Stall.word())])
                .collect(),
        }
    }
}
