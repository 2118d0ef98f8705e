//! A scenario file of a cluster, from the picture of it.
//!
//! ```text
//!   Cluster --servers, topics, groups--> Lines --parse--> refused lines become comments --dealt--> expect --> Written
//! ```
//! Each line says which input it came from, or that it is assumed and why; at the end stands what would tell more. What is
//! written is a scenario that can be played at once: the language reads it before anybody else does.

mod after;
mod dealt;
mod draft;
mod groups;
mod lines;
mod members;
mod servers;
mod settings;
mod tags;
mod topics;
mod versions;

pub use dealt::{Dealt, dealt};

use self::draft::Draft;
use self::lines::{Lines, list, quoted};
use super::cluster::{Cluster, Remark};
use super::evidence::Evidence;
use crate::model::plan::Action;
use crate::scenario::{Scenario, parse};

/// A scenario that was written.
#[derive(Debug)]
pub struct Written {
    /// The text of its file.
    pub text: String,
    /// What the language makes of it.
    pub scenario: Scenario,
    /// What a person wants to know, beside what the picture has to say: assumed, left out, missing.
    pub remarks: Vec<Remark>,
}

/// Why there is no scenario of a picture.
#[derive(Debug, thiserror::Error)]
#[error("what was read makes no scenario: {0}")]
pub struct Unwritable(String);

/// Until when producers send, and how long the story lasts.
const UNTIL_S: u64 = 170;
const DURATION_S: u64 = 180;
/// From when on things count: members have found each other, and what an operator did first has reached them.
const MEASURED_FROM_S: u64 = 90;

/// The line that is replaced when it is known who has which queue.
const EXPECT: &str = "expect = []";

/// Writes the scenario. `made_by` is the command, as the head of the file names it.
///
/// # Errors
/// [`Unwritable`]: more than a scenario may hold.
pub fn write(cluster: &Cluster, evidence: &Evidence, made_by: &str) -> Result<Written, Unwritable> {
    let mut draft = Draft::new(cluster, evidence);
    head(&mut draft, made_by);
    servers::write(&mut draft);
    topics::write(&mut draft);
    groups::write(&mut draft);
    draft.end_with_steps();
    after::write(&mut draft);
    let Draft { mut lines, remarks, .. } = draft;
    let scenario = accepted(&mut lines)?;
    lines.replace(EXPECT, &expect(&scenario));
    let text = lines.text();
    let scenario = read(&text).map_err(|error| Unwritable(error.1))?;
    Ok(Written { text, scenario, remarks })
}

fn head(draft: &mut Draft<'_>, made_by: &str) {
    const MOST: usize = 8;
    let inputs = &draft.evidence.inputs;
    let mut named = inputs.iter().take(MOST).map(String::as_str).collect::<Vec<_>>().join(", ");
    if inputs.len() > MOST {
        named = format!("{named} and {} more", inputs.len() - MOST);
    }
    let title = title(draft);
    let lines = &mut draft.lines;
    lines.note(format!("Made by {made_by} from {named}."));
    lines.note("Behind a line stands where it was read; what no input says is assumed, and says so.");
    lines.plain(format!("title = {}", quoted(&title)));
    lines.plain("question = \"Who has which queue, and what would the death of a member cost?\"");
    lines.plain(format!("duration = \"{DURATION_S}s\""));
    lines.plain(format!("measure = {{ from = \"{MEASURED_FROM_S}s\" }}"));
    lines.plain(EXPECT);
}

fn title(draft: &Draft<'_>) -> String {
    const MOST: usize = 3;
    let groups: Vec<&str> = draft.groups.iter().copied().collect();
    let mut named = groups.iter().take(MOST).copied().collect::<Vec<_>>().join(", ");
    match groups.len() {
        0 => named.push_str("A cluster"),
        count if count > MOST => named.push_str(&format!(" and {} more groups", count - MOST)),
        _ => {}
    }
    let cluster = draft.cluster.brokers.values().find_map(|broker| broker.cluster.as_ref());
    let title = cluster.map_or(named.clone(), |cluster| format!("{named} on {}", cluster.value));
    title.chars().filter(|c| !c.is_control()).take(120).collect()
}

/// Reads the text; the number of the line that is refused, and why.
fn read(text: &str) -> Result<Scenario, (usize, String)> {
    let nothing_beside = |name: &str| Err(format!("`{name}` is not there"));
    parse("import", text, &[], &nothing_beside).map_err(|error| {
        let allowed = if error.allowed.is_empty() { String::new() } else { format!("; {}", error.allowed) };
        (error.line, format!("{}{allowed}", error.problem))
    })
}

/// Takes away what the language refuses, until it refuses nothing.
fn accepted(lines: &mut Lines) -> Result<Scenario, Unwritable> {
    loop {
        match read(&lines.text()) {
            Ok(scenario) => return Ok(scenario),
            Err((line, why)) => {
                if !lines.refuse(line, &why) {
                    return Err(Unwritable(why));
                }
            }
        }
    }
}

/// What holds of a settled cluster. Where strategies leave a queue without an owner, or give one two, not much does.
fn expect(scenario: &Scenario) -> String {
    let gave_up = scenario.plan.timeline.iter().any(|step| matches!(step.action, Action::Unsubscribe { .. }));
    let sound = !gave_up && dealt(&scenario.plan).iter().all(|queue| queue.owners.len() == 1);
    let lines: &[&str] = match sound {
        true => &["lost == 0", "duplicates == 0", "unowned.max == 0s", "double_owned.max == 0s"],
        false => &["lost == 0"],
    };
    format!("expect = {}", list(lines.iter().copied()))
}
