//! `STICKY`, **not RocketMQ's**: as even as can be, and as little moved as that allows (asked for in
//! apache/rocketmq-externals#568 and apache/rocketmq#2149).

use std::collections::BTreeMap;

use super::by_owner::{Members, Owners, allocates_by_owner, share_of, shares};
use super::{AllocateError, AllocateMessageQueueStrategy, ClientId, MessageQueue};

/// Members keep what they had up to their fair share; what is left over is dealt to those below theirs.
///
/// **Shared state**: all members must be told the same previous assignment, as if the broker kept it. Where members
/// remember different ones, their answers overlap or leave gaps. The strategy itself remembers nothing.
#[derive(Debug, Clone, Default)]
pub struct Sticky {
    previous: BTreeMap<(String, String, i32), String>,
}

impl Sticky {
    /// After this assignment, queues by client id. A queue that two had is the first one's by order of ids.
    #[must_use]
    pub fn after(previous: &BTreeMap<String, Vec<MessageQueue>>) -> Self {
        let mut owners = BTreeMap::new();
        for (cid, queues) in previous {
            for queue in queues {
                owners.entry(key(queue)).or_insert_with(|| cid.clone());
            }
        }
        Self { previous: owners }
    }
}

fn key(queue: &MessageQueue) -> (String, String, i32) {
    (queue.topic.to_string(), queue.broker_name.to_string(), queue.queue_id)
}

impl Owners for Sticky {
    fn owners(&self, mq_all: &[MessageQueue], members: &Members) -> Vec<Option<usize>> {
        let distinct = members.distinct();
        let numbers: BTreeMap<&str, usize> =
            distinct.iter().enumerate().map(|(number, &member)| (&*members.cid_all[member], number)).collect();
        let had: Vec<Option<usize>> = mq_all
            .iter()
            .map(|queue| self.previous.get(&key(queue)).and_then(|cid| numbers.get(cid.as_str()).copied()))
            .collect();
        let mut room = quotas(mq_all.len(), &had, distinct.len());
        let mut keeps = |owner: Option<usize>| {
            let owner = owner.filter(|&owner| room[owner] > 0)?;
            room[owner] -= 1;
            Some(owner)
        };
        let kept: Vec<Option<usize>> = had.into_iter().map(&mut keeps).collect();
        let mut vacancies =
            room.iter().enumerate().flat_map(|(owner, &left)| std::iter::repeat_n(owner, left)).collect::<Vec<_>>();
        vacancies.reverse();
        kept.into_iter().map(|owner| owner.or_else(|| vacancies.pop()).map(|number| distinct[number])).collect()
    }
}

/// How many queues each member shall have: the mean rounded down, and one more for as many as it takes; first for
/// those that had most, because with them the longer share saves a move.
fn quotas(queues: usize, had: &[Option<usize>], members: usize) -> Vec<usize> {
    let mut counts = vec![0usize; members];
    for &owner in had.iter().flatten() {
        counts[owner] += 1;
    }
    let mut order: Vec<usize> = (0..members).collect();
    order.sort_by_key(|&member| (std::cmp::Reverse(counts[member]), member));
    let mut quotas = vec![queues / members; members];
    for &member in order.iter().take(queues % members) {
        quotas[member] += 1;
    }
    quotas
}

impl AllocateMessageQueueStrategy for Sticky {
    fn name(&self) -> String {
        "STICKY".to_owned()
    }

    allocates_by_owner!();
}
