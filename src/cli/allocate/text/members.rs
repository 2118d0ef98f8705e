//! How many queues each member has.

use super::super::table::Table;
use crate::allocation::Plan;
use crate::strategy::ClientId;
use crate::strategy::order::compare_java_strings;

/// Topics that get a column of their own beside each member.
const MOST_COLUMNS: usize = 8;

/// Queues on each member: in total and by topic, or before and after the change.
pub(super) fn members(text: &mut String, plan: &Plan) {
    let Some(changed) = &plan.changed else {
        return members_by_topic(text, plan);
    };
    let mut table = Table::new(["member", "before", "after"]);
    let sides = [(&plan.question, &plan.allocation), (&changed.question, &changed.allocation)];
    let seated =
        sides.map(|(question, allocation)| question.members.seats().iter().zip(&allocation.loads).collect::<Vec<_>>());
    let [mut before, mut after] = seated.map(|side| side.into_iter().peekable());
    // Both sides are sorted by id: walked side by side, an id stands in one row.
    loop {
        let order = match (before.peek(), after.peek()) {
            (None, None) => break,
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (Some((a, _)), Some((b, _))) => compare_java_strings(a, b),
        };
        let old = if order.is_le() { before.next() } else { None };
        let new = if order.is_ge() { after.next() } else { None };
        let id = old.or(new).map_or_else(String::new, |(id, _)| id.to_string());
        let load = |side: Option<(&ClientId, &usize)>| side.map_or("-".to_owned(), |(_, load)| load.to_string());
        table.row([id, load(old), load(new)]);
    }
    table.write(text, false);
}

fn members_by_topic(text: &mut String, plan: &Plan) {
    let (queues, allocation) = (&plan.question.queues, &plan.allocation);
    let topics: Vec<_> = queues.topics().collect();
    let columns = if (2..=MOST_COLUMNS).contains(&topics.len()) { &topics[..] } else { &[] };
    let by_topic: Vec<Vec<usize>> = columns
        .iter()
        .map(|topic| {
            let mut loads = vec![0; allocation.loads.len()];
            allocation.owners[topic.numbers.clone()].iter().flatten().for_each(|&seat| loads[seat] += 1);
            loads
        })
        .collect();
    let mut table = Table::new(["member", "queues"].into_iter().chain(columns.iter().map(|topic| topic.name)));
    for (seat, id) in plan.question.members.seats().iter().enumerate() {
        let loads = std::iter::once(allocation.loads[seat]).chain(by_topic.iter().map(|loads| loads[seat]));
        table.row(std::iter::once(id.to_string()).chain(loads.map(|load| load.to_string())));
    }
    table.write(text, false);
}
