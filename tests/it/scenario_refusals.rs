//! What a scenario file may not say: each is refused with its place, one sentence and the line.

use rebalance_sim::model::ids::ConsumerIndex;
use rebalance_sim::scenario::{Override, parse};

const STORY: &str = r#"title = "t"
duration = "120s"
brokers = ["broker-a", "broker-b"]
expect = ["lost == 0"]

[[topics]]
name = "orders"

[[producers]]
topic = "orders"
rate = "100/s"

[[groups]]
name = "g"
topics = ["orders"]
count = 3
pullBatchSize = 16

[[timeline]]
at = "30s"
action = "kill"
consumer = "c2"
mark = "kill-c2"
"#;

fn none(_: &str) -> Result<String, String> {
    Err("there is none".to_owned())
}

#[test]
fn the_story_reads() {
    parse("t.toml", STORY, &[], &none).unwrap_or_else(|error| panic!("{error}"));
}

/// (text to replace, its replacement, line of the error, offending text, a part of the sentence)
const REFUSED: &[(&str, &str, usize, &str, &str)] = &[
    ("pullBatchSize = 16", "pullBatchSizee = 16", 17, "pullBatchSizee", "did you mean `pullBatchSize`"),
    ("pullBatchSize = 16", "pullBatchSize = 2000", 17, "2000", "allowed is 1 to 1024"),
    ("pullBatchSize = 16", "pullBatchSize = 99999999999999999999", 17, "99999999999999999999", "too large"),
    ("pullBatchSize = 16", "pullBatchSize = \"16\"", 17, "\"16\"", "a whole number from 1 to 1024"),
    ("pullBatchSize = 16", "pollNameServerInterval = 0", 17, "0", "out of range"),
    ("pullBatchSize = 16", "pollNameServerInterval = \"30\"", 17, "\"30\"", "is not a duration"),
    ("pullBatchSize = 16", "messageModel = \"BROADCAST\"", 17, "\"BROADCAST\"", "CLUSTERING or BROADCASTING"),
    ("pullBatchSize = 16", "localOffsetStoreDir = \"/tmp\"", 17, "localOffsetStoreDir", "not modelled"),
    ("pullBatchSize = 16", "offsetStore = \"Memory\"", 17, "\"Memory\"", "known are RemoteBrokerOffsetStore, Local"),
    (
        "pullBatchSize = 16",
        "offsetStore = { name = \"CommitAtEveryUpdate\", latency = \"1ms\" }",
        17,
        "latency",
        "known are",
    ),
    (
        "pullBatchSize = 16",
        "offsetStore = { name = \"ApplicationDatabase\", commit = \"now\" }",
        17,
        "\"now\"",
        "with_work or",
    ),
    (
        "pullBatchSize = 16",
        "messageModel = \"BROADCASTING\"\noffsetStore = \"CommitAtEveryUpdate\"",
        18,
        "\"CommitAtEveryUpdate\"",
        "overwrite each other",
    ),
    ("pullBatchSize = 16", "allocateMessageQueueStrategy = \"STICKY\"", 17, "\"STICKY\"", "remember alike"),
    ("pullBatchSize = 16", "listener = \"ordered\"", 17, "\"ordered\"", "concurrently or orderly"),
    ("pullBatchSize = 16", "commitEvery = 5", 17, "5", "no effect on a concurrent listener"),
    ("pullBatchSize = 16", "listener = \"orderly\"\ncommitEvery = 5", 18, "5", "every batch is committed"),
    (
        "pullBatchSize = 16",
        "listener = \"orderly\"\nfailureResult = \"ROLLBACK\"",
        18,
        "\"ROLLBACK\"",
        "counts ROLLBACK as a success",
    ),
    (
        "pullBatchSize = 16",
        "class = \"DefaultLitePullConsumer\"\nlistener = \"orderly\"",
        18,
        "\"orderly\"",
        "a LitePull consumer has no listener",
    ),
    ("pullBatchSize = 16", "class = \"DefaultMQPullConsumer\"", 17, "\"DefaultMQPullConsumer\"", "no consumer"),
    ("pullBatchSize = 16", "pullThreadNums = 5", 17, "5", "has no effect on a push consumer"),
    (
        "pullBatchSize = 16",
        "subExpression = \"paid || sent\"",
        17,
        "\"paid || sent\"",
        "no tag that a producer sends `paid`",
    ),
    ("pullBatchSize = 16", "instance = \"app\"", 16, "3", "two consumers of one group use the instance `app`"),
    ("pullBatchSize = 16", "consumeThreadMin = 64", 17, "64", "above consumeThreadMax 20"),
    ("pullBatchSize = 16", "allocateMessageQueueStrategy = \"AGV\"", 17, "\"AGV\"", "no strategy"),
    (
        "pullBatchSize = 16",
        "work = { uniform = [\"5ms\", \"1ms\"] }",
        17,
        "{ uniform",
        "the first bound must not be above",
    ),
    ("duration = \"120s\"", "duration = \"0s\"", 2, "\"0s\"", "no time"),
    ("duration = \"120s\"", "duration = 120", 2, "120", "with a unit"),
    ("duration = \"120s\"", "duration = \"99999h\"", 2, "\"99999h\"", "too long"),
    ("at = \"30s\"", "at = \"130s\"", 20, "\"130s\"", "after the end"),
    ("at = \"30s\"", "between = [\"40s\", \"30s\"]", 20, "[\"40s\"", "reversed"),
    ("consumer = \"c2\"", "consumer = \"c9\"", 22, "\"c9\"", "no consumer `c9`"),
    ("action = \"kill\"", "action = \"resume\"", 19, "[[timeline]]", "is running then"),
    ("action = \"kill\"", "action = \"kil\"", 21, "\"kil\"", "did you mean `kill`"),
    ("count = 3", "count = 0", 16, "0", "allowed is 1 to 50000"),
    ("rate = \"100/s\"", "rate = \"100\"", 11, "\"100\"", "is not a rate"),
    ("rate = \"100/s\"", "rate = 0", 11, "0", "out of range"),
    ("topics = [\"orders\"]", "topics = [\"order\"]", 15, "\"order\"", "did you mean `orders`"),
    (
        "brokers = [\"broker-a\", \"broker-b\"]",
        "brokers = [\"broker-a\", \"broker-a\"]",
        3,
        "\"broker-a\"",
        "two hosts",
    ),
    ("lost == 0", "lost = 0", 4, "\"lost = 0\"", "no expectation"),
    ("lost == 0", "unowned.max <= 21", 4, "\"unowned.max <= 21\"", "`21` has no unit"),
    ("lost == 0", "lost == 0s", 4, "\"lost == 0s\"", "`0s` is a length of time"),
    ("lost == 0", "cause.handover_before_comit == 0", 4, "\"cause.handover", "the nearest are handover_before_commit,"),
    ("lost == 0", "some: cause.silent_death >= 1", 4, "\"some: cause.", "there is no cause `silent_death`"),
    (
        "lost == 0",
        "anomaly.unowed == 0",
        4,
        "\"anomaly.unowed",
        "there is no kind of anomaly `unowed`; the nearest are unowned,",
    ),
    ("lost == 0", "trap.E99 == 0", 4, "\"trap.E99", "there is no trap `E99`; known are E1 to E48"),
    ("lost == 0", "phase kil: lost == 0", 4, "\"phase kil", "no step is marked `kil`"),
    ("title = \"t\"", "title = ", 1, "", "not TOML"),
    ("consumer = \"c2\"", "consumer = [\"c1\", \"c2\"]", 22, "[\"c1\"", "write `consumers = [..]` for a list"),
    ("consumer = \"c2\"", "consumers = \"c2\"", 22, "\"c2\"", "write `consumer = ..` for one"),
    ("consumer = \"c2\"", "consumers = [\"c2\", \"c2\"]", 22, "\"c2\"", "named twice"),
    (
        "consumer = \"c2\"",
        "machine = \"node-1\"",
        22,
        "\"node-1\"",
        "there is no machine `node-1`; known are c1, c2, c3",
    ),
    ("consumer = \"c2\"", "consumer = \"c2\"\nnew_address = true", 23, "true", "it belongs to a start or a restart"),
    ("consumer = \"c2\"", "consumer = \"c2\"\nmachine = \"c2\"", 23, "\"c2\"", "beside another target"),
    (
        "action = \"kill\"\nconsumer = \"c2\"",
        "action = \"restart\"\nname_server = \"namesrv\"\nnew_address = true",
        23,
        "true",
        "a name server keeps its address",
    ),
    ("action = \"kill\"\nconsumer = \"c2\"", "action = \"mark\"\nmachine = \"c2\"", 22, "machine", "a step has no key"),
    ("action = \"kill\"", "action = \"shutdown\"", 21, "\"shutdown\"", "did you mean `stop`?"),
    ("action = \"kill\"", "action = \"crash\"", 21, "\"crash\"", "did you mean `kill`?"),
    ("action = \"kill\"", "action = \"silence\"", 21, "\"silence\"", "did you mean `cut`?"),
    ("action = \"kill\"", "action = \"node_down\"", 21, "\"node_down\"", "did you mean `power_off`?"),
    ("action = \"kill\"", "action = \"partition\"", 21, "\"partition\"", "did you mean `cut`?"),
    (
        "action = \"kill\"\nconsumer = \"c2\"",
        "action = \"reset_offsets\"\ntopic = \"orders\"\ngroup = \"g\"\nto = \"now\"",
        24,
        "\"now\"",
        "did you mean `latest`",
    ),
    ("count = 3", "deployment = { replicas = 2, restartPolicy = \"Never\" }", 16, "\"Never\"", "known are Always"),
    ("pullBatchSize = 16", "work = { orders = \"5ms\", order = \"6ms\" }", 17, "order", "did you mean `orders`"),
    ("pullBatchSize = 16", "work = { orders = \"366d\" }", 17, "\"366d\"", "allowed is up to 365 days"),
    (
        "brokers = [\"broker-a\", \"broker-b\"]",
        "brokers = [{ name = \"broker-a\", slaves = [{ slaveReadEnabled = true }] }]",
        3,
        "slaveReadEnabled",
        "did you mean `slaveReadEnable`",
    ),
];

#[test]
fn mistakes_are_shown_where_they_are() {
    for (from, to, line, offending, sentence) in REFUSED {
        assert!(STORY.contains(from), "{from}");
        let error = match parse("t.toml", &STORY.replace(from, to), &[], &none) {
            Err(error) => error,
            Ok(_) => panic!("`{to}` was taken"),
        };
        let text = error.to_string();
        assert!(text.contains(sentence), "{to}: {text}");
        assert_eq!(error.line, *line, "{to}: {text}");
        assert!(error.offending.starts_with(offending), "{to}: {text}");
    }
}

#[test]
fn an_error_shows_file_line_column_and_the_line() {
    let text = STORY.replace("pullBatchSize", "pullBatchSizee");
    let error = parse("t.toml", &text, &[], &none).expect_err("unknown key");
    let expected = "t.toml:17:1: a group has no key `pullBatchSizee`; did you mean `pullBatchSize`?\n\
                    17 | pullBatchSizee = 16\n   | ^^^^^^^^^^^^^^";
    assert_eq!(error.to_string(), expected);
}

#[test]
fn an_empty_file_is_one_sentence() {
    let error = parse("t.toml", "", &[], &none).expect_err("empty");
    assert_eq!(
        error.to_string(),
        "t.toml:1:1: the scenario is empty; it needs at least title, duration, brokers, topics and groups"
    );
}

#[test]
fn overrides_change_values_and_unknown_paths_are_refused() {
    let with = |texts: &[&str]| {
        let changes: Vec<_> = texts.iter().map(|text| Override::parse(text).expect("an override")).collect();
        parse("t.toml", STORY, &changes, &none)
    };
    let scenario =
        with(&["groups.g.pullBatchSize=64", "timeline.0.at=40s", "duration=60s", "broker.longPollingEnable=false"]);
    let scenario = scenario.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(scenario.plan.consumers[0].consumer.pull_batch_size, 64);
    assert_eq!(scenario.plan.duration.as_millis(), 60_000);
    assert!(!scenario.plan.brokers[1].settings.long_polling_enable);
    for (text, sentence) in [
        ("groups.h.pullBatchSize=64", "there is no `h`"),
        ("groups.g.pullBatchSizee=64", "did you mean `pullBatchSize`"),
        ("durations=60s", "did you mean `duration`"),
        ("title.x=1", "would be a part of a string"),
        ("groups.g.count=abc", "this is a string"),
    ] {
        let error = with(&[text]).expect_err(text).to_string();
        assert!(error.starts_with("--set:1:") && error.contains(sentence), "{text}: {error}");
    }
    for text in ["", "duration", "=3", "a..b=1"] {
        assert!(Override::parse(text).is_err(), "{text}");
    }
}

#[test]
fn a_rolling_restart_with_a_drawn_start_keeps_its_distances() {
    use rebalance_sim::kernel::{Instant, Span};
    use rebalance_sim::model::plan::{Action, When};
    let text = STORY
        .replace("at = \"30s\"", "between = [\"30s\", \"40s\"]")
        .replace("action = \"kill\"", "action = \"rolling_restart\"");
    let text = text.replace("consumer = \"c2\"", "group = \"g\"\ninterval = \"10s\"\ndown = \"3s\"");
    let scenario = parse("t.toml", &text, &[], &none).unwrap_or_else(|error| panic!("{error}"));
    let timeline = &scenario.plan.timeline;
    let moments = When::resolve(timeline, |_, from, _| from + Span::from_millis(500));
    let seconds: Vec<u64> = moments.iter().map(|moment| moment.as_millis()).collect();
    assert_eq!(seconds, [0, 0, 0, 30_500, 33_500, 40_500, 43_500, 50_500, 53_500]);
    assert_eq!(timeline[3].label, "kill-c2");
    assert!(
        matches!(&timeline[8].action, Action::StartConsumer { consumer: ConsumerIndex(2), client_id: Some(id), .. } if id.starts_with("10.0.0.3@c3#"))
    );
    assert_eq!(moments[3], Instant::from_millis(30_500));
}

/// What a pod's kubelet, its rollout or its node decide is not for a step.
#[test]
fn steps_of_pods_that_cannot_be_are_refused() {
    let story = |steps: &[&str]| {
        let text = STORY.replace("count = 3", "deployment = { replicas = 2 }");
        let (head, _) = text.split_once("[[timeline]]").expect("a timeline");
        let steps: Vec<String> = steps.iter().map(|step| format!("[[timeline]]\n{step}\n")).collect();
        parse("t.toml", &format!("{head}{}", steps.join("\n")), &[], &none)
    };
    let rollout = "at = \"30s\"\naction = \"rollout\"\ngroup = \"g\"";
    for (steps, sentence) in [
        (vec!["at = \"20s\"\naction = \"restart\"\nconsumer = \"g-1-1\""], "started again by its kubelet"),
        (
            vec![rollout, "at = \"20s\"\naction = \"kill\"\nconsumer = \"g-2-1\""],
            "`g-2-1` is not running then; pods of a later",
        ),
        (
            vec![
                "at = \"20s\"\naction = \"power_off\"\nconsumer = \"g-1-1\"",
                "at = \"30s\"\naction = \"kill\"\nconsumer = \"g-1-1\"",
            ],
            "`g-1-1` is not running then",
        ),
    ] {
        let error = story(&steps).err().unwrap_or_else(|| panic!("{steps:?} was taken")).to_string();
        assert!(error.contains(sentence), "{error}");
    }
    for steps in [
        vec![rollout, "at = \"40s\"\naction = \"kill\"\nconsumer = \"g-2-1\""],
        vec![
            "at = \"20s\"\naction = \"kill\"\nconsumer = \"g-1-1\"",
            "at = \"40s\"\naction = \"kill\"\nconsumer = \"g-1-1\"",
        ],
        vec![
            "at = \"20s\"\naction = \"power_off\"\nconsumer = \"g-1-1\"",
            "at = \"30s\"\naction = \"start\"\nconsumer = \"g-1-1\"",
        ],
    ] {
        story(&steps).unwrap_or_else(|error| panic!("{steps:?}: {error}"));
    }
}

/// As many texts as the machine holds make one scenario.
#[test]
fn seventy_thousand_overrides_are_read() {
    let change = Override::parse("duration=100s").expect("an override");
    let scenario = parse("t.toml", STORY, &vec![change; 70_000], &none).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(scenario.plan.duration.as_millis(), 100_000);
}

proptest::proptest! {
    /// Whatever is typed into a scenario or behind `--set`, the answer is a scenario or a sentence, never a panic.
    #[test]
    fn nothing_typed_makes_a_panic(at in 0..STORY.len(), length in 0_usize..20, typed in "(p9999|\\.p|[0-9]{1,20}|\"|\\[|\\]|=|-1|[a-z:.<=% ]{0,8}|\\PC{0,4})") {
        let end = (at + length).min(STORY.len());
        let text = format!("{}{typed}{}", &STORY[..at], &STORY[end..]);
        if let Err(error) = parse("t.toml", &text, &[], &none) {
            proptest::prop_assert!(error.to_string().starts_with("t.toml:"));
        }
        for path in ["groups.g.count", "timeline.0.at", "expect", "producers.0.rate", "measure.from", "broker"] {
            if let Ok(change) = Override::parse(&format!("{path}={typed}")) {
                let _ = parse("t.toml", STORY, &[change], &none);
            }
        }
    }
}

#[test]
fn quantiles_out_of_range_are_refused() {
    for expected in ["lost.p9999 == 0", "lost.p100.1 == 0", "lost.p99.99 == 0"] {
        let error = parse("t.toml", &STORY.replace("lost == 0", expected), &[], &none).expect_err(expected).to_string();
        assert!(error.contains("is no quantile"), "{expected}: {error}");
    }
}
