//! Simpler values: smaller and rounder numbers, shorter times, a constant instead of a distribution.

use super::document::{Node, Value};
use crate::kernel::Span;

/// What may stand in the place of a value, the simplest first; nothing where it is as simple as it gets.
pub(super) fn simpler(node: &Node) -> Vec<Node> {
    match &node.value {
        Value::Integer(number) => {
            let integer = |number: u64| Some(Node::made(Value::Integer(i64::try_from(number).ok()?)));
            u64::try_from(*number).map_or(Vec::new(), |number| ladder(number).into_iter().filter_map(integer).collect())
        }
        Value::Text(text) => texts(text),
        // `{ exponential = "10ms" }` is `"10ms"`, and `{ name = "broker-a" }` is `"broker-a"`.
        Value::Table(entries) if entries.len() == 1 => match &entries[0].2.value {
            Value::Table(inner) => inner.iter().map(|(.., part)| part.clone()).collect(),
            Value::List(items) => items.clone(),
            _ => vec![entries[0].2.clone()],
        },
        // A time between two is the earlier one, and a list of one is that one.
        Value::List(items) if items.len() <= 2 && items.iter().all(|item| matches!(item.value, Value::Text(_))) => {
            items.first().cloned().into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// `"143s"`, `"-143s"` or `"20/s"`.
fn texts(text: &str) -> Vec<Node> {
    let (sign, plain) = text.strip_prefix('-').map_or(("", text), |plain| ("-", plain));
    if let Ok(span) = plain.parse::<Span>() {
        return shorter(span).into_iter().map(|span| Node::text(&format!("{sign}{}", in_one_unit(span)))).collect();
    }
    // The first of those that are counted: `c7` may as well be `c1`.
    let stem = plain.trim_end_matches(|c: char| c.is_ascii_digit());
    if let (false, Ok(number)) = (stem.is_empty(), plain[stem.len()..].parse::<u64>()) {
        return ladder(number).into_iter().map(|number| Node::text(&format!("{sign}{stem}{number}"))).collect();
    }
    let rate = text.split_once('/').and_then(|(number, unit)| Some((number.trim().parse::<u64>().ok()?, unit)));
    rate.map_or(Vec::new(), |(number, unit)| {
        ladder(number).into_iter().map(|number| Node::text(&format!("{number}/{unit}"))).collect()
    })
}

/// Shorter times, and last of all a rounder one that is a little longer.
pub(super) fn shorter(span: Span) -> Vec<Span> {
    const SECOND: u64 = 1_000_000_000;
    let nanos = span.as_nanos();
    // What takes seconds is told in whole ones.
    let unit = match nanos {
        0 => return Vec::new(),
        SECOND.. => SECOND,
        1_000_000..SECOND => 1_000_000,
        1_000..1_000_000 => 1_000,
        _ => 1,
    };
    let mut spans: Vec<Span> = ladder(nanos / unit).into_iter().map(|count| Span::from_nanos(count * unit)).collect();
    if !nanos.is_multiple_of(unit) {
        spans.push(Span::from_nanos(nanos / unit * unit));
    }
    let rounder = rounded_up(nanos.div_ceil(unit)) * unit;
    if rounder > nanos {
        spans.push(Span::from_nanos(rounder));
    }
    spans
}

/// A span in the one unit that people would say it in.
pub(super) fn in_one_unit(span: Span) -> String {
    let nanos = span.as_nanos();
    let units = [(3_600_000_000_000, "h"), (60_000_000_000, "m"), (1_000_000_000, "s"), (1_000_000, "ms")];
    // A minute is 60 s, and 3 minutes are 3m.
    let fits = |size: u64, name: &str| nanos.is_multiple_of(size) && nanos >= size * if name == "m" { 3 } else { 1 };
    let unit = units.into_iter().find(|(size, name)| fits(*size, name));
    unit.map_or_else(|| span.to_string(), |(size, name)| format!("{}{name}", nanos / size))
}

/// Rounder numbers below one: 1 to 12, 20, 50, 100 and so on, its first digit, and its first two.
fn ladder(number: u64) -> Vec<u64> {
    // Of a few members or queues each counts.
    let mut steps: Vec<u64> = (1..number.min(13)).collect();
    let mut power = 1_u64;
    while power < number {
        steps.extend([1, 2, 5].map(|digit| digit * power));
        let Some(next) = power.checked_mul(10) else { break };
        power = next;
    }
    steps.extend([cut(number, 1), cut(number, 2)]);
    steps.retain(|step| *step < number && *step > 0);
    steps.sort_unstable();
    steps.dedup();
    steps
}

/// The first digits of a number, and zeros.
fn cut(number: u64, digits: u32) -> u64 {
    let places = number.checked_ilog10().map_or(1, |log| log + 1);
    let unit = 10_u64.pow(places.saturating_sub(digits));
    number / unit * unit
}

/// A number of two digits and zeros that is not below.
fn rounded_up(number: u64) -> u64 {
    let cut = cut(number, 2);
    let unit = 10_u64.pow(number.checked_ilog10().map_or(0, |log| (log + 1).saturating_sub(2)));
    if cut == number { number } else { cut + unit }
}

#[cfg(test)]
mod tests {
    use super::super::writing;
    use super::*;

    #[test]
    fn values_become_smaller_and_rounder() {
        let table = [
            ("7", "1 2 3 4 5 6"),
            ("1", ""),
            ("-3", ""),
            ("143", "1 2 3 4 5 6 7 8 9 10 11 12 20 50 100 140"),
            ("\"c3\"", "\"c1\" \"c2\""),
            ("true", ""),
            ("\"x\"", ""),
            ("\"4/s\"", "\"1/s\" \"2/s\" \"3/s\""),
            (
                "\"143ms\"",
                "\"1ms\" \"2ms\" \"3ms\" \"4ms\" \"5ms\" \"6ms\" \"7ms\" \"8ms\" \"9ms\" \"10ms\" \"11ms\" \"12ms\" \"20ms\" \"50ms\" \"100ms\" \"140ms\" \"150ms\"",
            ),
            ("\"3ms\"", "\"1ms\" \"2ms\""),
            ("\"1500ms\"", "\"1s\" \"2s\""),
            ("\"-2s\"", "\"-1s\""),
            ("{ uniform = [\"1ms\", \"4ms\"] }", "\"1ms\" \"4ms\""),
            ("{ log_normal = { median = \"2ms\", sigma = 1 } }", "\"2ms\" 1"),
            ("{ name = \"a\", rate = 1 }", ""),
            ("[\"0s\", \"20s\"]", "\"0s\""),
        ];
        for (value, expected) in table {
            let found = simpler(&Node::parse_value(value));
            let line = |node: &Node| {
                let mut root = Node::parse("").expect("it is TOML");
                root.set("a", node.clone());
                writing::text(&root).trim_end().trim_start_matches("a = ").to_owned()
            };
            assert_eq!(found.iter().map(line).collect::<Vec<_>>().join(" "), expected, "{value}");
        }
    }
}
