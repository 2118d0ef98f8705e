//! The keys of the language that are no settings, for people: what `list keys` and `explain-word` know of them. The parser
//! is held to this table, and so is the page that tells the language.

mod groups;
mod of_tables;
mod story;
mod timeline;

#[cfg(test)]
pub(super) use of_tables::tables_with_known_keys;
pub(in crate::scenario) use of_tables::{keys_of, keys_to_say};

/// A key as a person wants to know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownKey {
    /// Its name.
    pub name: &'static str,
    /// The tables that it stands in, as the parser calls them: `a group`.
    pub tables: &'static [&'static str],
    /// What is written behind it.
    pub form: &'static str,
    /// What holds where it is left out.
    pub default: &'static str,
    /// What it says, in one sentence.
    pub does: &'static str,
    /// A line of a scenario.
    pub example: &'static str,
}

const fn key(
    name: &'static str,
    tables: &'static [&'static str],
    (form, default): (&'static str, &'static str),
    does: &'static str,
    example: &'static str,
) -> KnownKey {
    KnownKey { name, tables, form, default, does, example }
}

/// What has no default.
pub(in crate::scenario) const NEEDED: &str = "must be there";

/// All of them, table by table.
pub fn known_keys() -> impl Iterator<Item = &'static KnownKey> {
    [story::KEYS, groups::KEYS, timeline::KEYS].into_iter().flatten()
}

/// Whether a word is a key of a table, and no setting.
#[cfg(test)]
pub(super) fn is_key(name: &str) -> bool {
    known_keys().any(|key| key.name == name)
}

/// A table of a scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table {
    /// As the parser calls it.
    pub name: &'static str,
    /// As a file writes it.
    pub header: &'static str,
    /// The part of the language's page that tells it.
    pub section: &'static str,
}

const fn table(name: &'static str, header: &'static str, section: &'static str) -> Table {
    Table { name, header, section }
}

/// The tables of a scenario that have keys of their own.
pub static TABLES: [Table; 20] = [
    table("the scenario", "the top of the file", "The whole"),
    table("measure", "measure = { .. }", "Measure"),
    table("the environment", "[environment]", "Environment"),
    table("a name server", "[[name_servers]]", "Name servers"),
    table("[broker]", "[broker]", "Brokers"),
    table("a broker", "[[brokers]]", "Brokers"),
    table("a slave", "slaves = [{ .. }]", "Brokers"),
    table("a proxy", "[[proxies]]", "Proxies"),
    table("a topic", "[[topics]]", "Topics"),
    table("a topic on a broker", "brokers = [{ .. }] of a topic", "Topics"),
    table("a producer", "[[producers]]", "Producers"),
    table("a group", "[[groups]]", "Groups"),
    table("a consumer", "[[groups.consumers]]", "Groups"),
    table("a strategy", "allocateMessageQueueStrategy = { .. }", "Groups"),
    table("an offset store", "offsetStore = { .. }", "Groups"),
    table("a release", "[[groups.releases]]", "Releases and deployments"),
    table("a deployment", "[groups.deployment]", "Releases and deployments"),
    table("a step", "[[timeline]]", "Timeline"),
    table("a distribution", "a distribution { .. }", "Reference"),
    table("log_normal", "log_normal = { .. }", "Reference"),
];
