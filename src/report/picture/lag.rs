//! How far each group is behind, over time.

use std::collections::BTreeMap;

use super::chart::{Series, panel};
use super::colours::{FAINT, INK};
use super::drawing::{Anchor, Drawing};
use super::time_axis::TimeAxis;
use crate::check::LagSample;
use crate::kernel::Instant;
use crate::model::ids::AudienceIndex;
use crate::report::{Body, Report};
use crate::run::Outcome;

/// Width of the charts over time.
pub(super) const WIDTH: i32 = 1_400;
/// Height of a panel, without its title.
pub(super) const PANEL: i32 = 200;

/// Draws it: two panels a group, its sum and its worst queue where it has several; `None` where nothing was sampled.
pub(super) fn draw(report: &Report<'_>) -> Option<Drawing> {
    let Body::One { outcome, .. } = &report.body else {
        return None;
    };
    charts(report, "how far consumers are behind", panels(outcome))
}

/// Two panels a group, its sum and its worst queue; none where nothing was sampled.
pub(in crate::report) fn panels(outcome: &Outcome) -> Panels<'_> {
    let mut groups: BTreeMap<AudienceIndex, Vec<&LagSample>> = BTreeMap::new();
    for sample in &outcome.findings.lag {
        groups.entry(sample.audience).or_default().push(sample);
    }
    // Of one queue both say the same.
    let several = |samples: &[&LagSample]| samples.iter().any(|sample| sample.queue != samples[0].queue);
    let count = groups.values().map(|samples| 1 + usize::from(several(samples))).sum();
    let panels = groups.into_iter().flat_map(move |(group, samples)| {
        let name = outcome.names.audience(group);
        let all = (format!("{name}: messages behind, all queues together"), series(&samples, |sum, value| sum + value));
        let worst = several(&samples)
            .then(|| (format!("{name}: messages behind on the queue that is worst off"), series(&samples, u64::max)));
        std::iter::once(all).chain(worst)
    });
    (count, Box::new(panels))
}

fn series(samples: &[&LagSample], join: fn(u64, u64) -> u64) -> Vec<Series> {
    let over = |value: fn(&LagSample) -> u64| {
        let mut points: BTreeMap<Instant, u64> = BTreeMap::new();
        for sample in samples {
            let point = points.entry(sample.at).or_insert(0);
            *point = join(*point, value(sample));
        }
        points.into_iter().collect()
    };
    vec![
        Series { name: "not handed out", points: over(|s| s.end_offset.saturating_sub(s.delivered_offset)) },
        Series { name: "not committed", points: over(|s| s.end_offset.saturating_sub(s.committed_offset)) },
    ]
}

/// So many panels over time, made one after the other: the points of all of them are many.
pub(in crate::report) type Panels<'a> = (usize, Box<dyn Iterator<Item = (String, Vec<Series>)> + 'a>);

/// A picture of so many panels over one axis of time, the steps of the timeline across all of them; none without a panel.
pub(super) fn charts(report: &Report<'_>, what: &str, (count, panels): Panels<'_>) -> Option<Drawing> {
    if count == 0 {
        return None;
    }
    let Body::One { outcome, .. } = &report.body else { unreachable!("charts over time are of one run") };
    let axis = TimeAxis { left: 90, right: WIDTH - 70, end: outcome.end };
    let labels = axis.label_height(&outcome.steps);
    let first = 66 + labels;
    let count = i32::try_from(count).expect("few panels");
    let pitch = PANEL + 50;
    let bottom = first + 30 + pitch * (count - 1) + PANEL;
    let mut drawing = Drawing::new(WIDTH, bottom + 34);
    drawing.text((20, 22), report.story.scenario.title.clone(), 19, Anchor::Start, INK);
    drawing.text((20, 46), format!("{what}: seed {}", outcome.seed), 13, Anchor::Start, FAINT);
    axis.draw_steps(&mut drawing, &outcome.steps, first, bottom);
    for (number, (title, series)) in (0..count).zip(panels) {
        let top = first + 30 + pitch * number;
        // A sheet below the title hides the dashes where words stand.
        drawing.rectangle((axis.left, top - 24), (axis.right + 1, top - 4), super::colours::PAPER);
        panel(&mut drawing, &axis, (top, top + PANEL), &title, &series);
    }
    axis.draw(&mut drawing, bottom);
    Some(drawing)
}
