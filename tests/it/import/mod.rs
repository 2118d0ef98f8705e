//! What an operator has in hand, read into facts.

mod mutated;
mod pieces;
mod tables;
mod users;

use rebalance_sim::import::{Evidence, Input, read};
use regex_lite::Regex;

/// Reads one text.
fn evidence(text: &str) -> Evidence {
    read(&[Input { name: "in".to_owned(), text: text.to_owned() }])
}

/// What debugging prints and no reader needs, and what stands for it.
const SHORTER: [(&str, &str); 7] = [
    (r#"QueueName \{ topic: "([^"]*)", broker: "([^"]*)", id: (\d+) \}"#, "$1/$2/$3"),
    (r#"(?:Name|Address)\(("[^"]*")\)"#, "$1"),
    (r"Some\(([^()]*(?:\([^()]*\))?[^()]*)\)", "$1"),
    (r" \w+: None,?", ""),
    (r",? \}$", ""),
    (r" \{ ?", " "),
    (r"(\w+): ", "$1="),
];

/// The facts of a text in words, each with its line, and the notes behind them.
fn said(text: &str) -> String {
    let evidence = evidence(text);
    let shorter = SHORTER.map(|(long, short)| (Regex::new(long).expect("it is one"), short));
    let mut lines = String::new();
    for sighted in &evidence.facts {
        let mut fact = format!("{:?}", sighted.fact);
        for (long, short) in &shorter {
            fact = long.replace_all(&fact, *short).into_owned();
        }
        lines += &format!("{}: {}\n", sighted.place.line, fact.trim());
    }
    for note in &evidence.notes {
        lines += &format!("{}! {}\n", note.place.line, note.what);
    }
    lines
}
