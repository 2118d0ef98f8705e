//! The command line: the only place that prints, and with `report` the only one that touches files.
//!
//! A command is one file with an `Arguments` (clap) that has `execute`, and one line in the list below.

mod allocate;
mod answer;
mod bench;
mod bounded;
mod calibrate;
mod check;
mod compare;
pub mod conformance;
mod cost;
mod event_log;
mod explain;
mod explain_word;
mod fuzz;
mod list;
mod load;
mod mutants;
pub mod offsets;
mod out;
mod run;
mod scenarios;
mod signals;
mod sweeping;
mod terminal;
mod validate;

pub use answer::{Answer, Failure, Verdict};

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Simulates how RocketMQ consumer groups rebalance: who owns which queue, what stalls, what comes twice.
#[derive(Debug, Parser)]
#[command(name = "rebalance-sim", version, after_help = answer::EXIT_CODES, propagate_version = true)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

/// Writes the enum of commands and its one `match` from the list.
macro_rules! commands {
    ($($(#[$help:meta])* $command:ident => $module:ident,)*) => {
        #[derive(Debug, Subcommand)]
        enum Command {
            $($(#[$help])* $command($module::Arguments),)*
        }

        impl Command {
            fn execute(self) -> Answer {
                match self {
                    $(Self::$command(arguments) => arguments.execute(),)*
                }
            }
        }
    };
}

commands! {
    /// Runs a scenario with one seed or many, and says what happened.
    Run => run,
    /// Plays variants of a scenario on the same arrivals and faults, and says what differs and how surely.
    Compare => compare,
    /// Tells why, step by step: the chain of causes of one finding, and where its time went.
    Explain => explain,
    /// Reads scenarios and says what is wrong with them; plays nothing.
    Check => check,
    /// Lists what there is, one line each: scenarios, figures, causes, traps, settings, actions and others.
    List => list,
    /// Explains a word: what it means, how it comes about, how one sees it, what to do.
    ExplainWord => explain_word,
    /// Says who gets which queue, how even that is, why a queue has no owner or two, and what a change would move.
    Allocate => allocate,
    /// Measures how long named workloads take and what they hold in memory, beside a bare heap.
    Bench => bench,
    /// Prints the offsets in a file that RocketMQ wrote: a client's `offsets.json` or a broker's `consumerOffset.json`.
    Offsets => offsets,
    /// Compares recorded answers of RocketMQ's real classes with this program's.
    Conformance => conformance,
    /// Estimates the environment of the machines that were recorded.
    Calibrate => calibrate,
    /// Plays recordings of a real cluster, and says how far the simulator is from them.
    Validate => validate,
    /// Plays random clusters, and says which do not come to rest or lose a message.
    Fuzz => fuzz,
    /// Breaks rules on purpose, one at a time, and says which guard noticed.
    Mutants => mutants,
}

/// Does what the command line says, and answers the exit code.
#[must_use]
pub fn main() -> ExitCode {
    let answer = match CommandLine::try_parse() {
        Ok(command_line) => answer::guarded(|| command_line.command.execute()),
        Err(usage) => terminal::usage(&usage),
    };
    answer::exit_code(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        <CommandLine as clap::CommandFactory>::command().debug_assert();
    }
}
