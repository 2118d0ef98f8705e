//! Member lists and queue lists, interned, and the allocations made from them, remembered.
//!
//! A wave in which a thousand members recompute over ten thousand queues sees few different lists: each distinct list
//! is stored and sorted once, and each (strategy, group, members, queues) is allocated once for all members.

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;
use std::sync::Arc;

use super::ids::{MemberViewId, ViewId};
use super::names::Names;
use super::observation::{ClientIndex, QueueIndex};
use super::plan::GroupIndex;
use crate::strategy::order::compare_java_strings;
use crate::strategy::{AllocateMessageQueueStrategy, ClientId, MessageQueue};

/// What a strategy answers to all members of a list.
#[derive(Debug)]
pub struct Allocation {
    /// Queues by position in the member list (the first one, where an id repeats); `None`: the strategy threw.
    pub shares: Vec<Option<Vec<QueueIndex>>>,
    /// Queues that it gives to nobody, even where each id stands in the list once; none where it threw.
    pub left_out: Arc<[QueueIndex]>,
}

/// A sorted list of client ids as one broker answered it.
#[derive(Debug)]
struct MemberView {
    clients: Arc<[ClientIndex]>,
    ids: Vec<ClientId>,
}

/// A sorted list of queues as one route gave it.
#[derive(Debug)]
struct QueueView {
    queues: Vec<QueueIndex>,
    message_queues: Vec<MessageQueue>,
}

/// All lists seen in a run.
#[derive(Debug, Default)]
pub struct Views {
    members: Vec<MemberView>,
    member_numbers: BTreeMap<Arc<[ClientIndex]>, MemberViewId>,
    queues: Vec<QueueView>,
    queue_numbers: BTreeMap<Vec<QueueIndex>, ViewId>,
    ranks: Ranks,
    queue_ranks: QueueRanks,
    allocations: BTreeMap<Question, Rc<Allocation>>,
    /// Their questions, the oldest first, each with how many queues its answer deals.
    remembered: VecDeque<(Question, usize)>,
    /// Queues that all remembered answers deal.
    dealt: usize,
}

/// Where each client id stands among all of the run: a list of five hundred is sorted a hundred thousand times.
#[derive(Debug, Default)]
struct Ranks {
    /// All clients, as `String.compareTo` has their ids; of two with one id the first.
    sorted: Vec<ClientIndex>,
    /// By client.
    ranks: Vec<u32>,
}

impl Ranks {
    /// Takes in the clients that are new.
    fn know_all(&mut self, names: &Names) {
        let known = self.sorted.len();
        if known == names.client_count() {
            return;
        }
        for client in ClientIndex::first(names.client_count()).skip(known) {
            let before = |&other: &ClientIndex| compare_java_strings(names.client(other), names.client(client)).is_le();
            self.sorted.insert(self.sorted.partition_point(before), client);
        }
        self.ranks.resize(self.sorted.len(), 0);
        for (rank, client) in (0..).zip(&self.sorted) {
            self.ranks[client.at()] = rank;
        }
    }

    fn of(&self, client: ClientIndex) -> u32 {
        self.ranks[client.at()]
    }
}

/// Where each queue stands among all of the run: each member sorts those of its route at each rebalance.
#[derive(Debug, Default)]
struct QueueRanks(Vec<u32>);

impl QueueRanks {
    /// Takes in the queues that are new.
    fn know_all(&mut self, names: &Names) {
        if self.0.len() == names.queue_count() {
            return;
        }
        let mut sorted: Vec<QueueIndex> = QueueIndex::first(names.queue_count()).collect();
        sorted.sort_by(|&a, &b| names.message_queue(a).compare(names.message_queue(b)));
        self.0.resize(sorted.len(), 0);
        for (rank, queue) in (0..).zip(sorted) {
            self.0[queue.at()] = rank;
        }
    }

    fn of(&self, queue: QueueIndex) -> u32 {
        self.0[queue.at()]
    }
}

/// What a strategy is asked: its number, the group, the member list, the queue list.
type Question = (usize, GroupIndex, MemberViewId, ViewId);

/// Answers that deal so many queues are remembered, some 100 MiB; older ones are computed again where they are asked for.
const MOST_DEALT: usize = 4_000_000;

impl Views {
    /// The number of a member list, in any order; it is sorted as the client sorts it.
    pub fn members(&mut self, mut clients: Vec<ClientIndex>, names: &Names) -> MemberViewId {
        self.ranks.know_all(names);
        clients.sort_unstable_by_key(|&client| self.ranks.of(client));
        if let Some(&view) = self.member_numbers.get(clients.as_slice()) {
            return view;
        }
        let ids = clients.iter().map(|&client| names.client(client).clone()).collect();
        let clients: Arc<[ClientIndex]> = clients.into();
        self.members.push(MemberView { clients: Arc::clone(&clients), ids });
        let view = MemberViewId::of(self.members.len() - 1);
        self.member_numbers.insert(clients, view);
        view
    }

    /// The number of a queue list, in any order.
    pub fn queues(&mut self, mut queues: Vec<QueueIndex>, names: &Names) -> ViewId {
        self.queue_ranks.know_all(names);
        queues.sort_by_key(|&queue| self.queue_ranks.of(queue));
        if let Some(&view) = self.queue_numbers.get(&queues) {
            return view;
        }
        let message_queues = queues.iter().map(|&queue| names.message_queue(queue).clone()).collect();
        self.queues.push(QueueView { queues: queues.clone(), message_queues });
        let view = ViewId::of(self.queues.len() - 1);
        self.queue_numbers.insert(queues, view);
        view
    }

    /// How many entries a member list has.
    #[must_use]
    pub fn member_count(&self, view: MemberViewId) -> usize {
        self.members[view.at()].clients.len()
    }

    /// The clients of a member list, sorted; an id repeats where two connections have it.
    #[must_use]
    pub fn member_list(&self, view: MemberViewId) -> Arc<[ClientIndex]> {
        Arc::clone(&self.members[view.at()].clients)
    }

    /// The queues of a list, sorted.
    #[must_use]
    pub fn queue_list(&self, view: ViewId) -> &[QueueIndex] {
        &self.queues[view.at()].queues
    }

    /// Position of a client in a member list: the first, where it repeats (`List.indexOf`).
    #[must_use]
    pub fn position(&self, view: MemberViewId, client: ClientIndex) -> Option<usize> {
        self.members[view.at()].clients.iter().position(|&other| other == client)
    }

    /// Who gets what under this strategy; computed on first use.
    pub fn allocate(
        &mut self,
        strategy: (usize, &dyn AllocateMessageQueueStrategy),
        group: (GroupIndex, &str),
        (members, queues): (MemberViewId, ViewId),
        names: &Names,
    ) -> Rc<Allocation> {
        let key = (strategy.0, group.0, members, queues);
        if let Some(allocation) = self.allocations.get(&key) {
            return Rc::clone(allocation);
        }
        let (member_view, queue_view) = (&self.members[members.at()], &self.queues[queues.at()]);
        let number = |queue: &MessageQueue| {
            let position = queue_view.message_queues.binary_search_by(|other| other.compare(queue));
            position.ok().map(|at| queue_view.queues[at]).or_else(|| names.find_message_queue(queue))
        };
        let shares = |ids: &[ClientId]| -> Vec<Option<Vec<QueueIndex>>> {
            let answers = strategy.1.allocate_all(group.1, &queue_view.message_queues, ids);
            answers.into_iter().map(|answer| Some(answer.ok()?.iter().filter_map(number).collect())).collect()
        };
        let all = shares(&member_view.ids);
        let mut once = member_view.ids.clone();
        once.dedup();
        let left_out = if once.len() == member_view.ids.len() {
            left_out(&queue_view.queues, &all)
        } else {
            // The share of an id's second place is nobody's because the id repeats, and not by the strategy.
            left_out(&queue_view.queues, &shares(&once))
        };
        let allocation = Rc::new(Allocation { shares: all, left_out: left_out.into() });
        let dealt = queue_view.queues.len();
        self.remember(key, dealt, &allocation);
        allocation
    }

    /// Remembers an answer, and forgets the oldest ones where there are too many.
    fn remember(&mut self, question: Question, dealt: usize, allocation: &Rc<Allocation>) {
        self.dealt += dealt;
        while self.dealt > MOST_DEALT
            && let Some((oldest, dealt)) = self.remembered.pop_front()
        {
            self.allocations.remove(&oldest);
            self.dealt -= dealt;
        }
        self.remembered.push_back((question, dealt));
        self.allocations.insert(question, Rc::clone(allocation));
    }
}

/// Queues that are in nobody's share; none where somebody's is not known.
fn left_out(queues: &[QueueIndex], shares: &[Option<Vec<QueueIndex>>]) -> Vec<QueueIndex> {
    let Some(shares) = shares.iter().map(Option::as_deref).collect::<Option<Vec<_>>>() else { return Vec::new() };
    let end = queues.iter().max().map_or(0, |last| last.at() + 1);
    let mut given = vec![false; end];
    // A strategy may give queues that are not in the list (`AllocateMessageQueueByConfig`).
    shares.into_iter().flatten().filter(|queue| queue.at() < end).for_each(|queue| given[queue.at()] = true);
    queues.iter().copied().filter(|queue| !given[queue.at()]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::plan;
    use proptest::prelude::*;

    proptest! {
        /// Clients that come one after the other stand where Java's order of their ids has them, whoever came before.
        #[test]
        fn ranks_are_in_the_order_of_ids(ids in prop::collection::vec("[a-cA\u{e000}\u{10000}]{0,3}", 1..30)) {
            let plan = plan(1);
            let (mut names, mut views) = (Names::new(&plan), Views::default());
            let mut clients = Vec::new();
            for id in &ids {
                clients.push(names.intern_client(id));
                let view = views.members(clients.iter().rev().copied().collect(), &names);
                let mut expected = clients.clone();
                expected.sort_by(|&a, &b| compare_java_strings(names.client(a), names.client(b)).then(a.cmp(&b)));
                prop_assert_eq!(&*views.member_list(view), expected.as_slice());
            }
        }
    }
}
