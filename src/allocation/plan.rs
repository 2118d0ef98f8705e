//! The answer of one strategy, with what a change of the members does to it.

use std::collections::BTreeMap;

use super::{Allocation, Change, ChangeError, Fault, Movement, Question, QuestionError, explain};
use crate::strategy::MessageQueue;

/// What one strategy answers.
#[derive(Debug, Clone)]
pub struct Plan {
    /// What was asked.
    pub question: Question,
    /// The answer.
    pub allocation: Allocation,
    /// Its faults.
    pub faults: Vec<Fault>,
    /// What the change does.
    pub changed: Option<Changed>,
}

/// The answer after a change of the members.
#[derive(Debug, Clone)]
pub struct Changed {
    /// Who comes and goes.
    pub change: Change,
    /// What is asked after it. `STICKY` is told the allocation before it.
    pub question: Question,
    /// The answer.
    pub allocation: Allocation,
    /// Its faults.
    pub faults: Vec<Fault>,
    /// What moves.
    pub movement: Movement,
}

/// Why there is no plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// The question has no answer.
    #[error(transparent)]
    Question(#[from] QuestionError),
    /// The change cannot be made.
    #[error(transparent)]
    Change(#[from] ChangeError),
}

impl Plan {
    /// The last state: after the change if there is one.
    #[must_use]
    pub fn outcome(&self) -> (&Question, &Allocation, &[Fault]) {
        match &self.changed {
            Some(changed) => (&changed.question, &changed.allocation, &changed.faults),
            None => (&self.question, &self.allocation, &self.faults),
        }
    }
}

/// Answers a question, and again after a change.
///
/// # Errors
/// [`PlanError`].
pub fn plan(question: Question, change: Option<&Change>) -> Result<Plan, PlanError> {
    let allocation = question.allocate()?;
    let faults = explain(&question, &allocation)?;
    let changed = change.map(|change| changed(&question, &allocation, change)).transpose()?;
    Ok(Plan { question, allocation, faults, changed })
}

fn changed(before: &Question, allocation: &Allocation, change: &Change) -> Result<Changed, PlanError> {
    let mut question = Question { members: change.after(&before.members)?, ..before.clone() };
    question.parameters.previous = shares(before, allocation);
    let after = question.allocate()?;
    let faults = explain(&question, &after)?;
    let movement = Movement::between((before, allocation), (&question, &after));
    Ok(Changed { change: change.clone(), question, allocation: after, faults, movement })
}

/// Queues by client id.
fn shares(question: &Question, allocation: &Allocation) -> BTreeMap<String, Vec<MessageQueue>> {
    let mut shares: BTreeMap<String, Vec<MessageQueue>> = BTreeMap::new();
    let seats = question.members.seats();
    let mut by_seat: Vec<Vec<MessageQueue>> = vec![Vec::new(); seats.len()];
    for (queue, owners) in question.queues.all().iter().zip(&allocation.owners) {
        owners.iter().for_each(|&seat| by_seat[seat].push(queue.clone()));
    }
    for (id, share) in seats.iter().zip(by_seat) {
        // Processes with the same id have the same share.
        shares.entry(id.to_string()).or_insert(share);
    }
    shares
}
