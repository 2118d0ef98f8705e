//! Which causes the tables say: every cause stands in one, beside a story that looks alike and has another.

use std::cell::RefCell;
use std::collections::BTreeSet;

use super::{
    commits, dealt, duplicates, go_clients, grpc, log, members, old_routes, others, over, pop, pop_brokers, pulls,
    refusals, sends, several, stalls, traps, unowned,
};
use crate::check::Cause;

thread_local! {
    /// The causes of each table that was looked at in this thread; the empty one says that nothing is to be found.
    static TABLES: RefCell<Vec<BTreeSet<&'static str>>> = const { RefCell::new(Vec::new()) };
}

/// Notes which causes a table expects.
pub(in crate::check::tests) fn note_table(causes: impl IntoIterator<Item = &'static str>) {
    TABLES.with_borrow_mut(|tables| tables.push(causes.into_iter().collect()));
}

/// Causes that no table says, each with the reason.
const EXCEPTIONS: &[(&str, &str)] = &[];

#[test]
fn every_cause_stands_in_a_table_beside_another() {
    let tests: &[&[fn()]] = &[
        commits::TESTS,
        dealt::TESTS,
        duplicates::TESTS,
        go_clients::TESTS,
        grpc::TESTS,
        log::TESTS,
        members::TESTS,
        others::TESTS,
        pop::TESTS,
        pop_brokers::TESTS,
        pulls::TESTS,
        refusals::TESTS,
        sends::TESTS,
        several::TESTS,
        stalls::TESTS,
        traps::TESTS,
        unowned::TESTS,
        old_routes::TESTS,
        over::TESTS,
        crate::check::tests::order::TESTS,
        crate::check::tests::keys_and_tags::TESTS,
    ];
    TABLES.with_borrow_mut(Vec::clear);
    tests.iter().copied().flatten().for_each(|test| test());
    let tables = TABLES.take();
    let alone = |word: &str| !tables.iter().any(|table| table.contains(word) && table.len() > 1);
    let excepted = |word: &str| EXCEPTIONS.iter().any(|(exception, _)| *exception == word);
    let missing: Vec<&str> = Cause::ALL.iter().map(|cause| cause.word()).filter(|word| alone(word)).collect();
    let unexpected: Vec<&&str> = missing.iter().filter(|word| !excepted(word)).collect();
    assert!(unexpected.is_empty(), "no table tells these from others: {unexpected:?}");
    let needless: Vec<&str> = EXCEPTIONS.iter().map(|(word, _)| *word).filter(|word| !alone(word)).collect();
    assert!(needless.is_empty(), "these stand in a table: {needless:?}");
    assert!(!alone(Cause::Unknown.word()), "nothing is said to be unknown");
}
