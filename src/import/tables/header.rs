//! The headers of tables, by which most outputs are known.

/// A table that `mqadmin` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    /// `brokerConsumeStats`.
    BrokerConsumeStats,
    /// `consumerProgress -g`.
    ConsumerProgress,
    /// `topicStatus`.
    TopicStatus,
    /// `consumerConnection` from 4.9.3 on.
    ConsumerConnection,
    /// The second table of `consumerConnection`.
    Subscriptions,
    /// `clusterList`.
    ClusterList,
    /// `clusterList -m`.
    ClusterListMore,
    /// `consumerProgress` of all groups.
    Groups,
    /// `topicList -c`.
    TopicListOfClusters,
    /// `consumerStatus` from 4.9.4 on.
    ConsumerStatus,
    /// A table inside `consumerStatus -i`.
    RunningInfo,
    /// `getConsumerStatus`.
    GetConsumerStatus,
    /// `resetOffsetByTime`.
    ResetOffsetByTime,
    /// `topicRoute -l`.
    TopicRouteList,
    /// `statsAll`.
    StatsAll,
    /// A table that is none of those.
    Other,
}

/// Words of each header and the command that prints it; the first that has them all is it.
const HEADERS: &[(&[&str], Table, &str)] = &[
    (&["#Topic", "#Group", "#Broker", "#QID"], Table::BrokerConsumeStats, "brokerConsumeStats"),
    (&["#Topic", "#Broker", "#QID", "#Consumer", "#Diff"], Table::ConsumerProgress, "consumerProgress"),
    (&["#Topic", "#Broker", "#QID", "#Consumer"], Table::RunningInfo, "consumerStatus -i"),
    (&["#Topic", "#Broker", "#QID", "#ProcessQueueInfo"], Table::RunningInfo, "consumerStatus -i"),
    (&["#Topic", "#Pull", "#Consume"], Table::RunningInfo, "consumerStatus -i"),
    (&["#Topic", "#SubExpression"], Table::Subscriptions, "consumerConnection"),
    (&["#Broker", "#QID", "#Min", "#Max"], Table::TopicStatus, "topicStatus"),
    (&["#ClientId", "#ClientAddr"], Table::ConsumerConnection, "consumerConnection"),
    (&["#Cluster", "#Broker", "#BID"], Table::ClusterList, "clusterList"),
    (&["#Cluster", "#Broker", "#InTotalYest"], Table::ClusterListMore, "clusterList -m"),
    (&["#Group", "#Count"], Table::Groups, "consumerProgress without -g"),
    (&["#Cluster", "#Topic", "#Consumer"], Table::TopicListOfClusters, "topicList -c"),
    (&["#ClientId", "#ConsumerRunningInfoFile"], Table::ConsumerStatus, "consumerStatus"),
    (&["#ConsumerRunningInfoFile"], Table::ConsumerStatus, "consumerStatus"),
    (&["#clientId", "#brokerName", "#queueId"], Table::GetConsumerStatus, "getConsumerStatus"),
    (&["#brokerName", "#queueId"], Table::ResetOffsetByTime, "resetOffsetByTime"),
    (&["#ClusterName", "#BrokerName"], Table::TopicRouteList, "topicRoute -l"),
    (&["#Topic", "#Consumer", "#Accumulation"], Table::StatsAll, "statsAll"),
];

impl Table {
    /// The command that prints it; nothing for another table.
    #[must_use]
    pub fn command(self) -> &'static str {
        HEADERS.iter().find(|(_, table, _)| *table == self).map_or("", |(_, _, command)| command)
    }
}

/// Which header a line is.
#[must_use]
pub fn header(line: &str) -> Option<Table> {
    let line = line.trim();
    if !line.starts_with('#') || line.starts_with("# ") {
        return None;
    }
    let has = |word: &&str| line.split_whitespace().any(|own| own == *word);
    let known = HEADERS.iter().find(|(words, ..)| words.iter().all(has)).map(|(_, table, _)| *table);
    // No comment has several words that begin so.
    let several = || line.split_whitespace().filter(|word| word.starts_with('#') && word.len() > 1).count() > 1;
    known.or_else(|| several().then_some(Table::Other))
}

/// How wide a column is printed, in characters, by where the next one begins; `None` where the blanks are no longer those
/// of `mqadmin`.
pub(super) fn width(header: &str, column: &str) -> Option<usize> {
    let from = header.find(column)?;
    let next = from + column.len() + header[from + column.len()..].find('#')?;
    // Two blanks part columns.
    Some(next - from).filter(|width| *width > 20).map(|width| width - 2)
}
