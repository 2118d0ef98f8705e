//! Settings that contradict each other or that users regret: what the lints say of scenarios, of a cluster.

use crate::doctor::picture::Setting;
use crate::doctor::{Finding, FindingKind, Picture};
use crate::lint::LINTS;

pub(in crate::doctor) fn find(picture: &Picture<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for key in ["notifyConsumerIdsChangedEnable", "realTimeNotifyConsumerChange"] {
        let off = picture.settings.iter().find(|setting| setting.key == key && setting.value.trim() == "false");
        found.extend(off.map(|setting| dangerous("members-not-told", format!("`{key}` is false"), setting)));
    }
    let number = |setting: &Setting<'_>| setting.value.trim().parse::<i64>().ok();
    // Clients send a heartbeat every 30 s unless they are told otherwise.
    let heartbeat = picture.groups.values().flat_map(|group| &group.settings).map(|(_, setting)| setting);
    let heartbeat = heartbeat.filter(|setting| setting.key == "heartbeatBrokerInterval").filter_map(number).max();
    let heartbeat = heartbeat.unwrap_or(30_000);
    for setting in picture.settings.iter().filter(|setting| setting.key == "channelExpiredTimeout") {
        if let Some(expiry) = number(setting).filter(|expiry| *expiry <= heartbeat) {
            let what =
                format!("channelExpiredTimeout of {expiry} ms is not above heartbeatBrokerInterval, {heartbeat} ms");
            found.push(dangerous("heartbeat-above-expiry", what, setting));
        }
    }
    for (name, group) in &picture.groups {
        let of = |key: &str, whose: Option<&str>| {
            group
                .settings
                .iter()
                .find(|(client, setting)| setting.key == key && *client == whose)
                .map(|(_, setting)| setting)
        };
        for (client, setting) in &group.settings {
            let value = number(setting);
            let found_here = match setting.key {
                "pullThresholdForTopic" if value.is_some_and(|value| value > 0) => {
                    Some(("threshold-for-topic", format!("pullThresholdForTopic is {}", setting.value)))
                }
                // 20 and 20 are the defaults.
                "consumeThreadMax" => of("consumeThreadMin", *client)
                    .and_then(number)
                    .zip(value)
                    .filter(|(min, max)| min < max)
                    .map(|(min, max)| {
                        let what = format!("consumeThreadMax {max} is above consumeThreadMin {min}, and is never reached");
                        ("thread-max-never-reached", what)
                    }),
                "brokerSuspendMaxTimeMillis" => of("consumerTimeoutMillisWhenSuspend", *client)
                    .and_then(number)
                    .zip(value)
                    .filter(|(timeout, suspend)| timeout <= suspend)
                    .map(|(timeout, suspend)| {
                        let what = format!("brokerSuspendMaxTimeMillis {suspend} is not below {timeout}, after which a pull is given up");
                        ("long-poll-above-pull-timeout", what)
                    }),
                _ => None,
            };
            found.extend(found_here.map(|(code, what)| dangerous(code, what, setting).of(name)));
        }
    }
    found
}

/// A finding in the words of a lint.
fn dangerous(code: &str, what: String, setting: &Setting<'_>) -> Finding {
    let lint = LINTS.iter().find(|lint| lint.code == code).expect("the lints that are named here are there");
    let finding = Finding::new(FindingKind::SettingDangerous, format!("{what}: {}", lint.why), vec![setting.place]);
    finding.instead([lint.advice.to_owned()])
}
