//! How evenly the queues of each group lie on its members, over time.

use std::collections::BTreeMap;

use super::chart::Series;
use super::drawing::Drawing;
use super::lag::{Panels, charts};
use crate::check::BalanceSample;
use crate::model::plan::GroupIndex;
use crate::report::{Body, Report};
use crate::run::Outcome;

/// Draws it: a panel a group and unit, over all its topics; `None` where nothing was sampled.
pub(super) fn draw(report: &Report<'_>) -> Option<Drawing> {
    let Body::One { outcome, .. } = &report.body else {
        return None;
    };
    charts(report, "how evenly queues lie on members", panels(outcome))
}

/// Two panels a group over all its topics; none where nothing was sampled.
pub(in crate::report) fn panels(outcome: &Outcome) -> Panels<'_> {
    let mut groups: BTreeMap<GroupIndex, Vec<&BalanceSample>> = BTreeMap::new();
    for sample in outcome.findings.balance.iter().filter(|sample| sample.topic.is_none()) {
        groups.entry(sample.group).or_default().push(sample);
    }
    // Where all is well all the time a word says it better than an empty panel.
    let is_troubled = |samples: &[&BalanceSample]| samples.iter().any(|s| s.unowned > 0 || s.double_owned > 0);
    let count = groups.values().map(|samples| 2 + usize::from(is_troubled(samples))).sum();
    let panels = groups.into_iter().flat_map(move |(group, samples)| {
        let name = outcome.names.group(group);
        let over = |name, value: fn(&BalanceSample) -> u32| Series {
            name,
            points: samples.iter().map(|sample| (sample.at, u64::from(value(sample)))).collect(),
        };
        let troubled = is_troubled(&samples);
        let well = if troubled { "" } else { "; each with one owner all the time" };
        let queues = vec![over("fewest", |s| s.min), over("most", |s| s.max)];
        let members = vec![over("alive", |s| s.members), over("without a queue", |s| s.idle_members)];
        let trouble = troubled.then(|| {
            let lines = vec![over("without an owner", |s| s.unowned), over("with two owners", |s| s.double_owned)];
            (format!("{name}: queues that have not one owner"), lines)
        });
        let both = [(format!("{name}: queues on one member{well}"), queues), (format!("{name}: members"), members)];
        both.into_iter().chain(trouble)
    });
    (count, Box::new(panels))
}
