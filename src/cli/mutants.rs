//! `mutants`: breaks rules on purpose, one at a time, and says which guard noticed.

use std::num::NonZeroUsize;

use super::{Answer, Failure, Verdict, signals, terminal};
use crate::mutants::{Caught, Mutant, TABLE, play};
use crate::sweep::{Seeds, over_seeds};

/// Breaks each rule of a table in the model, a strategy, a store or a check, alone, and plays the guard that must notice:
/// a law in random clusters, a law in a small story, or answers that are known. Prints a line for each. Violated where a
/// guard is silent, or where only something else noticed.
#[derive(Debug, clap::Args)]
#[command(after_long_help = include_str!("help/mutants.txt"))]
pub(super) struct Arguments {
    /// Only mistakes with this word in name, part, rule or guard.
    #[arg(long, value_name = "WORD")]
    only: Option<String>,
    /// Seeds of the random clusters that are tried for a law, after the one that is known to show it.
    #[arg(long, default_value = "1000", value_name = "N|A..B")]
    seeds: Seeds,
    /// Threads; all processors unless told. The results do not depend on it.
    #[arg(long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
    /// The I-th of N shares of the table, from 1 on.
    #[arg(long, value_name = "I/N", value_parser = share)]
    share: Option<(usize, usize)>,
}

/// `2/3`.
fn share(text: &str) -> Result<(usize, usize), String> {
    let parts = text.split_once('/').and_then(|(part, of)| Some((part.parse().ok()?, of.parse().ok()?)));
    parts
        .filter(|&(part, of): &(usize, usize)| 1 <= part && part <= of)
        .ok_or_else(|| format!("`{text}` is no share; write one such as 1/4, from 1/4 to 4/4"))
}

impl Arguments {
    /// Plays the table, or a part of it.
    pub(super) fn execute(self) -> Answer {
        let mutants = self.chosen();
        let Some(count) = NonZeroUsize::new(mutants.len()) else {
            let word = self.only.unwrap_or_default();
            return Err(Failure::bad_input(format!("no mistake of the {} has the word `{word}`", TABLE.len())));
        };
        let stop = signals::interruptible("the mistakes played so far are thrown away");
        let jobs = self.jobs.unwrap_or_else(|| std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN));
        let bar = terminal::progress_bar(count.get() as u64, "mistakes");
        let every: Seeds = count.to_string().parse().map_err(Failure::own)?;
        let one = |index: u64| Some(play(mutants[index as usize], self.seeds));
        let finished = over_seeds(every, jobs, &stop, one, || bar.inc(1)).map_err(Failure::own)?;
        bar.finish_and_clear();
        if !finished.complete {
            return Err(Failure::own("interrupted before every mistake was played"));
        }
        let (mut caught, mut by_laws) = (0, 0);
        for (mutant, came) in mutants.iter().zip(&finished.results) {
            let by_its_guard = matches!(came, Caught::By(_));
            caught += usize::from(by_its_guard);
            by_laws += usize::from(by_its_guard && mutant.guard.is_fuzz());
            terminal::print(&said(mutant, came))?;
        }
        let all = mutants.len();
        terminal::print(&format!("{caught} of {all} mistakes caught by their guards, {by_laws} in random clusters\n"))?;
        Ok(if caught == all { Verdict::Held } else { Verdict::Violated })
    }

    fn chosen(&self) -> Vec<&'static Mutant> {
        let has = |mutant: &&Mutant| {
            self.only.as_ref().is_none_or(|word| {
                let (mistake, word) = (mutant.mistake, word.to_lowercase());
                [mistake.name(), mistake.part(), mistake.rule(), mutant.guard.name()]
                    .iter()
                    .any(|text| text.to_lowercase().contains(&word))
            })
        };
        let (part, of) = self.share.unwrap_or((1, 1));
        // Neighbours in the table are alike: a share has some of every part.
        let mine = |(index, _): &(usize, &Mutant)| index % of == part - 1;
        TABLE.iter().filter(has).enumerate().filter(mine).map(|(_, mutant)| mutant).collect()
    }
}

/// Two lines: what is wrong and where, and what noticed.
fn said(mutant: &Mutant, came: &Caught) -> String {
    let (mistake, guard) = (mutant.mistake, &mutant.guard);
    let (word, by) = match came {
        Caught::By(what) => ("caught", what.clone()),
        Caught::Otherwise(what) => ("MISSED", format!("only something else noticed: {what}")),
        Caught::No => ("MISSED", "nothing noticed".to_owned()),
        Caught::Always(what) => ("MISSED", format!("the guard says so without the mistake too: {what}")),
    };
    format!(
        "{word} {} ({}): {} [{}]\n    by {} ({}): {by}\n",
        mistake.name(),
        mistake.part(),
        mistake.rule(),
        mistake.source(),
        guard.name(),
        guard.kind(),
    )
}
