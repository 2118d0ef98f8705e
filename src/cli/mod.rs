//! The command line: the only place that prints, and with `report` and `library` the only one that touches files.
//!
//! A command is one file with an `Arguments` (clap) that has `execute`, and one line in the list below.

mod advise;
mod advising;
mod again;
mod allocate;
mod answer;
mod bench;
mod bounded;
mod calibrate;
mod check;
mod chosen_events;
mod collect;
mod compare;
mod completions;
pub mod conformance;
mod cost;
mod doctor;
mod event_log;
mod explain;
mod explain_word;
mod files;
mod format;
mod fuzz;
mod import;
mod inputs;
mod list;
mod load;
mod man;
mod merge;
mod mutants;
pub mod offsets;
mod one_file;
mod out;
mod paths;
mod played;
mod replay;
mod run;
mod scenarios;
mod schema;
mod several;
mod shards;
mod shrink;
mod shrunk;
mod signals;
mod stories;
mod sweeping;
mod telling;
mod terminal;
mod validate;
mod vary;

pub use answer::{Answer, Failure, Verdict};

use self::terminal::Colour;

use clap::{CommandFactory as _, Parser, Subcommand};
use std::process::ExitCode;

/// Simulates how RocketMQ consumer groups rebalance: who owns which queue, what stalls, what comes twice.
#[derive(Debug, Parser)]
#[command(name = "rebalance-sim", version, after_help = answer::EXIT_CODES, propagate_version = true)]
struct CommandLine {
    /// Shows no progress, and says no warning that is no error.
    #[arg(long, global = true, display_order = 900)]
    quiet: bool,
    /// Colours for the verdict: where the result goes to a terminal and NO_COLOR is not set, always, or never.
    #[arg(long, global = true, display_order = 901, value_enum, default_value_t = Colour::Auto, value_name = "WHEN")]
    color: Colour,
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
    /// Finds the smallest scenario file that still shows something.
    Shrink => shrink,
    /// Tries the settings that may better a figure, one at a time and then the best together, and says which do.
    Advise => advise,
    /// Plays one setting, or two, at many values on the same arrivals and faults: curves, heat maps, and where a knee is.
    Vary => vary,
    /// Makes of parts that were played with --shard, here or on other machines, what one run of everything says.
    Merge => merge,
    /// Reads scenarios and says what is wrong with them; plays nothing.
    Check => check,
    /// Says what is wrong with a cluster now, from outputs of mqadmin, files, logs and configuration.
    Doctor => doctor,
    /// Makes a scenario of your cluster from outputs of mqadmin, files of brokers and clients, logs and manifests.
    Import => import,
    /// Asks a live cluster by its own mqadmin, with commands that only read, and keeps the outputs for `import`.
    Collect => collect,
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
    /// Prints the JSON schema of scenarios, with which editors complete and check them.
    Schema => schema,
    /// Prints what makes a shell complete this program's commands, options and words.
    Completions => completions,
    /// Prints the manual page of the program or of a command, or writes all of them.
    Man => man,
}

/// What may be typed.
fn command_line() -> clap::Command {
    CommandLine::command()
}

/// Does what the command line says, and answers the exit code.
#[must_use]
pub fn main() -> ExitCode {
    let answer = match CommandLine::try_parse() {
        Ok(command_line) => {
            terminal::behave(command_line.quiet, command_line.color);
            answer::guarded(|| command_line.command.execute())
        }
        Err(usage) => {
            let known = command_line();
            terminal::usage(&usage, known.get_subcommands().map(clap::Command::get_name))
        }
    };
    answer::exit_code(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        command_line().debug_assert();
    }

    #[test]
    fn every_command_shows_how_it_is_used() {
        for command in command_line().get_subcommands() {
            let help = command.clone().render_long_help().to_string();
            let call = format!("rebalance-sim {} ", command.get_name());
            let shown = |line: &&str| line.starts_with("    ") && format!("{line} ").contains(&call);
            let examples = help.lines().filter(|line| !line.contains("Usage:")).filter(shown).count();
            assert!(examples >= 2, "{} has {examples} examples in src/cli/help", command.get_name());
        }
    }
}
