//! Words as text: a list, a table in Markdown, JSON, and one word at length.

use serde_json::{Map, Value, json};

use super::{Entry, Found, KINDS, Kind};

/// The widest line of an explanation.
const WIDTH: usize = 100;
/// A word that is longer does not push the sentences of all others to the right.
const LONGEST: usize = 44;

/// One line each: word and sentence, aligned.
#[must_use]
pub fn list(entries: &[Entry]) -> String {
    let rows = entries.iter().map(|entry| (entry.word.as_ref(), entry.sentence.as_ref()));
    aligned(&rows.collect::<Vec<_>>())
}

/// Words of several kinds: each with its kind.
#[must_use]
pub fn found(found: &[Found]) -> String {
    let words: Vec<String> = found.iter().map(|f| format!("{} ({})", f.entry.word, f.kind.singular)).collect();
    let rows = words.iter().zip(found).map(|(word, found)| (word.as_str(), found.entry.sentence.as_ref()));
    aligned(&rows.collect::<Vec<_>>())
}

/// The kinds, and how each is asked for; `scenarios` is one more.
#[must_use]
pub fn kinds() -> String {
    let scenarios = ("scenarios", "the scenarios in a folder, with the question of each");
    let mut rows = vec![scenarios];
    rows.extend(KINDS.iter().map(|kind| (kind.word, kind.sentence)));
    aligned(&rows)
}

fn aligned(rows: &[(&str, &str)]) -> String {
    let width = rows.iter().map(|(word, _)| word.chars().count()).filter(|width| *width <= LONGEST).max().unwrap_or(0);
    rows.iter().map(|(word, sentence)| format!("{word:width$}  {sentence}\n")).collect()
}

/// A table in Markdown: the word, the facts that the kind shows, the sentence.
#[must_use]
pub fn markdown(kind: &Kind, entries: &[Entry]) -> String {
    let cell = |text: &str| text.replace('|', "\\|").replace('\n', "; ");
    let code = |word: &str| format!("`{}`", cell(word));
    let row = |entry: &Entry| {
        let mut word = code(&entry.word);
        for other in &entry.others {
            word.push_str(&format!(" ({})", code(other)));
        }
        let facts = kind.columns.iter().map(|column| cell(entry.fact(column)));
        let cells: Vec<String> = std::iter::once(word).chain(facts).chain([cell(entry.sentence.as_ref())]).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    let heads: Vec<&str> = std::iter::once(kind.singular).chain(kind.columns.iter().copied()).chain(["what"]).collect();
    let line = format!("|{}\n", "---|".repeat(heads.len()));
    let rows: String = entries.iter().map(row).collect();
    format!("| {} |\n{line}{rows}", heads.join(" | "))
}

/// A list of objects.
#[must_use]
pub fn json(entries: &[Entry]) -> String {
    let objects: Vec<Value> = entries.iter().map(object).collect();
    let mut text = serde_json::to_string_pretty(&objects).expect("texts are JSON");
    text.push('\n');
    text
}

fn object(entry: &Entry) -> Value {
    let mut object = Map::new();
    object.insert("word".to_owned(), json!(entry.word));
    object.insert("sentence".to_owned(), json!(entry.sentence));
    if !entry.others.is_empty() {
        object.insert("others".to_owned(), json!(entry.others));
    }
    for (name, value) in &entry.facts {
        object.insert(name.replace(' ', "_"), json!(value));
    }
    if let Some(explained) = entry.explanation {
        let texts = json!({
            "means": explained.means,
            "comes_about": explained.comes_about,
            "seen": explained.seen,
            "advice": explained.advice,
        });
        object.insert("explanation".to_owned(), texts);
    }
    Value::Object(object)
}

/// A word at length.
#[must_use]
pub fn explained(found: &Found) -> String {
    let Found { kind, entry } = found;
    let mut text = format!("{} ({})\n", entry.word, kind.singular);
    text.push_str(&wrapped(&entry.sentence, "  "));
    if let Some(explained) = entry.explanation {
        let parts = [
            ("What it means", explained.means),
            ("How it comes about", explained.comes_about),
            ("How one sees it on a live cluster", explained.seen),
            ("What to do", explained.advice),
        ];
        for (title, part) in parts.iter().filter(|(_, part)| !part.is_empty() && *part != entry.sentence) {
            text.push_str(&format!("\n{title}\n{}", wrapped(part, "  ")));
        }
    }
    if !entry.facts.is_empty() || !entry.others.is_empty() {
        text.push('\n');
    }
    let others = (!entry.others.is_empty()).then(|| ("also called", entry.others.join(", ")));
    let facts: Vec<(&str, &str)> = others
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .chain(entry.facts.iter().map(|(name, value)| (*name, value.as_str())))
        .collect();
    let width = facts.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    for (name, value) in facts {
        let indent = " ".repeat(width + 4);
        let lines: String = value.lines().map(|line| wrapped(line, &indent)).collect();
        text.push_str(&format!("  {name:width$}  {}", lines.trim_start()));
    }
    text
}

/// A paragraph in lines of [`WIDTH`], each behind an indent.
fn wrapped(text: &str, indent: &str) -> String {
    let (mut lines, mut line) = (String::new(), String::new());
    for word in text.split_whitespace() {
        if !line.is_empty() && indent.len() + line.chars().count() + 1 + word.chars().count() > WIDTH {
            lines.push_str(&format!("{indent}{line}\n"));
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if !line.is_empty() {
        lines.push_str(&format!("{indent}{line}\n"));
    }
    lines
}
