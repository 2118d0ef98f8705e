//! `version` of a broker or a name server: the rules that its release has. Each is a setting of its own, too, which stands
//! over the version in the same table.

use super::rule::{Rule, Version, name};
use super::rules::{OF_BROKERS, OF_NAME_SERVERS};
use crate::model::plan::{BrokerSettings, NameServerSettings, ProxySettings};
use crate::scenario::settings::proxy::OF_PROXIES;
use crate::scenario::settings::{Tables, read_settings};
use crate::scenario::text::{Fault, Fields};

/// The lines of releases, each with its last.
const LINES: &[Version] = &[(4, 9, 8), (5, 0, 0), (5, 1, 4), (5, 2, 0), (5, 3, 3), (5, 4, 0), (5, 5, 0)];
/// What holds where no version is named.
const STANDARD: Version = (5, 3, 3);

/// Settings of a server that has a version.
pub(in crate::scenario) trait Released: Sized + 'static {
    /// What its kind is called.
    const KIND: &'static str;
    /// In what its releases differ.
    const RULES: &'static [Rule<Self>];
}

impl Released for BrokerSettings {
    const KIND: &'static str = "broker";
    const RULES: &'static [Rule<Self>] = OF_BROKERS;
}

impl Released for NameServerSettings {
    const KIND: &'static str = "name server";
    const RULES: &'static [Rule<Self>] = OF_NAME_SERVERS;
}

impl Released for ProxySettings {
    const KIND: &'static str = "proxy";
    const RULES: &'static [Rule<Self>] = OF_PROXIES;
}

/// Puts a server's version into `target`, and then its settings.
pub(in crate::scenario) fn read_server<T: Released>(
    settings: Tables<T>,
    fields: &Fields<'_>,
    target: &mut T,
) -> Result<(), Fault> {
    if let Some(node) = fields.get("version") {
        const ALLOWED: &str = "modelled are 4.9.0 to 5.5.0; \"5.4\" is 5.4.0, and so with the other lines";
        let text = node.text("a version such as \"5.3.3\"")?;
        let problem = || format!("{} version `{text}` is not modelled", T::KIND);
        let version = version(text).ok_or_else(|| Fault::new(node.place, problem(), ALLOWED))?;
        apply(version, target);
    }
    read_settings(settings, fields, target)
}

fn apply<T: Released>(version: Version, target: &mut T) {
    for rule in T::RULES {
        (rule.set)(target, rule.releases.contain(version));
    }
}

/// A release that there is; without its last number the first of its line.
fn version(text: &str) -> Option<Version> {
    let numbers: Option<Vec<u32>> = text.split('.').map(|number| number.parse().ok()).collect();
    let (major, minor, patch) = match numbers?[..] {
        [major, minor] => (major, minor, 0),
        [major, minor, patch] => (major, minor, patch),
        _ => return None,
    };
    let there_is = |line: &Version| (line.0, line.1) == (major, minor) && patch <= line.2;
    LINES.iter().any(there_is).then_some((major, minor, patch))
}

/// A rule that some releases of brokers or name servers have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerRule {
    /// The setting by which a scenario may have it alone.
    pub setting: &'static str,
    /// Whose rule it is: a broker's or a name server's.
    pub of: &'static str,
    /// What those do that have it.
    pub they: &'static str,
    /// Which those are.
    pub releases: String,
    /// Whether 5.3.3 is one of them.
    pub standard: bool,
    /// `Class.method` of RocketMQ.
    pub source: &'static str,
}

fn told<T: Released>(rule: &Rule<T>) -> ServerRule {
    let &Rule { name: setting, they, ref releases, source, .. } = rule;
    ServerRule { setting, of: T::KIND, they, releases: releases.text(), standard: releases.contain(STANDARD), source }
}

/// All of them, in the order in which they are told.
#[must_use]
pub fn server_rules() -> Vec<ServerRule> {
    let of_proxies = OF_PROXIES.iter().map(told);
    OF_BROKERS.iter().map(told).chain(OF_NAME_SERVERS.iter().map(told)).chain(of_proxies).collect()
}

/// A release of brokers and name servers that a scenario may name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerVersion {
    /// Such as `4.9.7`.
    pub name: String,
    /// What it has and 5.3.3 has not.
    pub has: Vec<ServerRule>,
    /// What 5.3.3 has and it has not.
    pub lacks: Vec<ServerRule>,
}

/// All of them, oldest first.
#[must_use]
pub fn server_versions() -> Vec<ServerVersion> {
    let of_line = |line: &Version| (0..=line.2).map(|patch| (line.0, line.1, patch)).collect::<Vec<_>>();
    LINES.iter().flat_map(of_line).map(server_version).collect()
}

fn server_version(version: Version) -> ServerVersion {
    fn differing<T: Released>(version: Version, has: bool) -> impl Iterator<Item = ServerRule> {
        let one_way =
            move |rule: &&Rule<T>| rule.releases.contain(version) == has && rule.releases.contain(STANDARD) != has;
        T::RULES.iter().filter(one_way).map(told)
    }
    let all = |has| {
        let of_brokers = differing::<BrokerSettings>(version, has);
        let of_proxies = differing::<ProxySettings>(version, has);
        of_brokers.chain(differing::<NameServerSettings>(version, has)).chain(of_proxies).collect()
    };
    ServerVersion { name: name(version), has: all(true), lacks: all(false) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::settings::{BROKER, NAME_SERVER};
    use crate::scenario::text::Node;

    fn read(text: &str) -> Result<BrokerSettings, Fault> {
        let node = Node::parse(text, 0).expect("TOML");
        let fields = Fields::of(&node, "a table").expect("a table");
        let mut broker = BrokerSettings::default();
        read_server(BROKER, &fields, &mut broker).map(|()| broker)
    }

    #[test]
    fn releases_are_told_apart_and_others_refused() {
        for (text, found) in [
            ("4.9.7", Some((4, 9, 7))),
            ("5.2", Some((5, 2, 0))),
            ("5.3.3", Some((5, 3, 3))),
            ("5.5", Some((5, 5, 0))),
            ("4.9.9", None),
            ("5.6", None),
            ("5", None),
            ("", None),
        ] {
            assert_eq!(version(text), found, "{text}");
        }
        let fault = read("version = \"5.9\"\n").expect_err("there is none");
        assert_eq!(fault.problem, "broker version `5.9` is not modelled");
    }

    /// Read from the tags: what a release has and 5.3.3 has not, and the other way round.
    #[test]
    fn each_release_has_its_rules() {
        let rows = [
            (
                "4.9.8",
                "notifyBroadcastingGroups slaveSyncTimer zeroUnlessOnDisk deadLetterAtLimit scanNotActiveBrokerInterval",
                "notifyTaskControl bufferedNotifications slaveRemakesTopics checkTopicOfCommit checkGroupOfCommit \
                 useServerSideResetOffset queryAssignment deadLetterWhileLocked renewalNotStarted",
            ),
            (
                "5.0.0",
                "notifyBroadcastingGroups zeroUnlessOnDisk",
                "notifyTaskControl slaveRemakesTopics checkGroupOfCommit useServerSideResetOffset deadLetterWhileLocked \
                 renewalNotStarted",
            ),
            (
                "5.1.4",
                "notifyBroadcastingGroups",
                "notifyTaskControl slaveRemakesTopics checkGroupOfCommit useServerSideResetOffset",
            ),
            ("5.2.0", "notifyBroadcastingGroups", "notifyTaskControl slaveRemakesTopics checkGroupOfCommit"),
            ("5.3.0", "notifyBroadcastingGroups", "notifyTaskControl slaveRemakesTopics"),
            ("5.3.1", "", "notifyTaskControl slaveRemakesTopics"),
            ("5.3.2", "", "notifyTaskControl"),
            ("5.3.3", "", ""),
            ("5.4.0", "nacksCancelledReceives", "renewalNotStarted"),
            ("5.5.0", "forgetResetsOfTopic nacksCancelledReceives", "slaveRemakesTopics renewalNotStarted"),
        ];
        let versions = server_versions();
        for (release, has, lacks) in rows {
            let version = versions.iter().find(|version| version.name == release).expect("it is one of them");
            let names = |rules: &[ServerRule]| rules.iter().map(|rule| rule.setting).collect::<Vec<_>>().join(" ");
            assert_eq!((names(&version.has), names(&version.lacks)), (has.to_owned(), lacks.to_owned()), "{release}");
        }
    }

    #[test]
    fn the_standard_is_what_the_settings_are_without_a_version() {
        assert_eq!(read("version = \"5.3.3\"\n").expect("a release"), BrokerSettings::default());
        let mut server = NameServerSettings::default();
        apply((4, 9, 7), &mut server);
        assert_ne!(server, NameServerSettings::default());
        apply(STANDARD, &mut server);
        assert_eq!(server, NameServerSettings::default());
    }

    #[test]
    fn every_rule_changes_something_and_can_be_had_otherwise_beside_a_version() {
        for rule in OF_BROKERS {
            let standard = BrokerSettings::default();
            let mut other = standard.clone();
            (rule.set)(&mut other, !rule.releases.contain(STANDARD));
            assert_ne!(other, standard, "{}", rule.name);
            let line = |has: bool| format!("version = \"5.3.3\"\n{} = {has}\n", rule.name);
            assert_eq!(read(&line(!rule.releases.contain(STANDARD))).expect("a rule"), other, "{}", rule.name);
        }
        let names = |name| NAME_SERVER.iter().copied().flatten().any(|setting| setting.names.contains(&name));
        assert!(OF_NAME_SERVERS.iter().all(|rule| names(rule.name)), "each is a setting");
    }
}
