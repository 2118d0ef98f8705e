//! What an operator has in hand, as texts: files, folders of them, `-` for what is piped in.

use std::io;
use std::path::Path;

use super::bounded::{self, Sort};
use super::files::STDIN;
use super::{Failure, terminal};
use crate::import::section::Input;

/// Files of a folder that are looked at; what has more is no folder of outputs.
const MOST_FILES: usize = 10_000;

/// Reads what is named, in the order in which it is; the files of a folder by name, its folders too. What is no text is
/// refused where it is named, and passed over where it only lies in a folder.
///
/// # Errors
/// Bad input: what is not there, cannot be read, or is no text.
pub(super) fn read(named: &[String]) -> Result<Vec<Input>, Failure> {
    if named.iter().filter(|name| *name == STDIN).count() > 1 {
        return Err(Failure::bad_input("`-` is there twice, and what is piped in can be read once"));
    }
    let mut inputs = Vec::new();
    for name in named {
        let path = Path::new(name);
        if name == STDIN {
            let text = bounded::stdin(Sort::Evidence);
            let text = text.map_err(|error| Failure::bad_input(format!("cannot read what is piped in: {error}")))?;
            inputs.push(Input { name: STDIN.to_owned(), text });
        } else if path.is_dir() {
            let mut files = Vec::new();
            walk(path, &mut files)
                .map_err(|error| Failure::bad_input(format!("cannot list `{}`: {error}", path.display())))?;
            for file in files {
                match text(Path::new(&file)) {
                    Ok(text) => inputs.push(Input { name: file, text }),
                    Err(error) => terminal::note(&format!("`{file}` is passed over: {error}")),
                }
            }
        } else {
            let text = text(path).map_err(|error| Failure::bad_input(format!("cannot read `{name}`: {error}")))?;
            inputs.push(Input { name: name.clone(), text });
        }
    }
    Ok(inputs)
}

/// The text of a file. A letter that is none in UTF-8, as logs have them, is replaced; a file with a zero byte is no text.
fn text(path: &Path) -> io::Result<String> {
    let bytes = bounded::bytes(path, Sort::Evidence)?;
    if bytes.contains(&0) {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "it is no text"));
    }
    Ok(String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
}

fn walk(folder: &Path, files: &mut Vec<String>) -> io::Result<()> {
    let mut entries = std::fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        // A link to a folder may lead back to where it stands.
        let kind = entry.file_type()?;
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        if kind.is_dir() {
            walk(&entry.path(), files)?;
        } else if entry.path().is_file() {
            files.push(entry.path().to_string_lossy().into_owned());
        }
        if files.len() > MOST_FILES {
            return Err(io::Error::other(format!("it has more than {MOST_FILES} files")));
        }
    }
    Ok(())
}
