//! `arrivals = "recorded"`: messages whose times and queues a recording gives.

use super::hosts::one_of;
use crate::kernel::Span;
use crate::model::plan::{Arrivals, BrokerIndex, BrokerPlan, RecordedMessage};
use crate::scenario::text::{Fault, Fields, Node, list};

/// The most messages of all runs of all producers together.
const MOST_MESSAGES: usize = 10_000_000;

/// Refuses more recorded messages than fit into memory.
pub(super) fn check_recorded(messages: usize, node: &Node) -> Result<(), Fault> {
    if messages <= MOST_MESSAGES {
        return Ok(());
    }
    let problem = format!("the runs up to here have {messages} messages");
    Err(Fault::new(node.place, problem, format!("allowed are up to {MOST_MESSAGES} in all")))
}

/// Reads `runs`: each is `["broker", queueId, from, until, messages]`. The first and the last message are sent at
/// these times, the others evenly spread between, in a phase that the seed draws.
pub(super) fn recorded_arrivals(fields: &Fields<'_>, runs: &Node, brokers: &[BrokerPlan]) -> Result<Arrivals, Fault> {
    if let Some(node) = fields.get("arrivals").filter(|node| node.text("").ok() != Some("recorded")) {
        return Err(Fault::new(
            node.place,
            "`runs` belong to another kind of arrivals",
            "write arrivals = \"recorded\"",
        ));
    }
    if let Some(node) = fields.get("rate") {
        return Err(Fault::new(node.place, "`rate` has no effect beside `runs`", "leave one of them out"));
    }
    let mut messages = Vec::new();
    for run in list(runs, "a list of runs")? {
        read_run(run, brokers, &mut messages)?;
        check_recorded(messages.len(), run)?;
    }
    messages.sort_unstable();
    Ok(Arrivals::Recorded(messages))
}

fn read_run(run: &Node, brokers: &[BrokerPlan], messages: &mut Vec<RecordedMessage>) -> Result<(), Fault> {
    const FORM: &str =
        "a run such as [\"broker-a\", 0, \"10s\", \"20s\", 100]: broker, queue id, from, until, messages";
    let [broker, queue_id, from, until, count] = list(run, FORM)? else { return Err(run.not(FORM)) };
    let names: Vec<&str> = brokers.iter().map(|broker| broker.name.as_str()).collect();
    let broker = BrokerIndex::of(one_of(broker, "broker", &names)?);
    let queue_id = queue_id.count(0, 9_999)?;
    let (begins, ends, count) = (from.moment()?, until.moment()?, u64::from(count.count(1, 10_000_000)?));
    if ends < begins {
        return Err(Fault::new(until.place, format!("the run ends at {ends}, before it begins at {begins}"), ""));
    }
    let nanos = u128::from(ends.since(begins).as_nanos());
    let into = |number: u64| {
        let into = nanos * u128::from(number) / u128::from((count - 1).max(1));
        begins + Span::from_nanos(u64::try_from(into).expect("a part of the run"))
    };
    messages.extend((0..count).map(|number| {
        let at = into(number);
        // Half a gap before to half a gap after the even time, but for the first and the last.
        let inner = number > 0 && number + 1 < count;
        let (at, phase) = if inner {
            let half = at.since(into(number - 1)).as_nanos() / 2;
            (into(number - 1) + Span::from_nanos(half), Span::from_nanos(2 * half))
        } else {
            (at, Span::ZERO)
        };
        RecordedMessage { at, phase, broker, queue_id }
    }));
    Ok(())
}
