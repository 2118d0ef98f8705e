//! `AVG`: contiguous blocks, RocketMQ's default (`AllocateMessageQueueAveragely`).

use super::check::{answers_by_position, check};
use super::{AllocateError, AllocateMessageQueueStrategy, ClientId, MessageQueue};

/// Sorted queues in blocks, one a member, the first members' blocks longer by one where it does not come out even.
#[derive(Debug, Clone, Copy, Default)]
pub struct Averagely;

impl Averagely {
    /// The block at a position: a member that stands twice has its first position both times, so that the queues of
    /// the second are nobody's (trap E2).
    fn block(index: usize, mq_all: &[MessageQueue], members: usize) -> Vec<MessageQueue> {
        let (queues, rest) = (mq_all.len(), mq_all.len() % members);
        let longer = rest > 0 && index < rest;
        let size = if queues <= members { 1 } else { queues / members + usize::from(longer) };
        let start = if longer { index * size } else { index * size + rest };
        // Past the last queue Java computes a negative range, which is empty.
        mq_all.iter().skip(start).take(size.min(queues.saturating_sub(start))).cloned().collect()
    }
}

impl AllocateMessageQueueStrategy for Averagely {
    fn name(&self) -> String {
        "AVG".to_owned()
    }

    fn allocate(
        &self,
        _group: &str,
        current_cid: &str,
        mq_all: &[MessageQueue],
        cid_all: &[ClientId],
    ) -> Result<Vec<MessageQueue>, AllocateError> {
        let index = check(current_cid, mq_all, cid_all)?;
        Ok(index.map_or_else(Vec::new, |index| Self::block(index, mq_all, cid_all.len())))
    }

    fn allocate_all(
        &self,
        _group: &str,
        mq_all: &[MessageQueue],
        cid_all: &[ClientId],
    ) -> Vec<Result<Vec<MessageQueue>, AllocateError>> {
        answers_by_position(mq_all, cid_all, |index| Ok(Self::block(index, mq_all, cid_all.len())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Queue numbers by member, as RocketMQ's class deals them.
    fn shares(queues: i32, cids: &[&str]) -> Vec<Vec<i32>> {
        let mq_all: Vec<MessageQueue> = (0..queues).map(|id| MessageQueue::new("T", "b", id)).collect();
        let cid_all: Vec<ClientId> = cids.iter().map(|&cid| cid.into()).collect();
        let alone: Vec<_> = cid_all.iter().map(|cid| Averagely.allocate("g", cid, &mq_all, &cid_all)).collect();
        assert_eq!(alone, Averagely.allocate_all("g", &mq_all, &cid_all), "every seat sees the same");
        let ids =
            |mine: Result<Vec<MessageQueue>, _>| mine.expect("allocates").iter().map(|queue| queue.queue_id).collect();
        alone.into_iter().map(ids).collect()
    }

    #[test]
    fn shares_are_those_of_rocketmq() {
        assert_eq!(shares(3, &["a", "b"]), [vec![0, 1], vec![2]]);
        assert_eq!(shares(4, &["a", "b", "c"]), [vec![0, 1], vec![2], vec![3]]);
        assert_eq!(shares(8, &["a", "b", "c"]), [vec![0, 1, 2], vec![3, 4, 5], vec![6, 7]]);
        assert_eq!(shares(10, &["a", "b", "c", "d"]), [vec![0, 1, 2], vec![3, 4, 5], vec![6, 7], vec![8, 9]]);
        assert_eq!(shares(3, &["a", "b", "c", "d", "e"]), [vec![0], vec![1], vec![2], vec![], vec![]]);
        assert_eq!(shares(4, &["a", "a", "b"]), [vec![0, 1], vec![0, 1], vec![3]], "queue 2 is nobody's");
    }

    #[test]
    fn refusals_are_those_of_java() {
        let (queues, cids) = ([MessageQueue::new("T", "b", 0)], [ClientId::from("a")]);
        for (current, queues, cids, message) in [
            ("", &queues[..], &cids[..], "currentCID is empty"),
            ("a", &[], &cids[..], "mqAll is null or mqAll empty"),
            ("a", &queues[..], &[], "cidAll is null or cidAll empty"),
        ] {
            let refused = Averagely.allocate("g", current, queues, cids);
            assert_eq!(refused, Err(AllocateError::IllegalArgument(message.to_owned())));
        }
        assert_eq!(Averagely.allocate("g", "stranger", &queues, &cids), Ok(vec![]));
    }
}
