//! Where a scenario's text is, and what it names: the files and environments beside it, and the built-in environments.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use super::bounded::{Sort, text};
use crate::scenario;
use crate::scenario::environments::{BUILT_IN, built_in};
use crate::wording::did_you_mean;

/// Finds what a scenario names: a file beside it, or an environment.
pub(crate) fn include(file: &str) -> impl Fn(&str) -> Result<String, String> + use<> {
    let path = Path::new(file).to_owned();
    let environments = path.parent().unwrap_or(Path::new("")).join("environments");
    move |name| match name.strip_prefix("./") {
        Some(file) => beside(&path, file),
        None => environment(&environments, name),
    }
}

/// Finds what a scenario names that lies nowhere: a built-in environment.
pub(crate) fn include_nowhere(name: &str) -> Result<String, String> {
    let known = || BUILT_IN.map(|environment| environment.name);
    let others = || did_you_mean(name, known()).unwrap_or_else(|| format!("built in are {}", known().join(", ")));
    match name.strip_prefix("./") {
        Some(_) => Err("the scenario is no file, and nothing lies beside it".to_owned()),
        None => built_in(name).map(str::to_owned).ok_or_else(others),
    }
}

/// Why a scenario cannot be read: where it is now, if it has moved.
pub(crate) fn unreadable(path: &Path, error: &io::Error) -> String {
    if path.is_dir() {
        let folder = path.display();
        return format!(
            "`{folder}` is a folder; name a scenario, as `rebalance-sim list scenarios --dir {folder}` lists them"
        );
    }
    let cannot = format!("cannot read `{}`: {error}", path.display());
    let new = scenario::moved(&path.to_string_lossy()).filter(|_| error.kind() == io::ErrorKind::NotFound);
    let Some(new) = new else {
        return match elsewhere(path).filter(|_| error.kind() == io::ErrorKind::NotFound) {
            Some(found) => format!("{cannot}; did you mean `{}`?", found.display()),
            None => cannot,
        };
    };
    // Its old folder is the one that holds the folders of today, or one of them.
    match path.ancestors().skip(1).take(2).map(|folder| folder.join(new)).find(|found| found.is_file()) {
        Some(found) => format!("`{}` has moved to `{}`", path.display(), found.display()),
        None => format!("{cannot}; the scenario of that name has moved to `scenarios/{new}`"),
    }
}

/// A file of the same name in a folder beside it: scenarios stand in folders by question.
fn elsewhere(path: &Path) -> Option<PathBuf> {
    let folders = std::fs::read_dir(path.parent()?).ok()?;
    let mut found: Vec<PathBuf> = folders
        .filter_map(|folder| Some(folder.ok()?.path().join(path.file_name()?)))
        .filter(|file| file.is_file())
        .collect();
    found.sort();
    found.into_iter().next()
}

/// The text of a file beside the scenario.
fn beside(scenario: &Path, name: &str) -> Result<String, String> {
    if name.contains(['/', '\\']) {
        return Err("it stands beside the scenario; write its name alone".to_owned());
    }
    let path = scenario.parent().unwrap_or(Path::new("")).join(name);
    text(&path, Sort::Scenario).map_err(|error| format!("`{}`: {error}", path.display()))
}

/// The text of a named environment: a file in the directory before a built-in one; else which there are.
fn environment(directory: &Path, name: &str) -> Result<String, String> {
    // A name is a name and no path: a scenario reads nothing but its neighbours.
    if name.contains(['/', '\\']) {
        return Err(known(directory, name));
    }
    let path = directory.join(format!("{name}.toml"));
    text(&path, Sort::Scenario).or_else(|error| match error.kind() {
        std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => {
            built_in(name).map(str::to_owned).ok_or_else(|| known(directory, name))
        }
        _ => Err(format!("`{}`: {error}", path.display())),
    })
}

/// Which environments there are, and which of them may be meant.
fn known(directory: &Path, name: &str) -> String {
    let entries = std::fs::read_dir(directory).into_iter().flatten().flatten().map(|entry| entry.path());
    let toml = entries.filter(|path| path.extension().is_some_and(|kind| kind == "toml"));
    let own = toml.filter_map(|path| path.file_stem().map(|stem| stem.to_string_lossy().into_owned()));
    let names: BTreeSet<String> = own.chain(BUILT_IN.map(|environment| environment.name.to_owned())).collect();
    if let Some(meant) = did_you_mean(name, names.iter().map(String::as_str)) {
        return meant;
    }
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    format!("there are {}; `{}` may hold others, each as NAME.toml", names.join(", "), directory.display())
}
