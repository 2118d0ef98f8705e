//! What each table may hold: what is none of that is said before anything else that is wrong there, and most of all before
//! what is missing because of it.
//!
//! Which of them a table may have beside which others is the readers' business.

use super::known_keys;
use crate::scenario::read::ACTIONS;
use crate::scenario::settings::{
    BROKER, CLIENT, CONSUMER, ENVIRONMENT, GRPC, LITE_PULL, NAME_SERVER, PROXY, SIMPLE, Tables, settings_by_hand,
};

/// The names of all settings of some tables.
fn names<T>(tables: Tables<T>) -> impl Iterator<Item = &'static str> {
    tables.iter().copied().flatten().flat_map(|setting| setting.names.iter().copied())
}

/// What a group gives to its consumers, and a consumer or a release may say otherwise.
fn of_consumers() -> Vec<&'static str> {
    let by_hand = settings_by_hand("a consumer");
    let grpc = names(GRPC).chain(names(SIMPLE));
    names(CLIENT).chain(names(CONSUMER)).chain(names(LITE_PULL)).chain(grpc).chain(by_hand).collect()
}

/// The settings that a table may hold; `None`: what it may hold depends on what it says, as that of a strategy does.
fn settings_of(table: &str) -> Option<Vec<&'static str>> {
    Some(match table {
        "the scenario" | "measure" | "a topic" | "a topic on a broker" | "a deployment" => Vec::new(),
        "the environment" => names(ENVIRONMENT).collect(),
        "[name_server]" | "a name server" => names(NAME_SERVER).chain(settings_by_hand("a name server")).collect(),
        "[broker]" | "a broker" | "a slave" => names(BROKER).chain(settings_by_hand("a broker")).collect(),
        "[proxy]" | "a proxy" => names(PROXY).chain(settings_by_hand("a proxy")).collect(),
        "a producer" => settings_by_hand("a producer").collect(),
        "a group" | "a consumer" => of_consumers(),
        // What a release cannot change is refused by its reader, who says why.
        "a release" => of_consumers().into_iter().chain(keys_beside("a consumer")).collect(),
        "a step" => ACTIONS.iter().flat_map(|action| action.keys.iter().copied()).collect(),
        _ => return None,
    })
}

/// Keys of a table that are no settings.
fn keys_beside(table: &str) -> impl Iterator<Item = &'static str> {
    known_keys().filter(move |key| key.tables.contains(&table)).map(|key| key.name)
}

/// The keys of a table; `None` where they depend on what it says.
pub(in crate::scenario) fn keys_of(table: &str) -> Option<Vec<&'static str>> {
    let mut keys: Vec<&'static str> = Vec::new();
    for key in keys_beside(table).chain(settings_of(table)?) {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    Some(keys)
}

/// What is said to be known in a table where a key is nothing: of a step what its action may be told, else all its keys.
pub(in crate::scenario) fn keys_to_say(table: &str, action: Option<&str>) -> Option<Vec<&'static str>> {
    let told = action.filter(|_| table == "a step").and_then(|word| ACTIONS.iter().find(|known| known.word == word));
    match told {
        Some(action) => Some(["at", "between", "action", "mark"].iter().chain(action.keys).copied().collect()),
        None => keys_of(table),
    }
}

/// The tables whose keys are known before they are read.
#[cfg(test)]
pub(in crate::scenario) fn tables_with_known_keys() -> Vec<&'static str> {
    let listed = super::TABLES.iter().map(|table| table.name).chain(["[name_server]", "[proxy]"]);
    listed.filter(|table| settings_of(table).is_some()).collect()
}
