//! Lists in all their shapes, and what is no list.

use super::{members, queues};
use crate::strategy::MessageQueue;

fn read(text: &str, topic: Option<&str>) -> Result<String, String> {
    let list = queues(text, topic).map_err(|error| error.to_string())?;
    Ok(list.queues.iter().map(MessageQueue::to_string).collect::<Vec<_>>().join(" "))
}

fn ids(text: &str) -> Result<String, String> {
    let list = members(text).map_err(|error| error.to_string())?;
    Ok(list.ids.join(" ") + if list.broadcasting { " broadcasting" } else { "" })
}

#[test]
fn queues_come_in_several_shapes() {
    let progress = "#Topic  #Broker Name  #QID  #Broker Offset  #Consumer Offset  #Client IP  #Diff  #LastTime\n\
        %RETRY%g  broker-a  0  0  0  10.0.0.1  0  1970-01-01 00:00:00\n\
        T         broker-a  3  9  7  NA        2  2024-05-01 10:00:00\n\
        \nConsume TPS: 0.00\nConsume Inflight Total: 0\nDiff Total: 2\n";
    let noisy = format!("Some JVM says something odd 1 2 3\n{progress}");
    let status = "#Broker Name  #QID  #Min Offset  #Max Offset  #Last Updated\nbroker-a  0  0  10  2024-05-01\n";
    for (text, topic, expected) in [
        ("T/b/0\n\n# more\r\nT/b/1\r\n", None, "T/b/0 T/b/1"),
        ("\u{feff}T b 0 whatever\nT\tb\t1\n", None, "T/b/0 T/b/1"),
        ("topic,broker,queue_id,owners\nT,b,0,c1\n", None, "T/b/0"),
        (progress, None, "%RETRY%g/broker-a/0 T/broker-a/3"),
        (progress, Some("T"), "%RETRY%g/broker-a/0 T/broker-a/3"),
        (noisy.as_str(), None, "%RETRY%g/broker-a/0 T/broker-a/3"),
        (status, Some("T"), "T/broker-a/0"),
        // Without the header the columns decide; with it the header does.
        ("broker-a  0  0  10  2024-05-01\n", Some("T"), "T/broker-a/0"),
        ("b 0\nT 7 1\nT b 2\n", Some("T"), "T/b/0 T/7/1 T/b/2"),
        (&status.replace("broker-a", "T"), Some("T"), "T/T/0"),
        ("", None, ""),
    ] {
        assert_eq!(read(text, topic).as_deref(), Ok(expected), "{text}");
    }
    assert!(queues(status, Some("T")).unwrap().of_topic_status && !queues(progress, None).unwrap().of_topic_status);
}

#[test]
fn what_is_no_queue_is_named_with_its_line() {
    for (text, topic, line) in [
        ("T/b/0\nT/b\n", None, 2),
        ("T/b/x", None, 1),
        ("T/b/-1", None, 1),
        ("T/b/0/1", None, 1),
        ("/b/0", None, 1),
        ("T b", None, 1),
        ("\nb 0\n", None, 2),
        ("b x", Some("T"), 1),
        ("T b 3000000000", None, 1),
        // The topic is missing: b, 0 and 0 are no topic, broker and queue.
        ("b 0 0 10 2024-05-01\n", None, 1),
        ("T/b/0\nConsume TPS: 0.1\n", None, 2),
    ] {
        let said = read(text, topic).unwrap_err();
        assert!(said.starts_with(&format!("line {line}: `")) && said.contains("topic/broker/queueId"), "{said}");
    }
    let header = "#Topic #Broker Name #QID #Broker Offset #Consumer Offset #Diff #LastTime\n";
    for (text, line) in [("T b 0\n", 2), ("T b 0 1 1 0 N/A\nT b 1 NA 0 0\n", 3), ("T b 0 1 1 0 N/A\nWhat: 1\n", 3)] {
        let said = read(&format!("{header}{text}"), None).unwrap_err();
        assert!(said.starts_with(&format!("line {line}: `")) && said.contains("the header promises"), "{said}");
    }
    let said = read("#Broker Name #QID #Min Offset #Max Offset #Last Updated\nb 0 0 2\n", None).unwrap_err();
    assert!(said.contains("give one --topic"), "{said}");
}

#[test]
fn ids_stand_alone_or_in_a_table() {
    let connections = "001  10.0.0.1@7#1  10.0.0.1:5000  JAVA  V5_3_3\n002  10.0.0.2@7#2  10.0.0.2:5000  JAVA  V5_3_3\n\
        \nBelow is subscription:\n001  Topic: T  SubExpression: *\n\nConsumeType: CONSUME_PASSIVELY\n";
    let broadcasting = format!("{connections}MessageModel: BROADCASTING\n");
    let noisy = format!("NOTE: a JVM warns of 3 things\nPicked up JAVA_TOOL_OPTIONS: -Xmx1g\n{connections}");
    for (text, expected) in [
        ("c1\nc2\nc1\n", "c1 c2 c1"),
        ("# ids\n c1 \r\n\r\nc2", "c1 c2"),
        ("Picked up _JAVA_OPTIONS: -Xmx1g\n[0.004s][warning][gc] -XX:+PrintGC is deprecated.\nc1\n", "c1"),
        (connections, "10.0.0.1@7#1 10.0.0.2@7#2"),
        (&noisy, "10.0.0.1@7#1 10.0.0.2@7#2"),
        (&broadcasting, "10.0.0.1@7#1 10.0.0.2@7#2 broadcasting"),
        ("#ClientId  #ClientAddr\n10.0.0.1@7  10.0.0.1:5000  JAVA\n", "10.0.0.1@7"),
        ("001\n002\n", "001 002"),
        ("", ""),
    ] {
        assert_eq!(ids(text).as_deref(), Ok(expected), "{text}");
    }
}

#[test]
fn what_is_no_member_is_named_with_its_line() {
    let row = "001  10.0.0.1@7#1  10.0.0.1:5000  JAVA  V5_3_3\n";
    for (text, line, what) in [
        ("c1\nc2,c3\n".to_owned(), 2, "client id; write one id a line"),
        ("c1\nc2 c3\n".to_owned(), 2, "client id; write one id a line"),
        ("Unknown VM warning of a kind\n".to_owned(), 1, "client id; write one id a line"),
        (format!("{row}what is this\n"), 2, "row of `mqadmin consumerConnection`"),
        (format!("{row}c2\n"), 2, "row of `mqadmin consumerConnection`"),
        (format!("{row}Below is subscription:\nMessageModel: ALL\n"), 3, "message model"),
    ] {
        let said = ids(&text).unwrap_err();
        assert!(said.starts_with(&format!("line {line}: `")) && said.contains(what), "{said}");
    }
}
