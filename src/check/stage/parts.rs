//! What the stage is made of: consumers, stretches without an owner or with several, who held what.

use std::collections::{BTreeMap, BTreeSet};

use super::Key;
use crate::check::OwnerState;
use crate::kernel::Instant;
use crate::model::Names;
use crate::model::ids::AudienceIndex;
use crate::model::observation::{ClientIndex, End, Release};
use crate::model::plan::{BrokerIndex, ConsumerIndex, GroupIndex, MessageModel, Plan};
use crate::offset::{ChosenStore, KnownStore};

/// A consumer at this moment.
#[derive(Debug, Clone, Default)]
pub struct Seat {
    /// Its client id.
    pub client: ClientIndex,
    /// The client id of the life before.
    pub previous_client: Option<ClientIndex>,
    /// Its process runs (`start()` was called).
    pub alive: bool,
    /// Stopped by a signal.
    pub paused: bool,
    /// Brokers that it is cut off from.
    pub cut_off: BTreeSet<BrokerIndex>,
    /// Without power: its table lives on only in the eyes of the brokers.
    pub powered_off: bool,
    /// When its process last started and ended, and how.
    pub started: Option<Instant>,
    /// How and when it last ended.
    pub ended: Option<(Instant, End)>,
    /// When it last came back from a pause or a cut.
    pub returned: Option<Instant>,
}

/// Why a queue began to be without an owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beginning {
    /// Nobody has owned it yet.
    NeverOwned,
    /// Its owner's process ended.
    Ended(ConsumerIndex, End),
    /// Its owner was paused.
    Paused(ConsumerIndex),
    /// Its owner was cut off.
    CutOff(ConsumerIndex),
    /// Its owner gave it up.
    Released(ConsumerIndex, Release),
}

impl Beginning {
    /// Who had owned the queue.
    #[must_use]
    pub fn owner(self) -> Option<ConsumerIndex> {
        match self {
            Self::NeverOwned => None,
            Self::Ended(who, _) | Self::Paused(who) | Self::CutOff(who) | Self::Released(who, _) => Some(who),
        }
    }
}

/// One stretch without an owner, or with several.
#[derive(Debug, Clone)]
pub struct Stretch {
    /// From when.
    pub from: Instant,
    /// Until when.
    pub until: Instant,
    /// What began it.
    pub beginning: Beginning,
    /// Who owned it then, for a stretch with several; who ended it, for one without.
    pub owners: Vec<ConsumerIndex>,
    /// It lasted to the end of the run.
    pub unfinished: bool,
}

/// Ownership of one queue by one audience.
#[derive(Debug, Default)]
pub(super) struct Tenancy {
    pub(super) holders: Vec<ConsumerIndex>,
    pub(super) live: usize,
    pub(super) since: Instant,
    pub(super) beginning: Option<Beginning>,
    pub(super) several: Vec<ConsumerIndex>,
    /// No consumer is shown the queue: it wants no owner.
    pub(super) hidden: bool,
    /// Members pop the queue: it has no owner.
    pub(super) popped: bool,
}

impl Tenancy {
    /// Whether all is as it should be with so many live owners.
    pub(super) fn is_well(&self, live: usize) -> bool {
        live == 1 || (live == 0 && (self.hidden || self.popped))
    }
}

/// A queue in one consumer's table, whether it could act or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::check) struct Tenure {
    /// Who.
    pub consumer: ConsumerIndex,
    /// From when.
    pub from: Instant,
    /// Until when; `None`: it is there yet.
    pub until: Option<Instant>,
    /// The offset at which it began to pull.
    pub start: u64,
}

/// One row of who held what.
#[derive(Debug, Clone)]
pub struct Holding {
    /// Whose, and which queue.
    pub key: Key,
    /// Who.
    pub consumer: ConsumerIndex,
    /// Under which id.
    pub client: ClientIndex,
    /// From when.
    pub from: Instant,
    /// Until when.
    pub until: Instant,
    /// Whether it could act.
    pub state: OwnerState,
}

/// Who subscribes which topic, topic by topic, `%RETRY%` and `%DLQ%` behind the others: audiences, in the order of members.
pub(super) fn audiences_of_topic(plan: &Plan, names: &Names) -> Vec<Vec<AudienceIndex>> {
    let groups = plan.groups.len();
    let mut audiences_of_topic = vec![Vec::new(); plan.topics.len() + 2 * groups];
    // A later release has the name and the message model of its consumer.
    let own = |name: &str| ConsumerIndex::number(&plan.consumers).find(|(_, c)| c.name == name);
    let releases = plan.releases.iter().filter_map(|release| Some((own(&release.name)?.0, release)));
    for (index, consumer) in ConsumerIndex::number(&plan.consumers).chain(releases) {
        let audience = names.audience_of(index);
        for &topic in &consumer.topics {
            let subscribers = &mut audiences_of_topic[topic.at()];
            // Members of one group stand together, so a look at the last is enough but for mixed ones.
            if subscribers.last() != Some(&audience) && !subscribers.contains(&audience) {
                subscribers.push(audience);
            }
        }
    }
    for group in GroupIndex::first(groups) {
        audiences_of_topic[names.retry_topic(group).at()].push(names.audience_of_group(group));
    }
    audiences_of_topic
}

/// Groups with members of both message models.
pub(super) fn mixed_groups(plan: &Plan) -> BTreeSet<GroupIndex> {
    let has = |group, model| plan.consumers.iter().any(|c| c.group == group && c.consumer.message_model == model);
    let both = |&g: &GroupIndex| has(g, MessageModel::Clustering) && has(g, MessageModel::Broadcasting);
    GroupIndex::first(plan.groups.len()).filter(both).collect()
}

/// Groups of which two members allocate by different rules, in whatever release.
pub(super) fn differing_strategies(plan: &Plan) -> BTreeSet<GroupIndex> {
    let mut of_group: BTreeMap<GroupIndex, BTreeSet<String>> = BTreeMap::new();
    for member in plan.consumers.iter().chain(&plan.releases) {
        if member.consumer.message_model == MessageModel::Clustering {
            let strategy = member.consumer.allocate_message_queue_strategy.name();
            of_group.entry(member.group).or_default().insert(strategy);
        }
    }
    of_group.into_iter().filter(|(_, strategies)| strategies.len() > 1).map(|(group, _)| group).collect()
}

/// Which audiences have orderly listeners.
pub(super) fn orderly_audiences(plan: &Plan, names: &Names) -> Vec<bool> {
    let mut orderly = vec![false; names.audience_count()];
    for (index, consumer) in ConsumerIndex::number(&plan.consumers) {
        orderly[names.audience_of(index).at()] |= consumer.listener.orderly.is_some();
    }
    orderly
}

/// Where the offsets of each audience are kept: a `BROADCASTING` member has a file of its own.
pub(super) fn offset_stores(plan: &Plan, names: &Names) -> Vec<&'static KnownStore> {
    let store = |audience| match names.is_one_member(audience) {
        true => ChosenStore::named("LocalFileOffsetStore").store,
        false => plan.offset_store(names.group_of_audience(audience)).store,
    };
    AudienceIndex::first(names.audience_count()).map(store).collect()
}
