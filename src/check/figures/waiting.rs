//! Figures of messages that wait: how many do, for how long, and how long a group takes to be where it was.

use super::{KnownFigure, Unit};
use crate::check::Explanation;

pub(super) const FIGURES: &[KnownFigure] = &[
    KnownFigure {
        name: "lag.max",
        unit: Unit::Messages,
        meaning: "most messages that were readable and not committed, all queues of a group together, worst group",
        explanation: Explanation {
            means: "How far the group fell behind, as a dashboard of lag shows it.",
            comes_about: "At every full second of the run, over all queues that the group subscribes (%RETRY% among \
                          them): readable end less committed offset, as in `lag.csv`; the highest sum of the window \
                          counts, and the one that it begins with. Messages that are handed out and not yet committed \
                          count, so it is never far from zero: with `persistConsumerOffsetInterval` of 5 s some five \
                          seconds of messages.",
            seen: "`Diff Total` of `mqadmin consumerProgress -g GROUP`.",
            advice: "Compare it with what a calm second has. For \"is any queue standing still\" ask `stalled.max`; for \
                     \"how late are messages\" ask `latency.p99`.",
        },
    },
    KnownFigure {
        name: "lag.end",
        unit: Unit::Messages,
        meaning: "messages readable and not committed as the window ended, all queues of a group together, worst group",
        explanation: Explanation {
            means: "What the window leaves to the next one.",
            comes_about: "As `lag.max`, at the last full second of the window.",
            seen: "`Diff Total` of `mqadmin consumerProgress -g GROUP` then.",
            advice: "Well above what a calm second has: the group has not caught up, and the story ends too early or \
                     the group is too slow.",
        },
    },
    KnownFigure {
        name: "catch_up",
        unit: Unit::Seconds,
        meaning: "longest time in which a group's lag stood above what it was before the phase, or until the run ended",
        explanation: Explanation {
            means: "How long after a step of the story the group needed until it was no further behind than before.",
            comes_about: "What it was before is the highest lag of the last two persistConsumerOffsetInterval (10 s) \
                          before the phase, as lag goes up and down between two commits. The longest stretch above that \
                          counts which begins in the phase, by full seconds, and ends when it ends, though other steps \
                          come meanwhile. The measured window has the longest of the phases that begin in it; a phase \
                          of the first ten seconds has none. A second or two mean nothing: so long lag is above its usual height by chance.",
            seen: "The width of the hill in a chart of lag.",
            advice: "What a hill is high by comes from the stall, and how fast it goes from what members can do beyond \
                     what arrives: more members than queues do not help, faster listeners or larger batches do.",
        },
    },
    KnownFigure {
        name: "latency.p99",
        unit: Unit::Seconds,
        meaning: "time from stored to handed to a listener for the first time, that 99 of 100 messages did not exceed",
        explanation: Explanation {
            means: "How late messages are that a listener gets, but for the latest of a hundred.",
            comes_about: "Each message counts in the window in which a listener of the group first had it: that moment \
                          less the one at which the broker stored it. It is told at most a 128th too long. There is none \
                          where nothing was handed out. Not counted are copies that came back through %RETRY%, and \
                          messages that a rule had passed over and that came after all.",
            seen: "Listener's clock less `MessageExt.getStoreTimestamp()` where reconsumeTimes is 0.",
            advice: "A stall of some queues shows in `latency.max` first, and here when it takes a hundredth of the \
                     window's messages.",
        },
    },
    KnownFigure {
        name: "latency.max",
        unit: Unit::Seconds,
        meaning: "longest time from stored to handed to a listener for the first time",
        explanation: Explanation {
            means: "How late the latest message was that a listener got.",
            comes_about: "As `latency.p99`, of the one message that took longest, exactly. Where more than half a million \
                          messages wait at once, the first of a few in a row stands for them. What no listener had got at \
                          the end does not count: it is `undelivered`.",
            seen: "Listener's clock less `MessageExt.getStoreTimestamp()` where reconsumeTimes is 0, the largest.",
            advice: "After a stall it is about as long as the stall. Longer: the queue's owner worked off what had come \
                     before.",
        },
    },
];
