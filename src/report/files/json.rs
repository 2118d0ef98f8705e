//! The summaries of several files as one list.

use serde_json::{Value, json};

use super::{FileEnd, FileResult};
use crate::report::wording::printable;

/// A list with the summary of each file, as `run FILE --format json` prints it; of one that was not played, why.
#[must_use]
pub fn list(results: &[FileResult]) -> String {
    let one = |result: &FileResult| match &result.end {
        FileEnd::Played(played) => {
            let mut summary = played.summary.clone();
            if let Some(folder) = &result.folder {
                summary["folder"] = json!(folder);
            }
            summary
        }
        FileEnd::Refused(why) | FileEnd::Failed(why) => {
            json!({"verdict": result.word().to_lowercase(), "file": result.file, "why": why})
        }
    };
    let list: Value = results.iter().map(one).collect();
    let mut text = serde_json::to_string_pretty(&list).expect("keys are strings and numbers are finite");
    text.push('\n');
    printable(&text).into_owned()
}
