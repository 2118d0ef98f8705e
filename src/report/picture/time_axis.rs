//! The axis of time that all pictures of one run share, with the steps of the timeline.

use super::colours::{FAINT, INK};
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
/// Where more steps than these have no label, a tick stands for each instead of a line through the picture.
const MANY: usize = 40;

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

    /// Steps of one word that crowd together, as the starts of a group, under one label: `start c1 and 11 more`. Each with
    /// its first and last moment.
    fn together(&self, steps: &[(Instant, String)]) -> Vec<(Instant, Instant, String)> {
        let mut order: Vec<&(Instant, String)> = steps.iter().collect();
        order.sort_by_key(|(at, _)| *at);
        let mut found: Vec<(Instant, Instant, &str, usize)> = Vec::new();
        let word = |label: &str| label.split_once(' ').map(|(word, _)| word.to_owned());
        for (at, label) in order {
            let alike = found.iter_mut().rev().find(|(first, _, other, _)| {
                word(label).is_some() && word(label) == word(other) && self.x(*at) - self.x(*first) <= CROWD
            });
            match alike {
                Some((_, last, _, others)) => (*last, *others) = (*at, *others + 1),
                None => found.push((*at, *at, label, 0)),
            }
        }
        let said = |label: &str, others| match others {
            0 => label.to_owned(),
            others => {
                let more = format!(" and {others} more");
                format!("{}{more}", shortened(label, LABEL, WIDEST - text_width(&more, LABEL)))
            }
        };
        found.into_iter().map(|(first, last, label, others)| (first, last, said(label, others))).collect()
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
        for ((at, last, label), lane) in steps.iter().zip(&lanes) {
            let x = self.x(*at);
            let lane_y = lane.map_or(top, |lane| top - LANE / 2 - LANE * i32::try_from(lane).expect("few lanes"));
            if lane.is_none() && hidden > MANY {
                drawing.line(vec![(x, top - LANE / 3), (x, top)], FAINT, 1);
                continue;
            }
            drawing.dashes(x, lane_y.min(top), bottom, INK);
            // Of steps under one label the last has its line too, where it is not the same.
            if self.x(*last) > x + 2 {
                drawing.dashes(self.x(*last), top, bottom, INK);
            }
            if lane.is_some() {
                let label = shortened(label, LABEL, WIDEST);
                // Labels near the right edge stand to the left of their line.
                let fits = x + 4 + text_width(&label, LABEL) <= self.right + 60;
                let (x, anchor) = if fits { (x + 4, Anchor::Start) } else { (x - 4, Anchor::End) };
                drawing.text((x, lane_y), label, LABEL, anchor, INK);
            }
        }
        if hidden > 0 {
            drawing.text((self.left - 8, top - LANE / 2), format!("+{hidden} steps"), LABEL, Anchor::End, FAINT);
        }
    }

    /// For each step the lowest lane in which its label meets no other and, where there is room, no line of a later step.
    fn lanes(&self, steps: &[(Instant, Instant, String)]) -> Vec<Option<usize>> {
        // From the last to the first: a line rises to its label, and labels of before stand above it.
        let mut order: Vec<usize> = (0..steps.len()).rev().collect();
        order.sort_by_key(|&index| std::cmp::Reverse(steps[index].0));
        let mut lines: Vec<(i32, usize)> = Vec::new();
        let mut taken: Vec<Vec<(i32, i32)>> = vec![Vec::new(); LANES];
        let mut lanes = vec![None; steps.len()];
        for index in order {
            let (at, _, label) = &steps[index];
            let (x, width) = (self.x(*at), text_width(&shortened(label, LABEL, WIDEST), LABEL) + 10);
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
        let labels: Vec<String> = axis.together(&steps).into_iter().map(|(.., label)| label).collect();
        assert_eq!(labels, ["start c1 and 11 more", "kill c1", "start c13", "oom"]);
        assert_eq!(axis.label_height(&steps), 2 * LANE, "two lanes are enough");
        let lanes = axis.lanes(&axis.together(&steps));
        assert_eq!(
            lanes,
            [Some(1), Some(0), Some(1), Some(0)],
            "the line of a later step passes below a label of before"
        );
    }
}
