//! Parts of a story that have figures of their own where there are several: its groups, and its topics.

use super::{Figure, Figures, Window, known_figure};
use crate::model::Names;
use crate::model::plan::{GroupIndex, TopicIndex};

/// A part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// A group, with all its topics.
    Group(GroupIndex),
    /// A topic of the plan, with all its groups; `%RETRY%` topics belong to their group alone.
    Topic(TopicIndex),
}

/// Figures that groups have of their own.
pub const BY_GROUP: [&str; 10] = [
    "lost",
    "skipped",
    "undelivered",
    "lag.max",
    "lag.end",
    "catch_up",
    "latency.p99",
    "latency.max",
    "stalled.max",
    "start_failed",
];

/// Figures that topics have of their own.
pub const BY_TOPIC: [&str; 7] =
    ["lag.max", "lag.end", "catch_up", "latency.p99", "latency.max", "stalled.max", "sends_failed"];

impl Part {
    /// The groups where there are several, and the topics where there are several.
    pub fn all(names: &Names) -> Vec<Self> {
        let several = |count: usize| if count > 1 { count } else { 0 };
        let groups = GroupIndex::first(several(names.planned_group_count())).map(Self::Group);
        groups.chain(TopicIndex::first(several(names.planned_topic_count())).map(Self::Topic)).collect()
    }

    /// Whether what is of this group and topic is of this part.
    pub fn is_of(self, group: GroupIndex, topic: TopicIndex) -> bool {
        match self {
            Self::Group(own) => own == group,
            Self::Topic(own) => own == topic,
        }
    }
}

impl Window {
    /// Sets a figure of the whole story, or of a part of it. Panics as [`Window::set`] does.
    pub(super) fn set_of(&mut self, part: Option<(Part, &Names)>, name: &str, figure: Figure) {
        let known = known_figure(name).unwrap_or_else(|| panic!("figure {name} is not documented"));
        assert!(known.unit.fits(figure), "figure {name} counts {}, and {figure:?} does not", known.unit.word());
        let has = match part {
            None => true,
            Some((Part::Group(_), _)) => BY_GROUP.contains(&name),
            Some((Part::Topic(_), _)) => BY_TOPIC.contains(&name),
        };
        assert!(has, "figure {name} is not said to be one of a part");
        let figures: &mut Figures = match part {
            None => &mut self.figures,
            Some((Part::Group(group), names)) => self.groups.entry(names.group(group).to_owned()).or_default(),
            Some((Part::Topic(topic), names)) => self.topics.entry(names.topic(topic).name.to_string()).or_default(),
        };
        figures.insert(name.to_owned(), figure);
    }
}
