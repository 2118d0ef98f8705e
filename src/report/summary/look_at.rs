//! Where to look after one seed: anomalies by kind and cause, the worst kinds first.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::text::line;
use crate::check::{Anomaly, Outside, Severity, Trap};
use crate::kernel::Span;
use crate::report::wording::{counted, grouped, words};
use crate::run::Outcome;

/// How bad, which trap, what it is, and why.
type Kind<'a> = (Reverse<Severity>, &'a str, &'a str, &'a str);

/// The anomalies that count, by kind: those of the measured window, and how many of each word lie outside it.
struct Kinds<'a> {
    inside: BTreeMap<Kind<'a>, Vec<&'a Anomaly>>,
    outside: BTreeMap<(Reverse<Severity>, &'a str), u64>,
}

fn kinds(outcome: &Outcome) -> Kinds<'_> {
    let measured = outcome.findings.windows.first();
    let mut kinds = Kinds { inside: BTreeMap::new(), outside: BTreeMap::new() };
    for anomaly in outcome.findings.anomalies.iter().filter(|anomaly| anomaly.severity > Severity::Note) {
        let worst_first = Reverse(anomaly.severity);
        if measured.is_none_or(|window| anomaly.touches(window)) {
            let kind = (worst_first, anomaly.trap.map_or("", Trap::word), anomaly.kind.word(), anomaly.cause.word());
            kinds.inside.entry(kind).or_default().push(anomaly);
        } else {
            *kinds.outside.entry((worst_first, anomaly.kind.word())).or_default() += 1;
        }
    }
    kinds
}

/// Of two outages the longer one matters, of what is shorter than this the more frequent.
const OUTAGE: Span = Span::from_secs(5);

/// The worst first, then the longest outages, then the most frequent.
fn in_order<'a>(kinds: BTreeMap<Kind<'a>, Vec<&'a Anomaly>>) -> Vec<(Kind<'a>, Vec<&'a Anomaly>)> {
    let mut kinds: Vec<_> = kinds.into_iter().collect();
    let outage = |anomalies: &[&Anomaly]| {
        let longest = anomalies.iter().map(|anomaly| anomaly.until.since(anomaly.from)).max();
        longest.filter(|longest| *longest >= OUTAGE)
    };
    kinds.sort_by_key(|((severity, ..), anomalies)| (*severity, Reverse(outage(anomalies)), Reverse(anomalies.len())));
    kinds
}

/// `once`, `20 times`.
fn times(count: u64) -> String {
    if count == 1 { "once".to_owned() } else { format!("{} times", grouped(count)) }
}

/// One line for each kind of anomaly, the worst first, then by length and number, and one for what the measured window
/// leaves out; `all`: no kind is left out, and each has the chain of events behind its first, as else the first one has.
pub(super) fn look_at(text: &mut String, outcome: &Outcome, left_out: Outside, all: bool) {
    let Kinds { inside, outside } = kinds(outcome);
    let shown = if all { usize::MAX } else { 3 };
    let inside = in_order(inside);
    for (row, ((_, trap, kind, cause), anomalies)) in inside.iter().take(shown).enumerate() {
        let trap = if trap.is_empty() { String::new() } else { format!(" [trap {trap}]") };
        let first = anomalies.iter().min_by_key(|anomaly| anomaly.from).expect("a kind has at least one anomaly");
        let (often, at) = (times(anomalies.len() as u64), first.from.human());
        let at = if anomalies.len() == 1 { format!("at {at}") } else { format!("first at {at}") };
        let mut said = format!("{often} {}{trap}: {}; {at}", words(kind), words(cause));
        if row == 0 || all {
            said = format!("{said}: {}", first.detail);
        }
        line(text, if row == 0 { "look at" } else { "" }, &said);
    }
    if inside.len() > shown {
        line(text, "", &format!("and {}", counted((inside.len() - shown) as u64, "other kind")));
    }
    let messages = [("lost", left_out.lost), ("skipped", left_out.skipped)].into_iter().filter(|(_, count)| *count > 0);
    let kinds = outside.iter().map(|((_, kind), count)| format!("{} {}", words(kind), times(*count)));
    let said = messages.map(|(word, count)| format!("{word} {}", grouped(count))).chain(kinds);
    let said: Vec<String> = said.collect();
    if !said.is_empty() {
        line(text, "outside", &format!("the measured window: {}", said.join(", ")));
    }
}
