//! What must hold of an offset store, whatever a client calls.

use std::collections::{BTreeMap, BTreeSet};

use super::calls::{Call, Member, all, told};
use crate::offset::{InMemory, KnownStore, OffsetRead, QueryAnswer};

type Store = &'static KnownStore;

/// Of queue so-and-so there is this, and it must be that.
fn is(what: &str, queue: u32, actual: Option<i64>, expected: Option<i64>) -> Result<(), String> {
    if actual == expected {
        return Ok(());
    }
    Err(format!("{what} has {} of queue {queue}, and must have {}", told(actual), told(expected)))
}

fn started(store: Store) -> Result<Member, String> {
    Member::start(store, InMemory::default())
}

/// The last update, where none is `increase_only` and nothing is frozen.
pub(super) fn updates_are_read(store: Store, calls: &[Call]) -> Result<(), String> {
    let updates: Vec<Call> = calls.iter().filter_map(plain_update).collect();
    let mut last = BTreeMap::new();
    started(store)?.make(&updates, |member, call, _| {
        if let Call::Update { queue, offset, .. } = call {
            last.insert(*queue, *offset);
        }
        all().try_for_each(|queue| is("memory", queue, member.memory(queue)?, last.get(&queue).copied()))
    })
}

fn plain_update(call: &Call) -> Option<Call> {
    match call {
        Call::Update { queue, offset, .. } => {
            Some(Call::Update { queue: *queue, offset: *offset, increase_only: false })
        }
        _ => None,
    }
}

/// Of what memory has and an update with `increase_only`, the larger one.
pub(super) fn increase_only_never_lowers(store: Store, calls: &[Call]) -> Result<(), String> {
    let updates: Vec<Call> = calls.iter().filter(|call| matches!(call, Call::Update { .. })).cloned().collect();
    started(store)?.make(&updates, |member, call, before| match call {
        Call::Update { queue, offset, increase_only: true } => {
            is("memory", *queue, member.memory(*queue)?, before.memory[*queue as usize].max(Some(*offset)))
        }
        _ => Ok(()),
    })
}

/// What memory has of the queues that are persisted: the next process reads it, and so do others where all know the same.
pub(super) fn persisted_is_kept(store: Store, calls: &[Call]) -> Result<(), String> {
    started(store)?.make(calls, |member, call, before| {
        for queue in asked(call) {
            let Some(offset) = before.memory[queue as usize] else { continue };
            is("the next process", queue, member.kept(queue)?, Some(offset))?;
            is("a member elsewhere", queue, member.kept_elsewhere(queue)?, Some(offset))?;
        }
        Ok(())
    })
}

/// The queues that a call is told to persist.
fn asked(call: &Call) -> BTreeSet<u32> {
    match call {
        Call::Persist { queue } => BTreeSet::from([*queue]),
        Call::PersistAll { queues } => queues.clone(),
        _ => BTreeSet::new(),
    }
}

/// Memory has nothing then; what was persisted is there still.
pub(super) fn removed_is_forgotten(store: Store, calls: &[Call]) -> Result<(), String> {
    started(store)?.make(calls, |member, call, before| match call {
        Call::Remove { queue } => {
            is("memory", *queue, member.memory(*queue)?, None)?;
            is("the next process", *queue, member.kept(*queue)?, before.kept[*queue as usize])
        }
        _ => Ok(()),
    })
}

/// No update moves it, until it is removed; then the next one does.
pub(super) fn frozen_stays(store: Store, calls: &[Call]) -> Result<(), String> {
    // Entries of queues that are not assigned may go with persistAll, and with them that they are frozen.
    let calls: Vec<Call> = calls.iter().filter(|call| !matches!(call, Call::PersistAll { .. })).cloned().collect();
    let mut frozen = BTreeMap::new();
    started(store)?.make(&calls, |member, call, before| {
        match call {
            Call::Freeze { queue, offset } => drop(frozen.insert(*queue, *offset)),
            Call::Remove { queue } => drop(frozen.remove(queue)),
            Call::Update { queue, offset, .. } if before.memory[*queue as usize].is_none() => {
                is("memory", *queue, member.memory(*queue)?, Some(*offset))?;
            }
            _ => {}
        }
        let mut stay = frozen.iter();
        stay.try_for_each(|(queue, offset)| is("memory", *queue, member.memory(*queue)?, Some(*offset)))
    })
}

/// A persist writes nothing of other queues, and nothing at all where it is asked for none.
pub(super) fn only_what_is_asked_is_written(store: Store, calls: &[Call]) -> Result<(), String> {
    started(store)?.make(calls, |member, call, before| {
        if !matches!(call, Call::Persist { .. } | Call::PersistAll { .. }) {
            return Ok(());
        }
        let asked = asked(call);
        let (now, then) = (&member.around, &before.around);
        let sent = now.sent[then.sent.len()..].iter().chain(&now.written[then.written.len()..]);
        if let Some((queue, offset)) = sent.into_iter().find(|(queue, _)| !asked.contains(queue)) {
            return Err(format!("{offset} was sent of queue {queue}, which nobody asked for"));
        }
        if asked.is_empty() && member.around != before.around {
            return Err("something was written, though no queue was asked for".to_owned());
        }
        let mut others = all().filter(|queue| !asked.contains(queue));
        others.try_for_each(|queue| is("the next process", queue, member.kept(queue)?, before.kept[queue as usize]))
    })
}

/// What brokers or the database answer later is given back and remembered, and is no news to them.
pub(super) fn answers_may_come_later(store: Store, queue: u32, offset: i64) -> Result<(), String> {
    let mut member = started(store)?;
    member.around.later = true;
    let answers = [
        (QueryAnswer::Failed, OffsetRead::Failed),
        (QueryAnswer::QueryNotFound, OffsetRead::NotFound),
        (QueryAnswer::Success(offset), OffsetRead::Found(offset)),
    ];
    for (answer, expected) in answers {
        let Some(read) = member.answered_later(queue, answer) else { return Ok(()) };
        if read != expected {
            return Err(format!("the answer {answer:?} is read as {read:?}, and must be {expected:?}"));
        }
        let learnt = if let OffsetRead::Found(offset) = expected { Some(offset) } else { None };
        is("memory", queue, member.memory(queue)?, learnt)
            .map_err(|why| format!("after the answer {answer:?}: {why}"))?;
    }
    match member.around.sent.iter().chain(&member.around.written).next() {
        None => Ok(()),
        Some((queue, offset)) => Err(format!("{offset} was sent of queue {queue}, which is what was answered")),
    }
}
