//! `man`: pages for the reader of manuals, made from the options themselves.

use std::io;
use std::path::{Path, PathBuf};

use clap::{Arg, Command};
use clap_mangen::Man;

use super::{Answer, Failure, Verdict, command_line, terminal};
use crate::wording::instead;

/// Prints the manual page of the program or of one of its commands, or writes all pages into a folder.
#[derive(Debug, clap::Args)]
#[command(after_long_help = include_str!("help/man.txt"))]
pub(super) struct Arguments {
    /// The command; the program itself unless told.
    #[arg(value_name = "COMMAND", conflicts_with = "out")]
    command: Option<String>,
    /// Writes all pages into this folder, such as ~/.local/share/man/man1; what else is there stays.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

impl Arguments {
    /// Prints or writes.
    pub(super) fn execute(self) -> Answer {
        let pages = pages().map_err(|error| Failure::own(format!("cannot make the manual: {error}")))?;
        if let Some(folder) = &self.out {
            write(folder, &pages).map_err(|error| {
                Failure::own(format!("cannot write the manual into `{}`: {error}", folder.display()))
            })?;
            terminal::print(
                &pages.iter().map(|(name, _)| format!("{}\n", folder.join(name).display())).collect::<String>(),
            )?;
            return Ok(Verdict::Held);
        }
        let program = command_line();
        let wanted = match &self.command {
            None => format!("{}.1", program.get_name()),
            Some(command) => format!("{}-{command}.1", program.get_name()),
        };
        let Some((_, page)) = pages.iter().find(|(name, _)| *name == wanted) else {
            let command = self.command.unwrap_or_default();
            let names = instead(&command, program.get_subcommands().map(Command::get_name));
            return Err(Failure::bad_input(format!("there is no command `{command}`; {names}")));
        };
        terminal::print(page)?;
        Ok(Verdict::Held)
    }
}

/// All pages with the names of their files, the program's first.
fn pages() -> io::Result<Vec<(String, String)>> {
    let program = command_line();
    let name = program.get_name().to_owned();
    let everywhere: Vec<Arg> = program.get_arguments().filter(|option| option.is_global_set()).cloned().collect();
    let commands = program.get_subcommands().filter(|command| !command.is_hide_set());
    let commands: Vec<Command> = commands
        .map(|command| {
            let full = format!("{name}-{}", command.get_name());
            // A page is called by one word, and shows the command as it is typed.
            let typed = format!("{name} {}", command.get_name());
            command.clone().args(everywhere.clone()).display_name(full).bin_name(typed)
        })
        .collect();
    std::iter::once(program).chain(commands).map(page).collect()
}

fn page(command: Command) -> io::Result<(String, String)> {
    let version = command_line().get_version().unwrap_or_default().to_owned();
    let man = Man::new(command).source(format!("rebalance-sim {version}")).manual("rebalance-sim");
    let (name, mut page) = (man.get_filename(), Vec::new());
    man.render(&mut page)?;
    Ok((name, String::from_utf8(page).expect("a page is text")))
}

fn write(folder: &Path, pages: &[(String, String)]) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    pages.iter().try_for_each(|(name, page)| std::fs::write(folder.join(name), page))
}
