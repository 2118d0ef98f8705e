//! What a recording and a prediction of it say around the moment that decides a measure.

use std::collections::{BTreeMap, BTreeSet};

use crate::fidelity::{Key, Measure, Typical};
use crate::trace::{Ownership, PhaseMeasures, Trace, What, duplicates, idle_stretches, measure};

/// Events of each side.
const LINES: usize = 8;
/// Characters of each side.
const WIDTH: usize = 62;

/// The events of both around the moments that decide a measure, side by side; no measure: who owns what at the end.
pub(super) fn around(real: &Trace, typical: &Typical, phase: usize, key: Option<&Key>) -> Vec<String> {
    let left = side(real, phase, key);
    let right = side(&typical.trace, phase, key);
    let head = format!("{:<WIDTH$} | seed {}", "recorded", typical.seed);
    let empty = String::new();
    let both = (0..left.len().max(right.len())).map(|line| {
        let [left, right] = [&left, &right].map(|lines| lines.get(line).unwrap_or(&empty));
        format!("{left:<WIDTH$} | {right}").trim_end().to_owned()
    });
    std::iter::once(head).chain(both).collect()
}

/// What is looked for in one recording.
struct Wanted<'a> {
    /// The moments that decide the measure, in ms.
    moments: Vec<i64>,
    /// The queue it is about, if it is about one.
    queue: Option<&'a str>,
    /// The broker whose member list it is about, if it is about one.
    broker: Option<&'a str>,
    /// Whether deliveries matter.
    deliveries: bool,
}

fn side(trace: &Trace, phase: usize, key: Option<&Key>) -> Vec<String> {
    let measures = measure(trace);
    let Some(phase) = measures.phases.get(phase) else { return Vec::new() };
    let wanted = wanted(trace, phase, key);
    let mut tables: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut found: Vec<(i64, i64, String)> = Vec::new();
    for event in &trace.events {
        let Some(words) = words(&event.what, &wanted, &mut tables) else { continue };
        let inside = phase.from_ms <= event.t && event.t <= phase.until_ms;
        let far = wanted.moments.iter().map(|moment| moment.abs_diff(event.t)).min().unwrap_or_default();
        if inside {
            found.push((i64::try_from(far).unwrap_or(i64::MAX), event.t, words));
        }
    }
    // The nearest, then in order of time; the sort is stable, so that events of one moment keep theirs.
    found.sort_by_key(|(far, ..)| *far);
    found.truncate(LINES);
    found.sort_by_key(|(_, t, _)| *t);
    found.into_iter().map(|(far, t, words)| line(t, &words, far <= 1)).collect()
}

fn wanted<'a>(trace: &'a Trace, phase: &PhaseMeasures, key: Option<&'a Key>) -> Wanted<'a> {
    let (from, until) = (phase.from_ms, phase.until_ms);
    let mut wanted = Wanted { moments: vec![from + phase.settle_ms], queue: None, broker: None, deliveries: false };
    match key {
        None | Some((Measure::Settle | Measure::Moved | Measure::Whole, _)) => {}
        Some((Measure::Members, broker)) => {
            wanted.moments = vec![from + phase.members_ms.get(broker).copied().unwrap_or_default()];
            wanted.broker = Some(broker);
        }
        Some((Measure::Unowned, _)) => longest(&mut wanted, owned(trace, from, until, |owners| owners == 0)),
        Some((Measure::Double, _)) => longest(&mut wanted, owned(trace, from, until, |owners| owners > 1)),
        Some((Measure::Idle, _)) => {
            longest(&mut wanted, idle_stretches(trace, from, until));
            wanted.deliveries = true;
        }
        Some((Measure::Duplicates, _)) => {
            let inside = |t: &f64| from as f64 <= *t && *t < until as f64;
            let of_queues = duplicates(trace).into_iter();
            let in_phase =
                of_queues.map(|(queue, times)| (queue, times.into_iter().filter(inside).collect::<Vec<_>>()));
            // The queue with the most of them, and where they begin and end.
            if let Some((queue, times)) = in_phase.max_by_key(|(_, times)| times.len()).filter(|it| !it.1.is_empty()) {
                wanted.queue = Some(queue);
                wanted.moments = vec![times[0] as i64, times[times.len() - 1] as i64];
            }
            wanted.deliveries = true;
        }
    }
    wanted
}

/// The stretches of a phase in which the number of a queue's owners is so, by queue.
fn owned(trace: &Trace, from: i64, until: i64, so: fn(usize) -> bool) -> BTreeMap<&str, Vec<(i64, i64)>> {
    let ownership = Ownership::of(trace);
    let of_queue = |queue: &&str| {
        let changes = ownership.changes[queue].iter().map(|(t, _)| *t).filter(|t| from < *t && *t < until);
        let cuts: Vec<i64> = std::iter::once(from).chain(changes).chain([until]).collect();
        let mut stretches: Vec<(i64, i64)> = Vec::new();
        for pair in cuts.windows(2).filter(|pair| so(ownership.at(queue, pair[0]).len())) {
            match stretches.last_mut() {
                Some(last) if last.1 == pair[0] => last.1 = pair[1],
                _ => stretches.push((pair[0], pair[1])),
            }
        }
        stretches
    };
    ownership.changes.keys().map(|queue| (*queue, of_queue(queue))).collect()
}

/// Looks at the two ends of the longest of these stretches, the first of equals.
fn longest<'a>(wanted: &mut Wanted<'a>, stretches: BTreeMap<&'a str, Vec<(i64, i64)>>) {
    let all = stretches.into_iter().flat_map(|(queue, of)| of.into_iter().map(move |stretch| (queue, stretch)));
    let found = all.min_by_key(|(_, (from, until))| from - until);
    if let Some((queue, (from, until))) = found {
        wanted.queue = Some(queue);
        wanted.moments = vec![from, until];
    }
}

/// An event in few words, if it matters.
fn words<'a>(what: &'a What, wanted: &Wanted<'_>, tables: &mut BTreeMap<&'a str, BTreeSet<&'a str>>) -> Option<String> {
    match what {
        What::Step { action, target } => Some(format!("step {action} {target}")),
        What::Starting { who, .. }
        | What::Started { who, .. }
        | What::Stopping { who, .. }
        | What::Stopped { who, .. } => {
            if matches!(what, What::Starting { .. } | What::Stopped { .. }) {
                tables.remove(who.as_str());
            }
            Some(format!("{} {who}", what.word()))
        }
        What::PopOwn { who, queues } => Some(format!("pop_own {who} {}", queues.join(" "))),
        What::Own { who, queues } => {
            let now: BTreeSet<&str> = queues.iter().map(String::as_str).collect();
            let before = tables.insert(who, now.clone()).unwrap_or_default();
            let changed = |sign: char, queues: Vec<&&'a str>| {
                queues.into_iter().map(move |queue| format!(" {sign}{queue}")).collect::<String>()
            };
            let about = wanted.queue.is_none_or(|queue| now.contains(queue) != before.contains(queue));
            let (lost, won) = (before.difference(&now).collect(), now.difference(&before).collect());
            about.then(|| format!("own {who} ({}){}{}", now.len(), changed('-', lost), changed('+', won)))
        }
        What::Members { broker, clients, error } => {
            let about = wanted.broker.is_some_and(|wanted| wanted == broker);
            let said = match (clients, error) {
                (Some(clients), _) => format!("{} clients: {}", clients.len(), clients.join(" ")),
                (None, error) => error.clone().unwrap_or_default(),
            };
            about.then(|| format!("members {broker} {said}"))
        }
        What::Took(run) if wanted.deliveries && wanted.queue.is_none_or(|queue| queue == run.queue) => {
            let who = run.who.as_deref().unwrap_or_default();
            Some(format!("took {who} {} {} to {}, until {}", run.queue, run.from, run.to, seconds(run.until)))
        }
        _ => None,
    }
}

/// One line; the moments themselves carry a star.
fn line(t: i64, words: &str, decisive: bool) -> String {
    let text = format!("{:>9} {}{words}", seconds(t), if decisive { "* " } else { "  " });
    if text.chars().count() <= WIDTH {
        return text;
    }
    text.chars().take(WIDTH - 1).chain(['…']).collect()
}

fn seconds(ms: i64) -> String {
    let sign = if ms < 0 { "-" } else { "" };
    format!("{sign}{}.{:03}", ms.abs() / 1_000, ms.abs() % 1_000)
}
