//! `completions SHELL`: what makes a shell complete commands, options and their words.

use clap_complete::Shell;

use super::{Answer, Verdict, command_line, terminal};

/// Prints what makes a shell complete this program's commands, options and words; it is made from the options
/// themselves.
#[derive(Debug, clap::Args)]
#[command(after_long_help = include_str!("help/completions.txt"))]
pub(super) struct Arguments {
    /// The shell.
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

impl Arguments {
    /// Prints the script.
    pub(super) fn execute(self) -> Answer {
        let mut command = command_line();
        let (name, mut script) = (command.get_name().to_owned(), Vec::new());
        clap_complete::generate(self.shell, &mut command, name, &mut script);
        terminal::print(&String::from_utf8(script).expect("a script is text"))?;
        Ok(Verdict::Held)
    }
}
