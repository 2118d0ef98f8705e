//! `--set path=value`: one value of a scenario replaced or added from outside.

use super::{Entry, Fault, Node, Place, Sources, Value};
use crate::wording::instead;

/// One `--set`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override {
    text: String,
    path: Vec<String>,
    value: String,
}

/// Why a text is not an override.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OverrideError {
    /// There is no `=`, or nothing before it.
    #[error("`--set {0}` is not an override; write PATH=VALUE, as in `groups.g.pullBatchSize=64` or `duration=60s`")]
    Malformed(String),
}

impl Override {
    /// Reads `path=value`. The path is dotted; an element of a list is named by its `name` or its position from 0.
    ///
    /// # Errors
    /// [`OverrideError::Malformed`] where the text has no path or no `=`. Whether the path exists is seen by
    /// [`super::super::parse`].
    pub fn parse(text: &str) -> Result<Self, OverrideError> {
        let malformed = || OverrideError::Malformed(text.to_owned());
        let (path, value) = text.split_once('=').ok_or_else(malformed)?;
        let path: Vec<String> = path.split('.').map(|part| part.trim().to_owned()).collect();
        if path.iter().any(String::is_empty) {
            return Err(malformed());
        }
        Ok(Self { text: text.to_owned(), path, value: value.to_owned() })
    }

    /// Puts the value into the tree; what the reader does not know there it refuses as it would in the file.
    pub(in crate::scenario) fn apply(&self, root: &mut Node, sources: &mut Sources) -> Result<(), Fault> {
        let source = sources.add("--set", &self.text);
        let offset = self.text.len() - self.value.len();
        // A bare word such as `60s` or `avg` is a string.
        let mut value = Node::parse_value(self.value.trim(), source, offset).unwrap_or_else(|_| {
            let place = Place { source, start: offset, end: self.text.len() };
            Node { value: Value::Text(self.value.trim().to_owned()), place }
        });
        if value.place.start == value.place.end {
            value.place = Place { source, start: offset, end: self.text.len() };
        }
        let mut start = 0;
        let mut at = root;
        for (depth, part) in self.path.iter().enumerate() {
            let place = Place { source, start, end: start + part.len() };
            start += part.len() + 1;
            let last = depth + 1 == self.path.len();
            at = descend(at, part, place)?;
            if last {
                *at = value;
                return Ok(());
            }
        }
        unreachable!("a path has at least one part")
    }
}

/// The child with this name; a key that a table lacks is added, an element that a list lacks is not.
fn descend<'a>(node: &'a mut Node, part: &str, place: Place) -> Result<&'a mut Node, Fault> {
    let kind = node.kind();
    match &mut node.value {
        Value::Table(entries) => {
            let at = entries.iter().position(|entry| entry.key == part).unwrap_or_else(|| {
                let node = Node { value: Value::Table(Vec::new()), place };
                entries.push(Entry { key: part.to_owned(), key_place: place, node });
                entries.len() - 1
            });
            Ok(&mut entries[at].node)
        }
        Value::List(items) => {
            let names: Vec<String> = items.iter().enumerate().map(|(index, item)| name_of(item, index)).collect();
            let named = names.iter().position(|name| name == part);
            let at = named.or_else(|| part.parse().ok().filter(|&index| index < items.len())).ok_or_else(|| {
                Fault::new(
                    place,
                    format!("there is no `{part}` in this list"),
                    instead(part, names.iter().map(String::as_str)),
                )
            })?;
            Ok(&mut items[at])
        }
        _ => Err(Fault::new(place, format!("`{part}` would be a part of {kind}"), "the path ends before it")),
    }
}

/// The `name` of a list's element (or its topic, label or own text), else its position.
fn name_of(item: &Node, index: usize) -> String {
    match &item.value {
        Value::Text(text) => text.clone(),
        Value::Table(entries) => {
            let named = ["name", "mark"].iter().find_map(|key| entries.iter().find(|entry| entry.key == *key));
            match named.map(|entry| &entry.node.value) {
                Some(Value::Text(text)) => text.clone(),
                _ => index.to_string(),
            }
        }
        _ => index.to_string(),
    }
}
