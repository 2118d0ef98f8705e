//! What is told of a scenario, or of several one after the other: the grammar that `explain`, `compare`, `vary` and `advise`
//! share. One is printed as it is; several have a heading each, one list as JSON, and with `--out` a folder each beside a
//! summary of all.

use std::path::Path;
use std::sync::atomic::AtomicBool;

use serde_json::{Value, json};

use super::files::Scenarios;
use super::format::Format;
use super::several::{End, Ended, Several, worst};
use super::{Answer, Failure, Verdict, out, signals, terminal};
use crate::report::printable_line;
use crate::wording::counted;

/// What is said of one scenario.
pub(super) struct Said {
    pub text: String,
    pub json: String,
    /// What `--out` writes: names, and what is in them.
    pub files: Vec<(String, Vec<u8>)>,
    pub verdict: Verdict,
}

impl Said {
    fn printed(&self, format: Format) -> &str {
        if format == Format::Text { &self.text } else { &self.json }
    }

    fn files(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
    }
}

/// What is asked of whom.
pub(super) struct Telling<'a> {
    pub scenarios: &'a Scenarios,
    pub format: Format,
    pub out: Option<&'a Path>,
    /// The command that asks again.
    pub again: String,
    /// What a signal costs, as [`signals::interruptible`] says it.
    pub lost: &'a str,
}

impl Telling<'_> {
    /// Asks of each, prints and writes.
    ///
    /// # Errors
    /// What `of_one` says, the worst of them where there are several.
    pub fn tell(&self, of_one: impl Fn(&str, &AtomicBool) -> Result<Said, Failure>) -> Answer {
        match self.scenarios.alone() {
            Some(file) => self.tell_once(|stop| of_one(file, stop)),
            None => self.tell_each(of_one),
        }
    }

    /// Asks once, of one file or of all together.
    ///
    /// # Errors
    /// What `ask` says.
    pub fn tell_once(&self, ask: impl Fn(&AtomicBool) -> Result<Said, Failure>) -> Answer {
        let out = out::open(self.out)?;
        let said = ask(&signals::interruptible(self.lost))?;
        let print = || terminal::print(said.printed(self.format));
        out::deliver(print, out, |folder| out::files(folder, said.files(), &AtomicBool::new(false)))?;
        Ok(said.verdict)
    }

    fn tell_each(&self, of_one: impl Fn(&str, &AtomicBool) -> Result<Said, Failure>) -> Answer {
        let files = self.scenarios.chosen()?;
        let out = out::open(self.out)?;
        let stop = signals::interruptible(self.lost);
        let several = Several { scenarios: self.scenarios, files: &files, out: out.as_ref(), stop: &stop };
        let all = several.play(
            |file, folder| {
                let said = of_one(file, &stop)?;
                let written = folder.map_or(Ok(()), |folder| out::files(folder, said.files(), &AtomicBool::new(false)));
                written.map_err(Failure::own).map(|()| Some(said))
            },
            |ended| if self.format == Format::Text { terminal::print(&section(ended)) } else { Ok(()) },
        )?;
        let (total, list) = (self.total(&all), list(&all));
        let print = || terminal::print(if self.format == Format::Text { &total } else { &list });
        let text: String = all.iter().map(section).chain([total.clone()]).collect();
        let summary = [("summary.txt", text.as_bytes()), ("summary.json", list.as_bytes())];
        out::deliver(print, out, |folder| out::files(folder, summary, &AtomicBool::new(false)))?;
        worst(&all, files.len(), |said| Some(said.verdict))
    }

    /// The last lines: how many there were, and the command that asks again.
    fn total(&self, all: &[Ended<Said>]) -> String {
        let count = |is: fn(&End<Said>) -> bool| all.iter().filter(|ended| is(&ended.end)).count();
        let words = [
            (count(|end| matches!(end, End::Done(_))), "told"),
            (count(|end| matches!(end, End::Refused(_))), "refused"),
            (count(|end| matches!(end, End::Failed(_))), "failed"),
        ];
        let words = words.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}"));
        let words = words.collect::<Vec<_>>().join(", ");
        format!("{}: {words}\n{}\n", counted(all.len() as u64, "scenario"), self.again)
    }
}

/// What is said of one of several below its heading.
fn section(ended: &Ended<Said>) -> String {
    let place = ended.place.as_ref().map_or_else(String::new, |place| format!(" -> {place}"));
    let said = match &ended.end {
        End::Done(said) => said.text.trim_end(),
        End::Refused(_) => "REFUSED",
        End::Failed(_) => "FAILED",
    };
    format!("== {}{} ==\n{said}\n\n", printable_line(&ended.file), printable_line(&place))
}

/// What is said of all as one list; each says of which file it is.
fn list(all: &[Ended<Said>]) -> String {
    let one = |ended: &Ended<Said>| {
        let mut value = match &ended.end {
            End::Done(said) => match serde_json::from_str(&said.json).expect("we wrote it") {
                Value::Object(said) => Value::Object(said),
                said => json!({ "said": said }),
            },
            End::Refused(why) => json!({ "verdict": "refused", "why": why }),
            End::Failed(why) => json!({ "verdict": "failed", "why": why }),
        };
        value["file"] = json!(ended.file);
        if let Some(place) = &ended.place {
            value["folder"] = json!(place);
        }
        value
    };
    let list: Value = all.iter().map(one).collect();
    let text = serde_json::to_string_pretty(&list).expect("keys are strings and numbers are finite");
    format!("{text}\n")
}
