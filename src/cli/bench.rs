//! `bench`: how fast the simulator is here, as a ratio to a bare heap measured in the same run.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fmt::Write;

use super::{Answer, Failure, Verdict, terminal};
use crate::kernel::Span;
use crate::run::{RunOptions, run};
use crate::scenario;

/// Measures events per second, pending events and peak memory for three sizes.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Sizes to measure: consumers, each with ten queues.
    #[arg(long, value_name = "CONSUMERS", value_delimiter = ',', default_values_t = [10, 100, 1000])]
    sizes: Vec<u32>,
    /// Measures instead what a long run holds in memory: 100 consumers, 1,000 queues, 10,000 messages a second, for an
    /// hour if no time is given; takes minutes.
    #[arg(long, value_name = "TIME", num_args = 0..=1, default_missing_value = "1h", value_parser = at_least_a_minute, conflicts_with = "sizes")]
    memory: Option<Span>,
}

/// A time that the story fits into.
fn at_least_a_minute(text: &str) -> Result<Span, String> {
    let span: Span = text.parse().map_err(|error| format!("{error}"))?;
    let allowed = Span::from_secs(60)..=Span::from_secs(86_400);
    if allowed.contains(&span) { Ok(span) } else { Err("allowed are 1m to 24h".to_owned()) }
}

/// The one clock of the program: it measures, and decides nothing.
#[expect(clippy::disallowed_types, reason = "bench measures real time; no run sees it")]
type Clock = std::time::Instant;

/// Events of the bare loop.
const BARE_EVENTS: u64 = 2_000_000;

impl Arguments {
    /// Runs each size once with seed 0 and prints one line for it.
    pub(super) fn execute(self) -> Answer {
        let mut text = String::new();
        line(
            &mut text,
            [
                "consumers",
                "queues",
                "messages/s",
                "lasts",
                "events",
                "events/s",
                "bare heap/s",
                "ratio",
                "pending",
                "peak MiB",
            ]
            .map(str::to_owned),
        );
        let sizes = match self.memory {
            Some(lasts) => vec![Size { consumers: 100, rate: 10_000, lasts }],
            None => self.sizes.into_iter().map(Size::of).collect::<Result<_, _>>()?,
        };
        for size in sizes {
            let scenario = scenario::parse("bench", &size.story(), &[], &|name| Err(format!("no environment {name}")))
                .map_err(Failure::own)?;
            let began = Clock::now();
            let outcome = run(&scenario, 0, RunOptions::default());
            let rate = per_second(outcome.events, began);
            let bare = bare_heap(outcome.peak_pending);
            line(
                &mut text,
                [
                    size.consumers.to_string(),
                    (size.consumers * 10).to_string(),
                    size.rate.to_string(),
                    size.lasts.to_string(),
                    outcome.events.to_string(),
                    rate.to_string(),
                    bare.to_string(),
                    format!("{:.3}", rate as f64 / bare as f64),
                    outcome.peak_pending.to_string(),
                    peak_memory_mib().map_or_else(|| "unknown".to_owned(), |mib| mib.to_string()),
                ],
            );
        }
        terminal::print(&text)?;
        Ok(Verdict::Held)
    }
}

/// One case: a group over ten times as many queues.
struct Size {
    consumers: u32,
    /// Messages a second.
    rate: u32,
    lasts: Span,
}

impl Size {
    /// The case of `--sizes`.
    fn of(consumers: u32) -> Result<Self, Failure> {
        if !(1..=5_000).contains(&consumers) {
            return Err(Failure::bad_input(format!("--sizes {consumers}: allowed are 1 to 5000 consumers")));
        }
        Ok(Self { consumers, rate: (consumers * 10).min(2_000), lasts: Span::from_secs(60) })
    }

    /// The group starts, works, and loses a tenth of its members.
    fn story(&self) -> String {
        let Self { consumers, rate, lasts } = self;
        let queues = (consumers * 10).div_ceil(4);
        let killed = (consumers / 10).max(1);
        let mut text = format!(
            "title = \"bench\"\nquestion = \"How fast?\"\nduration = \"{lasts}\"\nbrokers = [\"b1\", \"b2\", \"b3\", \"b4\"]\n\n[[topics]]\nname = \"T\"\nqueues = {queues}\n\n[[producers]]\ntopic = \"T\"\nrate = \"{rate}/s\"\n\n[[groups]]\nname = \"g\"\ntopics = [\"T\"]\ncount = {consumers}\n"
        );
        for consumer in 1..=killed {
            write!(text, "\n[[timeline]]\nat = \"40s\"\naction = \"kill\"\nconsumer = \"c{consumer}\"\n")
                .expect("a string takes every write");
        }
        text
    }
}

fn line(text: &mut String, cells: [String; 10]) {
    for cell in cells {
        write!(text, "{cell:>12}").expect("a string takes every write");
    }
    text.push('\n');
}

fn per_second(events: u64, began: Clock) -> u64 {
    (events as f64 / began.elapsed().as_secs_f64().max(1e-9)) as u64
}

/// Events a second of a loop that only pops the first of so many pending times and pushes it back later.
fn bare_heap(pending: usize) -> u64 {
    let mut state = 1u64;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % 1_000_000
    };
    let mut heap: BinaryHeap<Reverse<(u64, u64)>> =
        (0..pending.max(1) as u64).map(|number| Reverse((next(), number))).collect();
    let began = Clock::now();
    for number in 0..BARE_EVENTS {
        let Reverse((at, _)) = heap.pop().expect("the loop puts back what it takes");
        heap.push(Reverse((at + next(), number)));
    }
    per_second(BARE_EVENTS, began)
}

/// The most memory this process ever held, where the system tells (Linux).
fn peak_memory_mib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let kib = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().trim_end_matches("kB").trim();
    Some(kib.parse::<u64>().ok()? / 1024)
}
