//! Scenario files: TOML text to a [`Plan`], what is measured and what is expected.
//!
//! ```text
//!   text + overrides --text--> tree with places --read, settings--> Plan, Measure, Expectations
//!   Expectations + Findings of every seed --judge--> Judgements
//! ```
//!
//! Nothing here touches a file: [`parse`] takes texts and gives a [`Scenario`] or a [`ScenarioError`] that shows the
//! line.

mod axis;
pub mod catalogue;
pub mod environments;
mod estimate;
mod expect;
mod expectation;
mod keys;
#[cfg(test)]
mod known_keys;
pub mod levers;
mod limit;
mod moved;
mod origin;
mod part;
mod plugins;
pub mod properties;
mod read;
#[cfg(feature = "readers")]
mod schema;
mod settings;
mod text;

pub use axis::Axis;
pub use environments::EnvironmentName;
pub use estimate::Estimate;
pub use expectation::{Comparison, Expectation, Scope};
pub use keys::{KnownKey, TABLES, Table, known_keys};
pub use limit::{Bound, Limit, known_or_near};
pub use moved::{all_moved, moved};
pub use origin::Origin;
pub use part::figure_of;
pub use plugins::Plugins;
pub use read::{ACTIONS, KnownAction, parse, parse_with, parse_with_plugins};
#[cfg(feature = "readers")]
pub use schema::schema;
pub use settings::{
    CLASSES, ClientVersion, KnownSetting, RuleOfClient, client_versions, known_settings, rules_of_clients,
    settings_not_modelled,
};
pub use settings::{ServerRule, ServerVersion, server_rules, server_versions};
pub use text::{Override, OverrideError, ScenarioError};

use crate::check::Measure;
use crate::model::plan::Plan;

/// One line of a `broker.conf`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfLine {
    /// The file.
    pub file: String,
    /// Its line, from 1 on.
    pub line: usize,
    /// The setting.
    pub key: String,
    /// What became of it.
    pub fate: ConfFate,
}

/// What the model makes of a setting in a `broker.conf`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConfFate {
    /// It counts.
    Honoured,
    /// It counts, as Java reads it: what is not `true` is false.
    HonouredAsFalse,
    /// It says that the file is a slave's.
    OfASlave,
    /// It says that the file is that of a slave of the broker that it names, which the scenario or another file has.
    OfItsMaster,
    /// The broker has its name from it.
    Names,
    /// The same key stands again on this line, and Java keeps the last.
    Overridden(usize),
    /// Java cannot read the number (a unit, a suffix, white space behind it, nothing at all), and RocketMQ keeps its
    /// default without a word (`MixAll.properties2Object`).
    Unreadable,
    /// RocketMQ has no such word there, and keeps its default without a word of its own.
    NoWord,
    /// No broker of 4.0 or later has a property of this name, and none reads the line; which name is near.
    NoProperty(Option<&'static str>),
    /// It is no property of a broker, and no broker reads it: where it belongs.
    Elsewhere(&'static str),
    /// It says where things are: addresses, ports, paths.
    WithoutEffect,
    /// It is not part of the model, for this reason where it is a setting that RocketMQ is known to have.
    NotModelled(Option<&'static str>),
}

/// A scenario, read and checked.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// Its title.
    pub title: String,
    /// The question it answers.
    pub question: String,
    /// The public threads that it retells, and the traps that it shows.
    pub origin: Origin,
    /// Which environment the plan has.
    pub environment: EnvironmentName,
    /// What the model plays.
    pub plan: Plan,
    /// The window that counts.
    pub measure: Measure,
    /// What is expected.
    pub expect: Vec<Expectation>,
    /// What became of each line of a `broker.conf`.
    pub broker_conf: Vec<ConfLine>,
    /// Its file as it was read, without what `--set` changes.
    pub text: String,
}
