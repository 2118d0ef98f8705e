//! Offsets: every commit, the ones that go back, and by whom (trap E12).

use std::collections::BTreeMap;

use super::{Anomaly, Check, CommitRow, Figure, Findings, Key, Severity, Stage};
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
    last: BTreeMap<Key, Option<ConsumerIndex>>,
}

impl Offsets {
    pub fn new(rows: bool) -> Self {
        Self { rows, commits: Vec::new(), backwards: Vec::new(), last: BTreeMap::new() }
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
        if let Observation::Committed { group, queue, offset, previous, by, path } = seen.what {
            let row = CommitRow { at: seen.at, group, queue, by, offset, previous, path };
            let before = self.last.insert((group, queue), by).flatten();
            if size(&row) > 0 {
                self.backwards.push((row.clone(), before));
            }
            if self.rows || size(&row) > 0 {
                self.commits.push(row);
            }
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
            let (cause, count) = (row.path.word(), size(row));
            findings.anomalies.push(Anomaly {
                check: "offsets",
                severity: if count >= WARNING_MESSAGES { Severity::Warning } else { Severity::Note },
                from: row.at,
                until: row.at,
                kind: "commit_backwards",
                group: Some(row.group),
                queue: Some(row.queue),
                consumer: row.by,
                count,
                cause,
                trap: match row.path {
                    CommitPath::LocalFile => "E32",
                    CommitPath::SlaveCopy | CommitPath::MasterReturned => "E34",
                    // A late owner, or a zombie, overwrites what another has committed.
                    CommitPath::PersistTimer
                    | CommitPath::PullPiggyback
                    | CommitPath::Release
                    | CommitPath::Shutdown
                        if before.is_some() && *before != row.by =>
                    {
                        "E12"
                    }
                    _ => "",
                },
                detail: format!(
                    "{who} took {} back from {} to {}",
                    names.message_queue(row.queue),
                    row.offset + count,
                    row.offset
                ),
            });
        }
        findings.commits = std::mem::take(&mut self.commits);
    }
}
