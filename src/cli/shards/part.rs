//! A part: the directory in which a share of the runs is kept, line by line as they end.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::super::Failure;
use super::header::{FILE, Header};
use crate::sweep::{Finished, Seeds, Shard, SweepError, over_seeds};

/// The file of results, a line a run.
pub(super) const RESULTS: &str = "results.jsonl";

/// The result of a run.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Line<T> {
    /// Its number among all runs of the command.
    pub run: u64,
    /// What came of it.
    pub result: T,
}

/// A share that is being played.
#[derive(Debug)]
pub(in crate::cli) struct Part {
    folder: PathBuf,
    shard: Shard,
    /// How many runs the share has.
    share: u64,
    /// Those that were kept before this process began.
    before: BTreeSet<u64>,
    /// How many more this process has kept, and where.
    kept: Mutex<(u64, File)>,
}

impl Part {
    /// Begins a part, or goes on with one: what is left of a line that was being written is cut off.
    ///
    /// # Errors
    /// Bad input: the directory has other files, or is a part of something else. A failure of our own: the disk's.
    pub fn open(folder: &Path, header: &Header) -> Result<Self, Failure> {
        let disk = |error: io::Error| Failure::own(format!("`{}` cannot be written: {error}", folder.display()));
        let refuse = |why: String| Err(Failure::bad_input(format!("`{}` {why}", folder.display())));
        fs::create_dir_all(folder).map_err(disk)?;
        match fs::read_to_string(folder.join(FILE)) {
            Ok(text) => match serde_json::from_str::<Header>(&text) {
                Ok(known) if known == *header => {}
                Ok(known) => {
                    let why = known.differs(header).unwrap_or_else(|| "it is another share".to_owned());
                    return refuse(format!("is a part already: {why}; name another directory"));
                }
                Err(error) => return refuse(format!("has a {FILE} that is none: {error}")),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                if fs::read_dir(folder).map_err(disk)?.next().is_some() {
                    return refuse("holds other files; name a directory that is empty, or not there".to_owned());
                }
                let text = serde_json::to_string_pretty(header).expect("keys are texts");
                // It is there whole or not at all, whenever the process ends.
                let begun = folder.join(format!("{FILE}.new"));
                fs::write(&begun, text + "\n").and_then(|()| fs::rename(&begun, folder.join(FILE))).map_err(disk)?;
            }
            Err(error) => return Err(disk(error)),
        }
        let (before, whole) = kept_lines(&folder.join(RESULTS)).map_err(disk)?;
        let mut file =
            OpenOptions::new().create(true).write(true).truncate(false).open(folder.join(RESULTS)).map_err(disk)?;
        file.set_len(whole).map_err(disk)?;
        io::Seek::seek(&mut file, io::SeekFrom::End(0)).map_err(disk)?;
        let shard = header.shard().expect("it is ours");
        let share = shard.of(header.runs).count() as u64;
        Ok(Self { folder: folder.to_owned(), shard, share, before, kept: Mutex::new((0, file)) })
    }

    /// Plays those of the share that are not there yet.
    ///
    /// # Errors
    /// A failure of our own: a run breaks an invariant, or the disk fails.
    pub(super) fn play<T: Serialize + Send>(
        &self,
        (seeds, first): (Seeds, u64),
        jobs: NonZeroUsize,
        stop: &AtomicBool,
        play: impl Fn(u64) -> Option<T> + Sync,
        progress: impl Fn() + Sync,
    ) -> Result<Finished<T>, Failure> {
        let own = (0..seeds.count()).filter(|number| self.shard.has(first + number));
        let left: Vec<u64> = own.filter(|number| !self.before.contains(&(first + number))).collect();
        let Some(all) = Seeds::count_of(left.len() as u64) else {
            return Ok(Finished { results: Vec::new(), complete: true });
        };
        let failed: Mutex<Option<io::Error>> = Mutex::new(None);
        let one = |at: u64| {
            let number = left[at as usize];
            let result = play(seeds.first() + number)?;
            match self.keep(&Line { run: first + number, result: &result }) {
                Ok(()) => Some(result),
                Err(error) => {
                    failed.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
                    None
                }
            }
        };
        let finished =
            over_seeds(all, jobs, stop, one, progress).map_err(|SweepError::Panicked { seed, message }| {
                Failure::own(SweepError::Panicked { seed: seeds.first() + left[seed as usize], message })
            })?;
        match failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
            None => Ok(finished),
            Some(error) => Err(Failure::own(format!("`{}` cannot be written: {error}", self.folder.display()))),
        }
    }

    /// Writes a line in one piece: a process that is killed leaves at most one that is cut short.
    fn keep<T: Serialize>(&self, line: &Line<T>) -> io::Result<()> {
        let mut text = serde_json::to_string(line)?;
        text.push('\n');
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.1.write_all(text.as_bytes())?;
        kept.0 += 1;
        Ok(())
    }

    /// How many runs are kept, how many the share has, and how many of these were kept before.
    pub(super) fn counts(&self) -> (u64, u64, u64) {
        let now = self.kept.lock().unwrap_or_else(PoisonError::into_inner).0;
        (self.before.len() as u64 + now, self.share, self.before.len() as u64)
    }

    pub(super) fn shard(&self) -> Shard {
        self.shard
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }
}

/// Which runs a file has in whole lines, and how many bytes these take.
fn kept_lines(path: &Path) -> io::Result<(BTreeSet<u64>, u64)> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(<_>::default()),
        Err(error) => return Err(error),
    };
    let (mut runs, mut whole) = (BTreeSet::new(), 0);
    for line in text.split_inclusive('\n') {
        let Ok(Line { run, .. }) = serde_json::from_str::<Line<serde::de::IgnoredAny>>(line) else { break };
        if !line.ends_with('\n') {
            break;
        }
        runs.insert(run);
        whole += line.len() as u64;
    }
    Ok((runs, whole))
}
