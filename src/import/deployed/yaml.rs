//! YAML as a tree whose parts know their lines. The events are saphyr-parser's; it calls nothing on itself, however deep a
//! text is, and what could grow without end is bounded here: levels, and what aliases repeat.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser, ScalarStyle};

/// The most that lists and maps may stand inside each other.
const MOST_LEVELS: usize = 64;
/// The most parts that aliases may add to a text: a few lines of them can stand for thousands of millions.
const MOST_REPEATED: usize = 100_000;

/// A value and the line on which it begins.
#[derive(Debug, Clone)]
pub(in crate::import) struct Yaml {
    /// The line, from 1.
    pub line: usize,
    /// What stands there.
    pub node: Node,
}

/// What a text may hold.
#[derive(Debug, Clone)]
pub(in crate::import) enum Node {
    /// A text, a number, a word; whether it stands without quotes, and whether each of its lines is one of the text: what
    /// stands behind `|` begins on the next line, which is its line.
    Scalar { text: String, plain: bool, literal: bool },
    /// `- a`.
    List(Vec<Yaml>),
    /// `a: b`, in the order of the text.
    Map(Vec<(Yaml, Yaml)>),
}

/// The documents of a text, and where and why it cannot be read further.
pub(super) struct Documents {
    /// Those before that.
    pub documents: Vec<Yaml>,
    /// The line, and what is wrong there.
    pub broken: Option<(usize, String)>,
}

/// Reads a text.
pub(super) fn documents(text: &str) -> Documents {
    let mut builder = Builder { open: Vec::new(), anchors: BTreeMap::new(), repeated: 0, documents: Vec::new() };
    for event in Parser::new_from_str(text) {
        let broken = match event {
            Ok((event, span)) => builder.take(event, span.start.line()).map_err(|why| (span.start.line(), why)),
            Err(error) => Err((error.marker().line(), error.info().to_owned())),
        };
        if broken.is_err() {
            return Documents { documents: builder.documents, broken: broken.err() };
        }
    }
    Documents { documents: builder.documents, broken: None }
}

/// A list or map that is not closed yet.
struct Open {
    line: usize,
    anchor: usize,
    /// For a map: names and values by turns.
    parts: Vec<Yaml>,
}

struct Builder {
    open: Vec<Open>,
    anchors: BTreeMap<usize, Yaml>,
    repeated: usize,
    documents: Vec<Yaml>,
}

impl Builder {
    fn take(&mut self, event: Event<'_>, line: usize) -> Result<(), String> {
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let plain = style == ScalarStyle::Plain;
                let node = Node::Scalar { text: text.into_owned(), plain, literal: style == ScalarStyle::Literal };
                self.put(Yaml { line, node }, anchor);
            }
            Event::Alias(anchor) => {
                let Some(known) = self.anchors.get(&anchor) else { return Err("an alias of nothing".to_owned()) };
                self.repeated += known.parts();
                if self.repeated > MOST_REPEATED {
                    return Err(format!("aliases repeat more than {MOST_REPEATED} parts"));
                }
                let known = known.clone();
                self.put(known, 0);
            }
            Event::SequenceStart(anchor, _) | Event::MappingStart(anchor, _) => {
                if self.open.len() == MOST_LEVELS {
                    return Err(format!("more than {MOST_LEVELS} lists and maps inside each other"));
                }
                self.open.push(Open { line, anchor, parts: Vec::new() });
            }
            Event::SequenceEnd => {
                let Open { line, anchor, parts } = self.open.pop().ok_or("a list ends that did not begin")?;
                self.put(Yaml { line, node: Node::List(parts) }, anchor);
            }
            Event::MappingEnd => {
                let Open { line, anchor, parts } = self.open.pop().ok_or("a map ends that did not begin")?;
                let mut parts = parts.into_iter();
                let mut fields = Vec::new();
                while let (Some(name), Some(value)) = (parts.next(), parts.next()) {
                    fields.push((name, value));
                }
                self.put(Yaml { line, node: Node::Map(fields) }, anchor);
            }
            Event::DocumentStart(_) => self.anchors.clear(),
            Event::DocumentEnd | Event::StreamStart | Event::StreamEnd | Event::Nothing => {}
        }
        Ok(())
    }

    fn put(&mut self, value: Yaml, anchor: usize) {
        if anchor != 0 {
            // What an anchor keeps is a copy as well.
            self.repeated += value.parts();
            if self.repeated <= MOST_REPEATED {
                self.anchors.insert(anchor, value.clone());
            }
        }
        match self.open.last_mut() {
            Some(open) => open.parts.push(value),
            None => self.documents.push(value),
        }
    }
}

impl Yaml {
    fn parts(&self) -> usize {
        match &self.node {
            Node::Scalar { .. } => 1,
            Node::List(elements) => 1 + elements.iter().map(Self::parts).sum::<usize>(),
            Node::Map(fields) => 1 + fields.iter().map(|(name, value)| name.parts() + value.parts()).sum::<usize>(),
        }
    }

    /// The value of a field, its own or one that `<<` takes in.
    pub(super) fn get(&self, name: &str) -> Option<&Self> {
        let own = self.fields().iter().rev().find(|(key, _)| key.text() == Some(name)).map(|(_, value)| value);
        own.or_else(|| {
            let (_, taken) = self.fields().iter().find(|(key, _)| key.text() == Some("<<"))?;
            taken.get(name).or_else(|| taken.elements().iter().find_map(|one| one.get(name)))
        })
    }

    /// The value at the end of a path.
    pub(super) fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |at, name| at.get(name))
    }

    /// Names and values of a map; none of anything else.
    pub(super) fn fields(&self) -> &[(Self, Self)] {
        if let Node::Map(fields) = &self.node { fields } else { &[] }
    }

    /// [`Self::fields`], with those that `<<` takes in behind them.
    pub(super) fn all_fields(&self) -> impl Iterator<Item = &(Self, Self)> {
        let taken = self
            .fields()
            .iter()
            .filter(|(key, _)| key.text() == Some("<<"))
            .flat_map(|(_, taken)| taken.fields().iter().chain(taken.elements().iter().flat_map(Self::fields)));
        self.fields().iter().filter(|(key, _)| key.text() != Some("<<")).chain(taken)
    }

    /// The elements of a list; none of anything else.
    pub(super) fn elements(&self) -> &[Self] {
        if let Node::List(elements) = &self.node { elements } else { &[] }
    }

    /// A text, a number or a word; no null.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.node {
            Node::Scalar { text, plain: true, .. } if ["", "~", "null", "Null", "NULL"].contains(&text.as_str()) => {
                None
            }
            Node::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// A whole number that is not negative, in quotes or not.
    pub(super) fn count(&self) -> Option<u32> {
        self.text()?.parse().ok()
    }

    /// The line of its input on which the `nth` line of this text stands, from 0: known of literal blocks only.
    pub(super) fn line_of(&self, nth: usize) -> usize {
        if let Node::Scalar { literal: true, .. } = self.node { self.line + nth } else { self.line }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_know_their_lines() {
        let read = documents("a: 1\nb:\n  - x\n  - |\n    one\n    two\n---\nbase: &base {c: 2}\nd:\n  <<: *base\n");
        let [first, second] = &read.documents[..] else { panic!("two documents") };
        let list = first.get("b").unwrap().elements();
        assert_eq!((first.get("a").unwrap().count(), list[0].line), (Some(1), 3));
        assert_eq!((list[1].text(), list[1].line_of(1)), (Some("one\ntwo\n"), 6));
        assert_eq!(second.at(&["d", "c"]).unwrap().count(), Some(2));
    }

    #[test]
    fn what_grows_without_end_is_refused() {
        let bomb: String =
            (1..20).map(|n| format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 9].join(","))).collect();
        let deep = "- ".repeat(100_000);
        for text in [format!("a0: &a0 x\n{bomb}"), deep, "[".repeat(100_000), "{a: ".repeat(100_000)] {
            assert!(documents(&text).broken.is_some());
        }
        let anchors = "- &a ".repeat(60) + "x";
        assert!(documents(&anchors).documents.len() <= 1);
    }
}
