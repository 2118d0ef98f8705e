//! Scenario files from the disk, with the environments that lie beside them.

use std::path::{Path, PathBuf};

use crate::scenario::{Override, Scenario, ScenarioError, parse};

/// Why a scenario could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The file cannot be read, or is not UTF-8.
    #[error("cannot read `{path}`: {reason}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: std::io::Error,
    },
    /// The text is no scenario.
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
}

/// Reads and checks a scenario file. A named environment is looked for in `environments/` beside the file, then in
/// `scenarios/environments/`.
///
/// # Errors
/// [`LoadError`]: bad input, exit code 2.
pub fn load(path: &Path, overrides: &[Override]) -> Result<Scenario, LoadError> {
    let unreadable = |reason| LoadError::Unreadable { path: path.to_owned(), reason };
    let text = std::fs::read_to_string(path).map_err(unreadable)?;
    let beside = path.parent().unwrap_or(Path::new(".")).join("environments");
    let folders = [beside, PathBuf::from("scenarios/environments")];
    let include = |name: &str| environment(&folders, name);
    Ok(parse(&path.display().to_string(), &text, overrides, &include)?)
}

/// The text of an environment, or which ones there are.
fn environment(folders: &[PathBuf], name: &str) -> Result<String, String> {
    // A name is no path: what it names lies in one of the folders.
    if !name.contains(['/', '\\']) {
        let file = format!("{name}.toml");
        if let Some(text) = folders.iter().find_map(|folder| std::fs::read_to_string(folder.join(&file)).ok()) {
            return Ok(text);
        }
    }
    let listed = folders.iter().filter_map(|folder| std::fs::read_dir(folder).ok()).flatten().flatten();
    let mut known: Vec<String> =
        listed.filter_map(|entry| Some(entry.file_name().to_str()?.strip_suffix(".toml")?.to_owned())).collect();
    known.sort();
    known.dedup();
    Err(if known.is_empty() {
        format!("`{}` has none", folders[0].display())
    } else {
        format!("known are {}", known.join(", "))
    })
}
