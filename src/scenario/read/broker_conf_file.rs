//! One `broker.conf`: what it says as settings of a scenario, whom it is of, and what becomes of each line.

use std::collections::BTreeMap;

use crate::scenario::properties::{KnownProperty, Property, broker_property, near_broker_property, properties};
use crate::scenario::settings::{BROKER, Kind, not_modelled};
use crate::scenario::text::{Entry, Fault, Node, Place, Value};
use crate::scenario::{ConfFate, ConfLine};

/// Settings of a broker that say where things are and not what happens.
const WITHOUT_EFFECT: [&str; 22] = [
    "brokerClusterName",
    "brokerName",
    "namesrvAddr",
    "namesrvDomain",
    "fetchNamesrvAddrByAddressServer",
    "listenPort",
    "haListenPort",
    "brokerIP1",
    "brokerIP2",
    "bindAddress",
    "rocketmqHome",
    "storePathRootDir",
    "storePathCommitLog",
    "storePathConsumeQueue",
    "storePathIndex",
    "storeCheckpoint",
    "abortFile",
    "maxMessageSize",
    "traceTopicEnable",
    "enablePropertyFilter",
    "maxIndexNum",
    "maxHashSlotNum",
];

/// Keys that say whom a file is of.
const WHOSE: [&str; 3] = ["brokerName", "brokerRole", "brokerId"];

/// What a file says, and what becomes of each line.
pub(super) struct Conf {
    /// The settings that count.
    pub entries: Vec<Entry>,
    /// Each line.
    pub lines: Vec<ConfLine>,
    /// `brokerName`, as the entry `name` of a broker's table.
    pub name: Option<Entry>,
    /// For a slave, `slaves = 1`: what its master gets where no other file is of the master.
    pub slave: Option<Entry>,
    /// `enableControllerMode`: of several brokers with one name a controller says who is the master.
    pub is_controlled: bool,
}

/// Reads a file, which is the source of that number.
pub(super) fn read_file(name: &str, text: &str, source: u32) -> Result<Conf, Fault> {
    let properties = properties(text);
    check_names(&properties, source)?;
    let last: BTreeMap<&str, &Property> = properties.iter().map(|property| (&*property.key, property)).collect();
    let place =
        |property: &Property| property.places.clone().map(|place| Place { source, start: place.start, end: place.end });
    let entry = |property: &Property, key: &str, value: Value| {
        let [key_place, place] = place(property);
        Entry { key: key.to_owned(), key_place, node: Node { value, place } }
    };
    let of = |key: &str| last.get(key).copied();
    let role = slave_role(&of, &place)?;
    let mut conf = Conf {
        entries: Vec::new(),
        lines: Vec::new(),
        name: of("brokerName")
            .filter(|property| !property.value.trim().is_empty())
            .map(|property| entry(property, "name", Value::Text(property.value.trim().to_owned()))),
        slave: role.map(|property| entry(property, "slaves", Value::Integer(1))),
        is_controlled: of("enableControllerMode").is_some_and(|it| it.value.eq_ignore_ascii_case("true")),
    };
    for property in &properties {
        let Property { line, key, value, .. } = property;
        let (fate, value) = match last[key.as_str()].line {
            later if later != *line => (ConfFate::Overridden(later), None),
            _ if role.is_some() && ["brokerRole", "brokerId"].contains(&key.as_str()) => (ConfFate::OfASlave, None),
            _ => fate_of(key, value),
        };
        conf.entries.extend(value.map(|value| entry(property, key, value)));
        conf.lines.push(ConfLine { file: name.to_owned(), line: *line, key: key.clone(), fate });
    }
    Ok(conf)
}

impl Conf {
    /// Says of the lines that tell whom the file is of what became of them.
    pub(super) fn is_of(&mut self, fate: ConfFate) {
        let keys: &[&str] = if fate == ConfFate::Names { &WHOSE[..1] } else { &WHOSE };
        let whose = self.lines.iter_mut().filter(|line| keys.contains(&line.key.as_str()));
        for line in whose.filter(|line| !matches!(line.fate, ConfFate::Overridden(_))) {
            line.fate = fate;
        }
    }
}

/// Refuses a text that is no broker.conf, such as JSON or a log: its lines do not begin with names.
fn check_names(properties: &[Property], source: u32) -> Result<(), Fault> {
    let is_name = |key: &str| {
        // What belongs on the command line of a JVM is no mistake in the form of the file.
        let key = key.strip_prefix("-D").unwrap_or(key);
        key.starts_with(|c: char| c.is_ascii_alphabetic())
            && key.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
    };
    let Some(wrong) = properties.iter().find(|property| !is_name(&property.key)) else { return Ok(()) };
    let [place, _] = wrong.places.clone();
    let place = Place { source, start: place.start, end: place.end };
    Err(Fault::new(place, "this line is no setting", "write key=value, with the name of a setting of RocketMQ"))
}

/// The role of a slave. RocketMQ starts none whose `brokerId` is not above zero (`BrokerStartup`).
fn slave_role<'a>(
    of: &dyn Fn(&str) -> Option<&'a Property>,
    place: &dyn Fn(&Property) -> [Place; 2],
) -> Result<Option<&'a Property>, Fault> {
    let Some(role) = of("brokerRole").filter(|role| role.value.trim() == "SLAVE") else { return Ok(None) };
    match of("brokerId").and_then(|id| id.value.parse::<i64>().ok()) {
        Some(1..) => Ok(Some(role)),
        _ => {
            let [_, place] = place(role);
            Err(Fault::new(place, "a SLAVE without a brokerId above 0 does not start", "write such as brokerId=1"))
        }
    }
}

/// What becomes of a value, and the value where it counts: first as RocketMQ reads it, then as the model has it.
fn fate_of(key: &str, value: &str) -> (ConfFate, Option<Value>) {
    match broker_property(key) {
        None => return (ConfFate::NoProperty(near_broker_property(key)), None),
        Some(KnownProperty::Elsewhere(where_it_belongs)) => return (ConfFate::Elsewhere(where_it_belongs), None),
        // `30s`, `30000L`, a space behind it: `Long.parseLong` throws, and the setter is not called.
        Some(KnownProperty::Of(kind)) if !kind.reads(value) => return (ConfFate::Unreadable, None),
        Some(KnownProperty::Of(_)) => {}
    }
    honoured(key, value).unwrap_or_else(|| {
        // A master's id is 0 whatever the file says (`BrokerStartup`).
        let fate = match key == "brokerId" || WITHOUT_EFFECT.contains(&key) {
            true => ConfFate::WithoutEffect,
            false => ConfFate::NotModelled(not_modelled(key)),
        };
        (fate, None)
    })
}

/// A value for a setting that the model has; `None` where it has none of this name.
fn honoured(key: &str, value: &str) -> Option<(ConfFate, Option<Value>)> {
    let setting = BROKER.iter().copied().flatten().find(|setting| setting.names.contains(&key))?;
    Some(match (&setting.kind, value.parse::<i64>()) {
        // `Boolean.parseBoolean`; only texts are trimmed.
        (Kind::Flag(_), _) if value.eq_ignore_ascii_case("true") => (ConfFate::Honoured, Some(Value::Boolean(true))),
        (Kind::Flag(_), _) if value.eq_ignore_ascii_case("false") => (ConfFate::Honoured, Some(Value::Boolean(false))),
        (Kind::Flag(_), _) => (ConfFate::HonouredAsFalse, Some(Value::Boolean(false))),
        (Kind::Span { .. } | Kind::Count { .. } | Kind::Optional { .. }, Ok(number)) => {
            (ConfFate::Honoured, Some(Value::Integer(number)))
        }
        (Kind::Span { .. } | Kind::Count { .. } | Kind::Optional { .. }, Err(_)) => (ConfFate::Unreadable, None),
        // `FlushDiskType.valueOf` throws, and the field keeps what it has.
        (Kind::Word { words, .. }, _) if !words.contains(&value.trim()) => (ConfFate::NoWord, None),
        _ => (ConfFate::Honoured, Some(Value::Text(value.trim().to_owned()))),
    })
}
