//! Terms of a summary and of a scenario that are no figure, cause or setting.

use super::Entry;

/// Each with other words for it, and with what it means.
const TERMS: [(&str, &[&str], &str); 20] = [
    (
        "stall",
        &["stalls"],
        "messages of a queue wait, and none of them is handed out for longer than stall_threshold (1 s)",
    ),
    ("idle", &[], "nothing of a queue is handed out, whether or not messages wait"),
    ("handed out", &["hand-out"], "given to a listener: what a client has pulled waits until its listener gets it"),
    ("member", &["members"], "a consumer of a group, as brokers list it by its client id; an idle one has no queue"),
    (
        "list",
        &["member list"],
        "the client ids of a group that one broker names to a consumer that rebalances: what it deals queues by",
    ),
    (
        "CHANGE",
        &["NOTIFY_CONSUMER_IDS_CHANGED"],
        "what a broker tells the members of a group when one comes or goes; each that hears it rebalances",
    ),
    (
        "owner",
        &["live owner", "no live owner"],
        "a member whose process-queue table holds the queue; a live one runs and reaches the queue's broker",
    ),
    (
        "settled",
        &[],
        "every queue of a group has an owner; what is measured begins there where `measure` says nothing else",
    ),
    (
        "measured window",
        &["window"],
        "the part of a run whose figures count: from `settled` to the end, or what `measure` says",
    ),
    (
        "phase",
        &["phases"],
        "from one step of the timeline to the next, whatever is measured; steps less than 2 s apart are one phase",
    ),
    ("outside", &[], "what was noticed before or after the measured window: most often the start of the group"),
    ("extrapolated", &[], "what the run has beyond the recordings of a real cluster that the model is held to"),
    ("seed", &["seeds"], "the number that everything drawn by chance follows from: the same seed is the same run"),
    ("again", &[], "the command that plays the worst or the only seed once more, with a full record by --out"),
    (
        "look at",
        &[],
        "what the checks noticed in the measured window: the worst kinds first, the first with its chain of events",
    ),
    (
        "verdict",
        &["PASS", "VIOLATED", "INCOMPLETE", "needs_seeds"],
        "PASS: everything expected held; VIOLATED: something did not; INCOMPLETE: interrupted before all seeds; \
         needs_seeds in JSON: a p50 or p99 was expected, which one seed does not have",
    ),
    (
        "p50",
        &["p90", "p99", "max", "typically", "worst"],
        "half of the seeds have at most so much, which is `typically`; p90: nine of ten; p99: ninety-nine of a hundred, \
         so it takes a hundred; max: all, and the worst of them",
    ),
    ("zero", &["always zero"], "the figures that are 0, in every seed: good to know, and no line each"),
    (
        "trap",
        &["traps"],
        "a behaviour of RocketMQ that surprises its users, E1 to E48, and of POP such as PE5; `list traps` has them all",
    ),
    ("unknown", &[], "no chain of events shows why: nothing that the checks know of happened to that queue then"),
];

pub(super) fn entries() -> Vec<Entry> {
    let entry = |(word, others, sentence): &(&'static str, &[&'static str], &'static str)| {
        let mut entry = Entry::new(*word, *sentence);
        entry.others = others.to_vec();
        entry
    };
    TERMS.iter().map(entry).collect()
}
