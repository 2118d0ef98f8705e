//! The axis of time that all pictures of one run share, with the steps of the timeline.

use super::colours::{FAINT, INK, PAPER};
use super::drawing::{Anchor, Drawing, shortened, text_width};
use crate::kernel::Instant;
use crate::kernel::Span;

const LABEL: u32 = 13;
/// The widest label of a step.
const WIDEST: i32 = 300;
/// Height of one lane of step labels.
const LANE: i32 = 18;
/// Most lanes; steps that find no room keep their line and lose their label.
const LANES: usize = 6;
/// Steps of one word that are no farther apart share a label.
const CROWD: i32 = 60;
/// Where there are more lines than these, a tick stands for most instead of a line through the picture.
const MANY: usize = 40;

/// More labels than these are too many: steps of one word share one.
const MOST_LABELS: usize = 12;

/// Steps with one label.
#[derive(Debug, PartialEq, Eq)]
struct Labelled {
    label: String,
    /// In order; never empty.
    moments: Vec<Instant>,
}

/// The height of the labels of a lane.
fn lane_height(top: i32, lane: usize) -> i32 {
    top - LANE / 2 - LANE * i32::try_from(lane).expect("few lanes")
}

/// Moments from 0 to `end` between two columns of pixels.
#[derive(Debug, Clone, Copy)]
pub(super) struct TimeAxis {
    pub(super) left: i32,
    pub(super) right: i32,
    pub(super) end: Instant,
}

impl TimeAxis {
    /// The column of a moment.
    pub(super) fn x(&self, at: Instant) -> i32 {
        let width = u128::from(self.right.abs_diff(self.left));
        let end = u128::from(self.end.as_nanos().max(1));
        let offset = width * u128::from(at.as_nanos().min(self.end.as_nanos())) / end;
        self.left + i32::try_from(offset).expect("within the picture")
    }

    /// Ticks and their labels below `y`.
    pub(super) fn draw(&self, drawing: &mut Drawing, y: i32) {
        const STEPS: [u64; 16] =
            [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000];
        let millis = self.end.as_millis().max(1);
        let minutes = [2, 5, 10, 15, 30, 60, 120, 360, 720, 1_440].map(|n| n * 60_000);
        let step = STEPS.into_iter().chain(minutes).find(|step| millis / step <= 12).unwrap_or(millis / 10);
        drawing.line(vec![(self.left, y), (self.right, y)], INK, 1);
        for at in (0..=millis).step_by(usize::try_from(step).unwrap_or(usize::MAX)) {
            let x = self.x(Instant::from_millis(at));
            drawing.line(vec![(x, y), (x, y + 5)], INK, 1);
            drawing.text((x, y + 15), Span::from_millis(at).to_string(), LABEL, Anchor::Middle, INK);
        }
    }

    /// Steps under their labels: those of one word that crowd together share one, as the starts of a group, `start c1 and 11
    /// more`. Where that leaves too many labels, all of one word share the first.
    fn together(&self, steps: &[(Instant, String)]) -> Vec<Labelled> {
        let near = self.within(steps, CROWD);
        if near.len() > MOST_LABELS { self.within(steps, i32::MAX) } else { near }
    }

    fn within(&self, steps: &[(Instant, String)], crowd: i32) -> Vec<Labelled> {
        let mut order: Vec<&(Instant, String)> = steps.iter().collect();
        order.sort_by_key(|(at, _)| *at);
        let mut found: Vec<(&str, Vec<Instant>)> = Vec::new();
        // The second start of a consumer is another word than its first.
        let word = |label: &str| label.split_once(' ').map(|(word, _)| (word.to_owned(), label.ends_with(')')));
        for (at, label) in order {
            let alike = found.iter_mut().rev().find(|(other, moments)| {
                word(label).is_some() && word(label) == word(other) && self.x(*at) - self.x(moments[0]) <= crowd
            });
            match alike {
                Some((_, moments)) => moments.push(*at),
                None => found.push((label, vec![*at])),
            }
        }
        let said = |label: &str, others: usize| match others {
            0 => shortened(label, LABEL, WIDEST),
            others => {
                let more = format!(" and {others} more");
                format!("{}{more}", shortened(label, LABEL, WIDEST - text_width(&more, LABEL)))
            }
        };
        let labelled =
            |(label, moments): (&str, Vec<Instant>)| Labelled { label: said(label, moments.len() - 1), moments };
        found.into_iter().map(labelled).collect()
    }

    /// Height that the labels of the steps need.
    pub(super) fn label_height(&self, steps: &[(Instant, String)]) -> i32 {
        let lanes = self.lanes(&self.together(steps)).into_iter().flatten().map(|lane| lane + 1).max().unwrap_or(0);
        LANE * i32::try_from(lanes).expect("few lanes")
    }

    /// A dashed line from `top` to `bottom` for each step, its label above `top`.
    pub(super) fn draw_steps(&self, drawing: &mut Drawing, steps: &[(Instant, String)], top: i32, bottom: i32) {
        let steps = self.together(steps);
        let lanes = self.lanes(&steps);
        let hidden = lanes.iter().filter(|lane| lane.is_none()).count();
        let many = steps.iter().map(|step| self.columns(step).len()).sum::<usize>() > MANY;
        for (step, lane) in steps.iter().zip(&lanes) {
            let columns = self.columns(step);
            let lane_y = lane.map_or(top, |lane| lane_height(top, lane));
            for (number, &x) in columns.iter().enumerate() {
                let of_label = number == 0 && lane.is_some();
                // Of very many the first and the last have lines, and each of the others a tick.
                if of_label || !many || (number + 1 == columns.len() && lane.is_some()) {
                    drawing.dashes(x, if of_label { lane_y.min(top) } else { top }, bottom, INK);
                } else {
                    drawing.line(vec![(x, top - LANE / 3), (x, top)], FAINT, 1);
                }
            }
        }
        // A sheet below each label hides the lines of others.
        for (step, lane) in steps.iter().zip(&lanes) {
            let (Some(lane), x) = (lane, self.x(step.moments[0])) else { continue };
            let (y, width) = (lane_height(top, *lane), text_width(&step.label, LABEL));
            // Labels near the right edge stand to the left of their line.
            let fits = x + 4 + width <= self.right + 60;
            let (x, anchor) = if fits { (x + 4, Anchor::Start) } else { (x - 4, Anchor::End) };
            let left = if fits { x - 2 } else { x - width };
            drawing.rectangle((left, y - LANE / 2 + 1), (left + width, y + LANE / 2 - 1), PAPER);
            drawing.text((x, y), step.label.clone(), LABEL, anchor, INK);
        }
        if hidden > 0 {
            drawing.text((self.left - 8, top - LANE / 2), format!("+{hidden} steps"), LABEL, Anchor::End, FAINT);
        }
    }

    /// Where the lines of a label stand, none beside another.
    fn columns(&self, step: &Labelled) -> Vec<i32> {
        let mut columns: Vec<i32> = step.moments.iter().map(|at| self.x(*at)).collect();
        columns.dedup_by(|x, before| *x <= *before + 2);
        columns
    }

    /// For each step the lowest lane in which its label meets no other and, where there is room, no line of a later step.
    fn lanes(&self, steps: &[Labelled]) -> Vec<Option<usize>> {
        // From the last to the first: a line rises to its label, and labels of before stand above it.
        let mut order: Vec<usize> = (0..steps.len()).rev().collect();
        order.sort_by_key(|&index| std::cmp::Reverse(steps[index].moments[0]));
        let mut lines: Vec<(i32, usize)> = Vec::new();
        let mut taken: Vec<Vec<(i32, i32)>> = vec![Vec::new(); LANES];
        let mut lanes = vec![None; steps.len()];
        for index in order {
            let Labelled { label, moments } = &steps[index];
            let (x, width) = (self.x(moments[0]), text_width(label, LABEL) + 10);
            let span = if x + width <= self.right + 60 { (x, x + width) } else { (x - width, x) };
            let crossed = lines.iter().filter(|(line, _)| span.0 < *line && *line < span.1);
            let above = crossed.map(|(_, lane)| lane + 1).max().unwrap_or(0);
            let free = |lane: &usize| taken[*lane].iter().all(|other| span.1 <= other.0 || other.1 <= span.0);
            lanes[index] = (above..LANES).find(free).or_else(|| (0..LANES).find(free));
            if let Some(lane) = lanes[index] {
                taken[lane].push(span);
                lines.push((x, lane));
            }
        }
        lanes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_of_one_word_that_crowd_together_share_a_label() {
        let at = |millis| Instant::from_millis(millis);
        let axis = TimeAxis { left: 200, right: 1_330, end: at(180_000) };
        let mut steps: Vec<(Instant, String)> = (1..=12).map(|n| (at(n * 80), format!("start c{n}"))).collect();
        steps.push((at(500), "kill c1".to_owned()));
        steps.push((at(60_000), "start c13".to_owned()));
        steps.push((at(60_100), "oom".to_owned()));
        let labels: Vec<String> = axis.together(&steps).into_iter().map(|step| step.label).collect();
        assert_eq!(labels, ["start c1 and 11 more", "kill c1", "start c13", "oom"]);
        assert_eq!(axis.label_height(&steps), 2 * LANE, "two lanes are enough");
        let lanes = axis.lanes(&axis.together(&steps));
        assert_eq!(
            lanes,
            [Some(1), Some(0), Some(1), Some(0)],
            "the line of a later step passes below a label of before"
        );
    }

    #[test]
    fn a_roll_of_ten_has_a_label_a_word_and_a_line_a_step() {
        let axis = TimeAxis { left: 200, right: 1_330, end: Instant::from_millis(300_000) };
        let step = |n: u64| {
            let at = Instant::from_millis(60_000 + n * 20_000);
            [(at, format!("stop c{n}")), (at + Span::from_secs(3), format!("start c{n} (2)"))]
        };
        let steps: Vec<_> = (0..10).flat_map(step).chain([(Instant::ZERO, "start c0".to_owned())]).collect();
        let told = axis.together(&steps);
        let labels: Vec<&str> = told.iter().map(|step| step.label.as_str()).collect();
        assert_eq!(labels, ["start c0", "stop c0 and 9 more", "start c0 (2) and 9 more"]);
        assert_eq!(told.iter().map(|step| axis.columns(step).len()).collect::<Vec<_>>(), [1, 10, 10]);
    }
}
