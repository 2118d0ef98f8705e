//! Reading scenario files and their environments: those beside them, and the built-in ones.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::Failure;
use super::bounded::{self, Sort};
use super::files::STDIN;
use crate::scenario::environments::{BUILT_IN, built_in};
use crate::scenario::{self, Override, Scenario};
use crate::wording::did_you_mean;

/// Reads and checks one scenario, `-` for the one that is piped in; `overrides` are the values of `--set`, each `path=value`.
///
/// # Errors
/// Bad input: a file that cannot be read, or a scenario that is refused.
pub(super) fn scenario(file: &str, set: &[String]) -> Result<Scenario, Failure> {
    with_text(file, set).map(|(_, scenario)| scenario)
}

/// As [`scenario`], with the text of the file.
///
/// # Errors
/// As of [`scenario`].
pub(super) fn with_text(file: &str, set: &[String]) -> Result<(String, Scenario), Failure> {
    let overrides = overrides(set)?;
    let text = text(file)?;
    let scenario = scenario::parse(file, &text, &overrides, &include(file)).map_err(Failure::bad_input)?;
    Ok((text, scenario))
}

/// The texts of a scenario and of what it includes, in the order in which they are read.
///
/// # Errors
/// As of [`scenario`]; also that it is piped in, and cannot be read again.
pub(super) fn texts(file: &str, set: &[String]) -> Result<Vec<String>, Failure> {
    if file == STDIN {
        return Err(Failure::bad_input("what is piped in cannot be read again by `merge`; name a file"));
    }
    let overrides = overrides(set)?;
    let texts = std::cell::RefCell::new(vec![text(file)?]);
    let include = include(file);
    let included = |name: &str| {
        let text = include(name)?;
        texts.borrow_mut().push(text.clone());
        Ok(text)
    };
    let first = texts.borrow()[0].clone();
    scenario::parse(file, &first, &overrides, &included).map_err(Failure::bad_input)?;
    Ok(texts.into_inner())
}

/// The values of `--set`, each `path=value`.
///
/// # Errors
/// Bad input: one that is no such.
pub(super) fn overrides(set: &[String]) -> Result<Vec<Override>, Failure> {
    set.iter().map(|text| Override::parse(text)).collect::<Result<_, _>>().map_err(Failure::bad_input)
}

/// Finds what a scenario names: a file beside it, or an environment.
pub(super) fn include(file: &str) -> impl Fn(&str) -> Result<String, String> + use<> {
    let path = Path::new(file).to_owned();
    let environments = path.parent().unwrap_or(Path::new("")).join("environments");
    move |name| match name.strip_prefix("./") {
        Some(file) => beside(&path, file),
        None => environment(&environments, name),
    }
}

/// The scenario that is piped in, however often it is asked for: variants are made of one text.
fn piped_in() -> Result<String, Failure> {
    static TEXT: OnceLock<Result<String, String>> = OnceLock::new();
    let read = || bounded::stdin(Sort::Scenario).map_err(|error| format!("cannot read what is piped in: {error}"));
    TEXT.get_or_init(read).clone().map_err(Failure::bad_input)
}

/// The text of a scenario's file.
///
/// # Errors
/// Bad input: it cannot be read.
pub(super) fn text(file: &str) -> Result<String, Failure> {
    if file == STDIN {
        return piped_in();
    }
    let path = Path::new(file);
    bounded::text(path, Sort::Scenario).map_err(|error| Failure::bad_input(unreadable(path, &error)))
}

/// Why a scenario cannot be read: where it is now, if it has moved.
fn unreadable(path: &Path, error: &io::Error) -> String {
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
    bounded::text(&path, Sort::Scenario).map_err(|error| format!("`{}`: {error}", path.display()))
}

/// The text of a named environment: a file in the directory before a built-in one; else which there are.
fn environment(directory: &Path, name: &str) -> Result<String, String> {
    // A name is a name and no path: a scenario reads nothing but its neighbours.
    if name.contains(['/', '\\']) {
        return Err(known(directory, name));
    }
    let path = directory.join(format!("{name}.toml"));
    bounded::text(&path, Sort::Scenario).or_else(|error| match error.kind() {
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

/// The text of an environment that is named on the command line: a file, or a built-in one.
///
/// # Errors
/// Bad input: neither is there, or the file cannot be read.
pub(super) fn environment_of(file_or_name: &Path) -> Result<String, Failure> {
    bounded::text(file_or_name, Sort::Scenario).or_else(|error| {
        let not_there = error.kind() == std::io::ErrorKind::NotFound;
        let named = file_or_name.to_str().and_then(built_in).filter(|_| not_there);
        let names = BUILT_IN.map(|environment| format!("`{}`", environment.name)).join(", ");
        let built_in = if not_there { format!("; built in are {names}") } else { String::new() };
        let refused = || Failure::bad_input(format!("cannot read `{}`: {error}{built_in}", file_or_name.display()));
        named.map(str::to_owned).ok_or_else(refused)
    })
}
