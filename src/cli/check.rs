//! `check FILE...`: reads scenarios and says what is wrong with them, and plays nothing.

use std::fmt::Write;

use regex_lite::Regex;

use super::{Answer, Failure, Verdict, files, load, terminal};
use crate::lint::{LINTS, Warning, warnings};
use crate::model::plan::Plan;
use crate::report::printable_line;
use crate::scenario::{ConfFate, ConfLine, Origin};
use crate::wording::{counted, instead};

/// Reads scenario files and reports the first error of each, and what RocketMQ accepts but users regret: a warning
/// with a code, the place and the advice.
#[derive(Debug, clap::Args)]
#[command(after_long_help = include_str!("help/check.txt"))]
pub(super) struct Arguments {
    /// Scenario files, folders of them, or `-` for the one that is piped in.
    #[arg(required_unless_present = "lints", value_name = "FILE")]
    files: Vec<String>,
    /// Of the files only those whose path this regular expression matches.
    #[arg(long, value_name = "REGEX")]
    only: Option<Regex>,
    /// Makes a warning an error; `all` makes every one.
    #[arg(long, value_name = "CODE")]
    deny: Vec<String>,
    /// Lists the codes, with the reason and the advice of each.
    #[arg(long, conflicts_with_all = ["files", "deny", "only"])]
    lints: bool,
    /// Replaces or adds one value, as in `groups.g.pullBatchSize=64`.
    #[arg(long = "set", value_name = "PATH=VALUE")]
    set: Vec<String>,
}

impl Arguments {
    /// Checks every file; bad input where one is not a scenario, or has what is denied.
    pub(super) fn execute(self) -> Answer {
        if self.lints {
            terminal::print(&listed())?;
            return Ok(Verdict::Held);
        }
        if let Some(unknown) = self.deny.iter().find(|code| !is_code(code)) {
            let codes = ["all"].into_iter().chain(LINTS.iter().map(|lint| lint.code));
            return Err(Failure::bad_input(format!("--deny `{unknown}` is no code; {}", instead(unknown, codes))));
        }
        let mut refused = Vec::new();
        for file in &files::chosen(&self.files, self.only.as_ref())? {
            match load::scenario(file, &self.set) {
                Ok(scenario) => {
                    let plan = &scenario.plan;
                    let (denied, warned): (Vec<Warning>, Vec<Warning>) =
                        warnings(plan).into_iter().partition(|warning| self.denies(warning));
                    let error = |denied: &Warning| {
                        let Warning { code, what, advice } = denied;
                        refused.push(format!("{file}: {what} [{code}]; {advice}"));
                    };
                    denied.iter().for_each(error);
                    let mut said = format!(
                        "{file}: {}: {}, {}, {}, {}, {}, {}, {}, lasts {}\n",
                        if denied.is_empty() { "ok" } else { "denied" },
                        printable_line(&scenario.title),
                        counted(plan.brokers.len() as u64, "broker"),
                        counted(plan.topics.len() as u64, "topic"),
                        counted(plan.groups.len() as u64, "group"),
                        consumers(plan),
                        counted(plan.timeline.len() as u64, "step"),
                        counted(scenario.expect.len() as u64, "expectation"),
                        plan.duration,
                    );
                    said += &origin(&scenario.origin);
                    for line in &scenario.broker_conf {
                        let ConfLine { file, line, key, fate } = line;
                        let fate = told(*fate);
                        writeln!(said, "  {file}:{line}: {key}: {fate}").expect("a text takes all");
                    }
                    for Warning { code, what, advice } in warned.into_iter().filter(|_| !terminal::is_quiet()) {
                        let what = printable_line(&what);
                        writeln!(said, "  warning[{code}]: {what}\n    {advice}").expect("a text takes all");
                    }
                    terminal::print(&said)?;
                }
                Err(Failure::BadInput(why)) => refused.push(why),
                Err(failure) => return Err(failure),
            }
        }
        if refused.is_empty() { Ok(Verdict::Held) } else { Err(Failure::bad_input(refused.join("\n"))) }
    }

    fn denies(&self, warning: &Warning) -> bool {
        self.deny.iter().any(|code| code == "all" || code == warning.code)
    }
}

/// A line with what a scenario retells and shows, where it says so.
fn origin(origin: &Origin) -> String {
    let said = |verb: &str, words: &[String]| match words {
        [] => None,
        words => Some(format!("{verb} {}", words.join(", "))),
    };
    let parts: Vec<String> =
        [said("retells", &origin.sources), said("shows trap", &origin.traps)].into_iter().flatten().collect();
    if parts.is_empty() { String::new() } else { format!("  {}\n", parts.join("; ")) }
}

fn is_code(code: &str) -> bool {
    code == "all" || LINTS.iter().any(|lint| lint.code == code)
}

fn listed() -> String {
    LINTS.iter().map(|lint| format!("{}\n  {}\n  {}\n", lint.code, lint.why, lint.advice)).collect()
}

/// How many consumers begin, and how many pods rollouts bring.
fn consumers(plan: &Plan) -> String {
    let later: usize = plan.deployments.iter().flat_map(|pods| &pods.revisions[1..]).map(Vec::len).sum();
    let first = counted((plan.consumers.len() - later) as u64, "consumer");
    if later == 0 { first } else { format!("{first} and {later} by rollout") }
}

/// What became of a line of a `broker.conf`.
fn told(fate: ConfFate) -> String {
    let said = match fate {
        ConfFate::Honoured => "honoured",
        ConfFate::HonouredAsFalse => "honoured as false: Java reads only `true` as true",
        ConfFate::OfASlave => {
            "describes a slave: the broker gets one (slaves = 1), and both have the settings of this file"
        }
        ConfFate::OfItsMaster => "describes a slave of the broker that the file names",
        ConfFate::Names => "the name of the broker",
        ConfFate::Overridden(by) => return format!("overridden by line {by}: Java keeps the last"),
        ConfFate::Unreadable => {
            "without effect: Java reads no number there (a unit, a suffix, a space behind it), and RocketMQ keeps its \
             default without a word"
        }
        ConfFate::NoWord => "without effect: RocketMQ has no such word there, and keeps its default without a word",
        ConfFate::NoProperty(None) => "without effect: no broker has this property",
        ConfFate::NoProperty(Some(near)) => {
            return format!("without effect: no broker has this property; did you mean `{near}`?");
        }
        ConfFate::Elsewhere(belongs) => return format!("without effect: {belongs}"),
        ConfFate::WithoutEffect => "without effect here",
        ConfFate::NotModelled(Some(why)) => return format!("not modelled: {why}"),
        ConfFate::NotModelled(None) => "not modelled",
    };
    said.to_owned()
}
