//! What a word may mean that there is not: one way of guessing for keys, actions, figures, settings, names, commands, and
//! whatever else a person may write otherwise than this program does.

use std::cmp::Reverse;

use super::said::SAID_FOR;

/// How much a name is like a word, the likest least.
type Unlikeness = (Class, usize, Reverse<usize>, usize);

/// In what a name is like a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    /// It differs in nothing but case and what stands between its parts.
    Same,
    /// It is what people say for it.
    Said,
    /// What fingers do wrong.
    Typo,
    /// It holds the word.
    Holds,
    /// They have a word in common.
    Shared,
    /// They begin alike.
    Begins,
    /// In nothing.
    Other,
}

/// The fewest letters of a part that tell something.
const TELLING: usize = 4;

/// The name that a word is in all but case and marks, or that people say it for.
#[must_use]
pub fn said_otherwise<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = Word::of(word);
    let near = names.into_iter().map(|name| (word.unlike(name), name)).min()?;
    (near.0.0 <= Class::Said).then_some(near.1)
}

/// The name that a word means, where it is nearly that: written otherwise, said otherwise, or mistyped.
#[must_use]
pub fn nearest<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = Word::of(word);
    let near = names.into_iter().map(|name| (word.unlike(name), name)).min()?;
    (near.0.0 <= Class::Typo).then_some(near.1)
}

/// Sorts names so that those that a word may mean come first. Names that are equally near keep their order.
pub fn by_nearness(word: &str, names: &mut [&str]) {
    let word = Word::of(word);
    names.sort_by_cached_key(|name| word.unlike(name));
}

/// "did you mean `a`?", or which of up to three; `None` where no name is near.
#[must_use]
pub fn did_you_mean<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Option<String> {
    const SHOWN: usize = 3;
    let asked = Word::of(word);
    let mut near: Vec<(Unlikeness, &str)> = Vec::new();
    for name in names {
        let unlike = asked.unlike(name);
        if unlike.0 <= Class::Shared && !near.iter().any(|(_, known)| *known == name) {
            near.push((unlike, name));
        }
    }
    near.sort_by_key(|(unlike, _)| *unlike);
    let first = near.first()?.0.0;
    // What it nearly is leaves no doubt; what only has something in common with it is one of several.
    let near = near.into_iter().filter(|(unlike, _)| unlike.0 == first || first > Class::Typo);
    let shown = if first <= Class::Typo { 1 } else { SHOWN };
    let near: Vec<String> = near.take(shown).map(|(_, name)| format!("`{name}`")).collect();
    Some(match near.as_slice() {
        [others @ .., last] if !others.is_empty() => format!("did you mean {} or {last}?", others.join(", ")),
        near => format!("did you mean {}?", near.join("")),
    })
}

/// The end of a sentence that refuses a word: what it may mean, else which names there are, the nearest first and not more
/// than a line holds.
#[must_use]
pub fn instead<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    const SHOWN: usize = 12;
    let mut names: Vec<&str> = names.into_iter().collect();
    if let Some(meant) = did_you_mean(word, names.iter().copied()) {
        return meant;
    }
    by_nearness(word, &mut names);
    let shown = names[..names.len().min(SHOWN)].join(", ");
    match names.len() {
        0 => "there is none".to_owned(),
        1..=SHOWN => format!("known are {shown}"),
        many => format!("known are {shown}, ... ({many} in all)"),
    }
}

/// A word that is asked for.
struct Word {
    plain: String,
    parts: Vec<String>,
    said_for: &'static [&'static str],
}

impl Word {
    fn of(word: &str) -> Self {
        let plain = plain(word);
        let said = SAID_FOR.iter().find(|(said, _)| said.contains(&plain.as_str()));
        Self { parts: parts(word), said_for: said.map_or(&[], |(_, names)| names), plain }
    }

    fn unlike(&self, name: &str) -> Unlikeness {
        let other = plain(name);
        let apart = distance(&self.plain, &other);
        let alike = self.plain.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
        let telling = |part: &str| part.chars().count() >= TELLING;
        let holds = |whole: &str, part: &str| telling(part) && whole.contains(part);
        let singular = self.plain.trim_end_matches('s');
        let parts = parts(name);
        let shared = self.parts.iter().filter(|part| telling(part) && parts.contains(part)).count();
        let shared = shared.max(usize::from(holds(&self.plain, &other)));
        let letters = self.plain.chars().count();
        let class = match () {
            () if apart == 0 => Class::Same,
            () if self.said_for.contains(&name) => Class::Said,
            () if apart <= (letters / 3).max(1) && apart < letters => Class::Typo,
            () if holds(&other, singular) => Class::Holds,
            () if shared > 0 => Class::Shared,
            () if alike >= TELLING - 1 => Class::Begins,
            () => Class::Other,
        };
        let weight = match class {
            Class::Said => self.said_for.iter().position(|said| *said == name).unwrap_or_default(),
            Class::Typo => apart,
            Class::Shared => usize::MAX - shared,
            _ => 0,
        };
        // Those that are like it in nothing stand as their table has them.
        match class {
            Class::Other => (class, 0, Reverse(0), 0),
            _ => (class, weight, Reverse(alike.min(TELLING)), apart),
        }
    }
}

/// A word without case, and without what may stand between its parts.
fn plain(word: &str) -> String {
    word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The words of which a name is made: `pullBatchSize`, `create_topic`, `stalled.max`.
fn parts(name: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut before = ' ';
    for letter in name.chars() {
        let begins = letter.is_uppercase() && before.is_lowercase();
        if begins || !letter.is_alphanumeric() {
            parts.push(String::new());
        }
        if letter.is_alphanumeric() {
            parts.last_mut().expect("it begins with one").extend(letter.to_lowercase());
        }
        before = letter;
    }
    let singular = |part: String| part.strip_suffix('s').map_or(part.clone(), str::to_owned);
    parts.into_iter().filter(|part| !part.is_empty()).map(singular).collect()
}

/// Insertions, deletions, replacements, and swaps of neighbours: what fingers do wrong.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let (mut before, mut row): (Vec<usize>, Vec<usize>) = (Vec::new(), (0..=b.len()).collect());
    for i in 0..a.len() {
        let mut next = vec![i + 1];
        for j in 0..b.len() {
            let replaced = row[j] + usize::from(a[i] != b[j]);
            let swaps = i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j];
            let swapped = if swaps { before[j - 1] + 1 } else { usize::MAX };
            next.push(replaced.min(row[j + 1] + 1).min(next[j] + 1).min(swapped));
        }
        (before, row) = (row, next);
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fingers_do_wrong_is_one_mistake() {
        let table = [
            ("count", "count", 0),
            ("countt", "count", 1),
            ("cont", "count", 1),
            ("coumt", "count", 1),
            ("conut", "count", 1),
            ("tilte", "title", 1),
            ("", "abc", 3),
            ("kitten", "sitting", 3),
        ];
        for (a, b, apart) in table {
            assert_eq!((distance(a, b), distance(b, a)), (apart, apart), "{a} {b}");
        }
    }

    #[test]
    fn a_word_means_what_it_is_most_like() {
        let names =
            ["persistConsumerOffsetInterval", "pullBatchSize", "consumer", "consumers", "orders", "kill", "AVG"];
        let table = [
            ("Pull_Batch_Size", "did you mean `pullBatchSize`?"),
            ("pullbatchsiz", "did you mean `pullBatchSize`?"),
            ("persist_interval", "did you mean `persistConsumerOffsetInterval`?"),
            ("consumr", "did you mean `consumer`?"),
            ("batch", "did you mean `pullBatchSize`?"),
            ("sigkill", "did you mean `kill`?"),
            ("AVERAGE", "did you mean `AVG`?"),
            ("offset_consumer", "did you mean `persistConsumerOffsetInterval`, `consumer` or `consumers`?"),
        ];
        for (word, meant) in table {
            assert_eq!(did_you_mean(word, names).as_deref(), Some(meant), "{word}");
        }
        assert_eq!(did_you_mean("zzz", names), None);
        assert_eq!(did_you_mean("", names), None);
        assert_eq!(instead("ordnance", ["a", "b", "order-book"]), "known are order-book, a, b");
        assert_eq!(instead("zzz", ["a"; 13]), "known are a, a, a, a, a, a, a, a, a, a, a, a, ... (13 in all)");
        assert_eq!(instead("zzz", []), "there is none");
    }
}
