//! `allocate`: who gets which queue, without any simulation.
//!
//! [`Arguments`] is what was typed, `input` makes questions of it, [`crate::allocation`] answers them, and `text`,
//! `csv` and `json` print the answers.

mod broadcasting;
mod csv;
mod input;
mod json;
mod queues;
mod settings;
mod story;
mod table;
mod text;
mod views;

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{Answer, Failure, Verdict, out, signals, terminal};
use crate::allocation::{self, Plan, PlanError};
use crate::report::{DirectoryError, Folder, allocation_pictures};
use crate::strategy::registry;

/// What was typed; in a box, for it is much more than with other commands.
pub(super) type Arguments = Box<Typed>;

/// What was typed.
#[derive(Debug, Clone, Args)]
#[command(after_help = after_help(), after_long_help = after_long_help())]
pub(super) struct Typed {
    #[command(flatten)]
    queues: QueueArguments,
    #[command(flatten)]
    members: MemberArguments,
    #[command(flatten)]
    strategy: StrategyArguments,
    #[command(flatten)]
    change: ChangeArguments,
    #[command(flatten)]
    views: views::ViewArguments,
    /// The group, queues, members and strategies of a scenario at its start; other options replace parts of it.
    #[arg(long, value_name = "FILE", help_heading = "Scenario")]
    scenario: Option<String>,
    /// Which group of the scenario, where it has several.
    #[arg(long, value_name = "NAME", requires = "scenario", help_heading = "Scenario")]
    group: Option<String>,
    /// How to print the answer.
    #[arg(long, value_enum, default_value_t = Format::Text, help_heading = "Output")]
    format: Format,
    /// Also writes summary.json, CSV files and pictures into this directory, whole or not at all.
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    out: Option<PathBuf>,
}

/// What stands under the options.
fn after_help() -> String {
    format!(
        "Strategies: {}; MACHINE_ROOM_NEARBY- stands before any other.\n\nExit codes: 0 every queue has exactly one \
         owner (after the change, if there is one), 1 some queue has none or two, or a strategy threw, 2 bad input, \
         3 a failure of our own.",
        registry::names().join(", ")
    )
}

/// The same with examples, and what is read from where.
fn after_long_help() -> String {
    format!("{}\n{}", include_str!("../help/allocate.txt"), after_help())
}

/// Which queues there are.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Queues")]
struct QueueArguments {
    /// A topic, or a topic with its own number of queues; may be repeated. With --queues-file: only these topics.
    #[arg(long, value_name = "NAME[=QUEUES]")]
    topic: Vec<String>,
    /// The brokers that have the topics.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    brokers: Vec<String>,
    /// Read queues of a topic on each broker (readQueueNums).
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    queues: Option<u32>,
    /// A file of queues, `-` for stdin: lines `topic/broker/queueId`, or columns as mqadmin's consumerProgress prints
    /// them (topic, broker, queueId, ...) or its topicStatus (broker, queueId, ...; needs one --topic).
    #[arg(long, value_name = "FILE", conflicts_with_all = ["brokers", "queues"])]
    queues_file: Option<String>,
}

/// Who is in the group.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Members")]
struct MemberArguments {
    /// Client ids; the same one twice is two processes that share it.
    #[arg(long, value_name = "IDS", value_delimiter = ',', conflicts_with_all = ["count", "consumers_file"])]
    consumers: Vec<String>,
    /// So many members with ids by the pattern.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    count: Option<u32>,
    // clap takes a {n} in a help text for a line break, but not in the name of a value.
    /// How ids look, this unless told: the member's number from 1 stands for n in braces (with zeros for n:03), and 1,
    /// as in a container, for pid.
    #[arg(long, value_name = "10.0.0.{n}@{pid}")]
    id_pattern: Option<String>,
    /// A file of client ids, one a line, `-` for stdin; mqadmin's consumerConnection can be piped in as it is.
    #[arg(long, value_name = "FILE", conflicts_with = "count")]
    consumers_file: Option<String>,
}

/// Which strategy decides, and with which settings.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Strategy")]
struct StrategyArguments {
    /// The strategy by RocketMQ's name [default: AVG, or the scenario's].
    #[arg(long, value_name = "NAME")]
    strategy: Option<String>,
    /// Several strategies side by side, in one table.
    #[arg(long, value_name = "NAMES", value_delimiter = ',', conflicts_with = "strategy")]
    compare: Vec<String>,
    /// CONSISTENT_HASH, BOUNDED_LOAD_HASH: virtual nodes of each member.
    #[arg(long, value_name = "N", default_value_t = 10, allow_negative_numbers = true)]
    virtual_nodes: i32,
    /// BOUNDED_LOAD_HASH: the most a member may have, in percent of the mean.
    #[arg(long, value_name = "PERCENT", default_value_t = 125)]
    load_bound: u32,
    /// MACHINE_ROOM: the rooms whose brokers are consumed (consumeridcs).
    #[arg(long, value_name = "ROOMS", value_delimiter = ',')]
    consumer_rooms: Option<Vec<String>>,
    /// MACHINE_ROOM: behaves as before the fix of apache/rocketmq#2478.
    #[arg(long)]
    before_2478: bool,
    /// MACHINE_ROOM_NEARBY: how a room is read off the name of a broker or client.
    #[arg(long, value_enum, default_value_t = RoomPrefix::BeforeDash, conflicts_with = "rooms")]
    room_rule: RoomPrefix,
    /// MACHINE_ROOM_NEARBY: rooms by broker name and by client id (or its address, what stands before the @).
    #[arg(long, value_name = "NAME=ROOM", value_delimiter = ',')]
    rooms: Vec<String>,
    /// CONFIG: the list that every member gets, a file as for --queues-file.
    #[arg(long, value_name = "FILE")]
    config_file: Option<String>,
}

/// What becomes of the members.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "A change")]
struct ChangeArguments {
    /// Members that come: a number, for ids that continue the pattern, or the ids.
    #[arg(long, value_name = "N|IDS")]
    add: Option<String>,
    /// Members that go, by client id.
    #[arg(long, value_name = "IDS", value_delimiter = ',')]
    remove: Vec<String>,
    /// So many members in the end: further ones continue the pattern, or the last ones go.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000), conflicts_with_all = ["add", "remove"])]
    replicas: Option<u32>,
}

/// What stands before a mark in a name is the room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum RoomPrefix {
    /// What stands before the first `-`.
    #[value(name = "prefix_before_first_dash", alias = "before-dash")]
    BeforeDash,
    /// What stands before the first `@`.
    #[value(name = "prefix_before_first_at", alias = "before-at")]
    BeforeAt,
}

/// How the answer is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// A row a queue, or with --compare a row a strategy.
    Csv,
    /// For programs; the same as `summary.json`.
    Json,
}

impl Typed {
    /// Answers, prints and writes.
    pub(super) fn execute(self) -> Answer {
        let input = input::read(&self)?;
        if input.broadcasting {
            return self.broadcasting(&input);
        }
        let out = out::open(self.out.as_deref())?;
        let plan = |strategy: &String| {
            let question = allocation::Question { strategy: strategy.clone(), ..input.question.clone() };
            allocation::plan(question, input.change.as_ref()).map_err(|error: PlanError| Failure::bad_input(error))
        };
        let plans = input.strategies.iter().map(plan).collect::<Result<Vec<Plan>, Failure>>()?;
        let said = match self.format {
            Format::Text => text::answer(&plans),
            Format::Csv if plans.len() > 1 => csv::comparison(&plans),
            Format::Csv => csv::queues(&plans),
            Format::Json => json::answer(&plans),
        };
        out::deliver(|| terminal::print(&said), out, |folder| write(&plans, folder))?;
        let sound = plans.iter().all(|plan| plan.outcome().1.is_sound());
        Ok(if sound { Verdict::Held } else { Verdict::Violated })
    }
}

/// The files of `--out`.
fn write(plans: &[Plan], folder: &Folder<'_>) -> Result<(), DirectoryError> {
    let stop = signals::interruptible("what was begun of the report is left on the disk");
    let mut files = vec![
        ("summary.json", json::answer(plans).into_bytes()),
        ("queues.csv", csv::queues(plans).into_bytes()),
        ("members.csv", csv::members(plans).into_bytes()),
        ("comparison.csv", csv::comparison(plans).into_bytes()),
    ];
    files.extend(allocation_pictures(plans));
    out::files(folder, files.iter().map(|(name, bytes)| (*name, bytes.as_slice())), &stop)
}
