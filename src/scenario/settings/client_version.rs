//! `clientVersion`: what older clients do otherwise, as far as it changes how a group rebalances. Each rule is a setting of
//! its own as well, so that it can be looked at alone. Where a rule changed was read from the tags of apache/rocketmq.

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

fn apply(version: Version, client: &mut ClientSettings) {
    let current = ClientSettings::default();
    let before = |other: Version| version < other;
    // RebalanceService.run waits its 20 s whatever came of a rebalance.
    client.retry_when_not_balanced = !before((5, 2, 0));
    // RebalanceImpl.updateProcessQueueTableInRebalance before apache/rocketmq#5466.
    client.lock_before_process_queue = before((4, 9, 5));
    // NettyRemotingClient.invokeOneway connects on the caller's thread.
    client.oneway_waits_for_connect = before((5, 3, 0));
    // RebalancePushImpl.dispatchPullRequest had no delay.
    client.timers.pull_dispatch_delay = if before((5, 0, 0)) { Span::ZERO } else { current.timers.pull_dispatch_delay };
    // MQClientInstance had no listener for active channels.
    client.enable_heartbeat_channel_event_listener = !before((5, 2, 0));
    // NettyClientConfig.clientCloseSocketIfTimeout was false.
    client.client_close_socket_if_timeout = !before((4, 9, 1));
    // DefaultMQPushConsumerImpl.pullMessage repairs an illegal offset by executeTaskLater(10000).
    client.offset_illegal_repair_delay = if before((5, 2, 0)) { Span::from_secs(10) } else { Span::ZERO };
    // LocalFileOffsetStore.persist(mq) was empty; 4.9.8 has it, 5.0 and 5.1 have it not.
    client.local_file_persists_one = !before((5, 2, 0)) || version == (4, 9, 8);
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
