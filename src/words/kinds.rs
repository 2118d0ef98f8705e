//! The kinds of words.

use super::Entry;
use super::{
    actions, anomalies, brokers, causes, clients, environments, features, figures, keys, lints, not_modelled, rules,
    settings, stores, strategies, terms, traps,
};
use crate::wording::nearest;

/// A kind of words.
#[derive(Clone, Copy)]
pub struct Kind {
    /// As `list` is asked for it.
    pub word: &'static str,
    /// One of its words, as a title says it.
    pub singular: &'static str,
    /// What its words are, in one line.
    pub sentence: &'static str,
    /// The facts that a table shows beside each word.
    pub columns: &'static [&'static str],
    /// Makes its entries.
    pub entries: fn() -> Vec<Entry>,
}

/// All kinds but `scenarios`, which are files and so read by `cli`.
pub const KINDS: &[Kind] = &[
    Kind {
        word: "figures",
        singular: "figure",
        sentence: "what a run is measured by; `expect` bounds them",
        columns: &["unit"],
        entries: figures::entries,
    },
    Kind {
        word: "causes",
        singular: "cause",
        sentence: "why something happened; `expect` counts them as cause.WORD",
        columns: &["trap"],
        entries: causes::entries,
    },
    Kind {
        word: "traps",
        singular: "trap",
        sentence: "what RocketMQ's users run into; `expect` counts them as trap.E13",
        columns: &[],
        entries: traps::entries,
    },
    Kind {
        word: "anomalies",
        singular: "kind of anomaly",
        sentence: "what the checks notice; `expect` counts them as anomaly.WORD",
        columns: &[],
        entries: anomalies::entries,
    },
    Kind {
        word: "actions",
        singular: "action",
        sentence: "what a step of `[[timeline]]` can do",
        columns: &["in the world", "keys"],
        entries: actions::entries,
    },
    Kind {
        word: "keys",
        singular: "key",
        sentence: "what the tables of a scenario hold beside RocketMQ's settings",
        columns: &["where", "written", "default"],
        entries: keys::entries,
    },
    Kind {
        word: "settings",
        singular: "setting",
        sentence: "what groups, consumers, brokers, name servers, producers and the environment may be told",
        columns: &["where", "bare number", "default", "allowed", "source"],
        entries: settings::entries,
    },
    Kind {
        word: "not-modelled",
        singular: "setting that is not modelled",
        sentence: "settings of RocketMQ that are refused by name, with the reason",
        columns: &[],
        entries: not_modelled::entries,
    },
    Kind {
        word: "lints",
        singular: "lint",
        sentence: "what RocketMQ accepts and its users regret; `check` warns of it",
        columns: &["advice"],
        entries: lints::entries,
    },
    Kind {
        word: "strategies",
        singular: "strategy",
        sentence: "how members deal the queues among themselves: allocateMessageQueueStrategy",
        columns: &["what a change moves", "settings", "class"],
        entries: strategies::entries,
    },
    Kind {
        word: "stores",
        singular: "offset store",
        sentence: "who remembers how far a group has consumed",
        columns: &["of", "written", "a crash costs"],
        entries: stores::entries,
    },
    Kind {
        word: "environments",
        singular: "environment",
        sentence: "machines and networks by name: environment = \"lan\"",
        columns: &[],
        entries: environments::entries,
    },
    Kind {
        word: "clients",
        singular: "client",
        sentence: "the classes of consumers, releases of the Java client, the rules in which they differ, and what is modelled",
        columns: &[],
        entries: clients::entries,
    },
    Kind {
        word: "brokers",
        singular: "rule or release of brokers",
        sentence: "the rules in which releases of brokers and name servers differ, and the releases: version",
        columns: &["of", "releases", "5.3.3", "source"],
        entries: brokers::entries,
    },
    Kind {
        word: "features",
        singular: "feature of a client",
        sentence: "what of which client is measured against a real cluster, read in its source, or not modelled",
        columns: features::CLIENTS,
        entries: features::entries,
    },
    Kind {
        word: "rules",
        singular: "rule of the protocol",
        sentence: "what holds in every cluster at every moment; where one is broken, the model is wrong",
        columns: &[],
        entries: rules::entries,
    },
    Kind {
        word: "terms",
        singular: "term",
        sentence: "what the lines of a summary and the parts of a scenario are called",
        columns: &[],
        entries: terms::entries,
    },
];

/// The kind of this name, in the plural or in the singular.
#[must_use]
pub fn kind(word: &str) -> Option<&'static Kind> {
    let asked = word.to_lowercase().replace(['_', ' '], "-");
    KINDS.iter().find(|kind| kind.word == asked || kind.singular == asked)
}

/// The kind that a word may mean, among these and `scenarios`.
#[must_use]
pub fn near_kinds(word: &str) -> Option<&'static str> {
    nearest(word, KINDS.iter().map(|kind| kind.word).chain(["scenarios"]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_word_has_a_sentence_of_one_line() {
        for kind in KINDS {
            let entries = (kind.entries)();
            assert!(!entries.is_empty(), "{} has no words", kind.word);
            for entry in entries {
                assert!(!entry.word.is_empty() && !entry.sentence.is_empty(), "{}: {entry:?}", kind.word);
                assert!(!entry.sentence.contains('\n') && entry.word.trim() == entry.word, "{}: {entry:?}", kind.word);
            }
        }
    }

    #[test]
    fn a_word_stands_once_in_its_kind_but_for_settings_of_several_places() {
        for kind in KINDS {
            let entries = (kind.entries)();
            let places: BTreeSet<(&str, &str)> =
                entries.iter().map(|entry| (entry.word.as_ref(), entry.fact("where"))).collect();
            assert_eq!(places.len(), entries.len(), "{} has a word twice", kind.word);
        }
    }

    #[test]
    fn a_column_of_a_table_is_a_fact_of_a_word() {
        for kind in KINDS {
            let entries = (kind.entries)();
            for column in kind.columns {
                assert!(entries.iter().any(|entry| !entry.fact(column).is_empty()), "{}: {column}", kind.word);
            }
        }
    }

    #[test]
    fn kinds_are_found_in_the_singular_too() {
        for (asked, found) in
            [("figures", "figures"), ("Trap", "traps"), ("setting", "settings"), ("not_modelled", "not-modelled")]
        {
            assert_eq!(kind(asked).map(|kind| kind.word), Some(found), "{asked}");
        }
        assert!(kind("figurs").is_none());
        assert_eq!(near_kinds("figurs"), Some("figures"));
        assert_eq!(near_kinds("senarios"), Some("scenarios"));
    }
}
