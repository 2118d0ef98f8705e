//! Rules broken on purpose, and the guards that must notice: what the guards of this program are worth.
//!
//! ```text
//!   PlantedMistake --> Mutant (the one guard that must catch it) --play--> Caught
//!                        |
//!                        +-- a law in random clusters      fuzz + check::protocol
//!                        +-- a law in a small story        mutants::stories
//!                        +-- answers that are known        mutants::{streams, strategies, stores}
//! ```
//! A mistake that something else notices as well is caught; one that only something else notices is not.

mod stores;
mod strategies;
mod streams;
mod table;

pub use table::TABLE;

use crate::fuzz::{Examined, examine, scenario};
use crate::model::plan::PlantedMistake;
use crate::run::{RunOptions, first_broken, run_closely};
use crate::scenario::parse;
use crate::sweep::Seeds;

/// Answers of this program that are known, asked with a mistake in it or none; the error says which one is another.
pub type KnownAnswers = fn(Option<PlantedMistake>) -> Result<(), String>;

/// What must notice a mistake.
#[derive(Debug, Clone, Copy)]
pub enum Guard {
    /// A law of the protocol, in a random cluster. `seed`: one that is known to show it, which is played first.
    Law {
        /// The law.
        rule: &'static str,
        /// A seed that shows it.
        seed: u64,
    },
    /// What must not be left when a random cluster comes to rest.
    Rest {
        /// The check that complains.
        check: &'static str,
        /// How the complaint begins.
        what: &'static str,
        /// A seed that shows it.
        seed: u64,
    },
    /// A law of the protocol, in a cluster made for it.
    Story {
        /// The law.
        rule: &'static str,
        /// The scenario file.
        text: &'static str,
    },
    /// Known answers.
    Answers {
        /// What they are of.
        of: &'static str,
        /// Asks for them.
        ask: KnownAnswers,
    },
}

impl Guard {
    /// Its name: the rule, or what the answers are of.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Law { rule, .. } | Self::Story { rule, .. } => rule,
            Self::Rest { what, .. } => what,
            Self::Answers { of, .. } => of,
        }
    }

    /// Which kind of guard it is.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Law { .. } => "law",
            Self::Rest { .. } => "rest",
            Self::Story { .. } => "story",
            Self::Answers { .. } => "answers",
        }
    }

    /// Whether random clusters show it.
    #[must_use]
    pub fn is_fuzz(&self) -> bool {
        matches!(self, Self::Law { .. } | Self::Rest { .. })
    }
}

/// A mistake and its guard.
#[derive(Debug, Clone, Copy)]
pub struct Mutant {
    /// The mistake.
    pub mistake: PlantedMistake,
    /// What must catch it.
    pub guard: Guard,
}

/// What came of a mutant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caught {
    /// Its guard noticed: in which seed or story, and what it said.
    By(String),
    /// Only something else noticed, which is this.
    Otherwise(String),
    /// Nothing noticed.
    No,
    /// The guard says so without the mistake too.
    Always(String),
}

/// Plays a mutant in the seed that is known and then in these, until its guard notices.
#[must_use]
pub fn play(mutant: &Mutant, seeds: Seeds) -> Caught {
    let planted = Some(mutant.mistake);
    match mutant.guard {
        Guard::Law { rule, seed } => in_seeds(seed, seeds, mutant.mistake, &|seed| {
            let mut scenario = scenario(seed);
            scenario.plan.planted = planted;
            first_broken(&scenario, seed, rule).map(|broken| format!("at {}: {}", broken.from, broken.detail))
        }),
        Guard::Rest { check, what, seed } => in_seeds(seed, seeds, mutant.mistake, &|seed| {
            let examined = examine(seed, planted);
            let mut made = examined.complaints.into_iter();
            made.find(|made| made.check == check && made.what.starts_with(what)).map(|made| made.what)
        }),
        Guard::Story { rule, text } => in_story(rule, text, planted),
        Guard::Answers { ask, .. } => match (ask(None), ask(planted)) {
            (Err(wrong), _) => Caught::Always(wrong),
            (Ok(()), Err(wrong)) => Caught::By(wrong),
            (Ok(()), Ok(())) => Caught::No,
        },
    }
}

/// The seed that is known first, then all others.
fn in_seeds(known: u64, seeds: Seeds, mistake: PlantedMistake, shows: &dyn Fn(u64) -> Option<String>) -> Caught {
    for seed in std::iter::once(known).chain((seeds.first()..seeds.until()).filter(|seed| *seed != known)) {
        if let Some(said) = shows(seed) {
            return Caught::By(format!("seed {seed}, {said}"));
        }
    }
    let Examined { complaints, .. } = examine(known, Some(mistake));
    let other = complaints.into_iter().next();
    other.map_or(Caught::No, |made| Caught::Otherwise(format!("seed {known}, {}: {}", made.check, made.what)))
}

fn in_story(rule: &str, text: &str, planted: Option<PlantedMistake>) -> Caught {
    let told = |planted| {
        let mut scenario = parse("story.toml", text, &[], &|_| Err("there is no other file".to_owned()))
            .unwrap_or_else(|error| panic!("the story of {rule} is refused: {error}"));
        scenario.plan.planted = planted;
        let found = run_closely(&scenario, 0, RunOptions::default(), |_| {}).findings.anomalies;
        let mut broken = found.into_iter().filter(|anomaly| anomaly.check == "protocol").collect::<Vec<_>>();
        // The named one first.
        broken.sort_by_key(|anomaly| anomaly.cause.word() != rule);
        broken.into_iter().next()
    };
    if let Some(broken) = told(None) {
        return Caught::Always(format!("{}: {}", broken.cause, broken.detail));
    }
    match told(planted) {
        Some(broken) if broken.cause.word() == rule => Caught::By(format!("at {}: {}", broken.from, broken.detail)),
        Some(broken) => Caught::Otherwise(format!("{}: {}", broken.cause, broken.detail)),
        None => Caught::No,
    }
}
