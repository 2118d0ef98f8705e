//! The catalogue of scenarios as a list, as JSON, and as tables for a page.

use std::fmt::Write as _;

use super::wording::printable_line;
use crate::scenario::catalogue::{Entry, FOLDERS};

/// One line for each: path, title, question, and in brackets the threads and the traps.
#[must_use]
pub fn text(entries: &[Entry]) -> String {
    let width = |of: fn(&Entry) -> &str| entries.iter().map(|entry| of(entry).chars().count()).max().unwrap_or(0);
    let (paths, titles) = (width(|entry| &entry.path), width(|entry| &entry.title));
    let mut text = String::new();
    for Entry { path, title, question, origin, .. } in entries {
        let mut line = format!("{path:paths$}  {title:titles$}");
        if !question.is_empty() {
            line += &format!("  {question}");
        }
        let shown: Vec<&str> = origin.sources.iter().chain(&origin.traps).map(String::as_str).collect();
        if !shown.is_empty() {
            line += &format!("  ({})", shown.join(", "));
        }
        writeln!(text, "{}", printable_line(line.trim_end())).expect("a string takes every write");
    }
    text
}

/// A list of objects.
#[must_use]
pub fn json(entries: &[Entry]) -> String {
    let object = |entry: &Entry| {
        serde_json::json!({
            "path": entry.path,
            "folder": entry.folder,
            "title": entry.title,
            "question": entry.question,
            "sources": entry.origin.sources,
            "traps": entry.origin.traps,
        })
    };
    let list: Vec<serde_json::Value> = entries.iter().map(object).collect();
    let mut text = serde_json::to_string_pretty(&list).expect("texts are JSON");
    text.push('\n');
    text
}

/// A table for each folder, with links from a page that stands in the folder that is listed.
#[must_use]
pub fn markdown(entries: &[Entry]) -> String {
    let mut text = String::new();
    for part in entries.chunk_by(|a, b| a.folder == b.folder) {
        let folder = &part[0].folder;
        let question = FOLDERS.iter().find(|(known, _)| known == folder).map_or("", |(_, question)| *question);
        let heading = match (folder.as_str(), question) {
            ("", _) => String::new(),
            (folder, "") => format!("### {folder}\n\n"),
            (folder, question) => format!("### {folder}: {question}\n\n"),
        };
        let gap = if text.is_empty() { "" } else { "\n" };
        write!(text, "{gap}{heading}| file | what it asks | source | trap |\n|---|---|---|---|\n")
            .expect("it takes all");
        for entry in part {
            let file = entry.file();
            let name = file.strip_suffix(".toml").unwrap_or(file);
            let place = if folder.is_empty() { file.to_owned() } else { format!("{folder}/{file}") };
            let asks = if entry.question.is_empty() { &entry.title } else { &entry.question };
            let sources: Vec<String> = entry.origin.sources.iter().map(|source| link(source)).collect();
            let (sources, traps) = (sources.join(", "), entry.origin.traps.join(", "));
            writeln!(text, "| [{name}]({place}) | {} | {sources} | {traps} |", cell(asks)).expect("it takes all");
        }
    }
    text
}

/// A text that does not end its cell.
fn cell(text: &str) -> String {
    printable_line(text).replace('|', "\\|")
}

/// A thread or an address to click on.
fn link(source: &str) -> String {
    match source.split_once("://") {
        Some((_, rest)) => format!("[{}]({source})", rest.split('/').next().unwrap_or(rest)),
        None => format!("[{source}](https://github.com/{})", source.replace('#', "/issues/")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries() -> Vec<Entry> {
        let read = |folder: &str, path: &str, text: &str| Entry::read(folder, path, text).expect("it has a head");
        let first = "title = 'One id'\nquestion = 'Who | what?'\nsource = ['a/b#7', 'https://x.org/y']\ntrap = 'E2'";
        vec![
            read("order", "s/order/one.toml", first),
            read("mine", "s/mine/other.toml", "title = 'Another'"),
            read("", "s/x.toml", "title = 'A third'\nquestion = 'Why?'"),
        ]
    }

    #[test]
    fn a_line_says_all_and_nothing_stands_at_its_end() {
        let expected = "s/order/one.toml   One id   Who | what?  (a/b#7, https://x.org/y, E2)\n\
                        s/mine/other.toml  Another\n\
                        s/x.toml           A third  Why?\n";
        assert_eq!(text(&entries()), expected);
    }

    #[test]
    fn a_page_has_a_table_for_each_folder() {
        let head = "| file | what it asks | source | trap |\n|---|---|---|---|\n";
        let expected = format!(
            "### order: What happens to ordered queues?\n\n{head}| [one](order/one.toml) | Who \\| what? | \
             [a/b#7](https://github.com/a/b/issues/7), [x.org](https://x.org/y) | E2 |\n\n\
             ### mine\n\n{head}| [other](mine/other.toml) | Another |  |  |\n\n\
             {head}| [x](x.toml) | Why? |  |  |\n"
        );
        assert_eq!(markdown(&entries()), expected);
    }
}
