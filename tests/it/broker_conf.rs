//! `brokerConf`: a file as it lies on a broker's machine, whatever its name, as Java and RocketMQ read it.

use rebalance_sim::scenario::{ConfFate, Scenario, ScenarioError, parse};

use ConfFate::{Honoured, HonouredAsFalse, OfASlave, Overridden, Unreadable, WithoutEffect};

const STORY: &str = "title = \"a file\"\nduration = \"60s\"\nbrokers = [\"broker-a\"]\nbroker = { brokerConf = \"NAME\" }\n\
                     topics = [{ name = \"orders\" }]\ngroups = [{ name = \"g\", count = 2 }]\n";

fn with(name: &str, conf: &str) -> Result<Scenario, ScenarioError> {
    let include = |asked: &str| match asked == format!("./{name}") {
        true => Ok(conf.to_owned()),
        false => Err(format!("{asked} is not there")),
    };
    parse("story.toml", &STORY.replace("NAME", name), &[], &include)
}

fn fate(scenario: &Scenario, line: usize) -> ConfFate {
    scenario.broker_conf.iter().find(|own| own.line == line).expect("the line says something").fate
}

#[test]
fn each_line_counts_as_java_reads_it() {
    let expiry = |scenario: &Scenario| scenario.plan.brokers[0].settings.channel_expired_timeout.as_millis();
    let notify = |scenario: &Scenario| u64::from(scenario.plan.brokers[0].settings.notify_consumer_ids_changed_enable);
    type Figure = fn(&Scenario) -> u64;
    let table: [(&str, usize, ConfFate, Figure, u64); 13] = [
        ("channelExpiredTimeout=60000\nchannelExpiredTimeout = 30000\n", 1, Overridden(2), expiry, 30_000),
        ("channelExpiredTimeout=60000\nchannelExpiredTimeout = 30000\n", 2, Honoured, expiry, 30_000),
        ("====10.0.0.1:10911====\nchannelExpiredTimeout                 =  60000\n", 2, Honoured, expiry, 60_000),
        ("channelExpiredTimeout 60000\n", 1, Honoured, expiry, 60_000),
        // `Long.parseLong` throws, and the setter is passed over.
        ("channelExpiredTimeout=60000 \n", 1, Unreadable, expiry, 120_000),
        ("channelExpiredTimeout=30s\n", 1, Unreadable, expiry, 120_000),
        ("channelExpiredTimeout=30000L\n", 1, Unreadable, expiry, 120_000),
        ("channelExpiredTimeout=\n", 1, Unreadable, expiry, 120_000),
        ("channelExpiredTimeout=99999999999999999999\n", 1, Unreadable, expiry, 120_000),
        ("notifyConsumerIdsChangedEnable=true \n", 1, HonouredAsFalse, notify, 0),
        ("notifyConsumerIdsChangedEnable=TRUE\n", 1, Honoured, notify, 1),
        ("flushDiskType=ASYNC_FLUSH \n", 1, Honoured, expiry, 120_000),
        ("brokerId=1\n", 1, WithoutEffect, |scenario| scenario.plan.brokers.len() as u64, 1),
    ];
    for (conf, line, expected, figure, value) in table {
        let scenario = with("broker.conf", conf).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!((fate(&scenario, line), figure(&scenario)), (expected, value), "{conf}");
    }
}

#[test]
fn real_files_are_read_whatever_their_names() {
    for name in ["broker-a.properties", "getBrokerConfig.conf", "broker-slave.conf"] {
        let text = std::fs::read_to_string(format!("tests/inputs/{name}")).expect("the file is there");
        let scenario = with(name, &text).unwrap_or_else(|error| panic!("{error}"));
        assert!(scenario.broker_conf.iter().all(|line| line.key.starts_with(|c: char| c.is_ascii_alphabetic())));
        assert!(scenario.broker_conf.iter().any(|line| line.fate == Honoured), "{name}");
        let brokers: Vec<&str> = scenario.plan.brokers.iter().map(|broker| broker.name.as_str()).collect();
        match name {
            "broker-slave.conf" => {
                assert_eq!(brokers, ["broker-a", "broker-a-1"]);
                assert_eq!((fate(&scenario, 3), fate(&scenario, 4)), (OfASlave, OfASlave));
            }
            _ => assert_eq!(brokers, ["broker-a"], "{name}"),
        }
    }
    // RocketMQ starts no slave with the id of a master (`BrokerStartup`).
    let error = with("broker.conf", "brokerRole=SLAVE\nbrokerId=0\n").unwrap_err().to_string();
    assert!(error.starts_with("broker.conf:1:12: a SLAVE without a brokerId above 0 does not start"), "{error}");
}

#[test]
fn what_is_no_broker_conf_is_refused_with_its_line() {
    for (file, line) in [("topicRoute.json", 1), ("rocketmq_client.log", 1), ("subscriptionGroup.json", 1)] {
        let text = std::fs::read_to_string(format!("tests/inputs/{file}")).expect("the file is there");
        let error = with(file, &text).unwrap_err().to_string();
        assert!(error.starts_with(&format!("{file}:{line}:1: this line is no setting")), "{error}");
    }
}

/// A thousand brokers with one file: it is read once, and said once what becomes of its lines.
#[test]
fn a_file_that_many_brokers_name_is_read_once() {
    let brokers: Vec<String> =
        (0..1_000).map(|n| format!("{{ name = \"b{n}\", brokerConf = \"all.conf\" }}")).collect();
    let story =
        STORY.replace("[\"broker-a\"]\nbroker = { brokerConf = \"NAME\" }", &format!("[{}]", brokers.join(", ")));
    let conf = "fileReservedTime=48\n".repeat(20_000) + "channelExpiredTimeout=30000\n";
    let times = std::cell::Cell::new(0);
    let include = |_: &str| {
        times.set(times.get() + 1);
        Ok(conf.clone())
    };
    let scenario = parse("story.toml", &story, &[], &include).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((times.get(), scenario.broker_conf.len()), (1, 20_001));
    assert!(scenario.plan.brokers.iter().all(|b| b.settings.channel_expired_timeout.as_millis() == 30_000));
}
