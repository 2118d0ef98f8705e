//! `brokerConf`: a file as it lies on a broker's machine, whatever its name, as Java and RocketMQ read it.

use rebalance_sim::scenario::{ConfFate, Scenario, ScenarioError, parse};

use ConfFate::{
    Elsewhere, Honoured, HonouredAsFalse, Names, NoProperty, NoWord, NotModelled, OfASlave, OfItsMaster, Overridden,
    Unreadable, WithoutEffect,
};

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

/// What no broker reads does not count, and the line says so.
#[test]
fn what_is_no_brokers_property_has_no_effect() {
    let fate_of = |conf: &str| fate(&with("broker.conf", conf).unwrap_or_else(|error| panic!("{error}")), 1);
    for key in [
        "lockMaxLiveTime",
        "retryQueueNums",
        "retryMaxTimes",
        "consumeEnable",
        "clientHousekeepingInterval",
        "nettyEventQueueSize",
        "pullHoldTick",
        "-Drocketmq.broker.rebalance.lockMaxLiveTime",
        "rocketmq.client.name",
    ] {
        assert!(matches!(fate_of(&format!("{key}=1\n")), Elsewhere(_)), "{key}: {:?}", fate_of(&format!("{key}=1\n")));
    }
    assert_eq!(fate_of("chanelExpiredTimeout=60000\n"), NoProperty(Some("channelExpiredTimeout")));
    assert_eq!(fate_of("colour=blue\n"), NoProperty(None));
    assert_eq!(fate_of("flushDiskType=SYNC\n"), NoWord);
    assert_eq!(fate_of("channelExpiredTimeout=60000 # a minute\n"), Unreadable);
    // What the model has not is read by RocketMQ all the same, or is not.
    assert_eq!(fate_of("waitTimeMillsInSendQueue=300 \n"), Unreadable);
    assert!(matches!(fate_of("fileReservedTime=48\n"), NotModelled(_)));
    let scenario =
        with("broker.conf", "retryQueueNums=9\nconsumeEnable=false\n").unwrap_or_else(|error| panic!("{error}"));
    let plain = with("broker.conf", "brokerId=0\n").unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(format!("{:?}", scenario.plan.brokers), format!("{:?}", plain.plan.brokers));
}

/// Each file is of the broker that it names; a slave's is its master's, wherever that stands.
#[test]
fn several_files_make_several_brokers() {
    let files = [
        ("a.conf", "brokerName=broker-a\nbrokerId=0\nbrokerRole=SYNC_MASTER\n"),
        ("a-s.conf", "brokerName=broker-a\nbrokerId=1\nbrokerRole=SLAVE\nchannelExpiredTimeout=30000\n"),
        ("b.conf", "brokerName=broker-b \n"),
        ("c.conf", "brokerName=broker-c\nbrokerRole=SLAVE\nbrokerId=1\n"),
        ("d.conf", "brokerName=broker-d\nenableControllerMode=true\n"),
    ];
    let include = |asked: &str| {
        let file = files.iter().find(|(name, _)| asked.trim_start_matches("./") == *name);
        file.map(|(_, text)| (*text).to_owned()).ok_or("not there".to_owned())
    };
    let read = |brokers: &str| {
        let story = STORY.replace("[\"broker-a\"]\nbroker = { brokerConf = \"NAME\" }", brokers);
        parse("story.toml", &story, &[], &include)
    };
    let described = |brokers: &str| {
        let scenario = read(brokers).unwrap_or_else(|error| panic!("{brokers}: {error}"));
        let names = scenario.plan.brokers.iter().map(|broker| match broker.slave_of {
            Some(master) => format!("{} of {}", broker.name, scenario.plan.brokers[master.at()].name),
            None => broker.name.clone(),
        });
        (names.collect::<Vec<_>>().join(", "), scenario)
    };
    for (brokers, expected) in [
        (
            "[{ brokerConf = \"a-s.conf\" }, { brokerConf = \"a.conf\" }, { brokerConf = \"b.conf\" }]",
            "broker-a, broker-b, broker-a-1 of broker-a",
        ),
        ("[\"broker-a\", { brokerConf = \"a-s.conf\" }]", "broker-a, broker-a-1 of broker-a"),
        (
            "[{ name = \"broker-a\", slaves = 1 }, { brokerConf = \"a-s.conf\" }]",
            "broker-a, broker-a-1 of broker-a, broker-a-2 of broker-a",
        ),
        ("[{ brokerConf = \"c.conf\" }]", "broker-c, broker-c-1 of broker-c"),
        ("[{ name = \"mine\", brokerConf = \"a.conf\" }]", "mine"),
        (
            "[{ brokerConf = \"d.conf\" }, { brokerConf = \"d.conf\" }, { brokerConf = \"d.conf\" }]",
            "broker-d, broker-d-1 of broker-d, broker-d-2 of broker-d",
        ),
    ] {
        assert_eq!(described(brokers).0, expected, "{brokers}");
    }
    let (_, scenario) = described("[{ brokerConf = \"a.conf\" }, { brokerConf = \"a-s.conf\" }]");
    let expiry: Vec<u64> =
        scenario.plan.brokers.iter().map(|b| b.settings.channel_expired_timeout.as_millis()).collect();
    assert_eq!(expiry, [120_000, 30_000]);
    let fate = |file: &str, key: &str| {
        scenario.broker_conf.iter().find(|line| line.file == file && line.key == key).expect("it is told").fate
    };
    assert_eq!((fate("a.conf", "brokerName"), fate("a.conf", "brokerId")), (Names, WithoutEffect));
    assert_eq!((fate("a-s.conf", "brokerName"), fate("a-s.conf", "brokerRole")), (OfItsMaster, OfItsMaster));
    // Two masters of one name are none of RocketMQ's ways.
    let error = read("[{ brokerConf = \"a.conf\" }, \"broker-a\"]").unwrap_err().to_string();
    assert!(error.contains("two hosts are named `broker-a`"), "{error}");
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
