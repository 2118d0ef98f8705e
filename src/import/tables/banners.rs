//! Keys and values under banners: `getBrokerConfig`, `getNamesrvConfig`, `getConsumerConfig`.

use super::mark::banner;
use super::rows::{Row, call_of, candidates, is_address, refuse};
use crate::import::fact::{BrokerRef, Fact};
use crate::import::reader::{Reader, Reading};
use crate::import::section::Section;

/// `mqadmin getBrokerConfig` (`GetBrokerConfigCommand`), `getNamesrvConfig` (`GetNamesrvConfigCommand`) and
/// `getConsumerConfig` (`GetConsumerConfigSubCommand`, since 4.9.2), each the same in all versions: banners with an address,
/// or with a cluster and a broker, and lines `key = value` below each.
pub struct Banners;

/// A line `key = value`.
struct Entry<'a> {
    row: Row<'a>,
    key: &'a str,
    value: &'a str,
}

/// What stands below one banner.
struct Block<'a> {
    /// What the banner says; nothing where it is missing.
    banner: Option<&'a str>,
    entries: Vec<Entry<'a>>,
}

/// Keys that only a name server has (`NamesrvConfig`).
const NAME_SERVER: [&str; 4] =
    ["kvConfigPath", "productEnvName", "returnOrderTopicConfigToBroker", "scanNotActiveBrokerInterval"];

/// Keys that only a controller has (`ControllerConfig`).
const CONTROLLER: [&str; 2] = ["controllerDLegerGroup", "controllerStorePath"];

/// Keys of a subscription group's configuration (`SubscriptionGroupConfig`), of which a broker's has none.
const GROUP: [&str; 2] = ["groupName", "consumeEnable"];

/// The commands that print what is read here.
const COMMANDS: [&str; 3] = ["getBrokerConfig", "getNamesrvConfig", "getConsumerConfig"];

impl Block<'_> {
    fn has(&self, keys: &[&str]) -> bool {
        self.entries.iter().any(|entry| keys.contains(&entry.key))
    }

    fn value(&self, key: &str) -> Option<&str> {
        self.entries.iter().find(|entry| entry.key == key).map(|entry| entry.value)
    }

    /// The address that a banner says: `A`, `Master: A`, or `My Master: M=====Slave: A`.
    fn address(&self) -> Option<&str> {
        let banner = self.banner?;
        let said = banner.rsplit_once("Slave: ").map_or(banner, |(_, slave)| slave);
        let said = said.strip_prefix("Master: ").unwrap_or(said).trim();
        Some(said).filter(|said| is_address(said) && !said.contains(char::is_whitespace))
    }

    /// A broker's configuration; `address` is that of the call.
    fn broker(&self, address: Option<&str>, reading: &mut Reading) -> Option<()> {
        let address = self.address().or(address)?.to_owned();
        for Entry { row, key, value } in &self.entries {
            let (broker, key, value) = (BrokerRef::Address(address.clone()), (*key).to_owned(), (*value).to_owned());
            reading.fact(row.place, Fact::BrokerSetting { broker, key, value });
        }
        let named = self.entries.iter().find(|entry| entry.key == "brokerName" && !entry.value.is_empty());
        if let Some(Entry { row, value, .. }) = named {
            let (cluster, name) = (self.value("brokerClusterName").map(str::to_owned), (*value).to_owned());
            let id = self.value("brokerId").and_then(|id| id.parse().ok());
            let (address, version, activated) = (Some(address), None, None);
            reading.fact(row.place, Fact::Broker { cluster, name, id, address, version, activated });
        }
        Some(())
    }

    fn name_server(&self, reading: &mut Reading) {
        if let (Some(address), Some(first)) = (self.address(), self.entries.first()) {
            reading.fact(first.row.place, Fact::NameServer { address: address.to_owned() });
        }
        for Entry { row, key, value } in &self.entries {
            let (key, value) = ((*key).to_owned(), (*value).to_owned());
            reading.fact(row.place, Fact::NameServerSetting { key, value });
        }
    }

    /// What a broker has of a group; the banner is `cluster:broker`.
    fn group(&self, reading: &mut Reading) -> Option<()> {
        let (cluster, name) = self.banner?.rsplit_once(':')?;
        let named = self.entries.iter().find(|entry| entry.key == "groupName" && !entry.value.is_empty())?;
        let group = named.value.to_owned();
        let (cluster, broker) = (Some(cluster).filter(|cluster| *cluster != "null"), BrokerRef::Name(name.to_owned()));
        let flag = |key: &str| self.value(key).and_then(|value| value.parse().ok());
        let (name, cluster) = (name.to_owned(), cluster.map(str::to_owned));
        let (id, address, version, activated) = (None, None, None, None);
        reading.fact(named.row.place, Fact::Broker { cluster, name, id, address, version, activated });
        reading.fact(
            named.row.place,
            Fact::GroupAt {
                group,
                broker,
                consume_enable: flag("consumeEnable"),
                consume_broadcast_enable: flag("consumeBroadcastEnable"),
                retry_queue_nums: self.value("retryQueueNums").and_then(|nums| nums.parse().ok()),
                retry_max_times: self.value("retryMaxTimes").and_then(|times| times.parse().ok()),
                consume_message_orderly: flag("consumeMessageOrderly"),
            },
        );
        Some(())
    }
}

/// A key, the sign and the value: a key has no blanks, a value may have all.
fn entry(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.split_once('=')?;
    let key = key.trim();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    (!key.is_empty() && key.bytes().all(plain)).then_some((key, value.trim()))
}

impl Banners {
    fn blocks<'a>(&self, section: &Section<'a>, reading: &mut Reading) -> Vec<Block<'a>> {
        let mut blocks: Vec<Block<'_>> = Vec::new();
        for row in candidates(section, self.name(), reading) {
            let line = row.line.trim();
            if let Some(said) = banner(line) {
                blocks.push(Block { banner: Some(said), entries: Vec::new() });
            } else if let Some((key, value)) = entry(line) {
                if blocks.is_empty() {
                    blocks.push(Block { banner: None, entries: Vec::new() });
                }
                let last = blocks.last_mut().expect("there is one now");
                last.entries.push(Entry { row, key, value });
            } else {
                refuse(reading, &row, self.name(), "");
            }
        }
        blocks
    }
}

impl Reader for Banners {
    fn name(&self) -> &'static str {
        "`mqadmin getBrokerConfig`, `getNamesrvConfig` or `getConsumerConfig`"
    }

    fn recognises(&self, section: &Section<'_>) -> bool {
        let mut said = section.lines.iter().filter(|(_, line)| !line.trim().is_empty());
        let called = call_of(section, &COMMANDS).is_some();
        let entries = || said.clone().any(|(_, line)| entry(line.trim()).is_some());
        called && entries() || said.any(|(_, line)| line.starts_with('=') && banner(line).is_some())
    }

    fn read(&self, section: &Section<'_>, reading: &mut Reading) {
        let call = call_of(section, &COMMANDS);
        let command = call.map(|call| call.command.as_str());
        for block in self.blocks(section, reading) {
            let Some(first) = block.entries.first().map(|entry| entry.row.place) else { continue };
            let known = if GROUP.iter().all(|key| block.has(&[key])) {
                block.group(reading)
            } else if block.has(&CONTROLLER) && !block.has(&["brokerName"]) {
                reading.note(first, "a controller's configuration, of which nothing is needed");
                continue;
            } else if block.has(&NAME_SERVER) || command == Some(COMMANDS[1]) {
                block.name_server(reading);
                continue;
            } else {
                block.broker(
                    call.filter(|call| call.command == COMMANDS[0]).and_then(|call| call.broker_address.as_deref()),
                    reading,
                )
            };
            if known.is_none() {
                reading.note(first, "these are settings, but no banner above says of whom");
            }
        }
    }
}
