//! One recording above a typical prediction of it, and every measure below.

use super::colours::{FAINT, GAP, INK, STALL};
use super::drawing::{Anchor, Drawing, text_width};
use super::ownership::fill;
use super::recording::{AGAIN, Rows, timeline};
use super::rows::Held;
use super::time_axis::TimeAxis;
use super::{render, strips};
use crate::fidelity::{ComparedTrace, Typical};
use crate::kernel::Instant;
use crate::trace::Trace;

const WIDTH: i32 = 1_600;
const LEFT: i32 = 190;
const RIGHT: i32 = WIDTH - 70;
const TEXT: u32 = 13;

/// The picture as SVG and as PNG; `others` are the other recordings of the story.
#[must_use]
pub fn pictures(
    real: &Trace,
    typical: &Typical,
    compared: &ComparedTrace,
    others: &[&ComparedTrace],
) -> (Vec<u8>, Vec<u8>) {
    let drawing = draw(real, typical, compared, others);
    (render::svg(&drawing), render::png(&drawing))
}

fn draw(real: &Trace, typical: &Typical, compared: &ComparedTrace, others: &[&ComparedTrace]) -> Drawing {
    let rows = Rows::of(&[real, &typical.trace]);
    let end = Instant::from_millis((real.header.seconds * 1000.0) as u64);
    let axis = TimeAxis { left: LEFT, right: RIGHT, end };
    let at = |ms: i64| Instant::from_millis(u64::try_from(ms).unwrap_or_default());
    let phases: Vec<(Instant, String)> = (0..)
        .zip(&compared.phases)
        .map(|(n, phase)| (at(phase.from_ms), strips::phase_label(n, &phase.phase)))
        .collect();
    let top = 84 + axis.label_height(&phases);
    let below = top + rows.total() + 30;
    let bottom = below + rows.total();
    let strips_top = bottom + 84;
    let mut drawing = Drawing::new(WIDTH, strips_top + strips::height(compared));
    drawing.text((20, 22), format!("{}: recorded and predicted", compared.trace), 19, Anchor::Start, INK);
    let header = &real.header;
    let said = format!(
        "RocketMQ {}, {}, {:?} listeners, {} messages a second",
        header.rocketmq, header.allocate_strategy, header.listener, header.send_rate_per_s
    );
    drawing.text((20, 46), said.to_lowercase().replacen("rocketmq", "RocketMQ", 1), TEXT, Anchor::Start, FAINT);
    axis.draw_steps(&mut drawing, &phases, top - 22, bottom);
    for (trace, y, words) in [
        (real, top, "the real cluster".to_owned()),
        (&typical.trace, below, format!("simulated: seed {}, nearest to the medians", typical.seed)),
    ] {
        timeline(&mut drawing, &rows, trace, &axis, (y, &words));
    }
    axis.draw_steps(&mut drawing, &phases.iter().map(|(at, _)| (*at, String::new())).collect::<Vec<_>>(), top, bottom);
    axis.draw(&mut drawing, bottom);
    legend(&mut drawing, &rows, bottom + 44);
    strips::draw(&mut drawing, compared, others, (LEFT, RIGHT, strips_top));
    drawing
}

/// Two lines: what the timelines show, and what the strips show.
fn legend(drawing: &mut Drawing, rows: &Rows<'_>, y: i32) {
    let mut x = 20;
    let mut entry = |drawing: &mut Drawing, name: &str, swatch: &dyn Fn(&mut Drawing, i32)| {
        swatch(drawing, x);
        drawing.text((x + 28, y), name, TEXT, Anchor::Start, INK);
        x += 28 + text_width(name, TEXT) + 14;
    };
    for who in &rows.consumers {
        let held = Held::Owner(rows.number(who));
        entry(drawing, who, &|drawing, x| fill(drawing, held, (x, y - 7), (x + 22, y + 7)));
    }
    for (name, held) in
        [("no owner", Held::Gap), ("not yet owned", Held::NotYet), ("two owners or more", Held::Overlap)]
    {
        entry(drawing, name, &|drawing, x| fill(drawing, held, (x, y - 7), (x + 22, y + 7)));
    }
    entry(drawing, "messages wait, none handed out for 1 s", &|drawing, x| {
        drawing.rectangle((x, y - 2), (x + 22, y + 2), STALL);
    });
    entry(drawing, "duplicates", &|drawing, x| drawing.rectangle((x, y - 2), (x + 22, y + 2), AGAIN));
    let y = y + 24;
    strips::swatch(drawing, (20, y));
    drawing.text((70, y), "simulated: 0.5, 5, 50, 95, 99.5 % of the seeds", TEXT, Anchor::Start, INK);
    strips::point(drawing, (470, y), INK, false);
    drawing.text((482, y), "recorded", TEXT, Anchor::Start, INK);
    strips::point(drawing, (580, y), GAP, false);
    drawing.text((592, y), "recorded, outside the band", TEXT, Anchor::Start, INK);
    strips::point(drawing, (812, y), INK, true);
    drawing.text((824, y), "other recordings of the story", TEXT, Anchor::Start, INK);
    let said = "figures: recorded; simulated 0.5 · 50 · 99.5 %";
    drawing.text((RIGHT, y), said, TEXT, Anchor::End, FAINT);
}
