//! `allocate` answers without a simulation: incidents of real users, changes, lists, formats, refusals.

mod answers;
mod incidents;
mod lists;
mod output;
mod refusals;
mod simulation;

use assert_cmd::Command;
use serde_json::Value;

/// Runs the command with something on stdin: exit code, stdout, stderr.
fn piped(arguments: &str, stdin: &str) -> (i32, String, String) {
    let mut command = Command::cargo_bin("rebalance-sim").unwrap();
    command.arg("allocate").args(arguments.split_whitespace()).write_stdin(stdin);
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// The answer as JSON, with the exit code.
fn answer(arguments: &str) -> (i32, Value) {
    let (code, stdout, stderr) = piped(&format!("{arguments} --format json"), "");
    assert_eq!(stderr, "", "{arguments}");
    (code, serde_json::from_str(&stdout).unwrap())
}

/// Queues on each member in order of their ids, unowned queues and double-owned queues.
fn loads(arguments: &str) -> (Vec<u64>, u64, u64) {
    let (code, answer) = answer(arguments);
    let loads = answer["members"].as_array().unwrap().iter().map(|member| member["queues"].as_u64().unwrap());
    let [unowned, double] = ["unowned", "double_owned"].map(|figure| answer["total"][figure].as_u64().unwrap());
    assert_eq!(code, i32::from(unowned + double > 0), "{arguments}");
    (loads.collect(), unowned, double)
}

/// Moved queues and the least possible, by strategy.
fn moved(arguments: &str) -> Vec<(u64, u64)> {
    let (_, answer) = answer(arguments);
    let rows = answer["comparison"].as_array().unwrap().iter();
    rows.map(|row| (row["moved"].as_u64().unwrap(), row["least_possible"].as_u64().unwrap())).collect()
}

/// The different reasons for faults.
fn reasons(arguments: &str) -> Vec<String> {
    let (_, answer) = answer(arguments);
    let queues = answer["queues"].as_array().unwrap().iter();
    let mut reasons: Vec<String> =
        queues.filter_map(|queue| queue["explanation"].as_str()).map(str::to_owned).collect();
    reasons.sort();
    reasons.dedup();
    reasons
}
