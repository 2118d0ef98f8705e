//! `compare`: variants of a scenario, or several scenarios, over the same seeds.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use clap::Args;

use super::again::Again;
use super::cost::afford;
use super::files::Scenarios;
use super::format::Format;
use super::shards::{ShardArguments, Work, digest};
use super::sweeping::sweep;
use super::telling::{Said, Telling};
use super::{Answer, Failure, Verdict, load, signals, terminal};
use crate::report::Extent;
use crate::report::comparison::{self, Comparison, Variant};
use crate::scenario::levers::written_groups;
use crate::scenario::{Limit, Scenario};
use crate::sweep::{Finished, SeedResult, Seeds};

/// What was typed.
#[derive(Debug, Args)]
#[command(after_long_help = include_str!("help/compare.txt"))]
pub(super) struct Arguments {
    #[command(flatten)]
    scenarios: Scenarios,
    /// A variant: `PATH=VALUE`, several with `;` between them, a name and `:` before them if it is to have one.
    #[arg(long, value_name = "[NAME:]PATH=VALUE[;...]")]
    set: Vec<String>,
    /// Variants by strategy of all groups, the first is the base: `AVG,AVG_BY_CIRCLE`.
    #[arg(long, value_name = "X,Y", value_delimiter = ',', conflicts_with = "set")]
    strategy: Vec<String>,
    /// A value for all variants, the base too, such as `--with duration=2m`.
    #[arg(long, value_name = "PATH=VALUE")]
    with: Vec<String>,
    /// Seeds: a count, or a half-open range.
    #[arg(long, default_value = "40", value_name = "N|A..B")]
    seeds: Seeds,
    /// Threads; all processors unless told. The results do not depend on it.
    #[arg(long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
    /// Exit code 1 where a variant does this to a figure of the base: `duplicates.p99 > +10%`.
    #[arg(long, value_name = "FIGURE > +BOUND")]
    fail_if: Vec<String>,
    /// Writes comparison.html, comparison.csv, pairs.csv and comparison.json into this directory; of several
    /// scenarios with variants of their own each into a folder in it.
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// What to print.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Tells every figure, those that cannot be told apart too.
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    pub(super) shards: ShardArguments,
    /// Begins even where it will take hours, or more than 3 GiB of memory.
    #[arg(long)]
    yes: bool,
}

/// A variant before it is played.
struct Planned {
    name: String,
    file: String,
    overrides: Vec<String>,
    scenario: Scenario,
}

impl Arguments {
    /// Plays all variants; violated where one does what `--fail-if` says.
    pub(super) fn execute(self) -> Answer {
        let limits = self.fail_if.iter().map(|text| Limit::parse(text)).collect::<Result<Vec<_>, _>>();
        let limits = limits.map_err(Failure::bad_input)?;
        let telling = Telling {
            scenarios: &self.scenarios,
            format: self.format,
            out: self.out.as_deref(),
            again: self.again(Again::on_all("compare", &self.scenarios)),
            lost: "nothing is compared",
        };
        let files = &self.scenarios.files;
        if self.shards.shard.is_some() {
            return self.share();
        }
        if self.has_variants() || self.scenarios.alone().is_some() {
            return telling.tell(|file, stop| {
                self.compared(self.variants_of(file)?, &limits, self.again(Again::on("compare", file)), stop)
            });
        }
        if self.scenarios.are_looked_up() {
            return Err(Failure::bad_input(
                "the scenarios of a folder are no variants of one another; give --set or --strategy to compare each with \
                 variants of its own, or name the files that are to be compared",
            ));
        }
        refuse_twice(files.iter().map(String::as_str), "a scenario is as good as itself")?;
        telling.tell_once(|stop| self.compared(self.files_planned()?, &limits, telling.again.clone(), stop))
    }

    /// Files that are variants of one another.
    fn files_planned(&self) -> Result<Vec<Planned>, Failure> {
        self.scenarios.files.iter().map(|file| self.planned(file, file.clone(), Vec::new())).collect()
    }

    /// Plays a share of the runs of one comparison, and tells nothing of them.
    fn share(&self) -> Answer {
        let planned = match self.scenarios.alone() {
            Some(file) => self.variants_of(file)?,
            None if self.has_variants() || self.scenarios.are_looked_up() => {
                return Err(Failure::bad_input(
                    "--shard deals the runs of one comparison; name one scenario, or files that are compared",
                ));
            }
            None => self.files_planned()?,
        };
        let stop = signals::interruptible("the runs that have ended are kept, and the same command goes on");
        let (work, _) = self.played(&planned, &stop)?;
        work.shared()
    }

    /// Plays all variants, or a share of their runs, or reads what came of them.
    fn played(&self, planned: &[Planned], stop: &AtomicBool) -> Result<(Work, Vec<Finished<SeedResult>>), Failure> {
        let runs = self.seeds.count().saturating_mul(planned.len() as u64);
        let threads = self.jobs.or(std::thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN);
        for variant in planned {
            let yes = self.yes || self.shards.merged.is_some();
            afford(&variant.scenario.plan, false, (runs, threads.get() as u64), yes)?;
        }
        let of = || digest(planned.iter().map(|variant| (variant.file.as_str(), variant.overrides.as_slice())));
        let work = self.shards.work(self.out.as_deref(), runs, of)?;
        let bar = terminal::progress_bar(runs, "runs");
        let each = (planned.iter().zip(0..)).map(|(variant, number)| {
            let first = self.seeds.count() * number;
            sweep(&variant.scenario, (self.seeds, first), (&work, threads), false, stop, || bar.inc(1))
        });
        let all = each.collect::<Result<_, _>>()?;
        bar.finish_and_clear();
        Ok((work, all))
    }

    /// Whether there are variants of each file; else several files are those of one another.
    fn has_variants(&self) -> bool {
        !(self.set.is_empty() && self.strategy.is_empty())
    }

    /// Plays variants over the same seeds, and says what differs.
    fn compared(
        &self,
        planned: Vec<Planned>,
        limits: &[Limit],
        command: String,
        stop: &AtomicBool,
    ) -> Result<Said, Failure> {
        let limits = limits.iter().map(|limit| limit.of("--fail-if", &planned[0].scenario.plan));
        let limits = limits.collect::<Result<Vec<_>, _>>().map_err(Failure::bad_input)?;
        let (_, all) = self.played(&planned, stop)?;
        let mut variants = Vec::new();
        for (Planned { name, file, overrides, .. }, finished) in planned.iter().zip(all) {
            if !finished.complete {
                return Err(Failure::own("interrupted before every variant was played; nothing is compared"));
            }
            let results: Vec<SeedResult> = finished.results;
            variants.push(Variant { name: name.clone(), file: file.clone(), overrides: overrides.clone(), results });
        }
        Ok(said(&Comparison {
            title: &planned[0].scenario.title,
            seeds: self.seeds,
            variants: &variants,
            limits: &limits,
            command,
            extent: if self.all { Extent::All } else { Extent::Brief },
        }))
    }

    /// A variant of a file.
    fn planned(&self, file: &str, name: String, overrides: Vec<String>) -> Result<Planned, Failure> {
        let overrides: Vec<String> = self.with.iter().cloned().chain(overrides).collect();
        let scenario = load::scenario(file, &overrides)?;
        Ok(Planned { name, file: file.to_owned(), overrides, scenario })
    }

    /// The variants of one file, the base first.
    fn variants_of(&self, file: &str) -> Result<Vec<Planned>, Failure> {
        let planned: Vec<Planned> = if self.strategy.is_empty() {
            let written = self.planned(file, "as written".to_owned(), Vec::new());
            let sets = self.set.iter().map(|text| named(text));
            let sets = sets.map(|(name, overrides)| self.planned(file, name, overrides));
            std::iter::once(written).chain(sets).collect::<Result<_, _>>()?
        } else {
            let groups = written_groups(&load::text(file)?);
            let of = |strategy: &String| {
                let set = |at: usize| format!("groups.{at}.allocateMessageQueueStrategy={strategy}");
                self.planned(file, strategy.clone(), (0..groups).map(set).collect())
            };
            self.strategy.iter().map(of).collect::<Result<_, _>>()?
        };
        refuse_twice(
            planned.iter().map(|variant| variant.name.as_str()),
            "give each --set a name of its own, as in 'NAME: PATH=VALUE'",
        )?;
        if planned.len() < 2 {
            return Err(Failure::bad_input(
                "there is nothing to compare with; give --set PATH=VALUE for a variant, --strategy X,Y, or a second file",
            ));
        }
        Ok(planned)
    }

    /// The command that compares again.
    fn again(&self, again: Again) -> String {
        let strategy = (!self.strategy.is_empty()).then(|| self.strategy.join(","));
        let again = again.options("with", &self.with).options("set", &self.set).options("strategy", strategy);
        again.option("seeds", self.seeds).options("fail-if", &self.fail_if).typed()
    }
}

/// A comparison as it is printed and written.
fn said(compared: &Comparison<'_>) -> Said {
    let sheet = |write: fn(&Comparison<'_>, &mut dyn std::io::Write) -> std::io::Result<()>| {
        let mut bytes = Vec::new();
        write(compared, &mut bytes).expect("memory takes all");
        bytes
    };
    let (text, json) = (comparison::text(compared), comparison::json(compared));
    let files = [
        ("comparison.html", sheet(comparison::page)),
        ("comparison.csv", sheet(comparison::by_figure)),
        ("pairs.csv", sheet(comparison::by_seed)),
        ("comparison.json", json.clone().into_bytes()),
    ];
    let files = files.map(|(name, bytes)| (name.to_owned(), bytes)).into();
    Said { text, json, files, verdict: if compared.violated() { Verdict::Violated } else { Verdict::Held } }
}

/// Two variants of one name cannot be told from each other.
fn refuse_twice<'a>(names: impl Iterator<Item = &'a str>, advice: &str) -> Result<(), Failure> {
    let mut seen = std::collections::BTreeSet::new();
    for name in names {
        if !seen.insert(name) {
            return Err(Failure::bad_input(format!("two variants are named `{name}`; {advice}")));
        }
    }
    Ok(())
}

/// The name of a variant and the values that make it.
fn named(text: &str) -> (String, Vec<String>) {
    let split = text.split_once(':').filter(|(name, _)| !name.contains('='));
    let (name, sets) = split.map_or((text, text), |(name, sets)| (name.trim(), sets));
    (name.to_owned(), sets.split(';').map(|set| set.trim().to_owned()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variant_may_have_a_name_and_several_values() {
        let table = [
            ("a.b=1s", ("a.b=1s", vec!["a.b=1s"])),
            ("quick: a=1; b=2", ("quick", vec!["a=1", "b=2"])),
            ("timeline.0.at=12:30", ("timeline.0.at=12:30", vec!["timeline.0.at=12:30"])),
        ];
        for (text, (name, sets)) in table {
            assert_eq!(named(text), (name.to_owned(), sets.into_iter().map(str::to_owned).collect()));
        }
    }
}
