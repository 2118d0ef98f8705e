//! How evenly the queues of each group lie on its members, over time.

use std::collections::BTreeMap;

use super::chart::Series;
use super::drawing::Drawing;
use super::lag::{Panels, charts};
use crate::check::BalanceSample;
use crate::model::plan::GroupIndex;
use crate::report::{Body, Report};
use crate::run::Outcome;

/// Draws it; `None` where nothing was sampled.
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
    let count = 2 * groups.len();
    let panels = groups.into_iter().flat_map(|(group, samples)| {
        let name = outcome.names.group(group);
        let over = |name, value: fn(&BalanceSample) -> u32| Series {
            name,
            points: samples.iter().map(|sample| (sample.at, u64::from(value(sample)))).collect(),
        };
        [
            (
                format!("{name}: queues on one member"),
                vec![over("fewest", |s| s.min), over("most", |s| s.max), over("live members", |s| s.members)],
            ),
            (
                format!("{name}: out of order"),
                vec![
                    over("queues without owner", |s| s.unowned),
                    over("queues with two owners", |s| s.double_owned),
                    over("idle members", |s| s.idle_members),
                ],
            ),
        ]
    });
    (count, Box::new(panels))
}
