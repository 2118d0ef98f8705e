//! Environments by name: those that are built in, and how a report says which one was played.

use std::fmt;

/// An environment that every scenario can name, wherever its file lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BuiltIn {
    /// The name, as in `environment = "lan"`.
    pub name: &'static str,
    /// What kind of machines it is.
    pub sentence: &'static str,
    /// The text of its file in `scenarios/environments`.
    pub text: &'static str,
}

/// What is played where a scenario names nothing: the defaults of [`crate::model::plan::Environment`].
pub const DEFAULT: &str = "quiet-lan";

/// All of them by name.
pub const BUILT_IN: [BuiltIn; 4] = [
    BuiltIn {
        name: "cloud",
        sentence: "made up: three zones of a public cloud, containers with a share of a core: long tails, slow cold starts",
        text: include_str!("../../scenarios/environments/cloud.toml"),
    },
    BuiltIn {
        name: "lan",
        sentence: "made up: one machine room, warm JVMs on idle machines, half a millisecond there and back",
        text: include_str!("../../scenarios/environments/lan.toml"),
    },
    BuiltIn {
        name: DEFAULT,
        sentence: "made up: a quiet local network and warm JVMs that start at once; what is played where nothing is named",
        // The defaults are the code's; a file that repeated them could only differ from them.
        text: "",
    },
    BuiltIn {
        name: "two-core-jvm",
        sentence: "one machine with two cores that runs brokers and a few JVMs, estimated from the public recordings",
        text: include_str!("../../scenarios/environments/two-core-jvm.toml"),
    },
];

/// The text of a built-in environment.
#[must_use]
pub fn built_in(name: &str) -> Option<&'static str> {
    BUILT_IN.iter().find(|environment| environment.name == name).map(|environment| environment.text)
}

/// Which environment a scenario is played in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvironmentName {
    /// Its name; `a table of its own` where the scenario writes it out.
    pub name: String,
    /// The file it comes from, where that is not a built-in one.
    pub file: Option<String>,
}

impl Default for EnvironmentName {
    fn default() -> Self {
        Self { name: DEFAULT.to_owned(), file: None }
    }
}

impl fmt::Display for EnvironmentName {
    /// `lan`, or `lan, from ./environments/lan.toml`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        self.file.as_ref().map_or(Ok(()), |file| write!(f, ", from {file}"))
    }
}
