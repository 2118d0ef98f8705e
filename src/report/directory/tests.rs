//! What is replaced, what is left alone, and what is refused before anything is run.

use std::path::Path;
use std::{fs, io};

use super::{DirectoryError, OutputDirectory, exchange, marker};

fn listing(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).expect("readable").map(|entry| entry.expect("readable").file_name());
    let mut names: Vec<String> = entries.map(|name| name.to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn place() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary directory")
}

/// A report with a file of this name beside its summary.
fn report(target: &Path, name: &str) {
    let directory = OutputDirectory::open(target).expect("opens");
    directory.write("summary.json", b"{}").expect("writes");
    directory.write(name, b"").expect("writes");
    assert_eq!(directory.publish().expect("publishes"), None);
}

/// What a report holds beside its marker.
fn files(target: &Path) -> Vec<String> {
    listing(target).into_iter().filter(|name| name != marker::NAME).collect()
}

#[test]
fn a_report_appears_whole_or_not_at_all() {
    let place = place();
    let target = place.path().join("new/out");
    let directory = OutputDirectory::open(&target).expect("opens");
    directory.write("summary.json", b"{}").expect("writes");
    assert!(!target.exists());
    drop(directory);
    assert_eq!(listing(&place.path().join("new")), [""; 0]);
    for name in ["lag.csv", "summary.txt", "stalls.csv"] {
        report(&target, name);
        assert!(files(&target).contains(&name.to_owned()) && files(&target).len() == 2, "{:?}", files(&target));
        assert_eq!(listing(&place.path().join("new")), ["out"]);
    }
}

#[test]
fn what_is_not_ours_is_left_alone() {
    let place = place();
    let foreign = place.path().join("foreign");
    fs::create_dir(&foreign).expect("creates");
    for name in ["summary.json", "holiday.png", "costs.csv"] {
        fs::write(foreign.join(name), "{}").expect("writes");
        assert!(matches!(OutputDirectory::open(&foreign), Err(DirectoryError::NotOurs { .. })), "{name}");
    }
    assert_eq!(listing(&foreign), ["costs.csv", "holiday.png", "summary.json"]);
    assert_eq!(listing(place.path()), ["foreign"]);
    let ours = place.path().join("ours");
    report(&ours, "lag.csv");
    fs::write(ours.join("notes.csv"), "mine").expect("writes");
    let refused = OutputDirectory::open(&ours).expect_err("a user's file is there").to_string();
    assert!(refused.contains("holds `notes.csv`"), "{refused}");
}

#[test]
fn a_file_that_comes_during_the_run_stays() {
    let place = place();
    let target = place.path().join("out");
    report(&target, "lag.csv");
    let directory = OutputDirectory::open(&target).expect("opens");
    directory.write("summary.json", b"new").expect("writes");
    fs::write(target.join("notes.csv"), "mine").expect("writes");
    assert!(matches!(directory.publish(), Err(DirectoryError::NotOurs { .. })));
    assert_eq!(files(&target), ["lag.csv", "notes.csv", "summary.json"]);
    // And in the last moment: what the exchange has put aside is put back.
    let aside = place.path().join("aside");
    fs::rename(&target, &aside).expect("moves");
    fs::create_dir(&target).expect("creates");
    marker::clear(&aside, &target).expect("clears");
    assert_eq!((listing(&target), aside.exists()), (vec!["notes.csv".to_owned()], false));
}

#[test]
fn folders_appear_and_go_with_the_report() {
    let place = place();
    let target = place.path().join("out");
    let directory = OutputDirectory::open(&target).expect("opens");
    directory.write("summary.json", b"[]").expect("writes");
    directory.folder("a/b").write("lag.csv", b"").expect("writes");
    let half = directory.folder("c");
    half.write("lag.csv", b"").expect("writes");
    half.take_back().expect("takes back");
    assert!(!target.exists());
    directory.publish().expect("publishes");
    assert_eq!(
        (files(&target), listing(&target.join("a/b"))),
        (vec!["a".into(), "summary.json".into()], vec!["lag.csv".into()])
    );
    // What is in a folder of ours and is not ours keeps it.
    fs::write(target.join("a/notes.csv"), "mine").expect("writes");
    let refused = OutputDirectory::open(&target).expect_err("a user's file is there").to_string();
    assert!(refused.contains("holds `a/notes.csv`"), "{refused}");
    fs::remove_file(target.join("a/notes.csv")).expect("removes");
    fs::create_dir(target.join("mine")).expect("creates");
    assert!(OutputDirectory::open(&target).is_err());
    fs::remove_dir(target.join("mine")).expect("removes");
    report(&target, "lag.csv");
    assert_eq!(files(&target), ["lag.csv", "summary.json"]);
}

#[cfg(unix)]
#[test]
fn a_folder_that_is_a_link_is_not_cleared_through() {
    let place = place();
    let (target, outside) = (place.path().join("out"), place.path().join("outside"));
    fs::create_dir(&outside).expect("creates");
    fs::write(outside.join("lag.csv"), "mine").expect("writes");
    report(&target, "stalls.csv");
    marker::add(&target, "a/lag.csv").expect("adds");
    std::os::unix::fs::symlink(&outside, target.join("a")).expect("links");
    assert!(OutputDirectory::open(&target).is_err());
    marker::clear(&target, &target).ok();
    assert_eq!(fs::read_to_string(outside.join("lag.csv")).expect("still there"), "mine");
}

#[test]
fn a_marker_does_not_lead_out_of_its_directory() {
    let place = place();
    let (target, outside) = (place.path().join("out"), place.path().join("outside"));
    fs::write(&outside, "mine").expect("writes");
    report(&target, "lag.csv");
    marker::add(&target, "../outside").expect("adds");
    report(&target, "lag.csv");
    assert_eq!(fs::read_to_string(outside).expect("still there"), "mine");
}

#[test]
fn what_cannot_be_replaced_is_refused_at_once() {
    let place = place();
    let file = place.path().join("thesis.tex");
    fs::write(&file, "x").expect("writes");
    assert!(matches!(OutputDirectory::open(&file), Err(DirectoryError::NotADirectory(_))));
    assert!(matches!(OutputDirectory::open(&file.join("out")), Err(DirectoryError::Io { .. })));
    for path in ["/", ".", "..", "", "x/..", "x/.", "x/./", "./."] {
        assert!(matches!(OutputDirectory::open(Path::new(path)), Err(DirectoryError::NoName(_))), "{path:?}");
    }
    let long = place.path().join("x".repeat(300));
    assert!(matches!(OutputDirectory::open(&long), Err(DirectoryError::Io { .. })));
    assert_eq!(listing(place.path()), ["thesis.tex"]);
}

#[test]
fn a_stale_report_is_cleared_and_one_that_stood_aside_comes_back() {
    let place = place();
    let target = place.path().join("out");
    report(&target, "lag.csv");
    // Killed between the two steps: the older report stands aside, the new one was never put in place.
    fs::rename(&target, place.path().join(".out.aaaaaa.old")).expect("moves");
    fs::create_dir(place.path().join(".out.aaaaaa.partial")).expect("creates");
    marker::begin(&place.path().join(".out.aaaaaa.partial")).expect("begins");
    // Left by something else, whatever its name says.
    fs::create_dir(place.path().join(".out.1.partial")).expect("creates");
    fs::write(place.path().join(".out.1.partial/mine.txt"), "x").expect("writes");
    drop(OutputDirectory::open(&target).expect("opens"));
    let left: &[&str] = if cfg!(unix) { &[".out.1.partial", "out"] } else { &[] };
    assert!(left.is_empty() || listing(place.path()) == left, "{:?}", listing(place.path()));
    assert!(left.is_empty() || files(&target) == ["lag.csv", "summary.json"]);
}

#[test]
fn two_reports_at_once_do_not_clear_each_other() {
    let place = place();
    let target = place.path().join("out");
    let open = || OutputDirectory::open(&target).expect("opens");
    let (one, other) = (open(), open());
    for (directory, name) in [(&one, "one.csv"), (&other, "other.csv")] {
        directory.write(name, b"").expect("writes");
    }
    assert_eq!(one.publish().expect("publishes"), None);
    assert_eq!(files(&target), ["one.csv"]);
    assert_eq!(other.publish().expect("publishes"), None);
    assert_eq!((files(&target), listing(place.path())), (vec!["other.csv".to_owned()], vec!["out".to_owned()]));
}

#[test]
fn two_steps_do_what_one_does() {
    let place = place();
    let (staging, target) = (place.path().join(".out.aaaaaa.partial"), place.path().join("out"));
    report(&target, "older.csv");
    report(&staging, "newer.csv");
    exchange::in_two_steps(&staging, &target).expect("exchanges");
    assert_eq!((files(&target)[0].as_str(), files(&staging)[0].as_str()), ("newer.csv", "older.csv"));
    fs::remove_dir_all(&staging).expect("removes");
    assert_eq!(exchange::in_two_steps(&staging, &target).expect_err("nothing there").kind(), io::ErrorKind::NotFound);
    assert_eq!(files(&target)[0], "newer.csv", "it is back");
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn links_are_followed_and_dangling_ones_refused() {
        let place = place();
        let (real, link) = (place.path().join("disk/real"), place.path().join("link"));
        fs::create_dir_all(&real).expect("creates");
        symlink(&real, &link).expect("links");
        for name in ["lag.csv", "load.csv"] {
            report(&link, name);
            assert!(link.is_symlink() && files(&real)[0] == name);
        }
        let dangling = place.path().join("dangling");
        symlink(place.path().join("nowhere"), &dangling).expect("links");
        assert!(matches!(OutputDirectory::open(&dangling), Err(DirectoryError::DanglingLink(_))));
        // A listed name that is a link now is no file of ours.
        fs::remove_file(real.join("load.csv")).expect("removes");
        symlink(place.path().join("disk"), real.join("load.csv")).expect("links");
        assert!(matches!(OutputDirectory::open(&link), Err(DirectoryError::NotOurs { .. })));
    }

    #[test]
    fn a_rehearsal_moves_nothing_and_refuses_a_mount_point() {
        let place = place();
        let (full, target) = (place.path().join("full"), place.path().join("out"));
        fs::create_dir(&full).expect("creates");
        fs::write(full.join("x"), "").expect("writes");
        report(&target, "lag.csv");
        exchange::rehearse(&target, &full).expect("it could be moved");
        assert_eq!((listing(&full), files(&target).len()), (vec!["x".to_owned()], 2));
        assert!(exchange::rehearse(&place.path().join("nothing"), &full).is_err());
        let mount = Path::new("/proc");
        if mount.join("self").exists() {
            assert!(exchange::rehearse(mount, &full).is_err());
        }
    }
}
