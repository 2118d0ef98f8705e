//! `trace.json`: the run as a timeline in the trace event format of Chrome, which <https://ui.perfetto.dev> opens.
//!
//! ```text
//!   marks of the run --> slices of actors (lives, pauses, rebalances) and moments --+
//!                    --> arrows from what led to what                               +--> tracks, lanes --> trace.json
//!   findings --------> slices of queues (owners, stalls) ---------------------------+
//! ```

mod actors;
mod lanes;
mod sheet;

use std::io::{self, Write};

use serde_json::{Value, json};

use crate::check::{DeliveryRun, OwnerState};
use crate::kernel::{Instant, Span};
use crate::model::observation::QueueIndex;
use crate::model::plan::Plan;
use crate::report::Story;
use crate::report::wording::{with_why, words};
use crate::run::{Chronicle, Outcome};
use lanes::lanes;
use sheet::Sheet;

/// The file's name.
pub const FILE_NAME: &str = "trace.json";

/// How long a moment is drawn: an arrow begins and ends at what has a length.
const MOMENT: Span = Span::from_micros(1);

/// The groups of tracks, in the order in which they are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Story,
    Queues,
    Consumers,
    Brokers,
    NameServers,
    Producers,
}

impl Part {
    const ALL: [(Self, &str); 6] = [
        (Self::Story, "story"),
        (Self::Queues, "queues"),
        (Self::Consumers, "consumers"),
        (Self::Brokers, "brokers"),
        (Self::NameServers, "name servers"),
        (Self::Producers, "producers"),
    ];

    /// The number of the process that the format wants.
    const fn number(self) -> u32 {
        self as u32 + 1
    }
}

/// A stretch on a track.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Slice {
    from: Instant,
    until: Instant,
    name: String,
    arguments: Vec<(&'static str, String)>,
    /// The mark that it is, by position.
    mark: Option<usize>,
}

/// A row of the timeline: whose, and what is on it.
#[derive(Debug)]
struct Track {
    part: Part,
    name: String,
    slices: Vec<Slice>,
}

/// Writes the timeline of one run.
///
/// # Errors
/// What the file says.
pub fn write(file: &mut dyn Write, story: &Story<'_>, outcome: &Outcome, chronicle: &Chronicle) -> io::Result<()> {
    let plan = &story.scenario.plan;
    let mut tracks = queues(outcome);
    tracks.extend(actors::tracks(plan, chronicle, outcome.end));
    tracks.sort_by_key(|track| track.part);
    let about = json!({
        "scenario": story.scenario.title,
        "again": story.replay(outcome.seed),
        "fingerprint": outcome.fingerprint.to_string(),
    });
    let mut sheet = Sheet::begin(file, &about)?;
    for (part, name) in Part::ALL {
        sheet.part(part, name)?;
    }
    let mut places = vec![None; chronicle.marks().len()];
    let mut thread = 0;
    for track in tracks {
        for (lane, slices) in lanes(track.slices).into_iter().enumerate() {
            thread += 1;
            let name = if lane == 0 { track.name.clone() } else { format!("{} ({})", track.name, lane + 1) };
            sheet.track(track.part, thread, &name)?;
            for slice in slices {
                sheet.slice(track.part, thread, &slice)?;
                if let Some(mark) = slice.mark {
                    places[mark] = Some((track.part, thread, slice.from));
                }
            }
        }
    }
    for (number, mark) in chronicle.marks().iter().enumerate() {
        let parent = mark.parent.and_then(|parent| places[parent]);
        if let (Some(cause), Some(effect)) = (parent, places[number]) {
            sheet.arrow(number, cause, effect)?;
        }
    }
    for (at, label) in &outcome.steps {
        sheet.moment(*at, label)?;
    }
    sheet.end()
}

/// A track for the owners of each queue, and one for its stalls where it has any.
fn queues(outcome: &Outcome) -> Vec<Track> {
    let (names, findings) = (&outcome.names, &outcome.findings);
    let holes = findings.holes();
    let mut order: Vec<_> = findings.ownership.iter().map(|row| row.queue).collect();
    order.extend(findings.stalls.iter().map(|row| row.queue));
    order.sort_by(|&a, &b| names.message_queue(a).compare(names.message_queue(b)));
    order.dedup();
    let owners = |queue| {
        let rows = findings.ownership.iter().filter(move |row| row.queue == queue);
        rows.map(|row| Slice {
            from: row.from,
            until: row.until,
            name: match row.state {
                OwnerState::Live => names.consumer(row.consumer).to_owned(),
                OwnerState::Zombie => format!("{} (zombie)", names.consumer(row.consumer)),
            },
            arguments: vec![
                ("group", names.audience(row.audience).to_owned()),
                ("client_id", names.client(row.client).to_string()),
            ],
            mark: None,
        })
    };
    let stalls = |queue| {
        let rows = findings.stalls.iter().filter(move |row| row.queue == queue);
        rows.map(|row| Slice {
            from: row.from,
            until: row.until,
            name: with_why(row.cause, holes.why(row)),
            arguments: vec![
                ("group", names.audience(row.audience).to_owned()),
                ("why", row.detail.clone()),
                ("remedy", row.remedy.clone()),
            ],
            mark: None,
        })
    };
    let mut tracks = Vec::new();
    for queue in order {
        let name = names.message_queue(queue).to_string();
        tracks.push(Track { part: Part::Queues, name: format!("{name} owner"), slices: owners(queue).collect() });
        tracks.push(Track { part: Part::Queues, name: format!("{name} stalled"), slices: stalls(queue).collect() });
        let handed_out = handed_out(outcome, queue);
        tracks.push(Track { part: Part::Queues, name: format!("{name} handed out"), slices: handed_out });
    }
    tracks
}

/// Runs of messages that one consumer was handed, where there are few; and those that came again, with the cause.
fn handed_out(outcome: &Outcome, queue: QueueIndex) -> Vec<Slice> {
    let names = &outcome.names;
    let few = outcome.findings.deliveries.len() <= MOST_RUNS;
    let rows =
        outcome.findings.deliveries.iter().filter(|row| row.queue == queue && (few || row.duplicate_cause.is_some()));
    let slice = |row: &DeliveryRun| Slice {
        from: row.from,
        until: row.until.max(row.from + MOMENT),
        name: format!(
            "{}{} {} to {}",
            if row.duplicate_cause.is_some() { "again: " } else { "" },
            names.consumer(row.consumer),
            row.from_offset,
            row.to_offset
        ),
        arguments: vec![
            ("group", names.audience(row.audience).to_owned()),
            ("came_again_by", row.duplicate_cause.map_or_else(String::new, |cause| words(cause.word()))),
        ],
        mark: None,
    };
    rows.map(slice).collect()
}

/// More of them say nothing to an eye.
const MOST_RUNS: usize = 2_000;

/// Which part somebody belongs to.
fn part_of(plan: &Plan, actor: &str) -> Part {
    let is = |mut names: Box<dyn Iterator<Item = &String> + '_>| names.any(|name| name == actor);
    match () {
        () if is(Box::new(plan.consumers.iter().map(|c| &c.name))) => Part::Consumers,
        () if is(Box::new(plan.brokers.iter().map(|b| &b.name))) => Part::Brokers,
        () if is(Box::new(plan.name_servers.iter().map(|n| &n.name))) => Part::NameServers,
        () if is(Box::new(plan.producers.iter().map(|p| &p.name))) => Part::Producers,
        () => Part::Story,
    }
}

/// Arguments as the format has them; what is empty is left out.
fn arguments(arguments: &[(&'static str, String)]) -> Value {
    let said = arguments.iter().filter(|(_, value)| !value.is_empty());
    said.map(|(key, value)| ((*key).to_owned(), Value::from(value.as_str()))).collect::<serde_json::Map<_, _>>().into()
}
