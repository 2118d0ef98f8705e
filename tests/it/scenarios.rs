//! Every scenario that we ship holds what it expects, over 40 seeds, and says the same as its reference in `results/`: what a user
//! sees, and with `--all` every figure.
//!
//! `UPDATE_RESULTS=1 cargo test --release every_scenario` writes the references anew; the diff shows what a change did.

use assert_cmd::Command;

#[test]
fn every_scenario_holds_and_says_what_it_said() {
    let mut files: Vec<_> = std::fs::read_dir("scenarios")
        .expect("scenarios/ is there")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|kind| kind == "toml"))
        .collect();
    files.sort();
    assert!(files.len() >= 20, "the scenarios are there");
    let (mut violated, mut changed) = (Vec::new(), Vec::new());
    for file in files {
        let mut program = Command::cargo_bin("rebalance-sim").expect("the program is built");
        let output = program.arg("run").arg(&file).args(["--seeds", "40", "--all"]).output().expect("the program runs");
        let said = String::from_utf8(output.stdout).expect("results are text");
        if !output.status.success() {
            violated.push(said.clone());
        }
        let reference = format!("results/{}.txt", file.file_stem().expect("files have names").to_string_lossy());
        if std::env::var_os("UPDATE_RESULTS").is_some() {
            std::fs::write(&reference, &said).expect("the reference can be written");
        }
        let before = std::fs::read_to_string(&reference).unwrap_or_default();
        if let Some((was, is)) = before.lines().zip(said.lines()).find(|(was, is)| was != is) {
            changed.push(format!("{reference}\n  was: {was}\n  is:  {is}"));
        } else if before != said {
            changed.push(format!("{reference}: the length differs"));
        }
    }
    assert!(violated.is_empty(), "violated:\n{}", violated.join("\n"));
    assert!(changed.is_empty(), "changed:\n{}", changed.join("\n"));
}
