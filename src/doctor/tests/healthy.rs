//! What is healthy has no finding, however much of it is told.

use super::story::kinds;

const HEALTHY: &[&str] = &[
    // Two members, eight queues, all of it told in every way.
    "member g 10.0.0.1@1#7 10.0.0.1:50\n member g 10.0.0.2@1#7 10.0.0.2:50\n sub g - orders *\n sub g - %RETRY%g *\n\
     is g 2 CLUSTERING CONSUME_FROM_LAST_OFFSET\n ---\n\
     row g %RETRY%g/a/0 0 0 10.0.0.1\n row g orders/a/0 100 99 10.0.0.1\n row g orders/a/1 100 100 10.0.0.1\n\
     row g orders/b/0 90 90 10.0.0.2\n row g orders/b/1 90 80 10.0.0.2\n ---\n\
     topic orders a 2 2 6\n topic orders b 2 2 6\n topic %RETRY%g a 1 1 6\n ---\n\
     group g a enable=true broadcast=true retryQueues=1 retryTimes=16\n\
     group g b enable=true broadcast=true retryQueues=1 retryTimes=16\n ---\n\
     owner g 10.0.0.1@1#7 orders/a/0\n owner g 10.0.0.1@1#7 orders/a/1\n owner g 10.0.0.2@1#7 orders/b/0\n\
     owner g 10.0.0.2@1#7 orders/b/1\n owner g 10.0.0.1@1#7 %RETRY%g/a/0\n ---\n\
     conf here brokerName a\n conf here brokerRole ASYNC_MASTER\n conf here channelExpiredTimeout 120000",
    // A group that is empty and offline.
    "is g 0 - - 0\n row g orders/a/0 10 10\n row g orders/a/1 10 10",
    // A group that is offline and has no client anywhere, as nobody asked for clients.
    "row g orders/a/0 10 3\n row g orders/a/1 10 10",
    // Two clusters' worth of lists, a minute apart: one has left.
    "--- 0\n member g a@1 10.0.0.1:1\n member g b@1 10.0.0.2:1\n --- 60000\n member g a@1 10.0.0.1:1",
    // One client listed by two brokers, each with a connection of its own.
    "member g a@1 10.0.0.1:1\n ---\n member g a@1 10.0.0.1:2",
    // One member that reconnected between two looks.
    "--- 0\n member g a@1 10.0.0.1:1\n --- 60000\n member g a@1 10.0.0.1:9",
    // A rebalance for each pod of a release.
    "log 2024-01-01 00:00:00,000 I - rebalanced result changed. allocateMessageQueueStrategyName=AVG, group=g, topic=t, clientId=c, mqAllSize=4, cidAllSize=3, rebalanceResultSize=0, rebalanceResultSet=[]\n\
     log 2024-01-01 00:00:10,000 I - rebalanced result changed. allocateMessageQueueStrategyName=AVG, group=g, topic=t, clientId=c, mqAllSize=4, cidAllSize=2, rebalanceResultSize=0, rebalanceResultSet=[]\n\
     log 2024-01-01 00:00:20,000 I - rebalanced result changed. allocateMessageQueueStrategyName=AVG, group=g, topic=t, clientId=c, mqAllSize=4, cidAllSize=3, rebalanceResultSize=0, rebalanceResultSet=[]",
    // A broadcasting group: each has all queues.
    "is g 2 BROADCASTING CONSUME_FROM_LAST_OFFSET\n member g a@1 10.0.0.1:1\n member g b@1 10.0.0.2:1\n\
     owner g a@1 orders/a/0\n owner g b@1 orders/a/0",
    // What a running broker prints is no file.
    "conf 10.0.0.1:10911 someNewSetting 60s",
    "",
];

#[test]
fn a_healthy_cluster_has_no_finding() {
    for story in HEALTHY {
        assert_eq!(kinds(story), "", "{story}");
    }
}
