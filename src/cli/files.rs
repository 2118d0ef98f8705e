//! Which scenarios a command line means: files, folders of them, `-` for the one that is piped in; `--only` picks by name.

use std::io;
use std::path::Path;

use regex_lite::Regex;

use super::Failure;

/// What is written for the scenario that is piped in.
pub(super) const STDIN: &str = "-";

/// The files that are meant, in the order they are named; those of a folder by name, its folders too, and without what is
/// kept there beside scenarios: `environments`, and what begins with a dot.
///
/// # Errors
/// Bad input: a folder that cannot be listed or holds none, or `only` leaves none.
pub(super) fn chosen(named: &[String], only: Option<&Regex>) -> Result<Vec<String>, Failure> {
    if named.iter().filter(|name| *name == STDIN).count() > 1 {
        return Err(Failure::bad_input("`-` is there twice, and what is piped in can be read once"));
    }
    let mut files = Vec::new();
    for name in named {
        let path = Path::new(name);
        if name == STDIN || !path.is_dir() {
            files.push(name.clone());
            continue;
        }
        let before = files.len();
        walk(path, &mut files)
            .map_err(|error| Failure::bad_input(format!("cannot list `{}`: {error}", path.display())))?;
        if files.len() == before {
            let why = format!("`{}` holds no scenario, which is a file that ends with .toml", path.display());
            return Err(Failure::bad_input(why));
        }
    }
    let all = files.len();
    let mut once = Vec::with_capacity(all);
    for file in files {
        // What is not there is said and not left out.
        if only.is_none_or(|only| only.is_match(&file) || !is_there(&file)) && !once.contains(&file) {
            once.push(file);
        }
    }
    match (only, once.is_empty()) {
        (Some(only), true) => Err(Failure::bad_input(format!("--only `{only}` matches none of the {all} files"))),
        _ => Ok(once),
    }
}

fn is_there(file: &str) -> bool {
    file == STDIN || Path::new(file).exists()
}

/// Whether what is named is one scenario, and no folder and no choice.
pub(super) fn is_one(named: &[String], only: Option<&Regex>) -> bool {
    matches!(named, [one] if one == STDIN || !Path::new(one).is_dir()) && only.is_none()
}

fn walk(folder: &Path, files: &mut Vec<String>) -> io::Result<()> {
    let mut entries = std::fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let (name, path) = (entry.file_name(), entry.path());
        let name = name.to_string_lossy();
        // A link to a folder may lead back to where it stands.
        let is_folder = entry.file_type()?.is_dir();
        if name.starts_with('.') || (is_folder && name == "environments") {
            continue;
        }
        if is_folder {
            walk(&path, files)?;
        } else if name.ends_with(".toml") && path.is_file() {
            files.push(path.to_string_lossy().into_owned());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_its_scenarios_and_a_file_is_itself() {
        let place = tempfile::tempdir().expect("a temporary directory");
        let root = place.path();
        for folder in ["b", "b/c", "environments", ".git", "none"] {
            std::fs::create_dir(root.join(folder)).expect("it can be made");
        }
        for file in
            ["z.toml", "b/a.toml", "b/c/d.toml", "b/notes.md", "environments/e.toml", ".git/x.toml", ".taplo.toml"]
        {
            std::fs::write(root.join(file), "").expect("it can be written");
        }
        let named = |names: &[&str], only: Option<&str>| {
            let names: Vec<String> = names.iter().map(|name| root.join(name).to_string_lossy().into_owned()).collect();
            let only = only.map(|only| Regex::new(only).expect("well formed"));
            let short = |file: String| file.trim_start_matches(&*root.to_string_lossy()).to_owned();
            match chosen(&names, only.as_ref()) {
                Ok(files) => files.into_iter().map(short).collect::<Vec<_>>().join(" "),
                Err(Failure::BadInput(why) | Failure::Own(why)) => why,
            }
        };
        let table: [(&[&str], Option<&str>, &str); 9] = [
            (&[""], None, "/b/a.toml /b/c/d.toml /z.toml"),
            (&["z.toml", "b"], None, "/z.toml /b/a.toml /b/c/d.toml"),
            (&["b", "b/a.toml"], None, "/b/a.toml /b/c/d.toml"),
            (&[""], Some("/(a|z)\\.toml$"), "/b/a.toml /z.toml"),
            (&["not_there.toml"], None, "/not_there.toml"),
            (&["b/notes.md"], None, "/b/notes.md"),
            (&["none"], None, "holds no scenario"),
            (&["b", "not_there.toml"], Some("/q[.]toml$"), "/not_there.toml"),
            (&[""], Some("/q[.]toml$"), "matches none of the 3 files"),
        ];
        for (names, only, expected) in table {
            let found = named(names, only);
            assert!(found == expected || found.contains(expected) && !expected.starts_with('/'), "{names:?}: {found}");
        }
        assert!(chosen(&["-".to_owned(), "-".to_owned()], None).is_err());
    }
}
