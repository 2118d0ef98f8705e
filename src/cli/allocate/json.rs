//! The answer for programs.

use serde_json::{Map, Value, json};

use crate::allocation::{Allocation, Balance, Fault, Plan, Question};
use crate::strategy::ClientId;

/// One strategy in full; of several, their figures.
pub(super) fn answer(plans: &[Plan]) -> String {
    let value = match plans {
        [plan] => one(plan),
        _ => json!({ "comparison": plans.iter().map(figures).collect::<Vec<_>>() }),
    };
    let mut text = serde_json::to_string_pretty(&value).expect("names and numbers make JSON");
    text.push('\n');
    text
}

fn figures(plan: &Plan) -> Value {
    let mut row = Map::new();
    row.insert("strategy".to_owned(), plan.outcome().1.strategy.clone().into());
    row.insert("total".to_owned(), balance(&plan.outcome().1.total));
    if let Some(changed) = &plan.changed {
        row.insert("moved".to_owned(), changed.movement.moves.len().into());
        row.insert("least_possible".to_owned(), changed.movement.least.into());
    }
    row.into()
}

fn one(plan: &Plan) -> Value {
    let mut value = state(&plan.question, &plan.allocation, &plan.faults);
    if let Some(changed) = &plan.changed {
        let moves = changed.movement.moves.iter().map(|one| {
            let queue = &plan.question.queues.all()[one.queue];
            json!({ "queue": queue.to_string(), "from": texts(&one.from), "to": texts(&one.to) })
        });
        let change = json!({
            "added": texts(&changed.change.added),
            "removed": texts(&changed.change.removed),
            "moved": changed.movement.moves.len(),
            "least_possible": changed.movement.least,
            "moves": moves.collect::<Vec<_>>(),
            "after": state(&changed.question, &changed.allocation, &changed.faults),
        });
        value.insert("change".to_owned(), change);
    }
    value.into()
}

fn texts(ids: &[ClientId]) -> Value {
    ids.iter().map(|id| &**id).collect::<Vec<_>>().into()
}

fn balance(balance: &Balance) -> Value {
    json!({
        "queues": balance.queues,
        "members": balance.members,
        "max_queues": balance.max,
        "min_queues": balance.min,
        "max_min": balance.max_min(),
        "idle_members": balance.idle_members,
        "unowned": balance.unowned,
        "double_owned": balance.double_owned,
    })
}

fn state(question: &Question, allocation: &Allocation, faults: &[Fault]) -> Map<String, Value> {
    let seats = question.members.seats();
    let topics = question.queues.topics().zip(&allocation.topics).map(|(topic, figures)| {
        let mut row = Map::new();
        row.insert("topic".to_owned(), topic.name.into());
        row.extend(balance(figures).as_object().cloned().unwrap_or_default());
        Value::from(row)
    });
    let mut by_seat: Vec<Map<String, Value>> = vec![Map::new(); seats.len()];
    for topic in question.queues.topics() {
        let mut owners: Vec<usize> = allocation.owners[topic.numbers].iter().flatten().copied().collect();
        owners.sort_unstable();
        for same in owners.chunk_by(|a, b| a == b) {
            by_seat[same[0]].insert(topic.name.to_owned(), same.len().into());
        }
    }
    let members = seats.iter().zip(&allocation.loads).zip(by_seat).zip(&allocation.thrown).map(
        |(((id, load), topics), thrown)| {
            let mut row = Map::new();
            row.insert("client_id".to_owned(), (**id).into());
            row.insert("queues".to_owned(), (*load).into());
            row.insert("topics".to_owned(), topics.into());
            if let Some(error) = thrown {
                row.insert("threw".to_owned(), format!("{}: {}", error.class(), error.message()).into());
            }
            Value::from(row)
        },
    );
    let mut faults = faults.iter().peekable();
    let queues = question.queues.all().iter().enumerate().map(|(number, queue)| {
        let owners: Vec<&str> = allocation.owners[number].iter().map(|&seat| &*seats[seat]).collect();
        let mut row = Map::new();
        row.insert("topic".to_owned(), (*queue.topic).into());
        row.insert("broker".to_owned(), (*queue.broker_name).into());
        row.insert("queue_id".to_owned(), queue.queue_id.into());
        row.insert("owners".to_owned(), owners.into());
        row.insert("state".to_owned(), allocation.state(number).word().into());
        if let Some(fault) = faults.next_if(|fault| fault.queue == number) {
            row.insert("reason".to_owned(), fault.reason.word().into());
            row.insert("explanation".to_owned(), fault.reason.to_string().into());
        }
        Value::from(row)
    });
    let not_offered = allocation
        .not_offered
        .iter()
        .map(|(seat, queue)| json!({ "queue": queue.to_string(), "client_id": &*seats[*seat] }));
    let mut value = Map::new();
    value.insert("strategy".to_owned(), allocation.strategy.clone().into());
    value.insert("group".to_owned(), question.group.clone().into());
    value.insert("total".to_owned(), balance(&allocation.total));
    value.insert("topics".to_owned(), topics.collect());
    value.insert("members".to_owned(), members.collect());
    value.insert("queues".to_owned(), queues.collect());
    value.insert("not_offered".to_owned(), not_offered.collect());
    value
}
