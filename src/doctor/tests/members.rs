//! Stories of members: ids, lists, subscriptions, strategies, owners.

use super::story::check;

/// Each with what is found.
pub(super) const STORIES: &[(&str, &str)] = &[
    // Two connections with one id; nobody has the share of the second.
    (
        "member g 10.0.0.1@1 10.0.0.1:5\n member g 10.0.0.1@1 10.0.0.9:6\n ---\n\
         row g orders/a/0 10 9 10.0.0.1\n row g orders/a/1 10 5",
        "duplicate_client_id queue_without_client",
    ),
    ("member g 10.0.0.1@1 10.0.0.1:5\n member g 10.0.0.2@1 10.0.0.2:6", ""),
    // A member that has one of its two; one that has none; one that may only not have answered; and nobody with any.
    (
        "member g 10.0.0.1@1 10.0.0.1:5\n member g 10.0.0.2@1 10.0.0.2:5\n ---\n row g orders/a/0 10 9 10.0.0.1\n\
         row g orders/a/1 10 5 10.0.0.1\n row g orders/a/2 10 9 10.0.0.2\n row g orders/a/3 10 5 -",
        "queue_without_client",
    ),
    (
        "member g 10.0.0.1@1 10.0.0.1:5\n member g 10.0.0.2@1 10.0.0.2:5\n ---\n\
         row g orders/a/0 10 9 10.0.0.1\n row g orders/a/1 10 5 -",
        "silent_member",
    ),
    (
        "member g 10.0.0.1@1 10.0.0.1:5\n member g 10.0.0.2@1 10.0.0.2:5\n ---\n\
         row g orders/a/0 10 9 10.0.0.1\n row g orders/a/1 10 10 -",
        "",
    ),
    (
        "member g 10.0.0.1@1 10.0.0.1:5\n member g 10.0.0.2@1 10.0.0.2:5\n ---\n\
         row g orders/a/0 10 9 -\n row g orders/a/1 10 5 -",
        "",
    ),
    // Nobody is there, and messages wait; nobody is there, and none do.
    ("is g 0 - - 12", "group_offline"),
    ("is g 0 - - 0", ""),
    // Two brokers' lists.
    ("member g a@1 10.0.0.1:1\n member g b@1 10.0.0.2:1\n ---\n member g a@1 10.0.0.1:2", "lists_differ"),
    ("member g a@1 10.0.0.1:1\n member g b@1 10.0.0.2:1\n ---\n member g b@1 10.0.0.2:2\n member g a@1 10.0.0.1:2", ""),
    // An owner that is gone, and one that is not.
    (
        "member g 10.0.0.1@1 10.0.0.1:5\n ---\n row g orders/a/0 10 9 10.0.0.1\n row g orders/a/1 10 9 10.0.0.7",
        "owner_not_in_list",
    ),
    // Owners of the round, then owners swapped.
    (
        "member g a@1 10.0.0.1:5\n member g b@1 10.0.0.2:5\n ---\n owner g a@1 orders/a/0\n owner g b@1 orders/a/1\n\
         owner g a@1 orders/a/2\n owner g b@1 orders/a/3\n row g orders/a/0 1 1\n row g orders/a/1 1 1\n\
         row g orders/a/2 1 1\n row g orders/a/3 1 1",
        "",
    ),
    (
        "member g a@1 10.0.0.1:5\n member g b@1 10.0.0.2:5\n ---\n owner g a@1 orders/a/0\n owner g b@1 orders/a/1\n\
         owner g b@1 orders/a/2\n owner g a@1 orders/a/3\n row g orders/a/0 1 1\n row g orders/a/1 1 1\n\
         row g orders/a/2 1 1\n row g orders/a/3 1 1\n log 2024-01-01 00:00:00,000 I - rebalanced result changed. \
         allocateMessageQueueStrategyName=AVG, group=g, topic=orders, clientId=a@1, mqAllSize=4, cidAllSize=2, \
         rebalanceResultSize=0, rebalanceResultSet=[]",
        "owners_not_as_dealt",
    ),
    // Topics and tags of members; the order of tags is none.
    ("sub g a@1 orders *\n sub g b@1 payments *", "subscriptions_differ"),
    ("sub g a@1 orders x||y\n sub g b@1 orders x", "subscriptions_differ"),
    ("sub g a@1 orders x||y\n sub g a@1 %RETRY%g *\n sub g b@1 orders y||x", ""),
    ("differ g\n sub g a@1 orders *\n sub g b@1 orders *", "subscriptions_differ"),
    ("sub g - orders *\n ---\n sub g - payments *", "subscriptions_differ"),
    ("sub g - orders *\n ---\n sub g - orders *", ""),
    ("is g - BROADCASTING\n ---\n is g - CLUSTERING", "message_models_differ"),
    ("is g - CLUSTERING\n ---\n is g - CLUSTERING", ""),
    // Strategies that members name, or betray: the first has what AVG gives, the others what the circle does.
    (
        "client g a@1 allocateMessageQueueStrategy AllocateMessageQueueAveragely\n\
         client g b@1 allocateMessageQueueStrategy AllocateMessageQueueAveragelyByCircle",
        "strategies_differ",
    ),
    (
        "client g a@1 allocateMessageQueueStrategy AllocateMessageQueueAveragely@1f\n\
         client g b@1 allocateMessageQueueStrategy AllocateMessageQueueAveragely@2a",
        "",
    ),
    // A log has the name of the class.
    (
        "client g a@1 allocateMessageQueueStrategy AllocateMessageQueueAveragely@1f\n log 2024-01-01 00:00:00,000 I - \
         rebalanced result changed. allocateMessageQueueStrategyName=AVG, group=g, topic=t, clientId=b@1, mqAllSize=4, \
         cidAllSize=2, rebalanceResultSize=0, rebalanceResultSet=[]",
        "",
    ),
    (
        "member g a@1 10.0.0.1:5\n member g b@1 10.0.0.2:5\n ---\n owner g a@1 o/a/0\n owner g a@1 o/a/1\n\
         owner g b@1 o/a/1\n owner g b@1 o/a/3\n row g o/a/0 1 1\n row g o/a/1 1 1\n row g o/a/2 1 1\n row g o/a/3 1 1",
        "strategies_differ",
    ),
    // Containers that look alike, and machines that do not.
    ("member g 172.17.0.2@7 10.0.0.1:5\n member g 172.17.0.2@1 10.0.0.2:5", "client_ids_nearly_collide"),
    ("member g 172.17.0.2@7 10.0.0.1:5\n member g 172.17.0.2@9 10.0.0.1:6", ""),
    ("member g 172.17.0.2@7#5 10.0.0.1:5\n member g 172.17.0.2@1#6 10.0.0.2:5", ""),
    ("member g a@1 10.0.0.1:5 JAVA V5_3_3\n member g b@1 10.0.0.2:5 GO V4_9_7", "versions_differ"),
    // Three members for two queues, and for four.
    (
        "member g a@1 10.0.0.1:5\n member g b@1 10.0.0.2:5\n member g c@1 10.0.0.3:5\n sub g - o *\n topic o x 2 2 6",
        "more_members_than_queues",
    ),
    ("member g a@1 10.0.0.1:5\n member g b@1 10.0.0.2:5\n member g c@1 10.0.0.3:5\n sub g - o *\n topic o x 4 4 6", ""),
    // Five topics of five queues for four members: the first gets two of each.
    (
        "member g a@1 10.0.0.1:5\n member g b@1 10.0.0.2:5\n member g c@1 10.0.0.3:5\n member g d@1 10.0.0.4:5\n\
         sub g - o *\n topic o x 5 5 6\n sub g - p *\n topic p x 5 5 6\n sub g - q *\n topic q x 5 5 6\n\
         sub g - r *\n topic r x 5 5 6\n sub g - s *\n topic s x 5 5 6",
        "uneven_over_topics",
    ),
];

#[test]
fn members_are_judged_by_what_is_told() {
    check(STORIES);
}
