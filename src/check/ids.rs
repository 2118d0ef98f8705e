//! Where client ids sort: members are dealt queues by their place in the list, which is sorted as text (trap E23).

use std::cmp::Ordering;

use crate::model::Names;
use crate::model::observation::ClientIndex;
use crate::strategy::order::compare_java_strings;

/// Whether an id stands at another place among others than the one before it did.
pub(super) fn sorts_elsewhere(
    before: ClientIndex,
    after: ClientIndex,
    others: impl Iterator<Item = ClientIndex>,
    names: &Names,
) -> bool {
    passes((before, after), others, |one, other| compare_java_strings(names.client(one), names.client(other)))
}

/// Whether one of the others stands between two ids: only such a one sees one id pass it.
fn passes(
    (before, after): (ClientIndex, ClientIndex),
    mut others: impl Iterator<Item = ClientIndex>,
    compare: impl Fn(ClientIndex, ClientIndex) -> Ordering,
) -> bool {
    let (low, high) = if compare(before, after) == Ordering::Greater { (after, before) } else { (before, after) };
    others.any(|other| {
        ![low, high].contains(&other)
            && compare(low, other) != Ordering::Greater
            && compare(other, high) == Ordering::Less
    })
}

/// The order of all ids of a run, once they are known: texts are compared once, and not for each question.
#[derive(Debug, Default)]
pub(super) struct IdOrder(Vec<u32>);

impl IdOrder {
    /// That of these names.
    pub fn of(names: &Names) -> Self {
        let mut sorted: Vec<ClientIndex> = ClientIndex::first(names.clients()).collect();
        sorted.sort_by(|one, other| compare_java_strings(names.client(*one), names.client(*other)));
        let mut ranks = vec![0; sorted.len()];
        (0..).zip(sorted).for_each(|(rank, client)| ranks[client.at()] = rank);
        Self(ranks)
    }

    /// As [`sorts_elsewhere`].
    pub fn sorts_elsewhere(
        &self,
        before: ClientIndex,
        after: ClientIndex,
        others: impl Iterator<Item = ClientIndex>,
    ) -> bool {
        let rank = |id: ClientIndex| self.0[id.at()];
        passes((before, after), others, |one, other| rank(one).cmp(&rank(other)))
    }
}

/// Compares as people count: runs of digits by their number, and the rest as text.
pub(super) fn compare_by_number(one: &str, other: &str) -> Ordering {
    let (mut a, mut b) = (one, other);
    while let (Some(x), Some(y)) = (a.chars().next(), b.chars().next()) {
        let (order, x_ends, y_ends) = if x.is_ascii_digit() && y.is_ascii_digit() {
            let (x_digits, y_digits) = (digits(a), digits(b));
            let (m, n) = (x_digits.trim_start_matches('0'), y_digits.trim_start_matches('0'));
            (m.len().cmp(&n.len()).then_with(|| m.cmp(n)), x_digits.len(), y_digits.len())
        } else {
            (x.cmp(&y), x.len_utf8(), y.len_utf8())
        };
        if order != Ordering::Equal {
            return order;
        }
        (a, b) = (&a[x_ends..], &b[y_ends..]);
    }
    a.len().cmp(&b.len()).then_with(|| compare_java_strings(one, other))
}

fn digits(text: &str) -> &str {
    &text[..text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_compared_as_numbers() {
        let table = [
            ("10.0.0.9@app", "10.0.0.10@app", Ordering::Less),
            ("10.0.0.10@app", "10.0.0.9@app", Ordering::Greater),
            ("10.0.0.07@app", "10.0.0.7@app", Ordering::Less),
            ("a", "b", Ordering::Less),
            ("a2", "a", Ordering::Greater),
            ("c1", "c1", Ordering::Equal),
        ];
        for (one, other, order) in table {
            assert_eq!(compare_by_number(one, other), order, "{one} {other}");
        }
    }
}
