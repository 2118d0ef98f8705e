//! Shapes at whole pixels: the same picture on every machine, whatever writes it.

use super::colours::{Colour, PAPER};
use crate::report::wording::printable_line;

/// Where a text stands relative to its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// One shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shape {
    /// A filled rectangle from the first corner up to, not including, the second.
    Rectangle { from: (i32, i32), to: (i32, i32), colour: Colour },
    /// A line through points.
    Line { points: Vec<(i32, i32)>, colour: Colour, width: u32 },
    /// A text, its middle at the height of the point.
    Text { at: (i32, i32), text: String, size: u32, anchor: Anchor, colour: Colour },
}

/// Two corners, and what is said of what lies between them.
pub(super) type Title = ((i32, i32), (i32, i32), String);

/// A picture of a fixed size, later shapes over earlier ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Drawing {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) shapes: Vec<Shape>,
    /// What an SVG tells a pointer, and where.
    pub(super) titles: Vec<Title>,
}

impl Drawing {
    /// An empty sheet.
    pub(super) fn new(width: i32, height: i32) -> Self {
        let side = |pixels: i32| u32::try_from(pixels).expect("a picture has a positive size");
        let mut drawing = Self { width: side(width), height: side(height), shapes: Vec::new(), titles: Vec::new() };
        drawing.rectangle((0, 0), (width, height), PAPER);
        drawing
    }

    pub(super) fn rectangle(&mut self, from: (i32, i32), to: (i32, i32), colour: Colour) {
        if from.0 < to.0 && from.1 < to.1 {
            self.shapes.push(Shape::Rectangle { from, to, colour });
        }
    }

    pub(super) fn line(&mut self, points: Vec<(i32, i32)>, colour: Colour, width: u32) {
        self.shapes.push(Shape::Line { points, colour, width });
    }

    /// What an SVG says where a pointer rests on a rectangle. Of very many those that come last are left out.
    pub(super) fn title(&mut self, from: (i32, i32), to: (i32, i32), text: &str) {
        const MOST: usize = 20_000;
        if from.0 < to.0 && from.1 < to.1 && self.titles.len() < MOST {
            self.titles.push((from, to, printable_line(text).into_owned()));
        }
    }

    /// A vertical line of dashes.
    pub(super) fn dashes(&mut self, x: i32, from_y: i32, to_y: i32, colour: Colour) {
        let mut y = from_y;
        while y < to_y {
            self.rectangle((x, y), (x + 1, to_y.min(y + 5)), colour);
            y += 8;
        }
    }

    /// Diagonal lines within a rectangle.
    pub(super) fn hatch(&mut self, from: (i32, i32), to: (i32, i32), colour: Colour) {
        let (height, mut foot) = (to.1 - from.1, from.0 - (to.1 - from.1));
        while foot < to.0 {
            // A line climbs one pixel for each pixel to the right, cut off at the sides.
            let (left, right) = (foot.max(from.0), (foot + height).min(to.0 - 1));
            if left < right {
                self.line(
                    vec![(left, to.1 - 1 - (left - foot)), (right, (to.1 - 1 - (right - foot)).max(from.1))],
                    colour,
                    1,
                );
            }
            foot += 5;
        }
    }

    pub(super) fn text(&mut self, at: (i32, i32), text: impl Into<String>, size: u32, anchor: Anchor, colour: Colour) {
        // What XML forbids is in no picture, whatever the names are.
        let text = printable_line(&text.into()).into_owned();
        self.shapes.push(Shape::Text { at, text, size, anchor, colour });
    }
}

/// About how many pixels a text takes; on the wide side, so that neighbours keep apart.
pub(super) fn text_width(text: &str, size: u32) -> i32 {
    i32::try_from(text.chars().count() as u64 * u64::from(size) * 62 / 100).unwrap_or(i32::MAX)
}

/// How far a text reaches above and below its middle, at most.
pub(super) fn text_height(size: u32) -> i32 {
    2 * size.cast_signed()
}

/// A text cut to a width, its end kept: ends of queue names differ, beginnings do not.
pub(super) fn shortened(text: &str, size: u32, width: i32) -> String {
    if text_width(text, size) <= width {
        return text.to_owned();
    }
    let kept = usize::try_from(width * 100 / 62 / size.cast_signed() - 1).unwrap_or(0);
    let skipped = text.chars().count().saturating_sub(kept);
    format!("…{}", text.chars().skip(skipped).collect::<String>())
}
