//! `vary`: a scenario at many values of one setting, or of two, over the same seeds.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use clap::{Args, ValueEnum};

use super::again::Again;
use super::cost::afford;
use super::files::Scenarios;
use super::format;
use super::paths::full_paths;
use super::shards::{ShardArguments, Work, digest};
use super::sweeping::sweep_all;
use super::telling::{Said, Telling};
use super::{Answer, Failure, Verdict, load, signals, terminal};
use crate::report::variation::{self, Point, Variation};
use crate::scenario::{Axis, Scenario, figure_of, known_or_near};
use crate::sweep::{SeedResult, Seeds};

/// The most points of a grid.
const MOST_POINTS: usize = 400;

/// What was typed.
#[derive(Debug, Args)]
#[command(after_long_help = include_str!("help/vary.txt"))]
pub(super) struct Arguments {
    #[command(flatten)]
    scenarios: Scenarios,
    /// Values of a path: `PATH=1s,5s,20s`, `PATH=4..=64*2` or `PATH=10..=50+10`; given twice, every pair of values.
    #[arg(long, value_name = "PATH=VALUES", required = true)]
    over: Vec<String>,
    /// A figure to show, such as `stalled.max`, `g1: lag.max` or `phase kill: duplicates`; may be given several times. Those that differ most often shown unless told.
    #[arg(long, value_name = "FIGURE")]
    figure: Vec<String>,
    /// A value for every point, such as `--set duration=2m`.
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    /// Seeds of each point: a count, or a half-open range.
    #[arg(long, default_value = "20", value_name = "N|A..B")]
    seeds: Seeds,
    /// Threads; all processors unless told. The results do not depend on it.
    #[arg(long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
    /// Writes variation.html, vary.csv, vary.json and a picture of each figure (SVG and PNG) into this directory; of
    /// several scenarios each into a folder in it.
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// What to print.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    pub(super) shards: ShardArguments,
    /// Begins even where it will take hours, or more than 3 GiB of memory.
    #[arg(long)]
    yes: bool,
}

/// How the grid is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
    /// For spreadsheets; the same as `vary.csv`, of one scenario.
    Csv,
}

/// A point before it is played: of each axis the position of its value, the values of `--set` that make it, and the scenario.
type Planned = (Vec<usize>, Vec<String>, Scenario);

impl Arguments {
    /// Plays every point of each scenario, prints and writes.
    pub(super) fn execute(self) -> Answer {
        let axes = self.axes()?;
        self.figure.iter().try_for_each(|figure| known_or_near("--figure", figure)).map_err(Failure::bad_input)?;
        if self.format == Format::Csv && self.scenarios.alone().is_none() {
            return Err(Failure::bad_input(
                "--format csv prints the table of one scenario; --out DIR writes one for each",
            ));
        }
        if self.shards.shard.is_some() {
            let Some(file) = self.scenarios.alone() else {
                return Err(Failure::bad_input("--shard deals the runs of one scenario; name one"));
            };
            let stop = signals::interruptible("the runs that have ended are kept, and the same command goes on");
            let (work, _, _) = self.played(file, &axes, &stop)?;
            return work.shared();
        }
        let telling = Telling {
            scenarios: &self.scenarios,
            format: if self.format == Format::Json { format::Format::Json } else { format::Format::Text },
            out: self.out.as_deref(),
            again: self.again(Again::on_all("vary", &self.scenarios)),
            lost: "nothing is shown",
        };
        telling.tell(|file, stop| self.of_one(file, &axes, stop))
    }

    fn of_one(&self, file: &str, axes: &[Axis], stop: &AtomicBool) -> Result<Said, Failure> {
        let plan = load::scenario(file, &self.set)?.plan;
        let asked = self.figure.iter().map(|figure| figure_of("--figure", figure, &plan));
        let asked = asked.collect::<Result<Vec<_>, _>>().map_err(Failure::bad_input)?;
        let (_, planned, results) = self.played(file, axes, stop)?;
        let Some(results) = results else {
            return Err(Failure::own("interrupted before every value was played; nothing is shown"));
        };
        let title = planned[0].2.title.clone();
        let points: Vec<Point> = (planned.into_iter().zip(results))
            .map(|((at, overrides, _), results)| Point { at, overrides, results })
            .collect();
        let varied = Variation {
            title: &title,
            file,
            seeds: self.seeds,
            axes,
            points: &points,
            asked: &asked,
            command: self.again(Again::on("vary", file)),
        };
        Ok(self.said(&varied))
    }

    /// Plays every point, or a share of their runs, or reads what came of them.
    #[expect(clippy::type_complexity, reason = "what is played, of what, and what came of it")]
    fn played(
        &self,
        file: &str,
        axes: &[Axis],
        stop: &AtomicBool,
    ) -> Result<(Work, Vec<Planned>, Option<Vec<Vec<SeedResult>>>), Failure> {
        let plan = load::scenario(file, &self.set)?.plan;
        let planned = self.planned(file, axes, plan.groups.len())?;
        let threads = self.jobs.or(std::thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN);
        let runs = self.seeds.count().saturating_mul(planned.len() as u64);
        for (_, _, scenario) in &planned {
            let yes = self.yes || self.shards.merged.is_some();
            afford(&scenario.plan, false, (runs, threads.get() as u64), yes)?;
        }
        let of = || digest(planned.iter().map(|(_, overrides, _)| (file, overrides.as_slice())));
        let work = self.shards.work(self.out.as_deref(), runs, of)?;
        let bar = terminal::progress_bar(runs, "runs");
        let scenarios: Vec<&Scenario> = planned.iter().map(|(_, _, scenario)| scenario).collect();
        let results = sweep_all(&scenarios, self.seeds, (&work, threads), stop, || bar.inc(1))?;
        bar.finish_and_clear();
        Ok((work, planned, results))
    }

    fn axes(&self) -> Result<Vec<Axis>, Failure> {
        let axes = self.over.iter().map(|text| Axis::parse(text)).collect::<Result<Vec<_>, _>>();
        let axes = axes.map_err(Failure::bad_input)?;
        if axes.len() > 2 {
            return Err(Failure::bad_input(format!(
                "--over is given {} times, and a picture has two axes; fix the others with --set",
                axes.len()
            )));
        }
        if axes.len() == 2 && axes[0].path == axes[1].path {
            return Err(Failure::bad_input(format!("--over: both axes are `{}`; give its values once", axes[0].path)));
        }
        let points: usize = axes.iter().map(|axis| axis.values.len()).product();
        if points > MOST_POINTS {
            let problem = format!("--over: this makes {points} points, and allowed are {MOST_POINTS}");
            return Err(Failure::bad_input(problem));
        }
        Ok(axes)
    }

    /// Every point with its values' positions and the overrides that make it; the second axis runs faster.
    fn planned(&self, file: &str, axes: &[Axis], groups: usize) -> Result<Vec<Planned>, Failure> {
        let mut grid: Vec<Vec<usize>> = vec![Vec::new()];
        for axis in axes {
            let longer = |at: &Vec<usize>| {
                let at = at.clone();
                (0..axis.values.len()).map(move |value| at.iter().copied().chain([value]).collect())
            };
            grid = grid.iter().flat_map(longer).collect();
        }
        let paths: Vec<Vec<String>> = axes.iter().map(|axis| full_paths(&axis.path, groups)).collect();
        let one = |at: Vec<usize>| {
            let set = |(number, &value): (usize, &usize)| {
                let value = &axes[number].values[value];
                paths[number].iter().map(move |path| format!("{path}={value}"))
            };
            let varied = at.iter().enumerate().flat_map(set);
            let overrides: Vec<String> = self.set.iter().cloned().chain(varied).collect();
            let scenario = load::scenario(file, &overrides)?;
            Ok((at, overrides, scenario))
        };
        grid.into_iter().map(one).collect()
    }

    fn said(&self, varied: &Variation<'_>) -> Said {
        let (sheet, json) = (variation::csv(varied), variation::json(varied));
        let text = match self.format {
            Format::Csv => String::from_utf8_lossy(&sheet).into_owned(),
            Format::Text | Format::Json => variation::text(varied),
        };
        let mut files = vec![("vary.csv".to_owned(), sheet), ("vary.json".to_owned(), json.clone().into_bytes())];
        // Pages and pictures take longer than text, and without a directory nobody sees them.
        if self.out.is_some() {
            let mut page = Vec::new();
            variation::page(varied, &mut page).expect("memory takes all");
            files.push(("variation.html".to_owned(), page));
            files.extend(variation::pictures(varied));
        }
        Said { text, json, files, verdict: Verdict::Held }
    }

    /// The command that does it again.
    fn again(&self, again: Again) -> String {
        let again = again.options("over", &self.over).options("figure", &self.figure).options("set", &self.set);
        again.option("seeds", self.seeds).typed()
    }
}
