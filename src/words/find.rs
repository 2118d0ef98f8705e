//! Finding a word, however it is written.

use super::Entry;
use super::kinds::{KINDS, Kind};
use crate::check::known_figure;
use crate::wording::by_nearness;

/// A word of a kind.
pub struct Found {
    /// The kind.
    pub kind: &'static Kind,
    /// The word.
    pub entry: Entry,
}

/// What `expect` puts before a word, and the kind of that word.
const PREFIXES: [(&str, &str); 3] = [("anomaly.", "anomalies"), ("cause.", "causes"), ("trap.", "traps")];

/// A word without case, and without what may stand between its parts.
fn plain(word: &str) -> String {
    word.chars().filter(|c| !"_-. ".contains(*c)).flat_map(char::to_lowercase).collect()
}

/// The figure of `stalled.max.p99`, of `stalled.max.mean`, and of the columns `stalled.max_ms` and `lost@g`.
fn without_quantile(word: &str) -> &str {
    let word = word.split('@').next().unwrap_or(word);
    let word = word.strip_suffix("_ms").or(word.strip_suffix("_millionths")).unwrap_or(word);
    match word.rsplit_once(".p") {
        _ if known_figure(word).is_some() => word,
        Some((figure, digits)) if digits.starts_with(|c: char| c.is_ascii_digit()) => figure,
        _ => word.strip_suffix(".mean").or(word.strip_suffix(".median")).unwrap_or(word),
    }
}

/// Everything that a word means, kind by kind: case, `_`, `-` and spaces do not count.
#[must_use]
pub fn find(word: &str) -> Vec<Found> {
    let word = word.trim().trim_matches('`');
    let exactly = |word: &str| {
        let asked = plain(word);
        let mut found = Vec::new();
        for kind in KINDS {
            let entries = (kind.entries)().into_iter();
            let same = entries
                .filter(|entry| plain(&entry.word) == asked || entry.others.iter().any(|other| plain(other) == asked));
            found.extend(same.map(|entry| Found { kind, entry }));
        }
        found
    };
    let found = exactly(word);
    if !found.is_empty() {
        return found;
    }
    for (prefix, kind) in PREFIXES {
        if let Some(rest) = word.strip_prefix(prefix) {
            return exactly(rest).into_iter().filter(|found| found.kind.word == kind).collect();
        }
    }
    exactly(without_quantile(word))
}

/// All words of which something holds each of the words of a search, kind by kind.
#[must_use]
pub fn search(text: &str) -> Vec<Found> {
    let of_kind = |kind: &'static Kind| {
        let entries = (kind.entries)().into_iter().filter(|entry| entry.matches(text));
        entries.map(move |entry| Found { kind, entry })
    };
    KINDS.iter().flat_map(of_kind).collect()
}

/// The words that are nearest to one that there is not, nearest first.
#[must_use]
pub fn near_words(word: &str) -> Vec<String> {
    const SHOWN: usize = 5;
    let all: Vec<String> = KINDS
        .iter()
        .flat_map(|kind| (kind.entries)())
        .flat_map(|entry| std::iter::once(entry.word.into_owned()).chain(entry.others.into_iter().map(str::to_owned)))
        .collect();
    let mut names: Vec<&str> = all.iter().map(String::as_str).collect();
    by_nearness(word, &mut names);
    names.dedup();
    names.into_iter().take(SHOWN).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strategy::registry::STRATEGIES;
    use crate::wording::{SAID_FOR, nearest};

    /// The kind and the word of everything that a word means.
    fn means(word: &str) -> Vec<(&'static str, String)> {
        find(word).into_iter().map(|found| (found.kind.word, found.entry.word.into_owned())).collect()
    }

    #[test]
    fn a_word_is_found_however_it_is_written() {
        let figure = |word: &str| vec![("figures", word.to_owned())];
        for (asked, found) in [
            ("stalled.max", figure("stalled.max")),
            ("Stalled Max", figure("stalled.max")),
            ("stalled.max.p99", figure("stalled.max")),
            ("stalled.max.p99.9", figure("stalled.max")),
            ("stalled.max.median", figure("stalled.max")),
            ("stalled.max_ms", figure("stalled.max")),
            ("balance.jain_millionths", figure("balance.jain")),
            ("latency.p99_ms", figure("latency.p99")),
            ("lag.max@topic T", figure("lag.max")),
            ("lost@orders", vec![("figures", "lost".to_owned()), ("anomalies", "lost".to_owned())]),
            (" `lost` ", vec![("figures", "lost".to_owned()), ("anomalies", "lost".to_owned())]),
            ("pull_batch_size", vec![("settings", "pullBatchSize".to_owned())]),
            ("com.rocketmq.heartbeat.v2", vec![("settings", "useHeartbeatV2".to_owned())]),
            ("rolling restart", vec![("actions", "rolling_restart".to_owned())]),
            ("enablePopLog", vec![("not-modelled", "enablePopLog".to_owned())]),
            ("popInvisibleTime", vec![("settings", "popInvisibleTime".to_owned())]),
            ("avg-by-circle", vec![("strategies", "AVG_BY_CIRCLE".to_owned())]),
            ("4.9.8", vec![("clients", "4.9.8".to_owned()), ("brokers", "4.9.8".to_owned())]),
            ("cause.hand_over", vec![("causes", "hand_over".to_owned())]),
            ("cause.lost", vec![]),
            ("no_such_word", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(means(asked), found, "{asked}");
        }
    }

    #[test]
    fn what_people_say_stands_for_a_word() {
        // Words of values and of the command line stand in no list of words.
        let others = ["earliest", "latest", "BROADCASTING", "CLUSTERING", "run", "check", "compare", "explain-word"];
        let all: Vec<&str> = SAID_FOR.iter().flat_map(|(said, _)| said.iter().copied()).collect();
        let once: std::collections::BTreeSet<&str> = all.iter().copied().collect();
        assert_eq!(once.len(), all.len(), "a word that stands there twice counts once");
        for (said, names) in SAID_FOR {
            for name in *names {
                assert!(others.contains(name) || !find(name).is_empty(), "`{name}` is no word");
            }
            for word in *said {
                assert!(
                    word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()),
                    "`{word}` is written plainly"
                );
            }
        }
        for strategy in STRATEGIES.iter().filter(|strategy| !strategy.class.is_empty()) {
            let meant = nearest(strategy.class, STRATEGIES.iter().map(|strategy| strategy.name));
            let class = STRATEGIES.iter().find(|known| Some(known.name) == meant).map(|known| known.class);
            assert_eq!(class, Some(strategy.class), "{}", strategy.name);
        }
    }

    #[test]
    fn near_words_come_nearest_first() {
        for (asked, nearest) in [("duplicate", "duplicates"), ("stalled.maxx", "stalled.max"), ("kil", "kill")] {
            let near = near_words(asked);
            assert!(near.iter().take(3).any(|word| word == nearest), "{asked}: {near:?}");
        }
    }
}
