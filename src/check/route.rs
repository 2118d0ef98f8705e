//! Route: how long clients act on an old route, how long members of one group see different queues of a topic, and what
//! that costs (traps E17 to E19).

use std::collections::BTreeMap;

use super::stage::Stretch;
use super::{Anomaly, AnomalyKind, Cause, Check, Figure, Findings, Severity, Stage, Window};
use crate::kernel::{Instant, Span};
use crate::model::ids::ViewId;
use crate::model::observation::{Kinds, Observation, Observed, kinds};
use crate::model::plan::{ConsumerIndex, GroupIndex, NameServerIndex, TopicIndex};
use crate::model::{Names, TopicKind};

/// A stretch in which the members of a group saw different queues of a topic.
#[derive(Debug, Clone, Copy)]
struct Disagreement {
    group: GroupIndex,
    topic: TopicIndex,
    from: Instant,
    until: Instant,
}

/// The check.
#[derive(Debug, Default)]
pub(super) struct Route {
    /// What each running client sees.
    views: BTreeMap<(TopicIndex, ConsumerIndex), ViewId>,
    /// How many members of a group see which queues of a topic.
    seen_by: BTreeMap<(GroupIndex, TopicIndex), BTreeMap<ViewId, u32>>,
    stale_since: BTreeMap<(TopicIndex, ConsumerIndex), Instant>,
    stale: Vec<(Instant, Instant)>,
    differ_since: BTreeMap<(GroupIndex, TopicIndex), Instant>,
    differed: Vec<Disagreement>,
    /// When a name server came up, and what each told of a topic.
    restarts: Vec<(NameServerIndex, Instant)>,
    told: BTreeMap<(NameServerIndex, TopicIndex), Vec<(Instant, ViewId)>>,
}

impl Route {
    /// A name server tells something else of a topic: who acts on an old route now?
    fn told_changed(&mut self, topic: TopicIndex, at: Instant, stage: &Stage) {
        let of_topic = (topic, ConsumerIndex::MIN)..=(topic, ConsumerIndex::MAX);
        let clients: Vec<(ConsumerIndex, ViewId)> =
            self.views.range(of_topic).map(|((_, consumer), view)| (*consumer, *view)).collect();
        for (consumer, view) in clients {
            self.look_at_stale((topic, consumer), Some(view), at, stage);
        }
    }

    /// Looks whether a client acts on an old route; `None`: it does not run.
    fn look_at_stale(&mut self, key: (TopicIndex, ConsumerIndex), view: Option<ViewId>, at: Instant, stage: &Stage) {
        if view.is_some_and(|view| stage.routes.is_stale(key.0, view)) {
            self.stale_since.entry(key).or_insert(at);
        } else if let Some(from) = self.stale_since.remove(&key) {
            self.stale.push((from, at));
        }
    }

    /// A client's view of a topic changes: does its group see the same queues?
    fn view_changed(&mut self, key: (TopicIndex, ConsumerIndex), view: Option<ViewId>, at: Instant, names: &Names) {
        let (topic, group) = (key.0, names.group_of(key.1));
        let before = match view {
            Some(view) => self.views.insert(key, view),
            None => self.views.remove(&key),
        };
        let seen_by = self.seen_by.entry((group, topic)).or_default();
        if let Some(count) = before.and_then(|before| seen_by.get_mut(&before)) {
            *count -= 1;
        }
        seen_by.retain(|_, count| *count > 0);
        if let Some(view) = view {
            *seen_by.entry(view).or_default() += 1;
        }
        if seen_by.len() > 1 {
            self.differ_since.entry((group, topic)).or_insert(at);
        } else if let Some(from) = self.differ_since.remove(&(group, topic)) {
            self.differed.push(Disagreement { group, topic, from, until: at });
        }
    }

    /// Whether a name server that came up told other queues of a topic first than before.
    fn told_partly(&self, key: (NameServerIndex, TopicIndex), up: Instant) -> bool {
        let told = self.told.get(&key).map_or(&[][..], Vec::as_slice);
        let since = told.partition_point(|(at, _)| *at < up);
        let before = since.checked_sub(1).map(|last| told[last].1);
        before.is_some() && told.get(since).map(|(_, view)| *view) != before
    }

    /// The causes of a disagreement, one after the other: clients that poll at different times; and what a name server told
    /// that had just come up, or name servers that told different things, until every client has polled after that.
    fn why(&self, row: &Disagreement, stage: &Stage) -> Vec<(Disagreement, Cause)> {
        let timers = stage.timers();
        let restarted = |(server, up): &&(NameServerIndex, Instant)| {
            let soon = *up <= row.from && row.from.since(*up) <= timers.partial_routes;
            soon && self.told_partly((*server, row.topic), *up)
        };
        let over = |(_, up): &(NameServerIndex, Instant)| *up + timers.partial_routes + timers.polled;
        let (mut parts, mut at) = (Vec::new(), row.from);
        if let Some(over) = self.restarts.iter().filter(restarted).map(over).max() {
            at = over.min(row.until);
            parts.push((Disagreement { until: at, ..*row }, Cause::NameServerRestarted));
        }
        for (from, until) in stage.name_servers_differed(row.topic, at, row.until) {
            parts.push((Disagreement { from: at, until: from, ..*row }, Cause::RoutePollsOutOfPhase));
            parts.push((Disagreement { from, until, ..*row }, Cause::NameServersDisagree));
            at = until;
        }
        parts.push((Disagreement { from: at, ..*row }, Cause::RoutePollsOutOfPhase));
        parts.retain(|(part, _)| part.from < part.until);
        parts
    }
}

/// Of stretches of a group's queues of a topic: what lies within a disagreement and a window.
fn cost<'a>(
    stretches: impl Iterator<Item = (&'a super::Key, &'a Stretch)>,
    rows: &[Disagreement],
    window: &Window,
    names: &Names,
) -> Span {
    let mut sum = Span::ZERO;
    for (key, stretch) in stretches {
        let topic = names.queue(key.queue).topic;
        for row in rows.iter().filter(|row| names.audience_of_group(row.group) == key.audience && row.topic == topic) {
            sum += window.overlap(stretch.from.max(row.from), stretch.until.min(row.until));
        }
    }
    sum
}

impl Check for Route {
    fn name(&self) -> &'static str {
        "route"
    }

    fn reads(&self) -> Kinds {
        kinds![RouteToldChanged, NameServerUp, RouteChanged, ConsumerEnded]
    }

    fn observe(&mut self, seen: &Observed, stage: &Stage, names: &Names) {
        match seen.what {
            Observation::RouteToldChanged { topic, name_server, view } => {
                if let Some(view) = view {
                    self.told.entry((name_server, topic)).or_default().push((seen.at, view));
                }
                self.told_changed(topic, seen.at, stage);
            }
            Observation::NameServerUp { name_server } if seen.at > Instant::ZERO => {
                self.restarts.push((name_server, seen.at));
            }
            Observation::RouteChanged { consumer, topic, view, .. } => {
                self.view_changed((topic, consumer), Some(view), seen.at, names);
                self.look_at_stale((topic, consumer), Some(view), seen.at, stage);
            }
            Observation::ConsumerEnded { consumer, .. } => {
                let own: Vec<_> = self.views.keys().filter(|(_, who)| *who == consumer).copied().collect();
                for key in own {
                    self.view_changed(key, None, seen.at, names);
                    self.look_at_stale(key, None, seen.at, stage);
                }
            }
            _ => {}
        }
    }

    fn finish(&mut self, stage: &Stage, names: &Names, findings: &mut Findings) {
        let end = findings.windows.iter().map(|window| window.until).max().unwrap_or(Instant::ZERO);
        self.stale.extend(std::mem::take(&mut self.stale_since).into_values().map(|from| (from, end)));
        for ((group, topic), from) in std::mem::take(&mut self.differ_since) {
            self.differed.push(Disagreement { group, topic, from, until: end });
        }
        for window in &mut findings.windows {
            let longest = |rows: &mut dyn Iterator<Item = Span>| rows.max().unwrap_or(Span::ZERO);
            let stale = longest(&mut self.stale.iter().map(|&(from, until)| window.overlap(from, until)));
            let inside = || self.differed.iter().map(|row| window.overlap(row.from, row.until));
            let (most, total) = (longest(&mut inside()), inside().fold(Span::ZERO, |sum, span| sum + span));
            let unowned = cost(stage.all_unowned(), &self.differed, window, names);
            let several = cost(stage.all_several(), &self.differed, window, names);
            for (name, span) in [
                ("route.stale.max", stale),
                ("route.disagree.max", most),
                ("route.disagree.total", total),
                ("route.disagree.unowned", unowned),
                ("route.disagree.double_owned", several),
            ] {
                window.set(name, Figure::Span(span));
            }
        }
        let whole = Window::new("", Instant::ZERO, end);
        // The route of a `%RETRY%` topic comes to each client in its own time at every start, and nothing is sent there yet.
        for row in self.differed.iter().filter(|row| names.topic(row.topic).kind == TopicKind::Normal) {
            let price = |row: &Disagreement| {
                let one = std::slice::from_ref(row);
                (cost(stage.all_unowned(), one, &whole, names), cost(stage.all_several(), one, &whole, names))
            };
            let (unowned, several) = price(row);
            if unowned + several < Span::from_secs(1) {
                continue;
            }
            for (part, cause) in self.why(row, stage) {
                let (unowned, several) = price(&part);
                let detail = format!(
                    "members of {} saw different queues of {} for {}: queues without owner {unowned} in all, with two \
                     {several}",
                    names.group(row.group),
                    names.topic(row.topic).name,
                    part.until.since(part.from),
                );
                let what = (AnomalyKind::RouteViewsDiffer, cause);
                let found = Anomaly::new("route", what, (part.from, part.until), detail);
                if unowned + several > Span::ZERO {
                    let audience = Some(names.audience_of_group(row.group));
                    findings.anomalies.push(Anomaly { severity: Severity::Note, audience, ..found });
                }
            }
        }
    }
}
