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
    let less = |id: ClientIndex, than| compare_java_strings(names.client(id), names.client(than)) == Ordering::Less;
    others.filter(|id| ![before, after].contains(id)).any(|other| less(other, before) != less(other, after))
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
