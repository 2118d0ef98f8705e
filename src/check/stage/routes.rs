//! What name servers tell of a topic, and when they told different things.

use std::collections::{BTreeMap, BTreeSet};

use crate::kernel::{Instant, Span};
use crate::model::ids::ViewId;
use crate::model::observation::{Kinds, Observation, Observed, kinds};
use crate::model::plan::{NameServerIndex, TopicIndex};

/// Registrations reach name servers a moment apart; shorter than this is no disagreement.
const A_MOMENT: Span = Span::from_secs(1);

/// A stretch in which name servers differed.
#[derive(Debug, Clone, Copy)]
struct Split {
    topic: TopicIndex,
    from: Instant,
    until: Instant,
}

/// What is told now, and where it differed.
#[derive(Debug, Default)]
pub(in crate::check) struct Routes {
    up: BTreeSet<NameServerIndex>,
    told: BTreeMap<(TopicIndex, NameServerIndex), ViewId>,
    open: BTreeMap<TopicIndex, Instant>,
    splits: Vec<Split>,
}

impl Routes {
    /// What it reads.
    pub const READS: Kinds = kinds![NameServerUp, NameServerDown, RouteToldChanged];

    /// Takes in one observation.
    pub fn observe(&mut self, seen: &Observed) {
        match seen.what {
            Observation::NameServerUp { name_server } => drop(self.up.insert(name_server)),
            Observation::NameServerDown { name_server } => {
                self.up.remove(&name_server);
                self.told.retain(|(_, server), _| *server != name_server);
                let open: Vec<TopicIndex> = self.open.keys().copied().collect();
                open.into_iter().for_each(|topic| self.compare(topic, seen.at));
            }
            Observation::RouteToldChanged { name_server, topic, view } => {
                match view {
                    Some(view) => drop(self.told.insert((topic, name_server), view)),
                    None => drop(self.told.remove(&(topic, name_server))),
                }
                self.compare(topic, seen.at);
            }
            _ => {}
        }
    }

    fn compare(&mut self, topic: TopicIndex, at: Instant) {
        let views: BTreeSet<Option<ViewId>> = self.up.iter().map(|&server| self.told(topic, server)).collect();
        if views.len() > 1 {
            self.open.entry(topic).or_insert(at);
        } else if let Some(from) = self.open.remove(&topic) {
            self.splits.push(Split { topic, from, until: at });
        }
    }

    fn told(&self, topic: TopicIndex, server: NameServerIndex) -> Option<ViewId> {
        self.told.get(&(topic, server)).copied()
    }

    /// Whether a list of queues is not what any name server tells; false where none knows the topic.
    pub fn is_stale(&self, topic: TopicIndex, view: ViewId) -> bool {
        let mut told = self.up.iter().filter_map(|&server| self.told(topic, server)).peekable();
        told.peek().is_some() && told.all(|other| other != view)
    }

    /// Whether name servers differed about a topic within a stretch, or so shortly before that clients still act
    /// on it.
    pub fn disagreed(&self, topic: TopicIndex, (from, until): (Instant, Instant), after_effect: Span) -> bool {
        self.splits.iter().any(|split| {
            split.topic == topic
                && split.until.since(split.from) >= A_MOMENT
                && split.from <= until
                && from <= split.until + after_effect
        })
    }

    /// When name servers differed about a topic within a stretch, or so shortly before that clients still have what they
    /// were told: in order, and apart.
    pub fn differed(
        &self,
        topic: TopicIndex,
        (from, until): (Instant, Instant),
        polled: Span,
    ) -> Vec<(Instant, Instant)> {
        let long = self.splits.iter().filter(|split| split.until.since(split.from) >= A_MOMENT);
        let own = long.filter(|split| split.topic == topic && split.from < until && from < split.until + polled);
        let mut all: Vec<_> = own.map(|split| (split.from.max(from), until.min(split.until + polled))).collect();
        all.sort_unstable();
        let mut apart: Vec<(Instant, Instant)> = Vec::new();
        for (from, until) in all {
            match apart.last_mut() {
                Some((_, last)) if from <= *last => *last = until.max(*last),
                _ => apart.push((from, until)),
            }
        }
        apart
    }

    /// The run is over.
    pub fn finish(&mut self, end: Instant) {
        for (topic, from) in std::mem::take(&mut self.open) {
            self.splits.push(Split { topic, from, until: end });
        }
    }
}
