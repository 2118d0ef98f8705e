//! Every reader of the program, given real files with mistakes in them: it reads them or says in a sentence why not. It
//! never panics, and a nested or huge value costs it no more than its text.
//!
//! A fixed share is played with the other tests. `READERS_CASES=200000 cargo test --test it -- --ignored a_million` plays
//! so many mistakes a reader; without the variable it is a million over all.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner};
use rebalance_sim::cli::offsets::{OffsetsFormat, print};
use rebalance_sim::conformance::Conformance;
use rebalance_sim::fidelity::Story;
use rebalance_sim::lint::warnings;
use rebalance_sim::mqadmin;
use rebalance_sim::scenario::{Override, parse};
use rebalance_sim::trace;

type Read = fn(&str) -> Result<(), String>;

/// A reader, and texts that it reads.
struct Reader {
    name: &'static str,
    seeds: fn() -> Vec<String>,
    read: Read,
}

const READERS: [Reader; 8] = [
    Reader { name: "scenario", seeds: scenarios, read: read_scenario },
    Reader { name: "override", seeds: overrides, read: read_override },
    Reader { name: "broker.conf", seeds: || files(&["getBrokerConfig.conf", "broker-slave.conf"]), read: read_conf },
    Reader { name: "recording", seeds: || files(&["recording.jsonl"]), read: read_recording },
    Reader { name: "case", seeds: cases, read: read_case },
    Reader { name: "offsets", seeds: offsets, read: read_offsets },
    Reader { name: "queues", seeds: lists, read: read_queues },
    Reader { name: "members", seeds: lists, read: read_members },
];

fn files(names: &[&str]) -> Vec<String> {
    let read = |name: &&str| std::fs::read_to_string(format!("tests/inputs/{name}")).expect("the seed is there");
    names.iter().map(read).collect()
}

fn scenarios() -> Vec<String> {
    let names = [
        "duplicates/kill_9_under_load",
        "releases/kubernetes_rollout",
        "loss/broadcasting_restart",
        "ownership/broker_without_a_machine_room",
        "loss/members_with_different_tags",
    ];
    names.map(|name| std::fs::read_to_string(format!("scenarios/{name}.toml")).expect("the scenario is there")).to_vec()
}

fn overrides() -> Vec<String> {
    ["groups.g.pullBatchSize=64", "duration=60s", "brokers=[\"a\", \"b\"]", "title=y"].map(str::to_owned).to_vec()
}

fn cases() -> Vec<String> {
    files(&["cases.jsonl"])[0].lines().map(str::to_owned).collect()
}

fn offsets() -> Vec<String> {
    const CLIENT: &str = "{\"offsetTable\":{{\"brokerName\":\"b\",\"queueId\":10,\"topic\":\"T\"}:5,{\"brokerName\":\"b\",\"queueId\":9}:-1}}";
    const BROKER: &str = "{\"dataVersion\":{\"counter\":3},\"offsetTable\":{\"T@g\":{1:60,0:5},\"%RETRY%g@g\":{0:0}}}";
    const NESTED: &str = "{\"x\":[[{\"a\":[1,'b',null]}]],\"offsetTable\":{\"{'topic':'T'}\":\"1,000\"}}";
    [CLIENT, BROKER, NESTED].map(str::to_owned).to_vec()
}

fn lists() -> Vec<String> {
    let mut lists = files(&[
        "consumerProgress_5x.txt",
        "topicStatus_5x.txt",
        "consumerConnection_3x.txt",
        "consumerConnection_broadcasting.txt",
        "clusterList.txt",
        "topicRoute.json",
        "rocketmq_client.log",
    ]);
    lists.extend(["T/b/0\nT/b/1\n", "topic,broker,queue_id\nT,b,0\n", "c1\nc2\n"].map(str::to_owned));
    lists
}

fn include(name: &str) -> Result<String, String> {
    crate::scenario_files::include(name)
}

fn read_scenario(text: &str) -> Result<(), String> {
    let scenario = parse("story.toml", text, &[], &include).map_err(|error| error.to_string())?;
    let _ = warnings(&scenario.plan);
    Ok(())
}

fn read_override(text: &str) -> Result<(), String> {
    let change = Override::parse(text).map_err(|error| error.to_string())?;
    let story = &scenarios()[0];
    parse("story.toml", story, &[change], &include).map(drop).map_err(|error| error.to_string())
}

fn read_conf(text: &str) -> Result<(), String> {
    const STORY: &str = "title = \"x\"\nduration = \"60s\"\nbrokers = [\"broker-a\"]\nbroker = { brokerConf = \"a.conf\" }\n\
                         topics = [{ name = \"orders\" }]\ngroups = [{ name = \"g\", count = 2 }]\n";
    parse("story.toml", STORY, &[], &|_| Ok(text.to_owned())).map(drop).map_err(|error| error.to_string())
}

fn read_recording(text: &str) -> Result<(), String> {
    let trace = trace::read("r.jsonl", "r", text).map_err(|error| error.to_string())?;
    let _ = trace::measure(&trace);
    let said = Story::of(&trace, "").map(drop).map_err(|error| error.to_string());
    // It speaks of the recording: the scenario made of it is no file.
    said.inspect_err(|why| assert!(!why.contains(".toml"), "{why}"))
}

fn read_case(text: &str) -> Result<(), String> {
    Conformance::default().check_line(text).map(drop).map_err(|error| error.to_string())
}

fn read_offsets(text: &str) -> Result<(), String> {
    print("offsets.json", text.as_bytes(), OffsetsFormat::Csv, &mut Vec::new()).map_err(|error| error.to_string())
}

fn read_queues(text: &str) -> Result<(), String> {
    mqadmin::queues(text, None).map(drop).map_err(|error| error.to_string())?;
    mqadmin::queues(text, Some("T")).map(drop).map_err(|error| error.to_string())
}

fn read_members(text: &str) -> Result<(), String> {
    mqadmin::members(text).map(drop).map_err(|error| error.to_string())
}

/// What is put in the place of something: ends of ranges, marks of the formats, characters that few expect.
const PIECES: [&str; 40] = [
    "0",
    "-1",
    "1",
    "2147483647",
    "2147483648",
    "4294967296",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551615",
    "1e308",
    "NaN",
    "-0.0",
    "0s",
    "1ns",
    "365d",
    "366d",
    "\"",
    "'",
    "\\",
    "{",
    "}",
    "[",
    "]",
    "=",
    ":",
    ",",
    "\n",
    "\r\n",
    "\t",
    "\0",
    "\u{7f}",
    "\u{1b}[31m",
    "\u{feff}",
    "\u{1f600}",
    "null",
    "true",
    "#",
    "%",
    "..",
    "\"\"\"",
];

/// One mistake: which kind, where in the text in millionths, and with what.
type Mistake = (u8, u32, u32);

fn damaged(seeds: &[String], seed: usize, mistakes: &[Mistake]) -> String {
    let mut text: Vec<char> = seeds[seed % seeds.len()].chars().collect();
    for &(kind, place, with) in mistakes {
        let at = |share: u32, length: usize| (u64::from(share) * length as u64 / (1 << 32)) as usize;
        let from = at(place, text.len() + 1);
        let until = (from + with as usize % 24).min(text.len());
        let piece: Vec<char> = PIECES[with as usize % PIECES.len()].chars().collect();
        match kind % 8 {
            0 => drop(text.drain(from..until)),
            1 => drop(text.splice(from..from, piece)),
            2 => drop(text.splice(from..until.min(from + 1), piece)),
            3 => {
                let again: Vec<char> = text[from..until].repeat(1 + with as usize % 50);
                drop(text.splice(from..from, again));
            }
            4 => text.truncate(from),
            // A number becomes another.
            5 => {
                let digits = |range: &[char]| range.iter().take_while(|c| c.is_ascii_digit()).count();
                if let Some(start) = (from..text.len()).find(|&at| text[at].is_ascii_digit()) {
                    let end = start + digits(&text[start..]);
                    drop(text.splice(start..end, piece));
                }
            }
            // A line comes twice, or a piece of another text comes in.
            6 => {
                let start = text[..from].iter().rposition(|c| *c == '\n').map_or(0, |at| at + 1);
                let end = text[from..].iter().position(|c| *c == '\n').map_or(text.len(), |at| from + at + 1);
                let line = text[start..end].to_vec();
                drop(text.splice(start..start, line));
            }
            _ => {
                let other: Vec<char> = seeds[with as usize % seeds.len()].chars().collect();
                let start = at(with.rotate_left(16), other.len() + 1);
                let end = (start + 200).min(other.len());
                drop(text.splice(from..from, other[start..end].iter().copied()));
            }
        }
    }
    // Nothing that grows by itself: what is long is tested by itself.
    text.truncate(60_000);
    text.into_iter().collect()
}

/// Plays so many mistakes with each reader. `stream` chooses which.
fn play(cases: u32, stream: u8) {
    for reader in &READERS {
        let seeds = (reader.seeds)();
        for seed in
            seeds.iter().filter(|_| reader.name != "queues" && reader.name != "members" && reader.name != "offsets")
        {
            assert_eq!((reader.read)(seed), Ok(()), "{}: a seed is read, or nothing is tested", reader.name);
        }
        let config = Config { cases, failure_persistence: None, max_shrink_iters: 4_000, ..Config::default() };
        let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[stream; 32]));
        let mistakes = proptest::collection::vec(any::<Mistake>(), 1..5);
        let played = runner.run(&(any::<usize>(), mistakes), |(seed, mistakes)| {
            let text = damaged(&seeds, seed, &mistakes);
            if let Err(why) = (reader.read)(&text) {
                prop_assert!(!why.trim().is_empty() && why.len() < 6_000, "no sentence: {why}");
            }
            Ok(())
        });
        if let Err(TestError::Fail(why, (seed, mistakes))) = played {
            panic!("{}: {why}\n{:?}", reader.name, damaged(&seeds, seed, &mistakes));
        }
    }
}

#[test]
fn no_mistake_in_a_file_breaks_its_reader() {
    play(250, 0);
}

#[test]
#[ignore = "no tier: it plays a million mistakes, which takes minutes"]
fn a_million_mistakes_break_no_reader() {
    let cases = std::env::var("READERS_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(125_000);
    play(cases, 1);
}
