//! Lines of a configuration that RocketMQ passes over without a word, or reads otherwise than they look.

use super::places;
use crate::doctor::picture::Setting;
use crate::doctor::properties::{Kind, Reader, elsewhere, misread};
use crate::doctor::{Finding, FindingKind, Picture, Sureness};
use crate::import::Place;
use crate::import::fact::BrokerRef;
use crate::wording::repeated;
use std::collections::BTreeMap;

pub(in crate::doctor) fn find(picture: &Picture<'_>) -> Vec<Finding> {
    // What a running broker prints has passed its setters.
    let files = picture.settings.iter().filter(|setting| !matches!(setting.broker, Some(BrokerRef::Address(_))));
    let of_brokers: Vec<&Setting<'_>> = files.collect();
    let of_name_servers: Vec<&Setting<'_>> = picture.name_server_settings.iter().collect();
    let mut found = Vec::new();
    for (reader, settings) in [(Reader::Broker, of_brokers), (Reader::NameServer, of_name_servers)] {
        let twice = twice(&settings);
        let lost: Vec<Place> = twice.iter().map(|(lost, _)| lost.place).collect();
        found.extend(twice.iter().map(|(lost, last)| given_twice(lost, last)));
        // A line that the same key overwrites is wrong in no other way.
        let counts = settings.iter().filter(|setting| !lost.contains(&setting.place));
        let mut same: BTreeMap<(&str, &str), Vec<Place>> = BTreeMap::new();
        for setting in counts {
            same.entry((setting.key, setting.value)).or_default().push(setting.place);
        }
        found.extend(same.into_iter().filter_map(|((key, value), of)| ignored(reader, key, value, places(of))));
    }
    found
}

/// Lines whose key stands once more behind them in the same input, with the last of those.
fn twice<'p, 'a>(settings: &[&'p Setting<'a>]) -> Vec<(&'p Setting<'a>, &'p Setting<'a>)> {
    let mut last: BTreeMap<(usize, &str), &Setting<'_>> = BTreeMap::new();
    for setting in settings {
        last.insert((setting.place.input, setting.key), setting);
    }
    let pair = |setting: &&'p Setting<'a>| {
        let last = last[&(setting.place.input, setting.key)];
        (last.place != setting.place && last.value != setting.value).then_some((*setting, last))
    };
    settings.iter().filter_map(pair).collect()
}

fn given_twice(lost: &Setting<'_>, last: &Setting<'_>) -> Finding {
    let (key, first, taken) = (lost.key, repeated(lost.value), repeated(last.value));
    let what = format!("`{key}` is there twice, as `{first}` and `{taken}`; Java takes the last");
    let finding = Finding::new(FindingKind::SettingTwice, what, vec![lost.place, last.place]);
    finding.instead([format!("leave out one of the two lines of `{key}`")])
}

/// A line, which may stand in the files of several brokers.
fn ignored(reader: Reader, key: &str, value: &str, places: Vec<Place>) -> Option<Finding> {
    let finding = |what, step| Finding::new(FindingKind::SettingIgnored, what, places).instead([step]);
    let said = repeated(value);
    let Some(kind) = reader.kind(key) else {
        let whose = if reader == Reader::Broker { "a broker" } else { "a name server" };
        let (what, step, sure) = match (elsewhere(key), reader.nearest(key)) {
            (Some(place), _) => (
                format!("`{key}` is no setting of {whose}'s file, and has no effect here"),
                place.to_owned(),
                Sureness::Certain,
            ),
            (None, Some(near)) => (
                format!("`{key}` is nothing that {whose} reads, and has no effect"),
                format!("did you mean `{near}`? write `{near}={said}`"),
                Sureness::Certain,
            ),
            // A running name server prints what it has, and a later version may have it.
            (None, None) if reader == Reader::NameServer => return None,
            (None, None) => (
                format!("`{key}` is nothing that {whose} of 4.9 to 5.3 reads"),
                "take the line out, or look it up in your version's source".to_owned(),
                Sureness::Likely,
            ),
        };
        return Some(finding(what, step).sure(sure));
    };
    let why = misread(kind, value)?;
    let plain = value.split('#').next().unwrap_or(value).trim();
    let step = match kind {
        Kind::Boolean => {
            format!("write `{key}=true` or `{key}=false`, and nothing behind it")
        }
        Kind::Text => format!("write `{key}={plain}`, and the comment on a line of its own"),
        _ => format!("write `{key}=` and digits only, in RocketMQ's unit, and nothing behind them"),
    };
    let effect = match kind {
        Kind::Boolean | Kind::Text => "",
        _ => ", and the default stays",
    };
    Some(finding(format!("`{key}={said}` is not read as it looks: {why}{effect}"), step))
}
