//! A tree as the text of a scenario file, as people write one.

use std::fmt::Write;

use super::document::{Node, Value};

/// A longer list has a line for each item.
const LONGEST_LINE: usize = 100;

/// The whole text.
pub(super) fn text(root: &Node) -> String {
    let mut text = String::new();
    table(root, "", &mut text);
    text
}

fn table(node: &Node, path: &str, text: &mut String) {
    let Value::Table(entries) = &node.value else { return };
    for (key, _, part) in entries.iter().filter(|(.., part)| !below_header(part)) {
        let line = format!("{} = {}", name(key), in_one_piece(&part.value));
        match &part.value {
            Value::List(items) if line.chars().count() > LONGEST_LINE => {
                writeln!(text, "{} = [", name(key)).expect("a text takes all");
                for item in items {
                    writeln!(text, "    {},", in_one_piece(&item.value)).expect("a text takes all");
                }
                text.push_str("]\n");
            }
            _ => writeln!(text, "{line}").expect("a text takes all"),
        }
    }
    for (key, _, part) in entries.iter().filter(|(.., part)| below_header(part)) {
        let path = if path.is_empty() { name(key) } else { format!("{path}.{}", name(key)) };
        let mut below = |header: String, part: &Node| {
            let blank = if text.is_empty() { "" } else { "\n" };
            writeln!(text, "{blank}{header}").expect("a text takes all");
            table(part, &path, text);
        };
        match &part.value {
            Value::List(items) => items.iter().for_each(|item| below(format!("[[{path}]]"), item)),
            _ => below(format!("[{path}]"), part),
        }
    }
}

/// Whether a part stands below a header of its own. An emptied list, and one whose items are no tables any more, does not.
fn below_header(part: &Node) -> bool {
    let is_table = |node: &Node| matches!(node.value, Value::Table(_));
    match &part.value {
        Value::Table(_) => !part.inline,
        Value::List(items) => !part.inline && !items.is_empty() && items.iter().all(is_table),
        _ => false,
    }
}

fn in_one_piece(value: &Value) -> String {
    match value {
        Value::Text(text) => toml::Value::String(text.clone()).to_string(),
        Value::Integer(number) => number.to_string(),
        Value::Float(number) => toml::Value::Float(*number).to_string(),
        Value::Boolean(flag) => flag.to_string(),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(|item| in_one_piece(&item.value)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Table(entries) if entries.is_empty() => "{}".to_owned(),
        Value::Table(entries) => {
            let entry = |(key, _, part): &(String, _, Node)| format!("{} = {}", name(key), in_one_piece(&part.value));
            format!("{{ {} }}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
    }
}

/// A key, in quotes where it must be.
fn name(key: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    match !key.is_empty() && key.chars().all(bare) {
        true => key.to_owned(),
        false => toml::Value::String(key.to_owned()).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again_as_it_was() {
        let long = format!("a = [\n    {},\n]\n", ["\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""; 4].join(",\n    "));
        let table = [
            "a = 1\nb = 0.5\nc = true\nd = \"x\"\n",
            "a = [1, { b = 2, \"c d\" = [] }]\n\n[e]\nf = 1\n\n[[g]]\nh = 1\n\n[[g.i]]\nj = 1\n\n[g.k]\nl = {}\n",
            &long,
        ];
        for written in table {
            assert_eq!(text(&Node::parse(written).expect("it is TOML")), written);
        }
    }
}
