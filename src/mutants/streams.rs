//! Invented runs: streams of observations whose figures and causes can be told by hand.

use crate::check::{AnomalyKind, Cause, Checks, Figure, Findings, Mark, Measure};
use crate::kernel::{Instant, Span};
use crate::model::ids::{AudienceIndex, BrokerIndex, ClientIndex, ConsumerIndex, QueueIndex, TopicIndex};
use crate::model::observation::Observation::{self, *};
use crate::model::observation::{CommitPath, End, LogLoss, Observed};
use crate::model::plan::PlantedMistake;
use crate::model::{Names, QueuePlace};
use crate::scenario::{Scenario, parse};
use crate::sweep::{Quantiles, Worse};

/// Two queues on `broker-a`, two members, two marks. Nothing of it is played.
const CLUSTER: &str = r#"
title = "An invented run"
question = "What do the checks make of it?"
duration = "60s"
brokers = ["broker-a"]
expect = ["lost == 0"]

[[topics]]
name = "T"
queues = 2

[[groups]]
name = "g"
topics = ["T"]
count = 2

[[timeline]]
at = "10s"
action = "mark"
mark = "one"

[[timeline]]
at = "20s"
action = "mark"
mark = "two"
"#;

/// Observations with their times in milliseconds.
type Stream = Vec<(u64, Observation)>;

/// Each member holds a queue from 1 s on.
fn settled() -> Stream {
    let starts = |consumer: u16| {
        (0, ConsumerStarting { consumer: ConsumerIndex(consumer), client: ClientIndex(u32::from(consumer)) })
    };
    let takes = |consumer: u16| {
        (1_000, QueueTaken { consumer: ConsumerIndex(consumer), queue: QueueIndex(u32::from(consumer)), offset: 0 })
    };
    vec![
        (0, BrokerUp { broker: BrokerIndex(0) }),
        (0, QueueCreated { queue: QueueIndex(0) }),
        (0, QueueCreated { queue: QueueIndex(1) }),
        starts(0),
        starts(1),
        takes(0),
        takes(1),
    ]
}

fn gets(at_ms: u64, consumer: u16, queue: u32, offset: u64) -> (u64, Observation) {
    (
        at_ms,
        Delivered {
            consumer: ConsumerIndex(consumer),
            queue: QueueIndex(queue),
            offset,
            origin: (QueueIndex(queue), offset),
            reconsume_times: 0,
            lost: None,
        },
    )
}

fn readable(at_ms: u64, queue: u32, end: u64) -> (u64, Observation) {
    (at_ms, Readable { queue: QueueIndex(queue), end })
}

/// What the checks make of a stream behind the beginning, measured from 5 s on.
fn found(more: &[(u64, Observation)], planted: Option<PlantedMistake>) -> Findings {
    let Scenario { mut plan, .. } = parse("stream.toml", CLUSTER, &[], &|_| Err("there is no other file".to_owned()))
        .unwrap_or_else(|error| panic!("the invented cluster is refused: {error}"));
    plan.planted = planted;
    let mut names = Names::new(&plan);
    for queue_id in 0..2 {
        names.intern_queue(QueuePlace { topic: TopicIndex(0), broker: BrokerIndex(0), queue_id });
    }
    for consumer in &plan.consumers {
        names.intern_client(&consumer.client_id);
    }
    let measure = Measure { from: Mark::Time(Instant::from_millis(5_000)), ..Measure::default() };
    let mut checks = Checks::new(&plan, measure, true);
    let all = settled().into_iter().chain(more.iter().cloned());
    for (sequence, (at_ms, what)) in (1..).zip(all) {
        checks.observe(&Observed { at: Instant::from_millis(at_ms), sequence, cause: 0, what }, &names);
    }
    checks.finish(Instant::from_millis(60_000), &names)
}

fn is<T: PartialEq + std::fmt::Debug>(what: &str, expected: &T, found: &T) -> Result<(), String> {
    if expected == found { Ok(()) } else { Err(format!("{what}: {found:?}, not {expected:?}")) }
}

fn figure(name: &str, expected: Figure, findings: &Findings) -> Result<(), String> {
    let figures = &findings.windows.first().expect("a run has a window").figures;
    is(name, &Some(expected), &figures.get(name).copied())
}

/// Two marks are two phases.
pub(super) fn phases(planted: Option<PlantedMistake>) -> Result<(), String> {
    // The members' starts are the steps before.
    let steps = [(10_000, StepTaken { step: 2 }), (20_000, StepTaken { step: 3 })];
    let labels: Vec<String> = found(&steps, planted).windows.into_iter().map(|window| window.label).collect();
    is("phases", &["measure", "one", "two"].map(str::to_owned).to_vec(), &labels)
}

/// Of three messages one was handed out, and all were committed.
pub(super) fn lost(planted: Option<PlantedMistake>) -> Result<(), String> {
    let path = CommitPath::PersistTimer;
    let commit = Committed {
        audience: AudienceIndex(0),
        queue: QueueIndex(0),
        offset: 3,
        previous: None,
        by: Some(ConsumerIndex(0)),
        path,
    };
    let stream = [readable(6_000, 0, 3), gets(6_001, 0, 0, 0), (7_000, commit)];
    figure("lost", Figure::Count(2), &found(&stream, planted))
}

/// The one who had it was killed before it said so.
pub(super) fn duplicate_cause(planted: Option<PlantedMistake>) -> Result<(), String> {
    let stream = [
        readable(6_000, 0, 1),
        gets(6_001, 0, 0, 0),
        (7_000, ConsumerEnded { consumer: ConsumerIndex(0), end: End::Killed }),
        (8_000, QueueTaken { consumer: ConsumerIndex(1), queue: QueueIndex(0), offset: 0 }),
        gets(9_000, 1, 0, 0),
    ];
    is("causes of duplicates", &vec![(Cause::CrashLag, 1)], &found(&stream, planted).duplicate_causes)
}

/// A member had handed out two messages of the six that it had pulled when the broker lost the last two: it is sent back
/// to the end, and the two in between go with its queue.
pub(super) fn dropped_cache(planted: Option<PlantedMistake>) -> Result<(), String> {
    let (audience, queue, consumer) = (AudienceIndex(0), QueueIndex(0), ConsumerIndex(0));
    let commit = |offset, previous, path| Committed { audience, queue, offset, previous, by: Some(consumer), path };
    let stream = [
        readable(6_000, 0, 6),
        gets(6_001, 0, 0, 0),
        gets(6_001, 0, 0, 1),
        (6_500, commit(2, Some(0), CommitPath::PersistTimer)),
        (7_000, TailLost { queue, from: 4, loss: 0, why: LogLoss::PageCache }),
        (8_000, OffsetIllegal { consumer, queue, asked: 6, corrected: 4 }),
        (8_000, commit(4, Some(2), CommitPath::OffsetIllegal)),
    ];
    let found = found(&stream, planted);
    let causes =
        found.anomalies.iter().filter(|row| row.kind == AnomalyKind::Skipped).map(|row| (row.cause, row.count));
    is("causes of skips", &vec![(Cause::OffsetIllegalDropsTheCache, 2)], &causes.collect())?;
    figure("lost", Figure::Count(0), &found)
}

/// A wait of a second is none, one of a millisecond more is a stall.
pub(super) fn stall_threshold(planted: Option<PlantedMistake>) -> Result<(), String> {
    let waits = |until_ms| [readable(10_000, 0, 1), gets(until_ms, 0, 0, 0)];
    figure("stalled.count", Figure::Count(0), &found(&waits(11_000), planted))?;
    figure("stalled.count", Figure::Count(1), &found(&waits(11_001), planted))
}

/// The broker was away for most of a wait.
pub(super) fn stall_cause(planted: Option<PlantedMistake>) -> Result<(), String> {
    let stream = [
        readable(10_000, 0, 1),
        (10_001, BrokerDown { broker: BrokerIndex(0), graceful: false }),
        (20_000, BrokerUp { broker: BrokerIndex(0) }),
        gets(21_000, 0, 0, 0),
    ];
    let causes: Vec<Cause> = found(&stream, planted).stall_causes.into_iter().map(|(cause, _)| cause).collect();
    is("causes of stalls", &vec![Cause::BrokerAway], &causes)
}

/// A member is killed at 10 s, and nobody takes its queue.
pub(super) fn open_stretch(planted: Option<PlantedMistake>) -> Result<(), String> {
    let stream = [(10_000, ConsumerEnded { consumer: ConsumerIndex(0), end: End::Killed })];
    figure("unowned.max", Figure::Span(Span::from_secs(50)), &found(&stream, planted))
}

/// A member cannot hear the broker of its queue for ten seconds.
pub(super) fn cut_off(planted: Option<PlantedMistake>) -> Result<(), String> {
    let cut = |cut_off| ConsumerCutOff { consumer: ConsumerIndex(0), broker: BrokerIndex(0), cut_off };
    let stream = [(10_000, cut(true)), (20_000, cut(false))];
    figure("unowned.max", Figure::Span(Span::from_secs(10)), &found(&stream, planted))
}

/// The median of three is the second, and 99 of a hundred the 99th.
pub(super) fn quantiles(planted: Option<PlantedMistake>) -> Result<(), String> {
    let of = |count: u64, thousandths| {
        let values = (1..=count).map(|value| (value, Figure::Count(value)));
        let quantiles = Quantiles::new(values, Worse::Higher).expect("there are values");
        quantiles.with_planted(planted).at(thousandths)
    };
    is("median of three", &Figure::Count(2), &of(3, 500))?;
    is("99 of a hundred", &Figure::Count(99), &of(100, 990))
}
