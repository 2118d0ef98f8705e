//! How many messages a second there are: by two looks at the same queues, or as a tool says.

use std::collections::BTreeMap;

use super::super::fact::{Fact, Sighted};
use super::super::section::Place;
use super::Wanted;
use super::sections::Sections;
use super::topics::topic_of_the_call;

/// How many messages a second.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rate {
    /// Thousandths of a message a second.
    pub per_second_milli: u64,
    /// What it follows from, as a comment says it.
    pub from: String,
    /// Where it was read.
    pub places: Vec<Place>,
}

impl Rate {
    /// As a scenario writes it: `12.5/s`.
    #[must_use]
    pub fn text(&self) -> String {
        let whole = format!("{}.{:03}", self.per_second_milli / 1_000, self.per_second_milli % 1_000);
        format!("{}/s", whole.trim_end_matches('0').trim_end_matches('.'))
    }
}

/// A look at the end of a queue.
#[derive(Clone, Copy)]
struct Look {
    at_ms: i64,
    end: i64,
    place: Place,
}

/// What was sent to each topic a second, where its queues were looked at twice with times. The first and the last look
/// count.
pub(super) fn sent(facts: &[Sighted], wanted: &Wanted, sections: &Sections<'_>) -> BTreeMap<String, Rate> {
    let mut looks: BTreeMap<(String, String, u32), (Look, Look)> = BTreeMap::new();
    for sighted in facts {
        let place = sighted.place;
        let (topic, broker, id, end) = match &sighted.fact {
            Fact::Progress { queue, broker_offset, .. } => (&*queue.topic, &queue.broker, queue.id, *broker_offset),
            Fact::QueueRange { topic, broker, queue, max, .. } => {
                let topic = topic.as_deref().or_else(|| topic_of_the_call(place, sections, wanted));
                let Some(topic) = topic else { continue };
                (topic, broker, *queue, *max)
            }
            _ => continue,
        };
        let Some(at_ms) = sections.at_ms(place) else { continue };
        let look = Look { at_ms, end, place };
        let (first, last) = looks.entry((topic.to_owned(), broker.clone(), id)).or_insert((look, look));
        if at_ms < first.at_ms {
            *first = look;
        }
        if at_ms > last.at_ms {
            *last = look;
        }
    }
    let mut rates: BTreeMap<String, Rate> = BTreeMap::new();
    for ((topic, ..), (first, last)) in looks {
        let Some(rate) = between(first, last) else { continue };
        let own = rates.entry(topic).or_insert_with(|| {
            let apart = last.at_ms.saturating_sub(first.at_ms) / 1_000;
            Rate {
                per_second_milli: 0,
                from: format!("two looks {apart} s apart"),
                places: vec![first.place, last.place],
            }
        });
        own.per_second_milli = own.per_second_milli.saturating_add(rate);
    }
    rates
}

/// A second or more apart; an end that went back tells nothing.
fn between(first: Look, last: Look) -> Option<u64> {
    let apart = u128::try_from(last.at_ms.checked_sub(first.at_ms)?).ok().filter(|apart| *apart >= 1_000)?;
    let sent = u128::try_from(last.end.checked_sub(first.end)?).ok()?;
    u64::try_from(sent * 1_000_000 / apart).ok()
}

/// A number with a fraction as tools print it, in thousandths: `10.01`.
#[must_use]
pub fn thousandths(text: &str) -> Option<u64> {
    let (whole, fraction) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(fraction) {
        return None;
    }
    let fraction = format!("{fraction:0<3}");
    whole.parse::<u64>().ok()?.checked_mul(1_000)?.checked_add(fraction[..3].parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_tools_are_read_without_floats() {
        let table = [
            ("10.01", Some(10_010)),
            ("0.0", Some(0)),
            (" 7 ", Some(7_000)),
            ("1.23456", Some(1_234)),
            ("-1.0", None),
            ("N/A", None),
            ("", None),
            ("99999999999999999999", None),
        ];
        for (text, expected) in table {
            assert_eq!(thousandths(text), expected, "{text}");
        }
        let rate = |per_second_milli| Rate { per_second_milli, from: String::new(), places: Vec::new() }.text();
        assert_eq!([rate(12_500), rate(130), rate(2_000_000)], ["12.5/s", "0.13/s", "2000/s"]);
    }
}
