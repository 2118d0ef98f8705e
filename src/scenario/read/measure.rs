//! `measure`: the window that counts.

use crate::check::{Mark, Measure};
use crate::kernel::{Instant, Span};
use crate::model::plan::{Plan, When};
use crate::scenario::text::{Fault, Fields, Node};
use crate::wording::did_you_mean;

/// Reads `measure`, whose marks are labels of the plan's timeline.
pub(super) fn read_measure(node: Option<&Node>, plan: &Plan) -> Result<Measure, Fault> {
    let mut measure = Measure::default();
    let Some(node) = node else {
        return Ok(measure);
    };
    let fields = Fields::read(node, "measure")?;
    if let Some(from) = fields.get("from") {
        measure.from = read_mark(from, plan)?;
    }
    if let Some(until) = fields.get("until") {
        let mark = read_mark(until, plan)?;
        let reversed = match (certain(measure.from, plan), certain(mark, plan)) {
            (Some(from), Some(until)) => until <= from,
            _ => measure.from == mark,
        };
        if reversed {
            return Err(Fault::new(until.place, "the window ends before it begins", "`until` must be after `from`"));
        }
        measure.until = Some(mark);
    }
    if let Some(threshold) = fields.get("stall_threshold") {
        measure.stall_threshold = threshold.positive_span()?;
    }
    fields.finish()?;
    Ok(measure)
}

/// The moment of a mark, where no seed can move it.
fn certain(mark: Mark, plan: &Plan) -> Option<Instant> {
    match mark {
        Mark::Time(moment) => Some(moment),
        Mark::Step(step) => match plan.timeline[step].when {
            When::At(moment) => Some(moment),
            _ => None,
        },
        Mark::FirstSettled => None,
    }
}

fn read_mark(node: &Node, plan: &Plan) -> Result<Mark, Fault> {
    let text = node.text("\"settled\", the label of a step, or a time such as \"30s\"")?;
    if text == "settled" {
        return Ok(Mark::FirstSettled);
    }
    if let Some(step) = plan.timeline.iter().position(|step| step.label == text) {
        return Ok(Mark::Step(step));
    }
    if text.parse::<Span>().is_ok() {
        let moment = node.moment()?;
        if moment.as_nanos() >= plan.duration.as_nanos() {
            return Err(Fault::new(
                node.place,
                format!("{moment} is not before the end"),
                format!("the scenario lasts {}", plan.duration),
            ));
        }
        return Ok(Mark::Time(moment));
    }
    let labels = || plan.timeline.iter().map(|step| step.label.as_str());
    let allowed = match did_you_mean(text, ["settled"].into_iter().chain(labels())) {
        Some(meant) => meant,
        None => "write \"settled\", a time such as \"30s\", or the `mark` of a step".to_owned(),
    };
    Err(Fault::new(node.place, format!("no step is marked `{text}`"), allowed))
}
