//! Any text in fastjson's dialect as a tree whose parts know their lines, for those who want to say where something stands.

use super::error::ParseError;
use super::scanner::Scanner;
use super::value::{Value, integer_of_text, long_of};

/// The most that objects and arrays may stand inside each other: each level is a call that keeps what it found so far, and
/// no file of RocketMQ has ten.
const MOST_LEVELS: usize = 64;

/// A value and the line on which it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located {
    /// The line, from 1.
    pub line: usize,
    /// What stands there.
    pub node: Node,
}

/// What a text may hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number as it is written.
    Number(String),
    /// A text.
    Text(String),
    /// An array.
    List(Vec<Located>),
    /// An object: names in the order of the text, and the values. A name may be an object itself, as queues are in an
    /// `offsets.json`; one that stands twice is here twice.
    Object(Vec<(Located, Located)>),
}

/// A part of a text that holds several documents with other things between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// An object.
    Document(Located),
    /// A line outside of all objects that is not blank.
    Stray {
        /// Which, from 1.
        line: usize,
        /// What stands there.
        text: String,
    },
    /// An object that cannot be read; nothing behind it is.
    Broken(ParseError),
}

/// All objects of a text, one after another.
#[must_use]
pub fn documents(text: &str) -> Vec<Piece> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let ends: Vec<usize> = text.chars().enumerate().filter(|(_, c)| *c == '\n').map(|(at, _)| at).collect();
    let mut tree = Tree { scanner: Scanner::new(text), ends, level: 0 };
    let mut pieces = Vec::new();
    loop {
        tree.scanner.take_while(|c| c <= ' ' || c == '\u{7f}');
        let line = tree.line();
        match tree.scanner.peek() {
            None => return pieces,
            Some('{') => match tree.value() {
                Ok(document) => pieces.push(Piece::Document(document)),
                Err(error) => {
                    pieces.push(Piece::Broken(error));
                    return pieces;
                }
            },
            Some(_) => pieces.push(Piece::Stray { line, text: tree.scanner.take_while(|c| c != '\n') }),
        }
    }
}

/// A scanner that knows where lines end.
struct Tree {
    scanner: Scanner,
    ends: Vec<usize>,
    level: usize,
}

impl Tree {
    fn line(&self) -> usize {
        self.ends.partition_point(|end| *end < self.scanner.position()) + 1
    }

    fn value(&mut self) -> Result<Located, ParseError> {
        self.scanner.skip_to_token()?;
        let line = self.line();
        let node = match self.scanner.peek() {
            Some('{') => self.deeper(Self::object)?,
            Some('[') => self.deeper(Self::list)?,
            _ => match self.scanner.value()? {
                Value::Null => Node::Null,
                Value::Bool(value) => Node::Bool(value),
                Value::Number(text) => Node::Number(text),
                Value::Text(text) | Value::Composite(text) => Node::Text(text),
            },
        };
        Ok(Located { line, node })
    }

    fn deeper(&mut self, read: fn(&mut Self) -> Result<Node, ParseError>) -> Result<Node, ParseError> {
        if self.level == MOST_LEVELS {
            return Err(self.scanner.expected("at most 64 objects and arrays inside each other"));
        }
        self.level += 1;
        let read = read(self);
        self.level -= 1;
        read
    }

    fn object(&mut self) -> Result<Node, ParseError> {
        self.scanner.require('{', "\"{\"")?;
        let mut fields = Vec::new();
        loop {
            self.scanner.skip_to_token()?;
            if self.scanner.accept(',') {
                continue;
            }
            if self.scanner.accept('}') {
                return Ok(Node::Object(fields));
            }
            let line = self.line();
            let name = match self.scanner.peek() {
                Some('0'..='9' | '-' | '{' | '[') => {
                    let name = self.value()?;
                    self.scanner.skip_space()?;
                    self.scanner.require(':', "\":\" after the key")?;
                    name
                }
                _ => Located { line, node: Node::Text(self.scanner.field_name()?) },
            };
            fields.push((name, self.value()?));
            self.scanner.skip_to_token()?;
            if !matches!(self.scanner.peek(), Some(',' | '}')) {
                return Err(self.scanner.expected("\",\" or \"}\""));
            }
        }
    }

    fn list(&mut self) -> Result<Node, ParseError> {
        self.scanner.require('[', "\"[\"")?;
        let mut elements = Vec::new();
        loop {
            self.scanner.skip_to_token()?;
            if self.scanner.accept(',') {
                continue;
            }
            if self.scanner.accept(']') {
                return Ok(Node::List(elements));
            }
            elements.push(self.value()?);
        }
    }
}

impl Located {
    /// The value of a field; the last of two with one name, as Java's maps keep it.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Self> {
        self.fields().iter().rev().find(|(key, _)| key.text() == Some(name)).map(|(_, value)| value)
    }

    /// Names and values of an object; none of anything else.
    #[must_use]
    pub fn fields(&self) -> &[(Self, Self)] {
        if let Node::Object(fields) = &self.node { fields } else { &[] }
    }

    /// The elements of an array; none of anything else.
    #[must_use]
    pub fn elements(&self) -> &[Self] {
        if let Node::List(elements) = &self.node { elements } else { &[] }
    }

    /// A text; a number counts as one where it is a name, `{0:"10.0.0.1:10911"}`.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        if let Node::Text(text) | Node::Number(text) = &self.node { Some(text) } else { None }
    }

    /// A 64-bit number, in quotes or not; a fraction is cut off.
    #[must_use]
    pub fn long(&self) -> Option<i64> {
        match &self.node {
            Node::Number(text) => long_of(&Value::Number(text.clone())),
            Node::Text(text) => integer_of_text(text),
            _ => None,
        }
    }

    /// `true` or `false`.
    #[must_use]
    pub fn flag(&self) -> Option<bool> {
        if let Node::Bool(value) = self.node { Some(value) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_know_their_lines_and_strays_are_told() {
        let pieces = documents("noise\n{\n  \"a\":{0:5,\n1:7,},\n b : [1,\n\"x\"]\n}\n{{\"q\":1}:2}");
        let [Piece::Stray { line: 1, text }, Piece::Document(first), Piece::Document(second)] = &pieces[..] else {
            panic!("{pieces:?}");
        };
        assert_eq!((text.as_str(), first.line, second.line), ("noise", 2, 8));
        let offsets: Vec<_> =
            first.get("a").unwrap().fields().iter().map(|(k, v)| (k.line, k.long(), v.long())).collect();
        assert_eq!(offsets, [(3, Some(0), Some(5)), (4, Some(1), Some(7))]);
        assert_eq!(first.get("b").unwrap().elements()[1].line, 6);
        assert_eq!(second.fields()[0].0.get("q").and_then(Located::long), Some(1));
    }

    #[test]
    fn what_is_too_deep_is_refused() {
        for open in ["[", "{\"a\":", "{{\"a\":1}:{\"a\":[", "{{"] {
            let text = format!("{{\"a\":{}", open.repeat(100_000));
            assert!(matches!(&documents(&text)[..], [Piece::Broken(_)]), "{open}");
        }
    }
}
