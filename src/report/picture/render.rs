//! From shapes to bytes, by plotters: SVG, and PNG with a font of our own, so that no system font is asked for.

use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::Once;

use plotters::prelude::{DrawingBackend, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontStyle, IntoFont as _, RGBColor, ShapeStyle, TextStyle, register_font};

use super::drawing::{Anchor, Drawing, Shape};
use super::pixels::{self, Pixels};

/// DejaVu Sans (Bitstream Vera licence, beside the file).
pub(super) static FONT: &[u8] = include_bytes!("../fonts/DejaVuSans.ttf");

/// The picture as SVG.
pub(super) fn svg(drawing: &Drawing) -> Vec<u8> {
    let mut text = String::new();
    let mut backend = SVGBackend::with_string(&mut text, (drawing.width, drawing.height));
    render(drawing, &mut backend);
    drop(backend);
    with_titles(text, drawing).into_bytes()
}

/// What a pointer is told lies over all that is drawn, and is not seen.
fn with_titles(mut text: String, drawing: &Drawing) -> String {
    let Some(end) = text.rfind("</svg>").filter(|_| !drawing.titles.is_empty()) else { return text };
    text.truncate(end);
    text += "<g fill=\"transparent\">\n";
    for ((left, top), (right, bottom), title) in &drawing.titles {
        let title = title.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        writeln!(
            text,
            "<rect x=\"{left}\" y=\"{top}\" width=\"{}\" height=\"{}\"><title>{title}</title></rect>",
            right - left,
            bottom - top
        )
        .expect("a string takes every write");
    }
    text + "</g>\n</svg>\n"
}

/// The picture as PNG.
pub(super) fn png(drawing: &Drawing) -> Vec<u8> {
    encode(drawing, &pixels::painted(drawing))
}

/// The largest piece of an encoded picture: what is smaller is in one.
const PIECE: usize = 1 << 20;

/// As few bytes as a picture of few colours needs: one a pixel where they suffice, and no filter, because rows repeat.
fn encode(drawing: &Drawing, pixels: &Pixels) -> Vec<u8> {
    const MEMORY: &str = "encoding into memory does not fail";
    let palette = pixels.palette();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, drawing.width, drawing.height);
    encoder.set_compression(png::Compression::Best);
    encoder.set_filter(png::FilterType::NoFilter);
    match &palette {
        Some(colours) => {
            let mut table = vec![0; colours.len() * 3];
            for (colour, number) in colours {
                table[usize::from(*number) * 3..][..3].copy_from_slice(colour);
            }
            encoder.set_color(png::ColorType::Indexed);
            encoder.set_palette(table);
        }
        None => encoder.set_color(png::ColorType::Rgb),
    }
    let mut writer = encoder.write_header().expect(MEMORY);
    let mut stream = writer.stream_writer_with_size(PIECE).expect(MEMORY);
    let mut piece = Vec::new();
    for (colour, count) in pixels.runs() {
        piece.clear();
        match &palette {
            Some(colours) => piece.resize(count, colours[&colour]),
            None => (0..count).for_each(|_| piece.extend_from_slice(&colour)),
        }
        stream.write_all(&piece).expect(MEMORY);
    }
    stream.finish().expect(MEMORY);
    writer.finish().expect(MEMORY);
    bytes
}

fn render<B: DrawingBackend>(drawing: &Drawing, backend: &mut B) {
    render_shapes(drawing.shapes.iter(), backend, |backend, shape| {
        if let Shape::Text { at, text, size, anchor, colour: (r, g, b) } = shape {
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
    });
}

/// Draws some shapes of a picture; `write`: how a text is written.
pub(super) fn render_shapes<'a, B: DrawingBackend>(
    shapes: impl Iterator<Item = &'a Shape>,
    backend: &mut B,
    write: impl Fn(&mut B, &Shape),
) {
    static REGISTERED: Once = Once::new();
    REGISTERED.call_once(|| {
        assert!(register_font("sans-serif", FontStyle::Normal, FONT).is_ok(), "the embedded font is one")
    });
    for shape in shapes {
        match shape {
            Shape::Rectangle { from, to, colour: (r, g, b) } => {
                // Both backends leave the right column and the lower row out.
                backend.draw_rect(*from, *to, &RGBColor(*r, *g, *b), true).ok();
            }
            Shape::Line { points, colour: (r, g, b), width } => {
                let style = ShapeStyle { color: RGBColor(*r, *g, *b).into(), filled: false, stroke_width: *width };
                backend.draw_path(points.iter().copied(), &style).ok();
            }
            Shape::Text { .. } => write(backend, shape),
        }
    }
    backend.present().ok();
}
