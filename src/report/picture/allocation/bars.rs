//! How many queues each member has: a bar for each, or columns side by side where they are many.

use std::collections::BTreeMap;

use super::super::chart::{ceiling, ticks};
use super::super::colours::{Colour, FAINT, GRID, INK, LINES};
use super::super::drawing::{Anchor, Drawing, shortened};
use super::{Answered, Colours, LEFT, RIGHT, TEXT};
use crate::report::grouped;
use crate::strategy::order::JavaString;

/// Members that get a bar with a name.
const MOST_NAMED: usize = 30;
const BAR: i32 = 20;
const COLUMNS: i32 = 160;
const BEFORE: Colour = (0xaa, 0xbb, 0xcc);

/// The members of one strategy.
pub(super) struct Bars {
    members: Vec<Member>,
    changes: bool,
}

/// Queues on one member; `None`: not a member then.
#[derive(Default)]
struct Member {
    id: String,
    /// Before the change; `None` also where there is none.
    before: Option<usize>,
    load: Option<usize>,
}

impl Bars {
    pub(super) fn of(answers: &[Answered<'_>]) -> Self {
        // By id and its repetition, so that a member stands in one row before and after the change.
        let mut rows: BTreeMap<(JavaString, usize), Member> = BTreeMap::new();
        let last = answers.len() - 1;
        for (side, (question, allocation)) in answers.iter().enumerate() {
            let (mut before, mut repetition) = ("", 0);
            for (id, &load) in question.members.seats().iter().zip(&allocation.loads) {
                repetition = if **id == *before { repetition + 1 } else { 0 };
                before = id;
                let row = rows.entry((JavaString::from(&**id), repetition)).or_default();
                row.id = id.to_string();
                *(if side == last { &mut row.load } else { &mut row.before }) = Some(load);
            }
        }
        let members = rows.into_values().collect();
        Self { members, changes: last > 0 }
    }

    fn named(&self) -> bool {
        self.members.len() <= MOST_NAMED
    }

    pub(super) fn height(&self) -> i32 {
        let bars = || i32::try_from(self.members.len()).expect("few members") * BAR;
        70 + if self.named() { bars() } else { COLUMNS }
    }

    /// A round end of the scale.
    pub(super) fn most(&self) -> u64 {
        let loads = self.members.iter().flat_map(|member| [member.before, member.load]).flatten();
        ceiling(loads.max().unwrap_or(0) as u64)
    }

    pub(super) fn draw(&self, drawing: &mut Drawing, top: i32, (headline, most): (&str, u64), colours: &Colours) {
        drawing.text((LEFT, top + 16), headline, 14, Anchor::Start, INK);
        if self.changes && self.named() {
            let x = RIGHT - 60;
            drawing.rectangle((x - 20, top + 10), (x - 6, top + 22), BEFORE);
            drawing.text((x, top + 16), "before", TEXT, Anchor::Start, FAINT);
        }
        match self.named() {
            true => self.draw_bars(drawing, top + 34, most, colours),
            false => self.draw_columns(drawing, top + 34, most),
        }
    }

    fn draw_bars(&self, drawing: &mut Drawing, top: i32, most: u64, colours: &Colours) {
        let x = |load: usize| LEFT + along(RIGHT - 60 - LEFT, load as u64, most);
        let bottom = top + BAR * i32::try_from(self.members.len()).expect("few members");
        for tick in ticks(most) {
            let x = LEFT + along(RIGHT - 60 - LEFT, tick, most);
            drawing.line(vec![(x, top), (x, bottom)], GRID, 1);
            drawing.text((x, bottom + 10), grouped(tick), 11, Anchor::Middle, FAINT);
        }
        for (row, Member { id, before, load }) in (0..).zip(&self.members) {
            let y = top + row * BAR;
            drawing.text((LEFT - 12, y + BAR / 2), shortened(id, TEXT, LEFT - 30), TEXT, Anchor::End, INK);
            let upper = if self.changes { y + 10 } else { y + 3 };
            if let Some(before) = before {
                drawing.rectangle((LEFT, y + 3), (x(*before), y + 9), BEFORE);
            }
            drawing.rectangle((LEFT, upper), (x(load.unwrap_or(0)), y + BAR - 3), colours.of_id(id));
            let said = match (before, load) {
                (Some(before), Some(load)) if before != load => format!("{load} (was {before})"),
                (_, Some(load)) => grouped(*load as u64),
                (Some(before), None) => format!("gone (had {before})"),
                (None, None) => String::new(),
            };
            let end = x(load.unwrap_or(0).max(before.unwrap_or(0)));
            drawing.text((end + 6, y + BAR / 2), said, 12, Anchor::Start, INK);
        }
    }

    /// A column for each member in order of ids; where there are more members than pixels, the fullest of each few.
    fn draw_columns(&self, drawing: &mut Drawing, top: i32, most: u64) {
        let bottom = top + COLUMNS;
        for tick in ticks(most) {
            let y = bottom - along(COLUMNS, tick, most);
            drawing.line(vec![(LEFT, y), (RIGHT, y)], GRID, 1);
            drawing.text((LEFT - 8, y), grouped(tick), TEXT, Anchor::End, FAINT);
        }
        let width = usize::try_from(RIGHT - LEFT).expect("a positive width");
        let columns = self.members.len().min(width);
        let x = |column: usize| LEFT + along(RIGHT - LEFT, column as u64, columns as u64);
        for column in 0..columns {
            let of = |column: usize| column * self.members.len() / columns;
            let few = &self.members[of(column)..of(column + 1)];
            let highest = |load: fn(&Member) -> Option<usize>| {
                few.iter().filter_map(load).max().map(|load| bottom - along(COLUMNS, load as u64, most))
            };
            let (left, right) = (x(column), x(column + 1));
            let gap = i32::from(right - left > 3);
            if let Some(y) = highest(|member| member.load) {
                drawing.rectangle((left, y), (right - gap, bottom), LINES[0]);
            }
            if let Some(y) = highest(|member| member.before) {
                drawing.rectangle((left, y - 1), (right - gap, y + 1), LINES[1]);
            }
        }
        let mut note = "members in order of their client ids".to_owned();
        if self.changes {
            note += "; blue: after the change, orange: before";
        }
        drawing.text((LEFT, bottom + 14), note, TEXT, Anchor::Start, FAINT);
    }
}

/// The pixels that a part takes of a length.
fn along(length: i32, part: u64, whole: u64) -> i32 {
    i32::try_from(i128::from(length) * i128::from(part) / i128::from(whole)).expect("within the length")
}
