//! A small file of each kind and version, and what is known after it was read.

use super::super::section::Input;
use super::super::{Evidence, read};

/// Name, text, and what is read of it.
pub(in crate::import) const TEXTS: &[[&str; 3]] = &[
    [
        "consumerOffset.json",
        r#"{
	"dataVersion":{
		"counter":2,
		"stateVersion":0,
		"timestamp":1
	},
	"groupTopicMap":{},
	"offsetTable":{
		"orders@g":{0:5,1:7
		},
		"%RETRY%g@g":{0:0,},
		"odd":{0:1}
	}
}"#,
        r#"
a broker's consumerOffset.json
9: Committed broker: OfThisFolder group: ("g") topic: "orders" queue: 0 offset: 5
9: Committed broker: OfThisFolder group: ("g") topic: "orders" queue: 1 offset: 7
11: Committed broker: OfThisFolder group: ("g") topic: "%RETRY%g" queue: 0 offset: 0
12! `odd` is no TOPIC@GROUP
"#,
    ],
    [
        "consumerOffset.json.bak",
        r#"{"offsetTable":{"orders@g":{"0":"5",x:1},
"orders@g":{0:6}}}"#,
        r#"
a broker's consumerOffset.json
2: Committed broker: OfThisFolder group: ("g") topic: "orders" queue: 0 offset: 6
1! `orders@g` stands twice, again further down; Java keeps the last
"#,
    ],
    [
        "offsets.json",
        r#"{
	"offsetTable":{{
			"brokerName":"broker-a",
			"queueId":3,
			"topic":"orders"
		}:42
	}
}"#,
        r#"
a client's offsets.json
2: Committed broker: OfThisFolder topic: "orders" queue_broker: ("broker-a") queue: 3 offset: 42
"#,
    ],
    [
        "offsets.json",
        r#"{"offsetTable":{"{\"topic\":\"orders\",\"brokerName\":\"broker-a\",\"queueId\":1}":7,
"bad":1}}"#,
        r#"
a client's offsets.json
1: Committed broker: OfThisFolder topic: "orders" queue_broker: ("broker-a") queue: 1 offset: 7
2! this is no queue with an offset
"#,
    ],
    [
        "delayOffset.json",
        r#"{
	"dataVersion":{"counter":1},
	"offsetTable":{1:12,18:0
	}
}"#,
        r#"
a broker's delayOffset.json
3: DelayedUpTo broker: OfThisFolder level: 1 offset: 12
3: DelayedUpTo broker: OfThisFolder level: 18 offset: 0
"#,
    ],
    [
        "topics.json",
        r#"{
	"dataVersion":{"counter":1},
	"topicConfigTable":{
		"orders":{
			"attributes":{},
			"order":false,
			"perm":6,
			"readQueueNums":8,
			"topicFilterType":"SINGLE_TAG",
			"topicName":"orders",
			"topicSysFlag":0,
			"writeQueueNums":4
		},
		"old":{"perm":6}
	}
}"#,
        r#"
a broker's topics.json
4: TopicAt topic: "orders" broker: OfThisFolder read_queues: (8) write_queues: (4) perm: (6)
14: TopicAt topic: "old" broker: OfThisFolder perm: (6)
14! `old` has no readQueueNums
"#,
    ],
    [
        "subscriptionGroup.json",
        r#"{"dataVersion":{"counter":3},"forbiddenTable":{},"subscriptionGroupTable":{
"g":{"brokerId":0,"consumeBroadcastEnable":false,"consumeEnable":true,"consumeFromMinEnable":true,"consumeMessageOrderly":true,
"groupName":"g","notifyConsumerIdsChangedEnable":false,"retryMaxTimes":16,"retryQueueNums":1,
"subscriptionDataSet":[{"expression":"a||b","expressionType":"TAG","topic":"orders","version":1}]}}}"#,
        r#"
a broker's subscriptionGroup.json
2: GroupAt group: "g" broker: OfThisFolder consume_enable: (true) consume_broadcast_enable: (false) retry_queue_nums: (1) retry_max_times: (16) consume_message_orderly: (true)
2: GroupSetting group: "g" broker: OfThisFolder key: "consumeFromMinEnable" value: "true"
3: GroupSetting group: "g" broker: OfThisFolder key: "notifyConsumerIdsChangedEnable" value: "false"
4: Subscription group: ("g") topic: "orders" expression: "a||b"
"#,
    ],
    [
        "messageRequestMode.json",
        r#"{"messageRequestModeMap":{"orders":{
"g":{"consumerGroup":"g","mode":"POP","popShareQueueNum":-1,"topic":"orders"},
"h":{}}}}"#,
        r#"
a broker's messageRequestMode.json
2: RequestMode broker: OfThisFolder topic: "orders" group: "g" mode: "POP" pop_share_queue_num: (-1)
3! `h` has no mode
"#,
    ],
    [
        "topicQueueMapping.json",
        r#"{"dataVersion":{},"topicQueueMappingInfoMap":{
"static":{"bname":"broker-a","currIdMap":{0:0},"epoch":1}}}"#,
        r#"
a broker's topicQueueMapping.json
2: Topic topic: "static"
2! a static topic: its queues are logical, and which broker has which is not read
"#,
    ],
    [
        "consumerOrderInfo.json",
        r#"{"table":{"orders@g":{0:{}}}}"#,
        r#"
a file of a broker or a name server that tells of no queue's owner
1! a broker's consumerOrderInfo.json is known, and nothing of it is read
"#,
    ],
    [
        "x.json",
        r#"{"a":1}"#,
        r#"
JSON of no kind that is known, or damaged
1! this JSON is of no kind that is known
"#,
    ],
    [
        "topics.json",
        r#"{"topicConfigTable":{"orders":{"readQueueNums":4}"#,
        r#"
JSON of no kind that is known, or damaged
1! expected "," or "}", found the end of the file; what follows is not read
"#,
    ],
    [
        "-",
        r#"OpenJDK 64-Bit Server VM warning: x
{"offsetTable":{"orders@g":{0:5}}}
what is this
{"messageRequestModeMap":{"orders":{"g":{"mode":"PULL"}}}}
"#,
        r#"
a broker's consumerOffset.json
a broker's messageRequestMode.json
2: Committed broker: OfThisFolder group: ("g") topic: "orders" queue: 0 offset: 5
4: RequestMode broker: OfThisFolder topic: "orders" group: "g" mode: "PULL"
3! nothing that is known
"#,
    ],
];

/// What was read of a text: what it was taken for, each fact with its line, each note with its line. A fact is told without
/// what its line does not say.
fn told(read: &Evidence) -> String {
    let mut lines: Vec<String> = read.recognised.iter().map(|what| what.what.to_owned()).collect();
    lines.extend(read.facts.iter().map(|sighted| {
        let fact = format!("{:?}", sighted.fact).replace("Some(", "(");
        let (kind, fields) = fact.split_once(" { ").unwrap_or((&fact, "}"));
        let fields = fields.trim_end_matches([' ', '}']).split(", ").filter(|field| !field.ends_with(": None"));
        format!("{}: {kind} {}", sighted.place.line, fields.collect::<Vec<_>>().join(" "))
    }));
    lines.extend(read.notes.iter().map(|note| format!("{}! {}", note.place.line, note.what)));
    lines.join("\n")
}

/// Reads each text, and shows what was read where it is not what is written.
#[track_caller]
pub(in crate::import) fn check(texts: &[[&str; 3]]) {
    let mut differ = String::new();
    for [name, text, expected] in texts {
        let told = told(&read(&[Input { name: (*name).to_owned(), text: (*text).to_owned() }]));
        if told != expected.trim() {
            differ += &format!("{name} reads as\n<<<\n{told}\n>>>\n");
        }
    }
    assert!(differ.is_empty(), "{differ}");
}

#[test]
fn files_of_disks() {
    check(TEXTS);
}
