//! What readers of JSON share: each object of a piece is read by the reader whose fields it has.

use super::super::reader::{Reader, Reading};
use super::super::section::{Place, Section};
use super::super::{browser, fact::QueueName};
use crate::import::tables::is_noise;
use crate::offset::fastjson::{Located, Piece, documents};

/// Reads one kind of JSON.
pub(in crate::import) struct JsonReader {
    /// [`Reader::name`].
    pub name: &'static str,
    /// A field that stands in the text of this kind: what is looked for before anything is read.
    pub mark: &'static str,
    /// Whether an object, or what a dashboard wrapped, is of this kind.
    pub is: fn(&Located) -> bool,
    /// Reads it.
    pub read: fn(&Document<'_>, &mut Reading),
}

/// An object that is read.
pub(in crate::import) struct Document<'a> {
    /// The piece that it stands in.
    pub section: &'a Section<'a>,
    /// What it holds, without the wrapping of a dashboard.
    pub root: &'a Located,
    /// Whether it is the first of its piece: only of this one the call before the piece tells anything.
    pub first: bool,
}

/// All kinds; the first that an object is of reads it.
pub(in crate::import) static KINDS: &[&JsonReader] = &[
    &super::CONSUMER_OFFSETS,
    &super::CLIENT_OFFSETS,
    &super::DELAY_OFFSETS,
    &super::TOPICS,
    &super::GROUPS,
    &super::MODES,
    &super::MAPPINGS,
    &super::OTHERS,
    &browser::ROUTE,
    &browser::CONNECTION,
    &browser::PROGRESS,
    &browser::PROGRESS_BY_GROUP,
    &browser::GROUP_LIST,
    &browser::GROUP_CONFIG,
    &browser::RUNNING_INFO,
    &browser::TOPIC_STATS,
    &browser::TOPIC_LIST,
    &browser::CLUSTER,
    &browser::ANSWER,
];

impl Reader for JsonReader {
    fn name(&self) -> &'static str {
        self.name
    }

    fn recognises(&self, section: &Section<'_>) -> bool {
        if !begins_with_object(section) {
            return false;
        }
        if !section.lines.iter().any(|(_, line)| line.contains(self.mark)) {
            return false;
        }
        documents(&section.text()).iter().any(|piece| match piece {
            Piece::Document(document) => (self.is)(unwrapped(document)),
            _ => false,
        })
    }

    fn read(&self, section: &Section<'_>, reading: &mut Reading) {
        read_all(self.name, section, reading);
    }
}

/// Reads objects of which none is known, and those that are cut or damaged.
pub(in crate::import) struct OtherJson;

impl Reader for OtherJson {
    fn name(&self) -> &'static str {
        "JSON of no kind that is known, or damaged"
    }

    fn recognises(&self, section: &Section<'_>) -> bool {
        begins_with_object(section)
            && documents(&section.text()).iter().any(|piece| !matches!(piece, Piece::Stray { .. }))
    }

    fn read(&self, section: &Section<'_>, reading: &mut Reading) {
        read_all(self.name(), section, reading);
    }
}

/// Whether an object is the first that is no noise.
fn begins_with_object(section: &Section<'_>) -> bool {
    let mut lines = section.lines.iter().map(|(_, line)| line.trim_start_matches('\u{feff}').trim());
    lines.find(|line| !line.is_empty() && !is_noise(line)).is_some_and(|line| line.starts_with('{'))
}

/// Reads each object of a piece by its kind.
fn read_all(name: &str, section: &Section<'_>, reading: &mut Reading) {
    let mut first = true;
    for piece in documents(&section.text()) {
        match piece {
            Piece::Document(whole) => {
                let root = unwrapped(&whole);
                let document = Document { section, root, first: std::mem::take(&mut first) };
                match KINDS.iter().find(|kind| (kind.is)(root)) {
                    Some(kind) => (kind.read)(&document, reading),
                    None => reading.note(document.place(&whole), "this JSON is of no kind that is known"),
                }
            }
            Piece::Stray { text, .. } if is_noise(text.trim()) => {}
            Piece::Stray { line, text } => {
                let what = format!("`{}` is no part of {}", cut(&text), name);
                reading.note(place(section, line), what);
            }
            Piece::Broken(error) => reading.note(
                place(section, error.line),
                format!("expected {}, found {}; what follows is not read", error.expected, error.found),
            ),
        }
    }
}

/// What the dashboard's `JsonResult` wraps, or the object itself.
fn unwrapped(document: &Located) -> &Located {
    match (document.get("status"), document.get("data")) {
        (Some(_), Some(data)) if data.text().is_none() => match data.get("clusterInfo") {
            Some(cluster) => cluster,
            None if data.fields().is_empty() && data.elements().is_empty() => document,
            None => data,
        },
        _ => document,
    }
}

/// A line of a piece's text is the line of its input that stands there.
fn place(section: &Section<'_>, line: usize) -> Place {
    let at = section.lines.get(line.saturating_sub(1)).or(section.lines.last());
    section.place(at.map_or(1, |(number, _)| *number))
}

impl Document<'_> {
    /// Where a value of it stands.
    pub(in crate::import) fn place(&self, value: &Located) -> Place {
        place(self.section, value.line)
    }

    /// What the call before it said of its group.
    pub(in crate::import) fn called_group(&self) -> Option<String> {
        self.section.call.as_ref().filter(|_| self.first)?.group.clone()
    }

    /// What the call before it said of its topic.
    pub(in crate::import) fn called_topic(&self) -> Option<String> {
        self.section.call.as_ref().filter(|_| self.first)?.topic.clone()
    }

    /// What the call before it said of the client that was asked.
    pub(in crate::import) fn called_client(&self) -> Option<String> {
        self.section.call.as_ref().filter(|_| self.first)?.client_id.clone()
    }

    /// The entries of a map by name, of which the last of two with one name counts, as in Java; that is noted.
    pub(in crate::import) fn entries<'a>(
        &self,
        map: &'a Located,
        reading: &mut Reading,
    ) -> Vec<(&'a Located, &'a str, &'a Located)> {
        let mut last = std::collections::BTreeMap::new();
        let mut found = Vec::new();
        for (name, value) in map.fields() {
            let Some(text) = name.text() else {
                reading.note(self.place(name), "this key is no text");
                continue;
            };
            if let Some(earlier) = last.insert(text, found.len()) {
                let what = format!("`{}` stands twice, again further down; Java keeps the last", cut(text));
                let (earlier, ..): (&Located, &str, &Located) = found[earlier];
                reading.note(self.place(earlier), what);
            }
            found.push((name, text, value));
        }
        let kept = found.iter().enumerate().filter(|(at, (_, text, _))| last[text] == *at);
        kept.map(|(_, entry)| *entry).collect()
    }
}

/// A queue as it stands as a key or an object: of fastjson as an object, of others as a text that holds one, of the dashboard
/// as `MessageQueue.toString` gives it. `None` where it is none.
pub(in crate::import) fn queue_of(key: &Located) -> Option<QueueName> {
    if !key.fields().is_empty() {
        let text = |name| key.get(name).and_then(Located::text).filter(|text| !text.is_empty());
        let id = key.get("queueId").map_or(Some(0), Located::long)?;
        let (topic, broker) = (text("topic")?.to_owned(), text("brokerName")?.to_owned());
        return Some(QueueName { topic, broker, id: u32::try_from(id).ok()? });
    }
    let text = key.text()?.trim();
    if text.starts_with('{') {
        return match &documents(text)[..] {
            [Piece::Document(inner)] if inner.fields().iter().all(|(_, value)| value.fields().is_empty()) => {
                queue_of(inner)
            }
            _ => None,
        };
    }
    let inner = text.strip_prefix("MessageQueue [topic=")?.strip_suffix(']')?;
    let (topic, rest) = inner.split_once(", brokerName=")?;
    let (broker, id) = rest.split_once(", queueId=")?;
    Some(QueueName { topic: topic.to_owned(), broker: broker.to_owned(), id: id.parse().ok()? })
}

/// A text as it stands in a note: not longer than a line.
pub(in crate::import) fn cut(text: &str) -> String {
    let shown = text.chars().take(60).map(|c| if c.is_control() { ' ' } else { c });
    shown.chain(text.chars().nth(60).map(|_| '…')).collect()
}
