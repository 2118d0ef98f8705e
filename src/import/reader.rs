//! Who reads what: one reader for each kind of text, found by its marks.

use super::evidence::Note;
use super::fact::{Fact, Sighted};
use super::logs;
use super::section::{Place, Section};
use super::{browser, deployed, disk, tables};

/// Reads one kind of text.
pub trait Reader: Sync {
    /// What it reads, as people say it: "`mqadmin consumerProgress -g`", "a broker's consumerOffset.json".
    fn name(&self) -> &'static str;

    /// Whether a piece is what it reads, by marks that only this kind has.
    fn recognises(&self, section: &Section<'_>) -> bool;

    /// Reads a piece that it recognised. What it does not understand it notes.
    fn read(&self, section: &Section<'_>, reading: &mut Reading);
}

/// Notes of one piece that are told.
const MOST_NOTES: usize = 100;

/// Facts of one piece that are kept: more than any cluster prints or any log is worth.
const MOST_FACTS: usize = 1_000_000;

/// What a reader found in a piece.
#[derive(Debug, Default)]
pub struct Reading {
    /// What is known of it, in the order of the text.
    pub facts: Vec<Sighted>,
    /// What was not understood; the first of it.
    pub notes: Vec<Note>,
    /// How many notes are not told.
    untold: usize,
    /// How many facts are not kept.
    unkept: usize,
}

impl Reading {
    /// Adds what stands at a place.
    pub fn fact(&mut self, place: Place, fact: Fact) {
        if self.facts.len() < MOST_FACTS {
            self.facts.push(Sighted { place, fact });
        } else {
            self.unkept += 1;
        }
    }

    /// Says what was not understood at a place, one clause: "`x y` is no row of `mqadmin clusterList`". A piece that is
    /// damaged all over is told of once and counted.
    pub fn note(&mut self, place: Place, what: impl Into<String>) {
        if self.notes.len() < MOST_NOTES {
            self.notes.push(Note { place, what: what.into() });
        } else {
            self.untold += 1;
        }
    }

    /// Ends the reading: facts and notes in the order of their lines, and how much more there was of either.
    pub(super) fn end(mut self) -> (Vec<Sighted>, Vec<Note>) {
        self.facts.sort_by_key(|fact| fact.place);
        self.notes.sort_by_key(|note| note.place);
        let last = |place: Option<Place>| place.unwrap_or(Place { input: 0, line: 1 });
        if self.untold > 0 {
            let place = last(self.notes.last().map(|note| note.place));
            self.notes.push(Note { place, what: format!("and {} further lines like that", self.untold) });
        }
        if self.unkept > 0 {
            let place = last(self.facts.last().map(|fact| fact.place));
            self.notes.push(Note { place, what: format!("{} further facts are not kept", self.unkept) });
        }
        (self.facts, self.notes)
    }
}

/// All readers; the first that recognises a piece reads it. One line each.
pub static READERS: &[&dyn Reader] = &[
    &tables::ConsumerProgress,
    &tables::BrokerConsumeStats,
    &tables::Groups,
    &tables::ProducerConnection,
    &tables::ConsumerConnection,
    &tables::ConsumerStatus,
    &tables::RunningInfo,
    &tables::GetConsumerStatus,
    &tables::TopicRouteList,
    &tables::TopicStatus,
    &tables::TopicListOfClusters,
    &tables::StatsAll,
    &tables::ClusterList,
    &tables::ClusterListMore,
    &tables::Banners,
    &tables::BrokerStatus,
    &tables::AllocateMq,
    &tables::QueryCq,
    &disk::CONSUMER_OFFSETS,
    &disk::CLIENT_OFFSETS,
    &disk::DELAY_OFFSETS,
    &disk::TOPICS,
    &disk::GROUPS,
    &disk::MODES,
    &disk::MAPPINGS,
    &disk::OTHERS,
    &browser::ROUTE,
    &browser::CONNECTION,
    &browser::PROGRESS,
    &browser::PROGRESS_BY_GROUP,
    &browser::GROUP_LIST,
    &browser::GROUP_CONFIG,
    &browser::RUNNING_INFO,
    &browser::TOPIC_STATS,
    &browser::TOPIC_LIST,
    &browser::CLUSTER,
    &browser::ANSWER,
    &browser::Exporter,
    &deployed::KUBERNETES,
    &deployed::COMPOSE,
    &deployed::SPRING_YAML,
    &deployed::HELM,
    &deployed::SPRING_PROPERTIES,
    &deployed::BROKER_CONF,
    &deployed::NAME_SERVER_CONF,
    &disk::OtherJson,
    &logs::CLIENT,
    &logs::LOCKS,
    &logs::BROKER,
    &tables::OtherTable,
    &tables::Silent,
    &tables::Failure,
    &tables::TopicList,
    &tables::TopicClusterList,
    &logs::OTHER,
];
