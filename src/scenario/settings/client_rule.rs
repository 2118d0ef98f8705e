//! What a rule of the Java client is: a setting, and the releases that have it otherwise than 5.3.3.

use super::{Kind, LONGEST_MS, MS, Setting, about};
use crate::kernel::Span;
use crate::model::plan::ClientSettings;

/// A release, such as 4.9.8.
pub(super) type Version = (u32, u32, u32);

/// Releases that have a rule otherwise.
#[derive(Debug, Clone, Copy)]
pub(super) struct Releases {
    from: Version,
    before: Version,
    but: Option<Version>,
}

const FIRST: Version = (0, 0, 0);
const NO_END: Version = (u32::MAX, 0, 0);

/// All before one.
pub(super) const fn before(version: Version) -> Releases {
    Releases { from: FIRST, before: version, but: None }
}

/// One, and all after it.
pub(super) const fn from(version: Version) -> Releases {
    Releases { from: version, before: NO_END, but: None }
}

impl Releases {
    /// Of these only those before one.
    pub(super) const fn to_before(self, version: Version) -> Self {
        Self { before: version, ..self }
    }

    /// Without one.
    pub(super) const fn but(self, version: Version) -> Self {
        Self { but: Some(version), ..self }
    }

    pub(super) fn contain(&self, version: Version) -> bool {
        self.from <= version && version < self.before && self.but != Some(version)
    }

    /// Such as "before 5.2.0, but for 4.9.8".
    pub(super) fn text(&self) -> String {
        let name = |(major, minor, patch): Version| format!("{major}.{minor}.{patch}");
        let range = match (self.from == FIRST, self.before == NO_END) {
            (true, _) => format!("before {}", name(self.before)),
            (false, true) => format!("from {} on", name(self.from)),
            (false, false) => format!("from {} on, before {}", name(self.from), name(self.before)),
        };
        self.but.map_or(range.clone(), |but| format!("{range}, but for {}", name(but)))
    }
}

/// What a rule sets.
#[derive(Clone, Copy)]
pub(super) enum Value {
    /// True or false; first what 5.3.3 has.
    Flag(bool, fn(&mut ClientSettings, bool)),
    /// Milliseconds: what 5.3.3 has, what the others have.
    Ms(u64, u64, fn(&mut ClientSettings, Span)),
}

/// A rule.
pub(super) struct Rule {
    /// Its name as a setting, and the others it answers to.
    pub names: &'static [&'static str],
    /// What 5.3.3 has, as a scenario would write it.
    pub default: &'static str,
    /// What the setting says.
    pub does: &'static str,
    /// Where RocketMQ has it.
    pub source: &'static str,
    /// Sets it.
    pub value: Value,
    /// Who has it otherwise.
    pub otherwise: Releases,
    /// What those do.
    pub they: &'static str,
}

impl Rule {
    /// Sets it as a release has it.
    pub(super) fn apply(&self, version: Version, client: &mut ClientSettings) {
        let otherwise = self.otherwise.contain(version);
        match self.value {
            Value::Flag(now, set) => set(client, now != otherwise),
            Value::Ms(now, others, set) => set(client, Span::from_millis(if otherwise { others } else { now })),
        }
    }

    /// As a setting of its own.
    pub(super) const fn setting(&self) -> Setting<ClientSettings> {
        let kind = match self.value {
            Value::Flag(_, set) => Kind::Flag(set),
            Value::Ms(_, _, set) => Kind::Span { unit: MS, least_ms: 0, most_ms: LONGEST_MS, set },
        };
        Setting { names: self.names, kind, about: about(self.default, self.does, self.source) }
    }
}
