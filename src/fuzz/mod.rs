//! Random clusters: a seed makes a scenario, the scenario is played, and what is left at rest is looked at.
//!
//! ```text
//!   seed --> Swarm (which kinds of trouble) --> cluster + faults as scenario text --> run --> complaints
//! ```
//!
//! A cluster is a scenario file and nothing else, so that one that fails can be saved, read and repeated.

mod changes;
mod clients;
mod cluster;
mod complaints;
mod explained;
mod faults;
mod kept;
#[cfg(test)]
mod readers;
mod still;
mod swarm;
mod unsettled;

pub use clients::Clients;
pub use complaints::{Complaint, complaints};
pub use explained::{Facts, shares, unexplained};
pub use still::still_made;
pub use swarm::Swarm;

use crate::check::Figure;
use crate::kernel::{Fingerprint, Streams};
use crate::model::plan::PlantedMistake;
use crate::run::{Outcome, RunOptions, run_closely};
use crate::scenario::{Scenario, parse};

/// What came of one seed.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Examined {
    /// The seed.
    pub seed: u64,
    /// Hash over all events of the run.
    pub fingerprint: Fingerprint,
    /// How many events.
    pub events: u64,
    /// Messages handed to listeners.
    pub delivered: u64,
    /// Of these, messages that had been handed out before.
    pub duplicates: u64,
    /// Stalls and anomalies.
    pub findings: u64,
    /// Of these, such that nothing seen explains.
    pub unknown: u64,
    /// What must not be.
    pub complaints: Vec<Complaint>,
}

/// Which random clusters are drawn.
///
/// Groups, hosts, faults and their times are those of the seed whatever is said here: a cluster with fewer messages costs
/// a fraction of the time, and goes through the same trouble.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clusters {
    /// Which clients run in them.
    pub clients: Clients,
    /// Messages a second that are sent to each topic; more than 0.
    pub rate: u64,
}

/// Those that a seed is of unless told otherwise: the usual clients, 20 messages a second and topic.
impl Default for Clusters {
    fn default() -> Self {
        Self { clients: Clients::Usual, rate: 20 }
    }
}

impl Clusters {
    /// Those with the usual number of messages.
    #[must_use]
    pub fn of(clients: Clients) -> Self {
        Self { clients, ..Self::default() }
    }

    /// The scenario file of a seed.
    #[must_use]
    pub fn text(self, seed: u64) -> String {
        let streams = Streams::new(seed);
        let swarm = Swarm::drawn(&mut streams.stream("swarm", 0));
        let mut cluster = cluster::Cluster::drawn(&swarm, &mut streams.stream("cluster", 0));
        if swarm.offset_stores {
            cluster.choose_stores(&swarm, &mut streams.stream("offset stores", 0));
        }
        if self.clients == Clients::Any {
            cluster.choose_clients(&mut streams.stream("clients", 0));
        }
        let faults = faults::text(&swarm, &cluster, &mut streams.stream("faults", 0));
        let changes = changes::text(&swarm, &cluster, &faults, &mut streams.stream("changes", 0));
        format!("{}{faults}{changes}", cluster.text(seed, self.rate, &swarm))
    }

    /// The scenario of a seed.
    ///
    /// # Panics
    /// Where [`Self::text`] makes a file that the scenario language refuses: a mistake in this module.
    #[must_use]
    pub fn scenario(self, seed: u64) -> Scenario {
        let text = self.text(seed);
        let name = format!("fuzz-{seed}.toml");
        parse(&name, &text, &[], &|_| Err("there is no other file".to_owned()))
            .unwrap_or_else(|error| panic!("the cluster of seed {seed} is refused: {error}"))
    }

    /// Plays the cluster of a seed, with a mistake planted in the model if there is one, and looks at what is left.
    #[must_use]
    pub fn examine(self, seed: u64, planted: Option<PlantedMistake>) -> Examined {
        let mut scenario = self.scenario(seed);
        scenario.plan.planted = planted;
        examine_scenario(&scenario, seed)
    }
}

/// The scenario file of a seed with the usual clients.
#[must_use]
pub fn text(seed: u64) -> String {
    Clusters::default().text(seed)
}

/// The scenario of a seed with the usual clients.
#[must_use]
pub fn scenario(seed: u64) -> Scenario {
    Clusters::default().scenario(seed)
}

/// Plays the cluster of a seed with the usual clients ([`Clusters::examine`]).
#[must_use]
pub fn examine(seed: u64, planted: Option<PlantedMistake>) -> Examined {
    Clusters::default().examine(seed, planted)
}

/// Plays any scenario as if it were a random cluster, and looks at what is left.
#[must_use]
pub fn examine_scenario(scenario: &Scenario, seed: u64) -> Examined {
    let mut facts = Facts::default();
    let options = RunOptions { rows: true, ..RunOptions::default() };
    let outcome = run_closely(scenario, seed, options, |seen| facts.observe(seen));
    let (findings, unknown) = shares(&outcome);
    let mut complaints = complaints(&outcome, &scenario.plan);
    complaints.extend(unexplained(&outcome, &facts));
    Examined {
        seed,
        fingerprint: outcome.fingerprint,
        events: outcome.events,
        delivered: figure(&outcome, "delivered"),
        duplicates: figure(&outcome, "duplicates"),
        findings,
        unknown,
        complaints,
    }
}

fn figure(outcome: &Outcome, name: &str) -> u64 {
    match outcome.findings.windows.first().and_then(|whole| whole.figures.get(name)) {
        Some(Figure::Count(count)) => *count,
        other => panic!("the figure {name} is no count: {other:?}"),
    }
}
