//! Java's order of strings: by UTF-16 code unit, not by code point and not by number (`String.compareTo`).

use std::cmp::Ordering;

use super::MessageQueue;

/// `a.compareTo(b)` as an ordering. Supplementary characters (surrogates D800..DFFF) sort before U+E000..U+FFFF.
#[must_use]
pub fn compare_java_strings(a: &str, b: &str) -> Ordering {
    if a.is_ascii() && b.is_ascii() {
        return a.as_bytes().cmp(b.as_bytes());
    }
    a.encode_utf16().cmp(b.encode_utf16())
}

/// The number `a.compareTo(b)` answers: the difference of the first units that differ, else that of the lengths.
#[must_use]
pub fn compare_to(a: &str, b: &str) -> i32 {
    let differing = a.encode_utf16().zip(b.encode_utf16()).find(|(a, b)| a != b);
    let length = |text: &str| text.encode_utf16().count() as i32;
    differing.map_or_else(|| length(a).wrapping_sub(length(b)), |(a, b)| i32::from(a) - i32::from(b))
}

/// Sorts queues as the client does before it asks a strategy (`Collections.sort` in `rebalanceByTopic`).
///
/// Queue ids more than 2^31 - 1 apart make Java's comparison go in circles. Its result then depends on its method of
/// sorting, which up to 31 queues is this one: take the run the list begins with, then insert the others one by one.
pub fn sort_queues(queues: &mut [MessageQueue]) {
    let ids = || queues.iter().map(|queue| i64::from(queue.queue_id));
    let spread = ids().max().unwrap_or(0) - ids().min().unwrap_or(0);
    if spread <= i64::from(i32::MAX) {
        queues.sort_by(MessageQueue::compare);
        return;
    }
    for sorted in leading_run(queues)..queues.len() {
        // Where the order goes in circles the answer depends on the places looked at: those of Java's `binarySort`.
        let (mut left, mut right) = (0, sorted);
        while left < right {
            let middle = (left + right) / 2;
            if queues[sorted].compare(&queues[middle]) == Ordering::Less {
                right = middle;
            } else {
                left = middle + 1;
            }
        }
        queues[left..=sorted].rotate_right(1);
    }
}

/// How long the list ascends from its start on; where it strictly descends, that run is turned round first.
fn leading_run(queues: &mut [MessageQueue]) -> usize {
    if queues.len() < 2 {
        return queues.len();
    }
    let descends = |pair: &[MessageQueue]| pair[1].compare(&pair[0]) == Ordering::Less;
    let direction = descends(&queues[..2]);
    let run = 1 + queues.windows(2).take_while(|pair| descends(pair) == direction).count();
    if direction {
        queues[..run].reverse();
    }
    run
}

/// A text that sorts as Java sorts it, for the keys of what is a `TreeMap` there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JavaString(String);

impl From<&str> for JavaString {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl PartialOrd for JavaString {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for JavaString {
    fn cmp(&self, other: &Self) -> Ordering {
        compare_java_strings(&self.0, &other.0)
    }
}
