//! The ownership timeline: a row per queue, coloured by owner.

use std::collections::BTreeSet;

use super::colours::{self, FAINT, GAP, INK, NOT_YET, OVERLAP, PAPER, POPPED, Pattern, STALL, ZOMBIE};
use super::drawing::{Anchor, Drawing, shortened, text_width};
use super::rows::{Held, Row, rows};
use super::time_axis::TimeAxis;
use crate::model::ids::ConsumerIndex;
use crate::report::wording::{counted, words};
use crate::report::{Body, Report};
use crate::run::Outcome;

const WIDTH: i32 = 1_400;
/// Room for `%RETRY%checkout/broker-a/0`.
const LEFT: i32 = 220;
const RIGHT: i32 = WIDTH - 70;
/// Rows beyond this number are left out, the ones without trouble first.
const MOST_ROWS: usize = 2_000;
const TEXT: u32 = 13;
/// What is popped, in the legend.
const POPPED_WORDS: &str = "popped: needs no owner";
/// Thinner bars have no pattern.
const PATTERNED: i32 = 6;

/// Draws it; `None` for many seeds, or where no queue was ever owned.
pub(super) fn draw(report: &Report<'_>) -> Option<Drawing> {
    let Body::One { outcome, .. } = &report.body else {
        return None;
    };
    let all = rows(outcome);
    let total = all.len();
    let rows = most_troubled(all);
    if rows.is_empty() {
        return None;
    }
    let axis = TimeAxis { left: LEFT, right: RIGHT, end: outcome.end };
    let height = row_height(&rows);
    let legend = legend_entries(outcome, &rows);
    let legend_lines = lay_out(&legend);
    let top = 66 + axis.label_height(&outcome.steps);
    let bottom = top + height * i32::try_from(rows.len()).expect("few rows");
    let legend_height = 22 * legend_lines.last().map_or(0, |(_, line)| line + 1);
    let mut drawing = Drawing::new(WIDTH, bottom + 44 + legend_height);
    drawing.text((20, 22), report.story.scenario.title.clone(), 19, Anchor::Start, INK);
    let shown = if rows.len() == total { String::new() } else { format!(" (those with the most trouble of {total})") };
    let subtitle =
        format!("who owns which queue: seed {}, {}{shown}", outcome.seed, counted(rows.len() as u64, "queue"));
    drawing.text((20, 46), subtitle, TEXT, Anchor::Start, FAINT);
    for (number, row) in rows.iter().enumerate() {
        let y = top + height * i32::try_from(number).expect("few rows");
        draw_row(&mut drawing, row, &axis, (y, height));
        tell_row(&mut drawing, outcome, row, &axis, (y, height));
    }
    name_owners(&mut drawing, &blocks(&rows, &axis), (outcome, top, height));
    label_rows(&mut drawing, outcome, &rows, top, height);
    axis.draw_steps(&mut drawing, &outcome.steps, top, bottom);
    axis.draw(&mut drawing, bottom);
    for ((name, swatch), (x, line)) in legend.iter().zip(&legend_lines) {
        let y = bottom + 40 + 22 * line;
        draw_swatch(&mut drawing, *swatch, (*x, y));
        drawing.text((x + 28, y), name.clone(), TEXT, Anchor::Start, INK);
    }
    Some(drawing)
}

fn most_troubled(mut rows: Vec<Row<'_>>) -> Vec<Row<'_>> {
    if rows.len() > MOST_ROWS {
        let mut troubles: Vec<(std::cmp::Reverse<u64>, usize)> =
            rows.iter().enumerate().map(|(index, row)| (std::cmp::Reverse(row.trouble()), index)).collect();
        troubles.sort_unstable();
        let kept: BTreeSet<usize> = troubles.into_iter().take(MOST_ROWS).map(|(_, index)| index).collect();
        let mut index = 0..;
        rows.retain(|_| index.next().is_some_and(|index| kept.contains(&index)));
    }
    rows
}

/// Consumers that own anything.
fn owners(rows: &[Row<'_>]) -> BTreeSet<ConsumerIndex> {
    let held = rows.iter().flat_map(|row| row.stretches.iter().map(|stretch| stretch.2));
    held.filter_map(|held| if let Held::Owner(consumer) = held { Some(consumer) } else { None }).collect()
}

/// Thick where there are few, thin where there are many, never less than what shows a stall below an owner; and thick
/// enough for patterns where these tell owners apart and the sheet does not become a scroll.
fn row_height(rows: &[Row<'_>]) -> i32 {
    match rows.len() {
        151..=320 if (colours::COLOURS + 1..=colours::APART).contains(&owners(rows).len()) => 9,
        0..=8 => 34,
        9..=24 => 24,
        25..=60 => 15,
        61..=150 => 9,
        151..=400 => 4,
        _ => 2,
    }
}

fn draw_row(drawing: &mut Drawing, row: &Row<'_>, axis: &TimeAxis, (y, height): (i32, i32)) {
    let bar = bar(height);
    // A stretch shorter than a pixel still shows as one: trouble must not vanish by scaling.
    let columns = |from, until| (axis.x(from), axis.x(until).max(axis.x(from) + 1));
    for pass in [false, true] {
        for (from, until, held) in &row.stretches {
            let trouble = matches!(held, Held::Gap | Held::Overlap);
            if trouble != pass {
                continue;
            }
            let (left, right) = columns(*from, *until);
            fill(drawing, *held, (left, y), (right, y + bar));
        }
    }
    if height >= 9 {
        for (from, until) in &row.zombies {
            let (left, right) = columns(*from, *until);
            drawing.rectangle((left, y + bar * 5 / 12), (right, y + bar * 8 / 12), ZOMBIE);
        }
    }
    for stall in &row.stalls {
        let (left, right) = columns(stall.from, stall.until);
        drawing.rectangle((left, y + bar - (bar / 3).clamp(1, 6)), (right, y + bar), STALL);
    }
}

/// Between thick rows there is some paper.
fn bar(height: i32) -> i32 {
    if height >= 9 { height - 2 } else { height }
}

/// What an SVG says of each stretch: whose it is, and from when until when.
fn tell_row(drawing: &mut Drawing, outcome: &Outcome, row: &Row<'_>, axis: &TimeAxis, (y, height): (i32, i32)) {
    let queue = outcome.names.message_queue(row.queue);
    for (from, until, held) in &row.stretches {
        let whose = match held {
            Held::NotYet => "not yet owned",
            Held::Gap => "no live owner",
            Held::Overlap => "two live owners",
            Held::Popped => POPPED_WORDS,
            Held::Owner(consumer) => outcome.names.consumer(*consumer),
        };
        let (left, right) = (axis.x(*from), axis.x(*until).max(axis.x(*from) + 1));
        let title = format!("{queue}: {whose} from {} on for {}", from.human(), until.since(*from).human());
        drawing.title((left, y), (right, y + height), &title);
    }
    for stall in &row.stalls {
        let (left, right) = (axis.x(stall.from), axis.x(stall.until).max(axis.x(stall.from) + 1));
        let why = words(stall.cause.word());
        let long = stall.until.since(stall.from).human();
        let title = format!("{queue}: stalled from {} on for {long}: {why}", stall.from.human());
        drawing.title((left, y + height / 2), (right, y + height), &title);
    }
}

/// Rows beside each other that one consumer has at about the same time: it is named once.
struct Block {
    consumer: ConsumerIndex,
    columns: (i32, i32),
    rows: (usize, usize),
}

fn blocks(rows: &[Row<'_>], axis: &TimeAxis) -> Vec<Block> {
    /// No name has room in less.
    const NARROW: i32 = 24;
    let (mut done, mut open): (Vec<Block>, Vec<Block>) = (Vec::new(), Vec::new());
    for (number, row) in rows.iter().enumerate() {
        let mut here = Vec::new();
        for (from, until, held) in &row.stretches {
            let (Held::Owner(consumer), columns) = (*held, (axis.x(*from), axis.x(*until))) else { continue };
            if columns.1 - columns.0 < NARROW {
                continue;
            }
            let width = columns.1 - columns.0;
            let same = |block: &Block| {
                let (left, right) = block.columns;
                let both = right.min(columns.1) - left.max(columns.0);
                block.consumer == consumer && 2 * both >= width.max(right - left)
            };
            here.push(match open.iter().position(same) {
                Some(place) => {
                    let block = open.swap_remove(place);
                    let (left, right) = block.columns;
                    let columns = (left.max(columns.0), right.min(columns.1));
                    Block { rows: (block.rows.0, number), columns, consumer }
                }
                None => Block { consumer, columns, rows: (number, number) },
            });
        }
        done.append(&mut open);
        open = here;
    }
    done.append(&mut open);
    done
}

/// Names the owner of every block that has room for the name.
fn name_owners(drawing: &mut Drawing, blocks: &[Block], (outcome, top, height): (&Outcome, i32, i32)) {
    for block in blocks {
        let ((left, right), (first, last)) = (block.columns, block.rows);
        let row = |number: usize| top + height * i32::try_from(number).expect("few rows");
        let name = outcome.names.consumer(block.consumer);
        let width = text_width(name, TEXT) + 8;
        if width >= right - left || row(last + 1) - row(first) < 15 {
            continue;
        }
        // In the middle of a row where rows are thick; else on a sheet over some of them.
        let y = if height >= 15 { row((first + last) / 2) + bar(height) / 2 } else { (row(first) + row(last + 1)) / 2 };
        let colour = colours::owner(usize::from(block.consumer));
        if height < 15 || colours::pattern(usize::from(block.consumer)) != Pattern::Plain {
            let (above, below) = (y - 7, y + 7);
            drawing.rectangle(
                (left + 2, above.max(row(first))),
                (left + width, below.min(row(last) + bar(height))),
                colour,
            );
        }
        drawing.text((left + 5, y), name, TEXT, Anchor::Start, colours::written_on(colour));
    }
}

pub(super) fn fill(drawing: &mut Drawing, held: Held, from: (i32, i32), to: (i32, i32)) {
    let colour = match held {
        Held::NotYet => NOT_YET,
        Held::Gap => GAP,
        Held::Owner(consumer) => colours::owner(usize::from(consumer)),
        Held::Overlap => OVERLAP,
        Held::Popped => POPPED,
    };
    drawing.rectangle(from, to, colour);
    if matches!(held, Held::Gap | Held::Overlap) && to.1 - from.1 >= 7 {
        drawing.hatch(from, to, PAPER);
    }
    if let Held::Owner(consumer) = held {
        over(drawing, colours::pattern(usize::from(consumer)), from, to);
    }
}

/// The pattern of an owner over its colour, where there is room for one.
fn over(drawing: &mut Drawing, pattern: Pattern, from: (i32, i32), to: (i32, i32)) {
    let colour = if matches!(pattern, Pattern::Bars | Pattern::Line) { PAPER } else { INK };
    match pattern {
        _ if to.1 - from.1 < PATTERNED => {}
        Pattern::Plain => {}
        Pattern::Bars | Pattern::DarkBars => {
            let places = (from.0 + 3..to.0 - 1).step_by(9);
            places.for_each(|x| drawing.rectangle((x, from.1), (x + 2, to.1), colour));
        }
        Pattern::Line | Pattern::DarkLine => {
            let y = from.1 + (to.1 - from.1) / 2;
            drawing.rectangle((from.0, y), (to.0, y + 2), colour);
        }
    }
}

fn label_rows(drawing: &mut Drawing, outcome: &Outcome, rows: &[Row<'_>], top: i32, height: i32) {
    let every = usize::try_from((15 + height - 1) / height).expect("positive");
    let groups = outcome.names.audience_count();
    for (number, row) in rows.iter().enumerate().step_by(every) {
        let queue = outcome.names.message_queue(row.queue);
        let name =
            if groups > 1 { format!("{} {queue}", outcome.names.audience(row.audience)) } else { queue.to_string() };
        let y = top + height * i32::try_from(number).expect("few rows") + height / 2;
        drawing.text((LEFT - 8, y), shortened(&name, 12, LEFT - 16), 12, Anchor::End, INK);
    }
}

/// What a swatch of the legend shows.
#[derive(Debug, Clone, Copy)]
enum Swatch {
    Held(Held),
    Zombie,
    Stall,
    Nothing,
}

fn legend_entries(outcome: &Outcome, rows: &[Row<'_>]) -> Vec<(String, Swatch)> {
    let held: Vec<Held> = rows.iter().flat_map(|row| row.stretches.iter().map(|stretch| stretch.2)).collect();
    let mut entries = Vec::new();
    let zombies = rows.iter().any(|row| !row.zombies.is_empty());
    let stalls = rows.iter().any(|row| !row.stalls.is_empty());
    for (present, name, swatch) in [
        (held.contains(&Held::Gap), "no live owner", Swatch::Held(Held::Gap)),
        (held.contains(&Held::NotYet), "not yet owned", Swatch::Held(Held::NotYet)),
        (held.contains(&Held::Popped), POPPED_WORDS, Swatch::Held(Held::Popped)),
        (held.contains(&Held::Overlap), "two live owners", Swatch::Held(Held::Overlap)),
        (zombies, "held by a dead or cut-off client", Swatch::Zombie),
        (stalls, "stalled: messages wait", Swatch::Stall),
    ] {
        if present {
            entries.push((name.to_owned(), swatch));
        }
    }
    let owners = owners(rows);
    // As many as differ here.
    let shown = if bar(row_height(rows)) >= PATTERNED { colours::APART } else { colours::COLOURS };
    for consumer in owners.iter().take(shown) {
        entries.push((outcome.names.consumer(*consumer).to_owned(), Swatch::Held(Held::Owner(*consumer))));
    }
    if owners.len() > shown {
        entries.push((format!("and {} more owners; colours repeat", owners.len() - shown), Swatch::Nothing));
    }
    entries
}

/// Column and line of each entry.
fn lay_out(entries: &[(String, Swatch)]) -> Vec<(i32, i32)> {
    let (mut x, mut line) = (20, 0);
    let place = |(name, _): &(String, Swatch)| {
        let width = 28 + text_width(name, TEXT) + 18;
        if x + width > WIDTH - 10 {
            (x, line) = (20, line + 1);
        }
        let place = (x, line);
        x += width;
        place
    };
    entries.iter().map(place).collect()
}

fn draw_swatch(drawing: &mut Drawing, swatch: Swatch, (x, y): (i32, i32)) {
    match swatch {
        Swatch::Held(held) => fill(drawing, held, (x, y - 7), (x + 22, y + 7)),
        Swatch::Zombie => drawing.rectangle((x, y - 3), (x + 22, y + 3), ZOMBIE),
        Swatch::Stall => drawing.rectangle((x, y - 2), (x + 22, y + 3), STALL),
        Swatch::Nothing => {}
    }
}
