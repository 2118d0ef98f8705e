//! Ownership: who held each queue, the stretches without a live owner or with several, and why they came and went.

use super::{Anomaly, Check, Figure, Findings, Key, OwnerState, Ownership, Severity, Stage};
use crate::kernel::{Instant, Span};
use crate::model::Names;
use crate::model::observation::{ClientIndex, End, MemberLoss, Observation, Observed, Release, TopicRebalance};
use crate::model::plan::{BrokerIndex, ConsumerIndex, GroupIndex, Host, TopicIndex};
use std::collections::BTreeSet;

use super::history::History;
use super::stage::{Beginning, Stretch};
use super::twice::ListedTwice;

/// What may have made a view stale, with its moment.
#[derive(Debug, Default)]
pub(super) struct OwnershipCheck {
    /// Entries that a broker's scan removed without a word.
    expired: Vec<(Instant, ClientIndex)>,
    /// Rebalances that got no list.
    no_list: Vec<(Instant, ConsumerIndex)>,
    /// Rebalances that got a list without the asker, or a short one from a broker that had just come up.
    short_list: Vec<(Instant, ConsumerIndex)>,
    /// Wake-ups that were lost.
    deaf: Vec<(Instant, ConsumerIndex)>,
    /// When a broker dropped events of channels.
    events_dropped: Vec<Instant>,
    /// Routes that changed.
    routes: Vec<(Instant, ConsumerIndex)>,
    /// A new life with another client id.
    new_ids: Vec<(Instant, ConsumerIndex)>,
    /// Consumers whose wall clock jumped.
    jumps: Vec<(Instant, ConsumerIndex)>,
    /// Groups that some broker does not know, and those that it does not know now.
    unknown: BTreeSet<(BrokerIndex, GroupIndex)>,
    unknown_now: BTreeSet<(BrokerIndex, GroupIndex)>,
    /// Rebalances that got no list because the broker does not know the group.
    lacking: Vec<(Instant, ConsumerIndex)>,
    /// Who was listed twice when.
    twice: ListedTwice,
    /// Topics that not every process of the group subscribed all its life, known when the run is over.
    mixed: BTreeSet<(GroupIndex, TopicIndex)>,
    /// Who lived when, under which id: causes are looked up when the run is over, long after the facts.
    history: History,
}

/// A broker is "just back" for so long: until every client's timer heartbeat has reached it.
const JUST_BACK: Span = Span::from_secs(60);
/// Routes are polled every 30 s and acted on at the next rebalance, at most 20 s later (E17).
const ROUTE_SKEW: Span = Span::from_secs(52);
/// Rules that differ show where no hand-over lasts so long.
const STRATEGIES: Span = Span::from_secs(5);
/// What happened to a member shows in others' rebalances for so long: one timer of 20 s, and the calls.
const RECENT: Span = Span::from_secs(25);

impl OwnershipCheck {
    /// The cause of a stretch without an owner, and the trap it shows.
    fn why_unowned(&self, key: Key, stretch: &Stretch, stage: &Stage, names: &Names) -> (&'static str, &'static str) {
        let (from, until) = (stretch.from, stretch.until);
        let within = |moments: &[(Instant, ConsumerIndex)]| {
            moments.iter().any(|(at, who)| {
                (from..=until).contains(at) && (stretch.owners.is_empty() || stretch.owners.contains(who))
            })
        };
        let twins = self.history.twins_at(from, key.0, names) || self.history.twins_at(until, key.0, names);
        if twins && !names.is_one_member(key.0) {
            return ("duplicate_client_id", "E2");
        }
        let silent = |consumer: ConsumerIndex| {
            let client = self.history.client_at(consumer, from);
            let untold = self.expired.iter().any(|(at, id)| (from..=until).contains(at) && Some(*id) == client);
            if untold { ("expiry_tells_nobody", "E6") } else { ("waiting_for_expiry", "") }
        };
        if self.given_to_a_stranger(key, stretch, names) {
            return ("given_to_a_member_without_the_topic", "E1");
        }
        let home = names.queue(key.1).broker;
        if stretch.beginning == Beginning::NeverOwned && self.unknown.contains(&(home, key.0)) && within(&self.lacking)
        {
            return ("group_does_not_exist", "E35");
        }
        if stage.name_servers_disagreed(names.queue(key.1).topic, from, until)
            && matches!(stretch.beginning, Beginning::Released(_, Release::Reassigned | Release::RouteGone))
        {
            return ("name_servers_disagree", "E19");
        }
        match stretch.beginning {
            Beginning::Released(_, Release::Unsubscribed) => ("unsubscribed", "E30"),
            Beginning::NeverOwned | Beginning::Released(_, Release::Reassigned)
                if stage.is_mixed(key.0) && until.since(from) > RECENT =>
            {
                ("given_to_a_broadcasting_member", "E42")
            }
            Beginning::NeverOwned | Beginning::Released(_, Release::Reassigned)
                if stage.strategies_differ(key.0) && until.since(from) > STRATEGIES =>
            {
                ("strategies_differ", "E24")
            }
            Beginning::NeverOwned | Beginning::Released(..) if stage.is_hidden(key.1, from) => ("queue_is_hidden", ""),
            Beginning::NeverOwned | Beginning::Ended(..) | Beginning::Released(_, Release::Reassigned)
                if within(&self.deaf) =>
            {
                ("lost_wakeup", "E38")
            }
            Beginning::NeverOwned if within(&self.no_list) => ("no_list", "E5"),
            Beginning::NeverOwned => ("start_up", "E47"),
            Beginning::Released(_, Release::NotInList) => ("not_in_list", "E26"),
            Beginning::Released(_, Release::RouteGone) => ("route_gone", "E17"),
            Beginning::Released(_, Release::PullExpired) => ("pull_expired", ""),
            Beginning::Released(_, Release::OffsetIllegal) => ("offset_illegal_repair", ""),
            Beginning::Released(_, Release::OffsetsReset) => ("operator_reset_offsets", ""),
            Beginning::Released(_, Release::Shutdown) => ("graceful_leave", ""),
            Beginning::Ended(_, End::Shutdown | End::StartFailed) if within(&self.no_list) => ("no_list", "E5"),
            Beginning::Ended(_, End::Shutdown | End::StartFailed) => ("graceful_leave", ""),
            Beginning::Ended(_, End::Killed) if within(&self.no_list) => ("no_list", "E5"),
            Beginning::Ended(..) if until.since(from) > RECENT && self.jumps.iter().any(|(at, _)| *at < until) => {
                ("clock_went_back", "E39")
            }
            Beginning::Ended(..) if !self.history.anybody(key.0, from, names) => ("nobody_else_ran", ""),
            Beginning::Ended(_, End::Killed)
                if until.since(from) > RECENT
                    && self.events_dropped.iter().any(|at| at.since(from) < RECENT && *at <= until) =>
            {
                ("channel_event_dropped", "E37")
            }
            Beginning::Ended(_, End::Killed) if until.since(from) > Span::from_millis(900) => {
                ("list_from_a_broker_that_had_not_heard", "")
            }
            Beginning::Ended(_, End::Killed) => ("crash_takeover", ""),
            Beginning::Ended(consumer, End::PoweredOff) | Beginning::Paused(consumer) | Beginning::CutOff(consumer) => {
                silent(consumer)
            }
            Beginning::Released(consumer, Release::Reassigned)
                if self.history.client_at(consumer, from).is_some_and(|client| self.twice.was(client, from)) =>
            {
                ("half_open_connection", "E4")
            }
            Beginning::Released(_, Release::Reassigned) if self.new_id_before(until) => {
                ("new_client_id_sorts_elsewhere", "E23")
            }
            Beginning::Released(_, Release::Reassigned)
                if until.since(from) > Span::from_secs(2) && self.route_changed_before(from) =>
            {
                ("route_view_skew", "E17")
            }
            Beginning::Released(_, Release::Reassigned) => ("hand_over", ""),
        }
    }

    /// Whether some member ran without the queue's topic, and some with it, when any rebalance should have given the queue
    /// an owner: the others count it when they deal the queues, and it takes none.
    fn given_to_a_stranger(&self, key: Key, stretch: &Stretch, names: &Names) -> bool {
        let topic = names.queue(key.1).topic;
        let dealt = matches!(
            stretch.beginning,
            Beginning::NeverOwned | Beginning::Released(_, Release::Reassigned | Release::Unsubscribed)
        );
        let long = stretch.until.since(stretch.from) > RECENT;
        let disagree = |at: Instant| {
            let members =
                (0..names.consumer_count() as ConsumerIndex).filter(|&member| names.group_of(member) == key.0);
            let said: Vec<_> = members.filter_map(|member| self.history.subscribes(member, topic, at)).collect();
            said.contains(&true) && said.contains(&false)
        };
        let mut changes = self.history.subscribed(topic).filter(|at| (stretch.from..stretch.until).contains(at));
        dealt
            && long
            && self.mixed.contains(&(key.0, topic))
            && (disagree(stretch.from + RECENT) || changes.any(|at| disagree(at + RECENT)))
    }

    fn new_id_before(&self, until: Instant) -> bool {
        self.new_ids.iter().any(|(at, _)| *at <= until && until.since(*at) < Span::from_secs(25))
    }

    fn route_changed_before(&self, from: Instant) -> bool {
        !self.joined_before(from) && self.routes.iter().any(|(at, _)| *at <= from && from.since(*at) <= ROUTE_SKEW)
    }

    /// The cause of a stretch with several owners, and the trap it shows.
    fn why_several(&self, key: Key, stretch: &Stretch, stage: &Stage, names: &Names) -> (&'static str, &'static str) {
        let from = stretch.from;
        let near = |moments: &[(Instant, ConsumerIndex)], span: Span| {
            moments.iter().any(|(at, _)| from.since(*at) <= span && at.since(stretch.until) == Span::ZERO)
        };
        if self.history.twins_at(from, key.0, names) {
            return ("duplicate_client_id", "E2");
        }
        if stage.strategies_differ(key.0) && stretch.until.since(from) > STRATEGIES {
            return ("strategies_differ", "E24");
        }
        let back = |&owner: &ConsumerIndex| self.history.returned(owner, from, RECENT, stretch.until);
        if stretch.owners.iter().any(back) {
            return ("zombie_came_back", "");
        }
        if stage.name_servers_disagreed(names.queue(key.1).topic, from, stretch.until) {
            return ("name_servers_disagree", "E19");
        }
        if near(&self.short_list, Span::from_secs(5)) {
            return ("partial_list_after_broker_restart", "E3");
        }
        if near(&self.routes, ROUTE_SKEW)
            && self.routes.iter().filter(|(at, _)| from.since(*at) <= ROUTE_SKEW).count() > 0
            && !self.joined_before(from)
        {
            return ("route_view_skew", "E17");
        }
        if near(&self.no_list, Span::from_secs(25)) {
            return ("no_list", "E5");
        }
        if self.joined_before(from) { ("newcomer_takes_before_release", "") } else { ("views_differ", "") }
    }

    fn joined_before(&self, from: Instant) -> bool {
        self.history.started_before(from, RECENT)
    }
}

impl Check for OwnershipCheck {
    fn name(&self) -> &'static str {
        "ownership"
    }

    fn observe(&mut self, seen: &Observed, stage: &Stage, names: &Names) {
        let at = seen.at;
        self.history.observe(seen);
        self.twice.observe(seen);
        match seen.what {
            Observation::ClockJumped { host: Host::Consumer(consumer) } => self.jumps.push((at, consumer)),
            Observation::ChannelEventDropped { .. } => self.events_dropped.push(at),
            Observation::WakeupLost { consumer } => self.deaf.push((at, consumer)),
            Observation::GroupUnknown { broker, group, .. } => {
                self.unknown.insert((broker, group));
                self.unknown_now.insert((broker, group));
            }
            Observation::HeartbeatTaken { broker, group, .. } => _ = self.unknown_now.remove(&(broker, group)),
            Observation::MemberRemoved { client, loss: MemberLoss::Expired, .. } => self.expired.push((at, client)),
            Observation::TopicRebalanced { consumer, broker, found, .. } => {
                let back =
                    broker.and_then(|broker| stage.broker_restarted(broker)).is_some_and(|up| at.since(up) < JUST_BACK);
                let live = stage.live_members(names.group_of(consumer), names);
                let unknown = |broker| self.unknown_now.contains(&(broker, names.group_of(consumer)));
                match found {
                    TopicRebalance::NoList if broker.is_some_and(unknown) => {
                        self.lacking.push((at, consumer));
                        self.no_list.push((at, consumer));
                    }
                    TopicRebalance::NoList if broker.is_some() => self.no_list.push((at, consumer)),
                    TopicRebalance::NotInList { .. } => self.short_list.push((at, consumer)),
                    TopicRebalance::Allocated { members, .. } if back && members < live => {
                        self.short_list.push((at, consumer))
                    }
                    _ => {}
                }
            }
            Observation::RouteChanged { consumer, topic, .. }
                if stage.seat(consumer).started.is_some_and(|started| at.since(started) > Span::from_secs(5))
                    && names.topic(topic).kind == crate::model::TopicKind::Normal =>
            {
                self.routes.push((at, consumer));
            }
            Observation::ConsumerStarting { consumer, .. } if stage.has_new_id(consumer) => {
                self.new_ids.push((at, consumer))
            }
            _ => {}
        }
    }

    fn finish(&mut self, stage: &Stage, names: &Names, findings: &mut Findings) {
        self.mixed = self.history.mixed(names);
        findings.ownership = (stage.holdings().iter())
            .map(|row| Ownership {
                group: row.key.0,
                queue: row.key.1,
                consumer: row.consumer,
                client: row.client,
                from: row.from,
                until: row.until,
                state: row.state,
            })
            .collect();
        findings.ownership.sort_by_key(|row| (row.group, row.queue, row.from, row.consumer));
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
        let anomaly = |kind, (cause, trap): (&'static str, &'static str), (key, stretch): &(Key, Stretch)| {
            let span = stretch.until.since(stretch.from).as_millis();
            let who: Vec<&str> = stretch.owners.iter().map(|&consumer| names.consumer(consumer)).collect();
            let who = if who.is_empty() { String::new() } else { format!(" ({})", who.join(", ")) };
            let open = if stretch.unfinished { ", to the end of the run" } else { "" };
            Anomaly {
                check: "ownership",
                severity: if span > 1_000 { Severity::Warning } else { Severity::Note },
                from: stretch.from,
                until: stretch.until,
                kind,
                group: Some(key.0),
                queue: Some(key.1),
                consumer: stretch.owners.first().copied(),
                count: 1,
                cause,
                trap,
                detail: format!("{} for {span} ms{who}{open}", names.message_queue(key.1)),
            }
        };
        for row in &unowned {
            findings.anomalies.push(anomaly("unowned", self.why_unowned(row.0, &row.1, stage, names), row));
        }
        for row in &several {
            findings.anomalies.push(anomaly("double_owned", self.why_several(row.0, &row.1, stage, names), row));
        }
    }
}
