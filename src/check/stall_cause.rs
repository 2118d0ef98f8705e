//! Why a queue stood still: what was in effect during a stall, and for how long. What nothing shows is `unknown`.

use std::collections::BTreeMap;

use super::pools::Pools;
use super::stage::Tenure;
use super::{Cause, Key, Stage};
use crate::kernel::{Instant, Span};
use crate::model::Names;
use crate::model::plan::{ConsumerIndex, PlantedMistake};

/// Of LitePull: all threads wait for answers of other queues.
const NO_PULL_THREAD: Cause = Cause::NoPullThread;

/// What may keep a queue from being handed out, since the last time that it was.
#[derive(Debug, Default)]
pub(super) struct Troubles {
    /// What keeps the owner from handing out; `None` ends it.
    pub pulls: Vec<(Instant, Option<Cause>)>,
    /// What keeps an orderly queue from its next owner, or from its own.
    pub locks: Vec<(Instant, Option<Cause>)>,
    /// Who keeps the queue by the last of these alone: it put a failed batch back, lost its lock, or has given the queue up
    /// and has a listener at work.
    keeper: Option<ConsumerIndex>,
    /// What is inside a client and not handed out.
    pub inside: Vec<(Instant, Option<Cause>)>,
    /// Up to which offset each owner has pulled.
    memory: Vec<(ConsumerIndex, u64)>,
    /// When messages last came: the next pull went out then.
    pulled: Option<Instant>,
    /// Hand-outs that have not come back, of each consumer.
    running: Vec<(ConsumerIndex, u32)>,
    /// The wait ends because the message is left out by a filter: the broker had held the pull, as nothing matched.
    pub filtered: bool,
}

/// Pulled messages wait for a thread.
const IN_THE_POOL: Cause = Cause::MessagesWaitInThePool;
/// The one batch of an orderly queue is with the listener.
const BUSY: Cause = Cause::ListenerIsBusy;

impl Troubles {
    /// Something was handed out. Of what is in memory the queue's pulls know nothing: what keeps them lasts.
    #[inline]
    pub fn handed_out(&mut self) {
        if let Some(last) = self.pulls.pop() {
            self.pulls.clear();
            self.pulls.extend(Some(last).filter(|(_, word)| word.is_some_and(|word| LASTING.contains(&word))));
        }
        self.locks.clear();
        self.keeper = None;
    }

    /// The queue waits for one of its owners, the old one or the one that it has: until that one hands it out again, or has
    /// it no more.
    pub fn kept(&mut self, at: Instant, consumer: ConsumerIndex, word: Cause) {
        assert!(KEPT.contains(&word), "{word} is no word of an owner's own");
        self.locks.push((at, Some(word)));
        self.keeper = Some(consumer);
    }

    /// An owner's lock is good.
    pub fn locked(&mut self, at: Instant, consumer: ConsumerIndex) {
        if self.last_lock() == Some(Cause::LockLost) {
            self.kept_no_more(at, consumer);
        }
    }

    /// This one does not run: what it would do keeps nobody waiting now.
    pub fn frozen(&mut self, at: Instant, consumer: ConsumerIndex) {
        if self.last_lock() != Some(Cause::ListenerDelaysTheUnlock) {
            self.kept_no_more(at, consumer);
        }
    }

    /// This one has the queue no more, or what it kept it by is over.
    fn kept_no_more(&mut self, at: Instant, consumer: ConsumerIndex) {
        if self.keeper.take_if(|who| *who == consumer).is_some()
            && self.last_lock().is_some_and(|word| KEPT.contains(&word))
        {
            self.locks.push((at, None));
        }
    }

    fn last_lock(&self) -> Option<Cause> {
        self.locks.last().and_then(|(_, word)| *word)
    }

    /// Messages came into an owner's memory; `reached`: one past the last that was handed out.
    #[inline]
    pub fn pulled(&mut self, at: Instant, consumer: ConsumerIndex, until: u64, reached: u64, orderly: bool) {
        match self.memory.iter_mut().find(|(who, _)| *who == consumer) {
            Some((_, pulled)) => *pulled = until,
            None => self.memory.push((consumer, until)),
        }
        self.pulled = Some(at);
        self.look_inside(at, reached, orderly);
    }

    /// A pull failed: its broker did not answer, or its connection was gone. It had waited for that since it went out.
    pub fn went_unanswered(&mut self, at: Instant, word: Cause) {
        let since = match self.pulls.last() {
            // Something else was said of the loop, and that may last.
            Some((_, Some(_))) => return,
            Some((over, None)) => Some(self.pulled.map_or(*over, |pulled| pulled.max(*over))),
            None => self.pulled,
        };
        if let Some(since) = since.filter(|since| *since < at) {
            self.pulls.push((since, Some(word)));
        }
    }

    /// A message went to a listener.
    #[inline]
    pub fn begun(&mut self, at: Instant, consumer: ConsumerIndex, reached: u64, orderly: bool) {
        match self.running.iter_mut().find(|(who, _)| *who == consumer) {
            Some((_, running)) => *running += 1,
            None => self.running.push((consumer, 1)),
        }
        self.inside.clear();
        self.look_inside(at, reached, orderly);
    }

    /// A message came back from a listener.
    #[inline]
    pub fn finished(&mut self, at: Instant, consumer: ConsumerIndex, reached: u64, orderly: bool) {
        if let Some((_, running)) = self.running.iter_mut().find(|(who, _)| *who == consumer) {
            *running = running.saturating_sub(1);
        }
        self.look_inside(at, reached, orderly);
    }

    /// Another has taken the queue: what runs elsewhere keeps nobody waiting.
    pub fn taken(&mut self, at: Instant, consumer: ConsumerIndex, reached: u64, orderly: bool) {
        self.running.clear();
        self.emptied(at, consumer, reached, orderly);
        // What troubled the owner before does not trouble this one.
        self.pulls.push((at, None));
        self.locks.push((at, None));
        self.keeper = None;
    }

    /// An owner has the queue no more, or not yet: nothing of it is inside that client.
    pub fn emptied(&mut self, at: Instant, consumer: ConsumerIndex, reached: u64, orderly: bool) {
        self.memory.retain(|(who, _)| *who != consumer);
        self.running.retain(|(who, _)| *who != consumer);
        self.kept_no_more(at, consumer);
        self.look_inside(at, reached, orderly);
    }

    /// What keeps an orderly queue from its next owner at a moment, by what was seen before.
    pub fn lock_before(&self, at: Instant, stage: &Stage) -> Option<Cause> {
        let &(asked, word) = self.locks.last()?;
        word.filter(|word| !REFUSED.contains(word) || at.since(asked) <= stage.timers().lock_asked_again)
    }

    #[inline]
    fn look_inside(&mut self, at: Instant, reached: u64, orderly: bool) {
        let word = match orderly {
            true => self.running.iter().any(|(_, running)| *running > 0).then_some(BUSY),
            false => self.memory.iter().any(|(_, until)| *until > reached).then_some(IN_THE_POOL),
        };
        if self.inside.last().and_then(|(_, last)| *last) != word {
            self.inside.push((at, word));
        }
    }
}

/// The cause that covers most of a stall, how long each was in effect, and what to change where that was seen. Where several are, the first of these counts:
/// the broker is away, nobody has started or could start, the lock, nobody owns the queue, its owner cannot reach the broker, its first
/// pull, what troubles its pulls, what waits for a thread of its pool or is held back for it, who is at work, what TCP has yet to
/// send again.
pub(super) fn cause_of(
    key: Key,
    (troubles, pools): (&Troubles, &Pools),
    (from, until): (Instant, Instant),
    stage: &Stage,
    names: &Names,
) -> (Cause, String, String) {
    let never = stage.planted(PlantedMistake::BrokerAwayNeverWins);
    let away = if never { &[] } else { stage.broker_down(names.queue(key.queue).broker) };
    let mut causes: Vec<(Instant, Instant, Cause)> = Vec::new();
    if stage.has_slaves(names.queue(key.queue).broker) {
        // A slave could serve: what keeps it from that comes first.
        let refused = pulls_in_trouble(troubles, until, stage).filter(|(.., word)| *word == Cause::SlaveDoesNotServe);
        causes.extend(locks_in_trouble(troubles, until, stage).chain(refused));
    }
    causes.extend(away.iter().map(|&(down, up)| (down, up.unwrap_or(until), Cause::BrokerAway)));
    causes.push((Instant::ZERO, stage.audience_started(key.audience).unwrap_or(until), Cause::GroupHasNotStarted));
    let failed = stage.start_failed(key.audience);
    causes.extend(failed.iter().map(|&(from, started)| (from, started.unwrap_or(until), Cause::StartFailed)));
    causes.extend(
        stage.hidden(key.queue).iter().map(|&(from, shown)| (from, shown.unwrap_or(until), Cause::QueueIsHidden)),
    );
    // A queue that nobody owns because its lock is refused waits for the lock.
    causes.extend(locks_in_trouble(troubles, until, stage));
    causes.extend(stage.unowned(key).iter().map(|stretch| (stretch.from, stretch.until, Cause::Unowned)));
    causes.extend(stage.unowned_since(key).map(|since| (since, until, Cause::Unowned)));
    causes.extend(unreachable(key, until, stage, names));
    causes.extend(first_pulls(key, stage));
    // A message that is in memory waits for a thread, however full the memory is.
    let (held_back, troubled): (Vec<_>, Vec<_>) =
        pulls_in_trouble(troubles, until, stage).partition(|(.., word)| *word == Cause::FlowControl);
    let (in_the_pool, busy): (Vec<_>, Vec<_>) =
        in_effect(&troubles.inside, until).partition(|(.., word)| *word == IN_THE_POOL);
    causes.extend([troubled, in_the_pool, held_back, busy].concat());
    causes.extend(sent_again(key, stage, names));

    let rest = if troubles.filtered { Cause::FilteredOut } else { Cause::Unknown };
    let inside = |at: Instant| at.clamp(from, until);
    causes.retain(|(from, until, _)| from < until);
    let mut edges: Vec<Instant> = causes.iter().flat_map(|(a, b, _)| [inside(*a), inside(*b)]).collect();
    edges.extend([from, until]);
    edges.sort_unstable();
    edges.dedup();
    let mut totals: BTreeMap<Cause, Span> = BTreeMap::new();
    for (&a, &b) in edges.iter().zip(edges.iter().skip(1)) {
        let word = causes.iter().find(|(from, until, _)| *from <= a && b <= *until).map_or(rest, |(_, _, word)| *word);
        *totals.entry(word).or_default() += b.since(a);
    }
    let most = totals.iter().max_by_key(|(word, span)| (**span, std::cmp::Reverse(**word)));
    let mut parts: Vec<String> = totals
        .iter()
        .filter(|(_, span)| span.as_millis() > 0)
        .map(|(word, span)| format!("{word} {}", span.human()))
        .collect();
    let main = most.map_or(Cause::Unknown, |(word, _)| *word);
    if main == IN_THE_POOL {
        parts.push("the pool never has more than consumeThreadMin threads".to_owned());
    }
    let behind = [IN_THE_POOL, Cause::FlowControl].contains(&main);
    let owner = stage.tenures(key).iter().rev().find(|tenure| tenure.from < until).map(|tenure| tenure.consumer);
    let remedy = owner.filter(|_| behind).and_then(|owner| pools.never_reached(owner, (from, until)));
    (main, parts.join(", "), remedy.unwrap_or_default())
}

/// From when each owner of a queue had it until its first pull, or until it lost it again.
fn first_pulls(key: Key, stage: &Stage) -> impl Iterator<Item = (Instant, Instant, Cause)> {
    let wait = stage.timers().first_pull;
    stage.tenures(key).iter().map(move |tenure| {
        let due = tenure.from + wait;
        (tenure.from, tenure.until.map_or(due, |lost| lost.min(due)), Cause::FirstPullOfATakenQueue)
    })
}

/// When an owner of a queue and its broker could not hear each other.
fn unreachable(key: Key, until: Instant, stage: &Stage, names: &Names) -> Vec<(Instant, Instant, Cause)> {
    let mut found = Vec::new();
    for cut in stage.cut_off_from(names.queue(key.queue).broker) {
        let end = cut.until.unwrap_or(until);
        for tenure in stage.tenures(key).iter().filter(|tenure| tenure.consumer == cut.consumer) {
            found.push((cut.from.max(tenure.from), end.min(tenure.until.unwrap_or(until)), Cause::BrokerUnreachable));
        }
    }
    found
}

/// When an owner and its broker could hear each other again, and what they had sent meanwhile was yet to be sent again: TCP
/// doubles its wait each time, so that after a cut it lasts as long again at most.
fn sent_again(key: Key, stage: &Stage, names: &Names) -> Vec<(Instant, Instant, Cause)> {
    let mut found = Vec::new();
    for cut in stage.cut_off_from(names.queue(key.queue).broker) {
        let Some(healed) = cut.until else { continue };
        let had = |tenure: &&Tenure| tenure.consumer == cut.consumer && tenure.from < healed;
        for tenure in stage.tenures(key).iter().filter(had) {
            let last = healed + healed.since(cut.from);
            found.push((healed, tenure.until.map_or(last, |lost| lost.min(last)), Cause::BrokerUnreachable));
        }
    }
    found
}

/// What is seen once, however long it lasts.
const LASTING: [Cause; 5] =
    [Cause::FlowControl, NO_PULL_THREAD, Cause::GoDialsAnother, Cause::OwnerShutsDown, Cause::Suspended];

/// What troubled pulls, from when until when. A pull that failed is tried again and fails again within a time: what was not
/// seen for longer is over, and the loop waits for something else.
fn pulls_in_trouble<'a>(
    troubles: &'a Troubles,
    until: Instant,
    stage: &Stage,
) -> impl Iterator<Item = (Instant, Instant, Cause)> + use<'a> {
    let again = stage.timers().pull_tried_again;
    in_effect(&troubles.pulls, until)
        .map(move |(from, end, word)| (from, if LASTING.contains(&word) { end } else { end.min(from + again) }, word))
}

/// By what one owner alone keeps a queue.
const KEPT: [Cause; 4] =
    [Cause::SuspendedAfterAFailure, Cause::GoGoroutineDied, Cause::LockLost, Cause::ListenerDelaysTheUnlock];

/// A lock that was refused. Whoever still wants the queue asks again, and is refused again where it is still another's.
const REFUSED: [Cause; 5] = [
    Cause::GoKeepsTheLock,
    Cause::WaitingForTheLock,
    Cause::LockKeptForMessages,
    Cause::LockOutlivesShutdown,
    Cause::LockOfADeadMember,
];

/// What troubled locks, from when until when. A refusal that was not repeated in time is over: nobody waits for the lock.
fn locks_in_trouble<'a>(
    troubles: &'a Troubles,
    until: Instant,
    stage: &Stage,
) -> impl Iterator<Item = (Instant, Instant, Cause)> + use<'a> {
    let again = stage.timers().lock_asked_again;
    in_effect(&troubles.locks, until)
        .map(move |(from, end, word)| (from, if REFUSED.contains(&word) { end.min(from + again) } else { end }, word))
}

/// The stretches of a state that changes at these moments.
fn in_effect<'a>(
    changes: &'a [(Instant, Option<Cause>)],
    until: Instant,
) -> impl Iterator<Item = (Instant, Instant, Cause)> + 'a {
    let ends = changes.iter().skip(1).map(|(at, _)| *at).chain(std::iter::once(until));
    changes.iter().zip(ends).filter_map(|((at, word), end)| word.map(|word| (*at, end, word)))
}
