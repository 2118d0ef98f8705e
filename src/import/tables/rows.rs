//! The rows of a table, and what is said of lines that are none.

use super::header::{Table, header};
use super::noise::{exception, is_frame, is_noise};
use crate::import::reader::Reading;
use crate::import::section::{Place, Section};

/// A line that may be a row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row<'a> {
    pub(super) place: Place,
    /// Not trimmed.
    pub(super) line: &'a str,
}

impl<'a> Row<'a> {
    /// What blanks part.
    pub(super) fn words(&self) -> Vec<&'a str> {
        self.line.split_whitespace().collect()
    }
}

/// A line as a note says it: cut, and without what a terminal would obey.
pub(super) fn shown(line: &str) -> String {
    let line = line.trim();
    let cut = line.chars().take(80).map(|letter| if letter.is_control() { ' ' } else { letter }).collect::<String>();
    if cut.len() < line.len() { format!("`{cut}..`") } else { format!("`{cut}`") }
}

/// Whether a piece has a table.
pub(super) fn has(section: &Section<'_>, table: Table) -> bool {
    first_header(section) == Some(table)
}

/// The first header of a piece.
pub(super) fn first_header(section: &Section<'_>) -> Option<Table> {
    section.lines.iter().find_map(|(_, line)| header(line))
}

/// The header of a table and all lines below it that may be rows. What stands before the header is noted unless it is
/// known to say nothing, and so is what an exception says.
pub(super) fn table<'a>(
    section: &Section<'a>,
    table: Table,
    what: &str,
    reading: &mut Reading,
) -> (&'a str, Vec<Row<'a>>) {
    let mut rows = candidates(section, what, reading);
    let Some(at) = rows.iter().position(|row| header(row.line) == Some(table)) else { return ("", rows) };
    for row in &rows[..at] {
        refuse(reading, row, what, "");
    }
    let below = rows.split_off(at + 1);
    (rows[at].line, below)
}

/// All lines that are neither blank nor known to say nothing. What an exception says is noted.
pub(super) fn candidates<'a>(section: &Section<'a>, what: &str, reading: &mut Reading) -> Vec<Row<'a>> {
    let mut rows = Vec::new();
    for (number, line) in &section.lines {
        let (place, trimmed) = (section.place(*number), line.trim());
        if trimmed.is_empty() || is_noise(trimmed) || is_frame(trimmed) || is_remark(trimmed) {
            continue;
        }
        if let Some(said) = exception(trimmed) {
            reading.note(place, format!("`mqadmin` failed while it printed {what}: {}", shown(said)));
            continue;
        }
        rows.push(Row { place, line });
    }
    rows
}

/// Whether a line is a remark of who collected the outputs: a sign that no header begins with, since a blank follows it.
pub(super) fn is_remark(line: &str) -> bool {
    line.starts_with("# ") || line == "#"
}

/// Says that a line is no row, and why where that is not plain.
pub(super) fn refuse(reading: &mut Reading, row: &Row<'_>, what: &str, why: &str) {
    let why = if why.is_empty() { String::new() } else { format!(": {why}") };
    reading.note(row.place, format!("{} is no row of {what}{why}", shown(row.line)));
}

/// What is said of a row that misses columns.
pub(super) const CUT: &str = "columns are missing";

/// A queue id: 0 or more, as Java's `int` has it.
pub(super) fn queue_id(text: &str) -> Option<u32> {
    text.parse().ok().filter(|id: &u32| i32::try_from(*id).is_ok())
}

/// An offset or a figure.
pub(super) fn offset(text: &str) -> Option<i64> {
    text.parse().ok()
}

/// Whether a word is a number with or without a fraction, of whatever locale.
pub(super) fn is_figure(text: &str) -> bool {
    text.starts_with(|letter: char| letter.is_ascii_digit() || letter == '-')
        && text.bytes().all(|byte| byte.is_ascii_digit() || b"-.,E".contains(&byte))
}

/// Before the name of a group the topic of what it has to consume again (`MixAll.RETRY_GROUP_TOPIC_PREFIX`).
pub(super) const RETRY: &str = "%RETRY%";

/// Whether a word is an address with its port, such as `10.0.0.1:10911`.
#[must_use]
pub fn is_address(word: &str) -> bool {
    word.rsplit_once(':').is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok())
}

/// A name that a column may have cut (`UtilAll.frontStringAtLeast`): whole where it is shorter than the column, or where
/// the call names what it is the beginning of.
pub(super) fn whole<'a>(name: &'a str, widths: &[usize], known: &[Option<&'a str>]) -> Option<&'a str> {
    if !widths.contains(&name.chars().count()) {
        return Some(name);
    }
    known.iter().flatten().find(|known| known.starts_with(name)).copied()
}

/// What is said of a name that may be cut.
pub(super) fn may_be_cut(what: &str, name: &str) -> String {
    format!("its {what} has {} characters and may be cut off there", name.chars().count())
}
