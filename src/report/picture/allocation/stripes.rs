//! Every queue as a cell in the colour of its owner: a stripe for each topic on each broker.

use std::ops::Range;

use super::super::colours::{FAINT, INK, PAPER};
use super::super::drawing::{Anchor, Drawing, shortened, text_width};
use super::{Answered, Colours, LEFT, RIGHT, TEXT};
use crate::report::grouped;
use crate::strategy::ClientId;

/// Lines that are drawn; where there are more, those with unowned or double-owned queues go first.
const MOST_LINES: usize = 80;
/// Cells are at least so wide, longer stripes go on in the next line.
const LEAST_CELL: i32 = 2;
const MOST_CELL: i32 = 56;

/// The stripes of one strategy.
pub(super) struct Stripes<'a> {
    answers: Vec<Answered<'a>>,
    /// Queue numbers of each line.
    lines: Vec<Range<usize>>,
    left_out: usize,
    cell: i32,
}

impl<'a> Stripes<'a> {
    pub(super) fn of(answers: Vec<Answered<'a>>) -> Self {
        let (question, _) = answers[0];
        let all = question.queues.all();
        let mut rows: Vec<Range<usize>> = Vec::new();
        let same = all.chunk_by(|a, b| a.topic == b.topic && a.broker_name == b.broker_name);
        for same in same {
            let start = rows.last().map_or(0, |row| row.end);
            rows.push(start..start + same.len());
        }
        let longest = rows.iter().map(Range::len).max().unwrap_or(1);
        let widest = usize::try_from((RIGHT - LEFT) / LEAST_CELL).expect("a positive width");
        let per_line = longest.min(widest);
        let cell = ((RIGHT - LEFT) / i32::try_from(per_line).expect("as many as pixels")).min(MOST_CELL);
        let cut = |row: &Range<usize>| {
            let (start, end) = (row.start, row.end);
            (start..end).step_by(per_line).map(move |from| from..(from + per_line).min(end)).collect::<Vec<_>>()
        };
        let mut lines: Vec<Range<usize>> = rows.iter().flat_map(cut).collect();
        let left_out = lines.len().saturating_sub(MOST_LINES);
        let (_, last) = answers[answers.len() - 1];
        if left_out > 0 {
            lines.sort_by_key(|line| last.owners[line.clone()].iter().all(|owners| owners.len() == 1));
            lines.truncate(MOST_LINES);
            lines.sort_by_key(|line| line.start);
        }
        Self { answers, lines, left_out, cell }
    }

    /// One stripe, or two: before and after.
    fn line_height(&self) -> i32 {
        if self.answers.len() > 1 { 44 } else { 26 }
    }

    pub(super) fn height(&self) -> i32 {
        self.line_height() * i32::try_from(self.lines.len()).expect("few lines") + 40
    }

    pub(super) fn draw(&self, drawing: &mut Drawing, top: i32, colours: &Colours) {
        let all = self.answers[0].0.queues.all();
        let mut y = top + 8;
        for line in &self.lines {
            let first = &all[line.start];
            let label = format!("{}/{}", first.topic, first.broker_name);
            let label = if first.queue_id == 0 { label } else { format!("{label}/{}", first.queue_id) };
            let middle = y + self.line_height() / 2 - 4;
            drawing.text((LEFT - 12, middle), shortened(&label, TEXT, LEFT - 30), TEXT, Anchor::End, INK);
            for (number, answered) in (0..).zip(&self.answers) {
                let from = y + number * 19;
                self.stripe(drawing, *answered, line.clone(), (from, from + 18), colours);
            }
            self.mark_moves(drawing, line, y + 38);
            y += self.line_height();
        }
        let mut note = Vec::new();
        if self.answers.len() > 1 {
            note.push("upper stripe: before, lower stripe: after, line below: moved".to_owned());
        }
        if self.left_out > 0 {
            note.push(format!("{} more lines are left out", grouped(self.left_out as u64)));
        }
        drawing.text((LEFT, y + 8), note.join("; "), TEXT, Anchor::Start, FAINT);
    }

    /// A line below the queues that change hands: colours repeat where members are many.
    fn mark_moves(&self, drawing: &mut Drawing, line: &Range<usize>, y: i32) {
        let [before, after] = self.answers[..] else { return };
        for queue in line.clone() {
            if ids(before, queue) != ids(after, queue) {
                let left = LEFT + self.cell * i32::try_from(queue - line.start).expect("within the line");
                drawing.rectangle((left, y), (left + self.cell, y + 3), INK);
            }
        }
    }

    fn stripe(
        &self,
        drawing: &mut Drawing,
        answered: Answered<'_>,
        line: Range<usize>,
        (top, bottom): (i32, i32),
        colours: &Colours,
    ) {
        let (question, allocation) = answered;
        let x = |queue: usize| LEFT + self.cell * i32::try_from(queue - line.start).expect("within the line");
        let mut start = line.start;
        for queue in line.clone() {
            let ends = queue + 1 == line.end || allocation.owners[queue + 1] != allocation.owners[queue];
            if !ends {
                continue;
            }
            let (left, right) = (x(start), x(queue + 1));
            drawing.rectangle((left, top), (right, bottom), colours.of_queue(answered, queue));
            if self.cell >= 6 {
                (start..=queue)
                    .for_each(|cell| drawing.rectangle((x(cell + 1) - 1, top), (x(cell + 1), bottom), PAPER));
            }
            if let [seat] = allocation.owners[queue][..] {
                let id = &question.members.seats()[seat];
                if text_width(id, 11) < right - left - 6 {
                    drawing.text(((left + right) / 2, (top + bottom) / 2), &**id, 11, Anchor::Middle, INK);
                }
            }
            start = queue + 1;
        }
    }
}

/// The client ids that have a queue, each once.
fn ids<'a>((question, allocation): Answered<'a>, queue: usize) -> Vec<&'a ClientId> {
    let mut ids: Vec<_> = allocation.owners[queue].iter().map(|&seat| &question.members.seats()[seat]).collect();
    ids.dedup();
    ids
}
