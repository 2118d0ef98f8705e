//! Every scenario that we ship holds what it expects, over 40 seeds.

use assert_cmd::Command;

#[test]
fn every_scenario_holds() {
    let mut files: Vec<_> = std::fs::read_dir("scenarios")
        .expect("scenarios/ is there")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|kind| kind == "toml"))
        .collect();
    files.sort();
    assert!(files.len() >= 20, "the scenarios are there");
    let mut violated = Vec::new();
    for file in files {
        let output = Command::cargo_bin("rebalance-sim")
            .expect("the program is built")
            .arg("run")
            .arg(&file)
            .args(["--seeds", "40"])
            .output();
        let output = output.expect("the program runs");
        if !output.status.success() {
            violated.push(format!("{}\n{}", file.display(), String::from_utf8_lossy(&output.stdout)));
        }
    }
    assert!(violated.is_empty(), "violated:\n{}", violated.join("\n"));
}
