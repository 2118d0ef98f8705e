//! Strategies with a mistake in them, against answers of RocketMQ's classes and against what they promise.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::conformance::{Conformance, Subject};
use crate::model::plan::PlantedMistake;
use crate::strategy::{
    AllocateError, AllocateMessageQueueStrategy, ClientId, MessageQueue, StrategyError, StrategyParameters, registry,
};

type Shared = Arc<dyn AllocateMessageQueueStrategy>;

/// Asks a strategy with every id once.
struct EveryIdOnce(Shared);

impl AllocateMessageQueueStrategy for EveryIdOnce {
    fn name(&self) -> String {
        self.0.name()
    }

    fn allocate(
        &self,
        group: &str,
        cid: &str,
        queues: &[MessageQueue],
        cids: &[ClientId],
    ) -> Result<Vec<MessageQueue>, AllocateError> {
        let mut seen = BTreeSet::new();
        let once: Vec<ClientId> = cids.iter().filter(|cid| seen.insert((*cid).clone())).cloned().collect();
        self.0.allocate(group, cid, queues, &once)
    }
}

fn with_every_id_once(name: &str, parameters: &StrategyParameters) -> Result<Shared, StrategyError> {
    Ok(Arc::new(EveryIdOnce(registry::build(name, parameters)?)))
}

/// What `AllocateMessageQueueConsistentHash` of RocketMQ 5.3.3 answers where an id stands twice: it has twice the nodes, and
/// with those of one id each a queue would be another's.
const RECORDED: &str = r#"{"id":"pub-HASH-00049","strategy":"CONSISTENT_HASH","params":{"virtual_nodes":10},"mq_all":[["TopicTest","broker-a",0],["TopicTest","broker-a",1]],"cid_all":["10.0.0.1@1","10.0.0.1@1","10.0.0.2@1","10.0.0.3@1"],"extra_cids":[],"result":{"10.0.0.1@1":[["TopicTest","broker-a",0],["TopicTest","broker-a",1]],"10.0.0.2@1":[],"10.0.0.3@1":[]},"error":null}"#;

/// The recorded answer, of the strategy as it is or with every id once.
pub(super) fn repeated_ids(planted: Option<PlantedMistake>) -> Result<(), String> {
    let wrong = planted == Some(PlantedMistake::RepeatedIdsOnce);
    let build = if wrong { with_every_id_once } else { registry::build };
    let mut conformance = Conformance::of(Subject { build, ..Subject::default() });
    match conformance.check_line(RECORDED) {
        Ok(None) => Ok(()),
        Ok(Some(difference)) => Err(format!("{}: {}", difference.id, difference.what)),
        Err(error) => Err(error.to_string()),
    }
}

/// No member of three gets more than 125 percent of the mean of twelve queues, whatever they are called.
pub(super) fn load_bound(planted: Option<PlantedMistake>) -> Result<(), String> {
    let loose = planted == Some(PlantedMistake::LooseLoadBound);
    let parameters =
        StrategyParameters { load_bound_percent: if loose { 150 } else { 125 }, ..StrategyParameters::default() };
    let strategy = registry::build("BOUNDED_LOAD_HASH", &parameters).map_err(|error| error.to_string())?;
    for first in 0..20 {
        let cids: Vec<ClientId> = (first..first + 3).map(|id| format!("10.0.0.{id}@1").into()).collect();
        let queues: Vec<MessageQueue> = (0..12).map(|id| MessageQueue::new("TopicTest", "broker-a", id)).collect();
        for cid in &cids {
            let mine = strategy.allocate("g", cid, &queues, &cids).map_err(|error| error.to_string())?.len();
            if mine > 5 {
                return Err(format!("{cid} has {mine} of 12 queues, and may have 5"));
            }
        }
    }
    Ok(())
}
