//! Figures of queues that stand still.

use super::{KnownFigure, Unit};
use crate::check::Explanation;

pub(super) const FIGURES: &[KnownFigure] = &[
    KnownFigure {
        name: "stalled.max",
        unit: Unit::Seconds,
        meaning: "longest stall of a queue",
        explanation: Explanation {
            means: "The longest stretch in which a readable message waited in a queue and nothing of that queue was \
                    handed to a listener: what a user feels.",
            comes_about: "It counts from the later of \"a message became readable\" and \"the last hand-out\" to the \
                          next hand-out, where that is above the threshold of 1 s (`measure`). Each stall has its \
                          cause in `stalls.csv`.",
            seen: "`mqadmin consumerProgress`: the Diff of one queue grows, and its LastTime stands still.",
            advice: "Read the cause first. Without an owner: the way the member left decides. With one: flow control, \
                     refused pulls, locks or a slow listener.",
        },
    },
    KnownFigure {
        name: "stalled.total",
        unit: Unit::Seconds,
        meaning: "stalled time, summed over queues",
        explanation: Explanation {
            means: "All stalls of the window together: eight queues that stand still for 10 s are 80 s.",
            comes_about: "The parts of all stalls that lie in the window, added up.",
            seen: "The area below a curve of lag by queue.",
            advice: "Use it to compare two settings; for a bound that a person understands use `stalled.max`.",
        },
    },
    KnownFigure {
        name: "stalled.count",
        unit: Unit::Count,
        meaning: "how many stalls",
        explanation: Explanation {
            means: "How many stretches above the threshold there were, each queue for itself.",
            comes_about: "Stalls that lie in the window, in whole or in part.",
            seen: "How often the LastTime of a queue in `mqadmin consumerProgress` stood still.",
            advice: "Many short stalls come from rebalances that follow each other, as in a rolling restart; few long \
                     ones from a member that nobody removed.",
        },
    },
    KnownFigure {
        name: "idle.max",
        unit: Unit::Seconds,
        meaning: "longest stretch in which a queue's messages were not handed out",
        explanation: Explanation {
            means: "As `stalled.max`, but without asking whether a message waited all the time.",
            comes_about: "The longest time between two hand-outs of one queue, from a tenth of a second on.",
            seen: "Gaps between the listener's log lines of one queue.",
            advice: "It depends on the load: of a quiet topic it is long and says nothing. It is what recordings of a \
                     real cluster can show, and so what they are compared by.",
        },
    },
    KnownFigure {
        name: "pulls_refused",
        unit: Unit::Count,
        meaning: "pulls refused by a broker (codes 16 and 24 to 26)",
        explanation: Explanation {
            means: "Pulls that a broker answered with \"I will not\": its owner tries again a second later, and the \
                    queue stands still meanwhile.",
            comes_about: "The broker has an older subscription than the client (25), none (24), no such group (26), \
                          or may not be read (16) (`PullMessageProcessor.processRequest`). After a rebalance the new \
                          subscription version comes with a heartbeat, and where that fails pulls fail for up to 30 \
                          s.",
            seen: "client.log: `the consumer's subscription not latest` or `not exist`, once a second.",
            advice: "See `explain-word E20`. Create the group on every broker; keep subscriptions of a group the same.",
        },
    },
];
