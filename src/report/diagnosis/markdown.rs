//! For issues and chats: a list a finding.

use std::fmt::Write as _;

use super::{Diagnosis, why};

/// The whole text.
#[must_use]
pub fn markdown(diagnosis: &Diagnosis<'_>) -> String {
    let mut text = format!("**{}**: {}\n", diagnosis.verdict(), diagnosis.counts());
    for finding in diagnosis.findings {
        write!(text, "\n### {}: {}\n\n", finding.severity().word(), plain(&finding.what)).expect("a text takes all");
        let mut item = |title: &str, what: &str| {
            writeln!(text, "- {title}: {}", plain(what)).expect("a text takes all");
        };
        item("stands at", &diagnosis.places(finding).join(", "));
        if let Some(why) = why(finding) {
            item("why", &why);
        }
        item("how sure", finding.sure.word());
        finding.what_to_do.iter().for_each(|step| item("what to do", step));
    }
    let [import, run] = diagnosis.commands();
    write!(text, "\n```sh\n{import}\n{run}\n```\n").expect("a text takes all");
    text
}

/// What markdown would take for marks stands as it is.
fn plain(text: &str) -> String {
    let mark = |c: char| matches!(c, '*' | '_' | '<' | '>' | '[' | ']' | '|' | '#' | '\\');
    text.chars().flat_map(|c| mark(c).then_some('\\').into_iter().chain([c])).collect()
}
