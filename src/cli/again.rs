//! The command that does it again: what is printed below a result, and repeats it byte by byte.

use std::fmt::Display;

use super::files::Scenarios;
use crate::report::shell_quoted;

/// A command, word by word.
pub(super) struct Again(String);

impl Again {
    /// A command on one file.
    pub fn on(command: &str, file: &str) -> Self {
        Self(format!("rebalance-sim {command} {}", shell_quoted(file)))
    }

    /// A command on all scenarios that were named.
    pub fn on_all(command: &str, scenarios: &Scenarios) -> Self {
        let files = scenarios.files.iter().map(|file| shell_quoted(file)).collect::<Vec<_>>().join(" ");
        Self(format!("rebalance-sim {command} {files}")).options("only", scenarios.only.as_ref())
    }

    /// With one option.
    pub fn option(self, name: &str, value: impl Display) -> Self {
        self.options(name, Some(value))
    }

    /// With an option as often as it was given.
    pub fn options(mut self, name: &str, values: impl IntoIterator<Item = impl Display>) -> Self {
        for value in values {
            self.0 += &format!(" --{name} {}", shell_quoted(&value.to_string()));
        }
        self
    }

    /// As it is typed.
    pub fn typed(self) -> String {
        self.0
    }
}
