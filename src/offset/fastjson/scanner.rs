//! Characters, space and comments (`JSONScanner`, `JSONLexerBase.skipWhitespace`, `skipComment`).

use super::error::ParseError;

/// fastjson's mark for the end of input; one in the text ends it only where nothing follows.
const END_OF_INPUT: char = '\u{1a}';

/// The most that objects and arrays may stand inside each other, as in fastjson itself (`DefaultJSONParser.parseArray`:
/// `array level > 512`).
const MOST_LEVELS: usize = 512;
/// What is said of a text that has more.
pub(super) const TOO_DEEP: &str = "at most 512 objects and arrays inside each other";

/// A text and a place in it.
#[derive(Debug)]
pub(in super::super) struct Scanner {
    text: Vec<char>,
    at: usize,
    level: usize,
}

impl Scanner {
    /// The start of a text; one byte order mark is passed over.
    pub(in super::super) fn new(text: &str) -> Self {
        Self { text: text.strip_prefix('\u{feff}').unwrap_or(text).chars().collect(), at: 0, level: 0 }
    }

    /// `JSONLexer.isBlankInput`: nothing but white space, or until the mark for the end.
    pub(super) fn is_blank(&self) -> bool {
        self.text.iter().take_while(|&&c| c != END_OF_INPUT).all(|&c| is_space(c))
    }

    /// An error here.
    pub(in super::super) fn expected(&self, what: &'static str) -> ParseError {
        self.expected_at(self.at, what)
    }

    /// An error at an earlier place.
    pub(in super::super) fn expected_at(&self, at: usize, what: &'static str) -> ParseError {
        ParseError::new(&self.text, at.min(self.text.len()), what)
    }

    /// Where we are.
    pub(in super::super) fn position(&self) -> usize {
        self.at
    }

    /// Returns to an earlier place.
    pub(super) fn go_back(&mut self, at: usize) {
        self.at = at;
    }

    /// The next character.
    pub(in super::super) fn peek(&self) -> Option<char> {
        self.text.get(self.at).copied()
    }

    /// Takes the next character.
    pub(super) fn next(&mut self) -> Option<char> {
        let next = self.peek();
        self.at += usize::from(next.is_some());
        next
    }

    /// Takes the next character if it is this one.
    pub(in super::super) fn accept(&mut self, wanted: char) -> bool {
        let same = self.peek() == Some(wanted);
        self.at += usize::from(same);
        same
    }

    /// Takes this character or fails.
    pub(in super::super) fn require(&mut self, wanted: char, what: &'static str) -> Result<(), ParseError> {
        if self.accept(wanted) { Ok(()) } else { Err(self.expected(what)) }
    }

    /// Takes characters while they satisfy the condition.
    pub(super) fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> String {
        let start = self.at;
        while self.peek().is_some_and(&wanted) {
            self.at += 1;
        }
        self.text[start..self.at].iter().collect()
    }

    /// Passes over white space and comments, as before and after a field's name.
    pub(in super::super) fn skip_space(&mut self) -> Result<(), ParseError> {
        self.skip(is_space)
    }

    /// Passes over white space, comments and control characters, as before a value.
    pub(in super::super) fn skip_to_token(&mut self) -> Result<(), ParseError> {
        self.skip(|c| c <= ' ' || c == '\u{7f}')
    }

    /// Reads what stands a level deeper than what is being read. Each level is a call, and a thread has only so many.
    pub(super) fn deeper<T>(&mut self, read: fn(&mut Self) -> Result<T, ParseError>) -> Result<T, ParseError> {
        self.descend()?;
        let read = read(self);
        self.ascend();
        read
    }

    /// Goes a level deeper, or fails where there are too many.
    pub(super) fn descend(&mut self) -> Result<(), ParseError> {
        if self.level == MOST_LEVELS {
            return Err(self.expected(TOO_DEEP));
        }
        self.level += 1;
        Ok(())
    }

    /// Comes back from a level.
    pub(super) fn ascend(&mut self) {
        self.level -= 1;
    }

    /// Fails where anything but space follows.
    pub(in super::super) fn require_end(&mut self) -> Result<(), ParseError> {
        self.skip_to_token()?;
        if self.peek().is_some() { Err(self.expected("the end of the file")) } else { Ok(()) }
    }

    fn skip(&mut self, skipped: impl Fn(char) -> bool) -> Result<(), ParseError> {
        loop {
            self.take_while(&skipped);
            if self.peek() != Some('/') {
                return Ok(());
            }
            let start = self.at;
            match self.text.get(start + 1) {
                Some('/') => {
                    self.take_while(|c| c != '\n');
                }
                Some('*') => {
                    let end = self.text[start + 2..].windows(2).position(|pair| pair == ['*', '/']);
                    let Some(end) = end else { return Err(self.expected_at(start, "a comment that ends with \"*/\"")) };
                    self.at = start + 2 + end + 2;
                }
                _ => return Err(self.expected("a value or a comment")),
            }
        }
    }
}

/// `JSONLexerBase.isWhitespace`.
pub(super) fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}' | '\u{8}')
}
