//! Who has which queue, and which queues change hands.

use super::super::table::Table;
use super::some;
use crate::allocation::{Allocation, Changed, Question};
use crate::strategy::{ClientId, MessageQueue};

/// The owner of every queue.
pub(super) fn owners(text: &mut String, question: &Question, allocation: &Allocation) {
    let mut table = Table::new(["queue", "owner"]);
    let seats = question.members.seats();
    for (queues, owners) in runs(question, allocation.owners.iter().enumerate()) {
        let owners = match &owners[..] {
            [] => "nobody".to_owned(),
            owners => some(&owners.iter().map(|&seat| seats[seat].clone()).collect::<Vec<_>>()),
        };
        table.row([queues, owners]);
    }
    table.write(text, false);
}

/// Every queue that changes hands.
pub(super) fn moves(text: &mut String, changed: &Changed) {
    let mut table = Table::new(["moves", "from", "to"]);
    let moves = changed.movement.moves.iter().map(|one| (one.queue, (&one.from, &one.to)));
    let ids = |ids: &[ClientId]| if ids.is_empty() { "nobody".to_owned() } else { some(ids) };
    for (queues, (from, to)) in runs(&changed.question, moves) {
        table.row([queues, ids(from), ids(to)]);
    }
    if !table.is_empty() {
        table.write(text, false);
    }
}

/// Queues of one broker that follow each other and share a fact, as one: `T/broker-a/0..3`.
pub(super) fn runs<F: PartialEq>(question: &Question, facts: impl Iterator<Item = (usize, F)>) -> Vec<(String, F)> {
    let all = question.queues.all();
    let follows = |a: &MessageQueue, b: &MessageQueue| {
        a.topic == b.topic && a.broker_name == b.broker_name && a.queue_id + 1 == b.queue_id
    };
    let mut runs: Vec<(usize, usize, F)> = Vec::new();
    for (queue, fact) in facts {
        match runs.last_mut() {
            Some((_, last, same)) if *last + 1 == queue && follows(&all[*last], &all[queue]) && *same == fact => {
                *last = queue;
            }
            _ => runs.push((queue, queue, fact)),
        }
    }
    let name = |first: usize, last: usize| match first == last {
        true => all[first].to_string(),
        false => format!("{}..{}", all[first], all[last].queue_id),
    };
    runs.into_iter().map(|(first, last, fact)| (name(first, last), fact)).collect()
}
