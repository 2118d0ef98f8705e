//! What a line begins, by marks that only one kind of text has: where one text ends and the next begins.

use super::connection::is_counted_row;
use super::header::{Table, header};
use super::noise::{is_logged, is_noise};

/// What begins with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::import) enum Mark {
    /// A table, by its header.
    Table(Table),
    /// A row of `consumerConnection` before 4.9.3, or of `consumerStatus` before 4.9.4: a count and a client id.
    CountedClient,
    /// `get consumer status from client.`, before its table.
    GetConsumerStatus,
    /// A part of `consumerStatus -i`; whether its first.
    RunningInfo(bool),
    /// `======10.0.0.1:10911======`.
    Banner,
    /// A row of `brokerStatus`.
    BrokerStatus,
    /// JSON.
    Json,
    /// A line of a log.
    Log,
}

/// The headlines of `ConsumerRunningInfo.formatString`.
const PARTS: [&str; 8] = [
    "#Consumer Properties#",
    "#Consumer Subscription#",
    "#Consumer Offset#",
    "#Consumer MQ Detail#",
    "#Consumer Pop Detail#",
    "#Consumer RT&TPS#",
    "#User Consume Info#",
    "#Consumer jstack#",
];

/// Which headline of a client's running info a line is, from 0.
pub(super) fn running_info_part(line: &str) -> Option<usize> {
    let line = line.trim();
    PARTS.iter().position(|part| *part == line)
}

/// What stands between the signs of a banner: `10.0.0.1:10911`, `Master: 10.0.0.1:10911`.
pub(super) fn banner(line: &str) -> Option<&str> {
    let line = line.trim();
    let said = line.trim_matches('=').trim();
    (!said.is_empty() && line.starts_with("=====") && line.ends_with("=====")).then_some(said)
}

/// Keys that only `brokerStatus` prints (`AdminBrokerProcessor.prepareRuntimeInfo`), some of them in each version.
const STATUS: [&str; 10] = [
    "EndTransactionQueueSize",
    "EndTransactionThreadPoolQueueCapacity",
    "bootTimestamp",
    "brokerActive",
    "brokerVersion",
    "brokerVersionDesc",
    "commitLogDirCapacity",
    "commitLogDiskRatio",
    "earliestMessageTimeStamp",
    "msgPutTotalTodayNow",
];

/// The address where one stands, key and value of a row `[address] key   : value`.
pub(super) fn status_row(line: &str) -> Option<(Option<&str>, &str, &str)> {
    let (before, value) = line.split_once(": ").or_else(|| Some((line.trim_end().strip_suffix(':')?, "")))?;
    let words: Vec<&str> = before.split_whitespace().collect();
    match words[..] {
        [key] => Some((None, key, value.trim())),
        [address, key] if super::is_address(address) => Some((Some(address), key, value.trim())),
        _ => None,
    }
}

/// What a line begins; `None`: it is one among others.
pub(in crate::import) fn mark(line: &str) -> Option<Mark> {
    // All but logs and rows begin with a sign of their own; most lines need one look only.
    match line.as_bytes().first()? {
        b'#' => match running_info_part(line) {
            Some(part) => Some(Mark::RunningInfo(part == 0)),
            None => header(line).map(Mark::Table),
        },
        b'=' => banner(line).map(|_| Mark::Banner),
        // A template's `{{` begins no JSON, nor does a prompt's `[`.
        b'{' if !line.starts_with("{{") => Some(Mark::Json),
        b'[' if line.trim() == "[" || line.starts_with("[{") => Some(Mark::Json),
        b'0'..=b'9' if is_logged(line) => Some(Mark::Log),
        b'0'..=b'9' if is_counted_row(line) => Some(Mark::CountedClient),
        _ if line.starts_with("get consumer status from client.") => Some(Mark::GetConsumerStatus),
        _ if is_noise(line) => None,
        _ => {
            let (_, key, _) = status_row(line)?;
            STATUS.contains(&key).then_some(Mark::BrokerStatus)
        }
    }
}

impl Mark {
    /// Whether what begins with `next` belongs to the text that began with this.
    pub(in crate::import) fn goes_on(self, next: Self) -> bool {
        match (self, next) {
            (Self::RunningInfo(_), Self::RunningInfo(first)) => !first,
            (Self::RunningInfo(_), Self::Table(Table::RunningInfo)) => true,
            // The headline is cut off, or one table of it alone is left.
            (Self::Table(Table::RunningInfo), Self::RunningInfo(false) | Self::Table(Table::RunningInfo)) => true,
            (Self::Table(Table::ConsumerConnection), Self::CountedClient | Self::Table(Table::Subscriptions)) => true,
            (Self::CountedClient, Self::Table(Table::Subscriptions)) => true,
            (Self::Table(Table::Subscriptions | Table::ConsumerStatus), Self::CountedClient) => true,
            (Self::GetConsumerStatus, Self::Table(Table::GetConsumerStatus)) => true,
            (Self::Table(_) | Self::GetConsumerStatus | Self::RunningInfo(_), _) => false,
            // A message of a log may have lines of its own.
            (Self::Log, Self::Json | Self::Banner | Self::BrokerStatus) => true,
            _ => self == next,
        }
    }
}
