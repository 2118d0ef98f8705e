//! How numbers and values stand in sentences. Every room says its sentences with it, and it knows none of them.

mod near;
mod said;

pub use near::{by_nearness, did_you_mean, instead, nearest, said_otherwise};
pub use said::SAID_FOR;

use std::borrow::Cow;

/// A count with its thousands apart: `1,234,567`.
#[must_use]
pub fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (position, digit) in digits.char_indices() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A noun beside a count: `queue` beside 1, else `queues`.
#[must_use]
pub fn noun(count: u64, one: &str) -> Cow<'_, str> {
    if count == 1 { Cow::Borrowed(one) } else { Cow::Owned(format!("{one}s")) }
}

/// `1 queue`, `2 queues`.
#[must_use]
pub fn counted(count: u64, one: &str) -> String {
    format!("{} {}", grouped(count), noun(count, one))
}

/// The most characters of a value that a sentence repeats.
const MOST_REPEATED: usize = 80;

/// A value as a sentence repeats it: the beginning of a long one, and how long it is.
#[must_use]
pub fn repeated(value: &str) -> Cow<'_, str> {
    match value.char_indices().nth(MOST_REPEATED) {
        Some((end, _)) => {
            Cow::Owned(format!("{}… ({} characters)", &value[..end], grouped(value.chars().count() as u64)))
        }
        None => Cow::Borrowed(value),
    }
}

/// A line of a sentence in which no value is longer than a sentence should repeat: neither what stands in backquotes or in
/// quotes, nor a word without a space.
#[must_use]
pub fn with_short_values(line: &str) -> Cow<'_, str> {
    if line.chars().nth(MOST_REPEATED).is_none() {
        return Cow::Borrowed(line);
    }
    let mut said = String::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let closes = |quote: char| rest[1..].find(quote).map(|at| at + 1);
        let (value, after) = match (first, matches!(first, '`' | '"').then(|| closes(first)).flatten()) {
            (quote, Some(end)) => {
                said.push(quote);
                said.push_str(&repeated(&rest[1..end]));
                said.push(quote);
                ("", &rest[end + 1..])
            }
            (c, None) if c.is_whitespace() || matches!(c, '`' | '"') => rest.split_at(c.len_utf8()),
            _ => rest.split_at(rest.find(|c: char| c.is_whitespace() || matches!(c, '`' | '"')).unwrap_or(rest.len())),
        };
        said.push_str(&repeated(value));
        rest = after;
    }
    Cow::Owned(said)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_nouns_follow_them() {
        let table =
            [(0, "0 queues"), (1, "1 queue"), (2, "2 queues"), (999, "999 queues"), (1_234_567, "1,234,567 queues")];
        for (count, said) in table {
            assert_eq!(counted(count, "queue"), said);
        }
    }

    #[test]
    fn a_sentence_repeats_the_beginning_of_a_long_value() {
        let (long, shown) = ("x".repeat(30_000), format!("{}… (30,000 characters)", "x".repeat(80)));
        let spaced = "a b ".repeat(50);
        let spaced_shown = format!("{}… (200 characters)", &spaced[..80]);
        let table = [
            ("`short` is no span; write 30s".to_owned(), "`short` is no span; write 30s".to_owned()),
            (format!("`{long}` is no span; write 30s"), format!("`{shown}` is no span; write 30s")),
            (format!("kind is \"{long}\", not `x`"), format!("kind is \"{shown}\", not `x`")),
            (format!("'{long} is not closed"), format!("'{}… (30,001 characters) is not closed", "x".repeat(79))),
            (format!("`{spaced}` is not a name; `b c` is"), format!("`{spaced_shown}` is not a name; `b c` is")),
            (format!("one ` alone, and {long}"), format!("one ` alone, and {shown}")),
            ("ü".repeat(81), format!("{}… (81 characters)", "ü".repeat(80))),
            ("a sentence of words ".repeat(40), "a sentence of words ".repeat(40)),
        ];
        for (sentence, said) in table {
            assert_eq!(with_short_values(&sentence), said);
        }
    }
}
