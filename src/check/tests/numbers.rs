//! The numbers of what the tests' plan has, under the names that it has there: `c1`, `broker-a`, the queues of `T` at
//! `broker-a`, the group `g`, the client ids of `c1` and the others.

use crate::model::ids::{AudienceIndex, BrokerIndex, ClientIndex, ConsumerIndex, GroupIndex, QueueIndex, TopicIndex};

pub(super) const C1: ConsumerIndex = ConsumerIndex(0);
pub(super) const C2: ConsumerIndex = ConsumerIndex(1);
pub(super) const C3: ConsumerIndex = ConsumerIndex(2);
pub(super) const BROKER_A: BrokerIndex = BrokerIndex(0);
pub(super) const BROKER_B: BrokerIndex = BrokerIndex(1);
pub(super) const QUEUE_0: QueueIndex = QueueIndex(0);
pub(super) const QUEUE_1: QueueIndex = QueueIndex(1);
pub(super) const T: TopicIndex = TopicIndex(0);
pub(super) const G: GroupIndex = GroupIndex(0);
/// All of `g`, as its members share the queues.
pub(super) const ALL_OF_G: AudienceIndex = AudienceIndex(0);
pub(super) const ID_1: ClientIndex = ClientIndex(0);
pub(super) const ID_2: ClientIndex = ClientIndex(1);
