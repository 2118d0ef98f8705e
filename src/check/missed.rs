//! Steps of the story that found nobody: they change nothing, and the answer is not to what was asked.

use std::collections::BTreeMap;

use super::{Anomaly, AnomalyKind, Cause, Check, Findings, Stage};
use crate::kernel::Instant;
use crate::model::Names;
use crate::model::observation::{Kinds, Observation, Observed, kinds};
use crate::model::plan::Plan;

/// The steps of one kind that one entry of the scenario made: of all on a machine, some may be gone.
#[derive(Debug)]
struct Entry {
    label: String,
    taken: u32,
    missed: u32,
    last: Instant,
}

/// The check.
#[derive(Debug)]
pub(super) struct Missed {
    /// Position among the entries, by step.
    entry_of: Vec<usize>,
    entries: Vec<Entry>,
}

impl Missed {
    /// Nothing has happened yet.
    pub fn new(plan: &Plan) -> Self {
        let (mut entry_of, mut entries) = (Vec::new(), Vec::new());
        let mut known: BTreeMap<(usize, &str), usize> = BTreeMap::new();
        for step in &plan.timeline {
            // The kinds of steps that one entry makes differ in the first word that names them.
            let word = step.action.word();
            let at = *known.entry((step.entry, word)).or_insert_with(|| {
                entries.push(Entry { label: step.label.clone(), taken: 0, missed: 0, last: Instant::ZERO });
                entries.len() - 1
            });
            entry_of.push(at);
        }
        Self { entry_of, entries }
    }
}

impl Check for Missed {
    fn name(&self) -> &'static str {
        "missed"
    }

    fn reads(&self) -> Kinds {
        kinds![StepTaken, StepMissed]
    }

    fn observe(&mut self, seen: &Observed, _stage: &Stage, _names: &Names) {
        match seen.what {
            Observation::StepTaken { step } => {
                let entry = &mut self.entries[self.entry_of[step as usize]];
                entry.taken += 1;
                entry.last = seen.at;
            }
            Observation::StepMissed { step } => self.entries[self.entry_of[step as usize]].missed += 1,
            _ => {}
        }
    }

    fn finish(&mut self, _stage: &Stage, _names: &Names, findings: &mut Findings) {
        for entry in self.entries.iter().filter(|entry| entry.taken > 0 && entry.missed == entry.taken) {
            let detail =
                format!("`{}` found no process that it could do anything to, and changes nothing", entry.label);
            let what = (AnomalyKind::StepHitsNobody, Cause::NothingToDoItTo);
            let row = Anomaly::new("missed", what, (entry.last, entry.last), detail);
            findings.anomalies.push(Anomaly { count: u64::from(entry.missed), ..row });
        }
    }
}
