//! Lines as 4.9.7 and 5.3.3 write them, each read as one fact.

use crate::import::fact::{Fact, LogEvent, LogTrouble};
use crate::import::{Evidence, Input, read};

fn read_text(text: &str) -> Evidence {
    read(&[Input { name: "x.log".to_owned(), text: text.to_owned() }])
}

/// An event in short.
fn short(event: &LogEvent) -> String {
    let queue = |queue: &crate::import::fact::QueueName| format!("{}/{}/{}", queue.topic, queue.broker, queue.id);
    match event {
        LogEvent::Notified { group, broker_address } => format!("notified {group} {broker_address}"),
        LogEvent::QueueAdded { group, queue: of } => format!("added {group} {}", queue(of)),
        LogEvent::QueueRemoved { group, queue: of } => format!("removed {group} {}", queue(of)),
        LogEvent::Rebalanced { group, topic, client_id, strategy, queues, members, own } => {
            let own: Vec<String> = own.iter().map(queue).collect();
            format!("rebalanced {group} {topic} {client_id} {strategy} {queues} {members} {}", own.join("+"))
        }
        LogEvent::LockRefused { group, queue: of, holder, client_id } => {
            format!("refused {group} {} {holder} {client_id}", queue(of))
        }
        LogEvent::LockTaken { group, queue: of, client_id } => format!("taken {group} {} {client_id}", queue(of)),
        LogEvent::LockGivenBack { group, queue: of, client_id } => format!("back {group} {} {client_id}", queue(of)),
        LogEvent::Trouble { kind, group, queue: of, client_id } => {
            let parts = [group.clone(), of.as_ref().map(queue), client_id.clone()];
            let parts: Vec<String> = parts.into_iter().flatten().collect();
            format!("{kind:?} {}", parts.join(" ")).trim_end().to_owned()
        }
    }
}

const MQ: &str = "MessageQueue [topic=t, brokerName=b-a, queueId=3]";
const PULL: &str =
    "PullRequest [consumerGroup=g, messageQueue=MessageQueue [topic=t, brokerName=b-a, queueId=3], nextOffset=9]";

fn check(table: &[(String, &str)], before: &str) {
    for (said, expected) in table {
        let evidence = read_text(&format!("{before}{said}\n"));
        let facts: Vec<String> = evidence
            .facts
            .iter()
            .map(|sighted| match &sighted.fact {
                Fact::Logged { event, .. } => short(event),
                other => format!("{other:?}"),
            })
            .collect();
        assert_eq!(facts.join("; "), *expected, "{said}: {:?}", evidence.notes);
    }
}

#[test]
fn a_client_says_in_4_and_5_what_it_does_and_what_fails() {
    let table: Vec<(String, &str)> = vec![
        ("receive broker's notification[10.2.9.51:10911], the consumer group: g changed, rebalance immediately".into(), "notified g 10.2.9.51:10911"),
        (format!("doRebalance, g, add a new mq, {MQ}"), "added g t/b-a/3"),
        (format!("doRebalance, g, add a new pop mq, {MQ}"), "added g t/b-a/3"),
        (format!("doRebalance, g, remove unnecessary mq, {MQ}"), "removed g t/b-a/3"),
        (format!("doRebalance, g, truncateMessageQueueNotMyTopic remove unnecessary mq, {MQ}"), "removed g t/b-a/3"),
        (format!("[BUG]doRebalance, g, remove unnecessary mq, {MQ}, because pull is pause, so try to fixed it"), "PullExpired g t/b-a/3"),
        (format!("[BUG]doRebalance, g, try remove unnecessary mq, {MQ}, because pull is pause, so try to fixed it"), "PullExpired g t/b-a/3"),
        (format!("doRebalance, g, add a new mq failed, {MQ}, because lock failed"), "NotLocked g t/b-a/3"),
        ("doRebalance, g t, get consumer id list failed".into(), "NoMemberList g"),
        ("doRebalance, g, but the topic[t] not exist.".into(), "NoRoute g"),
        (format!("rebalanced result changed. allocateMessageQueueStrategyName=AVG, group=g, topic=t, clientId=10.0.0.1@7, mqAllSize=8, cidAllSize=3, rebalanceResultSize=1, rebalanceResultSet=[{MQ}]"), "rebalanced g t 10.0.0.1@7 AVG 8 3 t/b-a/3"),
        (format!("client rebalanced result changed. allocateMessageQueueStrategyName=AVG, group=g, topic=t, clientId=10.0.0.1@7#12, mqAllSize=8, cidAllSize=3, rebalanceResultSize=2, rebalanceResultSet=[{MQ}, {MQ}]"), "rebalanced g t 10.0.0.1@7#12 AVG 8 3 t/b-a/3+t/b-a/3"),
        ("client rebalanced result changed. allocateMessageQueueStrategyName=AVG, group=g, topic=t, clientId=c, mqAllSize=8, cidAllSize=9, rebalanceResultSize=0, rebalanceResultSet=[]".into(), "rebalanced g t c AVG 8 9 "),
        ("allocate message queue exception. strategy name: AVG, ex: {}".into(), "StrategyThrew"),
        ("AllocateMessageQueueStrategy.allocate Exception. allocateMessageQueueStrategyName=AVG".into(), "StrategyThrew"),
        ("[BUG] ConsumerGroup: g The consumerId: c@1 not in cidAll: [d@1]".into(), "NotInMemberList g c@1"),
        ("getConsumerIdListByGroup exception, 10.0.0.1:10911 g".into(), "NoMemberList g"),
        (format!("the pull request offset illegal, {PULL} PullResult [pullStatus=OFFSET_ILLEGAL, nextBeginOffset=0, minOffset=0, maxOffset=7, msgFoundList=0]"), "OffsetIllegal g t/b-a/3"),
        (format!("the subscription is not latest, group=g, messageQueue={MQ}"), "SubscriptionNotLatest g t/b-a/3"),
        (format!("the cached message count exceeds the threshold 1000, so do flow control, minOffset=0, maxOffset=1, count=1001, size=1 MiB, pullRequest={PULL}, flowControlTimes=1"), "FlowControl g t/b-a/3"),
        (format!("pull message later because not locked in broker, {PULL}"), "NotLocked g t/b-a/3"),
        (format!("the message queue not locked, so consume later, {MQ}"), "NotLocked t/b-a/3"),
        (format!("the message queue locked Failed, Group: g {MQ}"), "NotLocked g t/b-a/3"),
        (format!("message queue lock Failed, g {MQ}"), "NotLocked g t/b-a/3"),
        (format!("message queue lock OK, g {MQ}"), ""),
        (format!("processQueue is dropped without process consume result. messageQueue={MQ}, msgs=[]"), "DroppedWhileAtWork t/b-a/3"),
        ("send expire msg back. topic=t, msgId=0A, storeHost=/10.0.0.1:10911, queueId=1, queueOffset=7".into(), "ConsumeTimeout"),
        ("sendMessageBack exception, group: g msg: MessageExt [brokerName=b]".into(), "SendBackFailed g"),
        ("send heart beat to broker[b-a 0 10.0.0.1:10911] failed".into(), "HeartbeatFailed"),
        ("send heart beat to broker[b-a 0 10.0.0.1:10911] success".into(), ""),
        ("updateTopicRouteInfoFromNameServer, getTopicRouteInfoFromNameServer return null, Topic: t. [c]".into(), "NoRoute"),
        ("updateTopicRouteInfoFromNameServer Exception".into(), "NoRoute"),
    ];
    // logback of 5.x, logback of 4.x, log4j as people set it up.
    for before in [
        "2024-10-16 20:40:50.976 INFO  [1] [RebalanceService] [RocketmqClient#info:1] - ",
        "2024-10-16 20:40:50,976 INFO RebalanceService - ",
        "pod-1 \u{1b}[33m2024-10-16 20:40:50.976\u{1b}[0m WARN  RocketmqClient - ",
    ] {
        check(&table, before);
    }
}

#[test]
fn a_broker_says_in_4_and_5_who_has_a_lock() {
    let new = |text: &str| format!("RebalanceLockManager#{text}");
    check(
        &[
            (
                new(&format!(
                    "tryLock: message queue has been locked by other client, group=g, mq={MQ}, locked client id=a@1, current client id=b@1"
                )),
                "refused g t/b-a/3 a@1 b@1",
            ),
            (
                new(&format!(
                    "tryLockBatch: lock a message which has not been locked yet, group=g, clientId=b@1, mq={MQ}"
                )),
                "taken g t/b-a/3 b@1",
            ),
            (
                new(&format!(
                    "tryLock: try to lock a expired message queue, group=g, mq={MQ}, old client id=a@1, new client id=b@1"
                )),
                "taken g t/b-a/3 b@1",
            ),
            (new(&format!("unlockBatch: unlock mq, group=g, clientId=b@1, mqs={MQ}")), "back g t/b-a/3 b@1"),
            (
                format!(
                    "tryLockBatch, message queue locked by other client. Group: g OtherClientId: a@1 NewClientId: b@1 {MQ}"
                ),
                "refused g t/b-a/3 a@1 b@1",
            ),
            (
                format!("tryLock, message queue not locked, I got it. Group: g NewClientId: b@1 {MQ}"),
                "taken g t/b-a/3 b@1",
            ),
            (
                format!(
                    "tryLock, message queue lock expired, I got it. Group: g OldClientId: a@1 NewClientId: b@1 {MQ}"
                ),
                "taken g t/b-a/3 b@1",
            ),
            (format!("unlockBatch, Group: g {MQ} b@1"), "back g t/b-a/3 b@1"),
        ],
        "2024-10-16 20:40:50 WARN AdminBrokerThread_3 - ",
    );
}

#[test]
fn a_broker_says_in_4_and_5_whom_it_drops_and_what_it_refuses() {
    let table: Vec<(String, &str)> = vec![
        ("SCAN: remove expired channel from ConsumerManager consumerTable. channel=10.0.0.1:5, consumerGroup=g".into(), "ChannelExpired g"),
        ("subscription changed, group: g remove topic t SubscriptionData [topic=t]".into(), "SubscriptionChanged g"),
        ("subscription changed, add new topic, group: g SubscriptionData [topic=t]".into(), ""),
        ("the consumer's group info not exist, group: g".into(), "GroupNotRegistered g"),
        ("the consumer's subscription not exist, group: g, topic:t".into(), "SubscriptionNotExist g"),
        ("The broker's subscription is not latest, group: g *".into(), "SubscriptionNotLatest g"),
        ("getConsumerGroupInfo failed, g 10.0.0.1:5".into(), ""),
        ("[NOTIFYME]update consumer offset less than store. clientHost=10.0.0.1:5, key=t@g, queueId=3, requestOffset=1, storeOffset=2".into(), "OffsetWentBack g"),
        ("event queue size [10001] over the limit [10000], so drop this event NettyEvent [type=CLOSE]".into(), "ChannelEventDropped"),
    ];
    check(&table, "2024-10-16 20:40:50 WARN ClientHousekeepingScheduledThread1 - ");
}

#[test]
fn a_log_is_no_log_without_times_and_a_cut_line_is_noted() {
    let unknown = read_text("2024-10-16 20:40:50,976 INFO main - started\n    at java.lang.Thread.run\n");
    assert_eq!(unknown.recognised[0].what, "a log without a line about rebalancing");
    assert!(unknown.facts.is_empty() && unknown.notes.is_empty());
    let cut =
        read_text("2024-10-16 20:40:50,976 INFO R - doRebalance, g, add a new mq, MessageQueue [topic=t, broker\n");
    assert!(cut.facts.is_empty());
    assert_eq!(cut.notes[0].what, "a line with `doRebalance, ` is cut short");
    assert_eq!(cut.notes[0].place.line, 1);
    assert!(read_text("doRebalance, g, add a new mq, x\n").recognised.is_empty());
}

#[test]
fn a_kind_of_trouble_is_in_some_log() {
    // What no sentence says could be left out of the list.
    for kind in [LogTrouble::OffsetIllegal, LogTrouble::TwoIdsOfOneChannel] {
        let said = match kind {
            LogTrouble::TwoIdsOfOneChannel => {
                "ConsumerGroupInfo: consumer channel exists in broker, but clientId is not the same one, group=g, old clientChannelInfo=ClientChannelInfo [channel=x, clientId=a@1, language=JAVA], new clientChannelInfo=ClientChannelInfo [clientId=b@1, language=JAVA]"
            }
            _ => "the request offset: 9 over flow badly, fix to 3, broker max offset: 3, consumer: 10.0.0.1:5",
        };
        let evidence = read_text(&format!("2024-10-16 20:40:50,976 WARN t - {said}\n"));
        assert!(format!("{:?}", evidence.facts).contains(&format!("{kind:?}")), "{kind:?}");
    }
}
