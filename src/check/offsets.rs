//! Offsets: every commit, the ones that go back, and by whom (trap E12).

use super::keyed::Keyed;
use super::{Anomaly, AnomalyKind, Cause, Check, CommitRow, Figure, Findings, Key, Severity, Stage, Trap};
use crate::model::Names;
use crate::model::observation::{CommitPath, Kinds, Observation, Observed, kinds};
use crate::model::plan::ConsumerIndex;

/// From this many messages on a commit that goes back is worth a warning; smaller ones come with every hand-over (I12).
const WARNING_MESSAGES: u64 = 1_000;

/// The check.
#[derive(Debug)]
pub(super) struct Offsets {
    rows: bool,
    commits: Vec<CommitRow>,
    /// With who had committed last before.
    backwards: Vec<(CommitRow, Option<ConsumerIndex>)>,
    last: Keyed<Option<ConsumerIndex>>,
}

impl Offsets {
    pub fn new(rows: bool) -> Self {
        Self { rows, commits: Vec::new(), backwards: Vec::new(), last: Keyed::default() }
    }
}

fn size(row: &CommitRow) -> u64 {
    row.previous.unwrap_or(row.offset).saturating_sub(row.offset)
}

impl Check for Offsets {
    fn name(&self) -> &'static str {
        "offsets"
    }

    fn reads(&self) -> Kinds {
        kinds![Committed]
    }

    fn observe(&mut self, seen: &Observed, _: &Stage, _: &Names) {
        if let Observation::Committed { audience, queue, offset, previous, by, path } = seen.what {
            let before = std::mem::replace(self.last.of(Key { audience, queue }), by);
            let goes_back = previous.is_some_and(|previous| previous > offset);
            if !goes_back && !self.rows {
                return;
            }
            let row = CommitRow { at: seen.at, audience, queue, by, offset, previous, path };
            if goes_back {
                self.backwards.push((row.clone(), before));
            }
            self.commits.push(row);
        }
    }

    fn finish(&mut self, _: &Stage, names: &Names, findings: &mut Findings) {
        for window in &mut findings.windows {
            let inside: Vec<u64> =
                self.backwards.iter().map(|(row, _)| row).filter(|row| window.contains(row.at)).map(size).collect();
            window.set("commits_backwards", Figure::Count(inside.len() as u64));
            window.set("commits_backwards.max", Figure::Count(inside.iter().copied().max().unwrap_or(0)));
        }
        for (row, before) in &self.backwards {
            let nobody = if row.path == CommitPath::OperatorReset { "the operator" } else { "the broker" };
            let who = row.by.map_or(nobody, |consumer| names.consumer(consumer));
            let (what, count) = ((AnomalyKind::CommitBackwards, Cause::from(row.path)), size(row));
            let (queue, was) = (names.message_queue(row.queue), row.offset + count);
            let detail = format!("{who} took {queue} back from {was} to {}", row.offset);
            let found = Anomaly::new("offsets", what, (row.at, row.at), detail);
            let severity = if count >= WARNING_MESSAGES { Severity::Warning } else { Severity::Note };
            let (audience, queue, consumer) = (Some(row.audience), Some(row.queue), row.by);
            // A late owner, or a zombie, overwrites what another has committed.
            use CommitPath::{PersistTimer, PullPiggyback, Release, Shutdown, Update};
            let of_a_member = matches!(row.path, PersistTimer | PullPiggyback | Release | Shutdown | Update);
            let by_another = of_a_member && before.is_some() && *before != row.by;
            let trap = if by_another { Some(Trap::E12) } else { found.trap };
            findings.anomalies.push(Anomaly { severity, audience, queue, consumer, count, trap, ..found });
        }
        findings.commits = std::mem::take(&mut self.commits);
    }
}
