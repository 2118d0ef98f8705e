//! Groups of which nothing is asked at rest: their members never come to agree, or never go on, by rules of RocketMQ.
//!
//! - Go's strategies are not Java's, where a hash or a room decides (`consumer/strategy.go`): members of both languages deal
//!   the same queues in two ways.
//! - A message that a BROADCASTING listener of a Go client fails stays in the cache and pins its queue
//!   (`consumer/push_consumer.go:consumeMessageConcurrently`).
//! - Orderly members in BROADCASTING before 5.3.2 ask for locks, which only one of all members can have
//!   (`RebalanceImpl.rebalanceByTopic`).

use std::collections::BTreeSet;

use crate::lint::DEAL_OTHERWISE;
use crate::model::plan::{ConsumerPlan, GroupIndex, MessageModel, Plan};

/// Those groups of a plan.
pub(super) fn groups_that_never_settle(plan: &Plan) -> BTreeSet<GroupIndex> {
    let all = || plan.consumers.iter().chain(&plan.releases);
    let of = |group| move |member: &&ConsumerPlan| member.group == group;
    let disagree = |group| {
        let go = all().filter(of(group)).filter(|member| member.client.go.is_some()).count();
        let deals = |member: &ConsumerPlan| {
            let name = member.consumer.allocate_message_queue_strategy.name();
            DEAL_OTHERWISE.iter().any(|strategy| name.trim_start_matches("GO_").starts_with(strategy))
        };
        (1..all().filter(of(group)).count()).contains(&go) && all().filter(of(group)).any(deals)
    };
    let stands = |member: &ConsumerPlan| {
        let pins =
            member.client.go.as_ref().is_some_and(|go| go.keeps_what_broadcasting_drops) && member.listener.fails();
        let asks = member.client.rules.broadcasting_asks_for_locks || member.client.go.is_some();
        let contends = member.listener.orderly.is_some() && asks;
        member.consumer.message_model == MessageModel::Broadcasting && (pins || contends)
    };
    let groups = GroupIndex::first(plan.groups.len());
    groups.filter(|&group| disagree(group) || all().filter(of(group)).any(stands)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::parse;

    #[test]
    fn who_never_settles_is_asked_nothing() {
        let hash = "allocateMessageQueueStrategy = \"CONSISTENT_HASH\"";
        let broadcasting = "messageModel = \"BROADCASTING\"";
        let table = [
            ("a ring of each language", "go-2.1.2", "5.3.3", hash.to_owned(), true),
            ("one ring of Java", "5.3.3", "5.3.3", hash.to_owned(), false),
            ("one ring of Go", "go-2.1.2", "go-2.1.2", hash.to_owned(), false),
            ("blocks are the same in both", "go-2.1.2", "5.3.3", String::new(), false),
            ("a failure pins", "go-2.1.2", "5.3.3", format!("{broadcasting}\nfailures = 0.1"), true),
            ("nothing fails", "go-2.1.2", "5.3.3", broadcasting.to_owned(), false),
            ("before 2.1.1 it is dropped", "go-2.1.0", "go-2.1.0", format!("{broadcasting}\nfailures = 0.1"), false),
            ("Java drops it", "5.3.3", "5.3.3", format!("{broadcasting}\nfailures = 0.1"), false),
            ("locks for all", "5.1.4", "5.3.3", format!("{broadcasting}\nlistener = \"orderly\""), true),
            ("no locks", "5.3.3", "5.3.3", format!("{broadcasting}\nlistener = \"orderly\""), false),
        ];
        for (what, first, second, more, expected) in table {
            let text = format!(
                "title = \"f\"\nduration = \"600s\"\nbrokers = [\"a\"]\n[[topics]]\nname = \"t\"\nqueues = 2\n\
                [[groups]]\nname = \"g\"\n{more}\nconsumers = [{{ name = \"c1\", clientVersion = {first:?} }}, \
                {{ name = \"c2\", clientVersion = {second:?} }}]\n"
            );
            let scenario = parse("f.toml", &text, &[], &|_| Err("there is no other file".to_owned()))
                .unwrap_or_else(|error| panic!("{what}: {error}\n{text}"));
            assert_eq!(!groups_that_never_settle(&scenario.plan).is_empty(), expected, "{what}");
        }
    }
}
