//! Which tag the messages of a queue carry.
//!
//! The recorder's producer goes round-robin over tags and over queues, so that where the two numbers have a common divisor
//! each queue has its own. Which, depends on where it began: the recording says so where a consumer that wants one tag
//! was handed messages.

use std::collections::BTreeMap;

use crate::trace::{Trace, What, queue_parts};

/// The tag of each queue of a topic that was written to.
pub(super) fn of_queues<'a>(trace: &'a Trace, topic: &str) -> BTreeMap<&'a str, &'a str> {
    let tags = &trace.header.tags;
    let mut queues: Vec<&str> = Vec::new();
    for event in &trace.events {
        if let What::Sent(run) = &event.what
            && queue_parts(&run.queue).is_ok_and(|(of, ..)| of == topic)
            && !queues.contains(&run.queue.as_str())
        {
            queues.push(&run.queue);
        }
    }
    queues.sort_unstable();
    let wanted = wanted(trace);
    // How far the tags are turned against the queues: as the first delivery that tells it.
    let turned = trace.events.iter().find_map(|event| {
        let What::Took(run) = &event.what else { return None };
        let tag = wanted.get(run.who.as_deref()?)?;
        let tag = tags.iter().position(|known| known == tag)?;
        let queue = queues.iter().position(|known| *known == run.queue)?;
        Some((tag + tags.len() - queue % tags.len()) % tags.len())
    });
    let turned = turned.unwrap_or_default();
    queues.iter().enumerate().map(|(at, queue)| (*queue, tags[(at + turned) % tags.len()].as_str())).collect()
}

/// Consumers that want one tag only, in every of their starts.
fn wanted(trace: &Trace) -> BTreeMap<&str, &str> {
    let header = &trace.header;
    let starts = header.steps.iter().filter(|step| step.action == "start");
    let mut wanted: BTreeMap<&str, Option<&str>> = BTreeMap::new();
    for step in starts {
        let sub = step.overrides.sub.as_deref().or(header.sub.as_deref()).unwrap_or("*");
        let one = Some(sub).filter(|sub| *sub != "*" && !sub.contains('|'));
        let known = wanted.entry(&step.target).or_insert(one);
        if *known != one {
            *known = None;
        }
    }
    wanted.into_iter().filter_map(|(who, tag)| Some((who, tag?))).collect()
}
