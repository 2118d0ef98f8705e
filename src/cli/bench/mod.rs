//! `bench`: how fast the simulator is here, workload by workload, each beside a bare heap measured in the same run.
//!
//! ```text
//!   Workload --> played on one core --> seconds, events, messages, peak memory
//!                                          |
//!   bare heap at as many pending times, three pops a message --> the ratio that machines can be compared by
//! ```
//! Three pops a message are what it takes if a message is sent, handed over and asked for: fewer events pay, and more do
//! not.

mod gauge;
mod workloads;

use serde::Serialize;
use strum::VariantArray;

use self::gauge::{bare_heap, forget_peak_memory, peak_memory_mib, timed};
use self::workloads::{Work, Workload};
use super::format::Format;
use super::{Answer, Failure, Verdict, terminal};
use crate::fuzz;
use crate::model::plan::{Arrivals, Plan};
use crate::run::{RunOptions, run};
use crate::scenario;
use crate::wording::instead;

/// Measures how long named workloads take, and what they hold in memory, beside a bare heap.
#[derive(Debug, clap::Args)]
#[command(after_long_help = include_str!("../help/bench.txt"))]
pub(super) struct Arguments {
    /// Only these; all of them take minutes.
    #[arg(long, value_name = "WORKLOAD", value_delimiter = ',', value_parser = named)]
    only: Vec<Workload>,
    /// Lists the workloads and measures nothing.
    #[arg(long, conflicts_with = "only")]
    list: bool,
    /// What to print.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// The workload of a name.
fn named(text: &str) -> Result<Workload, String> {
    let known = || instead(text, Workload::VARIANTS.iter().map(|workload| workload.name()));
    let found = Workload::VARIANTS.iter().find(|workload| workload.name() == text);
    found.copied().ok_or_else(known)
}

/// What came of a workload.
#[derive(Debug, Serialize)]
struct Row {
    workload: &'static str,
    seconds: f64,
    events: u64,
    messages: u64,
    /// What the bare heap needs for three pops a message.
    reference_seconds: f64,
    /// Reference over ours.
    ratio: f64,
    /// The most events that waited at once.
    pending: usize,
    peak_mib: Option<u64>,
}

/// What a workload did, whatever time it took.
#[derive(Debug, Clone, Copy, Default)]
struct Done {
    events: u64,
    messages: u64,
    pending: usize,
}

impl Arguments {
    /// Plays each workload and prints one line for it.
    pub(super) fn execute(self) -> Answer {
        if self.list {
            let lines = Workload::VARIANTS.iter().map(|one| format!("{:<24}{}\n", one.name(), one.sentence()));
            terminal::print(&lines.collect::<String>())?;
            return Ok(Verdict::Held);
        }
        let chosen = if self.only.is_empty() { Workload::VARIANTS.to_vec() } else { self.only };
        let mut rows = Vec::new();
        for workload in chosen {
            terminal::note(&format!("{}: {}", workload.name(), workload.sentence()));
            rows.push(measure(workload)?);
        }
        let text = match self.format {
            Format::Text => table(&rows),
            Format::Json => format!("{}\n", serde_json::to_string_pretty(&rows).map_err(Failure::own)?),
        };
        terminal::print(&text)?;
        Ok(Verdict::Held)
    }
}

fn measure(workload: Workload) -> Result<Row, Failure> {
    forget_peak_memory();
    let (seconds, done) = match workload.work() {
        Work::Scenario(text, seeds) => {
            let scenario = scenario::parse("bench", &text, &[], &|name| Err(format!("no environment {name}")))
                .map_err(Failure::own)?;
            timed(|| {
                (0..seeds).fold(Done::default(), |done, seed| {
                    let outcome = run(&scenario, seed, RunOptions::default());
                    done.and(outcome.events, messages_of(&scenario.plan), outcome.peak_pending)
                })
            })
        }
        Work::RandomClusters(seeds) => timed(|| {
            (0..seeds).fold(Done::default(), |done, seed| {
                let examined = fuzz::examine(seed, None);
                done.and(examined.events, examined.delivered - examined.duplicates, 0)
            })
        }),
    };
    let peak_mib = peak_memory_mib();
    // Random clusters have a few hundred pending events each, and do not say how many.
    let reference_seconds = 3.0 * done.messages as f64 * bare_heap(done.pending.max(200));
    let Done { events, messages, pending } = done;
    let ratio = reference_seconds / seconds;
    Ok(Row { workload: workload.name(), seconds, events, messages, reference_seconds, ratio, pending, peak_mib })
}

impl Done {
    fn and(self, events: u64, messages: u64, pending: usize) -> Self {
        Self { events: self.events + events, messages: self.messages + messages, pending: self.pending.max(pending) }
    }
}

/// How many messages the producers of a plan send.
fn messages_of(plan: &Plan) -> u64 {
    let sent = |producer: &crate::model::plan::ProducerPlan| {
        let end = crate::kernel::Instant::ZERO + plan.duration;
        let lasts = producer.until.unwrap_or(end).min(end).since(producer.from).as_nanos();
        match &producer.arrivals {
            Arrivals::Constant { interval } | Arrivals::Poisson { interval } => lasts / interval.as_nanos().max(1),
            Arrivals::Bursty { burst, every } => u64::from(*burst) * (lasts / every.as_nanos().max(1)),
            Arrivals::Recorded(messages) => messages.len() as u64,
        }
    };
    plan.producers.iter().map(sent).sum()
}

fn table(rows: &[Row]) -> String {
    let head = ["seconds", "events", "messages", "events/s", "reference s", "ratio", "pending", "peak MiB"];
    let line = |name: &str, cells: [String; 8]| {
        let cells: String = cells.iter().map(|cell| format!("{cell:>13}")).collect();
        format!("{name:<24}{cells}\n")
    };
    let mut text = line("workload", head.map(str::to_owned));
    for row in rows {
        let cells = [
            format!("{:.2}", row.seconds),
            row.events.to_string(),
            row.messages.to_string(),
            format!("{:.0}", row.events as f64 / row.seconds),
            format!("{:.2}", row.reference_seconds),
            format!("{:.3}", row.ratio),
            row.pending.to_string(),
            row.peak_mib.map_or_else(|| "unknown".to_owned(), |mib| mib.to_string()),
        ];
        text.push_str(&line(row.workload, cells));
    }
    text
}
