//! Figures of what is popped. They are there where a consumer may pop.

use super::{KnownFigure, Unit};
use crate::check::Explanation;

pub(super) const FIGURES: &[KnownFigure] = &[
    KnownFigure {
        name: "redelivery.max",
        unit: Unit::Seconds,
        meaning: "longest time from the end of a message's invisible time to its next pop",
        explanation: Explanation {
            means: "How long a message that nobody acknowledged is away beyond its invisible time.",
            comes_about: "The broker revives it 2 to 6 s later (`PopReviveService`), and on an idle topic it lies in the \
                          retry topic until a long poll ends, up to 15 s later.",
            seen: "The time between two POP_CK of one message, less popInvisibleTime.",
            advice: "It comes on top of popInvisibleTime; of the two that is the one to change.",
        },
    },
    KnownFigure {
        name: "revive_lag.max",
        unit: Unit::Seconds,
        meaning: "longest time from the end of a message's invisible time to its copy in the retry topic",
        explanation: Explanation {
            means: "How long the broker takes to see that a message was not acknowledged.",
            comes_about: "Checkpoints and acknowledgements come back through the timer wheel, and `PopReviveService` \
                          looks a second behind them, every second.",
            seen: "broker: `reviveLag` of `PopReviveService` in pop.log.",
            advice: "Some seconds are its nature; more are a broker that cannot follow, or whose timer is behind.",
        },
    },
    KnownFigure {
        name: "held.max",
        unit: Unit::Messages,
        meaning: "most messages that one member had popped and that were not done with",
        explanation: Explanation {
            means: "What one member can hold back from all others, and what comes late when it dies.",
            comes_about: "Up to popThresholdForQueue and a batch, of each broker: 96 + 32.",
            seen: "waitAckCount in mqPopTable of `mqadmin consumerStatus`.",
            advice: "Lower popBatchNums and popThresholdForQueue where a message takes long.",
        },
    },
    KnownFigure {
        name: "ack_late",
        unit: Unit::Messages,
        meaning: "acknowledgements that came after their message had become visible again",
        explanation: Explanation {
            means: "Work that was done and may be done again: the broker answers SUCCESS, and counts it only if it has not \
                    revived the message yet.",
            comes_about: "The listener was done in time and its acknowledgement was not: a slow network, a broker that \
                          was away.",
            seen: "Nothing says so; compare the time of the ack with POP_CK.",
            advice: "Raise popInvisibleTime above the longest listener by some seconds.",
        },
    },
    KnownFigure {
        name: "share.least",
        unit: Unit::Share,
        meaning: "the least share of all hand-outs that a member had which ran all the time",
        explanation: Explanation {
            means: "Whether everybody works: 0 is a member that idles.",
            comes_about: "Hand-outs of each member by those of all, of members that ran from the beginning of the window to \
                          its end.",
            seen: "`Consume TPS` of each member in `mqadmin consumerStatus`.",
            advice: "Where queues have owners, members above the number of queues have none; where they are popped, all \
                     have some.",
        },
    },
    KnownFigure {
        name: "share.most",
        unit: Unit::Share,
        meaning: "the largest share of all hand-outs that a member had which ran all the time",
        explanation: Explanation {
            means: "How much the busiest member has of the work.",
            comes_about: "As `share.least`.",
            seen: "As `share.least`.",
            advice: "With POP whoever is free takes more: a slow member has a smaller share, and no queue waits for it.",
        },
    },
];
