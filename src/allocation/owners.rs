//! The answer: the owners of every queue.

use crate::strategy::{AllocateError, MessageQueue};

use super::{Balance, Queues, Topic};

/// Who has which queue.
#[derive(Debug, Clone)]
pub struct Allocation {
    /// The strategy's own name.
    pub strategy: String,
    /// The seats that own a queue, ascending, by the queue's number.
    pub owners: Vec<Vec<usize>>,
    /// What a strategy threw for a seat at the first topic for which it threw; the member keeps the queues it has.
    pub thrown: Vec<Option<AllocateError>>,
    /// Queues that a strategy handed out though nobody offered them, with the seat.
    pub not_offered: Vec<(usize, MessageQueue)>,
    /// Queues on each member, over all topics, by seat.
    pub loads: Vec<usize>,
    /// Over all topics.
    pub total: Balance,
    /// By topic.
    pub topics: Vec<Balance>,
}

/// How a queue is owned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// By one member.
    Owned,
    /// By nobody.
    Unowned,
    /// By two members or more.
    DoubleOwned,
}

impl State {
    /// The word for it in tables.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Owned => "owned",
            Self::Unowned => "unowned",
            Self::DoubleOwned => "double_owned",
        }
    }
}

impl Allocation {
    /// How a queue is owned.
    #[must_use]
    pub fn state(&self, queue: usize) -> State {
        match self.owners[queue].len() {
            0 => State::Unowned,
            1 => State::Owned,
            _ => State::DoubleOwned,
        }
    }

    /// Whether every queue has exactly one owner, and no strategy threw.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.total.unowned == 0 && self.total.double_owned == 0 && self.thrown.iter().all(Option::is_none)
    }
}

/// Collects the members' answers.
pub(super) struct Gathering<'a> {
    queues: &'a Queues,
    strategy: String,
    owners: Vec<Vec<usize>>,
    thrown: Vec<Option<AllocateError>>,
    not_offered: Vec<(usize, MessageQueue)>,
}

impl<'a> Gathering<'a> {
    pub(super) fn new(strategy: String, queues: &'a Queues, seats: usize) -> Self {
        let owners = vec![Vec::new(); queues.all().len()];
        Self { queues, strategy, owners, thrown: vec![None; seats], not_offered: Vec::new() }
    }

    /// What a seat was answered for a topic.
    pub(super) fn take(&mut self, seat: usize, topic: &Topic<'_>, answer: Result<Vec<MessageQueue>, AllocateError>) {
        let share = match answer {
            Ok(share) => share,
            Err(error) => {
                self.thrown[seat].get_or_insert(error);
                return;
            }
        };
        let mut likely = topic.numbers.start;
        for queue in share {
            let Some(number) = self.queues.number(&queue, likely) else {
                // CONFIG answers the same list for every topic.
                if !self.not_offered.iter().rev().take_while(|(other, _)| *other == seat).any(|(_, had)| *had == queue)
                {
                    self.not_offered.push((seat, queue));
                }
                continue;
            };
            likely = number + 1;
            if let Err(place) = self.owners[number].binary_search(&seat) {
                self.owners[number].insert(place, seat);
            }
        }
    }

    pub(super) fn finish(self) -> Allocation {
        let Self { queues, strategy, owners, thrown, not_offered } = self;
        let mut loads = vec![0; thrown.len()];
        owners.iter().flatten().for_each(|&seat| loads[seat] += 1);
        let total = Balance::of(&owners, thrown.len());
        let topics = queues.topics().map(|topic| Balance::of(&owners[topic.numbers], thrown.len())).collect();
        Allocation { strategy, owners, thrown, not_offered, loads, total, topics }
    }
}
