//! What a client logs, of 4.5 to 5.3.

use super::sentence::{
    Sentence, between, group_and_queue, queue, queue_trouble, queues, trouble, trouble_of, word_behind,
};
use crate::import::fact::{LogEvent, LogTrouble};

/// All of them; the more exact stands before the less.
pub(super) static SENTENCES: &[Sentence] = &[
    // ClientRemotingProcessor.notifyConsumerIdsChanged
    Sentence { marks: ["receive broker's notification[", ""], read: notified },
    // RebalanceImpl.rebalanceByTopic, before 5.0 without `client`; of a broker's answer the line says less.
    Sentence {
        marks: ["rebalanced result changed. allocateMessageQueueStrategyName=", "rebalanceResultS"],
        read: rebalanced,
    },
    // RebalanceImpl.updateProcessQueueTableInRebalance, of which 5.0 says `try`.
    Sentence {
        marks: ["[BUG]doRebalance, ", "remove unnecessary"],
        read: |rest| {
            let (group, queue) = group_and_queue(rest)?;
            Some(trouble_of(LogTrouble::PullExpired, Some(&group), Some(queue)))
        },
    },
    Sentence {
        marks: ["doRebalance, ", "because lock failed"],
        read: |rest| {
            let (group, queue) = group_and_queue(rest)?;
            Some(trouble_of(LogTrouble::NotLocked, Some(&group), Some(queue)))
        },
    },
    Sentence { marks: ["doRebalance, ", ", add a new mq, "], read: added },
    Sentence { marks: ["doRebalance, ", ", add a new pop mq, "], read: added },
    Sentence { marks: ["doRebalance, ", "remove unnecessary mq, "], read: removed },
    Sentence { marks: ["doRebalance, ", "remove unnecessary pop mq, "], read: removed },
    Sentence {
        marks: ["doRebalance, ", "get consumer id list failed"],
        read: |rest| Some(trouble_of(LogTrouble::NoMemberList, rest.split(' ').next(), None)),
    },
    Sentence {
        marks: ["doRebalance, ", "] not exist."],
        read: |rest| Some(trouble_of(LogTrouble::NoRoute, rest.split(',').next(), None)),
    },
    // RebalanceImpl.rebalanceByTopic, the second before 5.0; AbstractAllocateMessageQueueStrategy.check
    Sentence { marks: ["allocate message queue exception", ""], read: |_| Some(trouble(LogTrouble::StrategyThrew)) },
    Sentence {
        marks: ["AllocateMessageQueueStrategy.allocate Exception", ""],
        read: |_| Some(trouble(LogTrouble::StrategyThrew)),
    },
    Sentence { marks: ["[BUG] ConsumerGroup: ", "not in cidAll"], read: not_in_list },
    // MQClientInstance.findConsumerIdList: a broker's address, and the group.
    Sentence {
        marks: ["getConsumerIdListByGroup exception, ", ""],
        read: |rest| Some(trouble_of(LogTrouble::NoMemberList, Some(rest.split(' ').nth(1)?), None)),
    },
    // DefaultMQPushConsumerImpl.pullMessage; before 5.0 the refusal stands in the text of an exception.
    Sentence {
        marks: ["the pull request offset illegal, ", ""],
        read: |rest| of_a_pull(rest, LogTrouble::OffsetIllegal),
    },
    Sentence {
        marks: ["the subscription is not latest, ", ""],
        read: |rest| {
            Some(trouble_of(LogTrouble::SubscriptionNotLatest, Some(word_behind(rest, "group=")?), Some(queue(rest)?)))
        },
    },
    Sentence {
        marks: ["the consumer's subscription not latest", ""],
        read: |_| Some(trouble(LogTrouble::SubscriptionNotLatest)),
    },
    Sentence {
        marks: ["so do flow control, ", "PullRequest ["],
        read: |rest| of_a_pull(rest, LogTrouble::FlowControl),
    },
    Sentence {
        marks: ["pull message later because not locked in broker, ", ""],
        read: |rest| of_a_pull(rest, LogTrouble::NotLocked),
    },
    // ConsumeMessageOrderlyService.ConsumeRequest.run; RebalanceImpl.lockAll, lock
    Sentence { marks: ["the message queue not locked, so consume later, ", ""], read: not_locked },
    Sentence { marks: ["the message queue lock expired, so consume later, ", ""], read: not_locked },
    Sentence { marks: ["the message queue locked Failed, Group: ", ""], read: lock_failed },
    Sentence { marks: ["message queue lock Failed, ", ""], read: lock_failed },
    // ConsumeMessageConcurrentlyService.ConsumeRequest.run, sendMessageBack; ProcessQueue.cleanExpiredMsg
    Sentence {
        marks: ["processQueue is dropped without process consume result. ", ""],
        read: |rest| queue_trouble(LogTrouble::DroppedWhileAtWork, rest),
    },
    Sentence { marks: ["send expire msg back. topic=", ""], read: |_| Some(trouble(LogTrouble::ConsumeTimeout)) },
    Sentence {
        marks: ["sendMessageBack exception, group: ", ""],
        read: |rest| Some(trouble_of(LogTrouble::SendBackFailed, rest.split(' ').next(), None)),
    },
    Sentence {
        marks: ["Failed to send message back, consumerGroup=", ""],
        read: |rest| Some(trouble_of(LogTrouble::SendBackFailed, rest.split(',').next(), None)),
    },
    // MQClientInstance.sendHeartbeatToBroker, updateTopicRouteInfoFromNameServer
    Sentence {
        marks: ["send heart beat to broker[", "] failed"],
        read: |_| Some(trouble(LogTrouble::HeartbeatFailed)),
    },
    Sentence {
        marks: ["getTopicRouteInfoFromNameServer return null, ", ""],
        read: |_| Some(trouble(LogTrouble::NoRoute)),
    },
    Sentence {
        marks: ["updateTopicRouteInfoFromNameServer Exception", ""],
        read: |_| Some(trouble(LogTrouble::NoRoute)),
    },
];

fn notified(rest: &str) -> Option<LogEvent> {
    let broker_address = rest.split_once(']')?.0.to_owned();
    let group = between(rest, "the consumer group: ", " changed")?.to_owned();
    Some(LogEvent::Notified { group, broker_address })
}

fn rebalanced(rest: &str) -> Option<LogEvent> {
    let text = |key: &str| word_behind(rest, key).map(str::to_owned);
    let count = |key: &str| word_behind(rest, key)?.parse().ok();
    let listed = rest.split_once("rebalanceResultSet=")?.1;
    listed.trim_end().ends_with(']').then_some(LogEvent::Rebalanced {
        group: text(", group=")?,
        topic: text(", topic=")?,
        client_id: text(", clientId=")?,
        strategy: rest.split(',').next()?.to_owned(),
        queues: count(", mqAllSize=")?,
        members: count(", cidAllSize=")?,
        own: queues(listed),
    })
}

fn added(rest: &str) -> Option<LogEvent> {
    let (group, queue) = group_and_queue(rest)?;
    Some(LogEvent::QueueAdded { group, queue })
}

fn removed(rest: &str) -> Option<LogEvent> {
    let (group, queue) = group_and_queue(rest)?;
    Some(LogEvent::QueueRemoved { group, queue })
}

fn not_in_list(rest: &str) -> Option<LogEvent> {
    let group = rest.split(' ').next().map(str::to_owned);
    let client_id = Some(between(rest, "The consumerId: ", " not in cidAll")?.to_owned());
    Some(LogEvent::Trouble { kind: LogTrouble::NotInMemberList, group, queue: None, client_id })
}

fn of_a_pull(rest: &str, kind: LogTrouble) -> Option<LogEvent> {
    Some(trouble_of(kind, Some(between(rest, "consumerGroup=", ",")?), Some(queue(rest)?)))
}

fn not_locked(rest: &str) -> Option<LogEvent> {
    queue_trouble(LogTrouble::NotLocked, rest)
}

fn lock_failed(rest: &str) -> Option<LogEvent> {
    Some(trouble_of(LogTrouble::NotLocked, rest.split(' ').next(), Some(queue(rest)?)))
}
