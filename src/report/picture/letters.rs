//! Letters of a PNG, each where the font wants it: a comma reaches below the line, and neighbours keep their distance.
//!
//! plotters puts every glyph at a whole pixel and forgets the room beside it, and in small sizes a comma became a dot.

use std::sync::OnceLock;

use ab_glyph::{Font as _, FontRef, GlyphId, PxScale, ScaleFont as _, point};

use super::drawing::Anchor;
use super::render::FONT;

/// Height of capitals, as a share of the height of a line.
const CAPITALS: f32 = 0.63;

fn font() -> &'static FontRef<'static> {
    static PARSED: OnceLock<FontRef<'static>> = OnceLock::new();
    PARSED.get_or_init(|| FontRef::try_from_slice(FONT).expect("the embedded font is one"))
}

/// Writes a text whose capitals have their middle at the height of the point; `dot` is told how much of each pixel a
/// letter covers, from 0 to 1.
pub(super) fn write(text: &str, at: (i32, i32), (size, anchor): (u32, Anchor), mut dot: impl FnMut((i32, i32), f32)) {
    let scale = PxScale::from(size as f32);
    let scaled = font().as_scaled(scale);
    let mut places: Vec<(GlyphId, f32)> = Vec::new();
    let mut width = 0.0;
    for letter in text.chars() {
        let glyph = scaled.glyph_id(letter);
        if let Some((before, _)) = places.last() {
            width += scaled.kern(*before, glyph);
        }
        places.push((glyph, width));
        width += scaled.h_advance(glyph);
    }
    let left = at.0 as f32
        - match anchor {
            Anchor::Start => 0.0,
            Anchor::Middle => width / 2.0,
            Anchor::End => width,
        };
    // On a whole pixel: else all feet are blurred.
    let foot = (at.1 as f32 + CAPITALS * size as f32 / 2.0).round();
    for (glyph, x) in places {
        let Some(outline) = font().outline_glyph(glyph.with_scale_and_position(scale, point(left + x, foot))) else {
            continue;
        };
        let corner = outline.px_bounds().min;
        outline.draw(|x, y, covered| dot((corner.x as i32 + x as i32, corner.y as i32 + y as i32), covered));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comma_is_no_dot_at_the_smallest_size() {
        let rows = |text: &str| {
            let mut rows = std::collections::BTreeMap::<i32, f32>::new();
            write(text, (100, 100), (12, Anchor::Start), |(_, y), covered| *rows.entry(y).or_default() += covered);
            rows.into_iter().filter(|(_, covered)| *covered > 0.4).map(|(y, _)| y).collect::<Vec<_>>()
        };
        let (comma, dot, capital) = (rows(","), rows("."), rows("H"));
        assert!(comma.last() > dot.last(), "{comma:?} ends no lower than {dot:?}");
        assert_eq!(dot.last(), capital.last(), "both stand on the line");
    }
}
