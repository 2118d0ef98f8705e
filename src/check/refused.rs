//! Refused: what brokers did not do for operators and producers, and why.

use std::collections::BTreeMap;

use super::repeated::Repeated;
use super::{Anomaly, AnomalyKind, Cause, Check, Figure, Findings, Severity, Stage};
use crate::kernel::Instant;
use crate::model::Names;
use crate::model::observation::{CommandRefusal, Kinds, Observation, Observed, PullTrouble, SendRefusal, kinds};
use crate::model::plan::{BrokerIndex, ConsumerIndex, Plan, ProducerIndex, TopicIndex};

/// Whose messages are refused where, and why.
type Sender = (ProducerIndex, TopicIndex, BrokerIndex, SendRefusal);
/// Whose pulls are refused where, and why.
type Reader = (ConsumerIndex, TopicIndex, BrokerIndex, PullTrouble);
/// The check.
#[derive(Debug, Default)]
pub(super) struct Refused {
    /// Names of steps.
    labels: Vec<String>,
    commands: Vec<(Instant, u32, BrokerIndex, CommandRefusal)>,
    ignored: Vec<(Instant, ConsumerIndex)>,
    sends: BTreeMap<Sender, Repeated>,
    pulls: BTreeMap<Reader, Repeated>,
}

impl Refused {
    pub fn new(plan: &Plan) -> Self {
        Self { labels: plan.timeline.iter().map(|step| step.label.clone()).collect(), ..Self::default() }
    }
}

/// What came of a command at a broker, as a person says it.
fn command_words(why: CommandRefusal) -> &'static str {
    match why {
        CommandRefusal::BrokerAway => "it does not run",
        CommandRefusal::TopicNotExist => "it has not the topic (TOPIC_NOT_EXIST)",
        CommandRefusal::SubscriptionGroupNotExist => {
            "it has not the group (SUBSCRIPTION_GROUP_NOT_EXIST); create it there"
        }
        CommandRefusal::NeverConsumed => "the group has no offset of some queue there (SYSTEM_ERROR)",
        CommandRefusal::ConsumerNotOnline => {
            "nobody of the group is online there (CONSUMER_NOT_ONLINE), so that the tool wrote the offsets itself"
        }
        CommandRefusal::NotForced => "without force no queue goes forward",
        CommandRefusal::QueueLeftAtZero => "mqadmin leaves a queue alone that would go to offset 0",
    }
}

fn send_words(why: SendRefusal) -> &'static str {
    match why {
        SendRefusal::TopicNotExist => "the broker has not the topic, and does not make it (TOPIC_NOT_EXIST)",
        SendRefusal::IllegalQueueId => "the queue id is above both queue counts (INVALID_PARAMETER)",
        SendRefusal::NotMaster => "a slave stores nothing (SERVICE_NOT_AVAILABLE)",
    }
}

/// What a broker does not allow, as a person says it; `None`: what others tell of.
fn pull_words(trouble: PullTrouble) -> Option<&'static str> {
    Some(match trouble {
        PullTrouble::SubscriptionGroupNotExist => {
            "it has not the group and does not make it (SUBSCRIPTION_GROUP_NOT_EXIST); create the group there"
        }
        PullTrouble::BrokerForbidden => "its brokerPermission does not allow to read (NO_PERMISSION)",
        PullTrouble::GroupForbidden => "the group has consumeEnable = false there (NO_PERMISSION)",
        PullTrouble::TopicForbidden => "the topic may not be read there (NO_PERMISSION)",
        PullTrouble::BroadcastingForbidden => {
            "the group has consumeBroadcastEnable = false there (NO_PERMISSION); set it with updateSubGroup"
        }
        _ => return None,
    })
}

impl Check for Refused {
    fn name(&self) -> &'static str {
        "refused"
    }

    fn reads(&self) -> Kinds {
        kinds![CommandRefused, ResetIgnored, SendRefused, PullTroubled]
    }

    fn observe(&mut self, seen: &Observed, _: &Stage, names: &Names) {
        match seen.what {
            Observation::CommandRefused { step, broker, why } => self.commands.push((seen.at, step, broker, why)),
            Observation::ResetIgnored { consumer } => self.ignored.push((seen.at, consumer)),
            Observation::SendRefused { producer, queue, why } => {
                let place = names.queue(queue);
                let key = (producer, place.topic, place.broker, why);
                Repeated::note(self.sends.entry(key), seen.at);
            }
            Observation::PullTroubled { consumer, queue, trouble } if pull_words(trouble).is_some() => {
                let place = names.queue(queue);
                let key = (consumer, place.topic, place.broker, trouble);
                Repeated::note(self.pulls.entry(key), seen.at);
            }
            _ => {}
        }
    }

    fn finish(&mut self, _: &Stage, names: &Names, findings: &mut Findings) {
        for window in &mut findings.windows {
            // What the tool made good itself was not in vain.
            let in_vain = self.commands.iter().filter(|(.., why)| *why != CommandRefusal::ConsumerNotOnline);
            let count = in_vain.filter(|(at, ..)| window.contains(*at)).count() as u64;
            window.set("commands_refused", Figure::Count(count));
        }
        let anomaly = |times, what, consumer: Option<ConsumerIndex>, count, detail| {
            let audience = consumer.map(|consumer| names.audience_of_group(names.group_of(consumer)));
            Anomaly { audience, consumer, count, ..Anomaly::new("refused", what, times, detail) }
        };
        for &(at, step, broker, why) in &self.commands {
            let (label, broker) = (&self.labels[step as usize], names.broker(broker));
            let detail = format!("{label} changed nothing at {broker}: {}", command_words(why));
            let what = (AnomalyKind::CommandRefused, Cause::from(why));
            let mut refused = Anomaly { trap: None, ..anomaly((at, at), what, None, 1, detail) };
            if why == CommandRefusal::ConsumerNotOnline {
                refused.severity = Severity::Note;
                refused.detail = format!("{label} at {broker}: {}", command_words(why));
            }
            findings.anomalies.push(refused);
        }
        for &(at, consumer) in &self.ignored {
            let who = names.consumer(consumer);
            let detail = format!("{who} was sent new offsets and passes over them: only push consumers are reset");
            let what = (AnomalyKind::ResetIgnored, Cause::NotAPushConsumer);
            findings.anomalies.push(anomaly((at, at), what, Some(consumer), 1, detail));
        }
        for (&(producer, topic, broker, why), &Repeated { first: from, last: until, count }) in &self.sends {
            let (who, topic, broker) = (names.producer(producer), &names.topic(topic).name, names.broker(broker));
            let detail = format!("{broker} refused {who} {count} messages of {topic}: {}", send_words(why));
            let what = (AnomalyKind::SendRefused, Cause::from(why));
            findings.anomalies.push(anomaly((from, until), what, None, count, detail));
        }
        for (&(consumer, topic, broker, trouble), &Repeated { first: from, last: until, count }) in &self.pulls {
            let (who, topic, broker) = (names.consumer(consumer), &names.topic(topic).name, names.broker(broker));
            let why = pull_words(trouble).expect("others are not counted");
            let detail = format!("{broker} refused {who} {count} pulls of {topic}: {why}");
            let what = (AnomalyKind::PullRefused, Cause::from(trouble));
            findings.anomalies.push(anomaly((from, until), what, Some(consumer), count, detail));
        }
    }
}
