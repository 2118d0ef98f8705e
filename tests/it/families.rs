//! Recordings of other kinds of consumers and clusters: what of them is read, and what is refused.
//!
//! They lie in `tests/fixtures/recordings/families` without the lines that no measure reads (`done`, `load`, `cpu`, `ack`
//! and `committed`, of which some recordings keep one or the other). `UPDATE_FAMILIES=1 cargo test --test it families` writes
//! `tests/it/families.txt` anew: what each is of, and why one is not played.

use std::fmt::Write as _;
use std::num::NonZeroUsize;
use std::sync::atomic::AtomicBool;

use rebalance_sim::fidelity::{ComparedTrace, Family, Machine, Story, Totals, Unplayed, by_family, predict_stories};
use rebalance_sim::report::fidelity::markdown;
use rebalance_sim::trace::{Trace, What, measure, read};

use crate::recordings::of_families;

/// What the recorded machine is like.
const TWO_CORE_JVM: &str = include_str!("../../scenarios/environments/two-core-jvm.toml");

/// Least coverage of the 99 % band and share of owner maps, in percent, with ten seeds.
const LEAST: (f64, f64) = (70.0, 90.0);
/// The table of the page of results lies between these lines.
const PAGE: (&str, &str) = ("<!-- families: written by UPDATE_RESULTS=1, see above -->\n", "<!-- families end -->\n");

/// A header of the second recorder with every key, and a line of each of its events.
const EVERYTHING: &str = r#"
{"trace":1,"name":"all","rocketmq":"5.3.3","seconds":60,"topics":["T"],"brokers":["broker-a"],"queues_per_broker":2,"allocate_strategy":"AVG","message_model":"clustering","listener":"concurrent","work_ms":0,"consume_threads":20,"await_termination_ms":0,"send_rate_per_s":10,"consume_from":"first","steps":[[0,"start","c1",{"instance":"c1b","client_version":"5.1.4","sub":"a||b","set":{"PopBatchNums":8},"fail_every":5,"pop":true,"class":"push"}],[5,"start","c2",{"client":"go","also":"h"}],[9,"start","c9",{}],[20,"mode","POP",{"share":2}],[30,"broker_stop","broker-a-1"],[40,"broker_cont","broker-a-1"]],"broker_version":"5.3.3","client_version":"4.9.8","clients":{"c1":"java","c2":"go"},"go_client":"v2.1.2","slaves":{"broker-a":1},"broker_role":"SYNC_MASTER","pods":{"p1":["c1"]},"pod_versions":{"p1":"4.9.8"},"class":"lite","sub":"a","tags":["a","b"],"pop":true,"mode":"PULL","pop_share":1,"fail_every":3,"set":{"PopInvisibleTime":10000},"broker_conf":{"timerWheelEnable":"true"},"client_props":{"rocketmq.client.rebalance.waitInterval":"5000"},"monitor_ms":500,"offsets_every":4,"never_started":["c9"],"load_average":[2.5,12.25]}
{"t":-9000,"ev":"mode","mode":"PULL","share":1}
{"t":0,"ev":"step","action":"start","target":"c1"}
{"t":10,"ev":"starting","who":"c1","client":"10.0.0.1@c1b"}
{"t":20,"ev":"pop_own","who":"c1","queues":["T/broker-a/-1"]}
{"t":30,"ev":"members","broker":"broker-a-1","clients":["10.0.0.1@c1b"]}
{"t":40,"ev":"committed","topic":"T","broker":"broker-a-1","offsets":[null,-1]}
{"t":50,"ev":"ack","who":"c1","queue":"%RETRY%g_T/broker-a/0","from":0,"to":1,"until":60}
{"t":60,"ev":"invisible","who":"c1","queue":"T/broker-a/0","offset":4,"ms":10000}
{"t":70,"ev":"fail","who":"c1","queue":"T/broker-a/0","offset":4}
{"t":80,"ev":"sendback","who":"c1","broker":"broker-a"}
{"t":5000,"ev":"step","action":"start","target":"c2"}
{"t":5010,"ev":"starting","who":"c2","client":"10.0.0.2@c2"}
{"t":9000,"ev":"failed","who":"c9","error":"MQClientException"}
{"t":20000,"ev":"step","action":"mode","target":"POP"}
{"t":21000,"ev":"load","clients":{"broker-a":{"heartbeats":1}},"monitor":{"broker-a":{"offset_queries":1}},"cpu_us":{"broker-a":{"(waited)":12}}}
{"t":30000,"ev":"step","action":"broker_stop","target":"broker-a-1"}
{"t":40000,"ev":"step","action":"broker_cont","target":"broker-a-1"}
{"t":60000,"ev":"counts","who":"c1","client":"10.0.0.1@c1b","broker-a":{"heartbeats":7,"list_requests":5,"notifications":3},"namesrv":{"route_polls":2}}
{"t":60000,"ev":"cpu","total_us":{"namesrv":{"all":4070000}}}
"#;

#[test]
fn every_key_and_event_of_the_second_recorder_is_read_and_written_again() {
    let trace = read("f", "f", EVERYTHING.trim()).unwrap_or_else(|error| panic!("{error}"));
    let again = read("f", "f", &trace.to_text()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(trace, again);
    let (mine, theirs): (Vec<&str>, Vec<&str>) = (trace.events.iter().map(|event| event.what.word()).collect(), {
        let lines = EVERYTHING.trim().lines().skip(1);
        lines.map(|line| line.split('"').nth(5).expect("an event has its word")).collect()
    });
    assert_eq!(mine, theirs);
    let header: serde_json::Value =
        serde_json::from_str(EVERYTHING.trim().lines().next().expect("a header")).expect("it is JSON");
    let written: serde_json::Value = serde_json::to_value(&trace.header).expect("a header is JSON");
    for (key, value) in header.as_object().expect("an object").iter().filter(|(key, _)| *key != "steps") {
        let same = written[key] == *value || written[key].as_f64() == value.as_f64() && value.is_number();
        assert!(same, "{key}: {value} became {}", written[key]);
    }
    // Go clients count no requests: where one is, those of the others are no figure of the group.
    let java = EVERYTHING.trim().replace("\"client\":\"go\",", "").replace("\"c2\":\"go\"", "\"c2\":\"java\"");
    let java = read("f", "f", &java).unwrap_or_else(|error| panic!("{error}"));
    for (trace, expected) in [
        (&trace, &[("deliveries_per_thousand", 0), ("redelivered", 0)][..]),
        (&java, &[("deliveries_per_thousand", 0), ("heartbeats", 7), ("list_requests", 5), ("notifications", 3)]),
    ] {
        let whole = measure(trace).whole;
        let figures: Vec<(&str, i64)> = whole.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        assert_eq!(&figures[..expected.len()], expected);
    }
}

#[test]
fn what_the_second_recorder_does_not_write_is_refused() {
    let with = |from: &str, to: &str| {
        assert!(EVERYTHING.contains(from), "{from}");
        EVERYTHING.trim().replace(from, to)
    };
    for (text, expected) in [
        (
            with("\"pop_share\":1", "\"pop_shares\":1"),
            "f, line 1: this is no header of a trace: unknown field `pop_shares`",
        ),
        (with("\"fail_every\":5", "\"fails\":5"), "f, line 1: this is no header of a trace: unknown field `fails`"),
        (
            with("\"class\":\"lite\"", "\"class\":\"pull\""),
            "f, line 1: this is no header of a trace: unknown variant `pull`",
        ),
        (
            with("[9,\"start\",\"c9\",{}]", "[9,\"start\",\"c9\",{},1]"),
            "f, line 1: this is no header of a trace: invalid length 5",
        ),
        (with("\"never_started\":[\"c9\"],", ""), "f, line 1: the step start:c9 of the story never takes effect"),
        (
            with("\"broker\":\"broker-a-1\",\"clients\"", "\"broker\":\"broker-a-2\",\"clients\""),
            "f, line 6: there is no broker `broker-a-2`; the header names broker-a, broker-a-1",
        ),
        (with("[\"T/broker-a/-1\"]", "[\"T/broker-a/-2\"]"), "f, line 5: `T/broker-a/-2` is no queue"),
        (with("\"offset\":4,\"ms\"", "\"offset\":-4,\"ms\""), "f, line 9: the message has offset -4"),
        (with("\"ev\":\"ack\"", "\"ev\":\"nack\""), "f, line 8: this is no event: unknown variant `nack`"),
    ] {
        let got = read("f", "f", &text).map_or_else(|error| error.to_string(), |_| String::new());
        assert!(got.starts_with(expected), "expected {expected:?}, got {got:?}");
    }
}

/// What each recording is of and measures, and why one cannot be played.
#[test]
fn recordings_of_other_kinds_are_told_apart() {
    let mut told = String::new();
    for trace in of_families() {
        let (family, machine) = (Family::of(&trace.header), Machine::of(&trace.header));
        let given = if machine.gives_starts() { "starts given" } else { "starts predicted" };
        let measures = measure(&trace);
        let (phases, again) = (measures.phases.len(), measures.duplicates.unwrap_or_default());
        let whole: String = measures.whole.iter().map(|(name, value)| format!(", {name} {value}")).collect();
        writeln!(told, "{}: {family}, {given}, {phases} phases, {again} again{whole}", trace.name)
            .expect("a text takes all");
        match Story::of(&trace, TWO_CORE_JVM) {
            Ok(story) => assert_eq!(story.who.len(), story.scenario.plan.consumers.len(), "{}", trace.name),
            Err(why) => writeln!(told, "  not played: {why}").expect("a text takes all"),
        }
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/families.txt");
    if std::env::var_os("UPDATE_FAMILIES").is_some() {
        return std::fs::write(path, told).expect("it is written");
    }
    let said = std::fs::read_to_string(path).expect("the kinds are there");
    assert_eq!(said, told, "UPDATE_FAMILIES=1 writes them anew");
}

/// What a recording says of its starts is what a scenario is told.
#[test]
fn starts_of_shared_jvms_take_what_they_took() {
    let trace: Trace = of_families().into_iter().find(|trace| trace.name == "pods_join_40.1").expect("it is there");
    let story = Story::of(&trace, TWO_CORE_JVM).unwrap_or_else(|error| panic!("{error}"));
    let at =
        |wanted: &dyn Fn(&What) -> bool| trace.events.iter().find(|event| wanted(&event.what)).expect("c6 starts").t;
    let began = at(&|what| matches!(what, What::Starting { who, .. } if who == "c6"));
    let over = at(&|what| matches!(what, What::Started { who, .. } if who == "c6"));
    let told = format!(
        "consumer = \"c6\"\nclientId = \"10.0.0.6@c6\"\ntakes = \"{}ms\"\n",
        (over - began) - (over - began) * 9 / 100
    );
    assert!(story.text.contains(&told), "{told}");
}

/// What the machine of a recording says otherwise than an environment, and that no other machine does.
#[test]
fn recordings_of_go_clients_have_a_machine_of_their_own() {
    for trace in of_families() {
        let Ok(story) = Story::of(&trace, TWO_CORE_JVM) else { continue };
        let lines = |wanted: &str| story.text.lines().filter(|line| line.starts_with(wanted)).count();
        let go = usize::from(Machine::of(&trace.header).go);
        assert_eq!(lines("broker_answers = \"when_started\""), go, "{}", trace.name);
        assert_eq!(lines("first_registration = 0.75"), go, "{}", trace.name);
        assert_eq!((lines("first_registration ="), lines("broker_timers =")), (1, 1), "{}", trace.name);
    }
}

/// A process with two consumers starts the one that nobody watches first, and it has what time lies before the other.
#[test]
fn the_silent_neighbour_starts_before_the_consumer_that_is_watched() {
    let trace = of_families().into_iter().find(|trace| trace.name == "go_shared_client.1").expect("it is there");
    let story = Story::of(&trace, TWO_CORE_JVM).unwrap_or_else(|error| panic!("{error}"));
    let starts = story.text.split("[[timeline]]\n").filter(|step| step.contains("action = \"start\""));
    let starts: Vec<String> =
        starts.map(|step| step.trim().replace("action = \"start\"\n", "").replace('\n', ", ")).collect();
    assert_eq!(
        starts,
        [
            "at = \"40.07s\", consumer = \"c1~also\", clientId = \"10.0.0.1@c1\", takes = \"606ms\"",
            "at = \"40.07s\", consumer = \"c2\", clientId = \"10.0.0.2@c2\", takes = \"600ms\"",
            "at = \"40.676s\", consumer = \"c1\", clientId = \"10.0.0.1@c1\", takes = \"361ms\"",
        ]
    );
}

/// Plays those that can be played; the others with the reason.
fn predicted(traces: Vec<Trace>, seeds: &str) -> (Vec<ComparedTrace>, Vec<Unplayed>) {
    let (mut played, mut stories, mut unplayed) = (Vec::new(), Vec::new(), Vec::new());
    for trace in traces {
        match Story::of(&trace, TWO_CORE_JVM) {
            Ok(story) => {
                played.push(trace);
                stories.push(story);
            }
            Err(why) => unplayed.push(Unplayed::of(&trace, why)),
        }
    }
    let jobs = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let seeds = seeds.parse().expect("a number of seeds");
    let compared = predict_stories(&played, &stories, seeds, jobs, &AtomicBool::new(false), || ());
    (compared.unwrap_or_else(|error| panic!("{error}")), unplayed)
}

/// With few seeds the band is narrow: this notices what breaks, and not what is a little off.
#[test]
fn other_kinds_are_within_wide_bounds() {
    let small = |trace: &Trace| trace.header.pods.is_empty();
    let (compared, _) = predicted(of_families().into_iter().filter(small).collect(), "10");
    assert!(compared.len() >= 5, "{} were played", compared.len());
    let totals = Totals::of(&compared);
    assert!(totals.coverage() >= LEAST.0, "coverage {:.2} %", totals.coverage());
    assert!(totals.owner_maps() >= LEAST.1, "owner maps {:.2} %", totals.owner_maps());
}

/// `UPDATE_RESULTS=1 cargo test --locked the_page_of_results_has_the_distance_by_family -- --ignored` writes the table anew.
#[test]
#[ignore = "long tier: 200 seeds of 60 recordings"]
fn the_page_of_results_has_the_distance_by_family() {
    let (compared, unplayed) = predicted(of_families(), "200");
    let table = markdown(&by_family(&compared, &unplayed));
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/results/README.md");
    let page = std::fs::read_to_string(path).expect("the page is there");
    let (before, rest) = page.split_once(PAGE.0).expect("the table begins");
    let (told, behind) = rest.split_once(PAGE.1).expect("the table ends");
    if std::env::var_os("UPDATE_RESULTS").is_some() {
        let page = format!("{before}{}\n{table}\n{}{behind}", PAGE.0, PAGE.1);
        return std::fs::write(path, page).expect("it is written");
    }
    assert_eq!(told.trim(), table.trim(), "UPDATE_RESULTS=1 writes it anew");
}
