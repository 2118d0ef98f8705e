//! What a value of the model says, word by word: a number becomes the name behind it by its type, a span gets its unit,
//! and a list, however long, stays one value.
//!
//! ```text
//!   QueueTaken { consumer: ConsumerIndex(1), queue: QueueIndex(3), offset: 20 }
//!   --> queue_taken, consumer=c2, queue=orders/broker-a/3, offset=20
//!   --> queue_taken   actor c2   subject orders/broker-a/3   offset=20
//! ```

use std::fmt::Error;

use serde::ser::{
    Impossible, Serialize, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple, Serializer,
};

use super::id::Id;
use super::row::STORY;
use crate::kernel::{Instant, Span};
use crate::model::Names;
use crate::model::ids::{
    AudienceIndex, BrokerIndex, ClientIndex, ConsumerIndex, GroupIndex, NameServerIndex, ProducerIndex, ProxyIndex,
    QueueIndex, TopicIndex,
};
use crate::model::plan::{Plan, TagSet};

/// One thing that was said.
struct Word {
    key: &'static str,
    id: Option<Id>,
    text: String,
}

/// More of a list is counted, and not said.
const MOST_LISTED: usize = 8;

/// All that a value says.
pub(super) struct Words<'a> {
    names: &'a Names,
    plan: &'a Plan,
    event: Option<&'static str>,
    said: Vec<Word>,
    /// The field that is said.
    key: &'static str,
    /// The type around the number that comes.
    kind: Option<&'static str>,
    /// The list that is said, and how many entries it has.
    list: Option<(Vec<String>, usize)>,
}

impl<'a> Words<'a> {
    pub fn new(names: &'a Names, plan: &'a Plan) -> Self {
        Self { names, plan, event: None, said: Vec::new(), key: "", kind: None, list: None }
    }

    /// Takes in what a value says.
    pub fn say(&mut self, value: &impl Serialize) {
        self.key = "";
        value.serialize(self).expect("the types of the model have no maps and no bytes");
    }

    /// What happened.
    pub fn event(&self) -> &'static str {
        self.event.expect("every event has a name")
    }

    /// Who did it, to what, and the rest.
    pub fn parted(mut self, actor: Option<&str>) -> (String, String, Vec<(&'static str, String)>) {
        let acts = |word: &Word| word.id.is_some_and(Id::acts);
        let position = match actor {
            Some(_) => None,
            // A queue stands before the one who did something to it only where a field says so.
            None => {
                self.said.iter().position(|word| word.key == "by" && acts(word)).or(self.said.iter().position(acts))
            }
        };
        let (names, doer) = (self.names, position.and_then(|at| self.said[at].id));
        let actor = match (actor, doer) {
            (Some(actor), _) => actor.to_owned(),
            (None, Some(Id::Queue(queue))) => names.broker(names.queue(queue).broker).to_owned(),
            (None, Some(id)) => {
                let text = self.name(id, 0);
                self.said.remove(position.expect("it was found there"));
                text
            }
            (None, None) if self.said.iter().any(|word| word.id == Some(Id::Step)) => STORY.to_owned(),
            (None, None) => "network".to_owned(),
        };
        let about = (0..self.said.len()).filter_map(|at| Some((self.said[at].id?.rank(), at))).min();
        let subject = match (about, doer) {
            (Some((_, at)), _) => self.said.remove(at).text,
            (None, Some(Id::Consumer(consumer))) => names.group(names.group_of(consumer)).to_owned(),
            (None, _) => actor.clone(),
        };
        self.forget_own_origin(&subject);
        (actor, subject, self.said.into_iter().map(|word| (word.key, word.text)).collect())
    }

    /// A message that came from nowhere else is its own first copy, and that need not be said.
    fn forget_own_origin(&mut self, subject: &str) {
        let text = |key: &str| self.said.iter().find(|word| word.key == key).map(|word| word.text.as_str());
        if text("origin") == Some(subject) && text("its_offset").is_some() && text("its_offset") == text("offset") {
            self.said.retain(|word| word.key != "origin" && word.key != "its_offset");
        }
    }

    fn name(&self, id: Id, step: u64) -> String {
        let names = self.names;
        match id {
            Id::Consumer(consumer) => names.consumer(consumer).to_owned(),
            Id::Broker(broker) => names.broker(broker).to_owned(),
            Id::NameServer(name_server) => names.name_server(name_server).to_owned(),
            Id::Proxy(proxy) => names.proxy(proxy).to_owned(),
            Id::Producer(producer) => names.producer(producer).to_owned(),
            Id::Client(client) => names.client(client).to_string(),
            Id::Queue(queue) => names.message_queue(queue).to_string(),
            Id::Topic(topic) => names.topic(topic).name.to_string(),
            Id::Group(group) => names.group(group).to_owned(),
            Id::Audience(audience) => names.audience(audience).to_owned(),
            Id::Step => self.plan.timeline[step as usize].label.clone(),
        }
    }

    fn put(&mut self, id: Option<Id>, text: String) {
        match &mut self.list {
            Some((listed, count)) => {
                *count += 1;
                if *count <= MOST_LISTED {
                    listed.push(text);
                }
            }
            None => self.said.push(Word { key: self.key, id, text }),
        }
    }

    /// A number, by the type around it and the field that it stands in.
    fn number(&mut self, number: u64) {
        let at = number as usize;
        let id = match (self.kind.take(), self.key) {
            (Some("ConsumerIndex"), _) => Id::Consumer(ConsumerIndex::of(at)),
            (Some("BrokerIndex"), _) => Id::Broker(BrokerIndex::of(at)),
            (Some("NameServerIndex"), _) => Id::NameServer(NameServerIndex::of(at)),
            (Some("ProducerIndex"), _) => Id::Producer(ProducerIndex::of(at)),
            (Some("ProxyIndex"), _) => Id::Proxy(ProxyIndex::of(at)),
            (Some("ClientIndex"), _) => Id::Client(ClientIndex::of(at)),
            (Some("QueueIndex"), _) => Id::Queue(QueueIndex::of(at)),
            (Some("TopicIndex"), _) => Id::Topic(TopicIndex::of(at)),
            (Some("GroupIndex"), _) => Id::Group(GroupIndex::of(at)),
            (Some("AudienceIndex"), _) => Id::Audience(AudienceIndex::of(at)),
            (Some("Span"), _) => return self.put(None, to_the_microsecond(number).to_string()),
            (Some("Instant"), _) => return self.put(None, Instant::from_nanos(number).to_string()),
            (Some("TagSet"), _) => return self.put(None, self.tags(number)),
            (None, "step") => Id::Step,
            (None, "tag") => return self.put(None, self.tag(number as u8)),
            _ => return self.put(None, number.to_string()),
        };
        // In a list it is one of several, and not what a row is about.
        let text = self.name(id, number);
        self.put(Some(id), text);
    }

    fn tag(&self, tag: u8) -> String {
        let named = usize::from(tag).checked_sub(1).and_then(|at| self.plan.tags.get(at));
        named.map_or_else(|| "none".to_owned(), Clone::clone)
    }

    fn tags(&self, bits: u64) -> String {
        if bits == TagSet::ALL.bits() {
            return "all".to_owned();
        }
        let taken = (0..64_u8).filter(|tag| bits >> tag & 1 == 1).map(|tag| self.tag(tag));
        taken.collect::<Vec<_>>().join(",")
    }

    /// One of several kinds: the first is what happened, the others are words.
    fn variant(&mut self, variant: &'static str) {
        if self.event.is_none() || self.key == "what" {
            self.event = Some(variant);
        } else {
            self.put(None, variant.to_owned());
        }
    }

    fn field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Error> {
        self.key = key;
        value.serialize(self)
    }

    /// The list that was said becomes one word.
    fn end_list(&mut self) {
        let (mut listed, count) = self.list.take().expect("a list is said");
        if count == 0 {
            return;
        }
        if count > MOST_LISTED {
            listed.push(format!("and_{}_more", count - MOST_LISTED));
        }
        self.put(None, listed.join(","));
    }
}

/// A span as people read it: without nanoseconds, but where there is nothing else.
const fn to_the_microsecond(nanos: u64) -> Span {
    Span::from_nanos(if nanos < 1_000 { nanos } else { nanos / 1_000 * 1_000 })
}

/// Plain values of several widths say the same.
macro_rules! numbers {
    ($($method:ident($type:ty)),*) => {
        $(fn $method(self, value: $type) -> Result<(), Error> {
            self.number(value.into());
            Ok(())
        })*
    };
}

/// What no type of the model has.
macro_rules! unused {
    ($($method:ident($type:ty)),*) => {
        $(fn $method(self, _: $type) -> Result<(), Error> {
            Err(Error)
        })*
    };
}

impl Serializer for &mut Words<'_> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Self;
    type SerializeTuple = Self;
    type SerializeStruct = Self;
    type SerializeStructVariant = Self;
    type SerializeTupleStruct = Impossible<(), Error>;
    type SerializeTupleVariant = Impossible<(), Error>;
    type SerializeMap = Impossible<(), Error>;

    numbers!(serialize_u8(u8), serialize_u16(u16), serialize_u32(u32), serialize_u64(u64));
    unused!(
        serialize_i8(i8),
        serialize_i16(i16),
        serialize_i32(i32),
        serialize_i64(i64),
        serialize_f32(f32),
        serialize_f64(f64),
        serialize_char(char),
        serialize_bytes(&[u8])
    );

    fn serialize_bool(self, value: bool) -> Result<(), Error> {
        self.put(None, if value { "yes" } else { "no" }.to_owned());
        Ok(())
    }

    fn serialize_str(self, value: &str) -> Result<(), Error> {
        self.put(None, value.to_owned());
        Ok(())
    }

    /// What is not there is not said.
    fn serialize_none(self) -> Result<(), Error> {
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Error> {
        Err(Error)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Error> {
        Err(Error)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), Error> {
        self.variant(variant);
        Ok(())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Result<(), Error> {
        self.kind = Some(name);
        value.serialize(self)
    }

    /// An actor of any kind, and a kind of event, are what is inside; any other kind is a word, and what is in it another.
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        if name != "Host" && self.event.is_some() {
            self.variant(variant);
            self.key = variant;
        }
        value.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self, Error> {
        self.list = Some((Vec::new(), 0));
        Ok(self)
    }

    fn serialize_tuple(self, _: usize) -> Result<Self, Error> {
        Ok(self)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Impossible<(), Error>, Error> {
        Err(Error)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Impossible<(), Error>, Error> {
        Err(Error)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Impossible<(), Error>, Error> {
        Err(Error)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, Error> {
        Ok(self)
    }

    fn serialize_struct_variant(self, _: &'static str, _: u32, variant: &'static str, _: usize) -> Result<Self, Error> {
        self.variant(variant);
        Ok(self)
    }
}

impl SerializeSeq for &mut Words<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        value.serialize(&mut **self)
    }

    fn end(self) -> Result<(), Error> {
        self.end_list();
        Ok(())
    }
}

/// A queue and an offset in it.
impl SerializeTuple for &mut Words<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        value.serialize(&mut **self)?;
        self.key = "its_offset";
        Ok(())
    }

    fn end(self) -> Result<(), Error> {
        Ok(())
    }
}

impl SerializeStruct for &mut Words<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Error> {
        self.field(key, value)
    }

    fn end(self) -> Result<(), Error> {
        Ok(())
    }
}

impl SerializeStructVariant for &mut Words<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Error> {
        self.field(key, value)
    }

    fn end(self) -> Result<(), Error> {
        Ok(())
    }
}
