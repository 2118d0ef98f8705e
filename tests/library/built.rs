//! A cluster that is built by hand says what the file of it says.

use rebalance_sim::{Cluster, Group, Scenario, Setting, Sweep, millis, secs};

/// Clusters, and the same as somebody would write them.
fn pairs() -> [(Cluster, &'static str); 2] {
    [small(), large()]
}

fn small() -> (Cluster, &'static str) {
    (
        Cluster::new().broker("a").topic("orders", 8).group(Group::new("g").members(12)).at(secs(40)).kill("c2"),
        "title = 'x'\nduration = '120s'\nbrokers = ['a']\ntopics = [{ name = 'orders', queues = 8 }]\n\
             [[groups]]\nname = 'g'\ntopics = ['orders']\ncount = 12\n\
             [[timeline]]\nat = '40s'\naction = 'kill'\nconsumer = 'c2'\n",
    )
}

fn large() -> (Cluster, &'static str) {
    (
        Cluster::new()
            .lasts(secs(200))
            .broker("broker-a")
            .broker("broker-b")
            .topic("orders", 4)
            .topic("payments", 2)
            .producer("orders", "50/s")
            .producer_until("payments", "10/s", secs(100))
            .environment("lan")
            .measured_from("release")
            .set("broker.notifyConsumerIdsChangedEnable", true)
            .group(
                Group::new("one")
                    .topics(["orders"])
                    .members(3)
                    .member("special")
                    .work_between(millis(1), millis(9))
                    .strategy("CONSISTENT_HASH")
                    .offset_store("CommitAtEveryUpdate")
                    .set("persistConsumerOffsetInterval", secs(1))
                    .set("pullBatchSize", 16),
            )
            .group(Group::new("two").members(2).listener("orderly"))
            .group(Group::new("all").broadcasting().set("start", vec![Setting::from("0s"), Setting::from(secs(20))]))
            .between(secs(50), secs(60))
            .mark("release")
            .stop("special")
            .at(secs(90))
            .start("special")
            .at(secs(100))
            .kill_broker("broker-b")
            .at(secs(110))
            .start_broker("broker-b")
            .at(secs(120))
            .pause("c1")
            .at(secs(130))
            .resume("c1")
            .at(secs(135))
            .power_off("c1")
            .at(secs(140))
            .stop_broker("broker-a")
            .at(secs(145))
            .with("broker", "broker-a")
            .action("start"),
        "title = 'y'\nduration = '200s'\nbrokers = ['broker-a', 'broker-b']\nenvironment = 'lan'\n\
             measure = { from = 'release' }\nbroker = { notifyConsumerIdsChangedEnable = true }\n\
             topics = [{ name = 'orders', queues = 4 }, { name = 'payments', queues = 2 }]\n\
             producers = [{ topic = 'orders', rate = '50/s' }, { topic = 'payments', rate = '10/s', until = '100s' }]\n\
             [[groups]]\nname = 'one'\ntopics = ['orders']\ncount = 3\nwork = { uniform = ['1ms', '9ms'] }\n\
             allocateMessageQueueStrategy = 'CONSISTENT_HASH'\noffsetStore = 'CommitAtEveryUpdate'\n\
             persistConsumerOffsetInterval = '1s'\npullBatchSize = 16\nconsumers = [{ name = 'special' }]\n\
             [[groups]]\nname = 'two'\ncount = 2\nlistener = 'orderly'\n\
             [[groups]]\nname = 'all'\ncount = 1\nmessageModel = 'BROADCASTING'\nstart = ['0s', '20s']\n\
             [[timeline]]\nbetween = ['50s', '60s']\nmark = 'release'\naction = 'stop'\nconsumer = 'special'\n\
             [[timeline]]\nat = '90s'\naction = 'start'\nconsumer = 'special'\n\
             [[timeline]]\nat = '100s'\naction = 'kill'\nbroker = 'broker-b'\n\
             [[timeline]]\nat = '110s'\naction = 'start'\nbroker = 'broker-b'\n\
             [[timeline]]\nat = '120s'\naction = 'pause'\nconsumer = 'c1'\n\
             [[timeline]]\nat = '130s'\naction = 'resume'\nconsumer = 'c1'\n\
             [[timeline]]\nat = '135s'\naction = 'power_off'\nconsumer = 'c1'\n\
             [[timeline]]\nat = '140s'\naction = 'stop'\nbroker = 'broker-a'\n\
             [[timeline]]\nat = '145s'\naction = 'start'\nbroker = 'broker-a'\n",
    )
}

#[test]
fn both_make_the_same_plan_and_the_same_runs() {
    for (cluster, text) in pairs() {
        let built = cluster.scenario().unwrap_or_else(|error| panic!("{error}\n{cluster}"));
        let written = Scenario::from_toml(text).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(format!("{:#?}", built.plan()), format!("{:#?}", written.plan()), "{cluster}");
        let [built, written] = [&built, &written].map(|scenario| Sweep::seeds(0..2).run(scenario));
        assert_eq!(built.results(), written.results(), "{cluster}");
    }
}

#[test]
fn it_prints_as_the_file_that_it_is() {
    for (cluster, _) in pairs() {
        let printed = cluster.to_string();
        assert_eq!(printed, cluster.to_toml());
        assert_eq!(format!("{cluster:?}"), printed);
        let again = Scenario::from_toml(&printed).unwrap_or_else(|error| panic!("{error}\n{printed}"));
        assert_eq!(again.text(), printed);
    }
    let quoted = Cluster::new().title("a \"b\"\n\\c").broker("a").topic("T", 1).group(Group::new("g"));
    assert_eq!(quoted.scenario().expect("quotes are escaped").title(), "a \"b\"\n\\c");
}

#[test]
fn what_the_language_refuses_is_refused_with_its_line() {
    let cluster =
        Cluster::new().broker("a").topic("orders", 8).group(Group::new("g").members(2)).at(secs(40)).kill("c3");
    let why = cluster.scenario().expect_err("there is no c3").to_string();
    assert!(why.contains("`c3`") && why.starts_with("scenario.toml:15:"), "{why}\n{cluster}");
    let misspelt =
        Cluster::new().broker("a").topic("orders", 8).group(Group::new("g").set("pullBachSize", 1)).scenario();
    assert!(misspelt.expect_err("misspelt").to_string().contains("pullBatchSize"));
}
