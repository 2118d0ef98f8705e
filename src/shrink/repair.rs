//! What goes with a part that is taken away: whoever names it. The reader of scenarios says who that is, by refusing it.

use super::document::{Node, Path, Turn, Value};
use super::writing;
use crate::scenario::{Scenario, ScenarioError, parse};

/// So much may go with one part: a broker of a large story is named in many steps.
const MOST_REPAIRS: usize = 1_000;

/// Finds the text of a named environment.
pub(super) type Include<'a> = &'a dyn Fn(&str) -> Result<String, String>;

/// A tree that the language takes, its text and what it says.
pub(super) struct Read {
    pub root: Node,
    pub text: String,
    pub scenario: Scenario,
}

/// Reads a tree; what is refused in it is taken away, until nothing is. `None`: what is refused must stay.
pub(super) fn read(mut root: Node, file: &str, include: Include<'_>) -> Option<Read> {
    for _ in 0..MOST_REPAIRS {
        let text = writing::text(&root);
        // Written anew, so that every part knows where it stands.
        root = Node::parse(&text)?;
        match parse(file, &text, &[], include) {
            Ok(scenario) => return Some(Read { root, text, scenario }),
            Err(error) => {
                let refused = refused_part(&root, &text, file, &error)?;
                root.remove(&refused);
            }
        }
    }
    None
}

/// The part that an error is about, as far up as it makes no sense without what is refused.
fn refused_part(root: &Node, text: &str, file: &str, error: &ScenarioError) -> Option<Path> {
    if *error.file != *file {
        return None;
    }
    let mut path = root.standing_at(byte_of(text, error.line, error.column)?)?;
    loop {
        let (last, before) = path.split_last()?;
        match last {
            // What is expected, and what the language cannot do without, stays.
            Turn::Key(_) if before.is_empty() => return None,
            Turn::Key(_) => {
                // A step or a producer that names what is gone goes whole; a group, which has more to it, loses the key.
                let whole = matches!(before.last(), Some(Turn::At(_))) && root.at(before).is_some_and(is_plain);
                return Some(if whole { before.to_vec() } else { path });
            }
            Turn::At(_) => {
                if matches!(before, [Turn::Key(key)] if key == "expect") {
                    return None;
                }
                let alone = matches!(&root.at(before)?.value, Value::List(items) if items.len() == 1);
                if !alone || before.len() == 1 {
                    return Some(path);
                }
                // The list would be empty: whoever has it is about nothing.
                path = before.to_vec();
            }
        }
    }
}

/// A table of values and lists of values.
fn is_plain(node: &Node) -> bool {
    let has_tables = |part: &Node| match &part.value {
        Value::List(items) => items.iter().any(|item| matches!(item.value, Value::Table(_))),
        _ => false,
    };
    matches!(&node.value, Value::Table(entries) if !entries.iter().any(|(.., part)| has_tables(part)))
}

/// The byte of a line and a column, both from 1 on.
fn byte_of(text: &str, line: usize, column: usize) -> Option<usize> {
    let start = match line {
        1 => 0,
        _ => text.match_indices('\n').nth(line - 2)?.0 + 1,
    };
    let within = text[start..].char_indices().nth(column - 1).map_or(0, |(at, _)| at);
    Some(start + within)
}
