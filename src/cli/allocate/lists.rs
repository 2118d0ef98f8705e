//! Lists of queues and client ids, one a line, as people write them and as `mqadmin` prints them.

use crate::strategy::{ClientId, MessageQueue};

/// A line that says nothing that is looked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: `{text}` is no {expected}")]
pub(super) struct ListError {
    line: usize,
    text: String,
    expected: &'static str,
}

const QUEUE: &str = "queue; write topic/broker/queueId, or columns topic, broker, queueId (further ones are ignored)";
const QUEUE_OF_TOPIC: &str = "queue; write topic/broker/queueId, or columns topic, broker, queueId, or broker, queueId (further ones are ignored)";
const ID: &str = "client id; write one id a line";

/// Lines under the tables of `mqadmin consumerProgress`.
const TOTALS: [&str; 3] = ["Consume TPS:", "Consume Inflight Total:", "Diff Total:"];

/// The line under which `mqadmin consumerConnection` goes on with something else.
const SUBSCRIPTION: &str = "Below is subscription:";

/// The lines that count, with their numbers: no blank ones, no comments or headers, which begin with `#`.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    (1..).zip(text.lines().map(str::trim)).filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
}

fn error(line: usize, text: &str, expected: &'static str) -> ListError {
    let shown: String = text.chars().take(80).collect();
    ListError { line, text: shown, expected }
}

/// The queues of a list. A line without a topic belongs to `topic`.
pub(super) fn queues(text: &str, topic: Option<&str>) -> Result<Vec<MessageQueue>, ListError> {
    let lines = lines(text).filter(|(_, line)| !TOTALS.iter().any(|total| line.starts_with(total)));
    let expected = if topic.is_some() { QUEUE_OF_TOPIC } else { QUEUE };
    let mut queues = Vec::new();
    for (number, line) in lines {
        let columns: Vec<&str> =
            line.split(|c: char| c.is_whitespace() || c == ',').filter(|column| !column.is_empty()).collect();
        // The header of our own tables.
        if columns.starts_with(&["topic", "broker"]) {
            continue;
        }
        queues.push(queue(&columns, topic).ok_or_else(|| error(number, line, expected))?);
    }
    Ok(queues)
}

fn queue(columns: &[&str], topic: Option<&str>) -> Option<MessageQueue> {
    if let [one] = columns {
        let mut parts = one.split('/');
        let (topic, broker, id) = (parts.next()?, parts.next()?, number(parts.next()?)?);
        let whole = parts.next().is_none() && !topic.is_empty() && !broker.is_empty();
        return whole.then(|| MessageQueue::new(topic, broker, id));
    }
    let id = |column: usize| columns.get(column).and_then(|text| number(text));
    match (topic, id(1), id(2)) {
        // With a number in both places it is mqadmin's topicStatus, unless the topic itself stands in front.
        (Some(topic), Some(id), other) if other.is_none() || columns[0] != topic => {
            Some(MessageQueue::new(topic, columns[0], id))
        }
        (_, _, Some(id)) => Some(MessageQueue::new(columns[0], columns[1], id)),
        _ => None,
    }
}

/// A queue id: 0 or more.
fn number(text: &str) -> Option<i32> {
    text.parse().ok().filter(|id| *id >= 0)
}

/// The client ids of a list: the first column, or the second where the first counts the lines, as `mqadmin
/// consumerConnection` does (`001  10.0.0.1@7#...  10.0.0.1:51234  JAVA  V5_3_3`).
pub(super) fn ids(text: &str) -> Result<Vec<ClientId>, ListError> {
    let mut ids = Vec::new();
    for (number, line) in lines(text).take_while(|(_, line)| !line.starts_with(SUBSCRIPTION)) {
        let mut columns = line.split_whitespace();
        let first = columns.next().expect("the line is not blank");
        let counted = first.len() >= 3 && first.parse() == Ok(ids.len() + 1);
        let id = columns.next().filter(|_| counted).unwrap_or(first);
        // Several ids in a line would be taken for one, or all but the first be lost.
        if id.contains(',') {
            return Err(error(number, line, ID));
        }
        ids.push(id.into());
    }
    Ok(ids)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, topic: Option<&str>) -> Result<String, String> {
        let queues = queues(text, topic).map_err(|error| error.to_string())?;
        Ok(queues.iter().map(MessageQueue::to_string).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn queues_come_in_several_shapes() {
        let progress = "#Topic  #Broker Name  #QID  #Broker Offset  #Consumer Offset  #Client IP  #Diff  #LastTime\n\
            %RETRY%g  broker-a  0  0  0  10.0.0.1  0  1970-01-01 00:00:00\n\
            T         broker-a  3  9  7  NA        2  2024-05-01 10:00:00\n\
            \nConsume TPS: 0.00\nConsume Inflight Total: 0\nDiff Total: 2\n";
        let status = "#Broker Name  #QID  #Min Offset  #Max Offset  #Last Updated\nbroker-a  0  0  10  2024-05-01\n";
        for (text, topic, expected) in [
            ("T/b/0\n\n# more\r\nT/b/1\r\n", None, "T/b/0 T/b/1"),
            ("\u{feff}T b 0 whatever\nT\tb\t1\n", None, "T/b/0 T/b/1"),
            ("topic,broker,queue_id,owners\nT,b,0,c1\n", None, "T/b/0"),
            (progress, None, "%RETRY%g/broker-a/0 T/broker-a/3"),
            (progress, Some("T"), "%RETRY%g/broker-a/0 T/broker-a/3"),
            (status, Some("T"), "T/broker-a/0"),
            ("b 0\nT 7 1\nT b 2\n", Some("T"), "T/b/0 T/7/1 T/b/2"),
            ("", None, ""),
        ] {
            assert_eq!(read(text, topic).as_deref(), Ok(expected), "{text}");
        }
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
        ] {
            let said = read(text, topic).unwrap_err();
            assert!(said.starts_with(&format!("line {line}: `")) && said.contains("topic/broker/queueId"), "{said}");
        }
    }

    #[test]
    fn ids_stand_alone_or_in_a_table() {
        let connections = "001  10.0.0.1@7#1  10.0.0.1:5000  JAVA  V5_3_3\n002  10.0.0.2@7#2  10.0.0.2:5000  JAVA  V5_3_3\n\
            \nBelow is subscription:\n001  Topic: T  SubExpression: *\n\nConsumeType: CONSUME_PASSIVELY\n";
        for (text, expected) in [
            ("c1\nc2\nc1\n", "c1 c2 c1"),
            ("# ids\n c1 \r\n\r\nc2", "c1 c2"),
            (connections, "10.0.0.1@7#1 10.0.0.2@7#2"),
            ("#ClientId  #ClientAddr\n10.0.0.1@7  10.0.0.1:5000  JAVA\n", "10.0.0.1@7"),
            ("001\n002\n", "001 002"),
            ("", ""),
        ] {
            assert_eq!(ids(text).unwrap().join(" "), expected, "{text}");
        }
        let said = ids("c1\nc2,c3\n").unwrap_err().to_string();
        assert_eq!(said, "line 2: `c2,c3` is no client id; write one id a line");
    }
}
