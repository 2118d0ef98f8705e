//! Which scenarios a command line means: files, folders of them, `-` for the one that is piped in; `--only` picks by name.

use std::io;
use std::path::Path;

use regex_lite::Regex;

use super::Failure;

/// The scenarios of a command line: every command takes them in the same words.
#[derive(Debug, clap::Args)]
pub(super) struct Scenarios {
    /// A scenario, `-` for the one that is piped in, or a folder with all in it; several are taken one after the other.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<String>,
    /// Of the files only those whose path this regular expression matches.
    #[arg(long, value_name = "REGEX")]
    pub only: Option<Regex>,
}

impl Scenarios {
    /// The one that is named: a file, and no folder and no choice.
    pub fn alone(&self) -> Option<&str> {
        match &self.files[..] {
            [one] if !is_folder(one) && self.only.is_none() => Some(one),
            _ => None,
        }
    }

    /// Whether a folder is among them, or not all that is named is meant.
    pub fn are_looked_up(&self) -> bool {
        self.only.is_some() || self.files.iter().any(|named| is_folder(named))
    }

    /// All that are meant, in their order.
    ///
    /// # Errors
    /// As of [`chosen`].
    pub fn chosen(&self) -> Result<Vec<String>, Failure> {
        chosen(&self.files, self.only.as_ref())
    }

    /// The folder of each file in a directory that holds what is said of all of them: its path below the folder that was
    /// named, without its ending; of a file that was named itself, its name. The second of one name is `NAME_2`.
    pub fn places(&self, files: &[String]) -> Vec<String> {
        let mut places: Vec<String> = Vec::with_capacity(files.len());
        for file in files {
            let place = place(&self.files, file);
            let numbered = (2..).map(|number| format!("{place}_{number}"));
            let free = std::iter::once(place.clone()).chain(numbered).find(|place| !places.contains(place));
            places.push(free.expect("there is always one more number"));
        }
        places
    }
}

/// Of a file its path below the folder that was named, without what ends it and what no folder may be named.
fn place(named: &[String], file: &str) -> String {
    if file == STDIN {
        return "stdin".to_owned();
    }
    let path = Path::new(file);
    let below = named.iter().filter(|named| is_folder(named)).find_map(|folder| path.strip_prefix(folder).ok());
    let path = below.unwrap_or(Path::new(path.file_name().unwrap_or_default())).with_extension("");
    let parts = path.components().map(|part| part.as_os_str().to_string_lossy().replace(char::is_control, "_"));
    let place = parts.collect::<Vec<_>>().join("/");
    if place.is_empty() { "unnamed".to_owned() } else { place }
}

fn is_folder(named: &str) -> bool {
    named != STDIN && Path::new(named).is_dir()
}

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
        if !is_folder(name) {
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

    #[test]
    fn each_file_has_a_folder_of_its_own() {
        let place = tempfile::tempdir().expect("a temporary directory");
        let root = place.path().to_string_lossy().into_owned();
        std::fs::create_dir_all(place.path().join("b/c")).expect("they can be made");
        let files: Vec<String> =
            ["/z.toml", "/b/a.toml", "/b/c/d.toml", "/b/c/d.v2.toml"].map(|file| format!("{root}{file}")).into();
        let places = |named: &[&str], files: &[String]| {
            let files: Vec<String> = files.to_vec();
            Scenarios { files: named.iter().map(|&named| named.to_owned()).collect(), only: None }.places(&files)
        };
        assert_eq!(places(&[&root], &files), ["z", "b/a", "b/c/d", "b/c/d.v2"]);
        assert_eq!(places(&[&files[0], &format!("{root}/b/")], &files), ["z", "a", "c/d", "c/d.v2"]);
        let others = ["-", "x/d.toml", "../y/d.toml", "d", "e\n.toml", ""].map(str::to_owned);
        assert_eq!(places(&["-"], &others), ["stdin", "d", "d_2", "d_3", "e_", "unnamed"]);
    }
}
