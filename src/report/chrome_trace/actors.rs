//! The tracks of those who act: how long each lived, was paused and rebalanced, and the moments in which it did something
//! that counts.

use std::collections::BTreeMap;

use super::{MOMENT, Part, Slice, Track, part_of};
use crate::kernel::{Instant, Span};
use crate::model::plan::Plan;
use crate::run::{Chronicle, Mark};

/// What begins a stretch, what ends it, and what it is called.
const STRETCHES: [(&str, &[&str], &str); 5] = [
    ("consumer_starting", &["consumer_ended"], "lives"),
    ("consumer_starting", &["consumer_started", "start_failed", "consumer_ended"], "start()"),
    ("consumer_paused", &["consumer_resumed", "consumer_ended"], "paused"),
    ("consumer_stopping", &["consumer_ended"], "shutdown()"),
    ("broker_down", &["broker_up"], "down"),
];

/// Three tracks for each of them: stretches, rebalances, moments; those that stay empty are left out.
pub(super) fn tracks(plan: &Plan, chronicle: &Chronicle, end: Instant) -> Vec<Track> {
    let mut by_actor: BTreeMap<&str, Vec<(usize, &Mark)>> = BTreeMap::new();
    for (number, mark) in chronicle.marks().iter().enumerate() {
        by_actor.entry(&mark.actor).or_default().push((number, mark));
    }
    let of_plan = (plan.consumers.iter().map(|c| c.name.as_str()))
        .chain(plan.brokers.iter().map(|b| b.name.as_str()))
        .chain(plan.name_servers.iter().map(|n| n.name.as_str()))
        .chain(plan.producers.iter().map(|p| p.name.as_str()));
    let mut order: Vec<&str> = of_plan.filter(|name| by_actor.contains_key(name)).collect();
    // The story, and whoever else is in no list.
    order.extend(by_actor.keys().filter(|name| part_of(plan, name) == Part::Story));
    let mut tracks = Vec::new();
    for actor in order {
        let (marks, part) = (&by_actor[actor], part_of(plan, actor));
        let named = |what: &str, slices| Track { part, name: format!("{actor}{what}"), slices };
        tracks.push(named("", stretches(marks, end)));
        tracks.push(named(" rebalances", rebalances(marks)));
        tracks.push(named(if part == Part::Story { "" } else { " events" }, moments(marks)));
    }
    tracks.retain(|track| !track.slices.is_empty());
    tracks
}

/// What lasts: from what begins it to the first of what ends it, or to the end of the run.
fn stretches(marks: &[(usize, &Mark)], end: Instant) -> Vec<Slice> {
    let mut slices = Vec::new();
    for (begins, ends, name) in STRETCHES {
        let mut open: Option<(Instant, &str)> = None;
        let mut close = |open: Option<(Instant, &str)>, until, how: &str| {
            if let Some((from, subject)) = open {
                let arguments = vec![("of", subject.to_owned()), ("ended_by", how.to_owned())];
                slices.push(Slice { from, until, name: name.to_owned(), arguments, mark: None });
            }
        };
        for (_, mark) in marks {
            for (event, subject, detail) in &mark.seen {
                if ends.contains(event) {
                    close(open.take(), mark.at, &format!("{event} {detail}"));
                } else if *event == begins {
                    open = Some((mark.at, subject));
                }
            }
        }
        close(open, end, "");
    }
    slices
}

fn rebalances(marks: &[(usize, &Mark)]) -> Vec<Slice> {
    let mut slices = Vec::new();
    for (_, mark) in marks {
        for (_, _, detail) in mark.seen.iter().filter(|(event, ..)| *event == "rebalance_ended") {
            let took = detail.split(' ').find_map(|word| word.strip_prefix("took=")?.parse().ok());
            let took: Span = took.expect("a rebalance says how long it took");
            let (from, name) = (mark.at - took, "doRebalance".to_owned());
            slices.push(Slice { from, until: mark.at, name, arguments: vec![("detail", detail.clone())], mark: None });
        }
    }
    slices
}

/// What an actor did in one event, under the name of the first of it. That a rebalance ended shows by its stretch.
fn moments(marks: &[(usize, &Mark)]) -> Vec<Slice> {
    const SHOWN: usize = 20;
    let one = |(number, mark): &(usize, &Mark)| {
        let seen: Vec<_> = mark.seen.iter().filter(|(event, ..)| *event != "rebalance_ended").collect();
        let (event, subject, _) = seen.first()?;
        let more = if seen.len() > 1 { format!(" and {} more", seen.len() - 1) } else { String::new() };
        let said = seen.iter().take(SHOWN).map(|(event, subject, detail)| format!("{event} {subject} {detail}"));
        let all = said.map(|line| line.trim_end().to_owned()).collect::<Vec<_>>().join("; ");
        Some(Slice {
            from: mark.at,
            until: mark.at + MOMENT,
            name: format!("{event} {subject}{more}"),
            arguments: vec![("number", mark.sequence.to_string()), ("seen", all)],
            mark: Some(*number),
        })
    };
    marks.iter().filter_map(one).collect()
}
