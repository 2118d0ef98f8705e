//! Checks are shown only what they say they read: what they find is the same as where they are shown everything.

use std::path::{Path, PathBuf};

use crate::check::{Checks, Findings};
use crate::kernel::Instant;
use crate::model::World;
use crate::model::observation::{Kind, Kinds};
use crate::scenario::{Scenario, parse};

use super::scenario;

/// Plays a scenario for checks that are shown what they read, and for the same that are shown everything: they must find
/// the same. Answers what kinds of observations there were.
fn find_the_same(name: &str, scenario: &Scenario, seed: u64, rows: bool) -> Kinds {
    let (plan, measure) = (&scenario.plan, scenario.measure);
    let checks = || Checks::new(plan, measure, rows).with_laws(plan);
    let (mut choosy, mut all) = (checks(), checks().showing_everything());
    let mut world = World::new(plan, seed);
    world.watch_closely();
    let end = Instant::ZERO + plan.duration;
    let mut kinds = Kinds::of(&[]);
    loop {
        let (seen, names) = world.drain();
        for observed in seen {
            kinds = kinds.and(Kinds::of(&[Kind::of(&observed.what)]));
            choosy.observe(&observed, names);
            all.observe(&observed, names);
        }
        if world.step(end).is_none() {
            break;
        }
    }
    let (choosy, all) = (choosy.finish(end, world.names()), all.finish(end, world.names()));
    assert!(choosy == all, "{name}, seed {seed}: {}", first_difference(&choosy, &all));
    kinds
}

/// What one says and the other does not.
fn first_difference(choosy: &Findings, all: &Findings) -> String {
    let (choosy, all) = (format!("{choosy:#?}"), format!("{all:#?}"));
    let pair = choosy.lines().zip(all.lines()).find(|(one, other)| one != other);
    pair.map_or("the number of rows differs".to_owned(), |(one, other)| format!("{one} and not {other}"))
}

#[test]
fn what_checks_read_is_all_that_they_need() {
    for seed in 0..6 {
        find_the_same("a random cluster", &scenario(seed), seed, seed % 2 == 0);
    }
}

/// Scenario files below a folder, in order.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the folder is there");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("it can be listed").path()).collect();
    paths.sort();
    let below = |path: PathBuf| if path.is_dir() { files(&path) } else { vec![path] };
    let is_scenario = |path: &PathBuf| path.extension().is_some_and(|kind| kind == "toml");
    paths
        .into_iter()
        .filter(|path| !path.ends_with("environments") && !path.ends_with("large"))
        .flat_map(below)
        .filter(is_scenario)
        .collect()
}

/// The scenarios that we ship show nearly every kind there is.
#[test]
#[ignore = "long tier: every scenario and 30 random clusters"]
fn what_checks_read_in_every_scenario_is_all_that_they_need() {
    let mut kinds = Kinds::of(&[]);
    for seed in 0..30 {
        kinds = kinds.and(find_the_same("a random cluster", &scenario(seed), seed, seed % 2 == 1));
    }
    for (number, path) in (0..).zip(files(Path::new("scenarios"))) {
        let read = |name: &str| match name.ends_with(".conf") {
            true => std::fs::read_to_string(path.with_file_name(name)),
            false => std::fs::read_to_string(format!("scenarios/environments/{name}.toml")),
        };
        let name = path.display().to_string();
        let text = std::fs::read_to_string(&path).expect("the scenario is there");
        let scenario = parse(&name, &text, &[], &|name| read(name).map_err(|error| error.to_string()))
            .unwrap_or_else(|error| panic!("{error}"));
        kinds = kinds.and(find_the_same(&name, &scenario, 0, number % 2 == 0));
    }
    let missing: Vec<&Kind> = Kind::ALL.iter().filter(|kind| !kinds.has(**kind)).collect();
    println!("kinds that nobody was shown: {missing:?}");
}
