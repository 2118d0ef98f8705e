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

"#,
    ],
    [
        "consumerOffset.json.bak",
        r#"{"offsetTable":{"orders@g":{"0":"5",x:1},
"orders@g":{0:6}}}"#,
        r#"

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

"#,
    ],
    [
        "offsets.json",
        r#"{"offsetTable":{"{\"topic\":\"orders\",\"brokerName\":\"broker-a\",\"queueId\":1}":7,
"bad":1}}"#,
        r#"

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

"#,
    ],
    [
        "subscriptionGroup.json",
        r#"{"dataVersion":{"counter":3},"forbiddenTable":{},"subscriptionGroupTable":{
"g":{"brokerId":0,"consumeBroadcastEnable":false,"consumeEnable":true,"consumeFromMinEnable":true,"consumeMessageOrderly":true,
"groupName":"g","notifyConsumerIdsChangedEnable":false,"retryMaxTimes":16,"retryQueueNums":1,
"subscriptionDataSet":[{"expression":"a||b","expressionType":"TAG","topic":"orders","version":1}]}}}"#,
        r#"

"#,
    ],
    [
        "messageRequestMode.json",
        r#"{"messageRequestModeMap":{"orders":{
"g":{"consumerGroup":"g","mode":"POP","popShareQueueNum":-1,"topic":"orders"},
"h":{}}}}"#,
        r#"

"#,
    ],
    [
        "topicQueueMapping.json",
        r#"{"dataVersion":{},"topicQueueMappingInfoMap":{
"static":{"bname":"broker-a","currIdMap":{0:0},"epoch":1}}}"#,
        r#"

"#,
    ],
    [
        "consumerOrderInfo.json",
        r#"{"table":{"orders@g":{0:{}}}}"#,
        r#"

"#,
    ],
    [
        "x.json",
        r#"{"a":1}"#,
        r#"

"#,
    ],
    [
        "topics.json",
        r#"{"topicConfigTable":{"orders":{"readQueueNums":4}"#,
        r#"

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
