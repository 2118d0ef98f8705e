//! Signals that ask the program to end: Ctrl-C, SIGTERM, SIGHUP. The first sets a flag, so that what is done is still
//! said and nothing is left on the disk; the second does not want to wait for that.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

use super::terminal;

/// A flag that the first signal sets. `else_lost` says what a signal costs where nobody can listen to it.
pub(super) fn interruptible(else_lost: &str) -> Arc<AtomicBool> {
    interruptible_waiting("what is under way comes to its end first", else_lost)
}

/// The same; `waits_for` says at the first signal what is still waited for, to whoever sits before a terminal.
pub(super) fn interruptible_waiting(waits_for: &str, else_lost: &str) -> Arc<AtomicBool> {
    // Commands set the first of these too, to end what has become useless; the second only a signal sets.
    let (stop, asked) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
    listen(&stop, &asked, else_lost);
    let said = format!("stopping: {waits_for}; a second Ctrl-C does not wait");
    std::thread::spawn(move || {
        while !asked.load(Ordering::Relaxed) {
            std::thread::sleep(LOOKS_EVERY);
        }
        // Below what a progress bar shows, and the `^C` of the terminal.
        terminal::warn_below(&said);
    });
    stop
}

/// A handler may do nothing but set a flag: somebody must look at it, as often as a person notices.
const LOOKS_EVERY: Duration = Duration::from_millis(50);

fn listen(stop: &Arc<AtomicBool>, asked: &Arc<AtomicBool>, else_lost: &str) {
    let mut signals = vec![SIGINT, SIGTERM];
    #[cfg(unix)]
    signals.extend(Some(signal_hook::consts::SIGHUP).filter(|_| is_hung_up()));
    for signal in signals {
        // In this order: the first one finds the flag unset.
        let listened = flag::register_conditional_shutdown(signal, 128 + signal, Arc::clone(asked))
            .and_then(|_| flag::register(signal, Arc::clone(asked)))
            .and_then(|_| flag::register(signal, Arc::clone(stop)));
        if let Err(error) = listened {
            terminal::warn(&format!("signal {signal} will end the program at once, and {else_lost}: {error}"));
        }
    }
}

/// Whether the program ends with its terminal: not under `nohup`, which has SIGHUP ignored. Where the system does not say
/// what is ignored, a program without any terminal is taken for such a one.
#[cfg(unix)]
fn is_hung_up() -> bool {
    use std::io::IsTerminal as _;
    let ignored = std::fs::read_to_string("/proc/self/status").ok().and_then(|status| ignores_hangup(&status));
    ignored.map_or_else(
        || std::io::stdin().is_terminal() || std::io::stdout().is_terminal() || std::io::stderr().is_terminal(),
        |ignored| !ignored,
    )
}

/// What Linux says of a process: a bit for each signal, the first for signal 1.
#[cfg(unix)]
fn ignores_hangup(status: &str) -> Option<bool> {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"))?;
    let mask = u64::from_str_radix(mask.trim(), 16).ok()?;
    Some(mask & (1 << (signal_hook::consts::SIGHUP - 1)) != 0)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn nohup_is_heard() {
        let table = [
            ("SigBlk:\t0000000000000001\nSigIgn:\t0000000000001001\n", Some(true)),
            ("SigIgn:\t0000000000001000\n", Some(false)),
            ("SigIgn:\tmany\n", None),
            ("", None),
        ];
        for (status, ignored) in table {
            assert_eq!(ignores_hangup(status), ignored, "{status:?}");
        }
    }
}
