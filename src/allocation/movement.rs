//! Which queues change hands, and how few would have had to.

use super::{Allocation, Change, Question};
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
    pub(super) fn between(before: (&Question, &Allocation), after: (&Question, &Allocation), change: &Change) -> Self {
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
        Self { moves: moves.collect(), least: least(before, after.0.members.seats().len(), change) }
    }
}

/// The sum over the topics.
fn least((question, allocation): (&Question, &Allocation), members_after: usize, change: &Change) -> usize {
    let leaving = leaving_seats(question, change);
    let members = leaving.len();
    let staying = leaving.iter().filter(|leaves| !**leaves).count();
    let topics = question.queues.topics().zip(&allocation.topics);
    topics
        .map(|(topic, balance)| {
            let queues = topic.queues.len();
            let mut loads: Vec<usize> = if balance.is_even() {
                let owners = allocation.owners[topic.numbers].iter().flatten();
                let mut seats: Vec<usize> = owners.copied().filter(|&seat| !leaving[seat]).collect();
                seats.sort_unstable();
                seats.chunk_by(|a, b| a == b).map(<[usize]>::len).collect()
            } else {
                // The larger shares with those that stay: nothing could move less.
                (0..members.min(queues)).map(|rank| share(queues, members, rank)).take(staying).collect()
            };
            loads.sort_unstable_by(|a, b| b.cmp(a));
            let kept: usize =
                loads.iter().enumerate().map(|(rank, &load)| load.min(share(queues, members_after, rank))).sum();
            queues - kept
        })
        .sum()
}

/// What the member of a rank has where all is even: the larger shares first.
fn share(queues: usize, members: usize, rank: usize) -> usize {
    match rank < members {
        true => queues / members + usize::from(rank < queues % members),
        false => 0,
    }
}

/// By seat, whether its member goes.
fn leaving_seats(question: &Question, change: &Change) -> Vec<bool> {
    let mut removed = change.removed.clone();
    removed.sort();
    let seats = question.members.seats();
    let nth = |seat: usize| seats[..seat].iter().rev().take_while(|id| **id == seats[seat]).count();
    (0..seats.len())
        .map(|seat| {
            let first = removed.partition_point(|id| *id < seats[seat]);
            removed.get(first + nth(seat)).is_some_and(|id| *id == seats[seat])
        })
        .collect()
}
