//! `doctor` over what a real cluster said in states that are known, and over the inputs of the documents.

use crate::cli::rebalance_sim;
use rebalance_sim::doctor::{Asked, diagnose};
use rebalance_sim::import::{Input, read};
use std::path::{Path, PathBuf};

/// Outputs of a version and a state, and the kinds of what is found; notes are left out.
const STATES: &[(&str, &str)] = &[
    ("4.9.7/healthy", ""),
    ("5.3.3/healthy", ""),
    ("5.5.0/healthy", ""),
    ("5.3.3/duplicate_id", "duplicate_client_id queue_without_client"),
    ("5.3.3/dead_member", "silent_member"),
    ("5.3.3/killed_member", ""),
    ("5.3.3/more_members", "more_members_than_queues"),
    ("5.3.3/unsubscribed", "queue_without_client subscriptions_differ"),
    ("5.3.3/mixed_topics", "subscriptions_differ"),
    // At the end of its log the broker has given the locks to others.
    ("5.3.3/orderly_killed_owner", "queue_without_client"),
    ("5.3.3/read_only_broker", "topic_not_writable"),
    ("5.3.3/write_only_broker", "topic_not_readable"),
];

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("it is there").map(|entry| entry.expect("it can be listed").path()).collect();
    entries.sort();
    entries.into_iter().flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[test]
fn a_real_cluster_is_found_in_the_state_that_it_was_in() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/mqadmin");
    let mut wrong = Vec::new();
    for (state, expected) in STATES {
        let folder = root.join(state);
        let inputs: Vec<Input> = files(&folder)
            .iter()
            .map(|path| Input {
                name: path.strip_prefix(&folder).expect("it lies there").display().to_string(),
                text: std::fs::read_to_string(path).expect("fixtures are text"),
            })
            .collect();
        let evidence = read(&inputs);
        let found = diagnose(&evidence, &Asked::default());
        let told = found.iter().filter(|finding| finding.severity().word() != "note");
        let kinds: Vec<&str> = told.clone().map(|finding| finding.kind.word()).collect();
        if kinds.join(" ") != *expected {
            let said = told.map(|finding| {
                let places: Vec<String> = finding.evidence.iter().map(|place| evidence.at(*place)).collect();
                format!("  {}: {} ({})", finding.kind.word(), finding.what, places.join(", "))
            });
            wrong.push(format!("{state}: {kinds:?}\n{}", said.collect::<Vec<_>>().join("\n")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A table of which no row is understood says nothing of a cluster, and certainly not that it is healthy.
#[test]
fn what_is_not_understood_is_not_healthy() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let file = place.path().join("progress.txt");
    let header = "#Topic #Broker Name #QID #Broker Offset #Consumer Offset #Diff #Inflight #LastTime\n";
    for (row, code) in
        [("orders broker-a 99999999999999999999 5 5 0 0 N/A\n", 2), ("orders broker-a 0 5 5 0 0 N/A\n", 0)]
    {
        std::fs::write(&file, format!("$ mqadmin consumerProgress -g g\n{header}{row}")).expect("it can be written");
        let (found, stdout, stderr) = rebalance_sim(&["doctor", file.to_str().expect("UTF-8")]);
        assert_eq!((found, stdout.contains("HEALTHY")), (code, code == 0), "{stdout}{stderr}");
        assert_eq!(stderr.contains("says anything of a cluster"), code == 2, "{stderr}");
    }
}
