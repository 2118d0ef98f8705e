//! What kind of consumers and cluster a recording is of: distances are told by kind.

use std::collections::BTreeSet;
use std::fmt;

use crate::trace::{Class, Header, Language};

/// A kind of recordings, in the order of reports. The first that a recording is of counts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// Java push consumers of one line of releases, such as 5.3.
    Java(u32, u32),
    /// Java push consumers of several lines in one group.
    MixedVersions,
    /// Go consumers.
    Go,
    /// Java and Go consumers in one group.
    JavaAndGo,
    /// `DefaultLitePullConsumer`.
    LitePull,
    /// Masters with slaves.
    Slaves,
    /// Groups of 20 and of 50 members and more: tens of them, rounded.
    Members(u32),
    /// Members that pop, or may.
    Pop,
}

/// The least members of a group that is large.
const LARGE: usize = 20;

impl Family {
    /// That of a recording.
    #[must_use]
    pub fn of(header: &Header) -> Self {
        let starts = || header.steps.iter().filter(|step| step.action == "start");
        let languages: BTreeSet<Language> = starts().map(|step| header.language(step)).collect();
        let members: BTreeSet<&str> = starts().map(|step| step.target.as_str()).collect();
        let lite = header.class == Some(Class::Lite) || starts().any(|step| step.overrides.class == Some(Class::Lite));
        if header.pops() {
            Self::Pop
        } else if languages.len() > 1 {
            Self::JavaAndGo
        } else if languages.contains(&Language::Go) {
            Self::Go
        } else if lite {
            Self::LitePull
        } else if header.slaves.values().any(|slaves| *slaves > 0) {
            Self::Slaves
        } else if members.len() >= LARGE {
            Self::Members(u32::try_from((members.len() + 5) / 10 * 10).unwrap_or(u32::MAX))
        } else {
            let version = |said: Option<&str>| line(said.unwrap_or(&header.rocketmq));
            let lines: BTreeSet<(u32, u32)> = starts().map(|step| version(header.java_version(step))).collect();
            match lines.iter().next() {
                Some(&(major, minor)) if lines.len() == 1 => Self::Java(major, minor),
                _ => Self::MixedVersions,
            }
        }
    }
}

/// The line of a release: 5.3 of 5.3.3.
fn line(version: &str) -> (u32, u32) {
    let mut numbers = version.split('.').map(|number| number.parse().unwrap_or_default());
    (numbers.next().unwrap_or_default(), numbers.next().unwrap_or_default())
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Java(major, minor) => write!(f, "Java {major}.{minor}"),
            Self::MixedVersions => f.write_str("mixed versions"),
            Self::Go => f.write_str("Go"),
            Self::JavaAndGo => f.write_str("Java and Go"),
            Self::LitePull => f.write_str("LitePull"),
            Self::Slaves => f.write_str("slaves"),
            Self::Members(members) => write!(f, "{members} members"),
            Self::Pop => f.write_str("POP"),
        }
    }
}
