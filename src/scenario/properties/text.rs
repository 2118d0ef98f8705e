//! A text as `java.util.Properties.load` reads it, with the places of what it says.

/// A key and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Property {
    /// The line it begins on, from 1.
    pub line: usize,
    /// The key, without escapes.
    pub key: String,
    /// The value, without escapes; white space behind it belongs to it.
    pub value: String,
    /// Bytes of the key, and of the value as it is written.
    pub places: [std::ops::Range<usize>; 2],
}

/// White space within a line.
const SPACE: [char; 3] = [' ', '\t', '\u{c}'];

/// All keys with their values. Comments and blank lines say nothing, nor does a line without a key, such as the banner
/// that `mqadmin getBrokerConfig` prints.
#[must_use]
pub fn properties(text: &str) -> Vec<Property> {
    let (mut found, mut start, mut number) = (Vec::new(), 0, 0);
    while start < text.len() {
        let first = number + 1;
        let begins = start;
        // A backslash at its end makes a line go on with the next.
        let comment = text[start..].trim_start_matches(SPACE).starts_with(['#', '!']);
        let end = loop {
            let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
            number += 1;
            let line = text[start..line_end].trim_end_matches('\r');
            start = line_end + 1;
            let goes_on = line.chars().rev().take_while(|c| *c == '\\').count() % 2 == 1;
            if comment || !goes_on || start >= text.len() {
                break line_end.min(text.len());
            }
        };
        let written = text[begins..end].trim_end_matches('\r');
        let indent = written.len() - written.trim_start_matches(SPACE).len();
        if !comment && indent < written.len() {
            found.extend(property(&written[indent..], begins + indent, first));
        }
    }
    found
}

/// One line, with those that it goes on in.
fn property(written: &str, at: usize, line: usize) -> Option<Property> {
    let mut escaped = false;
    let ends = written.char_indices().find(|&(_, c)| {
        let ends = !escaped && (SPACE.contains(&c) || c == '=' || c == ':');
        escaped = !escaped && c == '\\';
        ends
    });
    let key_end = ends.map_or(written.len(), |(end, _)| end);
    let rest = written[key_end..].trim_start_matches(SPACE);
    let value = rest.strip_prefix(['=', ':']).unwrap_or(rest).trim_start_matches(SPACE);
    let value_start = at + written.len() - value.len();
    let key = unescaped(&written[..key_end]);
    let places = [at..at + key_end, value_start..value_start + value.len()];
    (!key.is_empty()).then(|| Property { line, key, value: unescaped(value), places })
}

/// Without backslashes.
fn unescaped(written: &str) -> String {
    let mut text = String::new();
    let mut rest = written.chars();
    while let Some(c) = rest.next() {
        if c != '\\' {
            text.push(c);
            continue;
        }
        match rest.next() {
            Some('t') => text.push('\t'),
            Some('n') => text.push('\n'),
            Some('r') => text.push('\r'),
            Some('f') => text.push('\u{c}'),
            Some('u') => {
                let digits: String = rest.by_ref().take(4).collect();
                text.push(u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32).unwrap_or('\u{fffd}'));
            }
            // The line goes on, behind the white space that the next one begins with.
            Some('\n') => rest = rest.as_str().trim_start_matches(SPACE).chars(),
            Some('\r') => rest = rest.as_str().trim_start_matches('\n').trim_start_matches(SPACE).chars(),
            Some(other) => text.push(other),
            None => {}
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `java.util.Properties` of JDK 8 gives.
    #[test]
    fn lines_are_read_as_java_reads_them() {
        for (text, expected) in [
            ("a=1\r\nb = 2\nc:3\nd 4\n", &[("a", "1"), ("b", "2"), ("c", "3"), ("d", "4")][..]),
            ("  a  =  1  \n", &[("a", "1  ")]),
            ("# a=1\n ! b=2\n\n \t\n", &[]),
            ("====10.0.0.1:10911====\na   =  1\n", &[("a", "1")]),
            ("a=1\\\n   2\\\r\n 3\nb", &[("a", "123"), ("b", "")]),
            ("a=1\\\\\nb=2\\", &[("a", "1\\"), ("b", "2")]),
            ("a\\=b=c=d\nu=\\u0041\\tx\\q\n", &[("a=b", "c=d"), ("u", "A\txq")]),
            ("# goes on \\\na=1", &[("a", "1")]),
            ("a=\\uzz", &[("a", "\u{fffd}")]),
        ] {
            let read = properties(text);
            let read: Vec<(&str, &str)> = read.iter().map(|p| (p.key.as_str(), p.value.as_str())).collect();
            assert_eq!(read, expected, "{text:?}");
        }
        let read = properties("x=1\n\n  key = value \n");
        assert_eq!((read[1].line, &read[1].places), (3, &[7..10, 13..19]));
    }
}
