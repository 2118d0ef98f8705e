//! Reading scenario files and their environments: those beside them, and the built-in ones.

use std::path::Path;
use std::sync::OnceLock;

use super::Failure;
use super::bounded::{self, Sort};
use super::files::STDIN;
pub(super) use crate::library::include;
use crate::library::unreadable;
use crate::scenario::environments::{BUILT_IN, built_in};
use crate::scenario::{self, Override, Scenario};

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
