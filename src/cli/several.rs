//! Several scenarios: each is played as it would be alone, one after the other. What becomes of one does not keep the others
//! from being played, and of one that is not played to its end nothing is left on the disk.

use std::sync::atomic::{AtomicBool, Ordering};

use super::files::Scenarios;
use super::{Answer, Failure, Verdict};
use crate::report::{Folder, OutputDirectory};

/// How it ended with one scenario.
#[derive(Debug)]
pub(super) enum End<T> {
    /// It was played.
    Done(T),
    /// It is no scenario, or one that is not played; the whole sentence.
    Refused(String),
    /// The simulator or the disk failed; the whole sentence.
    Failed(String),
}

/// One scenario, and how it ended.
#[derive(Debug)]
pub(super) struct Ended<T> {
    pub file: String,
    /// Where its files are in the directory of `--out`.
    pub place: Option<String>,
    pub end: End<T>,
}

/// What is to be played: the files, and the directory that has a folder for each.
pub(super) struct Several<'a> {
    pub scenarios: &'a Scenarios,
    pub files: &'a [String],
    pub out: Option<&'a OutputDirectory>,
    pub stop: &'a AtomicBool,
}

impl Several<'_> {
    /// Plays one after the other until `stop` is set; `one` answers `None` where it was interrupted before there was
    /// anything, and `told` hears of each as soon as it has ended.
    ///
    /// # Errors
    /// What `told` says.
    pub fn play<T>(
        &self,
        mut one: impl FnMut(&str, Option<&Folder<'_>>) -> Result<Option<T>, Failure>,
        mut told: impl FnMut(&Ended<T>) -> Result<(), Failure>,
    ) -> Result<Vec<Ended<T>>, Failure> {
        let mut all = Vec::new();
        for (file, place) in self.files.iter().zip(self.scenarios.places(self.files)) {
            let folder = self.out.map(|out| out.folder(&place));
            let answer = one(file, folder.as_ref());
            if let Some(folder) = folder.as_ref().filter(|_| !matches!(answer, Ok(Some(_)))) {
                folder.take_back().map_err(Failure::own)?;
            }
            let end = match answer {
                Ok(Some(done)) => End::Done(done),
                Ok(None) => break,
                Err(_) if self.stop.load(Ordering::Relaxed) => break,
                Err(Failure::BadInput(why)) => End::Refused(why),
                Err(Failure::Own(why)) => End::Failed(why),
            };
            let place = folder.map(|_| place).filter(|_| matches!(end, End::Done(_)));
            let ended = Ended { file: file.clone(), place, end };
            told(&ended)?;
            all.push(ended);
        }
        Ok(all)
    }
}

/// The answer of all together, which is the worst of them: a failure of our own, bad input, a violation. Why those that have
/// no verdict have none is said. `verdict` is `None` of one that was not played as far as was asked.
pub(super) fn worst<T>(all: &[Ended<T>], asked: usize, verdict: impl Fn(&T) -> Option<Verdict>) -> Answer {
    let (mut failed, mut refused, mut verdicts) = (Vec::new(), Vec::new(), Vec::new());
    for ended in all {
        match &ended.end {
            End::Done(done) => verdicts.push(verdict(done)),
            End::Refused(why) => refused.push(why.as_str()),
            End::Failed(why) => failed.push(why.as_str()),
        }
    }
    match () {
        () if !failed.is_empty() => Err(Failure::own([failed, refused].concat().join("\n"))),
        () if !refused.is_empty() => Err(Failure::bad_input(refused.join("\n"))),
        () if verdicts.contains(&Some(Verdict::Violated)) => Ok(Verdict::Violated),
        () if all.len() < asked || verdicts.contains(&None) => Err(Failure::own(format!(
            "interrupted after {} of {asked} scenarios; the others were not played",
            all.len()
        ))),
        () => Ok(Verdict::Held),
    }
}
