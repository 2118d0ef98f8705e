//! Workflow commands of GitHub Actions: an annotation at the line of each expectation that is violated.

use super::{Expected, FileEnd, FileResult};
use crate::sweep::Standing;

/// A line an annotation; nothing where nothing is wrong.
#[must_use]
pub fn github(results: &[FileResult]) -> String {
    results.iter().flat_map(annotations).map(|line| line + "\n").collect()
}

fn annotations(result: &FileResult) -> Vec<String> {
    match &result.end {
        FileEnd::Played(played) => {
            played.expectations.iter().filter_map(|expected| annotation(&result.file, expected)).collect()
        }
        FileEnd::Refused(why) => {
            vec![command("error", &result.file, line_of(&result.file, why), "not a scenario", why)]
        }
        FileEnd::Failed(why) => vec![command("error", &result.file, None, "a failure of rebalance-sim", why)],
    }
}

fn annotation(file: &str, expected: &Expected) -> Option<String> {
    match expected.standing {
        Standing::Held => None,
        Standing::Violated => {
            let seen = expected.seen.as_deref().unwrap_or("no seed has this figure");
            let replay = expected.replay.as_ref().map(|replay| format!("\n{replay}")).unwrap_or_default();
            let said = format!("violated: {}; {seen}{replay}", expected.text);
            Some(command("error", file, expected.line, &expected.text, &said))
        }
        Standing::NeedsSeeds => {
            let said = format!("{} can only be judged over many seeds (--seeds 200)", expected.text);
            Some(command("notice", file, expected.line, "not judged", &said))
        }
    }
}

/// The line that a refusal begins with, behind the name of its file.
fn line_of(file: &str, why: &str) -> Option<usize> {
    let (line, _) = why.strip_prefix(file)?.strip_prefix(':')?.split_once(':')?;
    line.parse().ok()
}

fn command(level: &str, file: &str, line: Option<usize>, title: &str, said: &str) -> String {
    let line = line.map(|line| format!(",line={line}")).unwrap_or_default();
    // GitHub finds a file by its path from the root of the repository.
    let file = property(file.trim_start_matches("./"));
    format!("::{level} file={file}{line},title={}::{}", property(title), message(said))
}

/// A message is one line.
fn message(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// What ends a property is written otherwise in it.
fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}
