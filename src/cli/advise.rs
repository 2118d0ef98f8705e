//! `advise`: which settings better a figure, what they cost, and what RocketMQ asks for them.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use clap::Args;

use super::advising::{Contest, Found};
use super::again::Again;
use super::cost::afford;
use super::files::Scenarios;
use super::format::Format;
use super::shards::Work;
use super::sweeping::sweep_all;
use super::telling::{Said, Telling};
use super::{Answer, Failure, Verdict, load, terminal};
use crate::report::advice::{self, Advice};
use crate::scenario::levers::trials;
use crate::scenario::{Limit, figure_of, known_or_near};
use crate::sweep::{Seeds, Worse, worse};

/// What was typed.
#[derive(Debug, Args)]
#[command(after_long_help = include_str!("help/advise.txt"))]
pub(super) struct Arguments {
    #[command(flatten)]
    scenarios: Scenarios,
    /// The figure that is to become less, such as `stalled.max`, `g1: lag.max` or `phase kill: duplicates`.
    #[arg(long, value_name = "FIGURE")]
    less: String,
    /// What may not become more than so much above what it is: `heartbeats=20%`, `duplicates=+5`, `stalled.max=2s`.
    #[arg(long, value_name = "FIGURE=BOUND")]
    not_more: Vec<String>,
    /// A value for every run, such as `--set duration=2m`.
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    /// Seeds of those that come to the end: a count, or a half-open range.
    #[arg(long, default_value = "12", value_name = "N|A..B")]
    seeds: Seeds,
    /// Threads; all processors unless told. The results do not depend on it.
    #[arg(long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
    /// Writes advice.txt and advice.json into this directory; of several scenarios each into a folder in it.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// What to print.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Begins even where it will take hours, or more than 3 GiB of memory.
    #[arg(long)]
    yes: bool,
}

impl Arguments {
    /// Tries, prints and writes.
    pub(super) fn execute(self) -> Answer {
        self.check_figure()?;
        let limits = self.not_more.iter().map(|text| Limit::not_more(text)).collect::<Result<Vec<_>, _>>();
        let limits = limits.map_err(Failure::bad_input)?;
        let telling = Telling {
            scenarios: &self.scenarios,
            format: self.format,
            out: self.out.as_deref(),
            again: self.again(Again::on_all("advise", &self.scenarios)),
            lost: "nothing is advised",
        };
        telling.tell(|file, stop| self.of_one(file, &limits, stop))
    }

    fn of_one(&self, file: &str, limits: &[Limit], stop: &AtomicBool) -> Result<Said, Failure> {
        let scenario = load::scenario(file, &self.set)?;
        let less = figure_of("--less", &self.less, &scenario.plan).map_err(Failure::bad_input)?;
        let limits = limits.iter().map(|limit| limit.of("--not-more", &scenario.plan)).collect::<Result<Vec<_>, _>>();
        let limits = limits.map_err(Failure::bad_input)?;
        let trials = trials(&less, &scenario.plan, &load::text(file)?);
        let threads = self.jobs.or(std::thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN);
        // Three seeds of each, as many again of the better half, and so on.
        let runs = self.seeds.count().saturating_add(trials.len() as u64 * 9);
        afford(&scenario.plan, false, (runs, threads.get() as u64), self.yes)?;
        let bar = terminal::progress_bar(self.seeds.count(), "runs");
        let base = sweep_all(&[&scenario], self.seeds, (&Work::Whole, threads), stop, || bar.inc(1))?
            .and_then(|mut all| all.pop());
        let Some(base) = base else {
            return Err(Failure::own("interrupted before the scenario was played as it is; nothing is advised"));
        };
        let contest = Contest {
            file,
            set: &self.set,
            figure: &less,
            limits: &limits,
            seeds: self.seeds,
            threads,
            stop,
            bar: &bar,
            plan: &scenario.plan,
            base: &base,
        };
        let found = if advice::is_zero(&less, &base) { Found::default() } else { contest.hold(&trials)? };
        bar.finish_and_clear();
        let advice = Advice {
            title: &scenario.title,
            file,
            figure: &less,
            seeds: self.seeds,
            set: &self.set,
            base: &base,
            tried: trials.len(),
            runs: found.runs,
            helped: &found.helped,
            fallen: &found.fallen,
            command: self.again(Again::on("advise", file)),
        };
        let (text, json) = (advice::text(&advice), advice::json(&advice));
        let written = [("advice.txt", &text), ("advice.json", &json)];
        let files = written.map(|(name, text)| (name.to_owned(), text.clone().into_bytes())).into();
        Ok(Said { text, json, files, verdict: Verdict::Held })
    }

    /// Refuses what is no figure, and one of which less is worse.
    fn check_figure(&self) -> Result<(), Failure> {
        let figure = self.less.as_str();
        if let Some((stem, digits)) = figure.rsplit_once(".p")
            && !digits.is_empty()
            && digits.bytes().all(|byte| byte.is_ascii_digit())
        {
            let said = format!("--less: the mean over the seeds is what is compared, and no quantile; write `{stem}`");
            return Err(Failure::bad_input(said));
        }
        known_or_near("--less", figure).map_err(Failure::bad_input)?;
        if worse(figure) == Worse::Lower {
            return Err(Failure::bad_input(format!(
                "--less: less of `{figure}` is worse; name a figure of which less is better"
            )));
        }
        Ok(())
    }

    /// The command that asks again.
    fn again(&self, again: Again) -> String {
        let again = again.option("less", &self.less).options("not-more", &self.not_more).options("set", &self.set);
        again.option("seeds", self.seeds).typed()
    }
}
