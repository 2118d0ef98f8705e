//! `explain`: why a finding came about, step by step.

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser as _};

use super::cost::afford;
use super::format::Format;
use super::{Answer, Failure, Verdict, load, signals, terminal};
use crate::explain::{Remedy, Story, Wanted, What, explain};
use crate::kernel::{Instant, Span};
use crate::model::Names;
use crate::model::observation::QueueIndex;
use crate::report::explained::{self, Explained};
use crate::report::shell_quoted;
use crate::run::{RunOptions, Unfinished, try_run};
use crate::scenario::Scenario;
use crate::wording::by_nearness;

/// What was typed.
#[derive(Debug, Args)]
#[command(after_long_help = include_str!("help/explain.txt"))]
pub(super) struct Arguments {
    /// The scenario.
    file: String,
    /// The seed.
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u64).range(..u64::MAX))]
    seed: u64,
    /// What is explained; the worst finding of the run unless told.
    #[arg(long, value_name = "WHAT", value_parser = kinds())]
    what: Option<What>,
    /// Of this queue, such as `orders/broker-a/3`.
    #[arg(long, value_name = "TOPIC/BROKER/QUEUE")]
    queue: Option<String>,
    /// At this moment of the run, such as `1m9.8s`.
    #[arg(long, value_name = "TIME")]
    at: Option<Span>,
    /// Another value for a key of the scenario, such as `--set duration=10m`.
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    /// What to print.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Begins even where it will take hours, or more than 3 GiB of memory.
    #[arg(long)]
    yes: bool,
}

/// The words of `--what`.
fn kinds() -> impl clap::builder::TypedValueParser<Value = What> {
    let of = |word: String| What::ALL.into_iter().find(|what| what.word() == word).expect("one of the words");
    PossibleValuesParser::new(What::ALL.map(What::word)).map(of)
}

impl Arguments {
    /// Plays the seed, and tells the story of one finding.
    pub(super) fn execute(self) -> Answer {
        let scenario = load::scenario(&self.file, &self.set)?;
        afford(&scenario.plan, false, (3, 1), self.yes)?;
        let end = Instant::ZERO + scenario.plan.duration;
        let at = self.at.map(|at| Instant::ZERO + at);
        if let Some(at) = at.filter(|at| *at > end) {
            let why = format!("--at {at} lies outside of the run, which ends at {end}");
            return Err(Failure::bad_input(why));
        }
        let stop = signals::interruptible("nothing is explained");
        let unfinished = |unfinished| match unfinished {
            Unfinished::Stopped => Failure::own("interrupted before the run was over; nothing is explained"),
            Unfinished::Circle(circle) => Failure::bad_input(circle),
        };
        let outcome = try_run(&scenario, self.seed, RunOptions::default(), &stop).map_err(unfinished)?;
        let queue = self.queue.as_deref().map(|queue| known_queue(queue, &outcome.names)).transpose()?;
        let wanted = Wanted { what: self.what, queue, at };
        match explain(&scenario, &outcome, &wanted, &stop).map_err(unfinished)? {
            Some(story) => self.deliver(&scenario, &story),
            None => self.nothing(),
        }
    }

    fn deliver(&self, scenario: &Scenario, story: &Story) -> Answer {
        let taken = |remedy: &&Remedy| {
            let sets: Vec<String> = self.set.iter().chain([&remedy.set]).cloned().collect();
            load::scenario(&self.file, &sets).is_ok()
        };
        let remedies: Vec<Remedy> = story.remedies.iter().filter(taken).cloned().collect();
        let told = Explained {
            title: &scenario.title,
            file: &self.file,
            overrides: &self.set,
            seed: self.seed,
            story,
            remedies: &remedies,
            command: self.command(),
        };
        terminal::print(&match self.format {
            Format::Text => explained::text(&told),
            Format::Json => explained::json(&told),
        })?;
        Ok(Verdict::Held)
    }

    /// There is nothing of what was asked for.
    fn nothing(&self) -> Answer {
        let what = self.what.map_or("finding that could be explained", What::plural);
        let queue = self.queue.as_ref().map_or_else(String::new, |queue| format!(" of {queue}"));
        let at = self.at.map_or_else(String::new, |at| format!(" at {at}"));
        let said = match self.format {
            Format::Text => format!("nothing to explain: seed {} has no {what}{queue}{at}\n", self.seed),
            Format::Json => "null\n".to_owned(),
        };
        terminal::print(&said)?;
        Ok(Verdict::Held)
    }

    /// The command that explains again.
    fn command(&self) -> String {
        let mut words = vec![format!("rebalance-sim explain {} --seed {}", shell_quoted(&self.file), self.seed)];
        let mut option = |name: &str, value: &str| words.push(format!("--{name} {}", shell_quoted(value)));
        if let Some(what) = self.what {
            option("what", what.word());
        }
        if let Some(queue) = &self.queue {
            option("queue", queue);
        }
        if let Some(at) = self.at {
            option("at", &at.to_string());
        }
        self.set.iter().for_each(|set| option("set", set));
        words.join(" ")
    }
}

/// The queue of this name.
fn known_queue(queue: &str, names: &Names) -> Result<QueueIndex, Failure> {
    let all: Vec<QueueIndex> = (0..names.queue_count()).map(QueueIndex::of).collect();
    let texts: Vec<String> = all.iter().map(|&queue| names.message_queue(queue).to_string()).collect();
    if let Some(found) = texts.iter().position(|text| text == queue) {
        return Ok(all[found]);
    }
    let mut near: Vec<&str> = texts.iter().map(String::as_str).collect();
    by_nearness(queue, &mut near);
    near.truncate(3);
    let near = near.iter().map(|text| format!("`{text}`")).collect::<Vec<_>>().join(", ");
    Err(Failure::bad_input(format!(
        "there is no queue `{queue}` in the run; write it as TOPIC/BROKER/QUEUE, as {near}"
    )))
}
