//! Quoted texts and bare names (`JSONLexerBase.scanString`, `scanSymbol`, `scanSymbolUnQuoted`).

use super::error::ParseError;
use super::scanner::Scanner;

impl Scanner {
    /// A text in the quotes that start here. Line ends and control characters may stand inside.
    pub(in super::super) fn quoted(&mut self) -> Result<String, ParseError> {
        let start = self.position();
        let quote = self.next().expect("the caller saw a quote");
        let mut units: Vec<u16> = Vec::new();
        loop {
            match self.next() {
                None => return Err(self.expected_at(start, "a text that ends with its quote")),
                Some(c) if c == quote => return Ok(String::from_utf16_lossy(&units)),
                Some('\\') => units.push(self.escape()?),
                Some(c) => units.extend_from_slice(c.encode_utf16(&mut [0; 2])),
            }
        }
    }

    /// What stands after a backslash, as one UTF-16 unit.
    fn escape(&mut self) -> Result<u16, ParseError> {
        let start = self.position() - 1;
        let unit = match self.next() {
            Some(c @ '0'..='7') => c as u16 - '0' as u16,
            Some('b') => 8,
            Some('t') => 9,
            Some('n') => 10,
            Some('v') => 11,
            Some('f' | 'F') => 12,
            Some('r') => 13,
            Some(c @ ('"' | '\'' | '/' | '\\')) => c as u16,
            Some('x') => self.hexadecimal(2, start)?,
            Some('u') => self.hexadecimal(4, start)?,
            _ => return Err(self.expected_at(start, "a known escape such as \\n or \\u0041")),
        };
        Ok(unit)
    }

    fn hexadecimal(&mut self, digits: usize, start: usize) -> Result<u16, ParseError> {
        let mut unit = 0;
        for _ in 0..digits {
            let digit = self.next().and_then(|c| c.to_digit(16));
            let digit = digit.ok_or_else(|| self.expected_at(start, "hexadecimal digits after the escape"))?;
            unit = unit * 16 + digit as u16;
        }
        Ok(unit)
    }

    /// Name of a field with its colon: in either quotes, or bare.
    pub(in super::super) fn field_name(&mut self) -> Result<String, ParseError> {
        let name = match self.peek() {
            Some('"' | '\'') => self.quoted()?,
            Some(c) if is_name_start(c) => self.take_while(|c| is_name_start(c) || c.is_ascii_digit()),
            _ => return Err(self.expected("the name of a field or \"}\"")),
        };
        self.skip_space()?;
        self.require(':', "\":\" after the name of the field")?;
        Ok(name)
    }
}

/// `CharTypes.firstIdentifierFlags`; everything beyond Latin-1 counts as a letter.
fn is_name_start(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_' || c == '$' || c > '\u{ff}'
}
