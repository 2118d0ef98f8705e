//! Terms of a summary and of a scenario that are no figure, cause or setting.

use super::Entry;

/// Each with what it means.
const TERMS: [(&str, &str); 14] = [
    ("stall", "messages of a queue wait, and none of them is handed out for longer than stall_threshold (1 s)"),
    ("idle", "nothing of a queue is handed out, whether or not messages wait"),
    ("owner", "a member whose process-queue table holds the queue; a live one runs and reaches the queue's broker"),
    ("settled", "every queue of a group has an owner; what is measured begins there where `measure` says nothing else"),
    (
        "phase",
        "from one step of the timeline to the next, whatever is measured; steps less than 2 s apart are one phase",
    ),
    ("outside", "what was noticed before or after the measured window: most often the start of the group"),
    ("extrapolated", "what the run has beyond the recordings of a real cluster that the model is held to"),
    ("seed", "the number that everything drawn by chance follows from: the same seed is the same run"),
    ("again", "the command that plays the worst or the only seed once more, with a full record by --out"),
    (
        "look at",
        "what the checks noticed in the measured window: the worst kinds first, the first with its chain of events",
    ),
    (
        "verdict",
        "PASS: everything expected held; VIOLATED: something did not; INCOMPLETE: interrupted before all seeds",
    ),
    (
        "p50",
        "half of the seeds have at most so much; p90: nine of ten; p99: ninety-nine of a hundred, so it takes a hundred; max: all",
    ),
    ("trap", "a behaviour of RocketMQ that surprises its users, E1 to E48; `list traps` has them all"),
    ("unknown", "no chain of events shows why: nothing that the checks know of happened to that queue then"),
];

pub(super) fn entries() -> Vec<Entry> {
    TERMS.iter().map(|(word, sentence)| Entry::new(*word, *sentence)).collect()
}
