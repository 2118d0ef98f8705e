//! A scenario's text as a tree that can be pruned: values in the order they were written, with where they stand.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A value and where it stands in the text that it was read from.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub value: Value,
    /// Its bytes; of what was not read, none.
    pub place: (usize, usize),
    /// Whether a table or a list stands in one piece, and not below a header.
    pub inline: bool,
}

/// What a text can say.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Text(String),
    Integer(i64),
    Float(f64),
    Boolean(bool),
    List(Vec<Node>),
    Table(Vec<(String, (usize, usize), Node)>),
}

/// One step from a node to a part of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Turn {
    Key(String),
    At(usize),
}

/// The way from the root to a part.
pub(super) type Path = Vec<Turn>;

impl Node {
    /// Reads a whole text; `None`: it is no TOML, or has dates.
    pub fn parse(text: &str) -> Option<Self> {
        let table = DeTable::parse(text).ok()?;
        Some(Self { value: entries(table.get_ref(), text)?, place: (0, 0), inline: false })
    }

    /// Reads one value; a bare word is a text, as for `--set`.
    pub fn parse_value(text: &str) -> Self {
        let read = DeValue::parse(text).ok().and_then(|value| node(&value, text));
        let value = read.map_or_else(|| Value::Text(text.to_owned()), |node| node.value);
        Self::made(value)
    }

    /// A value that stands in no text.
    pub fn made(value: Value) -> Self {
        Self { value, place: (0, 0), inline: true }
    }

    /// A text that stands in no text.
    pub fn text(text: &str) -> Self {
        Self::made(Value::Text(text.to_owned()))
    }

    /// The part that a path leads to.
    pub fn at(&self, path: &[Turn]) -> Option<&Self> {
        path.iter().try_fold(self, |node, turn| match (&node.value, turn) {
            (Value::Table(entries), Turn::Key(key)) => {
                entries.iter().find(|(own, ..)| own == key).map(|(.., node)| node)
            }
            (Value::List(items), Turn::At(at)) => items.get(*at),
            _ => None,
        })
    }

    /// The part that a path leads to, to change it.
    pub fn at_mut(&mut self, path: &[Turn]) -> Option<&mut Self> {
        path.iter().try_fold(self, |node, turn| match (&mut node.value, turn) {
            (Value::Table(entries), Turn::Key(key)) => {
                entries.iter_mut().find(|(own, ..)| own == key).map(|(.., node)| node)
            }
            (Value::List(items), Turn::At(at)) => items.get_mut(*at),
            _ => None,
        })
    }

    /// Puts a value behind a key of the root.
    pub fn set(&mut self, key: &str, value: Self) {
        let Value::Table(entries) = &mut self.value else { return };
        match entries.iter_mut().find(|(own, ..)| own == key) {
            Some((.., node)) => *node = value,
            None => entries.push((key.to_owned(), (0, 0), value)),
        }
    }

    /// The text behind a key of the root.
    pub fn text_of(&self, key: &str) -> Option<&str> {
        match &self.at(&[Turn::Key(key.to_owned())])?.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Takes one part away.
    pub fn remove(&mut self, path: &[Turn]) {
        let Some((last, before)) = path.split_last() else { return };
        let Some(parent) = self.at_mut(before) else { return };
        match (&mut parent.value, last) {
            (Value::Table(entries), Turn::Key(key)) => entries.retain(|(own, ..)| own != key),
            (Value::List(items), Turn::At(at)) if *at < items.len() => _ = items.remove(*at),
            _ => {}
        }
    }

    /// Every part with its path, parents before their parts.
    pub fn parts(&self) -> Vec<(Path, &Self)> {
        fn walk<'a>(node: &'a Node, path: &Path, into: &mut Vec<(Path, &'a Node)>) {
            let mut below = |turn: Turn, part: &'a Node| {
                let path: Path = path.iter().cloned().chain([turn]).collect();
                into.push((path.clone(), part));
                walk(part, &path, into);
            };
            match &node.value {
                Value::Table(entries) => {
                    entries.iter().for_each(|(key, _, part)| below(Turn::Key(key.clone()), part));
                }
                Value::List(items) => items.iter().enumerate().for_each(|(at, part)| below(Turn::At(at), part)),
                _ => {}
            }
        }
        let mut all = Vec::new();
        walk(self, &Vec::new(), &mut all);
        all
    }

    /// The innermost part that a byte of the text belongs to, itself or by its key.
    pub fn standing_at(&self, byte: usize) -> Option<Path> {
        let covers = |(start, end): (usize, usize)| start <= byte && byte < end.max(start + 1);
        let of_key = |path: &Path| {
            let (last, before) = path.split_last()?;
            let Turn::Key(key) = last else { return None };
            let Value::Table(entries) = &self.at(before)?.value else { return None };
            entries.iter().find(|(own, ..)| own == key).map(|(_, place, _)| *place)
        };
        let parts = self.parts().into_iter();
        let found = parts.filter(|(path, part)| covers(part.place) || of_key(path).is_some_and(covers));
        found.map(|(path, _)| path).max_by_key(Vec::len)
    }

    /// How many items a list of the root has.
    pub fn count(&self, key: &str) -> usize {
        match self.at(&[Turn::Key(key.to_owned())]).map(|node| &node.value) {
            Some(Value::List(items)) => items.len(),
            _ => 0,
        }
    }
}

fn entries(table: &DeTable<'_>, text: &str) -> Option<Value> {
    let read = |(key, value): (&Spanned<std::borrow::Cow<'_, str>>, &Spanned<DeValue<'_>>)| {
        let span = key.span();
        Some((key.get_ref().to_string(), (span.start, span.end), node(value, text)?))
    };
    let mut entries = table.iter().map(read).collect::<Option<Vec<_>>>()?;
    // The parser sorts by name.
    entries.sort_by_key(|(_, place, _)| *place);
    Some(Value::Table(entries))
}

fn node(spanned: &Spanned<DeValue<'_>>, text: &str) -> Option<Node> {
    let span = spanned.span();
    let begins = |sign: char| text[span.start..].starts_with(sign);
    let (value, inline) = match spanned.get_ref() {
        DeValue::String(text) => (Value::Text(text.to_string()), true),
        DeValue::Integer(number) => {
            let digits = number.as_str().replace('_', "");
            (Value::Integer(i64::from_str_radix(&digits, number.radix()).ok()?), true)
        }
        DeValue::Float(number) => (Value::Float(number.as_str().replace('_', "").parse().ok()?), true),
        DeValue::Boolean(flag) => (Value::Boolean(*flag), true),
        DeValue::Datetime(_) => return None,
        DeValue::Array(items) => {
            let items = items.iter().map(|item| node(item, text)).collect::<Option<Vec<_>>>()?;
            let below_headers = !items.is_empty() && items.iter().all(|item| !item.inline);
            (Value::List(items), !below_headers)
        }
        DeValue::Table(table) => (entries(table, text)?, begins('{')),
    };
    Some(Node { value, place: (span.start, span.end), inline })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "a = 1\nb = [\"x\", \"y\"]\n\n[t]\nc = { d = 2 }\n\n[[s]]\nat = \"1s\"\n\n[[s]]\nat = \"2s\"\n";

    fn said(path: &Path) -> String {
        let turns = path.iter().map(|turn| match turn {
            Turn::Key(key) => key.clone(),
            Turn::At(at) => at.to_string(),
        });
        turns.collect::<Vec<_>>().join(".")
    }

    #[test]
    fn every_part_is_found_by_its_place_and_taken_away_by_its_path() {
        let root = Node::parse(TEXT).expect("it is TOML");
        let all: Vec<String> = root.parts().iter().map(|(path, _)| said(path)).collect();
        assert_eq!(all.join(" "), "a b b.0 b.1 t t.c t.c.d s s.0 s.0.at s.1 s.1.at");
        for (needle, path) in
            [("1\n", "a"), ("\"y\"", "b.1"), ("d = 2", "t.c.d"), ("\"2s\"", "s.1.at"), ("[[s]]", "s.0")]
        {
            let found = root.standing_at(TEXT.find(needle).expect("it is there"));
            assert_eq!(found.as_ref().map(said).as_deref(), Some(path), "{needle}");
        }
        let mut root = root;
        root.remove(&[Turn::Key("s".to_owned()), Turn::At(0)]);
        root.remove(&[Turn::Key("t".to_owned()), Turn::Key("c".to_owned())]);
        assert_eq!(super::super::writing::text(&root), "a = 1\nb = [\"x\", \"y\"]\n\n[t]\n\n[[s]]\nat = \"2s\"\n");
    }
}
