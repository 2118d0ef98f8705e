//! Finds the reasons by asking again with one cause after the other taken away.

use std::collections::BTreeSet;

use super::{Allocation, Members, Question, QuestionError, Reason, State, View};
use crate::strategy::{ClientId, RoomRule};

/// A queue that has no owner, or more than one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The number of the queue.
    pub queue: usize,
    /// Which of the two.
    pub state: State,
    /// Why.
    pub reason: Reason,
}

/// The faults of an allocation in the order of the queues, each with its reason: the cause without which the queue
/// would have one owner.
///
/// # Errors
/// As [`Question::allocate`].
pub fn explain(question: &Question, allocation: &Allocation) -> Result<Vec<Fault>, QuestionError> {
    let mut open: Vec<usize> =
        (0..allocation.owners.len()).filter(|&queue| allocation.state(queue) != State::Owned).collect();
    if open.is_empty() {
        return Ok(Vec::new());
    }
    let mut faults = Vec::new();
    let mut healed = question.clone();
    for cause in CAUSES {
        if open.is_empty() {
            break;
        }
        let before = healed.clone();
        if !(cause.take_away)(&mut healed) {
            continue;
        }
        let without = healed.allocate()?;
        open.retain(|&queue| {
            let cured = without.state(queue) == State::Owned;
            if cured {
                let reason = (cause.reason)(&before, without.owners[queue][0]);
                faults.push(Fault { queue, state: allocation.state(queue), reason });
            }
            !cured
        });
    }
    let rest = Rest::of(question, allocation);
    faults.extend(open.into_iter().map(|queue| {
        let state = allocation.state(queue);
        Fault { queue, state, reason: rest.reason(question, queue, state) }
    }));
    faults.sort_by_key(|fault| fault.queue);
    Ok(faults)
}

/// A cause that can be taken away.
struct Cause {
    /// Changes the question; whether there was anything to change.
    take_away: fn(&mut Question) -> bool,
    /// The reason, from the question before that change and the seat that owns the queue after it.
    reason: fn(&Question, usize) -> Reason,
}

const CAUSES: [Cause; 4] = [
    Cause {
        take_away: |question| change_views(question, |view| view.ids.take().is_some() | view.brokers.take().is_some()),
        reason: |before, _| Reason::ViewsDiffer {
            ids: ids_where(before, |view| view.ids.is_some() || view.brokers.is_some()),
        },
    },
    Cause {
        take_away: |question| change_views(question, |view| view.strategy.take().is_some()),
        reason: |before, _| Reason::StrategiesDiffer { ids: ids_where(before, |view| view.strategy.is_some()) },
    },
    Cause {
        take_away: |question| change_views(question, |view| view.topics.take().is_some()),
        reason: |before, owner| Reason::NotSubscribed { id: before.members.seats()[owner].clone() },
    },
    Cause {
        take_away: tell_apart,
        reason: |before, owner| {
            // Apart from their ids the members sit where they sat.
            let id = before.members.seats()[owner].clone();
            let times = before.members.seats().iter().filter(|seat| **seat == id).count();
            match times {
                1 => before
                    .members
                    .repeated()
                    .into_iter()
                    .next()
                    .map_or(Reason::OfStrategy, |(id, times)| Reason::RepeatedClientId { id, times }),
                _ => Reason::RepeatedClientId { id, times },
            }
        },
    },
];

fn change_views(question: &mut Question, change: impl Fn(&mut View) -> bool) -> bool {
    question.views.values_mut().fold(false, |changed, view| change(view) | changed)
}

fn ids_where(question: &Question, differs: impl Fn(&View) -> bool) -> Vec<ClientId> {
    question.views.iter().filter(|(_, view)| differs(view)).map(|(id, _)| id.as_str().into()).collect()
}

/// Gives every process an id of its own that sorts where the old one did.
fn tell_apart(question: &mut Question) -> bool {
    if question.members.repeated().is_empty() {
        return false;
    }
    let mut seats: Vec<ClientId> = Vec::new();
    for same in question.members.seats().chunk_by(|a, b| a == b) {
        for repetition in 0..same.len() {
            // U+0000 sorts before everything that another id could go on with.
            let apart = format!("{}{}", same[0], "\0".repeat(repetition));
            if let RoomRule::Listed(rooms) = &mut question.parameters.machine_room_resolver
                && let Some(room) = rooms.get(&*same[0]).cloned()
            {
                rooms.insert(apart.clone(), room);
            }
            seats.push(apart.into());
        }
    }
    question.members = Members::new(seats).expect("as many ids as before, none of them empty");
    true
}

/// What is left to say where nothing healed the queue.
struct Rest {
    threw: Option<Reason>,
    rooms: BTreeSet<String>,
}

impl Rest {
    fn of(question: &Question, allocation: &Allocation) -> Self {
        let mut thrown = allocation.thrown.iter().flatten();
        let threw = thrown.next().map(|error| Reason::threw(error, 1 + thrown.count()));
        Self { threw, rooms: question.parameters.consumer_idcs.clone().unwrap_or_default() }
    }

    fn reason(&self, question: &Question, queue: usize, state: State) -> Reason {
        let strategy = question.strategy.rsplit("MACHINE_ROOM_NEARBY-").next().unwrap_or(&question.strategy);
        match (state, strategy) {
            (State::Unowned, _) if self.threw.is_some() => self.threw.clone().expect("just looked at"),
            (State::Unowned, "CONFIG") => Reason::NotInConfig,
            (_, "CONFIG") => Reason::ConfigForAll,
            (_, "MACHINE_ROOM") if question.parameters.before_2478 => Reason::Before2478,
            (State::Unowned, "MACHINE_ROOM") => Reason::RoomLeftOut {
                broker: question.queues.all()[queue].broker_name.to_string(),
                rooms: self.rooms.iter().cloned().collect(),
            },
            (State::Unowned, "CONSISTENT_HASH") => Reason::EmptyRing,
            _ => Reason::OfStrategy,
        }
    }
}
