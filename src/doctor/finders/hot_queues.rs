//! One queue of a topic with most of its lag.

use super::{messages_wait, queues_said};
use crate::doctor::picture::Row;
use crate::doctor::{Finding, FindingKind, Picture, Sureness};
use std::collections::BTreeMap;

/// A lag that is worth a look: less is caught up before somebody has read of it.
const LEAST_LAG: i64 = 1_000;

/// So many times the others' mean.
const TIMES: i64 = 10;

pub(in crate::doctor) fn find(picture: &Picture<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (name, group) in &picture.groups {
        let hosts = group.hosts();
        let mut topics: BTreeMap<&str, Vec<&Row<'_>>> = BTreeMap::new();
        group.rows().iter().for_each(|row| topics.entry(&row.queue.topic).or_default().push(row));
        for (topic, rows) in topics.into_iter().filter(|(topic, rows)| rows.len() > 2 && !topic.starts_with('%')) {
            let Some(hot) = rows.iter().max_by_key(|row| row.lag()) else { continue };
            let others: i64 = rows.iter().filter(|row| row.queue != hot.queue).map(|row| row.lag().max(0)).sum();
            let mean = others / (rows.len() as i64 - 1);
            // A queue without a client is told of as that.
            let alone = hosts.get(hot.queue).is_some_and(|(_, host)| host.is_none());
            if hot.lag() < LEAST_LAG || hot.lag() < mean.saturating_mul(TIMES) || alone {
                continue;
            }
            let owner = hot.client_ip.map(|host| format!(" at {host}")).unwrap_or_default();
            let what = format!(
                "{} in {}{owner}, and {mean} on average in the other {} queues of {topic}",
                messages_wait(hot.lag()),
                queues_said([hot.queue]),
                rows.len() - 1
            );
            let finding = Finding::new(FindingKind::HotQueue, what, vec![hot.place]);
            found.push(finding.of(name).sure(Sureness::Likely));
        }
    }
    found
}
