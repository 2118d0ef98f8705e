//! Cases of the strategies: who gets which queues in which order, and who gets which exception.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

use super::{Checked, Outcome, Subject, compare, read};
use crate::strategy::hash_ring::too_large;
use crate::strategy::{
    AllocateError, AllocateMessageQueueStrategy, ClientId, MessageQueue, RoomRule, StrategyError, StrategyParameters,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AllocationCase {
    #[serde(rename = "id")]
    _id: String,
    strategy: String,
    #[serde(rename = "tags", default)]
    _tags: Vec<String>,
    params: Parameters,
    mq_all: Option<Vec<MessageQueue>>,
    cid_all: Option<Vec<Option<String>>>,
    extra_cids: Vec<Option<String>>,
    result: BTreeMap<String, Option<Vec<MessageQueue>>>,
    error: Option<Vec<Thrown>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Parameters {
    config: Option<Vec<MessageQueue>>,
    consumer_idcs: Option<BTreeSet<String>>,
    virtual_nodes: Option<i32>,
    inner: Option<String>,
    resolver: RoomRule,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Thrown {
    at: Place,
    class: String,
    message: Option<String>,
    cids: Vec<Option<String>>,
}

#[derive(Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum Place {
    Allocate,
    Construct,
}

/// An exception as it is compared: of a `NullPointerException` only the class, because the JVM words the message.
type Exception = (String, Option<String>);

/// What one id gets; `Ok(None)` is Java's null.
type Share = Result<Option<Vec<MessageQueue>>, Exception>;

pub(super) fn check(subject: &Subject, case: &Value) -> Checked {
    let case: AllocationCase = read(case)?;
    let expected = case.expected()?;
    let refused = case.error.iter().flatten().find(|thrown| thrown.at == Place::Construct).map(Thrown::exception);
    let strategy = match (subject.build)(&case.strategy, &case.parameters()) {
        Ok(strategy) => strategy,
        Err(StrategyError::Refused(error)) => {
            return Ok(compare("constructor", &refused, &Some(exception(&error))));
        }
        Err(error) => return Err(error.to_string()),
    };
    if refused.is_some() {
        return Ok(compare("constructor", &refused, &None));
    }
    let members = case.cid_all.as_ref().map_or(0, Vec::len);
    if let Some(why) = too_large(members, strategy.virtual_node_cnt()) {
        return Err(why);
    }
    let named = compare("getName", &case.strategy, &strategy.name());
    let actual = case.ask(&*strategy, &expected);
    let differing = actual.iter().map(|(what, cid, share)| {
        let seat = format!("{what} for {cid:?}");
        expected.get(cid).map_or(Outcome::Agrees, |expected| compare(&seat, expected, share))
    });
    Ok(std::iter::once(named).chain(differing).find(|outcome| *outcome != Outcome::Agrees).unwrap_or(Outcome::Agrees))
}

impl AllocationCase {
    /// What every id got, by id; null, which no list holds, as the empty id that the strategies treat alike.
    fn expected(&self) -> Result<BTreeMap<String, Share>, String> {
        let results = self.result.iter().map(|(cid, queues)| (cid.clone(), Ok(queues.clone())));
        let throws = self.error.iter().flatten().flat_map(|thrown| {
            thrown.cids.iter().map(|cid| (cid.clone().unwrap_or_default(), Err(thrown.exception())))
        });
        let mut expected = BTreeMap::new();
        for (cid, share) in results.chain(throws) {
            let shown = format!("{cid:?}");
            if expected.insert(cid, share).is_some_and(|earlier| earlier.is_ok() || !shown.eq("\"\"")) {
                return Err(format!("the id {shown} stands twice in result and error"));
            }
        }
        let constructs = self.error.iter().flatten().any(|thrown| thrown.at == Place::Construct);
        let asked = self.cid_all.iter().flatten().chain(&self.extra_cids).flatten();
        for cid in asked.filter(|_| !constructs) {
            if !expected.contains_key(cid) {
                return Err(format!("the id {cid:?} stands neither in result nor in error"));
            }
        }
        Ok(expected)
    }

    fn parameters(&self) -> StrategyParameters {
        StrategyParameters {
            virtual_node_cnt: self.params.virtual_nodes.unwrap_or(10),
            message_queue_list: self.params.config.clone(),
            consumer_idcs: self.params.consumer_idcs.clone(),
            machine_room_resolver: self.params.resolver.clone(),
            ..StrategyParameters::default()
        }
    }

    /// Asks for all members at once, and singly for ids that are not in the list and for a few that are.
    fn ask(
        &self,
        strategy: &dyn AllocateMessageQueueStrategy,
        expected: &BTreeMap<String, Share>,
    ) -> Vec<(&'static str, String, Share)> {
        let queues = self.mq_all.as_deref().unwrap_or_default();
        let listed = self.cid_all.iter().flatten();
        let cids: Vec<ClientId> = listed.map(|cid| cid.clone().unwrap_or_default().into()).collect();
        let share = |answer: Result<Vec<MessageQueue>, AllocateError>| match answer {
            Ok(queues) if self.strategy == "CONFIG" && self.params.config.is_none() && queues.is_empty() => Ok(None),
            Ok(queues) => Ok(Some(queues)),
            Err(error) => Err(exception(&error)),
        };
        let together = strategy.allocate_all("group", queues, &cids);
        let together = cids.iter().zip(together).map(|(cid, answer)| ("allocate_all", cid.to_string(), share(answer)));
        let strangers = expected.keys().filter(|cid| cids.iter().all(|listed| **listed != ***cid));
        let middle = [0, cids.len() / 2, cids.len().saturating_sub(1)];
        let some = middle.iter().filter_map(|&position| cids.get(position)).map(ToString::to_string);
        let singly = strangers.cloned().chain(some).map(|cid| {
            let answer = strategy.allocate("group", &cid, queues, &cids);
            ("allocate", cid, share(answer))
        });
        singly.collect::<Vec<_>>().into_iter().chain(together).collect()
    }
}

impl Thrown {
    fn exception(&self) -> Exception {
        let null_pointer = self.class == "java.lang.NullPointerException";
        (self.class.clone(), self.message.clone().filter(|_| !null_pointer))
    }
}

fn exception(error: &AllocateError) -> Exception {
    let message = match error {
        AllocateError::IllegalArgument(message) => Some(message.clone()),
        AllocateError::NullPointer(_) => None,
    };
    (error.class().to_owned(), message)
}
