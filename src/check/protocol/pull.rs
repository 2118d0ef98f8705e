//! The pull loop (`DefaultMQPushConsumerImpl.pullMessage`).

use std::collections::{BTreeMap, BTreeSet};

use super::{Broken, Law, Scene};
use crate::kernel::{Instant, Span};
use crate::model::observation::{CommitPath, Detail, Kinds, Observation, Observed, PullTrouble, QueueIndex, kinds};
use crate::model::plan::{ConsumerIndex, Plan};

/// A queue just taken is not pulled before the dispatch delay (`RebalancePushImpl.dispatchPullRequest`).
#[derive(Debug)]
pub(super) struct FirstPull {
    delays: Vec<Span>,
    taken: BTreeMap<(ConsumerIndex, QueueIndex), Instant>,
}

impl FirstPull {
    pub fn new(plan: &Plan) -> Self {
        let delays = plan.consumers.iter().map(|consumer| consumer.client.timers.pull_dispatch_delay);
        Self { delays: delays.collect(), taken: BTreeMap::new() }
    }
}

impl Law for FirstPull {
    fn reads(&self) -> Kinds {
        kinds![QueueTaken, QueueReleased, ConsumerEnded, PullLooked]
    }

    fn observe(&mut self, seen: &Observed, scene: Scene<'_>, broken: &mut Broken) {
        match seen.what {
            Observation::QueueTaken { consumer, queue, .. } => _ = self.taken.insert((consumer, queue), seen.at),
            Observation::QueueReleased { consumer, queue, .. } => _ = self.taken.remove(&(consumer, queue)),
            Observation::ConsumerEnded { consumer, .. } => self.taken.retain(|(of, _), _| *of != consumer),
            Observation::Detail(Detail::PullLooked { consumer, queue, .. }) => {
                let Some(taken) = self.taken.remove(&(consumer, queue)) else { return };
                let since = seen.at.since(taken);
                if since < self.delays[consumer.at()] {
                    let (who, name) = (scene.names.consumer(consumer), scene.names.message_queue(queue));
                    broken.say(seen.at, "first_pull_waits", format!("{who} pulled {name} {since} after it was taken"));
                }
            }
            _ => {}
        }
    }
}

/// What the settings of a consumer allow a queue to hold.
#[derive(Debug)]
struct Thresholds {
    messages: u32,
    mebibytes: u64,
    /// None of an orderly consumer.
    span: Option<u64>,
}

/// Flow control holds a queue back above each threshold, and never at or below.
#[derive(Debug)]
pub(super) struct FlowControl {
    /// None where they follow the number of queues, or may be those of a later release.
    thresholds: Vec<Option<Thresholds>>,
}

impl FlowControl {
    pub fn new(plan: &Plan) -> Self {
        let thresholds = plan.consumers.iter().map(|planned| {
            let settings = &planned.consumer;
            let for_topic = settings.pull_threshold_for_topic.is_some()
                || settings.pull_threshold_size_for_topic_mib.is_some()
                || plan.releases.iter().any(|release| release.name == planned.name);
            (!for_topic).then(|| Thresholds {
                messages: settings.pull_threshold_for_queue,
                mebibytes: settings.pull_threshold_size_for_queue_mib.into(),
                span: planned.listener.orderly.is_none().then(|| settings.consume_concurrently_max_span.into()),
            })
        });
        Self { thresholds: thresholds.collect() }
    }
}

impl Law for FlowControl {
    fn reads(&self) -> Kinds {
        kinds![PullLooked]
    }

    fn observe(&mut self, seen: &Observed, scene: Scene<'_>, broken: &mut Broken) {
        let Observation::Detail(Detail::PullLooked { consumer, queue, messages, mebibytes, span, held_back }) =
            seen.what
        else {
            return;
        };
        let Some(most) = &self.thresholds[consumer.at()] else { return };
        let expected = if messages > most.messages {
            Some(PullTrouble::FlowControlCount)
        } else if mebibytes > most.mebibytes {
            Some(PullTrouble::FlowControlSize)
        } else if most.span.is_some_and(|most| span > most) {
            Some(PullTrouble::FlowControlSpan)
        } else {
            None
        };
        if held_back != expected {
            let (who, name) = (scene.names.consumer(consumer), scene.names.message_queue(queue));
            let detail = format!(
                "{who} holds {messages} messages of {name}, {mebibytes} MiB, over {span} offsets: {held_back:?} and not {expected:?}"
            );
            broken.say(seen.at, "flow_control_above_the_threshold", detail);
        }
    }
}

/// A pull below the first offset is sent to the first offset (`DefaultMessageStore.getMessage`, `OFFSET_TOO_SMALL`).
#[derive(Debug, Default)]
pub(super) struct Minimum {
    first: BTreeMap<QueueIndex, u64>,
    /// Queues whose topic was deleted: their offsets began anew.
    deleted: BTreeSet<QueueIndex>,
    /// Where operators sent groups.
    resets: BTreeSet<(QueueIndex, u64)>,
}

impl Law for Minimum {
    fn reads(&self) -> Kinds {
        kinds![HeadDeleted, Committed, OffsetIllegal]
    }

    fn observe(&mut self, seen: &Observed, scene: Scene<'_>, broken: &mut Broken) {
        match seen.what {
            Observation::HeadDeleted { queue, min, with_topic } => {
                self.first.insert(queue, min);
                if with_topic {
                    self.deleted.insert(queue);
                }
            }
            Observation::Committed { queue, offset, path: CommitPath::OperatorReset, .. } => {
                self.resets.insert((queue, offset));
            }
            Observation::OffsetIllegal { consumer, queue, asked, corrected } if corrected > asked => {
                let first = self.first.get(&queue).copied().unwrap_or(0);
                if corrected > first && !self.deleted.contains(&queue) && !self.resets.contains(&(queue, corrected)) {
                    let (who, name) = (scene.names.consumer(consumer), scene.names.message_queue(queue));
                    let detail =
                        format!("{who} asked for {asked} of {name}, which begins at {first}, and got {corrected}");
                    broken.say(seen.at, "below_the_first_goes_to_the_first", detail);
                }
            }
            _ => {}
        }
    }
}
