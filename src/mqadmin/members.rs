//! Lists of client ids: `mqadmin consumerConnection`, and what people write.

use super::kind::{Kind, header, kind};
use super::lines::{ListError, numbered};
use crate::import::tables::{SUBSCRIPTION, connection, is_noise};
use crate::strategy::ClientId;

/// The members of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberList {
    /// Client ids in the order of the list.
    pub ids: Vec<ClientId>,
    /// `MessageModel: BROADCASTING`: every member has every queue.
    pub broadcasting: bool,
}

const ID: &str = "client id; write one id a line";
const ROW: &str = "row of `mqadmin consumerConnection`: client id, address, language, version";
const WANTED: &str = "a list of client ids: what `mqadmin consumerConnection -g GROUP` prints, or one id a line";

const MODEL: &str = "MessageModel:";

/// Reads a list.
///
/// # Errors
/// A line is not understood, or the text is something else.
pub fn members(text: &str) -> Result<MemberList, ListError> {
    match kind(text) {
        None => plain(text),
        Some(Kind::Output("consumerConnection")) => connections(text),
        Some(kind) => Err(ListError::Other { kind, wanted: WANTED }),
    }
}

/// One id a line.
fn plain(text: &str) -> Result<MemberList, ListError> {
    let mut ids = Vec::new();
    for (number, line) in numbered(text).filter(|(_, line)| !line.starts_with('#') && !is_noise(line)) {
        // Several ids in a line would be taken for one, or all but the first be lost.
        if line.contains([',', ' ', '\t']) {
            return Err(ListError::line(number, line, ID));
        }
        ids.push(line.into());
    }
    Ok(MemberList { ids, broadcasting: false })
}

/// The table of `consumerConnection`; before 4.9.3 without a header, and with a count before each id.
fn connections(text: &str) -> Result<MemberList, ListError> {
    let mut lines = numbered(text);
    let mut ids = Vec::new();
    let mut begun = false;
    for (number, line) in lines.by_ref().take_while(|(_, line)| !line.starts_with(SUBSCRIPTION)) {
        begun |= header(line).is_some();
        if line.starts_with('#') {
            continue;
        }
        match connection(line) {
            Some(row) => {
                begun = true;
                ids.push(row.client_id.into());
            }
            // What stands before the table is no row.
            None if !begun || is_noise(line) => {}
            None => return Err(ListError::line(number, line, ROW)),
        }
    }
    let model = lines.find_map(|(number, line)| Some((number, line, line.strip_prefix(MODEL)?.trim())));
    match model {
        None | Some((_, _, "CLUSTERING")) => Ok(MemberList { ids, broadcasting: false }),
        Some((_, _, "BROADCASTING")) => Ok(MemberList { ids, broadcasting: true }),
        Some((number, line, _)) => Err(ListError::line(number, line, "message model: CLUSTERING or BROADCASTING")),
    }
}
