//! The text of a scenario: where each line comes from, what is assumed, and what would tell more.

use super::*;
use rebalance_sim::model::plan::ConsumerPlan;

/// The whole text of one scenario; `UPDATE_RESULTS=1` writes it anew.
const CHECKOUT: &str = "tests/fixtures/imported/checkout.toml";

#[test]
fn a_scenario_says_where_each_line_comes_from() {
    let written = written(checkout());
    if std::env::var_os("UPDATE_RESULTS").is_some() {
        std::fs::write(CHECKOUT, &written.text).expect("it can be written");
    }
    let expected = std::fs::read_to_string(CHECKOUT).unwrap_or_default();
    assert_eq!(written.text, expected, "\n{}", written.text);
}

/// The lines of a text that are no comments.
fn lines(written: &Written) -> Vec<&str> {
    written
        .text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split("  #").next().unwrap_or(line).trim())
        .collect()
}

#[test]
fn what_nobody_says_is_assumed_and_asked_for() {
    let written = written(vec![output(
        "p.txt",
        "mqadmin consumerProgress",
        vec![
            progress(Some("g"), queue("orders", "broker-a", 0), 5, 5),
            progress(Some("g"), queue("orders", "broker-a", 1), 5, 5),
        ],
    )]);
    let lines = lines(&written);
    for line in ["count = 2", "work = \"5ms\"", "rate = \"100/s\"", "allocateMessageQueueStrategy = \"AVG\""] {
        assert!(lines.contains(&line), "{line} in\n{}", written.text);
    }
    let asked = "`mqadmin consumerConnection -g g` would tell the members of g: the order of their client ids decides who gets \
                 which queue";
    assert!(
        written.remarks.iter().any(|remark| remark.kind == RemarkKind::Missing && remark.sentence == asked),
        "{:?}",
        written.remarks
    );
    assert!(written.text.contains(&format!("# - {asked}.")), "{}", written.text);
}

#[test]
fn settings_are_those_that_the_model_has_and_what_it_refuses_is_a_comment() {
    let setting = |key: &str, value: &str| Fact::BrokerSetting {
        broker: on("broker-a"),
        key: key.to_owned(),
        value: value.to_owned(),
    };
    let written = written(vec![output(
        "broker.conf",
        "broker.conf",
        vec![
            setting("channelExpiredTimeout", "60000"),
            setting("flushDiskType", "SYNC_FLUSH"),
            setting("registerNameServerPeriod", "30000"),
            setting("slaveReadEnable", "TRUE"),
            setting("totalReplicas", "many"),
            setting("lockMaxLiveTime", "1"),
            setting("storePathRootDir", "/data"),
        ],
    )]);
    let lines = lines(&written);
    for line in ["channelExpiredTimeout = 60000", "flushDiskType = \"SYNC_FLUSH\"", "slaveReadEnable = true"] {
        assert!(lines.contains(&line), "{line} in\n{}", written.text);
    }
    // A default, a constant that no file sets, and what says where things are.
    for word in ["registerNameServerPeriod", "lockMaxLiveTime", "storePathRootDir"] {
        assert!(!written.text.contains(word), "{word} in\n{}", written.text);
    }
    assert!(written.text.contains("# not taken over (broker.conf:5): totalReplicas = \"many\": "), "{}", written.text);
}

#[test]
fn a_manifest_gives_pods_and_a_member_of_two_groups_one_process() {
    let workload = Fact::Workload {
        name: "checkout".to_owned(),
        kind: "Deployment".to_owned(),
        replicas: Some(4),
        termination_grace_ms: Some(45_000),
        strategy: some("RollingUpdate"),
        max_surge: some("25%"),
        max_unavailable: some("0"),
        pre_stop_ms: Some(5_000),
        ready_after_ms: None,
        image: None,
    };
    let deployed = written(vec![
        output(
            "p.txt",
            "mqadmin consumerProgress",
            vec![progress(Some("checkout"), queue("orders", "broker-a", 0), 5, 5)],
        ),
        output("deployment.yaml", "a manifest", vec![workload]),
    ]);
    let expected = ["replicas = 4", "maxSurge = \"25%\"", "maxUnavailable = 0", "preStop = \"5000ms\""];
    let own = lines(&deployed);
    expected.iter().for_each(|line| assert!(own.contains(line), "{line} in\n{}", deployed.text));
    assert_eq!(deployed.scenario.plan.consumers.len(), 4);

    let list = |name, group: &'static str| {
        let facts = vec![
            member(Some(group), "a@1", "a:1"),
            subscription(Some(group), "orders", "*"),
            group_is(Some(group), "CLUSTERING"),
        ];
        output(name, "mqadmin consumerConnection", facts)
    };
    let shared = written(vec![list("1.txt", "g"), list("2.txt", "h")]);
    let plan = &shared.scenario.plan;
    assert_eq!(plan.consumers.iter().map(|consumer| consumer.client_id.as_str()).collect::<Vec<_>>(), ["a@1", "a@1"]);
    assert!(plan.consumers[1].instance_of.is_some(), "{}", shared.text);
}

#[test]
fn permissions_and_disabled_groups_are_what_an_operator_did_first() {
    let mut texts = checkout();
    texts.push(output("route.txt", "mqadmin topicRoute", vec![topic_at("orders", on("broker-b"), 4, 4, 4)]));
    texts.push(output(
        "subscriptionGroup.json",
        "subscriptionGroup.json",
        vec![Fact::GroupAt {
            group: "checkout".to_owned(),
            broker: on("broker-a"),
            consume_enable: Some(false),
            consume_broadcast_enable: Some(true),
            retry_queue_nums: Some(1),
            retry_max_times: Some(16),
            consume_message_orderly: None,
        }],
    ));
    let written = written(texts);
    let lines = lines(&written).join("\n");
    let steps = [
        "action = \"set_permission\"\ntopic = \"orders\"\nbrokers = [\"broker-b\"]\nperm = \"r\"\n",
        "action = \"set_group\"\ngroup = \"checkout\"\nbrokers = [\"broker-a\"]\nconsumeEnable = false\n",
        "created = [\"broker-a\"]\n",
    ];
    steps.iter().for_each(|step| assert!(lines.contains(step), "{step} in\n{lines}"));
}

#[test]
fn go_members_are_go_clients_where_a_fact_says_so() {
    let run_by = |id: &str, language: &str, version: &str| Fact::Member {
        group: some("g"),
        client_id: id.to_owned(),
        address: None,
        language: some(language),
        version: some(version),
    };
    let of = |members: &[(&str, &str, &str)], model: &str| {
        let members = members.iter().map(|(id, language, version)| run_by(id, language, version));
        let whole = [subscription(Some("g"), "orders", "*"), group_is(Some("g"), model)];
        written(vec![output("1.txt", "mqadmin consumerConnection", members.chain(whole).collect())])
    };
    let (go_a, go_b, java) = (("a@1", "GO", "V4_5_2"), ("b@1", "GO", "V4_5_2"), ("c@1", "JAVA", "V5_3_3"));
    let (java_b, cpp) = (("b@1", "JAVA", "V5_3_3"), ("d@1", "CPP", "V4_9_7"));
    let two = "2 of g are GO clients, played as such";
    let table: [(&[_], &str, &[&str], &str); 5] = [
        (&[go_a, go_b], "CLUSTERING", &["go-2.1.2", "go-2.1.2"], two),
        (&[go_a, go_b, java], "CLUSTERING", &["go-2.1.2", "go-2.1.2", ""], two),
        (&[go_a, java_b, java], "CLUSTERING", &["go-2.1.2", "", ""], "1 of g is a GO client, played as such"),
        (&[cpp], "CLUSTERING", &[""], "1 of g is a CPP client, which is played as Java's"),
        (&[go_a, go_b], "BROADCASTING", &["go-2.1.2", "go-2.1.2"], two),
    ];
    for (members, model, expected, said) in table {
        let written = of(members, model);
        let go = |consumer: &ConsumerPlan| consumer.client.go.as_ref().map_or("", |go| go.version);
        let played: Vec<&str> = written.scenario.plan.consumers.iter().map(go).collect();
        assert_eq!(played, expected, "{}", written.text);
        let remarks = written.remarks.iter().filter(|remark| remark.kind == RemarkKind::Assumed);
        assert!(remarks.clone().any(|remark| remark.sentence.starts_with(said)), "{said}: {:?}", written.remarks);
    }
    let list = |name, group: &'static str, language| {
        let (address, version) = (None, some("V4_5_2"));
        let (client_id, language) = ("a@1".to_owned(), some(language));
        let member = Fact::Member { group: some(group), client_id, address, language, version };
        let facts = vec![member, subscription(Some(group), "orders", "*"), group_is(Some(group), "CLUSTERING")];
        output(name, "mqadmin consumerConnection", facts)
    };
    for (other, expected) in [("GO", [true; 2]), ("CPP", [false; 2])] {
        let shared = written(vec![list("1.txt", "g", "GO"), list("2.txt", "h", other)]);
        let go: Vec<bool> = shared.scenario.plan.consumers.iter().map(|c| c.client.go.is_some()).collect();
        assert_eq!(go, expected, "one process runs one client:\n{}", shared.text);
    }
    let text = of(&[go_a], "CLUSTERING").text;
    let line = text.lines().find(|written| written.starts_with("clientVersion = \"go-2.1.2\"")).expect("it is there");
    assert!(line.ends_with("# assumed: all releases of the Go client have one version in lists; 1.txt:1"), "{line}");
}
