//! What `shrink` and `fuzz --shrink` hand over: the file, and how much smaller it is.

use super::one_file::OneFile;
use super::{Failure, terminal};
use crate::shrink::{Shrunk, Size};

/// By what the first lines of the file say who made it.
pub(super) const MADE_BY: &str = "rebalance-sim shrink";

/// Prints the text, or writes it and prints how large it is.
///
/// # Errors
/// A failure of our own: the disk's or the terminal's.
pub(super) fn deliver(text: &str, shrunk: &Shrunk, out: Option<&OneFile>, more: &str) -> Result<(), Failure> {
    let table = format!("{}{more}\n", table(shrunk));
    let Some(out) = out else {
        terminal::note(&format!("\n{}", table.trim_end()));
        return terminal::print(text);
    };
    out.put(text)?;
    terminal::print(&format!("SHRUNK  {}  ({out})\n{table}", shrunk.scenario.title))
}

/// Before and after, a column each.
fn table(shrunk: &Shrunk) -> String {
    let [before, after] = [shrunk.before, shrunk.after].map(columns);
    let mut table = format!("  {:<12}{:>8}{:>8}\n", "", "before", "after");
    for ((name, before), (_, after)) in before.into_iter().zip(after) {
        table.push_str(&format!("  {name:<12}{before:>8}{after:>8}\n"));
    }
    let end = match shrunk.smallest {
        true => "nothing more can be taken away",
        false => "ended before nothing more could be taken away",
    };
    format!("{table}  tries       {}; {end}\n", shrunk.tries)
}

fn columns(size: Size) -> [(&'static str, u64); 8] {
    [
        ("steps", size.steps as u64),
        ("members", size.members as u64),
        ("groups", size.groups as u64),
        ("brokers", size.brokers as u64),
        ("queues", size.queues),
        ("producers", size.producers as u64),
        ("messages", size.messages),
        ("lines", size.lines as u64),
    ]
}

/// How large it is now, on one line.
pub(super) fn sizes(size: Size) -> String {
    let of_interest = columns(size).into_iter().filter(|(name, _)| !["groups", "producers", "messages"].contains(name));
    of_interest.map(|(name, count)| format!("{count} {name}")).collect::<Vec<_>>().join(", ")
}
