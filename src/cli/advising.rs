//! The contest of `advise`: every trial alone by successive halving, then the best of them together, and those that are only
//! sound together.

use std::num::NonZeroUsize;
use std::sync::atomic::AtomicBool;

use indicatif::ProgressBar;

use super::shards::Work;
use super::sweeping::sweep_all;
use super::{Failure, load};
use crate::lint::warnings;
use crate::model::plan::Plan;
use crate::report::advice::{Fallen, Tried, Why};
use crate::scenario::levers::{Trial, unsound};
use crate::scenario::{Limit, Scenario};
use crate::sweep::{Paired, SeedResult, Seeds, breach, rounds, survivors};

/// So many settings are tried in pairs, those that do best alone.
const PAIRED: usize = 3;
/// So many pairs are tried at most that are only sound together.
const COMPANIONS: usize = 8;

/// So much of what the figure is has to go, in thousandths.
const LEAST_EFFECT: u64 = 50;

/// Who takes part, and by what it is judged.
pub(super) struct Contest<'a> {
    pub file: &'a str,
    pub set: &'a [String],
    pub figure: &'a str,
    pub limits: &'a [Limit],
    pub seeds: Seeds,
    pub threads: NonZeroUsize,
    pub stop: &'a AtomicBool,
    pub bar: &'a ProgressBar,
    /// The scenario as it is.
    pub plan: &'a Plan,
    pub base: &'a [SeedResult],
}

/// What came of it.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// What helps, best first.
    pub helped: Vec<Tried>,
    /// What does not, and why.
    pub fallen: Vec<Fallen>,
    /// How many runs that took.
    pub runs: u64,
}

/// One that takes part.
struct Entrant {
    tried: Tried,
    scenario: Scenario,
}

impl Contest<'_> {
    /// Tries them all.
    ///
    /// # Errors
    /// As of [`sweep_all`], or that it was interrupted.
    pub(super) fn hold(&self, trials: &[Trial]) -> Result<Found, Failure> {
        let mut found = Found { runs: self.seeds.count(), ..Found::default() };
        let (mut entrants, mut alone) = (Vec::new(), Vec::new());
        for trial in trials {
            match self.entrant(&[trial]) {
                Ok(entrant) => entrants.push(entrant),
                Err(Why::Same) => {}
                Err(why) => {
                    alone.push(trial);
                    found.fallen.push(Fallen { trials: vec![trial.clone()], why });
                }
            }
        }
        let mut winners = self.play(entrants, &mut found)?;
        winners.sort_by_key(|tried| std::cmp::Reverse(self.improvement(tried)));
        let pairs = self.pairs(&winners, &alone, trials);
        for pair in self.play(pairs, &mut found)? {
            match self.no_better_than(&winners, &pair) {
                Some(single) => {
                    found.fallen.push(Fallen { trials: pair.trials, why: Why::NoBetterThan(single.to_owned()) });
                }
                None => found.helped.push(pair),
            }
        }
        found.helped.extend(winners);
        found.helped.sort_by_key(|tried| std::cmp::Reverse(self.improvement(tried)));
        Ok(found)
    }

    /// Some trials together as a scenario.
    fn entrant(&self, trials: &[&Trial]) -> Result<Entrant, Why> {
        let sets = trials.iter().flat_map(|trial| trial.set.iter().cloned());
        let overrides: Vec<String> = self.set.iter().cloned().chain(sets).collect();
        let scenario = load::scenario(self.file, &overrides).map_err(|failure| match failure {
            Failure::BadInput(why) | Failure::Own(why) => {
                // What is behind the place.
                let sentence = why.lines().next().unwrap_or_default();
                Why::Unsound(sentence.split_once(": ").map_or(sentence, |(_, said)| said).to_owned())
            }
        })?;
        if !trials.iter().all(|trial| trial.changes(self.plan, &scenario.plan)) {
            return Err(Why::Same);
        }
        // What was unsound before is none of the trial's doing.
        if let Some(why) = unsound(&scenario.plan).filter(|why| unsound(self.plan).as_ref() != Some(why)) {
            return Err(Why::Unsound(why));
        }
        let before = warnings(self.plan);
        if let Some(warning) = warnings(&scenario.plan).into_iter().find(|warning| !before.contains(warning)) {
            return Err(Why::Warned(format!("{} [{}]", warning.what, warning.code)));
        }
        let trials = trials.iter().map(|trial| (*trial).clone()).collect();
        Ok(Entrant { tried: Tried { trials, results: Vec::new() }, scenario })
    }

    /// Plays the entrants round by round; answers those that help, as far as all seeds tell.
    fn play(&self, mut entrants: Vec<Entrant>, found: &mut Found) -> Result<Vec<Tried>, Failure> {
        let (mut played, rounds) = (0, rounds(self.seeds.count()));
        for until in rounds {
            let seeds = self.seeds.first_of(until).and_then(|seeds| seeds.behind(played)).unwrap_or(self.seeds);
            let seeds = if played == 0 { self.seeds.first_of(until).unwrap_or(self.seeds) } else { seeds };
            let runs = seeds.count() * entrants.len() as u64;
            self.bar.inc_length(runs);
            found.runs += runs;
            let scenarios: Vec<&Scenario> = entrants.iter().map(|entrant| &entrant.scenario).collect();
            let Some(results) =
                sweep_all(&scenarios, seeds, (&Work::Whole, self.threads), self.stop, || self.bar.inc(1))?
            else {
                return Err(Failure::own("interrupted before all was tried; nothing is advised"));
            };
            for (entrant, results) in entrants.iter_mut().zip(results) {
                entrant.tried.results.extend(results);
            }
            played = until;
            entrants = self.judged(entrants, played, &mut found.fallen);
        }
        Ok(entrants.into_iter().map(|entrant| entrant.tried).collect())
    }

    /// Those that go on after a round.
    fn judged(&self, entrants: Vec<Entrant>, played: u64, fallen: &mut Vec<Fallen>) -> Vec<Entrant> {
        let last = played == self.seeds.count();
        let (mut left, mut out): (Vec<Option<Entrant>>, Vec<(usize, Why)>) = (Vec::new(), Vec::new());
        for (at, entrant) in entrants.into_iter().enumerate() {
            let results = &entrant.tried.results;
            let beyond = self.limits.iter().find(|limit| breach(limit, &self.base[..results.len()], results).is_some());
            match (beyond, self.improvement(&entrant.tried)) {
                (Some(limit), _) => out.push((at, Why::Beyond(limit.text.clone()))),
                (None, ..=0) => out.push((at, Why::NotBetter(played))),
                (None, _) if last && !self.told(&entrant.tried) => out.push((at, Why::NotTold)),
                (None, _) if last && self.is_small(&entrant.tried) => out.push((at, Why::Small)),
                _ => {}
            }
            left.push(Some(entrant));
        }
        let improvements: Vec<i128> = (left.iter().enumerate())
            .map(|(at, entrant)| match entrant {
                Some(entrant) if out.iter().all(|(fell, _)| *fell != at) => self.improvement(&entrant.tried),
                _ => 0,
            })
            .collect();
        let going_on = survivors(&improvements);
        for (at, improvement) in improvements.iter().enumerate() {
            if *improvement > 0 && !last && !going_on.contains(&at) {
                out.push((at, Why::Behind(played)));
            }
        }
        out.sort_by_key(|(at, _)| *at);
        for (at, why) in out {
            fallen.extend(left[at].take().map(|entrant| Fallen { trials: entrant.tried.trials, why }));
        }
        left.into_iter().flatten().collect()
    }

    /// The best settings two by two, then those that are only sound with another.
    fn pairs(&self, winners: &[Tried], alone: &[&Trial], trials: &[Trial]) -> Vec<Entrant> {
        let mut best: Vec<&Trial> = Vec::new();
        for trial in winners.iter().flat_map(|tried| &tried.trials) {
            if best.iter().all(|other| other.setting != trial.setting) {
                best.push(trial);
            }
        }
        best.truncate(PAIRED);
        let mut pairs: Vec<[&Trial; 2]> = Vec::new();
        for (at, first) in best.iter().enumerate() {
            pairs.extend(best[at + 1..].iter().map(|second| [*first, *second]));
        }
        let mut entrants: Vec<Entrant> = pairs.iter().filter_map(|pair| self.entrant(pair).ok()).collect();
        let fitting = |first: &'_ &Trial| {
            let others = trials.iter().filter(|other| other.setting != first.setting);
            others.filter_map(|other| self.entrant(&[*first, other]).ok()).collect::<Vec<_>>()
        };
        entrants.extend(alone.iter().flat_map(fitting).take(COMPANIONS));
        entrants
    }

    /// The one of a pair that does as well alone, as far as the seeds tell.
    fn no_better_than<'w>(&self, winners: &'w [Tried], pair: &Tried) -> Option<&'w str> {
        let singles = winners.iter().filter(|tried| pair.trials.contains(&tried.trials[0]));
        let mut as_good = singles.filter(|single| {
            let paired = Paired::of(self.figure, &single.results, &pair.results);
            !paired.is_some_and(|paired| paired.is_told_apart() && paired.is_better())
        });
        as_good.next().map(|single| single.trials[0].setting.as_str())
    }

    fn paired(&self, tried: &Tried) -> Option<Paired> {
        Paired::of(self.figure, &self.base[..tried.results.len()], &tried.results)
    }

    fn improvement(&self, tried: &Tried) -> i128 {
        self.paired(tried).map_or(0, |paired| paired.improvement())
    }

    /// Whether it is so little that nobody changes a cluster for it.
    fn is_small(&self, tried: &Tried) -> bool {
        self.paired(tried).and_then(|paired| paired.share()).is_some_and(|share| share < LEAST_EFFECT)
    }

    fn told(&self, tried: &Tried) -> bool {
        self.paired(tried).is_some_and(|paired| paired.is_told_apart() && paired.is_better())
    }
}
