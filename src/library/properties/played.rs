//! What is left of a cluster that was played.

use std::collections::BTreeMap;

use crate::check::OwnerState;
use crate::library::{Figure, Scenario, Sweep};

/// With one seed: the clusters differ, and chance has enough of them.
const SEED: u64 = 0;

/// As the run ends, each queue of a topic is one live member's.
pub(super) fn one_owner_at_rest(scenario: &Scenario) -> Result<(), String> {
    let outcome = scenario.run(SEED).map_err(|error| error.to_string())?;
    let names = &outcome.names;
    let mut owners: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    let plan = scenario.plan();
    for topic in &plan.topics {
        for on in &topic.queues {
            let broker = &plan.brokers[on.broker.at()].name;
            owners.extend((0..on.read_queue_nums).map(|id| (format!("{}/{broker}/{id}", topic.name), Vec::new())));
        }
    }
    for held in outcome.findings.ownership.iter().filter(|held| held.until == outcome.end) {
        let of = owners.get_mut(&names.message_queue(held.queue).to_string());
        if let Some(of) = of.filter(|_| held.state == OwnerState::Live) {
            of.push(names.consumer(held.consumer));
        }
    }
    match owners.iter().find(|(_, owners)| owners.len() != 1) {
        None => Ok(()),
        Some((queue, owners)) if owners.is_empty() => Err(format!("at the end nobody has {queue}")),
        Some((queue, owners)) => Err(format!("at the end {} have {queue}", owners.join(" and "))),
    }
}

/// No message is lost, skipped or left.
pub(super) fn nothing_missed(scenario: &Scenario) -> Result<(), String> {
    let outcomes = Sweep::seeds(SEED..SEED + 1).try_run(scenario).map_err(|error| error.to_string())?;
    for figure in [Figure::Lost, Figure::Skipped, Figure::Undelivered] {
        let (name, missed) = (figure.name().to_owned(), outcomes.total(figure));
        if missed != 0.0 {
            return Err(format!("{missed} messages are {name}"));
        }
    }
    Ok(())
}
