//! `import`: a scenario of a cluster of one's own, from what an operator has in hand.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::one_file::OneFile;
use super::{Answer, Failure, Verdict, inputs, terminal};
use crate::import::cluster::{Cluster, RemarkKind, Wanted, join, json};
use crate::import::{Evidence, scenario};
use crate::report::shell_quoted;
use crate::wording::counted;

/// What was typed.
#[derive(Debug, Args)]
#[command(after_long_help = include_str!("help/import.txt"))]
pub(super) struct Arguments {
    /// Outputs of mqadmin, files of brokers and clients, logs, configuration, manifests; folders of them; `-` for stdin.
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<String>,
    /// Writes the scenario into this file, and prints what it is; else the scenario is printed.
    #[arg(short = 'o', long = "out", value_name = "FILE")]
    out: Option<PathBuf>,
    /// Only this group; may be repeated. One is also the group of outputs that do not say theirs.
    #[arg(long, value_name = "NAME")]
    group: Vec<String>,
    /// Only this topic; may be repeated. One is also the topic of outputs that do not say theirs.
    #[arg(long, value_name = "NAME")]
    topic: Vec<String>,
    /// The broker of files that do not say theirs.
    #[arg(long, value_name = "NAME")]
    broker: Option<String>,
    /// What to write: a scenario, or the picture of the cluster with the places of every value.
    #[arg(long, value_enum, default_value_t = Format::Toml)]
    format: Format,
}

/// What is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A scenario.
    Toml,
    /// The picture.
    Json,
}

/// By what the first line of the file says who made it.
const MADE_BY: &str = "rebalance-sim import";
/// Lines of each kind that are said.
const MOST_SAID: usize = 40;

impl Arguments {
    /// Reads, joins and writes.
    pub(super) fn execute(self) -> Answer {
        let out = self.out.as_deref().map(|path| OneFile::open(path, "scenario", MADE_BY)).transpose()?;
        let inputs = inputs::read(&self.inputs)?;
        let evidence = crate::import::read(&inputs);
        say_what_was_read(&evidence);
        if evidence.facts.is_empty() {
            let named = self.inputs.join("`, `");
            return Err(Failure::bad_input(format!(
                "nothing in `{named}` is known; `rebalance-sim import --help` says what is read"
            )));
        }
        let wanted = Wanted { groups: self.group.clone(), topics: self.topic.clone(), broker: self.broker.clone() };
        let cluster = join(&evidence, &wanted);
        self.check_wanted(&cluster)?;
        if self.format == Format::Json {
            say_remarks(&cluster.remarks);
            let mut text = serde_json::to_string_pretty(&json(&cluster, &evidence)).map_err(Failure::own)?;
            text.push('\n');
            return self.deliver(&text, out.as_ref(), "the picture");
        }
        let written = scenario::write(&cluster, &evidence, MADE_BY).map_err(Failure::bad_input)?;
        say_remarks(&[&cluster.remarks[..], &written.remarks[..]].concat());
        let plan = &written.scenario.plan;
        let counts = [
            counted(plan.brokers.len() as u64, "broker"),
            counted(plan.topics.len() as u64, "topic"),
            counted(plan.groups.len() as u64, "group"),
            counted(plan.consumers.len() as u64, "consumer"),
        ];
        self.deliver(&written.text, out.as_ref(), &format!("{}, {}", written.scenario.title, counts.join(", ")))
    }

    /// What is asked for is there.
    fn check_wanted(&self, cluster: &Cluster) -> Result<(), Failure> {
        let missing = |what: &str, name: &String| {
            Err(Failure::bad_input(format!("no input says anything of the {what} `{name}`")))
        };
        if let Some(name) = self.group.iter().find(|name| !cluster.groups.contains_key(*name)) {
            return missing("group", name);
        }
        let named = |topic: &String| {
            let read = |group: &crate::import::cluster::Group| group.topics().contains(topic.as_str());
            cluster.topics.contains_key(topic) || cluster.groups.values().any(read)
        };
        match self.topic.iter().find(|topic| !named(topic)) {
            Some(name) => missing("topic", name),
            None => Ok(()),
        }
    }

    fn deliver(&self, text: &str, out: Option<&OneFile>, what: &str) -> Answer {
        let Some(file) = out else {
            terminal::print(text)?;
            return Ok(Verdict::Held);
        };
        file.put(text)?;
        let again = match self.format {
            Format::Toml => {
                let name = self.out.as_deref().unwrap_or_else(|| std::path::Path::new("FILE"));
                format!("  play it     rebalance-sim run {}\n", shell_quoted(&name.to_string_lossy()))
            }
            Format::Json => String::new(),
        };
        terminal::print(&format!("IMPORTED  {what}  ({file})\n{again}"))?;
        Ok(Verdict::Held)
    }
}

/// What each piece was taken for, and what was not understood.
pub(super) fn say_what_was_read(evidence: &Evidence) {
    say(evidence.recognised.iter().map(|piece| {
        let group = piece.call.as_ref().and_then(|call| call.group.as_ref());
        let of = group.map(|group| format!(" of {group}")).unwrap_or_default();
        format!("{}: {}{of}: {}", evidence.at(piece.place), piece.what, counted(piece.facts as u64, "fact"))
    }));
    say(evidence.notes.iter().map(|note| format!("{}: {}", evidence.at(note.place), note.what)));
}

/// What contradicts, what is left out, what is assumed and what would tell more.
fn say_remarks(remarks: &[crate::import::cluster::Remark]) {
    for kind in [RemarkKind::Conflict, RemarkKind::LeftOut, RemarkKind::Assumed, RemarkKind::Missing] {
        say(remarks.iter().filter(|remark| remark.kind == kind).map(|remark| remark.sentence.clone()));
    }
}

fn say(sentences: impl Iterator<Item = String>) {
    let mut more = 0;
    for (number, sentence) in sentences.enumerate() {
        if number < MOST_SAID {
            terminal::note(&sentence);
        } else {
            more += 1;
        }
    }
    if more > 0 {
        terminal::note(&format!("and {more} more like these"));
    }
}
