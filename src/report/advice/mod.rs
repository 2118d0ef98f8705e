//! Which settings better a figure: as text and as JSON.

mod json;
mod text;

use crate::check::Figure;
use crate::report::shell_quoted;
use crate::scenario::levers::Trial;
use crate::sweep::{Paired, Quantiles, SeedResult, Seeds};

pub use json::summary as json;
pub use text::summary as text;

/// One value that was tried, or two together, over the seeds that it got.
#[derive(Debug)]
pub struct Tried {
    /// The values.
    pub trials: Vec<Trial>,
    /// The results, in the order of the seeds.
    pub results: Vec<SeedResult>,
}

/// Why something does not help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// It is so already, or a single consumer or broker has a value of its own.
    Same,
    /// The values do not go together.
    Unsound(String),
    /// `check` warns of this plan, and not of that as it is.
    Warned(String),
    /// It goes beyond this limit.
    Beyond(String),
    /// It is not better on the mean of so many seeds.
    NotBetter(u64),
    /// Others were better with so many seeds.
    Behind(u64),
    /// It is better by less than a twentieth.
    Small,
    /// All seeds do not tell it from chance.
    NotTold,
    /// The pair is no better than this one of it alone.
    NoBetterThan(String),
}

/// What does not help.
#[derive(Debug)]
pub struct Fallen {
    /// The values.
    pub trials: Vec<Trial>,
    /// Why.
    pub why: Why,
}

/// Everything that `advise` found.
#[derive(Debug)]
pub struct Advice<'a> {
    /// The scenario's title.
    pub title: &'a str,
    /// Its file.
    pub file: &'a str,
    /// The figure that is to become less.
    pub figure: &'a str,
    /// The seeds of those that came to the end.
    pub seeds: Seeds,
    /// The values of `--set` that all runs have.
    pub set: &'a [String],
    /// The results of the scenario as it is.
    pub base: &'a [SeedResult],
    /// How many values there were to try.
    pub tried: usize,
    /// How many runs it took.
    pub runs: u64,
    /// What helps, best first.
    pub helped: &'a [Tried],
    /// What does not.
    pub fallen: &'a [Fallen],
    /// The command that asks again.
    pub command: String,
}

/// A figure that is another one for a value that helps, beyond doubt and beyond what is worth a word.
struct Moved<'a> {
    figure: &'a str,
    paired: Paired,
    /// The mean change as a share of the base's mean, in thousandths; `None` where that is zero.
    share: Option<u64>,
}

/// Whether there is nothing to better: no seed has any of the figure.
#[must_use]
pub fn is_zero(figure: &str, base: &[SeedResult]) -> bool {
    Quantiles::of(figure, base)
        .is_none_or(|quantiles| quantiles.at(0).number() == 0 && quantiles.worst().0.number() == 0)
}

/// Values in the order in which they are set: `channelExpiredTimeout=30s with heartbeatBrokerInterval=10s`.
fn named(trials: &[Trial]) -> String {
    let one = |trial: &Trial| format!("{} {}", trial.setting, trial.to);
    trials.iter().map(one).collect::<Vec<_>>().join(" with ")
}

impl Advice<'_> {
    /// The figure beside the base.
    fn paired(&self, tried: &Tried) -> Option<Paired> {
        Paired::of(self.figure, self.base, &tried.results)
    }

    /// The command that compares it with the scenario as it is.
    fn again(&self, tried: &Tried) -> String {
        let with: String = self.set.iter().map(|set| format!(" --with {}", shell_quoted(set))).collect();
        let sets: Vec<&str> = tried.trials.iter().flat_map(|trial| &trial.set).map(String::as_str).collect();
        let (file, sets) = (shell_quoted(self.file), shell_quoted(&sets.join(";")));
        format!("rebalance-sim compare {file}{with} --set {sets} --seeds {}", self.seeds)
    }

    /// The figures besides that got better, or worse, those that moved most first.
    fn moved(&self, tried: &Tried, better: bool) -> Vec<Moved<'_>> {
        let figures = self.base.iter().filter_map(SeedResult::measured).flatten().map(|(name, _)| name.as_str());
        let mut names: Vec<&str> = figures.filter(|name| *name != self.figure && *name != "delivered").collect();
        names.sort_unstable();
        names.dedup();
        let one = |figure| {
            let paired = Paired::of(figure, self.base, &tried.results)?;
            let change = paired.mean();
            let share = paired.share();
            let tiny = match change.amount {
                Figure::Span(span) => span.as_millis() < 10,
                _ => change.thousandths < 100,
            } || share.is_some_and(|share| share < 50);
            let kept = paired.is_told_apart() && paired.is_better() == better && !tiny;
            kept.then_some(Moved { figure, paired, share })
        };
        let mut moved: Vec<Moved<'_>> = names.into_iter().filter_map(one).collect();
        moved.sort_by_key(|moved| std::cmp::Reverse(moved.share.unwrap_or(u64::MAX)));
        moved
    }
}
