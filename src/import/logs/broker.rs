//! What a broker logs of members, subscriptions and offsets, of 4.5 to 5.3.

use super::sentence::{Sentence, between, trouble, trouble_of, word_behind};
use crate::import::fact::{LogEvent, LogTrouble};

/// All of them; the more exact stands before the less.
pub(super) static SENTENCES: &[Sentence] = &[
    // ConsumerManager.scanNotActiveChannel
    Sentence {
        marks: ["SCAN: remove expired channel from ConsumerManager consumerTable. ", ""],
        read: |rest| Some(trouble_of(LogTrouble::ChannelExpired, Some(word_behind(rest, "consumerGroup=")?), None)),
    },
    // ConsumerGroupInfo.updateChannel, updateSubscription
    Sentence { marks: ["ConsumerGroupInfo: consumer channel exists in broker, ", ""], read: other_id },
    // That a topic is new or its version newer is said after each start and rebalance.
    Sentence { marks: ["subscription changed, group: ", " remove topic "], read: subscription_changed },
    // PullMessageProcessor.processRequest
    Sentence {
        marks: ["the consumer's group info not exist, group: ", ""],
        read: |rest| of_a_group(LogTrouble::GroupNotRegistered, rest),
    },
    Sentence {
        marks: ["the consumer's subscription not exist, group: ", ""],
        read: |rest| of_a_group(LogTrouble::SubscriptionNotExist, rest),
    },
    Sentence {
        marks: ["subscription is not latest, group: ", ""],
        read: |rest| of_a_group(LogTrouble::SubscriptionNotLatest, rest),
    },
    Sentence {
        marks: ["the request offset too small. ", ""],
        read: |rest| Some(trouble_of(LogTrouble::OffsetIllegal, word_behind(rest, "group="), None)),
    },
    Sentence { marks: ["the request offset: ", "over flow badly"], read: |_| Some(trouble(LogTrouble::OffsetIllegal)) },
    // ConsumerOffsetManager.commitOffset: key is TOPIC@GROUP.
    Sentence {
        marks: ["[NOTIFYME]update consumer offset less than store. ", ""],
        read: |rest| {
            let (_, group) = word_behind(rest, "key=")?.split_once('@')?;
            Some(trouble_of(LogTrouble::OffsetWentBack, Some(group), None))
        },
    },
    // NettyRemotingAbstract.NettyEventExecutor.putNettyEvent
    Sentence {
        marks: ["event queue size [", "so drop this event"],
        read: |_| Some(trouble(LogTrouble::ChannelEventDropped)),
    },
];

/// A group stands at the beginning, and ends at a comma or a space.
fn of_a_group(kind: LogTrouble, rest: &str) -> Option<LogEvent> {
    let group = rest.split([',', ' ']).next().filter(|group| !group.is_empty())?;
    Some(trouble_of(kind, Some(group), None))
}

fn subscription_changed(rest: &str) -> Option<LogEvent> {
    of_a_group(LogTrouble::SubscriptionChanged, rest)
}

fn other_id(rest: &str) -> Option<LogEvent> {
    let client_id = Some(between(rest, "clientId=", ",")?.to_owned());
    let group = Some(word_behind(rest, "group=")?.to_owned());
    Some(LogEvent::Trouble { kind: LogTrouble::TwoIdsOfOneChannel, group, queue: None, client_id })
}
