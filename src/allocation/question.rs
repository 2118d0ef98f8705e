//! What is asked, and the asking: each member from its own seat.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::owners::{Allocation, Gathering};
use super::{Members, Queues, Topic, View, Views};
use crate::strategy::hash_ring::too_large;
use crate::strategy::order::compare_java_strings;
use crate::strategy::{
    AllocateError, AllocateMessageQueueStrategy, ClientId, MessageQueue, StrategyError, StrategyParameters, registry,
};

/// A group, its queues and its strategy.
#[derive(Debug, Clone)]
pub struct Question {
    /// `consumerGroup`.
    pub group: String,
    /// The queues of all topics of the group.
    pub queues: Queues,
    /// The members.
    pub members: Members,
    /// The members that differ.
    pub views: Views,
    /// Name of the strategy.
    pub strategy: String,
    /// Its settings. `group_queues` is filled in from `queues`.
    pub parameters: StrategyParameters,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QuestionError {
    /// A strategy cannot be made.
    #[error(transparent)]
    Strategy(#[from] StrategyError),
    /// A hash ring would be larger than memory.
    #[error("{0}")]
    Ring(String),
    /// The answer would be larger than memory.
    #[error(
        "{what} would make up to {shares} pairs of queue and owner, but {MOST_SHARES} is the most; \
         name fewer queues or members"
    )]
    TooLarge {
        /// What makes it so large.
        what: &'static str,
        /// How many pairs.
        shares: usize,
    },
}

/// The most pairs of queue and owner that an answer may hold.
const MOST_SHARES: usize = 50_000_000;

type Shared = Arc<dyn AllocateMessageQueueStrategy>;
type Answer = Result<Vec<MessageQueue>, AllocateError>;

impl Question {
    /// Every member asks its strategy for every topic it subscribes to (`RebalanceImpl.rebalanceByTopic`).
    ///
    /// # Errors
    /// A strategy that cannot be made, or an answer beyond all size. What a strategy throws is part of the answer.
    pub fn allocate(&self) -> Result<Allocation, QuestionError> {
        self.check_size()?;
        let strategies = self.strategies()?;
        let common = &strategies[self.strategy.as_str()];
        let seats = self.members.seats();
        let longest = self.views.values().filter_map(|view| view.ids.as_ref()).map(Vec::len).max().unwrap_or(0);
        let ring = |strategy: &Shared| too_large(seats.len().max(longest), strategy.virtual_node_cnt());
        if let Some(why) = strategies.values().find_map(ring) {
            return Err(QuestionError::Ring(why));
        }
        let views: Vec<Option<&View>> = seats.iter().map(|cid| self.views.get(&**cid)).collect();
        let mut gathering = Gathering::new(common.name(), &self.queues, seats.len());
        for topic in self.queues.topics() {
            let mut shares = common.allocate_all(&self.group, topic.queues, seats).into_iter();
            for (seat, view) in views.iter().enumerate() {
                let share = shares.next().expect("a strategy answers for every id");
                match view {
                    None => gathering.take(seat, &topic, share),
                    Some(view) if view.topics.as_ref().is_some_and(|topics| !topics.contains(topic.name)) => {}
                    Some(view) => {
                        let strategy = view.strategy.as_deref().map_or(common, |name| &strategies[name]);
                        gathering.take(seat, &topic, self.ask(strategy, view, &seats[seat], &topic));
                    }
                }
            }
        }
        Ok(gathering.finish())
    }

    /// The answer that one member gets with its own view.
    fn ask(&self, strategy: &Shared, view: &View, cid: &str, topic: &Topic<'_>) -> Answer {
        let ids: Cow<'_, [ClientId]> = view.ids.as_ref().map_or(Cow::Borrowed(self.members.seats()), |ids| {
            let mut ids = ids.clone();
            ids.sort_by(|a, b| compare_java_strings(a, b));
            Cow::Owned(ids)
        });
        let queues: Cow<'_, [MessageQueue]> = view.brokers.as_ref().map_or(Cow::Borrowed(topic.queues), |brokers| {
            Cow::Owned(topic.queues.iter().filter(|queue| brokers.contains(&*queue.broker_name)).cloned().collect())
        });
        strategy.allocate(&self.group, cid, &queues, &ids)
    }

    /// The strategies that somebody uses, by name.
    fn strategies(&self) -> Result<BTreeMap<&str, Shared>, StrategyError> {
        let parameters = StrategyParameters { group_queues: self.queues.all().to_vec(), ..self.parameters.clone() };
        let others = self.views.values().filter_map(|view| view.strategy.as_deref());
        std::iter::once(self.strategy.as_str())
            .chain(others)
            .map(|name| Ok((name, registry::build(name, &parameters)?)))
            .collect()
    }

    /// Refuses what would fill the memory: everybody getting a long list, or thousands with one id.
    fn check_size(&self) -> Result<(), QuestionError> {
        let refuse = |what, shares| match shares {
            0..=MOST_SHARES => Ok(()),
            _ => Err(QuestionError::TooLarge { what, shares }),
        };
        let listed = self.parameters.message_queue_list.as_ref().map_or(0, Vec::len);
        refuse("CONFIG's list for every member", listed.saturating_mul(self.members.seats().len()))?;
        let repeats: usize = self.members.repeated().iter().map(|(_, times)| times - 1).sum();
        refuse("members with a repeated client id", repeats.saturating_mul(self.queues.all().len()))
    }
}
