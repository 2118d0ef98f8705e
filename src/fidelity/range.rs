//! What the published distance was measured on, and in what a scenario lies outside it.

use crate::model::ids::{ConsumerIndex, TopicIndex};
use std::collections::{BTreeMap, BTreeSet};

use crate::kernel::{Instant, Span};
use crate::model::plan::{Action, Arrivals, Plan, When};

/// The most of each that any public recording has, and what it is about; a test reads them from the recordings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range {
    /// Consumers of a group.
    pub consumers: usize,
    /// Brokers.
    pub brokers: usize,
    /// Topics.
    pub topics: usize,
    /// Queues of all topics, after the last change.
    pub queues: usize,
    /// Messages a second that all producers send.
    pub messages_per_second: u64,
    /// Work of the listener on a batch, in ms.
    pub listener_ms: u64,
    /// `allocateMessageQueueStrategy`.
    pub strategies: Vec<&'static str>,
}

impl Range {
    /// That of the public recordings of a 5.3.3 cluster, all groups and name servers one.
    #[must_use]
    pub fn public() -> Self {
        Self {
            consumers: 4,
            brokers: 2,
            topics: 2,
            queues: 16,
            messages_per_second: 120,
            listener_ms: 1_500,
            strategies: vec!["AVG", "AVG_BY_CIRCLE"],
        }
    }

    /// In what a plan lies outside, a few words each; nothing: predictions of it are as good as the published ones.
    #[must_use]
    pub fn left_by(&self, plan: &Plan) -> Vec<String> {
        let mut said = Vec::new();
        let mut more = |count: usize, most: usize, what: &str| {
            if count > most {
                said.push(format!("{count} {what} (measured up to {most})"));
            }
        };
        let mut members = lived_at_once(plan);
        // Of a deployment the revisions replace each other.
        for pods in &plan.deployments {
            let surge = if pods.revisions.len() > 1 { pods.max_surge } else { 0 };
            members[usize::from(pods.group)] = (pods.replicas + surge) as usize;
        }
        more(members.into_iter().max().unwrap_or_default(), self.consumers, "consumers in a group");
        more(plan.groups.len(), 1, "groups");
        more(plan.brokers.len(), self.brokers, "brokers");
        more(plan.name_servers.len(), 1, "name servers");
        more(plan.topics.len(), self.topics, "topics");
        more(queues(plan), self.queues, "queues");
        more(rate(plan) as usize, self.messages_per_second as usize, "messages a second");
        let longest = plan.consumers.iter().map(|consumer| consumer.longest_work());
        match longest.max_by_key(|work| work.map_or(u64::MAX, |work| work.as_millis())).flatten() {
            Some(work) => more(work.as_millis() as usize, self.listener_ms as usize, "ms of work on a batch"),
            None => said.push("listeners whose work has no bound".to_owned()),
        }
        let strategies: BTreeSet<String> = plan
            .consumers
            .iter()
            .map(|consumer| consumer.consumer.allocate_message_queue_strategy.name())
            .filter(|name| !self.strategies.contains(&name.as_str()))
            .collect();
        said.extend(strategies);
        let faults: BTreeSet<&str> = plan.timeline.iter().filter_map(|step| unrecorded(&step.action)).collect();
        said.extend(faults.into_iter().map(str::to_owned));
        said
    }
}

/// The most members of each group that lived at once, where every step takes place as early as it can: who comes for
/// another who went is no more than that one was.
fn lived_at_once(plan: &Plan) -> Vec<usize> {
    let moments = When::resolve(&plan.timeline, |_, from, _| from);
    let mut steps: Vec<(Instant, &Action)> =
        moments.into_iter().zip(plan.timeline.iter().map(|step| &step.action)).collect();
    // The sort is stable: of one moment the order of the timeline counts.
    steps.sort_by_key(|(at, _)| *at);
    let (mut living, mut most) = (BTreeSet::new(), vec![0; plan.groups.len()]);
    for (_, action) in steps {
        match action {
            Action::StartConsumer { consumer, .. } => {
                living.insert(*consumer);
                let group = plan.consumers[consumer.at()].group;
                let members = living.iter().filter(|other: &&ConsumerIndex| plan.consumers[other.at()].group == group);
                most[group.at()] = most[group.at()].max(members.count());
            }
            Action::StopConsumer(consumer) | Action::KillConsumer(consumer) | Action::PowerOffConsumer(consumer) => {
                living.remove(consumer);
            }
            _ => {}
        }
    }
    most
}

/// The most queues that there are to read, counting every topic and broker.
fn queues(plan: &Plan) -> usize {
    let mut queues: BTreeMap<_, u32> = BTreeMap::new();
    for (topic, planned) in TopicIndex::number(&plan.topics) {
        planned.queues.iter().for_each(|on| _ = queues.insert((topic, on.broker), on.read_queue_nums));
    }
    for step in &plan.timeline {
        if let Action::SetQueues { topic, brokers, read_queue_nums: Some(count), .. } = &step.action {
            for broker in brokers {
                let most = queues.entry((*topic, *broker)).or_default();
                *most = (*most).max(*count);
            }
        }
    }
    queues.values().sum::<u32>() as usize
}

/// Messages a second, all producers together; recorded ones are within the range by nature.
fn rate(plan: &Plan) -> u64 {
    let second = Span::from_secs(1).as_nanos();
    let of = |arrivals: &Arrivals| match arrivals {
        Arrivals::Constant { interval } | Arrivals::Poisson { interval } => second / interval.as_nanos().max(1),
        Arrivals::Bursty { burst, every } => u64::from(*burst) * second / every.as_nanos().max(1),
        Arrivals::Recorded(_) => 0,
    };
    plan.producers.iter().map(|producer| of(&producer.arrivals)).sum()
}

/// Faults that no recording has.
fn unrecorded(action: &Action) -> Option<&'static str> {
    match action {
        Action::PowerOffConsumer(_) | Action::PowerOffBroker(_) => Some("power off"),
        Action::KillProxy(_) | Action::PowerOffProxy(_) | Action::StartProxy(_) => Some("proxies"),
        Action::KillNameServer(_) | Action::StartNameServer(_) => Some("name servers down"),
        Action::JumpClock { .. } => Some("clocks that jump"),
        Action::ForgetHeads { .. } => Some("deleted messages"),
        Action::ResetOffsets(_) => Some("offsets reset"),
        Action::SetPermission { .. } => Some("permissions that change"),
        Action::SetBrokerPermission { .. } => Some("permissions that change"),
        Action::CreateTopic { .. } => Some("created topics"),
        Action::SetGroup { .. } | Action::DeleteGroup { .. } => Some("groups that an operator changes"),
        Action::SetMode { .. } => Some("POP"),
        Action::DeleteTopic { .. } => Some("deleted topics"),
        Action::Subscribe { .. } | Action::Unsubscribe { .. } => Some("subscriptions that change"),
        Action::Promote(_) => Some("slaves that become masters"),
        Action::StopBroker(_) => Some("brokers stopped in order"),
        Action::Sever { .. } => Some("connections severed"),
        Action::Cut { .. } | Action::Heal { .. } => Some("network cuts"),
        Action::Delay { .. } => Some("network delays"),
        Action::Loss { .. } => Some("packet loss"),
        Action::Hold { .. } | Action::Release { .. } => Some("messages held"),
        Action::StartConsumer { .. }
        | Action::StopConsumer(_)
        | Action::KillConsumer(_)
        | Action::PauseConsumer(_)
        | Action::ResumeConsumer(_)
        | Action::Suspend(_)
        | Action::KillBroker(_)
        | Action::StartBroker { .. }
        | Action::SetQueues { .. }
        | Action::Rollout { .. }
        | Action::Mark => None,
    }
}
