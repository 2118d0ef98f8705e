//! Ownership: who held each queue, the stretches without a live owner or with several, and why they came and went.

mod answers;
mod counted;
mod cut_off;
mod dealt;
mod go_clients;
mod over;
mod refusals;
mod resubscribed;
mod several;
mod silent;
mod timer;
mod unowned;

use std::collections::{BTreeMap, BTreeSet};

use super::evidence::History;
use super::ids::IdOrder;
use super::stage::Stretch;
use super::twice::ListedTwice;
use super::{Anomaly, AnomalyKind, Cause, Check, Figure, Findings, Key, OwnerState, Ownership, Severity, Stage, Trap};
use crate::kernel::{Instant, Span};
use crate::model::Names;
use crate::model::ids::ViewId;
use crate::model::observation::{Kinds, Observation, Observed, QueueIndex, kinds};
use crate::model::plan::{BrokerIndex, ConsumerIndex, GroupIndex, Host, TopicIndex};

/// What may have made a view stale, with its moment.
#[derive(Debug, Default)]
pub(super) struct OwnershipCheck {
    /// Wake-ups that were lost.
    deaf: Vec<(Instant, ConsumerIndex)>,
    /// When a broker dropped events of channels.
    events_dropped: Vec<(Instant, BrokerIndex)>,
    /// Routes that changed.
    routes: Vec<(Instant, ConsumerIndex, TopicIndex)>,
    /// The queues that each client last saw in a topic's route.
    views: BTreeMap<(ConsumerIndex, TopicIndex), ViewId>,
    /// Consumers whose wall clock jumped.
    jumps: Vec<(Instant, ConsumerIndex)>,
    /// Brokers that do not know a group, since when.
    unknown: BTreeMap<(BrokerIndex, GroupIndex), Instant>,
    /// Locks that were refused.
    refusals: refusals::Refusals,
    /// Orderly queues that were dropped and stay locked, because their listener is busy.
    delays: Vec<(Instant, ConsumerIndex, QueueIndex)>,
    /// Who was listed twice when.
    twice: ListedTwice,
    /// Topics that not every process of the group subscribed all its life, known when the run is over.
    mixed: BTreeSet<(GroupIndex, TopicIndex)>,
    /// Somebody gave a topic up.
    gave_topics_up: bool,
    /// Who lived when, under which id: causes are looked up when the run is over, long after the facts.
    history: History,
    /// How client ids sort, known when the run is over.
    ids: IdOrder,
}

/// Why something is so: the cause, the trap it shows, what is to be said beside it, and when it was over, though what it
/// had brought about was not.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Why {
    cause: Cause,
    trap: Option<Trap>,
    more: String,
    over: Option<Instant>,
}

impl Why {
    fn new(cause: Cause) -> Self {
        Self { cause, trap: cause.trap(), more: String::new(), over: None }
    }

    /// With something more to say.
    fn with(mut self, more: String) -> Self {
        match (self.more.is_empty(), more.is_empty()) {
            (true, _) => self.more = more,
            (false, false) => self.more = format!("{}; {more}", self.more),
            (false, true) => {}
        }
        self
    }

    /// Which was over at a moment, if at any.
    fn until(self, over: Option<Instant>) -> Self {
        Self { over, ..self }
    }

    /// With something to say before the rest.
    fn after(self, first: String) -> Self {
        Self { more: first, ..self.clone() }.with(self.more)
    }
}

impl Check for OwnershipCheck {
    fn name(&self) -> &'static str {
        "ownership"
    }

    fn reads(&self) -> Kinds {
        kinds![ClockJumped, ChannelEventDropped, WakeupLost, GroupUnknown, UnlockDelayed, RouteChanged]
            .and(History::READS.and(refusals::Refusals::READS))
            .and(ListedTwice::READS)
    }

    fn observe(&mut self, seen: &Observed, stage: &Stage, names: &Names) {
        let at = seen.at;
        self.history.observe(seen);
        self.twice.observe(seen);
        self.refusals.observe(seen, stage, names);
        match seen.what {
            Observation::ClockJumped { host: Host::Consumer(consumer) } => self.jumps.push((at, consumer)),
            Observation::ChannelEventDropped { broker } => self.events_dropped.push((at, broker)),
            Observation::WakeupLost { consumer } => self.deaf.push((at, consumer)),
            Observation::GroupUnknown { broker, group, .. } => {
                self.unknown.entry((broker, group)).or_insert(at);
            }
            Observation::UnlockDelayed { consumer, queue } => self.delays.push((at, consumer, queue)),
            Observation::SubscriptionChanged { subscribed: false, .. } => self.gave_topics_up = true,
            Observation::RouteChanged { consumer, topic, view, .. }
                if names.topic(topic).kind == crate::model::TopicKind::Normal =>
            {
                // Brokers' addresses may have changed, and not the queues that are dealt.
                let other = self.views.insert((consumer, topic), view) != Some(view);
                let started = stage.seat(consumer).started;
                if other && started.is_some_and(|started| at.since(started) > Span::from_secs(5)) {
                    self.routes.push((at, consumer, topic));
                }
            }
            _ => {}
        }
    }

    fn finish(&mut self, stage: &Stage, names: &Names, findings: &mut Findings) {
        (self.mixed, self.ids) = (self.history.mixed(names), IdOrder::of(names));
        findings.ownership = (stage.holdings().iter())
            .map(|row| Ownership {
                audience: row.key.audience,
                queue: row.key.queue,
                consumer: row.consumer,
                client: row.client,
                from: row.from,
                until: row.until,
                state: row.state,
            })
            .collect();
        findings.ownership.sort_by_key(|row| (row.key(), row.from, row.consumer));
        let counted = |list: Vec<(Key, Stretch)>| -> Vec<(Key, Stretch)> {
            list.into_iter().filter(|(key, _)| stage.is_normal(*key)).collect()
        };
        let unowned = counted(stage.all_unowned().map(|(key, stretch)| (*key, stretch.clone())).collect());
        let several = counted(stage.all_several().map(|(key, stretch)| (*key, stretch.clone())).collect());
        for window in &mut findings.windows {
            for (name, list) in [("unowned", &unowned), ("double_owned", &several)] {
                let inside = list.iter().map(|(_, stretch)| window.overlap(stretch.from, stretch.until));
                let (max, total) =
                    inside.fold((Span::ZERO, Span::ZERO), |(max, total), span| (max.max(span), total + span));
                window.set(&format!("{name}.max"), Figure::Span(max));
                window.set(&format!("{name}.total"), Figure::Span(total));
            }
            let live = stage.holdings().iter().filter(|row| row.state == OwnerState::Live && stage.is_normal(row.key));
            let changes =
                live.flat_map(|row| [row.from, row.until]).filter(|at| window.from < *at && *at < window.until);
            let settle = changes.max().map_or(Span::ZERO, |last| last.since(window.from));
            window.set("settle", Figure::Span(settle));
        }
        let anomaly = |kind, why: Why, (key, stretch): &(Key, Stretch)| {
            let span = stretch.until.since(stretch.from);
            let who: Vec<&str> = stretch.owners.iter().map(|&consumer| names.consumer(consumer)).collect();
            let who = if who.is_empty() { String::new() } else { format!(" ({})", who.join(", ")) };
            let open = if stretch.unfinished { ", to the end of the run" } else { "" };
            let more = if why.more.is_empty() { String::new() } else { format!(": {}", why.more) };
            let detail = format!("{} for {}{who}{open}{more}", names.message_queue(key.queue), span.human());
            let row = Anomaly::new("ownership", (kind, why.cause), (stretch.from, stretch.until), detail);
            let severity = if span.as_millis() > 1_000 { Severity::Warning } else { Severity::Note };
            let (audience, queue, consumer) = (Some(key.audience), Some(key.queue), stretch.owners.first().copied());
            Anomaly { severity, audience, queue, consumer, trap: why.trap, ..row }
        };
        for row in &unowned {
            for (part, why) in self.why_unowned(row.0, &row.1, stage, names) {
                findings.anomalies.push(anomaly(AnomalyKind::Unowned, why, &(row.0, part)));
            }
        }
        for row in &several {
            findings.anomalies.push(anomaly(
                AnomalyKind::DoubleOwned,
                self.why_several(row.0, &row.1, stage, names),
                row,
            ));
        }
    }
}
