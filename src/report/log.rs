//! The event log as people read it on a terminal: columns, one line a row, and the number of the event that caused it.

use crate::kernel::Instant;
use crate::model::plan::Plan;
use crate::report::printable_line;
use crate::run::EventRow;

/// Makes the lines of one log, in order.
#[derive(Debug)]
pub struct LogLines {
    /// Widths of actors and subjects.
    actor: usize,
    subject: usize,
    /// The number of the line before.
    last: Option<u64>,
}

/// Names that are longer than this push their line to the right.
const WIDEST: usize = 28;
/// Most names of events are shorter.
const EVENT: usize = 22;

impl LogLines {
    /// For a cluster with these names.
    #[must_use]
    pub fn new(plan: &Plan) -> Self {
        let length = |name: &String| name.chars().count();
        let servers = plan.brokers.iter().map(|b| &b.name).chain(plan.name_servers.iter().map(|n| &n.name));
        let actors =
            servers.chain(plan.producers.iter().map(|p| &p.name)).chain(plan.consumers.iter().map(|c| &c.name));
        let broker = plan.brokers.iter().map(|b| length(&b.name)).max().unwrap_or(0);
        let topic = plan.topics.iter().map(|t| length(&t.name)).max().unwrap_or(0);
        let actor = actors.map(length).max().unwrap_or(0).clamp("actor".len(), WIDEST);
        let retry = plan.groups.iter().map(|g| length(&g.name) + "%RETRY%".len()).max().unwrap_or(0);
        let queue = topic.max(retry) + "/".len() + broker + "/00".len();
        let client = plan.consumers.iter().map(|c| length(&c.client_id)).max().unwrap_or(0);
        Self { actor, subject: queue.max(client).clamp("subject".len(), WIDEST), last: None }
    }

    /// The names of the columns.
    #[must_use]
    pub fn head(&self) -> String {
        self.columns(["time", "number", "cause"], ["actor", "event", "subject"], "detail")
    }

    /// A row. What belongs to the event of the line above does not repeat its numbers.
    pub fn line(&mut self, row: &EventRow) -> String {
        let same = self.last.replace(row.sequence) == Some(row.sequence);
        let number = if row.sequence == 0 { "-".to_owned() } else { row.sequence.to_string() };
        let cause = if row.cause == 0 { "-".to_owned() } else { row.cause.to_string() };
        let numbers = if same { [String::new(), String::new()] } else { [number, cause] };
        let at = moment(row.at);
        let line = self.columns([&at, &numbers[0], &numbers[1]], [&row.actor, row.event, &row.subject], &row.detail());
        format!("{}\n", printable_line(line.trim_end()))
    }

    fn columns(&self, [at, number, cause]: [&str; 3], [who, event, subject]: [&str; 3], detail: &str) -> String {
        let (actor, queue) = (self.actor, self.subject);
        let line =
            format!("{at:>11}  {number:>9}  {cause:>9}  {who:<actor$}  {event:<EVENT$}  {subject:<queue$}  {detail}");
        format!("{}\n", line.trim_end())
    }
}

/// A moment as a scenario writes it, with all its milliseconds, so that moments stand below each other: `1m2.050s`.
fn moment(at: Instant) -> String {
    let millis = at.as_millis();
    let (hours, minutes, rest) = (millis / 3_600_000, millis / 60_000 % 60, millis % 60_000);
    let hours = if hours > 0 { format!("{hours}h") } else { String::new() };
    let minutes = if hours.is_empty() && minutes == 0 { String::new() } else { format!("{minutes}m") };
    format!("{hours}{minutes}{}.{:03}s", rest / 1_000, rest % 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Span;

    #[test]
    fn moments_stand_below_each_other_and_can_be_written() {
        let table = [(0, "0.000s"), (46_600, "46.600s"), (62_050, "1m2.050s"), (3_600_001, "1h0m0.001s")];
        for (millis, said) in table {
            assert_eq!(moment(Instant::from_millis(millis)), said);
            assert_eq!(said.parse::<Span>().expect(said), Span::from_millis(millis), "{said}");
        }
    }
}
