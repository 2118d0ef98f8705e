//! Stories: facts, one a line, and the kinds of what is found. Each kind has a story in which it is right, and one alike in
//! which it is not.

mod asked;
mod brokers;
mod healthy;
mod members;
mod progress;
mod story;

use super::FindingKind;
use std::collections::BTreeSet;

/// Every kind is found in some story: what can never be found is not on the list.
#[test]
fn every_kind_is_found_in_some_story() {
    let tables = [members::STORIES, progress::STORIES, brokers::STORIES];
    let found: BTreeSet<&str> =
        tables.iter().flat_map(|table| table.iter()).flat_map(|(_, kinds)| kinds.split_whitespace()).collect();
    let of_settings: BTreeSet<&str> = asked::KINDS.iter().copied().collect();
    let all: BTreeSet<&str> = found.union(&of_settings).copied().collect();
    let missing: Vec<&str> =
        FindingKind::ALL.iter().map(|kind| kind.word()).filter(|word| !all.contains(word)).collect();
    assert!(missing.is_empty(), "no story finds {missing:?}");
}

/// Scenarios that findings point at are shipped; words that a person meets mean something.
#[test]
fn what_a_kind_says_is_there() {
    for kind in FindingKind::ALL {
        let file = kind.scenario().map(|file| std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(file));
        assert!(file.is_none_or(|file| file.exists()), "{kind:?} names {:?}", kind.scenario());
        assert!(kind.means().ends_with('.'), "{kind:?}: {}", kind.means());
    }
}
