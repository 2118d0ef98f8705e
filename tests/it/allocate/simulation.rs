//! The calculator and the simulation agree on who has what once nothing changes any more.

use std::collections::{BTreeMap, BTreeSet};

use assert_cmd::Command;

use super::piped;

/// The client ids that have each queue.
type Owners = BTreeMap<String, BTreeSet<String>>;

/// The owners at the end of a run, without those of %RETRY% topics.
fn simulated(scenario: &str) -> Owners {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("out");
    let mut command = Command::cargo_bin("rebalance-sim").unwrap();
    assert!(command.arg("run").arg(scenario).arg("--out").arg(&out).output().unwrap().status.success(), "{scenario}");
    let rows = std::fs::read_to_string(out.join("ownership.csv")).unwrap();
    let rows: Vec<Vec<&str>> = rows.lines().skip(1).map(|line| line.split(',').collect()).collect();
    let end = rows.iter().map(|row| row[6].parse::<f64>().unwrap()).fold(0.0, f64::max);
    let mut owners = Owners::new();
    for row in rows.iter().filter(|row| !row[1].starts_with('%') && row[6].parse() == Ok(end)) {
        owners.entry(row[1..4].join("/")).or_default().insert(row[4].to_owned());
    }
    owners
}

/// The owners that `allocate` names.
fn calculated(arguments: &str) -> Owners {
    let (_, csv, stderr) = piped(&format!("{arguments} --format csv"), "");
    assert_eq!(stderr, "");
    let mut owners = Owners::new();
    for row in csv.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>()) {
        let ids: BTreeSet<String> = row[4].split(';').filter(|id| !id.is_empty()).map(str::to_owned).collect();
        if !ids.is_empty() {
            owners.insert(row[..3].join("/"), ids);
        }
    }
    owners
}

#[test]
fn the_simulation_ends_where_the_calculator_says() {
    for (scenario, change) in [
        ("scenarios/balance/three_queues_two_consumers.toml", ""),
        ("scenarios/balance/four_queues_two_consumers.toml", ""),
        ("scenarios/ownership/duplicate_client_id.toml", ""),
        ("scenarios/stalls/consumer_joins.toml", "--replicas 3"),
    ] {
        let expected = calculated(&format!("--scenario {scenario} {change}"));
        assert!(!expected.is_empty());
        assert_eq!(simulated(scenario), expected, "{scenario}");
    }
}
