//! A small answer of each kind, and what is known after it was read.

use super::super::disk::check;

/// Name, text, and what is read of it.
pub(in crate::import) const TEXTS: &[[&str; 3]] = &[
    [
        "topicRoute.json",
        r#"{
	"brokerDatas":[
		{
			"brokerAddrs":{0:"10.0.0.21:10911",1:"10.0.0.22:10911"
			},
			"brokerName":"broker-a",
			"cluster":"DefaultCluster"
		}
	],
	"filterServerTable":{},
	"queueDatas":[
		{
			"brokerName":"broker-a",
			"perm":6,
			"readQueueNums":8,
			"topicSysFlag":0,
			"writeQueueNums":4
		}
	]
}
{"brokerDatas":[{"brokerAddrs":{"0":"10.0.0.23:10911"},"brokerName":"broker-b"}],"queueDatas":[]}
"#,
        r#"
a route (`mqadmin topicRoute`, the dashboard's topic/route.query)
a route (`mqadmin topicRoute`, the dashboard's topic/route.query)
4: Broker cluster: ("DefaultCluster") name: "broker-a" id: (0) address: ("10.0.0.21:10911")
4: Broker cluster: ("DefaultCluster") name: "broker-a" id: (1) address: ("10.0.0.22:10911")
12: UnnamedTopicAt broker: Name("broker-a") read_queues: (8) write_queues: (4) perm: (6)
21: Broker name: "broker-b" id: (0) address: ("10.0.0.23:10911")
1! this route does not say of which topic it is; put the call above it, such as `mqadmin topicRoute -t TOPIC`
"#,
    ],
    [
        "clients.json",
        r#"{"status":0,"data":{"connectionSet":[
{"clientId":"10.0.0.1@7#1","clientAddr":"10.0.0.1:4000","language":"JAVA","version":453,"versionDesc":"V5_3_3"},
{"clientId":"none"}],
"subscriptionTable":{"orders":{"topic":"orders","subString":"*"}},"consumeType":"CONSUME_PASSIVELY","messageModel":"CLUSTERING","consumeFromWhere":"CONSUME_FROM_LAST_OFFSET"},"errMsg":null}"#,
        r#"
the dashboard's list of clients (consumer/consumerConnection.query)
1: GroupIs consume_type: ("CONSUME_PASSIVELY") message_model: ("CLUSTERING") consume_from_where: ("CONSUME_FROM_LAST_OFFSET")
2: Member client_id: "10.0.0.1@7#1" address: ("10.0.0.1:4000") language: ("JAVA") version: ("V5_3_3")
4: Subscription topic: "orders" expression: "*"
3! this connection has no clientId with an @
"#,
    ],
    [
        "progress.json",
        r#"{"status":0,"data":[{"topic":"orders","diffTotal":3,"lastTimestamp":0,"queueStatInfoList":[
{"brokerName":"broker-a","queueId":0,"brokerOffset":10,"consumerOffset":7,"clientInfo":"10.0.0.1@7#1","lastTimestamp":1700000000000},
{"brokerName":"broker-a","queueId":1,"brokerOffset":10,"consumerOffset":10,"clientInfo":null,"lastTimestamp":0},
{"brokerName":"broker-a"}]}],"errMsg":null}"#,
        r#"
the dashboard's progress of a group (consumer/queryTopicByConsumer.query)
2: Progress queue: QueueName { topic: "orders" broker: "broker-a" id: 0 } broker_offset: 10 consumer_offset: 7 last_time: ("1700000000000")
2: Owner client_id: "10.0.0.1@7#1" queue: QueueName { topic: "orders" broker: "broker-a" id: 0 }
3: Progress queue: QueueName { topic: "orders" broker: "broker-a" id: 1 } broker_offset: 10 consumer_offset: 10 last_time: ("0")
4! this is no queue with its offsets
"#,
    ],
    [
        "by_group.json",
        r#"{"status":0,"data":{"g":{"topic":"orders","diffTotal":3,"lastTimestamp":0,"queueStatInfoList":[
{"brokerName":"broker-a","queueId":0,"brokerOffset":10,"consumerOffset":7,"clientInfo":"10.0.0.1@7#1","lastTimestamp":1700000000000},
{"brokerName":"broker-a","queueId":1,"brokerOffset":10,"consumerOffset":10,"clientInfo":null,"lastTimestamp":0},
{"brokerName":"broker-a"}]}},"errMsg":null}"#,
        r#"
the dashboard's groups of a topic (topic/queryConsumerByTopic.query)
2: Progress group: ("g") queue: QueueName { topic: "orders" broker: "broker-a" id: 0 } broker_offset: 10 consumer_offset: 7 last_time: ("1700000000000")
2: Owner group: ("g") client_id: "10.0.0.1@7#1" queue: QueueName { topic: "orders" broker: "broker-a" id: 0 }
3: Progress group: ("g") queue: QueueName { topic: "orders" broker: "broker-a" id: 1 } broker_offset: 10 consumer_offset: 10 last_time: ("0")
4! this is no queue with its offsets
"#,
    ],
    [
        "groups.json",
        r#"{"status":0,"data":[
{"group":"g","version":"V5_3_3","count":2,"consumeType":"CONSUME_PASSIVELY","messageModel":"CLUSTERING","consumeTps":10,"diffTotal":3},
{"group":"%SYS%TOOLS_CONSUMER","count":0,"consumeTps":0,"diffTotal":-1}],"errMsg":null}"#,
        r#"
the dashboard's list of groups (consumer/groupList.query)
2: GroupIs group: ("g") members: (2) consume_type: ("CONSUME_PASSIVELY") message_model: ("CLUSTERING") consume_tps: ("10") diff_total: (3)
3: GroupIs group: ("TOOLS_CONSUMER") members: (0) consume_tps: ("0")
"#,
    ],
    [
        "config.json",
        r#"{"status":0,"data":[{"clusterNameList":null,"brokerNameList":["broker-a","broker-b"],
"subscriptionGroupConfig":{"groupName":"g","consumeEnable":false}}],"errMsg":null}"#,
        r#"
the dashboard's configuration of a group (consumer/examineSubscriptionGroupConfig.query)
2: GroupAt group: "g" broker: Name("broker-a") consume_enable: (false)
2: GroupAt group: "g" broker: Name("broker-b") consume_enable: (false)
"#,
    ],
    [
        "stats.json",
        r#"{"status":0,"data":{"offsetTable":{
"MessageQueue [topic=orders, brokerName=broker-a, queueId=2]":{"minOffset":1,"maxOffset":9,"lastUpdateTimestamp":0},
"orders":{}}},"errMsg":null}"#,
        r#"
the dashboard's status of a topic (topic/stats.query)
2: QueueRange topic: ("orders") broker: "broker-a" queue: 2 min: 1 max: 9 last_updated: ("0")
3! this is no queue with its offsets
"#,
    ],
    [
        "topics.json",
        r#"{"status":0,"data":{"topicList":["orders",
"payments"],"brokerAddr":null},"errMsg":null}"#,
        r#"
the dashboard's list of topics (topic/list.query)
1: Topic topic: "orders"
2: Topic topic: "payments"
"#,
    ],
    [
        "cluster.json",
        r#"{"status":0,"data":{"clusterInfo":{"brokerAddrTable":{"broker-a":{"cluster":"c","brokerName":"broker-a",
"brokerAddrs":{"0":"10.0.0.1:10911"}}},"clusterAddrTable":{}},"brokerServer":{}},"errMsg":null}"#,
        r#"
the dashboard's list of clusters (cluster/list.query)
2: Broker cluster: ("c") name: "broker-a" id: (0) address: ("10.0.0.1:10911")
"#,
    ],
    [
        "failed.json",
        r#"{"status":-1,"data":null,"errMsg":"CODE: 206 the consumer group[g] not online"}"#,
        r#"
an answer of the dashboard
1! the dashboard refused: `CODE: 206 the consumer group[g] not online`
"#,
    ],
    [
        "running.json",
        r#"{"properties":{"consumerGroup":"g",
"consumeThreadMin":"20"},"subscriptionSet":[{"topic":"orders","subString":"*"}],
"mqTable":{{"brokerName":"broker-a","queueId":0,"topic":"orders"}:{"locked":true,"droped":false}}}"#,
        r#"
a client's running info (the dashboard's consumer/consumerRunningInfo.query)
1: ClientSetting group: ("g") key: "consumerGroup" value: "g"
2: ClientSetting group: ("g") key: "consumeThreadMin" value: "20"
2: Subscription group: ("g") topic: "orders" expression: "*"
1! this running info does not say whose it is; put the call above it, such as `mqadmin consumerStatus -g GROUP -i CLIENT_ID`
"#,
    ],
    [
        "metrics.txt",
        r#"# HELP rocketmq_group_diff GroupDiff
# TYPE rocketmq_group_diff gauge
rocketmq_group_diff{group="g",topic="orders",countOfOnlineConsumers="2",msgModel="1",} 1.878633E6
rocketmq_producer_offset{cluster="c",broker="broker-a",topic="orders",} 3843787.0
rocketmq_client_consume_rt{clientAddr="10.0.0.1:4000",clientId="10.0.0.1@7",group="g",topic="orders",} 1.5
rocketmq_client_consumer_pull_rt{clientAddr="10.0.0.1:4000",clientId="10.0.0.1@7",group="g",topic="orders",} 0.5
rocketmq_group_count{caddr="[10.0.0.1]",localaddr="x",group="g",} 2.0
rocketmq_broker_tps{cluster="c",brokerIP="10.0.0.9:10911",broker="broker-a",} 7.0
rocketmq_consumer_lag_messages{cluster="c",consumer_group="g",node_id="broker-a",topic="orders",} NaN
jvm_threads 4
rocketmq_group_diff{group="g
"#,
        r#"
metrics of the rocketmq-exporter or of a broker
3: Lag group: "g" topic: "orders" messages: 1878633
3: GroupIs group: ("g") members: (2) message_model: ("CLUSTERING")
4: Sent topic: "orders" broker: Name("broker-a") messages: 3843787
5: Member group: ("g") client_id: "10.0.0.1@7" address: ("10.0.0.1:4000")
7: GroupIs group: ("g") members: (2)
8: Broker cluster: ("c") name: "broker-a" address: ("10.0.0.9:10911")
9! `rocketmq_consumer_lag_messages` without its labels or a whole number
11! this line is no sample of a metric
"#,
    ],
];

#[test]
fn what_browsers_show() {
    check(TEXTS);
}
