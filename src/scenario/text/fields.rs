//! A table being read: what was asked of it is what it may hold, everything else is refused.

use std::cell::RefCell;

use super::{Entry, Fault, Node, Place, Value};
use crate::scenario::keys::{keys_of, keys_to_say};
use crate::scenario::settings::{known_settings, not_modelled};
use crate::wording::{did_you_mean, nearest};

#[cfg(test)]
thread_local! {
    /// Every key that was looked up in this thread, with the table that it was looked up in.
    static ASKED: RefCell<std::collections::BTreeSet<(String, &'static str)>> = RefCell::default();
}

/// The tables and keys that the readers have asked for in this thread since this was asked the last time.
#[cfg(test)]
pub(in crate::scenario) fn asked_keys() -> std::collections::BTreeSet<(String, &'static str)> {
    ASKED.take()
}

/// A table and the keys that were looked up so far.
pub(in crate::scenario) struct Fields<'a> {
    entries: &'a [Entry],
    /// Where the table stands.
    pub place: Place,
    /// What the table describes, such as `a topic`.
    pub what: String,
    known: RefCell<Vec<&'static str>>,
}

impl<'a> Fields<'a> {
    /// Takes a node that must be a table.
    pub fn of(node: &'a Node, what: impl Into<String>) -> Result<Self, Fault> {
        let what = what.into();
        match &node.value {
            Value::Table(entries) => Ok(Self { entries, place: node.place, what, known: RefCell::default() }),
            _ => Err(Fault::new(
                node.place,
                format!("{what} is {}, not a table", node.kind()),
                "write `key = value` lines below a header",
            )),
        }
    }

    /// Takes a node that must be a table with no other keys than those of its kind.
    pub fn read(node: &'a Node, what: impl Into<String>) -> Result<Self, Fault> {
        let fields = Self::of(node, what)?;
        if let Some(keys) = keys_of(&fields.what) {
            let action =
                fields.entries.iter().find(|entry| entry.key == "action").and_then(|entry| match &entry.node.value {
                    Value::Text(word) => Some(word.as_str()),
                    _ => None,
                });
            fields.refuse_others(&keys, &keys_to_say(&fields.what, action).unwrap_or_default())?;
        }
        Ok(fields)
    }

    /// The value of a key, which is known from now on.
    pub fn get(&self, key: &'static str) -> Option<&'a Node> {
        if !self.known.borrow().contains(&key) {
            self.known.borrow_mut().push(key);
            #[cfg(test)]
            ASKED.with_borrow_mut(|asked| _ = asked.insert((self.what.clone(), key)));
        }
        self.entries.iter().find(|entry| entry.key == key).map(|entry| &entry.node)
    }

    /// Whether a key is there, which nobody asked for by that.
    pub fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|entry| entry.key == key)
    }

    /// The value of a key that must be there.
    pub fn require(&self, key: &'static str, example: &str) -> Result<&'a Node, Fault> {
        self.get(key).ok_or_else(|| {
            let problem = format!("{} lacks `{key}`", self.what);
            match self.entries.iter().find(|entry| nearest(&entry.key, [key]).is_some()) {
                Some(near) => {
                    let problem = format!("{problem}, and has `{}`", near.key);
                    Fault::new(near.key_place, problem, format!("did you mean `{key}`?"))
                }
                None => Fault::new(self.place, problem, format!("write `{key} = {example}`")),
            }
        })
    }

    /// Two keys that exclude each other.
    pub fn exclusive(&self, one: &'static str, other: &'static str) -> Result<(), Fault> {
        match (self.get(one), self.get(other)) {
            (Some(_), Some(node)) => Err(Fault::new(
                node.place,
                format!("{} has both `{one}` and `{other}`", self.what),
                "they say the same thing; keep one",
            )),
            _ => Ok(()),
        }
    }

    /// Refuses every key that nobody asked for.
    pub fn finish(self) -> Result<(), Fault> {
        self.refuse_others(&self.known.borrow(), &self.known.borrow())
    }

    /// Refuses the first key that is none of those that are known; what it may be is among those to say.
    fn refuse_others(&self, known: &[&'static str], said: &[&'static str]) -> Result<(), Fault> {
        let Some(stranger) = self.entries.iter().find(|entry| !known.contains(&entry.key.as_str())) else {
            return Ok(());
        };
        let (key, place) = (&stranger.key, stranger.key_place);
        if let Some(reason) = not_modelled(key) {
            return Err(Fault::new(place, format!("`{key}` is a setting of RocketMQ that is not modelled"), reason));
        }
        Err(Fault::new(place, format!("{} has no key `{key}`", self.what), meant(key, said)))
    }
}

/// Whether a word is a setting, wherever it stands.
fn is_setting(name: &str) -> bool {
    known_settings().iter().any(|known| known.name == name || known.others.contains(&name))
}

/// What a key may mean that there is not; else the keys of the language, and where the settings are listed.
fn meant(key: &str, known: &[&'static str]) -> String {
    if let Some(meant) = did_you_mean(key, known.iter().copied()) {
        return meant;
    }
    let (settings, keys): (Vec<&str>, Vec<&str>) = known.iter().copied().partition(|name| is_setting(name));
    match (keys.is_empty(), settings.is_empty()) {
        (_, true) => format!("known are {}", keys.join(", ")),
        (true, false) => "`rebalance-sim list settings` has what it may hold".to_owned(),
        (false, false) => format!("known are {}, and what `rebalance-sim list settings` has", keys.join(", ")),
    }
}
