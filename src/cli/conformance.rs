//! `conformance FILE...`: recorded answers of RocketMQ's classes against those of this program.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use crate::conformance::{CaseError, Conformance, Difference, Subject, Tally};

/// Compares recorded answers of RocketMQ's real classes with this program's: strategies, ordering, the hash ring,
/// offset files. Prints how many cases of each kind agree, and the first that does not in full.
#[derive(Debug, Clone, Args)]
#[command(after_long_help = include_str!("help/conformance.txt"))]
pub struct Arguments {
    /// Files of cases, one JSON object a line; `.gz` is unpacked.
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// Whose classes answered; the Go client's strategies are the same in all its versions.
    #[arg(long, value_enum, default_value_t = Client::Java)]
    pub client: Client,
}

/// A client whose strategies are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Client {
    /// `org.apache.rocketmq.client.consumer.rebalance`.
    Java,
    /// `consumer/strategy.go` of rocketmq-client-go.
    #[value(name = "go-master", aliases = ["go", "go-2.0.0", "go-2.1.0", "go-2.1.1", "go-2.1.2"])]
    Go,
}

impl Client {
    fn subject(self) -> Subject {
        match self {
            Self::Java => Subject::default(),
            Self::Go => Subject::go(),
        }
    }
}

/// Why the files could not all be compared; the exit code is 2, but 3 where the output fails.
#[derive(Debug, thiserror::Error)]
pub enum ConformanceError {
    /// The file is not there, may not be read, or is no text.
    #[error("{path}{line} cannot be read: {reason}")]
    Unreadable {
        /// The file.
        path: String,
        /// `, line N`, or nothing where no line was reached.
        line: String,
        /// What the operating system, or the unpacker, says.
        reason: io::Error,
    },
    /// A line is no case that can be compared.
    #[error("{path}, line {line}: {reason}")]
    Case {
        /// The file.
        path: String,
        /// Number of the line, from 1.
        line: usize,
        /// What is wrong with it.
        reason: CaseError,
    },
    /// The output cannot be written.
    #[error("the counts cannot be written: {0}")]
    Output(#[from] io::Error),
}

/// The first case that differs, and where it stands.
struct First {
    path: String,
    line: usize,
    difference: Difference,
    case: String,
}

/// What was found over all files.
#[derive(Default)]
struct Findings {
    conformance: Conformance,
    first: Option<First>,
    not_supported: u64,
    first_not_supported: Option<ConformanceError>,
}

impl Arguments {
    /// Prints the counts to stdout.
    pub(super) fn execute(self) -> super::Answer {
        let mut text = Vec::new();
        let done = run(&self, &mut text);
        super::terminal::print(&String::from_utf8_lossy(&text))?;
        match done {
            Ok(0) => Ok(super::Verdict::Held),
            Ok(_) => Ok(super::Verdict::Violated),
            Err(error @ ConformanceError::Output(_)) => Err(super::Failure::own(error)),
            Err(error) => Err(super::Failure::bad_input(error)),
        }
    }
}

/// Compares all cases and prints the counts; the exit code is 0 where all agree, else 1.
///
/// # Errors
/// [`ConformanceError`]. Cases of an unknown kind are counted and skipped, and named at the end; anything else that
/// is wrong with a file ends the comparison at once.
pub fn run(args: &Arguments, out: &mut dyn Write) -> Result<u8, ConformanceError> {
    let mut findings = Findings { conformance: Conformance::of(args.client.subject()), ..Findings::default() };
    for path in &args.files {
        findings.read(path)?;
    }
    findings.print(out)?;
    match findings.first_not_supported {
        Some(error) => Err(error),
        None => Ok(u8::from(findings.first.is_some())),
    }
}

impl Findings {
    fn read(&mut self, path: &Path) -> Result<(), ConformanceError> {
        let shown = path.display().to_string();
        let unreadable = |line, reason| ConformanceError::Unreadable { path: shown.clone(), line, reason };
        let lines = open(path).map_err(|reason| unreadable(String::new(), reason))?.lines();
        for (number, text) in (1..).zip(lines) {
            let text = text.map_err(|reason| unreadable(format!(", line {number}"), reason))?;
            if text.trim().is_empty() {
                continue;
            }
            let case_error = |reason| ConformanceError::Case { path: shown.clone(), line: number, reason };
            match self.conformance.check_line(&text) {
                Ok(None) => {}
                Ok(Some(difference)) => {
                    self.first.get_or_insert_with(|| First {
                        path: shown.clone(),
                        line: number,
                        difference,
                        case: text,
                    });
                }
                Err(reason @ CaseError::NotSupported(_)) => {
                    self.not_supported += 1;
                    self.first_not_supported.get_or_insert_with(|| case_error(reason));
                }
                Err(reason) => return Err(case_error(reason)),
            }
        }
        Ok(())
    }

    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        let tallies: &BTreeMap<String, Tally> = &self.conformance.tallies;
        let total = Tally {
            cases: tallies.values().map(|tally| tally.cases).sum(),
            differences: tallies.values().map(|tally| tally.differences).sum(),
        };
        let width = tallies.keys().map(|name| name.chars().count()).max().unwrap_or(0).max("not supported".len());
        writeln!(out, "{:width$}  {:>7}  {:>11}", "compared", "cases", "differences")?;
        for (name, tally) in tallies.iter().map(|(name, tally)| (name.as_str(), tally)).chain([("total", &total)]) {
            writeln!(out, "{name:width$}  {:>7}  {:>11}", tally.cases, tally.differences)?;
        }
        if self.not_supported > 0 {
            writeln!(out, "{:width$}  {:>7}", "not supported", self.not_supported)?;
        }
        if let Some(First { path, line, difference, case }) = &self.first {
            writeln!(out, "\nFirst difference: {path}, line {line}, {}", difference.id)?;
            writeln!(out, "{}\n{case}", difference.what)?;
        }
        Ok(())
    }
}

fn open(path: &Path) -> io::Result<BufReader<Box<dyn Read>>> {
    let packed = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gz"));
    super::bounded::open(path, super::bounded::Sort::Recording, packed).map(BufReader::new)
}
