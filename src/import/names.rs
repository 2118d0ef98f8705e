//! How texts name queues and brokers.

/// A queue as `mqadmin` names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct QueueName {
    /// Its topic, `%RETRY%g` among them.
    pub topic: String,
    /// `brokerName` of its broker.
    pub broker: String,
    /// `queueId`, 0 or more.
    pub id: u32,
}

/// Which broker a fact is of, as far as its text says it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum BrokerRef {
    /// `brokerName`.
    Name(String),
    /// `host:port`.
    Address(String),
    /// That whose disk or configuration this input is of: all facts of one folder are of one broker.
    OfThisFolder,
}
