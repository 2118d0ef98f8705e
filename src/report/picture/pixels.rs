//! The pixels of a picture, painted band by band: a picture of two hundred groups has a hundred million of them, nearly
//! all of which are like the one before.

use std::collections::BTreeMap;

use plotters::prelude::{BitMapBackend, DrawingBackend};
use plotters_backend::{BackendColor, BackendCoord, BackendStyle, DrawingErrorKind, rasterizer};

use super::drawing::{Drawing, Shape, text_height};
use super::letters;
use super::render::render_shapes;

/// A colour as its three bytes.
type Pixel = [u8; 3];

/// So many rows are painted at once.
const BAND: u32 = 1_024;

/// All pixels, row by row, as runs of one colour.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Pixels(Vec<(Pixel, u32)>);

impl Pixels {
    fn push(&mut self, pixel: Pixel) {
        match self.0.last_mut() {
            Some((colour, count)) if *colour == pixel && *count < u32::MAX => *count += 1,
            _ => self.0.push((pixel, 1)),
        }
    }

    /// The runs, none longer than a few rows.
    pub(super) fn runs(&self) -> impl Iterator<Item = (Pixel, usize)> {
        const LONGEST: u32 = 1 << 16;
        self.0.iter().flat_map(|&(colour, count)| {
            let pieces = (0..count).step_by(LONGEST as usize);
            pieces.map(move |done| (colour, (count - done).min(LONGEST) as usize))
        })
    }

    /// The colours in the order in which they first come, by number; `None`: they are too many for a byte.
    pub(super) fn palette(&self) -> Option<BTreeMap<Pixel, u8>> {
        let mut colours = BTreeMap::new();
        for (colour, _) in &self.0 {
            if !colours.contains_key(colour) {
                colours.insert(*colour, u8::try_from(colours.len()).ok()?);
            }
        }
        Some(colours)
    }
}

/// Paints a picture.
pub(super) fn painted(drawing: &Drawing) -> Pixels {
    painted_in_bands(drawing, BAND)
}

fn painted_in_bands(drawing: &Drawing, rows: u32) -> Pixels {
    let (width, height) = (drawing.width, drawing.height);
    let mut pixels = Pixels::default();
    let mut buffer = Vec::new();
    for top in (0..height).step_by(rows as usize) {
        let rows = rows.min(height - top);
        buffer.clear();
        buffer.resize(width as usize * rows as usize * 3, 0xff);
        let (from, until) = (top.cast_signed(), (top + rows).cast_signed());
        let painter = BitMapBackend::with_buffer(&mut buffer, (width, rows));
        let mut band = Band { painter, top: from, rows: rows.cast_signed(), size: (width, height) };
        render_shapes(drawing.shapes.iter().filter(|shape| touches(shape, from, until)), &mut band, Band::write);
        drop(band);
        buffer.chunks_exact(3).for_each(|pixel| pixels.push([pixel[0], pixel[1], pixel[2]]));
    }
    pixels
}

/// Whether some of a shape may lie in these rows; a corner of a wide line reaches farther than half its width.
fn touches(shape: &Shape, from: i32, until: i32) -> bool {
    let (top, bottom) = match shape {
        Shape::Rectangle { from, to, .. } => (from.1, to.1),
        Shape::Line { points, width, .. } => {
            let reach = 4 * width.cast_signed();
            let heights = || points.iter().map(|(_, y)| *y);
            (heights().min().unwrap_or(0) - reach, heights().max().unwrap_or(0) + reach)
        }
        Shape::Text { at, size, .. } => (at.1 - text_height(*size), at.1 + text_height(*size)),
    };
    top < until && bottom >= from
}

/// Some rows of a picture. What is drawn on it knows only the whole.
struct Band<'a> {
    painter: BitMapBackend<'a>,
    top: i32,
    rows: i32,
    size: (u32, u32),
}

impl Band<'_> {
    /// Writes a text as far as it lies in the band.
    fn write(&mut self, shape: &Shape) {
        let Shape::Text { at, text, size, anchor, colour } = shape else { return };
        let columns = 0..self.size.0.cast_signed();
        letters::write(text, *at, (*size, *anchor), |(x, y), covered| {
            if columns.contains(&x) {
                let colour = BackendColor { alpha: f64::from(covered.min(1.0)), rgb: *colour };
                self.draw_pixel((x, y), colour).ok();
            }
        });
    }
}

type Painted<'a> = Result<(), DrawingErrorKind<<BitMapBackend<'a> as DrawingBackend>::ErrorType>>;

impl<'a> DrawingBackend for Band<'a> {
    type ErrorType = <BitMapBackend<'a> as DrawingBackend>::ErrorType;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Painted<'a> {
        self.painter.ensure_prepared()
    }

    fn present(&mut self) -> Painted<'a> {
        self.painter.present()
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, colour: BackendColor) -> Painted<'a> {
        match (self.top..self.top + self.rows).contains(&y) {
            true => self.painter.draw_pixel((x, y - self.top), colour),
            false => Ok(()),
        }
    }

    /// A line along an axis is cut off where the band ends; any other is drawn pixel by pixel, as it goes over the whole.
    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Painted<'a> {
        if (from.0 == to.0 || from.1 == to.1) && style.stroke_width() == 1 {
            return self.painter.draw_line((from.0, from.1 - self.top), (to.0, to.1 - self.top), style);
        }
        rasterizer::draw_line(self, from, to, style)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Painted<'a> {
        self.painter.draw_rect((from.0, from.1 - self.top), (to.0, to.1 - self.top), style, fill)
    }
}

#[cfg(test)]
mod tests {
    use super::super::drawing::Anchor;
    use super::*;

    #[test]
    fn a_picture_in_bands_is_the_picture_at_once() {
        let mut drawing = Drawing::new(300, 260);
        let points: Vec<(i32, i32)> = (0..140).map(|step| (step * 2 + step % 3, 30 + step * 61 % 200)).collect();
        drawing.line(points, (200, 30, 40), 2);
        drawing.line(vec![(10, 5), (10, 255), (150, 255)], (1, 90, 200), 1);
        drawing.hatch((20, 10), (250, 250), (0, 0, 0));
        drawing.rectangle((100, 30), (160, 230), (7, 200, 9));
        drawing.dashes(200, 3, 257, (90, 90, 90));
        for row in 0..20 {
            drawing.text((150, 13 * row), format!("gQj| {row}"), 13 + row as u32, Anchor::Middle, (60, 0, 60));
        }
        let whole = painted_in_bands(&drawing, 260);
        for rows in [1, 7, 64, 259] {
            assert!(painted_in_bands(&drawing, rows) == whole, "in bands of {rows} rows");
        }
        let count: usize = whole.runs().map(|(_, count)| count).sum();
        assert_eq!(count, 300 * 260);
    }

    #[test]
    fn colours_are_numbered_in_the_order_in_which_they_come_as_long_as_a_byte_has_room() {
        let mut pixels = Pixels::default();
        (0..=255).rev().for_each(|colour| pixels.push([colour; 3]));
        let palette = pixels.palette().expect("a byte has room for these");
        assert_eq!((palette[&[255; 3]], palette[&[0; 3]]), (0, 255));
        pixels.push([1, 2, 3]);
        assert_eq!(pixels.palette(), None);
    }
}
