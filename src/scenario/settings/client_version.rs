//! `clientVersion`: what older clients do otherwise, as far as it changes how a group rebalances. Each rule is a setting
//! of its own as well, so that it can be looked at alone. Where a rule changed was read from the tags of
//! apache/rocketmq.

use crate::kernel::Span;
use crate::model::plan::ClientSettings;
use crate::scenario::text::{Fault, Fields};

/// A release, such as 4.9.8.
type Version = (u32, u32, u32);

/// The lines of releases, each with its last.
const LINES: &[Version] = &[(4, 9, 8), (5, 0, 0), (5, 1, 4), (5, 2, 0), (5, 3, 3)];

/// Puts the rules of a version into the settings.
pub(in crate::scenario) fn read_client_version(fields: &Fields<'_>, client: &mut ClientSettings) -> Result<(), Fault> {
    let Some(node) = fields.get("clientVersion") else { return Ok(()) };
    const ALLOWED: &str = "modelled are the Java clients 4.9.0 to 5.3.3; \"4.9\" is 4.9.0, and so with the other lines";
    let text = node.text("a version such as \"4.9.8\"")?;
    if text.to_lowercase().contains("go") {
        return Err(Fault::new(node.place, "the Go client is not modelled", ALLOWED));
    }
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

/// What an older client does otherwise.
struct Rule {
    /// The setting that says it.
    setting: &'static str,
    /// What the older ones do.
    older: &'static str,
    /// Whether a release is one of the older.
    before: fn(Version) -> bool,
    /// Sets it, as the older have it or as 5.3.3 has it.
    set: fn(&mut ClientSettings, bool),
}

/// The rules, in the order in which they are told.
const RULES: &[Rule] = &[
    Rule {
        setting: "retryWhenNotBalanced",
        older: "waits its whole interval after a rebalance that left a topic unbalanced (`RebalanceService.run`)",
        before: |version| version < (5, 2, 0),
        set: |client, older| client.retry_when_not_balanced = !older,
    },
    Rule {
        setting: "lockBeforeProcessQueue",
        older: "asks for the lock of an ordered queue before its ProcessQueue exists (before apache/rocketmq#5466)",
        before: |version| version < (4, 9, 5),
        set: |client, older| client.lock_before_process_queue = older,
    },
    Rule {
        setting: "onewayWaitsForConnect",
        older: "connects on the caller's thread for a one-way message (`NettyRemotingClient.invokeOneway`)",
        before: |version| version < (5, 3, 0),
        set: |client, older| client.oneway_waits_for_connect = older,
    },
    Rule {
        setting: "pullDispatchDelay",
        older: "pulls a queue that it has just taken at once (`RebalancePushImpl.dispatchPullRequest`)",
        before: |version| version < (5, 0, 0),
        set: |client, older| {
            let current = ClientSettings::default().timers.pull_dispatch_delay;
            client.timers.pull_dispatch_delay = if older { Span::ZERO } else { current };
        },
    },
    Rule {
        setting: "enableHeartbeatChannelEventListener",
        older: "sends no heartbeat when a new connection stands (`MQClientInstance` had no listener for it)",
        before: |version| version < (5, 2, 0),
        set: |client, older| client.enable_heartbeat_channel_event_listener = !older,
    },
    Rule {
        setting: "clientCloseSocketIfTimeout",
        older: "keeps the connection of a call that timed out (`NettyClientConfig.clientCloseSocketIfTimeout`)",
        before: |version| version < (4, 9, 1),
        set: |client, older| client.client_close_socket_if_timeout = !older,
    },
    Rule {
        setting: "offsetIllegalRepairDelay",
        older: "repairs an illegal offset 10 s later (`DefaultMQPushConsumerImpl.pullMessage`, `executeTaskLater`)",
        before: |version| version < (5, 2, 0),
        set: |client, older| {
            client.offset_illegal_repair_delay = if older { Span::from_secs(10) } else { Span::ZERO };
        },
    },
    Rule {
        setting: "localFilePersistsOne",
        older: "does not write the offset of a queue that it gives up in BROADCASTING \
             (`LocalFileOffsetStore.persist`)",
        // 4.9.8 has it, 5.0 and 5.1 have it not.
        before: |version| version < (5, 2, 0) && version != (4, 9, 8),
        set: |client, older| client.local_file_persists_one = !older,
    },
    Rule {
        setting: "tryQueryAssignment",
        older: "deals a topic itself for ever where the first queries of its assignment fail \
             (`RebalanceImpl.tryQueryAssignment`)",
        before: |version| ((5, 0, 0)..(5, 3, 2)).contains(&version),
        set: |client, older| client.try_query_assignment = older,
    },
];

fn apply(version: Version, client: &mut ClientSettings) {
    for rule in RULES {
        (rule.set)(client, (rule.before)(version));
    }
}

/// A release of the Java client that a scenario may name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientVersion {
    /// Such as `4.9.8`.
    pub name: String,
    /// What it does otherwise than the newest: the setting that says so, and what.
    pub otherwise: Vec<(&'static str, &'static str)>,
}

/// All of them, oldest first.
#[must_use]
pub fn client_versions() -> Vec<ClientVersion> {
    let of_line = |line: &Version| (0..=line.2).map(|patch| (line.0, line.1, patch)).collect::<Vec<_>>();
    let named = |version: Version| ClientVersion {
        name: format!("{}.{}.{}", version.0, version.1, version.2),
        otherwise: RULES.iter().filter(|rule| (rule.before)(version)).map(|rule| (rule.setting, rule.older)).collect(),
    };
    LINES.iter().flat_map(of_line).map(named).collect()
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
            ("4.9.9", None),
            ("4.8", None),
            ("5", None),
            ("5.3.x", None),
            ("", None),
        ] {
            assert_eq!(version(text), read, "{text}");
        }
    }

    #[test]
    fn each_rule_changed_with_its_release() {
        // What was so in a release: retries, locks early, waits for one-way connects, closes at a time-out, repairs at
        // once, writes one queue's offset.
        for (text, rules) in [
            ("4.9.0", [false, true, true, false, false, false]),
            ("4.9.1", [false, true, true, true, false, false]),
            ("4.9.5", [false, false, true, true, false, false]),
            ("4.9.8", [false, false, true, true, false, true]),
            ("5.0.0", [false, false, true, true, false, false]),
            ("5.1.4", [false, false, true, true, false, false]),
            ("5.2.0", [true, false, true, true, true, true]),
            ("5.3.0", [true, false, false, true, true, true]),
        ] {
            let mut client = ClientSettings::default();
            apply(version(text).expect("a release"), &mut client);
            let seen = [
                client.retry_when_not_balanced,
                client.lock_before_process_queue,
                client.oneway_waits_for_connect,
                client.client_close_socket_if_timeout,
                client.offset_illegal_repair_delay == Span::ZERO,
                client.local_file_persists_one,
            ];
            assert_eq!(seen, rules, "{text}");
        }
        let mut current = ClientSettings::default();
        apply((5, 3, 3), &mut current);
        assert_eq!(current, ClientSettings::default(), "5.3.3 is what the settings are without a version");
    }
}
