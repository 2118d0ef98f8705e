//! A copy of the repository in which commands can write what they like.

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

/// Files that a user would have, as examples name them.
const OF_A_USER: [(&str, &str); 3] = [
    ("mine.toml", SCENARIO),
    ("offsets.json", "{\"offsetTable\":{{\"brokerName\":\"broker-a\",\"queueId\":0,\"topic\":\"orders\"}:17}}"),
    ("consumerOffset.json", "{\"offsetTable\":{\"orders@g\":{0:17}}}"),
];

const SCENARIO: &str = r#"
title = "A scenario of somebody's"
duration = "40s"
brokers = ["broker-a"]
topics = [{ name = "orders" }]
producers = [{ topic = "orders", rate = "20/s" }]
groups = [{ name = "g", count = 2 }]
"#;

/// The copy.
pub struct Workplace(TempDir);

/// The root of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

impl Workplace {
    /// Scenarios to change, recordings and inputs to read, and an empty place for results.
    pub fn new() -> Self {
        let place = tempfile::tempdir().expect("a temporary directory");
        copy(&root().join("scenarios"), &place.path().join("scenarios"));
        copy(&root().join("tests/inputs"), &place.path().join("tests/inputs"));
        copy(&root().join("tests/fixtures"), &place.path().join("tests/fixtures"));
        std::fs::create_dir(place.path().join("results")).expect("a directory of results");
        let place = Self(place);
        for (name, text) in OF_A_USER {
            place.write(name, text);
        }
        place
    }

    /// Puts a file that the document shows where it says.
    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.0.path().join(name), text).expect("the file can be written");
    }

    /// Runs a command as a shell does; its exit code, and what is seen on the terminal.
    pub fn run(&self, command: &str) -> (i32, String) {
        let program = assert_cmd::cargo::cargo_bin("rebalance-sim");
        let folder = program.parent().expect("the program is in a folder");
        let path = std::env::join_paths(
            std::iter::once(folder.to_owned())
                .chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())),
        );
        let output = Command::new("sh")
            .args(["-c", &format!("{{ {command}\n}} 2>&1")])
            .env("PATH", path.expect("folders without a colon in their names"))
            .current_dir(self.0.path())
            .output()
            .expect("there is a shell");
        let said = String::from_utf8(output.stdout).expect("it speaks UTF-8");
        (output.status.code().expect("it exits"), said)
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder can be made");
    for entry in std::fs::read_dir(from).expect("the folder is there") {
        let entry = entry.expect("it can be listed");
        let target = to.join(entry.file_name());
        match entry.file_type().expect("it is known").is_dir() {
            true => copy(&entry.path(), &target),
            false => drop(std::fs::copy(entry.path(), target).expect("a file can be copied")),
        }
    }
}
