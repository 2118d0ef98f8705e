//! How a command ends. The exit code is decided here and nowhere else.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use super::terminal;

/// What `--help` says of exit codes.
pub(super) const EXIT_CODES: &str = "Exit codes: 0 all held, 1 an expectation was violated or a difference found, \
2 bad input, 3 a failure of the simulator or of its disk, or an interrupted sweep that violated nothing so far.";

/// What a command that did its work found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// All that was expected held.
    Held,
    /// Something expected was violated.
    Violated,
}

/// Why a command did not do its work.
#[derive(Debug)]
pub enum Failure {
    /// What the user gave cannot be used.
    BadInput(String),
    /// The disk, the terminal or the simulator itself failed.
    Own(String),
}

/// How a command ends.
pub type Answer = Result<Verdict, Failure>;

impl Failure {
    /// Bad input, in one sentence.
    pub fn bad_input(sentence: impl std::fmt::Display) -> Self {
        Self::BadInput(sentence.to_string())
    }

    /// A failure of our own, in one sentence.
    pub fn own(sentence: impl std::fmt::Display) -> Self {
        Self::Own(sentence.to_string())
    }
}

/// Runs a command; a broken invariant becomes a failure of our own instead of Rust's own exit code.
pub(super) fn guarded(command: impl FnOnce() -> Answer) -> Answer {
    catch_unwind(AssertUnwindSafe(command)).unwrap_or_else(|_| {
        Err(Failure::own("an invariant of the simulator broke (above); please report it together with the command"))
    })
}

/// The exit code of an answer; says on stderr why there is none better.
pub(super) fn exit_code(answer: Answer) -> ExitCode {
    ExitCode::from(match answer {
        Ok(Verdict::Held) => 0,
        Ok(Verdict::Violated) => 1,
        Err(Failure::BadInput(why)) => terminal::complain(&why, 2),
        Err(Failure::Own(why)) => terminal::complain(&why, 3),
    })
}
