//! Parts, read: every run of a command once.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::super::Failure;
use super::super::bounded::{self, Sort};
use super::header::{FILE, Header};
use super::part::{Line, RESULTS};
use crate::sweep::Shard;
use crate::wording::counted;

/// All parts of a command together.
#[derive(Debug)]
pub(in crate::cli) struct Merged {
    header: Header,
    /// Of each run what came of it, and which part says so.
    results: BTreeMap<u64, (Box<RawValue>, PathBuf)>,
}

impl Merged {
    /// Reads all parts.
    ///
    /// # Errors
    /// Bad input, with the directory: it is no part, or one of something else; one is there twice, is missing, or not played
    /// to its end.
    pub fn read(folders: &[PathBuf]) -> Result<Self, Failure> {
        let mut parts: BTreeMap<u64, (PathBuf, Header)> = BTreeMap::new();
        let mut count = 0;
        for folder in &each(folders) {
            let refuse = |why: String| Failure::bad_input(format!("`{}` {why}", folder.display()));
            let (header, shard) = header(folder).map_err(&refuse)?;
            if let Some((_, (_, first))) = parts.first_key_value()
                && let Some(why) = header.differs(first)
            {
                return Err(refuse(format!("is a part of something else: {why}")));
            }
            count = shard.count();
            if let Some((other, _)) = parts.insert(shard.number(), (folder.clone(), header)) {
                let other = other.display();
                return Err(refuse(format!("is share {shard}, and so is `{other}`; each is merged once")));
            }
        }
        let missing: Vec<String> = (1..=count)
            .filter(|number| !parts.contains_key(number))
            .map(|number| format!("{number}/{count}"))
            .collect();
        if !missing.is_empty() {
            let more = if missing.len() > 10 { ", ..." } else { "" };
            let shown = missing[..missing.len().min(10)].join(", ");
            let are = if missing.len() == 1 { "part is" } else { "parts are" };
            return Err(Failure::bad_input(format!(
                "{} of {count} {are} missing: {shown}{more}; all are merged at once",
                missing.len()
            )));
        }
        let Some((_, (_, first))) = parts.first_key_value() else {
            return Err(Failure::bad_input("no part is named; name the directories of all shares"));
        };
        let (header, mut results) = (first.clone(), BTreeMap::new());
        for (number, (folder, header)) in &parts {
            let shard = header.shard().expect("it was read");
            debug_assert_eq!(shard.number(), *number);
            read_results(folder, shard, header.runs, &mut results)?;
        }
        Ok(Self { header, results })
    }

    /// What the parts are of.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The command that is merged, word by word.
    pub fn typed(&self) -> &[String] {
        &self.header.typed
    }

    /// What came of a run.
    ///
    /// # Errors
    /// Bad input: it is not what this command keeps of a run.
    pub(super) fn result<T: DeserializeOwned>(&self, run: u64) -> Result<T, Failure> {
        let (result, folder) = self.results.get(&run).expect("every run was read, and the number of runs was compared");
        serde_json::from_str(result.get()).map_err(|error| {
            let file = folder.join(RESULTS);
            Failure::bad_input(format!("`{}`, run {run}: this is no result of this command: {error}", file.display()))
        })
    }
}

/// The parts that are named, and those in the folders that are.
fn each(folders: &[PathBuf]) -> Vec<PathBuf> {
    let mut each = Vec::new();
    for folder in folders {
        let own = folder.join(FILE).exists();
        let inside = std::fs::read_dir(folder).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()));
        let mut inside: Vec<PathBuf> = inside.filter(|inside| !own && inside.join(FILE).exists()).collect();
        inside.sort();
        if inside.is_empty() {
            inside.push(folder.clone());
        }
        each.append(&mut inside);
    }
    each
}

fn header(folder: &Path) -> Result<(Header, Shard), String> {
    let file = folder.join(FILE);
    let text = bounded::text(&file, Sort::Scenario)
        .map_err(|error| format!("is no part of a sweep: `{}` cannot be read: {error}", file.display()))?;
    let read = serde_json::from_str::<Header>(&text).map_err(|error| error.to_string());
    let read = read.and_then(|header| header.shard().map(|shard| (header, shard)));
    read.map_err(|error| format!("is no part of a sweep: `{}`: {error}", file.display()))
}

/// Takes the results of one part.
fn read_results(
    folder: &Path,
    shard: Shard,
    runs: u64,
    results: &mut BTreeMap<u64, (Box<RawValue>, PathBuf)>,
) -> Result<(), Failure> {
    let file = folder.join(RESULTS);
    let refuse = |line: usize, why: String| Failure::bad_input(format!("`{}`, line {line}: {why}", file.display()));
    let text = std::fs::read_to_string(&file).or_else(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Ok(String::new()),
        _ => Err(Failure::bad_input(format!("cannot read `{}`: {error}", file.display()))),
    })?;
    let mut kept = 0;
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        // What was being written when its process was killed.
        if !line.ends_with('\n') {
            break;
        }
        let read = serde_json::from_str::<Line<Box<RawValue>>>(line);
        let Line { run, result } = read.map_err(|error| refuse(number, format!("this is no result: {error}")))?;
        if !shard.has(run) || run >= runs {
            return Err(refuse(number, format!("run {run} is none of share {shard} of {runs} runs")));
        }
        if results.insert(run, (result, folder.to_owned())).is_some() {
            return Err(refuse(number, format!("run {run} stands here twice")));
        }
        kept += 1;
    }
    let share = shard.of(runs).count() as u64;
    if kept < share {
        return Err(Failure::bad_input(format!(
            "`{}` has {kept} of the {} of share {shard}; start its command again, it goes on",
            folder.display(),
            counted(share, "run")
        )));
    }
    Ok(())
}
