//! Printing: results on stdout, everything else on stderr.

use std::io::{self, ErrorKind, IsTerminal as _, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use indicatif::{ProgressBar, ProgressStyle};

use super::{Answer, Failure, Verdict};
use crate::report::text::Paint;

/// Prints a result. A reader that has gone away (`| head`) is no failure.
///
/// # Errors
/// What the operating system says, as for a full disk behind `>`.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::own(format!("cannot write to stdout: {error}")))
        }
        _ => Ok(()),
    }
}

/// Whether the result may carry colours: only to a terminal, and not where `NO_COLOR` is set.
pub(super) fn paint() -> Paint {
    let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    if io::stdout().is_terminal() && !refused { Paint::Colours } else { Paint::Plain }
}

/// A warning, on stderr and only where a person looks at it.
pub(super) fn warn(sentence: &str) {
    let stderr = io::stderr();
    if stderr.is_terminal() {
        // Where even stderr is closed there is nobody left to tell.
        writeln!(stderr.lock(), "warning: {sentence}").ok();
    }
}

/// A sentence on stderr that belongs to the answer, whoever reads it.
pub(super) fn note(sentence: &str) {
    writeln!(io::stderr().lock(), "note: {sentence}").ok();
}

/// Says why a command failed, and hands back the code to exit with.
pub(super) fn complain(why: &str, code: u8) -> u8 {
    writeln!(io::stderr().lock(), "error: {why}").ok();
    code
}

/// Answers `--help`, `--version` and arguments that clap refuses.
pub(super) fn usage(message: &clap::Error) -> Answer {
    if message.use_stderr() {
        return Err(Failure::bad_input(message.render().to_string().trim_end().trim_start_matches("error: ")));
    }
    print(&message.render().to_string()).map(|()| Verdict::Held)
}

/// A flag that the first Ctrl-C sets, so that what is done can still be said; a second one does not want to wait for it.
/// `else_lost` says what Ctrl-C costs where nobody can listen to it.
pub(super) fn interruptible(else_lost: &str) -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let handler = Arc::clone(&stop);
    let listened = ctrlc::set_handler(move || {
        if handler.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
    });
    if let Err(error) = listened {
        warn(&format!("Ctrl-C will end the program at once, and {else_lost}: {error}"));
    }
    stop
}

/// A bar on stderr that counts `what`; invisible where stderr is no terminal.
pub(super) fn progress_bar(count: u64, what: &str) -> ProgressBar {
    let template = format!("{{bar:40}} {{pos}}/{{len}} {what}, {{eta}} left");
    let style = ProgressStyle::with_template(&template).expect("the template is well formed");
    ProgressBar::new(count).with_style(style)
}
