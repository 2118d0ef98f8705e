//! Printing: results on stdout, everything else on stderr.

use std::io::{self, ErrorKind, IsTerminal as _, Write as _};
use std::sync::OnceLock;

use clap::error::{ContextKind, ContextValue, ErrorKind as ErrorKindOfClap};
use indicatif::{ProgressBar, ProgressStyle};

use super::{Answer, Failure, Verdict};
use crate::kernel::{Instant, Span};
use crate::report::printable;
use crate::report::text::Paint;
use crate::wording::{grouped, instead, with_short_values};

/// When a verdict is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Colour {
    /// On a terminal that has colours, where `NO_COLOR` is not set.
    Auto,
    /// Into files and pipes too.
    Always,
    /// Not at all.
    Never,
}

/// What the command line says of all that is printed: how a process speaks is one thing, and said once.
static MANNERS: OnceLock<(bool, Colour)> = OnceLock::new();

/// Keeps what was typed before the first word is said.
pub(super) fn behave(quiet: bool, colour: Colour) {
    MANNERS.set((quiet, colour)).ok();
}

fn manners() -> (bool, Colour) {
    MANNERS.get().copied().unwrap_or((false, Colour::Auto))
}

/// Whether warnings are not wanted.
pub(super) fn is_quiet() -> bool {
    manners().0
}

/// Prints a result; names that hold control characters do nothing to the terminal.
///
/// # Errors
/// As of [`print_painted`].
pub(super) fn print(text: &str) -> Result<(), Failure> {
    print_painted(&printable(text))
}

/// Prints a result that holds its own colours. A reader that has gone away (`| head`) is no failure.
///
/// # Errors
/// What the operating system says, as for a full disk behind `>`.
pub(super) fn print_painted(text: &str) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::own(format!("cannot write to stdout: {error}")))
        }
        _ => Ok(()),
    }
}

/// Whether the result may carry colours: as `--color` says, else only to a terminal that has them, and not where `NO_COLOR`
/// is set.
pub(super) fn paint() -> Paint {
    let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    match manners().1 {
        Colour::Always => Paint::Colours,
        Colour::Auto if io::stdout().is_terminal() && !is_dumb() && !refused => Paint::Colours,
        Colour::Auto | Colour::Never => Paint::Plain,
    }
}

/// A terminal that says it can do nothing but print.
fn is_dumb() -> bool {
    std::env::var_os("TERM").is_some_and(|term| term == "dumb")
}

/// A warning, on stderr and only where a person looks at it.
pub(super) fn warn(sentence: &str) {
    if io::stderr().is_terminal() {
        tell(sentence);
    }
}

/// A note on a line of its own, where a person looks at stderr and something may stand on the line already.
pub(super) fn warn_below(sentence: &str) {
    if io::stderr().is_terminal() {
        writeln!(io::stderr().lock(), "\nnote: {}", said(sentence)).ok();
    }
}

/// A warning that matters to programs too.
pub(super) fn tell(sentence: &str) {
    // Where even stderr is closed there is nobody left to tell.
    if !is_quiet() {
        writeln!(io::stderr().lock(), "warning: {}", said(sentence)).ok();
    }
}

/// A sentence on stderr that belongs to the answer, whoever reads it.
pub(super) fn note(sentence: &str) {
    if !is_quiet() {
        writeln!(io::stderr().lock(), "note: {}", said(sentence)).ok();
    }
}

/// Says why a command failed, and hands back the code to exit with.
pub(super) fn complain(why: &str, code: u8) -> u8 {
    writeln!(io::stderr().lock(), "error: {}", said(why)).ok();
    code
}

/// A sentence as it is said on stderr: without control characters, and short, however long the value that it names.
fn said(sentence: &str) -> String {
    const LONGEST_LINE: usize = 1_000;
    const MOST_LINES: usize = 1_000;
    let sentence = printable(sentence);
    let mut said: Vec<String> =
        sentence.lines().take(MOST_LINES).map(|line| shortened(&with_short_values(line), LONGEST_LINE)).collect();
    let more = sentence.lines().skip(MOST_LINES).count();
    if more > 0 {
        said.push(format!("... and {more} more lines"));
    }
    said.join("\n")
}

/// A line with its middle left out where it is too long: the reason stands at its beginning or at its end.
fn shortened(line: &str, longest: usize) -> String {
    let count = line.chars().count();
    if count <= longest {
        return line.to_owned();
    }
    let kept = longest / 2;
    let begins: String = line.chars().take(kept).collect();
    let ends: String = line.chars().skip(count - kept).collect();
    format!("{begins}[... {} more characters ...]{ends}", count - 2 * kept)
}

/// Answers `--help`, `--version` and arguments that clap refuses; `commands` are those that there are.
pub(super) fn usage<'a>(message: &clap::Error, commands: impl IntoIterator<Item = &'a str>) -> Answer {
    if message.kind() == clap::error::ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return Err(Failure::bad_input(format!("no command is given\n\n{}", message.render().to_string().trim_end())));
    }
    if let (ErrorKindOfClap::InvalidSubcommand, Some(ContextValue::String(word))) =
        (message.kind(), message.get(ContextKind::InvalidSubcommand))
    {
        return Err(Failure::bad_input(format!("there is no command `{word}`; {}", instead(word, commands))));
    }
    if message.use_stderr() {
        return Err(Failure::bad_input(message.render().to_string().trim_end().trim_start_matches("error: ")));
    }
    print(&message.render().to_string()).map(|()| Verdict::Held)
}

/// A bar on stderr that counts `what`; invisible where stderr is no terminal, or nobody wants to see one.
pub(super) fn progress_bar(count: u64, what: &str) -> ProgressBar {
    let template = format!("{{bar:40}} {{pos}}/{{len}} {what}, {{eta}} left");
    let style = ProgressStyle::with_template(&template).expect("the template is well formed");
    let bar = if is_dumb() || is_quiet() { ProgressBar::hidden() } else { ProgressBar::new(count) };
    bar.with_style(style)
}

/// A bar on stderr for one run: how much of its time has passed, and how many events happened; invisible where stderr is
/// no terminal.
pub(super) fn run_bar(duration: Span) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:40} {msg}, {eta} left").expect("the template is well formed");
    let bar = if is_dumb() { ProgressBar::hidden() } else { ProgressBar::new(duration.as_millis()) };
    bar.with_style(style).with_message(format!("of {} simulated", duration.human()))
}

/// A run is so far.
pub(super) fn run_is_at(bar: &ProgressBar, at: Instant, events: u64) {
    if bar.is_hidden() {
        return;
    }
    let duration = Span::from_millis(bar.length().unwrap_or(0));
    bar.set_position(at.as_millis());
    bar.set_message(format!("{} of {} simulated, {} events", at.human(), duration.human(), grouped(events)));
}

/// A bar on stderr that counts tries, and says what they have come to.
pub(super) fn tries_bar(most: u64) -> ProgressBar {
    let style =
        ProgressStyle::with_template("{bar:20} {pos} of at most {len} tries: {msg}").expect("it is well formed");
    let bar = if is_dumb() { ProgressBar::hidden() } else { ProgressBar::new(most) };
    bar.with_style(style)
}

/// How far the tries are.
pub(super) fn tell_tries(bar: &ProgressBar, tries: u64, what: &str) {
    bar.set_position(tries);
    bar.set_message(what.to_owned());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_value_does_not_bury_what_is_said() {
        let sentence = format!("`{}` is no span; write 30s\nx", "9".repeat(300_000));
        let text = said(&sentence);
        assert_eq!(text, format!("`{}… (300,000 characters)` is no span; write 30s\nx", "9".repeat(80)));
        let text = said(&"no value ".repeat(30_000));
        assert!(text.len() < 1_100 && text.contains("269000 more characters"), "{text}");
        let lines = said(&"a\n".repeat(300_000));
        assert!(lines.ends_with("a\n... and 299000 more lines"), "{}", &lines[lines.len() - 40..]);
        assert_eq!(said("`a\x1b[2J` is no span"), "`a\\u001b[2J` is no span");
    }
}
