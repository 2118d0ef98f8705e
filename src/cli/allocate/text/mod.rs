//! The answer for people: what is wrong or moves first, then the figures, then who has what.

mod members;
mod queues;

use std::fmt::Write as _;

use members::members;
use queues::{moves, owners, runs};

use super::table::Table;
use crate::allocation::{Allocation, Balance, Fault, Plan, Question, State};
use crate::report::grouped;
use crate::strategy::ClientId;

/// One strategy in full, several as a table.
pub(super) fn answer(plans: &[Plan]) -> String {
    let mut text = String::new();
    match plans {
        [plan] => {
            headline(&mut text, plan, &plan.allocation.strategy);
            one(&mut text, plan);
        }
        _ => {
            let first = plans.first().expect("there is a strategy");
            headline(&mut text, first, &format!("{} strategies", plans.len()));
            comparison(&mut text, plans);
            for plan in plans {
                let (question, _, faults) = plan.outcome();
                reasons(&mut text, &format!("{}: why", plan.allocation.strategy), question, faults);
            }
        }
    }
    text
}

fn line(text: &mut String, said: impl std::fmt::Display) {
    writeln!(text, "{said}").expect("a string takes every write");
}

/// `1 queue`, `2 queues`.
fn counted(count: usize, noun: &str) -> String {
    crate::wording::counted(count as u64, noun)
}

fn headline(text: &mut String, plan: &Plan, strategy: &str) {
    let queues = &plan.question.queues;
    let (topics, brokers) = (queues.topics().len(), queues.brokers().len());
    let members = plan.question.members.seats().len();
    line(
        text,
        format_args!(
            "{strategy}: {} of {} on {}, {}",
            counted(queues.all().len(), "queue"),
            counted(topics, "topic"),
            counted(brokers, "broker"),
            counted(members, "member")
        ),
    );
    if let Some(changed) = &plan.changed {
        let side = |word: &str, ids: &[ClientId]| (!ids.is_empty()).then(|| format!("{word} {}", some(ids)));
        let sides = [side("comes", &changed.change.added), side("goes", &changed.change.removed)];
        let sides: Vec<String> = sides.into_iter().flatten().collect();
        let after = counted(changed.question.members.seats().len(), "member");
        let who = if sides.is_empty() { "nobody comes or goes".to_owned() } else { sides.join("; ") };
        line(text, format_args!("then {after}: {who}"));
    }
}

/// The first few ids.
fn some(ids: &[ClientId]) -> String {
    const SHOWN: usize = 6;
    let shown = ids.iter().take(SHOWN).map(|id| &**id).collect::<Vec<_>>().join(", ");
    if ids.len() > SHOWN { format!("{shown} and {} more", ids.len() - SHOWN) } else { shown }
}

fn one(text: &mut String, plan: &Plan) {
    if let Some(changed) = &plan.changed {
        let movement = &changed.movement;
        line(
            text,
            format_args!(
                "{} of {} move; least possible for an even allocation: {}",
                grouped(movement.moves.len() as u64),
                counted(plan.allocation.owners.len(), "queue"),
                grouped(movement.least as u64)
            ),
        );
    }
    let (question, allocation, faults) = plan.outcome();
    verdict(text, allocation);
    not_offered(text, question, allocation);
    reasons(text, "why", question, faults);
    balances(text, plan);
    members(text, plan);
    match &plan.changed {
        None => owners(text, question, allocation),
        Some(changed) => moves(text, changed),
    }
}

fn verdict(text: &mut String, allocation: &Allocation) {
    let Balance { unowned, double_owned, .. } = allocation.total;
    match (unowned, double_owned) {
        (0, 0) => line(text, "every queue has exactly one owner"),
        _ => {
            line(text, format_args!("{} without an owner, {double_owned} with two or more", counted(unowned, "queue")))
        }
    }
}

/// Queues handed out that nobody offered, and what was thrown where that left no queue unowned.
fn not_offered(text: &mut String, question: &Question, allocation: &Allocation) {
    let ids = question.members.seats();
    if let Some((seat, queue)) = allocation.not_offered.first() {
        let count = counted(allocation.not_offered.len(), "queue");
        line(text, format_args!("{count} handed out that no broker offers, such as {queue} to {}", ids[*seat]));
    }
    let mut thrown = allocation.thrown.iter().enumerate().filter_map(|(seat, error)| Some((seat, error.as_ref()?)));
    if let Some((seat, error)) = thrown.next() {
        let count = counted(1 + thrown.count(), "member");
        line(
            text,
            format_args!(
                "the strategy threw for {count}, such as {}: {}: {}; a member then keeps what it has",
                ids[seat],
                error.class(),
                error.message()
            ),
        );
    }
}

/// Unowned and double-owned queues by reason.
fn reasons(text: &mut String, title: &str, question: &Question, faults: &[Fault]) {
    let mut sorted: Vec<&Fault> = faults.iter().collect();
    sorted.sort_by(|a, b| (a.state, &a.reason, a.queue).cmp(&(b.state, &b.reason, b.queue)));
    let mut table = Table::new([title, "queues", "which"]);
    for same in sorted.chunk_by(|a, b| (a.state, &a.reason) == (b.state, &b.reason)) {
        let word = if same[0].state == State::Unowned { "no owner" } else { "two owners or more" };
        let which = runs(question, same.iter().map(|fault| (fault.queue, ())));
        const SHOWN: usize = 4;
        let mut shown = which.iter().take(SHOWN).map(|(name, ())| name.as_str()).collect::<Vec<_>>().join(" ");
        if which.len() > SHOWN {
            shown += " ...";
        }
        table.row([format!("{word}: {}", same[0].reason), same.len().to_string(), shown]);
    }
    if !table.is_empty() {
        table.write(text, false);
    }
}

const FIGURES: [&str; 7] = ["queues", "most", "fewest", "max-min", "idle members", "unowned", "double-owned"];

fn figures(balance: &Balance) -> [String; 7] {
    let Balance { queues, min, max, idle_members, unowned, double_owned, .. } = *balance;
    [queues, max, min, balance.max_min(), idle_members, unowned, double_owned].map(|figure| figure.to_string())
}

/// How even it is, by topic and in total.
fn balances(text: &mut String, plan: &Plan) {
    let mut table = Table::new(std::iter::once("balance").chain(FIGURES));
    let states = [Some(("", &plan.allocation)), plan.changed.as_ref().map(|changed| (" after", &changed.allocation))];
    let topics: Vec<&str> = plan.question.queues.topics().map(|topic| topic.name).collect();
    for (word, allocation) in states.into_iter().flatten() {
        let word = if plan.changed.is_some() && word.is_empty() { " before" } else { word };
        table.row(std::iter::once(format!("total{word}")).chain(figures(&allocation.total)));
    }
    if topics.len() > 1 {
        let (_, allocation, _) = plan.outcome();
        for (topic, balance) in topics.iter().zip(&allocation.topics) {
            table.row(std::iter::once(format!("topic {topic}")).chain(figures(balance)));
        }
    }
    table.write(text, false);
}

/// A row a strategy.
fn comparison(text: &mut String, plans: &[Plan]) {
    let change = plans.iter().any(|plan| plan.changed.is_some());
    let moves = if change { &["moved", "least possible"][..] } else { &[] };
    let mut table = Table::new(std::iter::once("strategy").chain(FIGURES).chain(moves.iter().copied()));
    for plan in plans {
        let (_, allocation, _) = plan.outcome();
        let moved = plan.changed.as_ref().map(|changed| &changed.movement);
        let moved = moved.map(|movement| [movement.moves.len().to_string(), movement.least.to_string()]);
        table.row(
            std::iter::once(allocation.strategy.clone())
                .chain(figures(&allocation.total))
                .chain(moved.into_iter().flatten()),
        );
    }
    table.write(text, true);
}
