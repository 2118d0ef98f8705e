//! Invented runs of any size, so that reports can be tested and looked at without the model.
//!
//! The story: a power-off at 60 s whose queues are taken over at 75 s, a restart at 120 s that hands queues back with
//! an overlap, and a new member at 180 s.

use crate::model::ids::{AudienceIndex, ClientIndex};
use std::collections::BTreeMap;

use crate::check::*;
use crate::kernel::{Distribution, Fingerprint, Instant, Span, Stream, Streams};
use crate::model::Names;
use crate::model::QueuePlace;
use crate::model::observation::{CommitPath, QueueIndex};
use crate::model::plan::*;
use crate::run::Outcome;
use crate::scenario::{Comparison, EnvironmentName, Expectation, Origin, Scenario, Scope};
use crate::strategy::Unasked;

/// Length of the story.
const END: Instant = Instant::from_millis(240_000);

fn at(seconds: u64) -> Instant {
    Instant::from_millis(seconds * 1_000)
}

/// How many members share so many queues.
fn members(queues: u32) -> u32 {
    (queues / 4).clamp(2, 30)
}

/// A scenario whose names fit the outcomes of [`outcome`].
pub fn scenario(queues: u32) -> Scenario {
    let steps = [(60, "power off c1"), (120, "restart c1"), (180, "start the new member")];
    let plan = Plan {
        duration: END.since(Instant::ZERO),
        environment: Environment::default(),
        name_servers: vec![NameServerPlan { name: "ns1".to_owned(), settings: NameServerSettings::default() }],
        brokers: ["broker-a", "broker-b"].map(BrokerPlan::master).to_vec(),
        proxies: Vec::new(),
        local_proxy: crate::model::plan::ProxySettings::default(),
        topics: vec![TopicPlan { name: "orders".to_owned(), exists: true, queues: vec![] }],
        tags: vec![],
        producers: vec![],
        groups: vec![GroupPlan {
            name: "billing".to_owned(),
            created: crate::model::plan::Created::Nowhere,
            releases: Vec::new(),
        }],
        consumers: (1..=members(queues)).map(consumer).collect(),
        timeline: steps
            .map(|(second, label)| Step {
                when: When::At(at(second)),
                action: Action::Mark,
                label: label.to_owned(),
                entry: 0,
            })
            .to_vec(),
        releases: Vec::new(),
        deployments: Vec::new(),
        planted: None,
    };
    let expectation = |text: &str, figure: &str, scope, value| Expectation {
        text: text.to_owned(),
        line: None,
        window: None,
        figure: figure.to_owned(),
        scope,
        comparison: Comparison::AtMost,
        value,
    };
    Scenario {
        title: "A consumer loses power and comes back".to_owned(),
        question: "How long do its queues stand still, and how many messages come twice?".to_owned(),
        origin: Origin::default(),
        environment: EnvironmentName::default(),
        plan,
        measure: Measure::default(),
        expect: vec![
            expectation("lost == 0", "lost", Scope::Every, Figure::Count(0)),
            expectation("duplicates <= 20", "duplicates", Scope::Every, Figure::Count(20)),
            expectation(
                "stalled.max.p99 <= \"20s\"",
                "stalled.max",
                Scope::Quantile(990),
                Figure::Span(Span::from_secs(20)),
            ),
        ],
        broker_conf: Vec::new(),
        text: "title = \"A consumer loses power and comes back\"\n".to_owned(),
    }
}

fn consumer(number: u32) -> ConsumerPlan {
    ConsumerPlan {
        name: format!("c{number}"),
        client_id: format!("10.0.0.{number}@4711#918273645546"),
        address: None,
        fixed_name: true,
        machine: format!("c{number}"),
        instance_of: None,
        group: GroupIndex(0),
        topics: vec![TopicIndex(0)],
        tags: TagSet::ALL,
        client: ClientSettings::default(),
        consumer: ConsumerSettings::with_strategy(std::sync::Arc::new(Unasked)),
        listener: Listener {
            work: Distribution::ZERO,
            work_by_topic: Vec::new(),
            failures_per_million: 0,
            panics_per_million: 0,
            delay_level_when_next_consume: 0,
            orderly: None,
            own: None,
        },
    }
}

/// An invented run of [`scenario`] over `queues` queues.
pub fn outcome(scenario: &Scenario, seed: u64, queues: u32) -> Outcome {
    let mut names = Names::new(&scenario.plan);
    for number in 0..queues {
        let place = QueuePlace {
            topic: TopicIndex(0),
            broker: BrokerIndex(u16::from(number >= queues.div_ceil(2))),
            queue_id: number % queues.div_ceil(2),
        };
        names.intern_queue(place);
    }
    for consumer in &scenario.plan.consumers {
        names.intern_client(&consumer.client_id);
    }
    let members = members(queues);
    let mut chance = Streams::new(seed).stream("synthetic", 0);
    let mut findings = Findings::default();
    for queue in 0..queues {
        one_queue(&mut findings, QueueIndex(queue), queues, members, &mut chance);
    }
    balance(&mut findings, queues, members);
    lag(&mut findings, queues);
    latency(&mut findings);
    windows(&mut findings, &mut chance);
    findings.members = (0..members)
        .map(|client| Membership {
            group: GroupIndex(0),
            broker: BrokerIndex(0),
            client: ClientIndex(client),
            from: at(0),
            until: if client == 0 { at(75) } else { END },
        })
        .collect();
    Outcome {
        seed,
        fingerprint: Fingerprint::default(),
        events: 123_456 + seed,
        peak_pending: 321,
        end: END,
        steps: scenario
            .plan
            .timeline
            .iter()
            .map(|step| {
                let When::At(moment) = step.when else { unreachable!("every step has its moment") };
                (moment, step.label.clone())
            })
            .collect(),
        names,
        findings,
    }
}

fn one_queue(findings: &mut Findings, queue: QueueIndex, queues: u32, members: u32, chance: &mut Stream) {
    let owner = |shares: u32| (queue.0 * shares / queues) as u16;
    // The last member starts at 180 s; the first is away from 60 s to 120 s.
    let (first, away, back, last) = (owner(members - 1), 1 + owner(members - 2), owner(members - 1), owner(members));
    let jitter = |chance: &mut Stream, ms: u64| Span::from_millis(chance.below(ms));
    let mut own = |consumer: u16, from: Instant, until: Instant, state| {
        if from < until {
            findings.ownership.push(Ownership {
                audience: AudienceIndex(0),
                queue,
                consumer: ConsumerIndex(consumer),
                client: ClientIndex(u32::from(consumer)),
                from,
                until,
                state,
            });
        }
    };
    let begin = at(1) + jitter(chance, 1_000);
    let taken = at(75) + jitter(chance, 4_000);
    if first == 0 {
        own(0, begin, at(60), OwnerState::Live);
        own(0, at(60), at(78), OwnerState::Zombie);
        own(away, taken, at(122), OwnerState::Live);
    } else {
        own(first, begin, taken, OwnerState::Live);
        own(away, taken, at(122), OwnerState::Live);
    }
    // The restarted member takes before the others give: two owners for up to six seconds.
    own(back, at(116) + jitter(chance, 6_000), at(181), OwnerState::Live);
    own(last, at(181) + jitter(chance, 2_000), END, OwnerState::Live);
    if first == 0 {
        fell_silent(findings, queue, taken);
    }
    findings.commits.push(CommitRow {
        at: at(76),
        audience: AudienceIndex(0),
        queue,
        by: Some(ConsumerIndex(away)),
        offset: 10,
        previous: Some(20),
        path: CommitPath::Release,
    });
    findings.deliveries.push(DeliveryRun {
        audience: AudienceIndex(0),
        queue,
        consumer: ConsumerIndex(away),
        from_offset: 10,
        to_offset: 19,
        from: taken,
        until: taken + Span::from_millis(40),
        duplicate_cause: Some(Cause::CrashLag),
    });
}

/// c1 has lost its power at 60 s: its queue waits for the broker's scan, and after it until another looks.
fn fell_silent(findings: &mut Findings, queue: QueueIndex, taken: Instant) {
    let detail = "the broker heard nothing of c1 until its channel expired".into();
    let (audience, cause, remedy, until) =
        (AudienceIndex(0), Cause::Unowned, String::new(), taken + Span::from_millis(500));
    findings.stalls.push(Stall { audience, queue, from: at(60), until, cause, detail, remedy });
    let scan = at(72);
    for (from, until, cause, detail) in [
        (at(60), scan, Cause::WaitingForExpiry, "until the scan of broker-a at 1m12s"),
        (scan, taken, Cause::ExpiryTellsNobody, "the scan of broker-a at 1m12s told nobody"),
    ] {
        let row = Anomaly::new("ownership", (AnomalyKind::Unowned, cause), (from, until), detail.to_owned());
        findings.anomalies.push(Anomaly { audience: Some(AudienceIndex(0)), queue: Some(queue), ..row });
    }
}

fn balance(findings: &mut Findings, queues: u32, members: u32) {
    for (second, live, unowned, double) in [
        (0, 0, queues, 0),
        (2, members - 1, 0, 0),
        (60, members - 2, queues / members, 0),
        (77, members - 2, 0, 0),
        (118, members - 1, 0, queues / 5),
        (122, members - 1, 0, 0),
        (181, members, queues / 9, 0),
        (183, members, 0, 0),
    ] {
        let (max, min) =
            if live == 0 { (0, 0) } else { ((queues - unowned).div_ceil(live), (queues - unowned) / live) };
        for topic in [None, Some(TopicIndex(0))] {
            findings.balance.push(BalanceSample {
                at: at(second),
                group: GroupIndex(0),
                topic,
                members: live,
                idle_members: u32::from(second == 118),
                max: max + double / 3,
                min,
                jain_millionths: if max == min { 1_000_000 } else { 930_000 },
                unowned,
                double_owned: double,
            });
        }
    }
}

/// Nothing is handed out for a while, and what is handed out then is as late.
fn latency(findings: &mut Findings) {
    for second in (0..240).filter(|second| !(60..78).contains(second)) {
        let longest = Span::from_millis(if second == 78 { 18_000 } else { 4 });
        let (group, typical) = (GroupIndex(0), Span::from_millis(3));
        findings.latency.push(LatencySample { at: at(second), group, messages: 10, typical, longest });
    }
}

fn lag(findings: &mut Findings, queues: u32) {
    for second in 0..240 {
        for queue in 0..queues {
            let end = second * 10;
            let frozen = if queue % 4 == 0 && (60..78).contains(&second) { 600 } else { end };
            findings.lag.push(LagSample {
                at: at(second),
                audience: AudienceIndex(0),
                queue: QueueIndex(queue),
                end_offset: end,
                delivered_offset: frozen.min(end),
                memory_offset: frozen.min(end / 50 * 50),
                disk_offset: frozen.min(end / 50 * 50),
                committed_offset: frozen.min(end / 50 * 50),
            });
        }
    }
}

fn windows(findings: &mut Findings, chance: &mut Stream) {
    let spans: Vec<Span> = findings.stalls.iter().map(|stall| stall.until.since(stall.from)).collect();
    let longest = spans.iter().copied().max().unwrap_or(Span::ZERO);
    let duplicates = chance.below(40);
    let figures = |scale: u64| {
        let span = |ms: u64| Figure::Span(Span::from_millis(ms * scale));
        let count = |n: u64| Figure::Count(n * scale);
        let all: [(&str, Figure); 12] = [
            ("lost", count(0)),
            ("skipped", count(0)),
            ("duplicates", count(duplicates)),
            ("delivered", count(24_000)),
            ("stalled.max", Figure::Span(Span::from_nanos(longest.as_nanos() * scale))),
            ("stalled.count", count(3)),
            ("unowned.max", span(15_200)),
            ("unowned.total", span(47_000)),
            ("double_owned.max", span(5_700)),
            ("balance.max_min", count(1)),
            ("balance.idle_members", count(0)),
            ("balance.jain", Figure::Millionths(987_654)),
        ];
        all.into_iter().map(|(name, figure)| (name.to_owned(), figure)).collect::<BTreeMap<_, _>>()
    };
    let window =
        |label: &str, from, until, scale| Window { figures: figures(scale), ..Window::new(label, at(from), at(until)) };
    findings.windows = vec![
        window("measure", 10, 240, 1),
        window("start", 0, 60, 0),
        window("power off c1", 60, 120, 1),
        window("restart c1", 120, 180, 0),
        window("start the new member", 180, 240, 0),
    ];
    findings.duplicate_causes =
        vec![(Cause::CrashLag, duplicates / 2 + 1), (Cause::HandoverBeforeCommit, duplicates / 2)];
    findings.stall_causes = vec![(Cause::Unowned, longest)];
}
