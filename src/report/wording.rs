//! Numbers as people read them. All by whole-number arithmetic, so that every machine prints the same.

use std::borrow::Cow;

use crate::check::{Cause, Figure};
pub use crate::wording::grouped;
pub(super) use crate::wording::{counted, noun};

/// A figure as a person reads it: `1,234`, `4.21s`, `0.987`.
#[must_use]
pub fn human_figure(figure: Figure) -> String {
    match figure {
        Figure::Count(count) => grouped(count),
        Figure::Span(span) => span.human(),
        Figure::Millionths(share) => {
            let thousandths = share / 1_000 + u64::from(share % 1_000 >= 500);
            format!("{}.{:03}", thousandths / 1_000, thousandths % 1_000)
        }
    }
}

/// Milliseconds with up to three decimals, rounded down to the microsecond: `12`, `12.5`, `0.125`.
#[must_use]
pub fn milliseconds(nanos: u64) -> String {
    let (whole, micros) = (nanos / 1_000_000, nanos / 1_000 % 1_000);
    if micros == 0 {
        return whole.to_string();
    }
    let fraction = format!("{micros:03}");
    format!("{whole}.{}", fraction.trim_end_matches('0'))
}

/// A text that says nothing to a terminal but itself: control characters, and those that turn the direction of writing,
/// are written as `\u001b`, which is also how JSON writes them. Lines and tabs stay.
#[must_use]
pub fn printable(text: &str) -> Cow<'_, str> {
    let acts = |c: char| {
        (c.is_control() && c != '\n' && c != '\t')
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
            || matches!(c, '\u{fffe}' | '\u{ffff}')
    };
    if !text.contains(acts) {
        return Cow::Borrowed(text);
    }
    let escaped = |c: char| if acts(c) { format!("\\u{:04x}", u32::from(c)) } else { c.to_string() };
    Cow::Owned(text.chars().map(escaped).collect())
}

/// The same on one line.
#[must_use]
pub fn printable_line(text: &str) -> Cow<'_, str> {
    if !text.contains(['\n', '\t']) {
        return printable(text);
    }
    Cow::Owned(printable(text).replace('\n', "\\u000a").replace('\t', "\\u0009"))
}

/// A cause as prose, with what is behind it: `unowned (waiting for expiry)`.
pub(super) fn with_why(cause: Cause, why: Option<Cause>) -> String {
    let cause = words(cause.word());
    why.map_or_else(|| cause.clone(), |why| format!("{cause} ({})", words(why.word())))
}

/// A stable word as prose: `handover_before_commit` becomes `handover before commit`.
pub(super) fn words(stable: &str) -> String {
    stable.replace('_', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_keep_three_digits() {
        assert_eq!(human_figure(Figure::Millionths(987_654)), "0.988");
        assert_eq!(human_figure(Figure::Millionths(999_999)), "1.000");
    }

    #[test]
    fn nothing_acts_on_a_terminal() {
        let table = [
            ("plain, ünïcode, 日本", "plain, ünïcode, 日本"),
            ("\x1b]0;owned\x07", "\\u001b]0;owned\\u0007"),
            ("a\u{9b}31mb\u{7f}\r", "a\\u009b31mb\\u007f\\u000d"),
            ("\u{202e}gnp.exe", "\\u202egnp.exe"),
            ("two\n\tlines", "two\n\tlines"),
        ];
        for (text, expected) in table {
            assert_eq!(printable(text), expected);
        }
        assert_eq!(printable_line("PASS\nPASS\t\x1b"), "PASS\\u000aPASS\\u0009\\u001b");
    }

    #[test]
    fn milliseconds_are_exact_to_the_microsecond() {
        let table =
            [(0, "0"), (12_000_000, "12"), (12_500_000, "12.5"), (125_999, "0.125"), (u64::MAX, "18446744073709.551")];
        for (nanos, expected) in table {
            assert_eq!(milliseconds(nanos), expected);
        }
    }
}
