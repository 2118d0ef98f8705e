//! Distances by family.

use std::collections::BTreeMap;

use super::{ComparedTrace, Family, Load, StoryError, Totals};
use crate::trace::Trace;

/// A recording that could not be played, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unplayed {
    /// Name of its file.
    pub trace: String,
    /// What kind of recording it is.
    pub family: Family,
    /// How much its machine had to do.
    pub load: Load,
    /// Why, in one sentence that begins with the name.
    pub why: StoryError,
}

impl Unplayed {
    /// Of a recording of which no scenario can be made.
    #[must_use]
    pub fn of(trace: &Trace, why: StoryError) -> Self {
        let load = Load::of(&trace.header);
        Self { trace: trace.name.clone(), family: Family::of(&trace.header), load, why }
    }
}

/// The figures of the recordings of one family on machines that had as much to do.
#[derive(Debug, Clone, PartialEq)]
pub struct FamilyTotals {
    /// Which.
    pub family: Family,
    /// How much the machines had to do.
    pub machine: Load,
    /// Recordings that were played.
    pub recordings: usize,
    /// Recordings that were not.
    pub unplayed: usize,
    /// The least and the greatest load average that they say.
    pub load: Option<(f64, f64)>,
    /// The figures over its phases.
    pub totals: Totals,
    /// Figures of whole recordings, such as requests: in the band of 99 %, and all.
    pub whole: (usize, usize),
}

/// All families, each with its figures: those of quiet machines first.
#[must_use]
pub fn by_family(compared: &[ComparedTrace], unplayed: &[Unplayed]) -> Vec<FamilyTotals> {
    let mut families: BTreeMap<(&Family, Load), (Vec<ComparedTrace>, usize)> = BTreeMap::new();
    for trace in compared {
        families.entry((&trace.family, trace.load)).or_default().0.push(trace.clone());
    }
    for one in unplayed {
        families.entry((&one.family, one.load)).or_default().1 += 1;
    }
    let totals = families.into_iter().map(|((family, machine), (traces, unplayed))| {
        let loads = traces.iter().flat_map(|trace| trace.load_average.iter().flatten().copied());
        let whole = || traces.iter().flat_map(|trace| &trace.whole);
        FamilyTotals {
            family: family.clone(),
            machine,
            recordings: traces.len(),
            unplayed,
            load: loads.fold(None, |known: Option<(f64, f64)>, load| {
                Some(known.map_or((load, load), |(least, most)| (least.min(load), most.max(load))))
            }),
            whole: (whole().filter(|value| value.in_band).count(), whole().count()),
            totals: Totals::of(&traces),
        }
    });
    totals.collect()
}

/// Figures of the recordings of a machine that had more to do, and of the others: in the band, and all.
#[must_use]
pub fn by_load(compared: &[ComparedTrace]) -> [(usize, usize); 2] {
    [true, false].map(|busy| {
        let of = || compared.iter().filter(|trace| trace.machine.busy == busy).flat_map(|trace| &trace.phases);
        let values = || of().flat_map(|phase| &phase.values);
        (values().filter(|value| value.in_band).count(), values().count())
    })
}
