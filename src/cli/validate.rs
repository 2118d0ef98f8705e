//! `rebalance-sim validate`: recordings of a real cluster against what the model predicts.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::bounded::{self, Sort};
use super::{Answer, Failure, Verdict, load, out, signals, terminal};
use crate::fidelity::{Machine, Story, Totals, Unplayed, calibrate, play, predict_stories, typical};
use crate::report::fidelity::{self, Validation};
use crate::scenario::environments::built_in;
use crate::sweep::Seeds;
use crate::trace::{self, Trace};

/// The environment of the public recordings: what is measured against unless told otherwise.
const OF_THE_RECORDINGS: &str = "two-core-jvm";
/// The least coverage and the least share of owner maps that hold, in percent.
const LEAST_PERCENT: f64 = 95.0;

/// What was typed.
#[derive(Debug, Args)]
#[command(after_long_help = include_str!("help/validate.txt"))]
pub(super) struct Arguments {
    /// Recordings, `.jsonl` or `.jsonl.gz`; those of one story belong together.
    #[arg(required = true, value_name = "TRACE")]
    files: Vec<PathBuf>,
    /// Seeds of the prediction: a count, or a half-open range.
    #[arg(long, value_name = "N|A..B", default_value = "200")]
    seeds: Seeds,
    /// Threads; all processors unless told. The results do not depend on it.
    #[arg(long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
    /// The environment of the machines that were recorded, a file or a built-in one; two-core-jvm unless told.
    #[arg(long, value_name = "FILE|NAME")]
    environment: Option<PathBuf>,
    /// Estimates the environment of each story from the recordings of the others, as `calibrate` does.
    #[arg(long)]
    leave_one_out: bool,
    /// What to print.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Writes measures.csv, summary.json, summary.txt and pictures into this directory, whole or not at all.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Prints the scenario of the one recording, and plays nothing.
    #[arg(long)]
    print_scenario: bool,
    /// Prints the one recording as a seed predicts it, in the same format.
    #[arg(long, value_name = "SEED", conflicts_with = "print_scenario")]
    print_trace: Option<u64>,
}

/// How the result is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For programs; the same as `summary.json`.
    Json,
}

impl Arguments {
    /// Predicts, compares, prints and writes.
    pub(super) fn execute(self) -> Answer {
        let traces = self.files.iter().map(|file| read(file)).collect::<Result<Vec<Trace>, _>>()?;
        let environment = environment(self.environment.as_deref())?;
        if self.print_scenario {
            let [trace] = traces.as_slice() else {
                return Err(Failure::bad_input(format!("--print-scenario prints one scenario, not {}", traces.len())));
            };
            let story = Story::of(trace, &environment).map_err(Failure::bad_input)?;
            return terminal::print(&story.text).map(|()| Verdict::Held);
        }
        if let Some(seed) = self.print_trace {
            let [trace] = traces.as_slice() else {
                return Err(Failure::bad_input(format!("--print-trace prints one recording, not {}", traces.len())));
            };
            let story = Story::of(trace, &environment).map_err(Failure::bad_input)?;
            return terminal::print(&play(trace, &story, seed).to_text()).map(|()| Verdict::Held);
        }
        let out = out::open(self.out.as_deref())?;
        if (traces.len() as u64).checked_mul(self.seeds.count()).is_none_or(|runs| runs == u64::MAX) {
            return Err(Failure::bad_input(format!("--seeds {}: that many seeds cannot be counted", self.seeds)));
        }
        let stop = signals::interruptible("what is done so far is thrown away");
        let jobs = self.jobs.or(std::thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN);
        let all = traces.clone();
        let of_trace = |trace: &Trace| {
            if !self.leave_one_out {
                return environment.clone();
            }
            calibrate(all.iter().filter(|other| says_of(other, trace)), &environment)
        };
        let (traces, stories, unplayed) = playable(traces, &of_trace)?;
        let bar = terminal::progress_bar(traces.len() as u64 * self.seeds.count(), "runs");
        let compared = predict_stories(&traces, &stories, self.seeds, jobs, &stop, || bar.inc(1));
        bar.finish_and_clear();
        let compared = compared.map_err(Failure::own)?;
        let totals = Totals::of(&compared);
        let held = totals.coverage() >= LEAST_PERCENT && totals.owner_maps() >= LEAST_PERCENT;
        let typical = typical(&traces, &stories, &compared, self.seeds);
        let validation = Validation {
            traces: &traces,
            compared: &compared,
            typical: &typical,
            unplayed: &unplayed,
            totals: &totals,
            seeds: self.seeds,
            held,
        };
        let (json, text) = (fidelity::json(&validation), fidelity::text(&validation));
        let said = if self.format == Format::Text { &text } else { &json };
        out::deliver(
            || terminal::print(said),
            out,
            |out| {
                let measures = fidelity::measures(&compared, self.seeds);
                let pictures = fidelity::pictures(&traces, &typical, &compared);
                let tables =
                    [("measures.csv", &*measures), ("summary.json", json.as_bytes()), ("summary.txt", text.as_bytes())];
                let pictures = pictures.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
                out::files(out, tables.into_iter().chain(pictures), &stop)
            },
        )?;
        Ok(if held { Verdict::Held } else { Verdict::Violated })
    }
}

/// Whether the environment of one recording is estimated from another: of another story, and of a machine alike.
fn says_of(other: &Trace, trace: &Trace) -> bool {
    other.header.name != trace.header.name && Machine::of(&other.header) == Machine::of(&trace.header)
}

/// The recordings of which a scenario can be made, each with it, and the others.
type Playable = (Vec<Trace>, Vec<Story>, Vec<Unplayed>);

/// Tells them apart.
fn playable(traces: Vec<Trace>, environment: &impl Fn(&Trace) -> String) -> Result<Playable, Failure> {
    let (mut played, mut stories, mut unplayed) = (Vec::new(), Vec::new(), Vec::new());
    for trace in traces {
        match Story::of(&trace, &environment(&trace)) {
            Ok(story) => {
                played.push(trace);
                stories.push(story);
            }
            Err(why) => unplayed.push(Unplayed::of(&trace, why)),
        }
    }
    match unplayed.first() {
        Some(one) if played.is_empty() => Err(Failure::bad_input(&one.why)),
        _ => Ok((played, stories, unplayed)),
    }
}

/// The text of an environment; that of the public recordings where none is named.
pub(super) fn environment(file: Option<&Path>) -> Result<String, Failure> {
    let of_the_recordings = || built_in(OF_THE_RECORDINGS).expect("it is built in").to_owned();
    file.map_or_else(|| Ok(of_the_recordings()), load::environment_of)
}

/// Reads one recording, packed or plain.
pub(super) fn read(path: &Path) -> Result<Trace, Failure> {
    let file = path.display().to_string();
    let bad = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::InvalidData => Failure::bad_input(format!("`{file}` is not text in UTF-8")),
        _ => Failure::bad_input(format!("cannot read `{file}`: {error}")),
    };
    let bytes = bounded::bytes(path, Sort::Recording).map_err(bad)?;
    let text = bounded::unpacked(bytes, Sort::Recording).map_err(bad)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    trace::read(&file, name.strip_suffix(".jsonl").unwrap_or(name), &text).map_err(Failure::bad_input)
}
