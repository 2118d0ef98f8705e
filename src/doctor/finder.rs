//! Who finds what: one finder for each kind of question.

use super::finders::{
    balance, client_ids, combinations, groups_at_brokers, hot_queues, ignored_settings, lists, locks, models, offsets,
    owners, pop, rates, rebalances, strategies, subscriptions, topics, troubles, versions, wishes,
};
use super::{Finding, Picture};

/// Looks for one sort of mistake.
pub trait Finder: Sync {
    /// What it finds in a picture, each sentence with its evidence.
    fn find(&self, picture: &Picture<'_>) -> Vec<Finding>;
}

impl<F: Fn(&Picture<'_>) -> Vec<Finding> + Sync> Finder for F {
    fn find(&self, picture: &Picture<'_>) -> Vec<Finding> {
        self(picture)
    }
}

/// All finders, one line each.
pub static FINDERS: &[&dyn Finder] = &[
    &owners::find,
    &lists::find,
    &client_ids::find,
    &subscriptions::find,
    &models::find,
    &strategies::find,
    &versions::find,
    &balance::find,
    &hot_queues::find,
    &topics::find,
    &groups_at_brokers::find,
    &offsets::find,
    &rates::find,
    &locks::find,
    &rebalances::find,
    &troubles::find,
    &ignored_settings::find,
    &combinations::find,
    &pop::find,
    &wishes::find,
];
