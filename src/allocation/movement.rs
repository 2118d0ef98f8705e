//! Which queues change hands, and how few would have had to.

use super::{Allocation, Members, Question, Topic};
use crate::strategy::ClientId;

/// A queue that changes hands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// The number of the queue.
    pub queue: usize,
    /// The ids that had it.
    pub from: Vec<ClientId>,
    /// The ids that get it.
    pub to: Vec<ClientId>,
}

/// All queues that change hands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Movement {
    /// In the order of the queues.
    pub moves: Vec<Move>,
    /// The fewest queues that have to change hands so that every topic is even over the new members.
    ///
    /// It starts from the allocation before the change where that is even, else from an even one, whatever the
    /// strategy: a hash that moves fewer than this leaves the members less even.
    pub least: usize,
}

impl Movement {
    /// Between two allocations of the same queues.
    pub(super) fn between(before: (&Question, &Allocation), after: (&Question, &Allocation)) -> Self {
        let ids = |(question, allocation): (&Question, &Allocation), queue: usize| -> Vec<ClientId> {
            let seats = question.members.seats();
            let mut ids: Vec<ClientId> = allocation.owners[queue].iter().map(|&seat| seats[seat].clone()).collect();
            ids.dedup();
            ids
        };
        let queues = 0..before.1.owners.len();
        let moves = queues.filter_map(|queue| {
            let (from, to) = (ids(before, queue), ids(after, queue));
            (from != to).then_some(Move { queue, from, to })
        });
        Self { moves: moves.collect(), least: least(before, &after.0.members) }
    }
}

/// The sum over the topics. Processes that share a client id count as one: only one share is theirs.
fn least((question, allocation): (&Question, &Allocation), after: &Members) -> usize {
    let seats = question.members.seats();
    let mut ids: Vec<&ClientId> = seats.iter().collect();
    ids.dedup();
    let stays: Vec<bool> = ids.iter().map(|id| after.has(id)).collect();
    // Seats and ids are in the same order, so that the number of an id is the count of those before it.
    let mut id_of_seat: Vec<usize> = vec![0; seats.len()];
    for seat in 1..seats.len() {
        id_of_seat[seat] = id_of_seat[seat - 1] + usize::from(seats[seat] != seats[seat - 1]);
    }
    let staying = stays.iter().filter(|stays| **stays).count();
    let members_after = after.distinct();
    let least_of = |topic: Topic<'_>| {
        let queues = topic.queues.len();
        let mut loads = loads_if_even(&allocation.owners[topic.numbers], &id_of_seat, ids.len()).map_or_else(
            // The larger shares with those that stay: nothing could move less.
            || (0..ids.len().min(queues)).map(|rank| share(queues, ids.len(), rank)).take(staying).collect(),
            |loads| loads.into_iter().filter(|(id, _)| stays[*id]).map(|(_, load)| load).collect::<Vec<_>>(),
        );
        loads.sort_unstable_by(|a, b| b.cmp(a));
        let kept = loads.iter().enumerate().map(|(rank, &load)| load.min(share(queues, members_after, rank)));
        queues - kept.sum::<usize>()
    };
    question.queues.topics().map(least_of).sum()
}

/// Queues by id, where every queue has one id and no id has more than one queue above another; ids without queues are
/// left out.
fn loads_if_even(owners: &[Vec<usize>], id_of_seat: &[usize], ids: usize) -> Option<Vec<(usize, usize)>> {
    let mut owning = Vec::with_capacity(owners.len());
    for seats in owners {
        let id = id_of_seat[*seats.first()?];
        if seats.iter().any(|&seat| id_of_seat[seat] != id) {
            return None;
        }
        owning.push(id);
    }
    owning.sort_unstable();
    let loads: Vec<(usize, usize)> = owning.chunk_by(|a, b| a == b).map(|same| (same[0], same.len())).collect();
    let fewest = if loads.len() < ids { 0 } else { loads.iter().map(|(_, load)| *load).min()? };
    loads.iter().all(|(_, load)| load - fewest <= 1).then_some(loads)
}

/// What the member of a rank has where all is even: the larger shares first.
fn share(queues: usize, members: usize, rank: usize) -> usize {
    match rank < members {
        true => queues / members + usize::from(rank < queues % members),
        false => 0,
    }
}
