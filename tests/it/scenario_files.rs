//! Every scenario and environment that the repository ships reads without an error.

use std::path::PathBuf;

use rebalance_sim::scenario::{Override, parse};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("scenarios")
}

/// Finds a shipped environment by its name.
pub fn include(name: &str) -> Result<String, String> {
    let file = if name.ends_with(".conf") { name.to_owned() } else { format!("environments/{name}.toml") };
    std::fs::read_to_string(folder().join(file))
        .map_err(|error| format!("{error}; environments are files in scenarios/environments"))
}

fn names(folder: PathBuf) -> Vec<PathBuf> {
    let mut found: Vec<_> = std::fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("it can be listed").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    found.sort();
    found
}

#[test]
fn every_shipped_scenario_reads() {
    let files = [names(folder()), names(folder().join("large"))].concat();
    assert!(!files.is_empty());
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
    let story = std::fs::read_to_string(folder().join("consumer_joins.toml")).expect("it can be read");
    for path in names(folder().join("environments")) {
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
    for path in names(folder()) {
        let name = path.file_stem().and_then(|stem| stem.to_str()).expect("a plain name");
        assert!(readme.contains(&format!("`{name}`")), "README does not list the scenario {name}");
    }
}
