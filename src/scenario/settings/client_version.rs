//! `clientVersion`: what the releases of the Java client do otherwise than 5.3.3, as far as a group notices it. Each rule
//! of [`super::client_rules`] is a setting of its own as well, so that it can be looked at alone.

use super::client_rule::{Rule, Version};
use super::client_rules::RULES;
use crate::model::plan::ClientSettings;
use crate::scenario::text::{Fault, Fields};

/// The lines of releases, each with its last.
const LINES: &[Version] = &[(4, 9, 8), (5, 0, 0), (5, 1, 4), (5, 2, 0), (5, 3, 3), (5, 4, 0), (5, 5, 0)];

/// Puts the rules of a version into the settings.
pub(in crate::scenario) fn read_client_version(fields: &Fields<'_>, client: &mut ClientSettings) -> Result<(), Fault> {
    let Some(node) = fields.get("clientVersion") else { return Ok(()) };
    const ALLOWED: &str = "modelled are the Java clients 4.9.0 to 5.5.0 (\"4.9\" is 4.9.0, and so with the other lines), \
        and go-2.1.0, go-2.1.1, go-2.1.2, go-master";
    let text = node.text("a version such as \"4.9.8\"")?;
    let version = version(text)
        .ok_or_else(|| Fault::new(node.place, format!("client version `{text}` is not modelled"), ALLOWED))?;
    apply(version, client);
    Ok(())
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

fn apply(version: Version, client: &mut ClientSettings) {
    RULES.iter().for_each(|rule| rule.apply(version, client));
}

/// A release of the Java client that a scenario may name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientVersion {
    /// Such as `4.9.8`.
    pub name: String,
    /// What it does otherwise than 5.3.3.
    pub otherwise: Vec<RuleOfClient>,
}

/// A rule that releases of the Java client have differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleOfClient {
    /// The setting by which a scenario may have it alone.
    pub setting: &'static str,
    /// What 5.3.3 has.
    pub default: &'static str,
    /// What clients do that have it otherwise.
    pub they: &'static str,
    /// Which those are.
    pub releases: String,
    /// `Class.method` of RocketMQ.
    pub source: &'static str,
}

impl From<&Rule> for RuleOfClient {
    fn from(rule: &Rule) -> Self {
        let Rule { names, default, they, source, otherwise, .. } = rule;
        Self { setting: names[0], default, they, releases: otherwise.text(), source }
    }
}

/// All of them, in the order in which they are told.
#[must_use]
pub fn rules_of_clients() -> Vec<RuleOfClient> {
    RULES.iter().map(RuleOfClient::from).collect()
}

/// All of them, oldest first.
#[must_use]
pub fn client_versions() -> Vec<ClientVersion> {
    let named = |version: Version| ClientVersion {
        name: format!("{}.{}.{}", version.0, version.1, version.2),
        otherwise: RULES.iter().filter(|rule| rule.otherwise.contain(version)).map(RuleOfClient::from).collect(),
    };
    releases().map(named).chain(super::go_version::go_versions()).chain(super::grpc::grpc_versions()).collect()
}

fn releases() -> impl Iterator<Item = Version> {
    LINES.iter().flat_map(|line| (0..=line.2).map(|patch| (line.0, line.1, patch)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_are_told_apart_and_others_refused() {
        for (text, read) in [
            ("4.9", Some((4, 9, 0))),
            ("4.9.8", Some((4, 9, 8))),
            ("5.1", Some((5, 1, 0))),
            ("5.3.3", Some((5, 3, 3))),
            ("5.5", Some((5, 5, 0))),
            ("5.6", None),
            ("4.9.9", None),
            ("4.8", None),
            ("5", None),
            ("5.3.x", None),
            ("", None),
        ] {
            assert_eq!(version(text), read, "{text}");
        }
    }

    /// What each release has otherwise than the one before it (`+`), and no more otherwise (`-`): read from its sources.
    const OTHERWISE: &str = "\
4.9.0: +rebalanceMinInterval +retryWhenNotBalanced +rebalanceWithoutHeartbeat +startFailureShutsDown \
+enableHeartbeatChannelEventListener +pullDispatchDelay +dropQueuesOneByOne +unlockDelay +consumeLockTimeout \
+lockBeforeProcessQueue +lockAllTakesDropped +broadcastingAsksForLocks +brokerErrorIsNoOffset \
+offsetIllegalRepairDelay +localFilePersistsOne +clientCloseSocketIfTimeout +lateConnectionCloses \
+onewayWaitsForConnect +noQueuesIsAChange +countsTheLastTry
4.9.1: -clientCloseSocketIfTimeout
4.9.3: +commitAsksForTheMaster
4.9.5: -lockBeforeProcessQueue
4.9.8: -localFilePersistsOne
5.0.0: +rebalanceLaterWhenNotLocked +setZeroIfNotFound +localFilePersistsOne +tryQueryAssignment -pullDispatchDelay \
-dropQueuesOneByOne -lockAllTakesDropped -brokerErrorIsNoOffset -commitAsksForTheMaster -noQueuesIsAChange
5.1.0: -setZeroIfNotFound
5.1.1: -countsTheLastTry
5.1.4: -lateConnectionCloses
5.2.0: -rebalanceMinInterval -retryWhenNotBalanced -rebalanceLaterWhenNotLocked -rebalanceWithoutHeartbeat \
-enableHeartbeatChannelEventListener -unlockDelay -consumeLockTimeout -offsetIllegalRepairDelay -localFilePersistsOne
5.3.0: -onewayWaitsForConnect
5.3.2: -startFailureShutsDown -broadcastingAsksForLocks -tryQueryAssignment
5.5.0: +listWithoutQueues +resetWaitsForTheListener
";

    #[test]
    fn each_rule_changed_with_its_release() {
        let (mut told, mut before) = (String::new(), Vec::new());
        let java = client_versions().into_iter().filter(|version| !version.name.starts_with('g'));
        for version in java {
            let names: Vec<&str> = version.otherwise.iter().map(|rule| rule.setting).collect();
            let new = names.iter().filter(|name| !before.contains(*name)).map(|name| format!(" +{name}"));
            let gone = before.iter().filter(|name| !names.contains(*name)).map(|name| format!(" -{name}"));
            let changed: String = new.chain(gone).collect();
            if !changed.is_empty() {
                told += &format!("{}:{changed}\n", version.name);
            }
            before = names;
        }
        assert_eq!(told, OTHERWISE);
    }

    #[test]
    fn each_rule_is_set_as_its_releases_have_it() {
        for rule in RULES {
            let standing = ClientSettings::default();
            let mut now = standing.clone();
            rule.apply((5, 3, 3), &mut now);
            assert_eq!(now, standing, "{}: 5.3.3 is what the settings are without a version", rule.names[0]);
            let others: Vec<Version> = releases().filter(|release| rule.otherwise.contain(*release)).collect();
            assert!(!others.is_empty(), "{}: some release has it otherwise", rule.names[0]);
            for version in others {
                let mut set = standing.clone();
                rule.apply(version, &mut set);
                assert_ne!(set, standing, "{}: {version:?} has it otherwise", rule.names[0]);
            }
        }
    }

    #[test]
    fn one_rule_can_be_had_otherwise_beside_a_version() {
        use crate::scenario::settings::{CLIENT, read_settings};
        use crate::scenario::text::Node;
        let node = Node::parse("clientVersion = \"4.9.8\"\nunlockDelay = false\n", 0).expect("TOML");
        let fields = Fields::of(&node, "a table").expect("a table");
        let mut client = ClientSettings::default();
        read_client_version(&fields, &mut client).expect("a release");
        read_settings(CLIENT, &fields, &mut client).expect("a rule");
        assert!(client.rules.lock_all_takes_dropped && !client.rules.unlock_delay);
    }
}
