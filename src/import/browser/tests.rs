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

"#,
    ],
    [
        "clients.json",
        r#"{"status":0,"data":{"connectionSet":[
{"clientId":"10.0.0.1@7#1","clientAddr":"10.0.0.1:4000","language":"JAVA","version":453,"versionDesc":"V5_3_3"},
{"clientId":"none"}],
"subscriptionTable":{"orders":{"topic":"orders","subString":"*"}},"consumeType":"CONSUME_PASSIVELY","messageModel":"CLUSTERING","consumeFromWhere":"CONSUME_FROM_LAST_OFFSET"},"errMsg":null}"#,
        r#"

"#,
    ],
    [
        "progress.json",
        r#"{"status":0,"data":[{"topic":"orders","diffTotal":3,"lastTimestamp":0,"queueStatInfoList":[
{"brokerName":"broker-a","queueId":0,"brokerOffset":10,"consumerOffset":7,"clientInfo":"10.0.0.1@7#1","lastTimestamp":1700000000000},
{"brokerName":"broker-a","queueId":1,"brokerOffset":10,"consumerOffset":10,"clientInfo":null,"lastTimestamp":0},
{"brokerName":"broker-a"}]}],"errMsg":null}"#,
        r#"

"#,
    ],
    [
        "by_group.json",
        r#"{"status":0,"data":{"g":{"topic":"orders","diffTotal":3,"lastTimestamp":0,"queueStatInfoList":[
{"brokerName":"broker-a","queueId":0,"brokerOffset":10,"consumerOffset":7,"clientInfo":"10.0.0.1@7#1","lastTimestamp":1700000000000},
{"brokerName":"broker-a","queueId":1,"brokerOffset":10,"consumerOffset":10,"clientInfo":null,"lastTimestamp":0},
{"brokerName":"broker-a"}]}},"errMsg":null}"#,
        r#"

"#,
    ],
    [
        "groups.json",
        r#"{"status":0,"data":[
{"group":"g","version":"V5_3_3","count":2,"consumeType":"CONSUME_PASSIVELY","messageModel":"CLUSTERING","consumeTps":10,"diffTotal":3},
{"group":"%SYS%TOOLS_CONSUMER","count":0,"consumeTps":0,"diffTotal":-1}],"errMsg":null}"#,
        r#"

"#,
    ],
    [
        "config.json",
        r#"{"status":0,"data":[{"clusterNameList":null,"brokerNameList":["broker-a","broker-b"],
"subscriptionGroupConfig":{"groupName":"g","consumeEnable":false}}],"errMsg":null}"#,
        r#"

"#,
    ],
    [
        "stats.json",
        r#"{"status":0,"data":{"offsetTable":{
"MessageQueue [topic=orders, brokerName=broker-a, queueId=2]":{"minOffset":1,"maxOffset":9,"lastUpdateTimestamp":0},
"orders":{}}},"errMsg":null}"#,
        r#"

"#,
    ],
    [
        "topics.json",
        r#"{"status":0,"data":{"topicList":["orders",
"payments"],"brokerAddr":null},"errMsg":null}"#,
        r#"

"#,
    ],
    [
        "cluster.json",
        r#"{"status":0,"data":{"clusterInfo":{"brokerAddrTable":{"broker-a":{"cluster":"c","brokerName":"broker-a",
"brokerAddrs":{"0":"10.0.0.1:10911"}}},"clusterAddrTable":{}},"brokerServer":{}},"errMsg":null}"#,
        r#"

"#,
    ],
    [
        "failed.json",
        r#"{"status":-1,"data":null,"errMsg":"CODE: 206 the consumer group[g] not online"}"#,
        r#"

"#,
    ],
    [
        "running.json",
        r#"{"properties":{"consumerGroup":"g",
"consumeThreadMin":"20"},"subscriptionSet":[{"topic":"orders","subString":"*"}],
"mqTable":{{"brokerName":"broker-a","queueId":0,"topic":"orders"}:{"locked":true,"droped":false}}}"#,
        r#"

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

"#,
    ],
];

#[test]
fn what_browsers_show() {
    check(TEXTS);
}
