//! What a text is, by the marks that only it has.

use std::fmt;

use super::lines::numbered;
use crate::import::tables::{self, is_address, is_logged, is_noise};

/// What RocketMQ's tools print and its processes write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `mqadmin NAME`.
    Output(&'static str),
    /// A file of a broker or client.
    File(&'static str),
    /// A file of this program.
    Ours(&'static str),
    /// A log.
    Log,
    /// What `mqadmin` says where it fails.
    Failure,
    /// JSON of another sort.
    Json,
}

impl Kind {
    /// What holds offsets, of a client or a broker.
    pub const OFFSETS: &'static str = "file of offsets";
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Output(OTHER) => f.write_str("the output of another command of `mqadmin`"),
            Self::Output(command) => write!(f, "the output of `mqadmin {command}`"),
            Self::File(name) => write!(f, "RocketMQ's {name}"),
            Self::Ours(name) => write!(f, "{name}"),
            Self::Log => f.write_str("a log"),
            Self::Failure => f.write_str("what `mqadmin` says where it fails"),
            Self::Json => f.write_str("JSON"),
        }
    }
}

/// Keys of JSON that say what it is.
const KEYS: &[(&str, Kind)] = &[
    ("\"queueDatas\"", Kind::Output("topicRoute")),
    ("\"brokerDatas\"", Kind::Output("topicRoute")),
    ("\"subscriptionGroupTable\"", Kind::File("subscriptionGroup.json")),
    ("\"topicConfigTable\"", Kind::File("topics.json")),
    ("\"topicQueueMappingInfoMap\"", Kind::File("topicQueueMapping.json")),
    ("\"offsetTable\"", Kind::File(Kind::OFFSETS)),
    ("\"consumerTable\"", Kind::Output("producer")),
];

/// Of a table that is none of those.
const OTHER: &str = "";

/// The command whose header a line is.
pub(super) fn header(line: &str) -> Option<&'static str> {
    tables::header(line).map(tables::Table::command)
}

/// What a text is; `None`: nothing that is known.
#[must_use]
pub fn kind(text: &str) -> Option<Kind> {
    if let Some(name) = numbered(text).find_map(|(_, line)| header(line)) {
        return Some(Kind::Output(name));
    }
    let lines = || numbered(text).map(|(_, line)| line).filter(|line| !is_noise(line));
    let table = |line: &str| line.starts_with("[[") && line.ends_with("]]") && line.as_bytes()[2].is_ascii_alphabetic();
    if lines().any(|line| table(line) || line.starts_with("title = ")) {
        return Some(Kind::Ours("a scenario"));
    }
    let first = lines().find(|line| !line.starts_with('#'))?;
    if first.starts_with(['{', '[']) && first.as_bytes().get(1).is_none_or(|next| b" \t\"{[]}0123456789".contains(next))
    {
        return Some(KEYS.iter().find(|(key, _)| text.contains(key)).map_or(Kind::Json, |(_, kind)| *kind));
    }
    if lines().any(|line| line.contains("SubCommandException") || line.contains("MQClientException")) {
        return Some(Kind::Failure);
    }
    if lines().any(is_logged) {
        return Some(Kind::Log);
    }
    if lines().any(|line| line.starts_with("====") && line.ends_with("====")) {
        return Some(Kind::Output("getBrokerConfig"));
    }
    if lines().any(|line| ["namesrvAddr", "brokerRole", "brokerClusterName"].iter().any(|key| sets(line, key))) {
        return Some(Kind::File("broker.conf"));
    }
    lines().find_map(row_without_header)
}

/// Whether a line gives this key a value.
fn sets(line: &str, key: &str) -> bool {
    line.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with(['=', ':']))
}

/// A row of a table whose header was cut off.
fn row_without_header(line: &str) -> Option<Kind> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let number = |at: usize| words.get(at).is_some_and(|word: &&str| word.parse::<u32>().is_ok());
    let address = |at: usize| words.get(at).is_some_and(|word: &&str| is_address(word));
    if number(2) && address(3) {
        return Some(Kind::Output("clusterList"));
    }
    if address(1) || number(0) && address(2) {
        return Some(Kind::Output("consumerConnection"));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_rocketmq_prints_and_writes_is_known_by_its_marks() {
        for (text, expected) in [
            ("#Cluster Name  #Broker Name  #BID  #Addr\nc b 0 1.1.1.1:9\n", "the output of `mqadmin clusterList`"),
            ("c b 0 1.1.1.1:9\n", "the output of `mqadmin clusterList`"),
            ("#Cluster Name #Broker Name #InTotalYest\n", "the output of `mqadmin clusterList -m`"),
            ("#Group  #Count  #Version\ng 3 V5\n", "the output of `mqadmin consumerProgress without -g`"),
            ("noise\n#Topic #Broker Name #QID #Consumer Offset #Diff\n", "the output of `mqadmin consumerProgress`"),
            ("001 a@1 1.1.1.1:9 JAVA V3\n", "the output of `mqadmin consumerConnection`"),
            ("{\n\t\"brokerDatas\":[]}", "the output of `mqadmin topicRoute`"),
            ("{\"subscriptionGroupTable\":{}}", "RocketMQ's subscriptionGroup.json"),
            ("{\"topicConfigTable\":{}}", "RocketMQ's topics.json"),
            ("{}", "JSON"),
            ("2024-10-16 20:40:50,976 INFO [x] - y\n", "a log"),
            ("#SlaveAddr #SlaveAckOffset\n", "the output of another command of `mqadmin`"),
            ("#Broker Name #QID #Send Result #RT\nb 0 true 3\n", "the output of another command of `mqadmin`"),
            ("====10.0.0.1:10911====\na = b\n", "the output of `mqadmin getBrokerConfig`"),
            ("title = \"x\"\n", "a scenario"),
            ("brokerRole = SLAVE\n", "RocketMQ's broker.conf"),
            ("org.apache.rocketmq.tools.command.SubCommandException: x\n", "what `mqadmin` says where it fails"),
        ] {
            assert_eq!(kind(text).map(|kind| kind.to_string()).as_deref(), Some(expected), "{text}");
        }
        for text in ["", "T/b/0\n", "c1\nc2\n", "# ids\nc1\n", "T b 0\n"] {
            assert_eq!(kind(text), None, "{text}");
        }
    }
}
