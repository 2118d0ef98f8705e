//! `collect`: a live cluster is asked by its own `mqadmin`, and the outputs are kept for `import`.
//!
//! [`queries`] is the list of what is asked, [`call`] runs one of them, [`folder`] keeps what it says.

#![expect(clippy::disallowed_types, reason = "a live cluster is asked at times of the clock on the wall")]

mod call;
mod folder;
mod queries;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use clap::Args;

use self::folder::Folder;
use self::queries::{About, QUERIES, Query, Subject};
use super::{Answer, Failure, Verdict, signals, terminal};
use crate::import::cluster::{Cluster, Wanted, is_of_the_system, join};
use crate::import::section::Input;
use crate::kernel::Span;
use crate::report::shell_quoted;
use crate::wording::counted;

/// What was typed.
#[derive(Debug, Args)]
#[command(after_long_help = include_str!("../help/collect.txt"))]
pub(super) struct Arguments {
    /// The tool of a RocketMQ release: `bin/mqadmin`, or a command with its first words, as in `sh bin/mqadmin`.
    #[arg(long, value_name = "PATH", default_value = "mqadmin")]
    mqadmin: String,
    /// The name servers, with `;` between them.
    #[arg(long, value_name = "ADDRESS")]
    namesrv: String,
    /// A group that is asked for; may be repeated.
    #[arg(long, value_name = "NAME", required = true)]
    group: Vec<String>,
    /// A topic that is asked for beside those that the groups read; may be repeated.
    #[arg(long, value_name = "NAME")]
    topic: Vec<String>,
    /// From the beginning of one round to that of the next.
    #[arg(long, value_name = "DURATION", default_value = "10s")]
    every: Span,
    /// How long rounds begin; without it there is one round.
    #[arg(long = "for", value_name = "DURATION", default_value = "0s")]
    lasting: Span,
    /// How long one command may take.
    #[arg(long, value_name = "DURATION", default_value = "30s")]
    timeout: Span,
    /// The folder for the outputs; it must not be there, or be empty.
    #[arg(short = 'o', long = "out", value_name = "DIR")]
    out: PathBuf,
}

/// The most members whose running info is asked for, a JVM each.
const MOST_MEMBERS: usize = 20;
/// How often it is looked whether it is time for the next round.
const LOOKS_EVERY: Duration = Duration::from_millis(50);

/// What has been asked so far.
struct Collection {
    folder: Folder,
    /// Where `mqadmin` is called.
    place: tempfile::TempDir,
    program: Vec<String>,
    answered: u64,
    failed: Vec<String>,
    /// Outputs of this round, for the names of topics, brokers and members.
    inputs: Vec<Input>,
}

impl Arguments {
    /// Asks round by round.
    pub(super) fn execute(self) -> Answer {
        let place =
            tempfile::tempdir().map_err(|error| Failure::own(format!("no place to call mqadmin in: {error}")))?;
        let (program, folder) = (program(&self.mqadmin), Folder::make(&self.out)?);
        let stop = signals::interruptible_waiting("the current command comes to its end first", "its output is lost");
        let mut collection = Collection { folder, place, program, answered: 0, failed: Vec::new(), inputs: Vec::new() };
        let (begun, every) = (Instant::now(), duration(self.every).max(Duration::from_secs(1)));
        let mut rounds = 0;
        while !stop.load(Ordering::Relaxed) {
            self.round(&mut collection, rounds, &stop)?;
            rounds += 1;
            let next = begun + every * u32::try_from(rounds).unwrap_or(u32::MAX);
            if next > begun + duration(self.lasting) {
                break;
            }
            while Instant::now() < next && !stop.load(Ordering::Relaxed) {
                std::thread::sleep(LOOKS_EVERY);
            }
        }
        self.tell(&collection, rounds, stop.load(Ordering::Relaxed))
    }

    /// One round of questions.
    fn round(&self, collection: &mut Collection, round: u64, stop: &AtomicBool) -> Result<(), Failure> {
        collection.inputs.clear();
        for query in QUERIES.iter().filter(|query| query.every_round || round == 0) {
            for subject in self.subjects(query, collection) {
                if stop.load(Ordering::Relaxed) {
                    return Ok(());
                }
                collection.ask(round, query, &subject, (&self.namesrv, duration(self.timeout)))?;
            }
        }
        Ok(())
    }

    /// What a question is about, by what is known so far.
    fn subjects(&self, query: &Query, collection: &Collection) -> Vec<Subject> {
        let group = |group: &String| Subject::Group(group.clone());
        match query.about {
            About::Cluster => return vec![Subject::Cluster],
            About::Group => return self.group.iter().map(group).collect(),
            About::Topic | About::Broker | About::Member => {}
        }
        let known = collection.known(&self.group);
        match query.about {
            About::Topic => {
                let read = known.groups.values().flat_map(|group| group.topics());
                let all: BTreeSet<&str> = read.chain(self.topic.iter().map(String::as_str)).collect();
                let own = all.into_iter().filter(|topic| !is_of_the_system(topic));
                own.map(|topic| Subject::Topic(topic.to_owned())).collect()
            }
            About::Broker => {
                let masters = known.brokers.values().filter_map(|broker| broker.processes.get(&0));
                let addresses = masters.filter_map(|master| master.address.as_ref());
                addresses.map(|address| Subject::Broker(address.value.clone())).collect()
            }
            _ => {
                let members = known.groups.iter().flat_map(|(name, group)| {
                    let ids: BTreeSet<&str> = group.members.iter().map(|member| member.client_id.as_str()).collect();
                    ids.into_iter().map(move |id| Subject::Member(name.clone(), id.to_owned()))
                });
                members.take(MOST_MEMBERS).collect()
            }
        }
    }

    /// What there is.
    fn tell(&self, collection: &Collection, rounds: u64, stopped: bool) -> Answer {
        for failure in &collection.failed {
            terminal::note(failure);
        }
        let all = collection.answered + collection.failed.len() as u64;
        if collection.answered == 0 && all > 0 {
            let first = &collection.failed[0];
            return Err(Failure::bad_input(format!("none of {} was answered: {first}", counted(all, "command"))));
        }
        let out = self.out.to_string_lossy();
        let stopped = if stopped { ", stopped" } else { "" };
        terminal::print(&format!(
            "COLLECTED  {} in {}{stopped}, {} failed  ({out})\n  read it     rebalance-sim import {} -o my.toml\n",
            counted(collection.answered, "output"),
            counted(rounds, "round"),
            collection.failed.len(),
            shell_quoted(&out),
        ))?;
        Ok(Verdict::Held)
    }
}

impl Collection {
    /// Asks one question, and keeps what is answered.
    fn ask(
        &mut self,
        round: u64,
        query: &Query,
        subject: &Subject,
        (namesrv, timeout): (&str, Duration),
    ) -> Result<(), Failure> {
        let words = subject.words(query, namesrv);
        let at_ms = folder::now_ms();
        let said = call::call(&self.program, &words, self.place.path(), timeout).map_err(|error| {
            Failure::bad_input(format!("cannot start `{}`: {error}; --mqadmin names the tool", self.program.join(" ")))
        })?;
        match said.failure() {
            None => self.answered += 1,
            Some(why) => self.failed.push(format!("`mqadmin {}`: {why}", words.join(" "))),
        }
        let text = folder::content(&words, at_ms, &said);
        self.folder.put(round, (query.command, subject.name()), &text)?;
        self.inputs.push(Input { name: query.command.to_owned(), text });
        Ok(())
    }

    /// What the outputs of this round say.
    fn known(&self, groups: &[String]) -> Cluster {
        let wanted = Wanted { groups: groups.to_vec(), ..Wanted::default() };
        join(&crate::import::read(&self.inputs), &wanted)
    }
}

/// A path, or a command with its first words. A relative path is made whole: the tool is called in a folder of its own.
fn program(text: &str) -> Vec<String> {
    let whole = |word: &str| match std::path::Path::new(word).exists() {
        true => std::path::absolute(word).map_or_else(|_| word.to_owned(), |path| path.to_string_lossy().into_owned()),
        false => word.to_owned(),
    };
    if std::path::Path::new(text).exists() {
        return vec![whole(text)];
    }
    text.split_whitespace().map(whole).collect()
}

fn duration(span: Span) -> Duration {
    Duration::from_nanos(span.as_nanos())
}
