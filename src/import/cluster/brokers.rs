//! Brokers: their processes with addresses and settings, and which of them a fact is of.

use std::collections::{BTreeMap, BTreeSet};

use super::super::fact::{BrokerRef, Fact, Sighted};
use super::super::section::Place;
use super::Wanted;
use super::known::{Claims, Known, RemarkKind, Told, Weight};
use super::sections::{Piece, Sections};

/// A broker by its name: a master and its slaves.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Broker {
    /// Where it is named.
    pub places: Vec<Place>,
    /// Its cluster.
    pub cluster: Option<Known<String>>,
    /// Its processes by `brokerId`; 0 is the master.
    pub processes: BTreeMap<u64, Process>,
}

/// One process of a broker.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Process {
    /// Where it is named.
    pub places: Vec<Place>,
    /// `host:port`.
    pub address: Option<Known<String>>,
    /// Such as `V5_3_3`.
    pub version: Option<Known<String>>,
    /// Its configuration, as it is written.
    pub settings: BTreeMap<String, Known<String>>,
}

/// A process by the name of its broker and its `brokerId`.
type Named = (String, u64);

/// Who is meant by a name, an address or a folder.
#[derive(Default)]
pub(super) struct Directory {
    by_address: BTreeMap<String, Named>,
    by_piece: BTreeMap<Piece, Named>,
    by_folder: BTreeMap<String, BTreeSet<Named>>,
    all: BTreeSet<String>,
    otherwise: Option<String>,
}

impl Directory {
    /// From what inputs say of brokers.
    pub fn of(facts: &[Sighted], sections: &Sections<'_>, wanted: &Wanted) -> Self {
        let mut directory = Self { otherwise: wanted.broker.clone(), ..Self::default() };
        let mut said: BTreeMap<(Piece, BrokerRef), [Option<String>; 3]> = BTreeMap::new();
        for sighted in facts {
            match &sighted.fact {
                Fact::Broker { name, id, address, .. } => {
                    let named = (name.clone(), id.unwrap_or(0));
                    if let Some(address) = address {
                        directory.by_address.insert(address.clone(), named.clone());
                    }
                    directory.put_folder(sections.folder(sighted.place), named);
                }
                Fact::BrokerSetting { broker, key, value } => {
                    let keys = ["brokerName", "brokerId", "brokerRole"];
                    let Some(at) = keys.iter().position(|known| known == key) else { continue };
                    let piece = sections.piece(sighted.place);
                    said.entry((piece, broker.clone())).or_default()[at] = Some(value.trim().to_owned());
                }
                Fact::TopicAt { broker: BrokerRef::Name(name), .. }
                | Fact::GroupAt { broker: BrokerRef::Name(name), .. } => {
                    directory.all.insert(name.clone());
                }
                Fact::Progress { queue, .. } => drop(directory.all.insert(queue.broker.clone())),
                Fact::QueueRange { broker, .. } => drop(directory.all.insert(broker.clone())),
                _ => {}
            }
        }
        for ((piece, broker), [name, id, role]) in said {
            let slave = u64::from(role.is_some_and(|role| role == "SLAVE"));
            let id = id.and_then(|id| id.parse().ok()).unwrap_or(slave);
            let name = name.or(match &broker {
                BrokerRef::Name(name) => Some(name.clone()),
                _ => None,
            });
            let Some(name) = name else { continue };
            match broker {
                BrokerRef::Address(address) => directory.put_address(address, (name, id)),
                BrokerRef::OfThisFolder => directory.put_piece(piece, sections, (name, id)),
                BrokerRef::Name(_) => {}
            }
        }
        directory.all.extend(directory.by_address.values().map(|(name, _)| name.clone()));
        directory
    }

    fn put_address(&mut self, address: String, named: Named) {
        self.all.insert(named.0.clone());
        self.by_address.insert(address, named);
    }

    fn put_folder(&mut self, folder: &str, named: Named) {
        self.all.insert(named.0.clone());
        self.by_folder.entry(folder.to_owned()).or_default().insert(named);
    }

    fn put_piece(&mut self, piece: Piece, sections: &Sections<'_>, named: Named) {
        self.put_folder(sections.folder_of(piece), named.clone());
        self.by_piece.insert(piece, named);
    }

    /// Whom an input means; `None` where nothing says it, which is told.
    pub fn find(
        &self,
        broker: &BrokerRef,
        place: Place,
        sections: &Sections<'_>,
        told: &mut Told<'_>,
    ) -> Option<Named> {
        let only = |names: &BTreeSet<Named>| {
            let distinct: BTreeSet<&str> = names.iter().map(|(name, _)| name.as_str()).collect();
            names.first().filter(|_| distinct.len() == 1).cloned()
        };
        let found = match broker {
            BrokerRef::Name(name) => Some((name.clone(), 0)),
            BrokerRef::Address(address) => self.by_address.get(address).cloned(),
            BrokerRef::OfThisFolder => self.by_piece.get(&sections.piece(place)).cloned().or_else(|| {
                // A disk keeps its JSON in `config`, beside or below the folder of the configuration.
                let mut folder = Some(sections.folder(place));
                std::iter::from_fn(|| {
                    let here = folder?;
                    folder = here.rsplit_once('/').map(|(above, _)| above);
                    Some(here)
                })
                .find_map(|folder| self.by_folder.get(folder).and_then(only))
            }),
        };
        if let Some(found) = found {
            return Some(found);
        }
        let alone = self.all.first().filter(|_| self.all.len() == 1).or(self.otherwise.as_ref());
        if alone.is_none() {
            let whose = match broker {
                BrokerRef::Address(address) => format!("which broker has the address {address}"),
                _ => "of which broker it is".to_owned(),
            };
            let input = &told.evidence.inputs[place.input];
            let sentence =
                format!("nothing says {whose} (`{input}`); --broker NAME does, or its broker.conf beside it");
            told.remark(RemarkKind::LeftOut, sentence);
        }
        alone.map(|name| (name.clone(), 0))
    }
}

/// What is said of a process.
#[derive(Default)]
struct Gathered {
    places: Vec<Place>,
    cluster: Claims<String>,
    address: Claims<String>,
    version: Claims<String>,
    settings: BTreeMap<String, Claims<String>>,
}

impl Gathered {
    fn set(&mut self, key: &str, value: &str, place: Place) {
        self.places.push(place);
        if key == "brokerClusterName" {
            self.cluster.say(value.to_owned(), place, Weight::Written);
        }
        self.settings.entry(key.to_owned()).or_default().say(value.to_owned(), place, Weight::Written);
    }
}

/// All brokers that inputs tell of.
pub(super) fn brokers(
    facts: &[Sighted],
    (sections, directory): (&Sections<'_>, &Directory),
    told: &mut Told<'_>,
) -> BTreeMap<String, Broker> {
    let mut gathered: BTreeMap<Named, Gathered> = BTreeMap::new();
    for sighted in facts {
        let place = sighted.place;
        match &sighted.fact {
            Fact::Broker { cluster, name, id, address, version, .. } => {
                let own = gathered.entry((name.clone(), id.unwrap_or(0))).or_default();
                own.places.push(place);
                let said = [(cluster, &mut own.cluster), (address, &mut own.address), (version, &mut own.version)];
                for (value, claims) in said {
                    value.iter().for_each(|value| claims.say(value.clone(), place, Weight::Written));
                }
            }
            Fact::BrokerSetting { broker, key, value } => {
                let Some(named) = directory.find(broker, place, sections, told) else { continue };
                gathered.entry(named).or_default().set(key, value, place);
            }
            Fact::SlaveSetting { broker, id, key, value } => {
                gathered.entry((broker.clone(), *id)).or_default().set(key, value, place);
            }
            _ => {}
        }
    }
    let mut brokers: BTreeMap<String, Broker> = BTreeMap::new();
    for ((name, id), own) in gathered {
        let broker = brokers.entry(name.clone()).or_default();
        broker.places.extend(&own.places);
        let cluster = own.cluster.settled(|value| format!("that {name} is of the cluster {value}"), told);
        broker.cluster = broker.cluster.take().or(cluster);
        let who = if id == 0 { name.clone() } else { format!("{name} ({id})") };
        let setting = |(key, claims): (String, Claims<String>), told: &mut Told<'_>| {
            // Of equal keys in one file Java takes the last, and says nothing.
            let known = claims.settled(|value| format!("{key} = {value} of {who}"), told)?;
            Some((key, known))
        };
        let process = Process {
            address: own.address.settled(|value| format!("the address {value} of {who}"), told),
            version: own.version.settled(|value| format!("the version {value} of {who}"), told),
            settings: own.settings.into_iter().filter_map(|of| setting(of, told)).collect(),
            places: own.places,
        };
        broker.processes.insert(id, process);
    }
    brokers
}
