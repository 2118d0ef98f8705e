//! Expressions of subscriptions, as far as they are tags.

use std::collections::BTreeSet;

use super::super::cluster::RemarkKind;
use super::draft::{Draft, is_name};
use crate::model::plan::TagSet;

/// The tags of an expression, sorted: none for `*`; `None` where it is something else, as SQL.
pub(super) fn tags(expression: &str) -> Option<Vec<String>> {
    let text = expression.trim();
    if ["", "*", "null"].contains(&text) {
        return Some(Vec::new());
    }
    // `FilterAPI.buildSubscriptionData` leaves out what is empty between two bars.
    let tags: BTreeSet<&str> = text.split("||").map(str::trim).filter(|tag| !tag.is_empty()).collect();
    let good = |tag: &&str| is_name(tag) && !tag.contains('|') && *tag != "*";
    tags.iter().all(good).then(|| tags.into_iter().map(str::to_owned).collect())
}

/// Chooses the groups that take some tags only: the language has one expression for all topics of a group.
pub(super) fn choose(draft: &mut Draft<'_>) {
    let cluster = draft.cluster;
    let mut all: BTreeSet<String> = BTreeSet::new();
    for group in draft.groups.clone() {
        let read =
            cluster.groups[group].subscriptions.iter().filter(|(topic, _)| draft.topics.contains(topic.as_str()));
        let read: Vec<_> = read.collect();
        let taken: Vec<Option<Vec<String>>> = read.iter().map(|(_, expression)| tags(&expression.value)).collect();
        let Some(first) = taken.first() else { continue };
        let alike = taken.iter().all(|tags| tags == first);
        let Some(first) = first.clone().filter(|_| alike) else {
            let at = read.first().map(|(_, expression)| draft.of(expression)).unwrap_or_default();
            let why = if alike { "is no list of tags" } else { "differs from topic to topic" };
            let sentence = format!("what {group} takes of its topics {why} ({at}); all messages are played as taken");
            draft.remark(RemarkKind::LeftOut, sentence);
            continue;
        };
        if first.is_empty() {
            continue;
        }
        if all.iter().chain(&first).collect::<BTreeSet<_>>().len() > TagSet::MOST {
            draft.remark(
                RemarkKind::LeftOut,
                format!("there are more than {} tags; those of {group} are left out", TagSet::MOST),
            );
            continue;
        }
        all.extend(first.iter().cloned());
        for (topic, _) in read {
            draft.tags.insert((group, topic), first.clone());
        }
    }
}

/// The tags that a topic's messages have, so that every group gets some.
pub(super) fn of_topic(draft: &Draft<'_>, topic: &str) -> Vec<String> {
    let of = draft.tags.iter().filter(|((_, own), _)| *own == topic).flat_map(|(_, tags)| tags.iter().cloned());
    of.collect::<BTreeSet<_>>().into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_is_its_tags_or_something_else() {
        let table = [
            ("*", Some("")),
            ("", Some("")),
            ("paid || shipped||paid", Some("paid shipped")),
            ("1||2 || -5", Some("-5 1 2")),
            ("a > 5 AND b", None),
            ("a, b", None),
        ];
        for (expression, expected) in table {
            assert_eq!(tags(expression).map(|tags| tags.join(" ")).as_deref(), expected, "{expression}");
        }
    }
}
