//! The answer as comma-separated tables: a row a queue, a row a member and topic, a row a strategy.

use crate::allocation::{Allocation, Plan, Question};
use crate::report::harmless;

type Row = Vec<String>;

fn sheet(header: &[&str], rows: impl IntoIterator<Item = Row>) -> String {
    const MEMORY: &str = "writing into memory does not fail, and every row has the header's columns";
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(header).expect(MEMORY);
    let harmless = |row: Row| row.iter().map(|cell| harmless(cell).into_owned()).collect::<Row>();
    rows.into_iter().for_each(|row| writer.write_record(harmless(row)).expect(MEMORY));
    String::from_utf8(writer.into_inner().expect(MEMORY)).expect("text makes text")
}

/// The ids of the owners of a queue, with a `;` between them.
fn ids(question: &Question, allocation: &Allocation, queue: usize) -> String {
    let seats = question.members.seats();
    allocation.owners[queue].iter().map(|&seat| &*seats[seat]).collect::<Vec<_>>().join(";")
}

/// Every queue with its owners, its state and the reason for it; `owners_before` is empty without a change.
pub(super) fn queues(plans: &[Plan]) -> String {
    let header = [
        "topic",
        "broker",
        "queue_id",
        "strategy",
        "owners",
        "state",
        "reason",
        "explanation",
        "owners_before",
        "moved",
    ];
    let rows = plans.iter().flat_map(|plan| {
        let (question, allocation, faults) = plan.outcome();
        let mut faults = faults.iter().peekable();
        let mut moves = plan.changed.iter().flat_map(|changed| &changed.movement.moves).peekable();
        question.queues.all().iter().enumerate().map(move |(number, queue)| {
            let reason = faults.next_if(|fault| fault.queue == number).map(|fault| &fault.reason);
            let moved = moves.next_if(|one| one.queue == number).is_some();
            let before = plan.changed.as_ref().map(|_| ids(&plan.question, &plan.allocation, number));
            vec![
                queue.topic.to_string(),
                queue.broker_name.to_string(),
                queue.queue_id.to_string(),
                allocation.strategy.clone(),
                ids(question, allocation, number),
                allocation.state(number).word().to_owned(),
                reason.map_or("", |reason| reason.word()).to_owned(),
                reason.map(ToString::to_string).unwrap_or_default(),
                before.unwrap_or_default(),
                if plan.changed.is_some() { u8::from(moved).to_string() } else { String::new() },
            ]
        })
    });
    sheet(&header, rows)
}

/// Queues on each member: a row in total, where the topic is empty, and one for each topic of which it has queues.
pub(super) fn members(plans: &[Plan]) -> String {
    let rows = plans.iter().flat_map(|plan| {
        let (question, allocation, _) = plan.outcome();
        let mut rows: Vec<(usize, &str, usize)> =
            allocation.loads.iter().enumerate().map(|(seat, &load)| (seat, "", load)).collect();
        for topic in question.queues.topics() {
            let mut seats: Vec<usize> = allocation.owners[topic.numbers].iter().flatten().copied().collect();
            seats.sort_unstable();
            rows.extend(seats.chunk_by(|a, b| a == b).map(|same| (same[0], topic.name, same.len())));
        }
        rows.sort_by_key(|(seat, ..)| *seat);
        rows.into_iter().map(|(seat, topic, load)| {
            let id = question.members.seats()[seat].to_string();
            vec![allocation.strategy.clone(), id, topic.to_owned(), load.to_string()]
        })
    });
    sheet(&["strategy", "client_id", "topic", "queues"], rows)
}

/// The figures of every strategy, over all topics; `moved` and `least_possible` are empty without a change.
pub(super) fn comparison(plans: &[Plan]) -> String {
    let header = [
        "strategy",
        "queues",
        "members",
        "max_queues",
        "min_queues",
        "max_min",
        "idle_members",
        "unowned",
        "double_owned",
        "moved",
        "least_possible",
    ];
    let rows = plans.iter().map(|plan| {
        let allocation = plan.outcome().1;
        let total = &allocation.total;
        let figures = [
            total.queues,
            total.members,
            total.max,
            total.min,
            total.max_min(),
            total.idle_members,
            total.unowned,
            total.double_owned,
        ];
        let moved = plan.changed.as_ref().map(|changed| &changed.movement);
        let moved = [moved.map(|movement| movement.moves.len()), moved.map(|movement| movement.least)];
        std::iter::once(allocation.strategy.clone())
            .chain(figures.map(|figure| figure.to_string()))
            .chain(moved.map(|figure| figure.map(|figure| figure.to_string()).unwrap_or_default()))
            .collect()
    });
    sheet(&header, rows)
}
