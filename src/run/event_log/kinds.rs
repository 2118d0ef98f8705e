//! The names that rows have.

use std::collections::BTreeSet;

use strum::VariantNames as _;

use crate::model::event::{
    BrokerEvent, ConsumerEvent, DatabaseEvent, Event, InstanceEvent, NameServerEvent, NetworkEvent, PodEvent,
    ProducerEvent, TimelineEvent,
};
use crate::model::observation::{Detail, Observation};
use crate::wording::by_nearness;

/// All names that the column `event` can have, in order.
#[must_use]
pub fn kinds() -> BTreeSet<&'static str> {
    let observations = Observation::VARIANTS.iter().filter(|name| **name != "detail");
    let of_events = [
        TimelineEvent::VARIANTS,
        NetworkEvent::VARIANTS,
        InstanceEvent::VARIANTS,
        ConsumerEvent::VARIANTS,
        PodEvent::VARIANTS,
        BrokerEvent::VARIANTS,
        NameServerEvent::VARIANTS,
        ProducerEvent::VARIANTS,
        DatabaseEvent::VARIANTS,
        Detail::VARIANTS,
    ];
    of_events.concat().iter().chain(observations).copied().chain([Event::ControllerTicked.name()]).collect()
}

/// Those that a word may mean which is none, the nearest first.
#[must_use]
pub fn near_kinds(word: &str) -> Vec<&'static str> {
    const SHOWN: usize = 5;
    let mut near: Vec<&'static str> = kinds().into_iter().collect();
    by_nearness(word, &mut near);
    near.truncate(SHOWN);
    near
}
