//! Why a queue stood still: what was in effect during a stall, and for how long.

use std::collections::BTreeMap;

use super::{Key, Stage};
use crate::kernel::{Instant, Span};
use crate::model::Names;
use crate::model::observation::PullTrouble;

/// A queue just taken is first pulled after the dispatch delay, and the answer needs a moment more.
const FIRST_PULL: Span = Span::from_millis(520);

/// Of LitePull: all threads wait for answers of other queues.
const NO_PULL_THREAD: &str = "no_pull_thread";

/// Its messages are with the owner, whose threads are busy with others.
const IN_THE_POOL: &str = "messages_wait_in_the_pool";

/// What may keep a queue from being handed out, since the last time that it was.
#[derive(Debug, Default)]
pub(super) struct Troubles {
    pub taken: Option<Instant>,
    /// What keeps the owner from handing out; `None` ends it.
    pub pulls: Vec<(Instant, Option<&'static str>)>,
    /// What keeps an orderly queue from its next owner, or from its own.
    pub locks: Vec<(Instant, Option<&'static str>)>,
}

impl Troubles {
    /// Something was handed out. Of what was polled the queue's pull task knows nothing: it goes on to wait for a thread.
    pub fn handed_out(&mut self) {
        self.pulls.drain(..self.pulls.len().saturating_sub(1));
        self.pulls.retain(|(_, word)| *word == Some(NO_PULL_THREAD));
        self.locks.clear();
    }
}

/// The cause that covers most of a stall, and how long each was in effect. Where several are, the first of these counts:
/// the broker is away, nobody has started or could start, the lock, nobody owns the queue, its first pull, what troubles its pulls.
pub(super) fn cause_of(
    key: Key,
    troubles: &Troubles,
    (from, until): (Instant, Instant),
    stage: &Stage,
    names: &Names,
) -> (&'static str, String) {
    let away = stage.broker_down(names.queue(key.1).broker);
    let mut causes: Vec<(Instant, Instant, &'static str)> = Vec::new();
    if stage.has_slaves(names.queue(key.1).broker) {
        // A slave could serve: what keeps it from that comes first.
        let refused = in_effect(&troubles.pulls, until).filter(|(.., word)| *word == "slave_does_not_serve");
        causes.extend(in_effect(&troubles.locks, until).chain(refused));
    }
    causes.extend(away.iter().map(|&(down, up)| (down, up.unwrap_or(until), "broker_away")));
    causes.push((Instant::ZERO, stage.group_started(key.0).unwrap_or(until), "group_has_not_started"));
    let failed = stage.start_failed(key.0);
    causes.extend(failed.iter().map(|&(from, started)| (from, started.unwrap_or(until), "start_failed")));
    causes.extend(stage.hidden(key.1).iter().map(|&(from, shown)| (from, shown.unwrap_or(until), "queue_is_hidden")));
    // A queue that nobody owns because its lock is refused waits for the lock.
    causes.extend(in_effect(&troubles.locks, until));
    causes.extend(stage.unowned(key).iter().map(|stretch| (stretch.from, stretch.until, "unowned")));
    causes.extend(stage.unowned_since(key).map(|since| (since, until, "unowned")));
    causes.extend(troubles.taken.map(|taken| (taken, taken + FIRST_PULL, "first_pull_of_a_taken_queue")));
    causes.extend(in_effect(&troubles.pulls, until));
    let rest = if stage.is_orderly(key.0) { "listener_is_busy" } else { IN_THE_POOL };

    let inside = |at: Instant| at.clamp(from, until);
    let mut edges: Vec<Instant> = causes.iter().flat_map(|(a, b, _)| [inside(*a), inside(*b)]).collect();
    edges.extend([from, until]);
    edges.sort_unstable();
    edges.dedup();
    let mut totals: BTreeMap<&'static str, Span> = BTreeMap::new();
    for (&a, &b) in edges.iter().zip(edges.iter().skip(1)) {
        let word = causes.iter().find(|(from, until, _)| *from <= a && b <= *until).map_or(rest, |(_, _, word)| *word);
        *totals.entry(word).or_default() += b.since(a);
    }
    let most = totals.iter().max_by_key(|(word, span)| (**span, std::cmp::Reverse(**word)));
    let mut parts: Vec<String> = totals
        .iter()
        .filter(|(_, span)| span.as_millis() > 0)
        .map(|(word, span)| format!("{word} {} ms", span.as_millis()))
        .collect();
    let main = most.map_or(rest, |(word, _)| *word);
    if main == IN_THE_POOL {
        parts.push("the pool never has more than consumeThreadMin threads".to_owned());
    }
    (main, parts.join(", "))
}

/// The stretches of a state that changes at these moments.
fn in_effect<'a>(
    changes: &'a [(Instant, Option<&'static str>)],
    until: Instant,
) -> impl Iterator<Item = (Instant, Instant, &'static str)> + 'a {
    let ends = changes.iter().skip(1).map(|(at, _)| *at).chain(std::iter::once(until));
    changes.iter().zip(ends).filter_map(|((at, word), end)| word.map(|word| (*at, end, word)))
}

pub(super) fn trouble_word(trouble: PullTrouble) -> &'static str {
    match trouble {
        PullTrouble::SubscriptionNotLatest => "subscription_not_latest",
        PullTrouble::SubscriptionNotExist => "subscription_not_exist",
        PullTrouble::BrokerUnreachable | PullTrouble::TimedOut => "broker_away",
        PullTrouble::FlowControlCount | PullTrouble::FlowControlSize | PullTrouble::FlowControlSpan => "flow_control",
        PullTrouble::NotSubscribed => "unsubscribed",
        PullTrouble::Suspended => "suspended",
        PullTrouble::NoPullThread => NO_PULL_THREAD,
        PullTrouble::OffsetIllegal => "offset_illegal",
        PullTrouble::SlaveDoesNotServe => "slave_does_not_serve",
        PullTrouble::NotLocked => "lock_lost",
        PullTrouble::Refused => "pull_refused",
    }
}
