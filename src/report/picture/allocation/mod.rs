//! Pictures of `allocate`: who gets which queue, and how many each member has; of several strategies the latter.

mod bars;
mod stripes;

use std::collections::BTreeMap;

use super::colours::{self, Colour, FAINT, GAP, INK, OVERLAP};
use super::drawing::{Anchor, Drawing};
use super::render;
use crate::allocation::{Allocation, Plan, Question};
use crate::report::grouped;
use crate::report::wording::counted;
use crate::strategy::order::JavaString;

const WIDTH: i32 = 1_400;
const LEFT: i32 = 230;
const RIGHT: i32 = WIDTH - 60;
const TEXT: u32 = 13;

/// A question with its answer.
type Answered<'a> = (&'a Question, &'a Allocation);

/// The files, by name: SVG and PNG of one picture.
#[must_use]
pub fn allocation_pictures(plans: &[Plan]) -> [(&'static str, Vec<u8>); 2] {
    let drawing = draw(plans);
    [("allocation.svg", render::svg(&drawing)), ("allocation.png", render::png(&drawing))]
}

/// The answers of a plan: before, and after the change if there is one.
fn answers(plan: &Plan) -> Vec<Answered<'_>> {
    let after = plan.changed.as_ref().map(|changed| (&changed.question, &changed.allocation));
    std::iter::once((&plan.question, &plan.allocation)).chain(after).collect()
}

fn draw(plans: &[Plan]) -> Drawing {
    let stripes = match plans {
        [plan] => Some(stripes::Stripes::of(answers(plan))),
        _ => None,
    };
    let bars: Vec<bars::Bars> = plans.iter().map(|plan| bars::Bars::of(&answers(plan))).collect();
    let height =
        60 + stripes.as_ref().map_or(0, stripes::Stripes::height) + bars.iter().map(bars::Bars::height).sum::<i32>();
    let mut drawing = Drawing::new(WIDTH, height + 20);
    drawing.text((20, 22), title(plans), 19, Anchor::Start, INK);
    drawing.text((20, 46), subtitle(plans), TEXT, Anchor::Start, FAINT);
    if stripes.is_some() {
        legend(&mut drawing);
    }
    let colours = Colours::of(plans);
    // One scale for all, so that strategies can be compared by eye.
    let most = bars.iter().map(bars::Bars::most).max().unwrap_or(1);
    let mut top = 70;
    if let Some(stripes) = stripes {
        stripes.draw(&mut drawing, top, &colours);
        top += stripes.height();
    }
    for (plan, bars) in plans.iter().zip(bars) {
        bars.draw(&mut drawing, top, (&headline(plan), most), &colours);
        top += bars.height();
    }
    drawing
}

fn title(plans: &[Plan]) -> String {
    match plans {
        [plan] => format!("{}: who gets which queue", plan.allocation.strategy),
        _ => "queues on each member, by strategy".to_owned(),
    }
}

fn subtitle(plans: &[Plan]) -> String {
    let Some(plan) = plans.first() else { return String::new() };
    let members = |question: &Question| counted(question.members.seats().len() as u64, "member");
    let then = plan.changed.as_ref().map(|changed| format!(", then {}", members(&changed.question)));
    let queues = &plan.question.queues;
    let (all, topics) = (queues.all().len() as u64, queues.topics().len() as u64);
    let then = then.unwrap_or_default();
    format!("{}, {}, {}{then}", counted(all, "queue"), counted(topics, "topic"), members(&plan.question))
}

/// What stands over the bars of a strategy.
fn headline(plan: &Plan) -> String {
    let (_, allocation, _) = plan.outcome();
    let total = &allocation.total;
    let mut said = format!("{}: {} to {} queues a member", allocation.strategy, total.min, total.max);
    for (figure, words) in
        [(total.idle_members, "members idle"), (total.unowned, "queues unowned"), (total.double_owned, "double-owned")]
    {
        if figure > 0 {
            said += &format!(", {} {words}", grouped(figure as u64));
        }
    }
    if let Some(changed) = &plan.changed {
        let (moved, least) = (changed.movement.moves.len() as u64, changed.movement.least as u64);
        said += &format!(", {} moved, least possible {}", grouped(moved), grouped(least));
    }
    said
}

fn legend(drawing: &mut Drawing) {
    for (x, colour, word) in [(RIGHT - 270, GAP, "no owner"), (RIGHT - 150, OVERLAP, "two owners or more")] {
        drawing.rectangle((x, 40), (x + 14, 52), colour);
        drawing.text((x + 20, 46), word, TEXT, Anchor::Start, FAINT);
    }
}

/// One colour for each client id, the same before and after a change.
struct Colours(BTreeMap<JavaString, usize>);

impl Colours {
    fn of(plans: &[Plan]) -> Self {
        let ids = plans.iter().flat_map(answers).flat_map(|(question, _)| question.members.seats());
        let mut numbers: BTreeMap<JavaString, usize> = ids.map(|id| (JavaString::from(&**id), 0)).collect();
        numbers.values_mut().enumerate().for_each(|(number, place)| *place = number);
        Self(numbers)
    }

    fn of_id(&self, id: &str) -> Colour {
        colours::owner(self.0.get(&JavaString::from(id)).copied().unwrap_or(0))
    }

    /// The colour of a queue.
    fn of_queue(&self, (question, allocation): Answered<'_>, queue: usize) -> Colour {
        match allocation.owners[queue][..] {
            [] => GAP,
            [seat] => self.of_id(&question.members.seats()[seat]),
            _ => OVERLAP,
        }
    }
}
