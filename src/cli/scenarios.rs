//! `list scenarios`: the scenarios of a folder, with what each asks.

use std::io;
use std::path::{Path, PathBuf};

use super::bounded::{self, Sort};
use super::list::{Format, nothing_holds};
use super::{Answer, Failure, Verdict, terminal};
use crate::report::catalogue::{json, markdown, text};
use crate::scenario::catalogue::{Entry, sort};

/// Lists the scenarios of a folder that have all of the words of a search; what is no scenario is named behind the others.
pub(super) fn list(dir: &Path, search: &str, format: Format) -> Answer {
    let (mut entries, refused) = read(dir)?;
    sort(&mut entries);
    entries.retain(|entry| entry.matches(search));
    if entries.is_empty() {
        nothing_holds(search);
    }
    terminal::print(&match format {
        Format::Text => text(&entries),
        Format::Json => json(&entries),
        Format::Markdown => markdown(&entries),
    })?;
    if refused.is_empty() { Ok(Verdict::Held) } else { Err(Failure::bad_input(refused.join("\n"))) }
}

/// The scenarios of a folder and of its folders, and why others are none.
fn read(root: &Path) -> Result<(Vec<Entry>, Vec<String>), Failure> {
    let shown = root.display();
    let own = listed(root).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Failure::bad_input(format!(
            "there is no folder `{shown}` here; ask in a checkout of the program's sources, or say with --dir where \
             scenarios are"
        )),
        _ => Failure::bad_input(format!("cannot list `{shown}`: {error}")),
    })?;
    let (mut entries, mut refused) = (Vec::new(), Vec::new());
    let mut take = |folder: &str, path: &Path| {
        let name = path.to_string_lossy();
        let entry = bounded::text(path, Sort::Scenario)
            .map_err(|error| format!("cannot read `{name}`: {error}"))
            .and_then(|text| Entry::read(folder, &name, &text).map_err(|error| error.to_string()));
        match entry {
            Ok(entry) => entries.push(entry),
            Err(why) => refused.push(why),
        }
    };
    for path in own {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() && name != "environments" {
            // A folder that may not be read is passed over as one that holds nothing.
            listed(&path).unwrap_or_default().iter().filter(|path| is_toml(path)).for_each(|path| take(&name, path));
        } else if is_toml(&path) {
            take("", &path);
        }
    }
    if entries.is_empty() && refused.is_empty() {
        return Err(Failure::bad_input(format!("`{shown}` holds no scenario, which is a file that ends with .toml")));
    }
    Ok((entries, refused))
}

/// What is in a folder, by name.
fn listed(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    paths.sort();
    Ok(paths)
}

fn is_toml(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "toml") && path.is_file()
}
