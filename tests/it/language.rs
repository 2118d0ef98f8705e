//! Words of the scenario language: whom a step hits and when, addresses that change, pods that come back, names.

use rebalance_sim::model::ids::TopicIndex;
use rebalance_sim::model::ids::{BrokerIndex, ConsumerIndex};
use std::collections::BTreeSet;

use rebalance_sim::kernel::{Distribution, Instant, Span};
use rebalance_sim::model::observation::Observation;
use rebalance_sim::model::plan::{Action, When};
use rebalance_sim::run::{RunOptions, run};
use rebalance_sim::scenario::{Scenario, parse};

use crate::story::{play, scenario};

/// A story of 400 s with what its group and its timeline say.
fn story(group: &str, rest: &str) -> String {
    format!(
        "title = \"Words\"\nquestion = \"Are they understood?\"\nduration = \"700s\"\nbrokers = [\"broker-a\", \"broker-b\"]\nmeasure = {{ from = \"0s\" }}\n\n[[topics]]\nname = \"T\"\nqueues = 4\n\n[[producers]]\ntopic = \"T\"\nrate = \"20/s\"\nuntil = \"600s\"\n\n[[groups]]\nname = \"g\"\n{group}\n{rest}"
    )
}

/// The moments of the steps that are not starts at the beginning, where a window gives another one each time it is drawn.
fn drawn(scenario: &Scenario) -> Vec<Instant> {
    let mut draws = 0;
    let moments = When::resolve(&scenario.plan.timeline, |_, from, _| {
        draws += 1;
        from + Span::from_millis(draws)
    });
    let later =
        |(at, step): (Instant, &rebalance_sim::model::plan::Step)| (step.when != When::At(Instant::ZERO)).then_some(at);
    moments.into_iter().zip(&scenario.plan.timeline).filter_map(later).collect()
}

#[test]
fn a_machine_is_hit_at_one_moment_and_others_where_they_are_asked_to() {
    let on = "consumers = [{ name = \"a\", machine = \"n\" }, { name = \"b\", machine = \"n\" }, { name = \"c\" }]";
    for (target, moments) in [
        ("machine = \"n\"", vec![1, 1]),
        ("machine = \"n\"\ntogether = false", vec![1, 2]),
        ("consumers = [\"a\", \"c\"]", vec![1, 2]),
        ("consumers = [\"a\", \"c\"]\ntogether = true", vec![1, 1]),
        ("group = \"g\"\ntogether = true", vec![1, 1, 1]),
        ("brokers = [\"broker-a\", \"broker-b\"]\ntogether = true", vec![1, 1]),
    ] {
        let entry = format!("[[timeline]]\nbetween = [\"60s\", \"90s\"]\naction = \"power_off\"\n{target}\n");
        let read = scenario(&story(on, &entry));
        let moments: Vec<Instant> = moments.iter().map(|ms| Instant::from_millis(60_000 + ms)).collect();
        assert_eq!(drawn(&read), moments, "{target}");
    }
}

#[test]
fn a_machine_takes_along_its_brokers_and_each_process_once() {
    let text = story(
        "consumers = [{ name = \"a\", instance = \"app\" }]\nmachine = \"n\"",
        "[[groups]]\nname = \"h\"\nconsumers = [{ name = \"b\", instance = \"app\" }]\n\n[[timeline]]\nat = \"60s\"\naction = \"kill\"\nmachine = \"n\"\n",
    );
    let text = text.replace("\"broker-b\"]", "{ name = \"broker-b\", machine = \"n\" }]");
    let read = scenario(&text);
    let killed: Vec<&Action> =
        read.plan.timeline.iter().map(|step| &step.action).filter(|action| action.word() == "kill").collect();
    assert_eq!(killed, [&Action::KillBroker(BrokerIndex(1)), &Action::KillConsumer(ConsumerIndex(0))]);
}

#[test]
fn what_is_down_already_is_passed_over_by_a_step_for_a_machine() {
    let on = "consumers = [{ name = \"a\", machine = \"n\" }, { name = \"b\", machine = \"n\" }, { name = \"c\" }]";
    let first = "[[timeline]]\nat = \"50s\"\naction = \"kill\"\nconsumer = \"a\"\n\n";
    let then = |target: &str| format!("{first}[[timeline]]\nat = \"60s\"\naction = \"power_off\"\n{target}\n");
    scenario(&story(on, &then("machine = \"n\"")));
    let error = parse("t.toml", &story(on, &then("consumers = [\"a\", \"b\"]")), &[], &|_| Err(String::new()));
    let error = error.expect_err("a is down").to_string();
    assert!(error.contains("`a` is not running then"), "{error}");
}

/// When each client id of the group appears, in seconds.
fn starts(scenario: &Scenario, seed: u64, name: &str) -> Vec<(u64, String)> {
    let mut found = Vec::new();
    play(scenario, seed, |seen, names| {
        if let Observation::ConsumerStarting { consumer, client } = seen.what
            && names.consumer(consumer) == name
        {
            found.push((seen.at.as_millis() / 1_000, names.client(client).to_string()));
        }
    });
    found
}

#[test]
fn a_kubelet_starts_a_pod_again_with_its_back_off_and_another_id() {
    let kills: String = [60, 100, 140, 200]
        .map(|at| format!("[[timeline]]\nat = \"{at}s\"\naction = \"kill\"\nconsumer = \"g-1-2\"\n\n"))
        .concat();
    let read = scenario(&story("[groups.deployment]\nreplicas = 3", &kills));
    let found = starts(&read, 1, "g-1-2");
    assert_eq!(found.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [0, 60, 110, 160, 240]);
    let ids: BTreeSet<&str> = found.iter().map(|(_, id)| id.as_str()).collect();
    let addresses: BTreeSet<&str> = ids.iter().map(|id| id.split('@').next().expect("an id")).collect();
    assert_eq!((ids.len(), addresses.len()), (5, 1), "{ids:?}");
}

#[test]
fn a_pod_on_a_lost_node_is_replaced_after_its_eviction_with_another_address() {
    for (settings, back) in [("", 400), ("tolerationSeconds = 30\nnode_monitor_grace_period = 50", 140)] {
        let off = "[[timeline]]\nat = \"60s\"\naction = \"power_off\"\nconsumer = \"g-1-2\"\n";
        let read = scenario(&story(&format!("[groups.deployment]\nreplicas = 3\n{settings}"), off));
        let found = starts(&read, 1, "g-1-2");
        assert_eq!(found.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [0, back]);
        let address = |at: usize| found[at].1.split('@').next().expect("an id").to_owned();
        assert_ne!(address(0), address(1));
    }
}

#[test]
fn pods_of_a_rollout_can_be_named_and_a_step_that_finds_nobody_is_said() {
    let rollout = "[[timeline]]\nat = \"60s\"\naction = \"rollout\"\ngroup = \"g\"\n\n";
    let kill = |pod: &str, at: u64| format!("[[timeline]]\nat = \"{at}s\"\naction = \"kill\"\n{pod}\n\n");
    let missed = |text: &str| {
        let outcome = run(&scenario(&story("[groups.deployment]\nreplicas = 2", text)), 3, RunOptions::default());
        outcome.findings.anomalies.iter().filter(|anomaly| anomaly.kind.word() == "step_hits_nobody").count()
    };
    assert_eq!(missed(&format!("{rollout}{}", kill("consumer = \"g-2-1\"", 300))), 0);
    assert_eq!(missed(&format!("{rollout}{}", kill("consumer = \"g-1-1\"", 300))), 1);
    assert_eq!(missed(&format!("{rollout}{}", kill("group = \"g\"", 300))), 0, "some of all the pods are there");
}

/// A broker that comes back elsewhere is found by its clients after their next route poll, and not before.
#[test]
fn clients_find_a_broker_at_its_new_address_after_their_route_poll() {
    let step = |new: bool| {
        format!(
            "[[timeline]]\nat = \"65s\"\naction = \"power_off\"\nbroker = \"broker-b\"\n\n[[timeline]]\nat = \"66s\"\naction = \"start\"\nbroker = \"broker-b\"\nnew_address = {new}\n"
        )
    };
    let back = |new: bool, seed: u64| {
        let (mut at, mut up) = (None, false);
        play(&scenario(&story("count = 2\nstart = \"0s\"", &step(new))), seed, |seen, names| match seen.what {
            Observation::BrokerUp { broker } if names.broker(broker) == "broker-b" => up = seen.at > Instant::ZERO,
            Observation::MemberAdded { broker, .. } if up && names.broker(broker) == "broker-b" => {
                at = at.or(Some(seen.at.as_millis()));
            }
            _ => {}
        });
        at.expect("a member comes back")
    };
    for seed in 0..5 {
        // Route polls come 10 ms and every 30 s after the start, heartbeats a second later.
        assert!((66_000..=91_500).contains(&back(false, seed)));
        assert!((90_000..=125_000).contains(&back(true, seed)), "{}", back(true, seed));
    }
}

#[test]
fn a_consumer_that_comes_back_elsewhere_leaves_its_old_connection_half_open() {
    let entry = "[[timeline]]\nat = \"60s\"\naction = \"power_off\"\nconsumer = \"c1\"\n\n[[timeline]]\nat = \"70s\"\naction = \"start\"\nconsumer = \"c1\"\nnew_address = true\n";
    let read = scenario(&story("count = 3", entry));
    let found = starts(&read, 2, "c1");
    assert!(found[0].1 != found[1].1 && found[1].1.ends_with("@c1"), "{found:?}");
    let mut gone = Vec::new();
    play(&read, 2, |seen, names| {
        if let Observation::MemberRemoved { client, .. } = seen.what
            && **names.client(client) == *found[0].1
        {
            gone.push(seen.at.as_millis() / 1_000);
        }
    });
    // Nobody answers what the brokers send to the old address: they wait for 120 s of silence.
    assert!(!gone.is_empty() && gone.iter().all(|at| (150..=200).contains(at)), "{gone:?}");
}

#[test]
fn work_is_given_by_topic() {
    let topics =
        |text: String| text.replace("[[topics]]\nname = \"T\"", "[[topics]]\nname = \"U\"\n\n[[topics]]\nname = \"T\"");
    let work = |line: &str| {
        let read = scenario(&topics(story(&format!("count = 1\n{line}"), "")));
        let listener = read.plan.consumers[0].listener.clone();
        [0, 1].map(TopicIndex).map(|topic| listener.work_on(topic).clone())
    };
    let ms = |ms| Distribution::Constant(Span::from_millis(ms));
    assert_eq!(work("work = { U = \"5ms\", T = \"200ms\" }"), [ms(5), ms(200)]);
    assert_eq!(work("work = { T = \"200ms\" }"), [Distribution::ZERO, ms(200)]);
    assert_eq!(
        work("work = { T = { uniform = [\"1ms\", \"2ms\"] } }")[1],
        Distribution::Uniform(Span::from_millis(1), Span::from_millis(2))
    );
    assert_eq!(work("work = { exponential = \"3ms\" }")[0], Distribution::Exponential(Span::from_millis(3)));
    let own = "work = \"7ms\"\nconsumers = [{ name = \"x\", work = { T = \"9ms\" } }]";
    assert_eq!(work(&format!("{own}\n"))[..], [ms(7), ms(9)]);
}

#[test]
fn slaves_have_settings_of_their_own() {
    let text = story("count = 1", "").replace(
        "brokers = [\"broker-a\", \"broker-b\"]",
        "brokers = [{ name = \"broker-a\", slaveReadEnable = true, slaves = [{ slaveReadEnable = false, machine = \"n\" }, { name = \"third\" }] }, \"broker-b\"]",
    );
    let brokers = scenario(&text).plan.brokers;
    let said: Vec<_> =
        brokers.iter().map(|b| (b.name.as_str(), b.slave_of, b.broker_id, b.settings.slave_read_enable)).collect();
    assert_eq!(
        said,
        [
            ("broker-a", None, 0, true),
            ("broker-b", None, 0, false),
            ("broker-a-1", Some(BrokerIndex(0)), 1, false),
            ("third", Some(BrokerIndex(0)), 2, true)
        ]
    );
    assert_eq!(brokers[2].machine.as_deref(), Some("n"));
}

#[test]
fn generated_names_give_way_to_given_ones() {
    let named = "consumers = [{ name = \"p1\" }, { name = \"c2\" }, { name = \"broker-a-1\" }, { name = \"namesrv\" }]\ncount = 6";
    let text = story(named, "").replace("[\"broker-a\", \"broker-b\"]", "[{ name = \"broker-a\", slaves = 1 }]");
    let plan = scenario(&text).plan;
    let names: Vec<&str> = plan.consumers.iter().map(|consumer| consumer.name.as_str()).collect();
    assert_eq!(names, ["p1", "c2", "broker-a-1", "namesrv", "c1", "c3"]);
    let others = [&plan.producers[0].name, &plan.brokers[1].name, &plan.name_servers[0].name];
    assert_eq!(others, ["p2", "broker-a-2", "namesrv-2"]);
}

/// Times of a year where milliseconds are meant: what would happen after the end of the clock never happens.
#[test]
fn the_longest_times_do_not_overflow() {
    for (environment, group, rest) in [
        (
            "",
            "count = 1",
            "[[timeline]]\nat = \"1s\"\naction = \"loss\"\nfrom = [\"broker-a\"]\nshare = 1.0\nretransmission = \"365d\"\n",
        ),
        (
            "environment = { broker_processors = 1, list_entry_time = \"365d\", notification_time = \"365d\" }",
            "count = 60",
            "",
        ),
        ("environment = { client_start = \"365d\", crowded_start = \"365d\" }", "count = 2", ""),
        (
            "environment = { client_broker_latency = \"365d\", service_time = \"365d\", cold_call = \"365d\" }",
            "count = 2",
            "",
        ),
        ("environment = { process_boot = \"365d\", channel_event = \"365d\", log_flush = \"365d\" }", "count = 2", ""),
        ("", "count = 2\nwork = \"365d\"\nconsumeTimeout = \"365d\"\npullTimeDelayMillsWhenException = \"365d\"", ""),
        (
            "",
            "count = 2",
            &"[[timeline]]\nat = \"1s\"\naction = \"clock\"\nconsumer = \"c1\"\nby = \"-365d\"\n\n".repeat(12),
        ),
        (
            "",
            "count = 2",
            &"[[timeline]]\nat = \"1s\"\naction = \"clock\"\nbroker = \"broker-a\"\nby = \"365d\"\n\n".repeat(300),
        ),
    ] {
        let text = story(group, rest)
            .replace("measure =", &format!("{environment}\nmeasure ="))
            .replace("700s", "30s")
            .replace("600s", "20s");
        let outcome = run(&scenario(&text), 1, RunOptions::default());
        assert!(outcome.end <= Instant::from_millis(30_000));
    }
}
