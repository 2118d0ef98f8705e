//! Reading scenario files.

use std::path::Path;

use super::Failure;
use crate::scenario::{self, Scenario};

/// Reads and checks one scenario; `overrides` are the values of `--set`, each `path=value`.
///
/// # Errors
/// Bad input: a file that cannot be read, or a scenario that is refused.
pub(super) fn scenario(file: &str, overrides: &[String]) -> Result<Scenario, Failure> {
    let text = read(Path::new(file)).map_err(Failure::bad_input)?;
    let beside = Path::new(file).parent().unwrap_or(Path::new(""));
    let include = |name: &str| read(&beside.join(name));
    scenario::parse(file, &text, overrides, &include).map_err(|error| Failure::BadInput(error.into()))
}

fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("cannot read `{}`: {error}", path.display()))
}
