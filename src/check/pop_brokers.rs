//! What brokers make of popped messages: retries that lie there, checkpoints that are lost, modes that differ, pops that are
//! refused; traps PE1, PE4, PE9, PE10, PE17 and PE32.

use std::collections::BTreeMap;

use super::repeated::Repeated;
use super::{Anomaly, AnomalyKind, Cause, Check, Findings, Stage, Trap};
use crate::kernel::{Instant, Span};
use crate::model::Names;
use crate::model::ids::AudienceIndex;
use crate::model::observation::{
    CheckpointLoss, CommitPath, Kinds, Observation, Observed, PopRefusal, PopTrouble, QueueIndex, RequestMode, kinds,
};
use crate::model::plan::{BrokerIndex, GroupIndex, Plan, TopicIndex};

/// A retry that lies for longer is told; one that is looked for at once is popped within this.
const AT_ONCE: Span = Span::from_secs(1);
/// The tool sets one broker after the other: modes that differ for no longer are none of anybody's business.
const ONE_AFTER_THE_OTHER: Span = Span::from_secs(1);

/// A message in a retry topic.
#[derive(Debug, Clone, Copy)]
struct Lying {
    since: Instant,
    /// How many pops of its group there had been at its broker.
    pops: u64,
}

/// How a topic is consumed by a group, broker by broker.
#[derive(Debug)]
struct Modes {
    of: BTreeMap<BrokerIndex, RequestMode>,
    differ_from: Option<Instant>,
}

/// The check.
#[derive(Debug)]
pub(super) struct PopBrokers {
    pops: bool,
    lying: BTreeMap<(QueueIndex, u64), Lying>,
    /// How many pops took something, and when the last one did, of each group at each broker.
    popped: BTreeMap<(AudienceIndex, BrokerIndex), (u64, Instant)>,
    late: BTreeMap<(AudienceIndex, Cause), (Repeated, Span)>,
    lost: BTreeMap<(GroupIndex, Cause), Repeated>,
    /// How far a queue had been popped before its broker read an older offset.
    rewound: BTreeMap<(AudienceIndex, QueueIndex), u64>,
    again: BTreeMap<AudienceIndex, Repeated>,
    modes: BTreeMap<(GroupIndex, TopicIndex), Modes>,
    /// Of each topic which brokers have it, and how each has groups consume that it was told nothing of.
    defaults: Vec<BTreeMap<BrokerIndex, RequestMode>>,
    differed: BTreeMap<(GroupIndex, TopicIndex), (Instant, Instant)>,
    refused: BTreeMap<(AudienceIndex, BrokerIndex, Cause), Repeated>,
}

impl PopBrokers {
    pub fn new(plan: &Plan) -> Self {
        let default = |broker: BrokerIndex| plan.brokers[broker.at()].settings.pop.default_message_request_mode;
        let of_topic = |topic: &crate::model::plan::TopicPlan| {
            topic.queues.iter().map(|on| (on.broker, default(on.broker))).collect()
        };
        Self {
            pops: plan.may_pop(),
            lying: BTreeMap::new(),
            popped: BTreeMap::new(),
            late: BTreeMap::new(),
            lost: BTreeMap::new(),
            rewound: BTreeMap::new(),
            again: BTreeMap::new(),
            modes: BTreeMap::new(),
            defaults: plan.topics.iter().map(of_topic).collect(),
            differed: BTreeMap::new(),
            refused: BTreeMap::new(),
        }
    }

    /// A message is popped: a retry may have lain there for long, another may have been popped before.
    fn popped(
        &mut self,
        at: Instant,
        audience: AudienceIndex,
        (queue, offset): (QueueIndex, u64),
        broker: BrokerIndex,
    ) {
        let (count, last) = self.popped.entry((audience, broker)).or_insert((0, at));
        if *count == 0 || *last != at {
            (*count, *last) = (*count + 1, at);
        }
        let count = *count;
        if let Some(lying) = self.lying.remove(&(queue, offset)) {
            let waited = at.since(lying.since);
            if waited > AT_ONCE {
                // This pop is one of them.
                let cause = match count - lying.pops {
                    0..=2 => Cause::RetryTopicWakesNobody,
                    _ => Cause::RetriesStarve,
                };
                let (times, longest) = self.late.entry((audience, cause)).or_insert((Repeated::of(at, 0), Span::ZERO));
                times.add(at, 1);
                *longest = waited.max(*longest);
            }
        }
        if self.rewound.get(&(audience, queue)).is_some_and(|popped| offset < *popped) {
            Repeated::note(self.again.entry(audience), at);
        }
    }

    fn mode_set(&mut self, at: Instant, of: (GroupIndex, TopicIndex), broker: BrokerIndex, mode: RequestMode) {
        let defaults = self.defaults.get(of.1.at()).cloned().unwrap_or_default();
        let modes = self.modes.entry(of).or_insert(Modes { of: defaults, differ_from: None });
        modes.of.insert(broker, mode);
        let mut values = modes.of.values();
        let first = values.next();
        let differ = values.any(|mode| Some(mode) != first);
        match (differ, modes.differ_from) {
            (true, None) => modes.differ_from = Some(at),
            (false, Some(from)) => {
                modes.differ_from = None;
                self.differed_for(of, from, at);
            }
            _ => {}
        }
    }

    fn differed_for(&mut self, of: (GroupIndex, TopicIndex), from: Instant, until: Instant) {
        if until.since(from) >= ONE_AFTER_THE_OTHER {
            self.differed.insert(of, (from, until));
        }
    }
}

impl Check for PopBrokers {
    fn name(&self) -> &'static str {
        "pop_brokers"
    }

    fn reads(&self) -> Kinds {
        match self.pops {
            true => kinds![Popped, Revived, CheckpointLost, Committed, RequestModeSet, PopTroubled],
            false => Kinds::NONE,
        }
    }

    fn observe(&mut self, seen: &Observed, _: &Stage, names: &Names) {
        let at = seen.at;
        match seen.what {
            Observation::Popped { consumer, queue, offset, .. } => {
                let (audience, broker) = (names.audience_of(consumer), names.queue(queue).broker);
                self.popped(at, audience, (queue, offset), broker);
            }
            Observation::Revived { group, to, to_offset, .. } => {
                let place = (names.audience_of_group(group), names.queue(to).broker);
                let pops = self.popped.get(&place).map_or(0, |(count, _)| *count);
                self.lying.insert((to, to_offset), Lying { since: at, pops });
            }
            Observation::CheckpointLost { group, why, .. } => {
                let cause = match why {
                    CheckpointLoss::NotFlushed => Cause::CheckpointNotFlushed,
                    CheckpointLoss::NotReplicated => Cause::RecordsNotReplicated,
                    CheckpointLoss::MessageGone | CheckpointLoss::GivenUp => return,
                };
                Repeated::note(self.lost.entry((group, cause)), at);
            }
            Observation::Committed { audience, queue, offset, previous: Some(popped), path, .. }
                if path == CommitPath::BrokerRestart && offset < popped =>
            {
                self.rewound.insert((audience, queue), popped);
            }
            Observation::RequestModeSet { broker, group, topic, mode, .. } => {
                self.mode_set(at, (group, topic), broker, mode);
            }
            Observation::PopTroubled { consumer, broker, trouble: PopTrouble::RefusedBy(why), .. } => {
                let cause = match why {
                    PopRefusal::TimerWheelOff => Cause::TimerWheelOff,
                    PopRefusal::KvServiceNotInit => Cause::KvServiceNotInit,
                    _ => return,
                };
                Repeated::note(self.refused.entry((names.audience_of(consumer), broker, cause)), at);
            }
            _ => {}
        }
    }

    fn finish(&mut self, _: &Stage, names: &Names, findings: &mut Findings) {
        let end = findings.windows.iter().map(|window| window.until).max().unwrap_or(Instant::ZERO);
        let open: Vec<_> = self.modes.iter().filter_map(|(of, modes)| Some((*of, modes.differ_from?))).collect();
        for (of, from) in open {
            self.differed_for(of, from, end);
        }
        let mut tell = |what, (from, until), (audience, count), trap: Option<Trap>, detail| {
            let row = Anomaly::new("pop_brokers", what, (from, until), detail);
            let trap = trap.or(row.trap);
            findings.anomalies.push(Anomaly { audience: Some(audience), count, trap, ..row });
        };
        for (&(audience, cause), &(times, longest)) in &self.late {
            let (count, group) = (times.count, names.audience(audience));
            let why = match cause {
                Cause::RetriesStarve => "while pops were full of other messages",
                _ => "as what comes into a retry topic wakes no pop",
            };
            let detail = format!("{count} messages of {group} lay in the retry topic for up to {longest}, {why}");
            let what = (AnomalyKind::RetryPoppedLate, cause);
            tell(what, (times.first, times.last), (audience, count), None, detail);
        }
        for (&(group, cause), times) in &self.lost {
            let (count, audience) = (times.count, names.audience_of_group(group));
            let why = match cause {
                Cause::RecordsNotReplicated => "the old master's RocksDB knows of them alone",
                _ => "their checkpoints were lost",
            };
            let group = names.group(group);
            let detail =
                format!("{count} popped messages of {group} never come again: {why}, and the offset is beyond them");
            let what = (AnomalyKind::CheckpointLost, cause);
            tell(what, (times.first, times.last), (audience, count), None, detail);
        }
        for (&audience, times) in &self.again {
            let (count, group) = (times.count, names.audience(audience));
            let detail =
                format!("{count} messages of {group} were popped once more: their broker had not written the offset");
            let what = (AnomalyKind::PoppedOnceMore, Cause::BrokerOffsetLoss);
            tell(what, (times.first, times.last), (audience, count), Some(Trap::PE10), detail);
        }
        for (&(group, topic), &(from, until)) in &self.differed {
            let (group, audience) = (names.group(group), names.audience_of_group(group));
            let detail = format!("brokers differ in whether {group} pulls or pops {}", names.topic(topic).name);
            tell(
                (AnomalyKind::RequestModesDiffer, Cause::RequestModesDiffer),
                (from, until),
                (audience, 1),
                None,
                detail,
            );
        }
        for (&(audience, broker, cause), times) in &self.refused {
            let (count, group) = (times.count, names.audience(audience));
            let why = match cause {
                Cause::KvServiceNotInit => "it has not opened its RocksDB",
                _ => "it has no timer wheel",
            };
            let detail = format!("{} refused {count} pops of {group}: {why}", names.broker(broker));
            let what = (AnomalyKind::PopRefused, cause);
            tell(what, (times.first, times.last), (audience, count), None, detail);
        }
    }
}
