//! What a rule of a broker or a name server is: what some releases do, and which.

/// A release, such as 5.3.3.
pub(in crate::scenario) type Version = (u32, u32, u32);

/// Releases one after the other.
#[derive(Debug, Clone, Copy)]
pub(in crate::scenario) struct Releases {
    from: Version,
    before: Version,
}

const FIRST: Version = (0, 0, 0);
const NO_END: Version = (u32::MAX, 0, 0);

/// All before one.
pub(in crate::scenario) const fn before(version: Version) -> Releases {
    Releases { from: FIRST, before: version }
}

/// One, and all after it.
pub(in crate::scenario) const fn from(version: Version) -> Releases {
    Releases { from: version, before: NO_END }
}

impl Releases {
    /// Of these only those before one.
    pub(in crate::scenario) const fn to_before(self, version: Version) -> Self {
        Self { before: version, ..self }
    }

    pub(in crate::scenario) fn contain(&self, version: Version) -> bool {
        self.from <= version && version < self.before
    }

    /// Such as "from 5.3.2 on, before 5.5.0".
    pub(in crate::scenario) fn text(&self) -> String {
        match (self.from == FIRST, self.before == NO_END) {
            (true, _) => format!("before {}", name(self.before)),
            (false, true) => format!("from {} on", name(self.from)),
            (false, false) => format!("from {} on, before {}", name(self.from), name(self.before)),
        }
    }
}

/// A release as it is written.
pub(in crate::scenario) fn name((major, minor, patch): Version) -> String {
    format!("{major}.{minor}.{patch}")
}

/// A rule of servers with settings `T`.
pub(in crate::scenario) struct Rule<T: 'static> {
    /// The setting by which it is had alone.
    pub name: &'static str,
    /// What the releases do that have it, to follow "they".
    pub they: &'static str,
    /// Which have it.
    pub releases: Releases,
    /// `Class.method` of RocketMQ.
    pub source: &'static str,
    /// Has it, or has it not.
    pub set: fn(&mut T, bool),
}
