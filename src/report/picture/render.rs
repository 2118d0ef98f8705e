//! From shapes to bytes, by plotters: SVG, and PNG with a font of our own, so that no system font is asked for.

use std::sync::Once;

use plotters::prelude::{BitMapBackend, DrawingBackend, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontStyle, IntoFont as _, RGBColor, ShapeStyle, TextStyle, register_font};

use super::drawing::{Anchor, Drawing, Shape};

/// DejaVu Sans (Bitstream Vera licence, beside the file).
static FONT: &[u8] = include_bytes!("../fonts/DejaVuSans.ttf");

/// The picture as SVG.
pub(super) fn svg(drawing: &Drawing) -> Vec<u8> {
    let mut text = String::new();
    let mut backend = SVGBackend::with_string(&mut text, (drawing.width, drawing.height));
    render(drawing, &mut backend);
    drop(backend);
    text.into_bytes()
}

/// The picture as PNG.
pub(super) fn png(drawing: &Drawing) -> Vec<u8> {
    let mut pixels = vec![0xff; drawing.width as usize * drawing.height as usize * 3];
    let mut backend = BitMapBackend::with_buffer(&mut pixels, (drawing.width, drawing.height));
    render(drawing, &mut backend);
    drop(backend);
    encode(drawing, &pixels)
}

/// As few bytes as a picture of few colours needs: one a pixel where they suffice, and no filter, because rows repeat.
fn encode(drawing: &Drawing, pixels: &[u8]) -> Vec<u8> {
    const MEMORY: &str = "encoding into memory does not fail";
    let mut colours: std::collections::BTreeMap<&[u8], u8> = std::collections::BTreeMap::new();
    let indexed: Option<Vec<u8>> = pixels
        .chunks_exact(3)
        .map(|pixel| match (colours.get(pixel), u8::try_from(colours.len())) {
            (Some(&number), _) => Some(number),
            (None, Ok(number)) => {
                colours.insert(pixel, number);
                Some(number)
            }
            (None, Err(_)) => None,
        })
        .collect();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, drawing.width, drawing.height);
    encoder.set_compression(png::Compression::Best);
    encoder.set_filter(png::FilterType::NoFilter);
    let data = if let Some(indexed) = &indexed {
        let mut palette = vec![0; colours.len() * 3];
        for (colour, number) in &colours {
            palette[usize::from(*number) * 3..][..3].copy_from_slice(colour);
        }
        encoder.set_color(png::ColorType::Indexed);
        encoder.set_palette(palette);
        indexed.as_slice()
    } else {
        encoder.set_color(png::ColorType::Rgb);
        pixels
    };
    let mut writer = encoder.write_header().expect(MEMORY);
    writer.write_image_data(data).expect(MEMORY);
    writer.finish().expect(MEMORY);
    bytes
}

fn render<B: DrawingBackend>(drawing: &Drawing, backend: &mut B) {
    static REGISTERED: Once = Once::new();
    REGISTERED.call_once(|| {
        assert!(register_font("sans-serif", FontStyle::Normal, FONT).is_ok(), "the embedded font is one")
    });
    for shape in &drawing.shapes {
        match shape {
            Shape::Rectangle { from, to, colour: (r, g, b) } => {
                // Both backends leave the right column and the lower row out.
                backend.draw_rect(*from, *to, &RGBColor(*r, *g, *b), true).ok();
            }
            Shape::Line { points, colour: (r, g, b), width } => {
                let style = ShapeStyle { color: RGBColor(*r, *g, *b).into(), filled: false, stroke_width: *width };
                backend.draw_path(points.iter().copied(), &style).ok();
            }
            Shape::Text { at, text, size, anchor, colour: (r, g, b) } => {
                let side = match anchor {
                    Anchor::Start => HPos::Left,
                    Anchor::Middle => HPos::Center,
                    Anchor::End => HPos::Right,
                };
                let font = ("sans-serif", f64::from(*size)).into_font();
                let colour = RGBColor(*r, *g, *b);
                let style = TextStyle::from(font).color(&colour).pos(Pos::new(side, VPos::Center));
                backend.draw_text(text, &style, *at).ok();
            }
        }
    }
    backend.present().ok();
}
