//! Stories of offsets, rates, locks and logs.

use super::story::{check, kinds};

/// Each with what is found.
pub(super) const STORIES: &[(&str, &str)] = &[
    // One queue far behind the others, and all of them.
    ("row g o/a/0 9000 10\n row g o/a/1 9000 8990\n row g o/a/2 9000 8999", "hot_queue"),
    ("row g o/a/0 9000 10\n row g o/a/1 9000 90\n row g o/a/2 9000 99", ""),
    ("row g o/a/0 5 9\n row g o/a/1 9 9", "offset_ahead_of_maximum"),
    ("row g o/a/0 9 9", ""),
    ("committed g o a 0 50\n range o a 0 0 9", "offset_ahead_of_maximum"),
    ("committed g o a 0 5\n range o a 0 0 9", ""),
    ("row g o/a/0 900 5\n range o a 0 100 900", "offset_behind_minimum"),
    ("row g o/a/0 900 500\n range o a 0 100 900", ""),
    ("row g o/a/0 900 -1", "never_committed"),
    ("row g o/a/0 900 0\n row g o/a/1 900 880", "never_committed"),
    (
        "is g - CLUSTERING CONSUME_FROM_LAST_OFFSET\n row g o/a/0 900 0\n row g o/a/1 900 880",
        "new_queue_from_last_offset",
    ),
    // No queue of the topic has moved: the group may just begin.
    ("row g o/a/0 900 0\n row g o/a/1 900 0", ""),
    // Two looks: one queue stands, none does, and one that had nothing.
    ("row g o/a/0 90 50\n row g o/a/1 90 80\n ---\n row g o/a/0 99 50\n row g o/a/1 99 98", "queue_stands_still"),
    ("row g o/a/0 90 50\n row g o/a/1 90 80\n ---\n row g o/a/0 99 60\n row g o/a/1 99 98", ""),
    ("row g o/a/0 50 50\n row g o/a/1 90 80\n ---\n row g o/a/0 60 50\n row g o/a/1 99 98", ""),
    // Rates need times.
    ("--- 0\n row g o/a/0 1000 900\n --- 60000\n row g o/a/0 3000 1000", "lag_grows"),
    ("row g o/a/0 1000 900\n ---\n row g o/a/0 3000 1000", ""),
    ("--- 0\n row g o/a/0 9000 1000\n --- 60000\n row g o/a/0 9100 3000", "catches_up"),
    ("--- 0\n row g o/a/0 9000 8990\n --- 60000\n row g o/a/0 9500 9480", ""),
    // A lock of one who is not in the list; of one who is; one that was given later.
    (
        "member g b@1 10.0.0.2:5\n ---\n log 2024-01-01 00:00:00,000 W - tryLockBatch, message queue locked by other client. \
         Group: g OtherClientId: a@1 NewClientId: b@1 MQ(3)",
        "locked_by_an_absent_owner",
    ),
    (
        "member g b@1 10.0.0.2:5\n member g a@1 10.0.0.1:5\n ---\n log 2024-01-01 00:00:00,000 W - tryLockBatch, message \
         queue locked by other client. Group: g OtherClientId: a@1 NewClientId: b@1 MQ(3)",
        "",
    ),
    (
        "member g b@1 10.0.0.2:5\n ---\n log 2024-01-01 00:00:00,000 W - tryLockBatch, message queue locked by other client. \
         Group: g OtherClientId: a@1 NewClientId: b@1 MQ(3)\n log 2024-01-01 00:00:20,000 W - tryLockBatch, message queue \
         lock expired, I got it. Group: g OldClientId: a@1 NewClientId: b@1 MQ(3)",
        "",
    ),
    ("owner g a@1 o/a/0 locked\n owner g a@1 o/a/1 open", "not_locked"),
    ("owner g a@1 o/a/0 open\n owner g a@1 o/a/1 open", ""),
];

#[test]
fn offsets_rates_and_locks_are_judged_by_what_is_told() {
    check(STORIES);
}

/// What a log says, how often, and what is found from then on.
pub(super) const LOGGED: &[(&str, usize, &str)] = &[
    (
        "the pull request offset illegal, PullRequest [consumerGroup=g, messageQueue=MQ(3), nextOffset=9] PullResult [x]",
        1,
        "offset_illegal",
    ),
    ("[BUG] ConsumerGroup: g The consumerId: c@1 not in cidAll: [d@1]", 4, "not_in_member_list"),
    ("allocate message queue exception. strategy name: AVG, ex: x", 3, "strategy_threw"),
    ("event queue size [10001] over the limit [10000], so drop this event NettyEvent [x]", 1, "channel_event_dropped"),
    (
        "SCAN: remove expired channel from ConsumerManager consumerTable. channel=1.1.1.1:5, consumerGroup=g",
        1,
        "channel_expired",
    ),
    (
        "[BUG]doRebalance, g, try remove unnecessary mq, MQ(3), because pull is pause, so try to fixed it",
        1,
        "pull_expired",
    ),
    (
        "send expire msg back. topic=t, msgId=0A, storeHost=/10.0.0.1:10911, queueId=1, queueOffset=7",
        1,
        "consume_timeout",
    ),
    ("sendMessageBack exception, group: g msg: x", 1, "send_back_failed"),
    ("doRebalance, g t, get consumer id list failed", 5, "no_member_list"),
    (
        "[NOTIFYME]update consumer offset less than store. clientHost=1.1.1.1:5, key=t@g, queueId=3, requestOffset=1",
        20,
        "offset_went_back",
    ),
    ("processQueue is dropped without process consume result. messageQueue=MQ(3), msgs=[]", 5, "dropped_while_at_work"),
    (
        "ConsumerGroupInfo: consumer channel exists in broker, but clientId is not the same one, group=g, old clientChannelInfo=ClientChannelInfo [clientId=a@1, x]",
        1,
        "two_ids_of_one_channel",
    ),
    ("subscription changed, group: g remove topic t SubscriptionData [topic=t]", 3, "subscription_changes"),
    ("the consumer's subscription not exist, group: g, topic:t", 10, "subscription_not_exist"),
    ("the consumer's group info not exist, group: g", 10, "group_not_registered"),
    ("send heart beat to broker[b 0 10.0.0.1:10911] failed", 3, "heartbeat_failed"),
    ("doRebalance, g, but the topic[t] not exist.", 3, "no_route"),
    ("the subscription is not latest, group=g, messageQueue=MQ(3)", 10, "subscription_not_latest"),
    ("the message queue not locked, so consume later, MQ(3)", 10, "not_locked"),
    (
        "the cached message count exceeds the threshold 1000, so do flow control, pullRequest=PullRequest [consumerGroup=g, messageQueue=MQ(3), nextOffset=9], x",
        10,
        "flow_control",
    ),
    // Two queues are taken at once when a member leaves; one that comes back each minute is another matter.
    (
        "rebalanced result changed. allocateMessageQueueStrategyName=AVG, group=g, topic=t, clientId=c, mqAllSize=4, cidAllSize=3, rebalanceResultSize=0, rebalanceResultSet=[]",
        10,
        "rebalance_storm",
    ),
];

/// So often, a second apart.
fn story(says: &str, times: usize) -> String {
    (0..times).map(|second| format!("log 2024-01-01 00:00:{second:02},000 I - {says}\n")).collect()
}

#[test]
fn what_a_log_says_is_found_once_it_says_so_often() {
    for (says, least, kind) in LOGGED {
        assert_eq!(kinds(&story(says, *least)), *kind, "{says}");
        if *least > 1 {
            assert_eq!(kinds(&story(says, least - 1)), "", "{says}");
        }
    }
}

#[test]
fn members_that_flap_and_queues_that_come_and_go_are_told() {
    let saw = |members: &[u32]| -> String {
        let line = |(second, members): (usize, &u32)| {
            format!(
                "log 2024-01-01 00:{second:02}:00,000 I - rebalanced result changed. allocateMessageQueueStrategyName=AVG, \
                 group=g, topic=t, clientId=c, mqAllSize=4, cidAllSize={members}, rebalanceResultSize=0, \
                 rebalanceResultSet=[]\n"
            )
        };
        members.iter().enumerate().map(line).collect()
    };
    assert_eq!(kinds(&saw(&[3, 2, 3, 2, 3, 2])), "members_flap");
    assert_eq!(kinds(&saw(&[1, 2, 3, 4, 5, 6, 5, 4])), "");
    let moved = |times: usize| -> String {
        let pair = |at: usize| {
            format!(
                "log 2024-01-01 00:0{at}:00,000 I - doRebalance, g, add a new mq, MQ(3)\n\
                 log 2024-01-01 00:0{at}:30,000 I - doRebalance, g, remove unnecessary mq, MQ(3)\n"
            )
        };
        (0..times).map(pair).collect()
    };
    assert_eq!(kinds(&moved(4)), "queue_comes_and_goes");
    assert_eq!(kinds(&moved(3)), "");
}
