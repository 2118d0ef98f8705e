//! The rows of a table, and what is said of lines that are none.

use super::header::{Table, header};
use super::noise::{exception, is_frame, is_noise};
use crate::import::reader::Reading;
use crate::import::section::{Call, Place, Section};

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

/// A line as a note says it: cut, its columns moved together, and without what a terminal would obey.
pub(super) fn shown(line: &str) -> String {
    cut(line, 80)
}

/// A line, cut after so many characters.
pub(super) fn cut(line: &str, most: usize) -> String {
    let whole = line.split_whitespace().collect::<Vec<_>>().join(" ");
    let shown: String = whole.chars().take(most).map(|c| if c.is_control() { ' ' } else { c }).collect();
    let dots = if whole.chars().nth(most).is_some() { ".." } else { "" };
    format!("`{shown}{dots}`")
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

/// The first line of a piece that has no header and is not known to say nothing: a row, where the header was cut off.
pub(super) fn first_row<'a>(section: &Section<'a>) -> Option<Row<'a>> {
    let says = |line: &str| !line.is_empty() && !is_noise(line) && !is_frame(line) && !is_remark(line);
    let (number, line) = section.lines.iter().find(|(_, line)| says(line.trim()))?;
    first_header(section).is_none().then(|| Row { place: section.place(*number), line })
}

/// The call of a piece, if it is of one of these commands: what another one was asked for says nothing of this output.
pub(super) fn call_of<'s>(section: &'s Section<'_>, commands: &[&str]) -> Option<&'s Call> {
    section.call.as_ref().filter(|call| commands.contains(&call.command.as_str()))
}

/// Whether a piece is what a command printed.
pub(super) fn called(section: &Section<'_>, command: &str) -> bool {
    call_of(section, &[command]).is_some()
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
            reading.note(place, format!("`mqadmin` failed while it printed {what}: {}", cut(said, 160)));
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
