//! Every scenario and environment that the repository ships reads without an error.

use std::path::PathBuf;

use rebalance_sim::scenario::{Override, parse};

/// Finds a shipped environment by its name, and the `broker.conf` beside its scenario.
pub fn include(name: &str) -> Result<String, String> {
    let file = if name.ends_with(".conf") { format!("brokers/{name}") } else { format!("environments/{name}.toml") };
    std::fs::read_to_string(format!("scenarios/{file}"))
        .map_err(|error| format!("{error}; environments are files in scenarios/environments"))
}

fn entries(folder: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the folder is there");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("it can be listed").path()).collect();
    paths.sort();
    paths
}

fn texts(folder: &str) -> impl Iterator<Item = PathBuf> {
    entries(folder).into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
}

/// The path of every scenario that we ship, in order.
pub fn shipped() -> Vec<PathBuf> {
    let folders = entries("scenarios").into_iter().filter(|path| path.is_dir() && !path.ends_with("environments"));
    folders.flat_map(|folder| texts(folder.to_str().expect("a plain name")).collect::<Vec<_>>()).collect()
}

#[test]
fn every_shipped_scenario_reads() {
    let files = shipped();
    assert!(!files.is_empty());
    assert_eq!(texts("scenarios").count(), 0, "a scenario stands in the folder of its question");
    for path in files {
        let text = std::fs::read_to_string(&path).expect("it can be read");
        let scenario =
            parse(&path.display().to_string(), &text, &[], &include).unwrap_or_else(|error| panic!("{error}"));
        assert!(text.starts_with("# "), "{}: the question stands on top as a comment", path.display());
        assert!(!scenario.question.is_empty() && !scenario.expect.is_empty(), "{}", path.display());
        assert!(text.lines().count() <= 45, "{}: a scenario is a short story", path.display());
    }
}

#[test]
fn every_shipped_environment_reads() {
    let story = std::fs::read_to_string("scenarios/stalls/consumer_joins.toml").expect("it can be read");
    for path in texts("scenarios/environments") {
        let name = path.file_stem().and_then(|stem| stem.to_str()).expect("a plain name");
        let change = Override::parse(&format!("environment={name}")).expect("an override");
        let scenario = parse("story", &story, &[change], &include).unwrap_or_else(|error| panic!("{error}"));
        assert_ne!(scenario.plan.environment, rebalance_sim::model::plan::Environment::default(), "{name}");
    }
}

#[test]
fn the_scenario_of_the_readme_reads() {
    let readme = std::fs::read_to_string("README.md").expect("README.md is there");
    let text =
        readme.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("README shows a scenario");
    let environment = |name: &str| {
        std::fs::read_to_string(format!("scenarios/environments/{name}.toml")).map_err(|error| error.to_string())
    };
    rebalance_sim::scenario::parse("README.md", text, &[], &environment).expect("the scenario in README.md reads");
}

#[test]
fn the_readme_lists_every_scenario() {
    let readme = std::fs::read_to_string("README.md").expect("README.md is there");
    for path in shipped().into_iter().filter(|path| !path.starts_with("scenarios/large")) {
        let name = path.file_stem().and_then(|stem| stem.to_str()).expect("a plain name");
        assert!(readme.contains(&format!("`{name}`")), "README does not list the scenario {name}");
    }
}
