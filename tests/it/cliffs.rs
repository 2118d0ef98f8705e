//! Inputs of a few hundred bytes that once cost all memory, all time or the stack: each ends with a sentence.

use std::sync::atomic::AtomicBool;

use rebalance_sim::conformance::Conformance;
use rebalance_sim::mqadmin;
use rebalance_sim::run::{RunOptions, run, try_run};
use rebalance_sim::scenario::{Estimate, Scenario, ScenarioError, parse};
use rebalance_sim::trace;

use crate::cli::rebalance_sim;

/// A small cluster with more in it.
fn story(more: &str) -> Result<Scenario, ScenarioError> {
    let has = |key: &str| more.lines().any(|line| line.starts_with(&format!("{key} = ")));
    let mut text = more.to_owned() + "\n";
    for (key, value) in [
        ("title", "\"x\""),
        ("duration", "\"5s\""),
        ("brokers", "[\"b\"]"),
        ("topics", "[{ name = \"t\" }]"),
        ("groups", "[{ name = \"g\", count = 1 }]"),
    ] {
        if !has(key) {
            text += &format!("{key} = {value}\n");
        }
    }
    parse("story.toml", &text, &[], &|name| Err(format!("no {name}")))
}

#[test]
fn time_that_stands_still_ends_the_run() {
    let quick = "environment = { client_broker_latency = \"0s\", service_time = \"0s\", client_start = \"0s\", client_instance_start = \"0s\" }";
    let table = [
        (
            "groups = [{ name = \"g\", count = 1, pullTimeDelayMillsWhenException = 0 }]\n\
             timeline = [{ at = \"3s\", action = \"kill\", broker = \"b\" }]\n",
            "call_failed, pull_due",
        ),
        (
            "groups = [{ name = \"g\", count = 1, rebalanceMinInterval = 0, rebalanceWaitInterval = \"1s\", \
             allocateMessageQueueStrategy = { name = \"CONFIG\", messageQueueList = [\"t/b/0\"] } }]\n",
            "rebalance_woken",
        ),
    ];
    for (more, events) in table {
        let scenario = story(&format!("{quick}\n{more}")).unwrap_or_else(|error| panic!("{error}"));
        let circle = try_run(&scenario, 0, RunOptions::default(), &AtomicBool::new(false))
            .expect_err("it has no end")
            .to_string();
        assert!(circle.contains("time stands still") && circle.contains(events), "{circle}");
    }
}

/// What is busy for a while comes to an end: a crowd at one instant, a backlog without work, delays of zero.
#[test]
fn what_is_only_busy_is_played() {
    let table = [
        "environment = { client_broker_latency = \"0s\" }\ngroups = [{ name = \"g\", count = 300 }]\n",
        "broker = { messageDelayLevel = \"0s\" }\nenvironment = { client_broker_latency = \"0s\", service_time = \"0s\" }\n\
         producers = [{ topic = \"t\", rate = \"10/s\" }]\n\
         groups = [{ name = \"g\", count = 1, failures = 1.0, work = \"0s\" }]\n",
        "environment = { client_broker_latency = \"0s\", service_time = \"0s\" }\n\
         producers = [{ topic = \"t\", rate = \"1000/s\", until = \"4s\" }]\n\
         groups = [{ name = \"g\", count = 1, work = \"0s\", start = \"4s\" }]\n",
    ];
    for more in table {
        let scenario = story(more).unwrap_or_else(|error| panic!("{error}"));
        assert!(run(&scenario, 0, RunOptions::default()).events > 100, "{more}");
    }
}

#[test]
fn what_does_not_fit_into_memory_is_refused_before() {
    let brokers: Vec<String> = (0..120).map(|n| format!("\"b{n}\"")).collect();
    let brokers = format!("brokers = [{}]", brokers.join(", "));
    let many =
        |count: usize, of: &str| (0..count).map(|n| of.replace('N', &n.to_string())).collect::<Vec<_>>().join(", ");
    let topics = many(8, "{ name = \"tN\", queues = 16384 }");
    let table = [
        (format!("{brokers}\ntopics = [{{ name = \"t\", queues = 16384 }}]"), "lower the number of queues"),
        (
            format!(
                "topics = [{topics}]\ngroups = [{{ name = \"g\", count = 1, copies = 20, topics = [{}] }}]",
                many(8, "\"tN\"")
            ),
            "lower the number of queues",
        ),
        (
            format!(
                "{brokers}\ntimeline = [{{ at = \"1s\", action = \"set_queues\", topic = \"t\", queues = 16384 }}]"
            ),
            "lower the number of queues",
        ),
        (
            "groups = [{ name = \"g\", count = 100, allocateMessageQueueStrategy = { name = \"CONSISTENT_HASH\", \
             virtualNodeCnt = 100000 } }]"
                .to_owned(),
            "lower virtualNodeCnt",
        ),
    ];
    for (more, advice) in table {
        let error = story(&more).map(|_| ()).expect_err(&more).to_string();
        assert!(error.contains(advice) && error.len() < 3_000, "{error}");
    }
    // A large cluster is none of these.
    let large = "groups = [{ name = \"g\", count = 5000 }]\ntopics = [{ name = \"t\", queues = 16384 }]\n\
                 producers = [{ topic = \"t\", rate = \"1/s\" }]\nduration = \"365d\"";
    assert!(story(large).is_ok());
}

#[test]
fn what_takes_hours_or_gibibytes_is_estimated_first() {
    let year = "duration = \"365d\"\nproducers = [{ topic = \"t\", rate = \"1000/s\" }]";
    let crowd = "groups = [{ name = \"g\", count = 5000 }]\nduration = \"1m\"";
    let table = [
        (year, [(31_000_000_000, 32_000_000_000), (50_000_000_000, 200_000_000_000), (10_000, 100_000)]),
        // Each is told of each, and looks once a second.
        (crowd, [(0, 0), (50_000, 500_000), (5, 60)]),
    ];
    for (more, [messages, events, seconds]) in table {
        let estimate = Estimate::of(&story(more).unwrap_or_else(|error| panic!("{error}")).plan, false);
        assert!((messages.0..=messages.1).contains(&estimate.messages), "{estimate:?}");
        assert!((events.0..=events.1).contains(&estimate.events), "{estimate:?}");
        assert!((seconds.0..=seconds.1).contains(&(estimate.nanos / 1_000_000_000)), "{estimate:?}");
    }
}

/// What is estimated is what happens, within a factor of two and a half.
#[test]
fn estimates_are_near() {
    let brokers = "brokers = [\"a\", \"b\", \"c\", \"d\"]\n";
    let table = [
        format!(
            "duration = \"60s\"\n{brokers}topics = [{{ name = \"t\", queues = 25 }}]\nproducers = [{{ topic = \"t\", rate = \"100/s\" }}]\ngroups = [{{ name = \"g\", count = 10 }}]"
        ),
        format!(
            "duration = \"30s\"\n{brokers}topics = [{{ name = \"t\", queues = 50 }}]\ngroups = [{{ name = \"g\", count = 200 }}]"
        ),
        "duration = \"10m\"\ngroups = [{ name = \"g\", count = 4 }]".to_owned(),
    ];
    for more in table {
        let scenario = story(&more).unwrap_or_else(|error| panic!("{error}"));
        let (told, played) =
            (Estimate::of(&scenario.plan, false).events, run(&scenario, 0, RunOptions::default()).events);
        assert!(told * 2 / 5 < played && played < told * 5 / 2, "{told} told, {played} played: {more}");
    }
}

#[test]
fn no_depth_of_a_text_reaches_the_end_of_the_stack() {
    const DEEP: usize = 50_000;
    let (open, close) = ("[".repeat(DEEP), "]".repeat(DEEP));
    let near = "MACHINE_ROOM_NEARBY-".repeat(DEEP) + "AVG";
    let sentences = [
        story(&format!("a = {open}{close}")).map(drop).expect_err("too deep").to_string(),
        story(&format!("{}b = 1", "a.".repeat(DEEP))).map(drop).expect_err("too deep").to_string(),
        story(&format!("groups = [{{ name = \"g\", count = 1, allocateMessageQueueStrategy = \"{near}\" }}]"))
            .map(drop)
            .expect_err("too deep")
            .to_string(),
        trace::read("r.jsonl", "r", &format!("{{\"trace\":{open}{close}}}")).expect_err("too deep").to_string(),
        Conformance::default()
            .check_line(&format!("{{\"id\":\"x\",\"strategy\":{open}{close}}}"))
            .expect_err("too deep")
            .to_string(),
        mqadmin::queues(&open, None).expect_err("no list").to_string(),
    ];
    for sentence in sentences {
        assert!(!sentence.is_empty() && sentence.len() < 3_000, "{sentence}");
    }
    // A case that holds a deep text is read: the reader of offsets refuses it, as fastjson does.
    let nested = format!("{{\\\"x\\\":{open}{close}}}");
    let class = "com.alibaba.fastjson.JSONException";
    let case = format!(
        "{{\"id\":\"a\",\"kind\":\"read\",\"text\":\"{nested}\",\"result\":\"exception\",\"class\":\"{class}\"}}"
    );
    assert_eq!(Conformance::default().check_line(&case), Ok(None));
    let another = Conformance::default().check_line(&case.replace(class, "x")).expect_err("no answer of fastjson's");
    assert!(another.to_string().len() < 200, "{another}");
    for (depth, read) in [(500, true), (513, false)] {
        let text = format!("{{\"x\":{}{},\"offsetTable\":{{}}}}", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(rebalance_sim::offset::fastjson::read_offset_file(&text).is_ok(), read, "{depth}");
    }
}

#[test]
fn rings_and_devices_and_threads_have_bounds() {
    let ring = "{\"id\":\"x\",\"strategy\":\"CONSISTENT_HASH\",\"tags\":[],\"params\":{\"virtual_nodes\":2147483647},\
                \"mq_all\":[[\"T\",\"b\",0]],\"cid_all\":[\"a\"],\"extra_cids\":[],\"result\":{\"a\":[]},\"error\":null}";
    let error = Conformance::default().check_line(ring).expect_err("too large").to_string();
    assert!(error.contains("allowed are up to 2000000"), "{error}");
    let hash = "--topic T --brokers b --queues 4 --count 2 --strategy MACHINE_ROOM_NEARBY-CONSISTENT_HASH --virtual-nodes 1000000000";
    let allocate: Vec<&str> = std::iter::once("allocate").chain(hash.split(' ')).collect();
    let mut table: Vec<(&[&str], i32, &str)> = vec![
        (&allocate, 2, "lower virtualNodeCnt"),
        (
            &[
                "run",
                "scenarios/duplicates/kill_9_under_load.toml",
                "--seeds",
                "18446744073709551613..18446744073709551615",
                "--jobs",
                "100000",
            ],
            0,
            "",
        ),
        (&["validate", "tests/inputs/recording.jsonl", "--seeds", "18446744073709551615"], 2, "cannot be counted"),
    ];
    if cfg!(target_os = "linux") {
        table.push((&["run", "/dev/zero"], 2, "MiB, the most that is read of such a file"));
        table.push((&["offsets", "/dev/zero"], 2, "MiB, the most that is read of such a file"));
        table.push((&["conformance", "/dev/zero"], 2, "MiB, the most that is read of such a file"));
        table.push((&["validate", "/dev/zero"], 2, "MiB, the most that is read of such a file"));
        table.push((
            &["allocate", "--count", "1", "--queues-file", "/dev/zero"],
            2,
            "MiB, the most that is read of such a file",
        ));
    }
    for (arguments, expected, sentence) in table {
        let (code, _, stderr) = rebalance_sim(arguments);
        assert!(code == expected && stderr.contains(sentence), "{arguments:?}: {code} {stderr}");
    }
}

#[test]
fn a_recording_keeps_to_its_length_and_becomes_toml_whatever_it_says() {
    const HEADER: &str = "{\"trace\": 1, \"name\": \"x\", \"rocketmq\": \"5.3.3\", \"seconds\": 1, \"topics\": [\"T\"], \
        \"brokers\": [\"b\"], \"queues_per_broker\": 1, \"allocate_strategy\": \"AVG\", \"message_model\": \"clustering\", \
        \"listener\": \"concurrent\", \"work_ms\": 0, \"consume_threads\": 1, \"await_termination_ms\": 0, \
        \"send_rate_per_s\": 0, \"consume_from\": \"first\", \"steps\": [[0, \"start\", \"c1\"]]}\n\
        {\"t\": 0, \"ev\": \"step\", \"action\": \"start\", \"target\": \"c1\"}\n\
        {\"t\": 0, \"ev\": \"starting\", \"who\": \"c1\", \"client\": \"x\"}\n";
    let sent = |t: &str, until: &str, from: &str, to: &str| {
        format!(
            "{{\"t\": {t}, \"until\": {until}, \"ev\": \"sent\", \"queue\": \"T/b/0\", \"from\": {from}, \"to\": {to}}}\n"
        )
    };
    let read = |more: &str| trace::read("r.jsonl", "r", &format!("{HEADER}{more}")).map_err(|error| error.to_string());
    for (more, sentence) in [
        (sent("0", "4611686018427387904", "0", "0"), "lies outside the recording, which lasts 1 s"),
        (sent("9223372036854775807", "9223372036854775807", "0", "0"), "lies outside the recording"),
        (sent("0", "9223372036854775808", "0", "0"), "this is no event"),
        (sent("0", "1", "0", "9223372036854775807"), "allowed are offsets up to"),
        (sent("0", "1", "0", "20000000"), "10000000 in a run"),
    ] {
        let error = read(&more).expect_err(&more);
        assert!(error.starts_with("r.jsonl, line 4: ") && error.contains(sentence), "{error}");
    }
    // A little late still counts.
    assert!(read(&sent("0", "1001", "0", "0")).is_ok());
    let plain = |header: String| {
        trace::read("r.jsonl", "r", &header).map(|trace| rebalance_sim::fidelity::Story::of(&trace, ""))
    };
    let odd = HEADER.replace("\"name\": \"x\"", "\"name\": \"\\u007f\\u001b[31m \\\\ \\\" '''\"");
    assert!(plain(odd).expect("it is a recording").is_ok());
    let refused = HEADER.replace("\"AVG\"", "\"N\\u007fO\"");
    let why = plain(refused).expect("it is a recording").expect_err("no such strategy").to_string();
    assert!(why.contains("is no strategy") && !why.contains(".toml"), "{why}");
}
