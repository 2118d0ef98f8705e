//! What the controllers know (`ReplicasInfoManager`); what they do with it stands with the brokers that they elect.

use crate::kernel::Instant;
use crate::model::plan::Plan;

/// What the controllers know of all brokers.
#[derive(Debug)]
pub(in crate::model) struct Controller {
    /// When each broker was last heard.
    pub heard: Vec<Instant>,
    /// Whether a slave is not in the SyncStateSet.
    pub out_of_sync: Vec<bool>,
}

impl Controller {
    /// As the plan begins: all slaves are in sync.
    pub fn of(plan: &Plan) -> Self {
        Self { heard: vec![Instant::ZERO; plan.brokers.len()], out_of_sync: vec![false; plan.brokers.len()] }
    }
}
