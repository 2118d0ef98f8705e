//! Reading scenario files and the environments beside them.

use std::path::{Path, PathBuf};

use super::Failure;
use super::bounded::{self, Sort};
use crate::scenario::{self, Override, Scenario};

/// Reads and checks one scenario; `overrides` are the values of `--set`, each `path=value`.
///
/// # Errors
/// Bad input: a file that cannot be read, or a scenario that is refused.
pub(super) fn scenario(file: &str, overrides: &[String]) -> Result<Scenario, Failure> {
    let overrides: Result<Vec<Override>, _> = overrides.iter().map(|text| Override::parse(text)).collect();
    let overrides = overrides.map_err(Failure::bad_input)?;
    let path = Path::new(file);
    let text = bounded::text(path, Sort::Scenario)
        .map_err(|error| Failure::bad_input(format!("cannot read `{file}`: {error}")))?;
    let environments = environments(path);
    let include = |name: &str| match name.strip_prefix("./") {
        Some(file) => beside(path, file),
        None => environment(&environments, name),
    };
    scenario::parse(file, &text, &overrides, &include).map_err(Failure::bad_input)
}

/// The folder of environments: beside the scenario, or beside the folder of its question.
fn environments(scenario: &Path) -> PathBuf {
    let folder = scenario.parent().unwrap_or(Path::new(""));
    let beside = folder.join("environments");
    let above = folder.parent().map(|above| above.join("environments"));
    above.filter(|above| !beside.is_dir() && above.is_dir()).unwrap_or(beside)
}

/// The text of a file beside the scenario.
fn beside(scenario: &Path, name: &str) -> Result<String, String> {
    if name.contains(['/', '\\']) {
        return Err("it stands beside the scenario; write its name alone".to_owned());
    }
    let path = scenario.parent().unwrap_or(Path::new("")).join(name);
    bounded::text(&path, Sort::Scenario).map_err(|error| format!("`{}`: {error}", path.display()))
}

/// The text of a named environment; else which there are.
fn environment(directory: &Path, name: &str) -> Result<String, String> {
    let known = || {
        let entries = std::fs::read_dir(directory).into_iter().flatten().flatten().map(|entry| entry.path());
        let toml = entries.filter(|path| path.extension().is_some_and(|kind| kind == "toml"));
        let mut names: Vec<String> =
            toml.filter_map(|path| path.file_stem().map(|stem| format!("`{}`", stem.to_string_lossy()))).collect();
        names.sort();
        match names.is_empty() {
            true => format!("`{}` holds none", directory.display()),
            false => format!("`{}` holds {}", directory.display(), names.join(", ")),
        }
    };
    // A name is a name and no path: a scenario reads nothing but its neighbours.
    if name.contains(['/', '\\']) {
        return Err(known());
    }
    let path = directory.join(format!("{name}.toml"));
    bounded::text(&path, Sort::Scenario).map_err(|error| match error.kind() {
        std::io::ErrorKind::FileTooLarge => format!("`{}`: {error}", path.display()),
        _ => known(),
    })
}
