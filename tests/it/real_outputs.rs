//! Outputs of a real cluster in known states: each file is recognised, members and owners are those that the clients
//! had themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use rebalance_sim::import::cluster::{Wanted, join};
use rebalance_sim::import::section::Input;
use rebalance_sim::import::{Evidence, Fact, read, scenario};
use rebalance_sim::run::{RunOptions, run};
use rebalance_sim::scenario::Scenario;
use serde_json::Value;

/// Where the outputs stand, by version and state.
const ROOT: &str = "tests/fixtures/mqadmin";

/// What the clients said of themselves; it is no output.
const TRUTH: &str = "owners.jsonl";

/// Folders of states, in their order.
fn states() -> Vec<PathBuf> {
    let folders = |path: &Path| -> Vec<PathBuf> {
        let entries = fs::read_dir(path).expect("the fixtures are there");
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("it can be read").path()).collect();
        paths.retain(|path| path.is_dir());
        paths.sort();
        paths
    };
    folders(Path::new(ROOT)).iter().flat_map(|version| folders(version)).collect()
}

/// The files of a state, in their order.
fn files(state: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![state.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the fixtures are there") {
            let path = entry.expect("it can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if !path.ends_with(TRUTH) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn input(path: &Path) -> Input {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    Input { name: path.display().to_string(), text }
}

/// What a state's files say together.
fn evidence(state: &Path) -> Evidence {
    read(&files(state).iter().map(|path| input(path)).collect::<Vec<_>>())
}

/// A client process as it was.
struct Process {
    client_id: String,
    alive: bool,
    own: BTreeSet<String>,
}

/// What the clients had when the outputs were collected, or at the end.
fn truth(state: &Path, when: &str) -> Vec<Process> {
    let text = fs::read_to_string(state.join(TRUTH)).expect("each state has its truth");
    let rows = text.lines().map(|line| serde_json::from_str::<Value>(line).expect("it is JSON"));
    let process = |row: Value| Process {
        client_id: row["client_id"].as_str().expect("it has an id").to_owned(),
        alive: row["alive"] == true,
        own: row["own"].as_array().expect("a list").iter().map(|at| at.as_str().expect("text").to_owned()).collect(),
    };
    rows.filter(|row| row["when"] == when).map(process).collect()
}

#[test]
fn each_file_of_a_real_cluster_is_recognised_alone_and_without_its_call() {
    for file in states().iter().flat_map(|state| files(state)) {
        let whole = input(&file);
        let called = whole.text.split_once('\n').filter(|(call, _)| call.starts_with("$ "));
        // A bare list of names says not of what.
        let tells =
            |call: &str| !call.contains("topicClusterList") && (!call.contains("topicList") || call.contains(" -c"));
        let bare = called.filter(|(call, _)| tells(call)).map(|(_, rest)| rest);
        for text in [Some(whole.text.as_str()), bare].into_iter().flatten() {
            let evidence = read(&[Input { name: whole.name.clone(), text: text.to_owned() }]);
            assert!(!evidence.recognised.is_empty(), "{}: {:?}", file.display(), evidence.notes);
        }
    }
}

/// Notes that are right: a command failed, or says nothing of who has what.
const REMARKS: [&str; 3] =
    ["failed", "what AVG would give to the ids that were asked for", "entries of a consume queue"];

#[test]
fn nothing_of_a_real_cluster_is_left_unread() {
    for state in states() {
        let evidence = evidence(&state);
        let unread = evidence.notes.iter().filter(|note| !REMARKS.iter().any(|remark| note.what.contains(remark)));
        let notes: Vec<String> = unread.map(|note| format!("{}: {}", evidence.at(note.place), note.what)).collect();
        assert!(notes.is_empty(), "{}", notes.join("\n"));
    }
}

#[test]
fn members_are_those_of_the_brokers_list() {
    for state in states() {
        let found: BTreeSet<String> = evidence(&state)
            .facts
            .iter()
            .filter_map(|sighted| match &sighted.fact {
                Fact::Member { client_id, .. } => Some(client_id.clone()),
                _ => None,
            })
            .collect();
        let there: BTreeSet<String> =
            truth(&state, "when_collected").into_iter().filter(|it| it.alive).map(|it| it.client_id).collect();
        assert_eq!(found, there, "{}", state.display());
    }
}

#[test]
fn owners_are_those_that_the_clients_had() {
    for state in states() {
        let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for sighted in evidence(&state).facts {
            if let Fact::Owner { client_id, queue, dropped, .. } = sighted.fact
                && !queue.topic.starts_with("%RETRY%")
                && dropped != Some(true)
            {
                found.entry(client_id).or_default().insert(format!("{}/{}/{}", queue.topic, queue.broker, queue.id));
            }
        }
        // The member was killed a second before: the others had its queues by the time that they were asked.
        let when = if state.ends_with("killed_member") { "settled" } else { "when_collected" };
        // A process that does not answer says nothing of its queues.
        let answers = |process: &Process| process.alive && !process.own.is_empty() && !is_frozen(&state, process);
        let there: BTreeMap<String, BTreeSet<String>> =
            truth(&state, when).into_iter().filter(answers).map(|process| (process.client_id, process.own)).collect();
        assert_eq!(found, there, "{}", state.display());
    }
}

/// The process of the state `dead_member` that was stopped by a signal: still in the list, and silent.
fn is_frozen(state: &Path, process: &Process) -> bool {
    state.ends_with("dead_member") && process.client_id.starts_with("10.0.0.2@")
}

/// Who has which queue.
type Owners = BTreeMap<String, BTreeSet<String>>;

/// The group that the clients are of.
const GROUP: &str = "order-service";

/// Who of the group has which queue at the end of a story, those that are frozen too.
fn played(scenario: &Scenario) -> Owners {
    let outcome = run(scenario, 1, RunOptions { rows: true, ..RunOptions::default() });
    let mut owners = Owners::new();
    for row in outcome.findings.ownership.iter().filter(|row| row.until == outcome.end) {
        let queue = outcome.names.message_queue(row.queue);
        if outcome.names.group(outcome.names.group_of_audience(row.audience)) == GROUP
            && !queue.topic.starts_with("%RETRY%")
        {
            let queue = format!("{}/{}/{}", queue.topic, queue.broker_name, queue.queue_id);
            owners.entry(queue).or_default().insert(outcome.names.client(row.client).to_string());
        }
    }
    owners
}

#[test]
fn what_import_writes_settles_as_the_cluster_did() {
    for state in states() {
        let evidence = evidence(&state);
        let written = scenario::write(&join(&evidence, &Wanted::default()), &evidence, "import")
            .unwrap_or_else(|error| panic!("{}: {error}", state.display()));
        let mut there = Owners::new();
        for process in truth(&state, "settled").into_iter().filter(|process| process.alive) {
            for queue in process.own {
                there.entry(queue).or_default().insert(process.client_id.clone());
            }
        }
        assert_eq!(played(&written.scenario), there, "{}\n{}", state.display(), written.text);
    }
}
