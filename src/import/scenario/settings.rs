//! Settings as RocketMQ's files and tools write them, as lines of a scenario: those that the model has, where they are not
//! the default.

use std::collections::BTreeMap;

use super::super::cluster::Known;
use super::draft::Draft;
use super::lines::value;
use crate::kernel::Span;
use crate::scenario::{KnownSetting, known_settings};

/// Classes whose fields are read from a broker's file (`BrokerStartup.buildBrokerController`).
const OF_A_BROKER_FILE: [&str; 4] =
    ["BrokerConfig.", "MessageStoreConfig.", "NettyServerConfig.", "NettyClientConfig."];
/// What is written otherwise, or follows from the picture.
const NOT_AS_SETTINGS: [&str; 12] = [
    "brokerConf",
    "messageModel",
    "consumeFromWhere",
    "consumeTimestamp",
    "allocateMessageQueueStrategy",
    "subExpression",
    "clientVersion",
    "clientId",
    "clientIP",
    "instanceName",
    "unitName",
    "class",
];

/// Writes those of a broker's process.
pub(super) fn of_a_broker(draft: &mut Draft<'_>, settings: &BTreeMap<String, Known<String>>) {
    let of_a_file = |setting: &KnownSetting| OF_A_BROKER_FILE.iter().any(|class| setting.source.starts_with(class));
    write(draft, settings, |setting| setting.place == "a broker" && of_a_file(setting));
}

/// Writes those of name servers.
pub(super) fn of_name_servers(draft: &mut Draft<'_>, settings: &BTreeMap<String, Known<String>>) {
    write(draft, settings, |setting| setting.place == "a name server");
}

/// Writes those of consumers.
pub(super) fn of_consumers(draft: &mut Draft<'_>, settings: &BTreeMap<String, Known<String>>, lite_pull: bool) {
    let place = |setting: &KnownSetting| match lite_pull {
        true => setting.place.starts_with("a group, a consumer, a release"),
        false => setting.place == "a group, a consumer, a release",
    };
    write(draft, settings, |setting| place(setting) && !NOT_AS_SETTINGS.contains(&setting.name));
}

fn write(draft: &mut Draft<'_>, settings: &BTreeMap<String, Known<String>>, has: impl Fn(&KnownSetting) -> bool) {
    let all = known_settings();
    for (key, known) in settings {
        let Some(setting) = all.iter().find(|setting| setting.name == key && has(setting)) else { continue };
        if is_default(setting, &known.value) || known.value.is_empty() {
            continue;
        }
        let comment = draft.of(known);
        draft.lines.setting(format!("{key} = {}", value(&known.value)), comment);
    }
}

/// Whether a value is what a scenario has without it.
fn is_default(setting: &KnownSetting, written: &str) -> bool {
    if setting.default.eq_ignore_ascii_case(written) {
        return true;
    }
    let unit = match setting.unit {
        "ms" => 1,
        "s" => 1_000,
        "minutes" => 60_000,
        _ => return false,
    };
    let (Ok(default), Ok(number)) = (setting.default.parse::<Span>(), written.parse::<u64>()) else { return false };
    number.checked_mul(unit) == Some(default.as_millis())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_known_in_rocketmqs_units() {
        let all = known_settings();
        let setting = |name: &str| all.iter().find(|setting| setting.name == name).expect("it is known");
        let table = [
            ("channelExpiredTimeout", "120000", true),
            ("channelExpiredTimeout", "60000", false),
            ("consumeTimeout", "15", true),
            ("slaveReadEnable", "false", true),
            ("slaveReadEnable", "TRUE", false),
            ("brokerRole", "ASYNC_MASTER", true),
        ];
        for (name, written, same) in table {
            assert_eq!(is_default(setting(name), written), same, "{name} = {written}");
        }
    }
}
