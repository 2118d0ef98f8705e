//! What `mqadmin` prints, of every command and in the shape of every version, and the facts that are read of it.
//!
//! `UPDATE_IMPORTED=1 cargo test --test it import::tables` writes the facts below the texts of `formats` anew.

use std::fs;
use std::path::{Path, PathBuf};

use super::said;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/import/formats");

/// What begins a text, with its title, and what begins the facts.
const TEXT: &str = ">>> ";
const FACTS: &str = "<<<";

/// The texts of a file with their titles, each with the facts below it.
fn cases(file: &str) -> Vec<(&str, &str, &str)> {
    let cases = file.split(TEXT).skip(1).map(|case| {
        let (title, rest) = case.split_once('\n').expect("a title is a line");
        let (text, facts) = rest.split_once(FACTS).expect("the facts are below the text");
        (title, text, facts.trim_start_matches('\n'))
    });
    cases.collect()
}

#[test]
fn each_table_of_each_version_is_read() {
    let mut files: Vec<PathBuf> = fs::read_dir(Path::new(FOLDER))
        .expect("the folder is there")
        .map(|entry| entry.expect("it can be listed").path())
        .collect();
    files.sort();
    assert!(files.len() > 10, "{} files", files.len());
    for path in files {
        let file = fs::read_to_string(&path).expect("formats are text");
        let mut anew = String::new();
        for (title, text, facts) in cases(&file) {
            let now = said(text);
            anew += &format!("{TEXT}{title}\n{text}{FACTS}\n{now}\n");
            if std::env::var_os("UPDATE_IMPORTED").is_none() {
                assert_eq!(now.trim_end(), facts.trim_end(), "{}: {title}", path.display());
            }
        }
        if std::env::var_os("UPDATE_IMPORTED").is_some() {
            fs::write(&path, anew.trim_end().to_owned() + "\n").expect("it can be written");
        }
    }
}
