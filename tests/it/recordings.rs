//! The recordings of a real cluster under `tests/fixtures/recordings`: read, and measured as their recorder did.
//!
//! They are the fifteen public stories, every recording of each, without the lines that no measure reads (`committed`
//! and `done`); `measures.jsonl` holds what the recorder's own program measured.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use rebalance_sim::trace::{Measures, Trace, measure, read};

/// Where the public recordings are.
fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/recordings")
}

/// Names of all public recordings, sorted.
pub fn names() -> Vec<String> {
    names_in(&directory())
}

fn names_in(directory: &Path) -> Vec<String> {
    let files = fs::read_dir(directory).expect("the recordings are there");
    let name = |file: std::io::Result<fs::DirEntry>| file.expect("it is readable").file_name().into_string();
    let names = files.map(|file| name(file).expect("a plain name"));
    let mut names: Vec<String> = names.filter_map(|name| name.strip_suffix(".jsonl.gz").map(str::to_owned)).collect();
    names.sort();
    names
}

/// One public recording by the name of its file without extension.
pub fn public(name: &str) -> Trace {
    read(name, name, &text(&directory(), name)).unwrap_or_else(|error| panic!("{error}"))
}

/// One of our own, made with the same recorder on the same kind of machine.
pub fn own(name: &str) -> Trace {
    let directory = directory().with_file_name("own_recordings");
    read(name, name, &text(&directory, name)).unwrap_or_else(|error| panic!("{error}"))
}

/// Those of stories that the model was not made with; the recorder took them when it was done.
pub fn further() -> Vec<Trace> {
    let directory = directory().with_file_name("further_recordings");
    let read = |name: &String| read(name, name, &text(&directory, name)).unwrap_or_else(|error| panic!("{error}"));
    names_in(&directory).iter().map(read).collect()
}

/// Those of other kinds of consumers and clusters than the public ones: one or two of each story, made on a busy machine.
pub fn of_families() -> Vec<Trace> {
    let directory = directory().join("families");
    let read = |name: &String| read(name, name, &text(&directory, name)).unwrap_or_else(|error| panic!("{error}"));
    names_in(&directory).iter().map(read).collect()
}

fn text(directory: &Path, name: &str) -> String {
    let path = directory.join(format!("{name}.jsonl.gz"));
    let mut text = String::new();
    let file = fs::File::open(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    GzDecoder::new(file).read_to_string(&mut text).expect("a recording is text");
    text
}

/// What the recorder measured, by file, in the order of its list.
fn recorded() -> Vec<(String, Measures)> {
    let text = fs::read_to_string(directory().join("measures.jsonl")).expect("the measures are there");
    text.lines()
        .map(|line| {
            let mut value: serde_json::Value = serde_json::from_str(line).expect("a line is JSON");
            let file = value.as_object_mut().expect("a line is an object").remove("file").expect("it names its file");
            (file.as_str().expect("a name").to_owned(), serde_json::from_value(value).expect("a line holds measures"))
        })
        .collect()
}

#[test]
fn every_recording_measures_what_its_recorder_measured() {
    let recorded = recorded();
    assert_eq!(recorded.len(), 58);
    for (file, expected) in recorded {
        let measured = measure(&public(&file));
        for (mine, theirs) in measured.phases.iter().zip(&expected.phases) {
            assert_eq!(mine, theirs, "{file}");
        }
        assert_eq!(measured, expected, "{file}");
    }
}

#[test]
fn broken_recordings_are_refused_with_line_and_reason() {
    let whole = text(&directory(), "join.1");
    let lines: Vec<&str> = whole.lines().collect();
    let with = |number: usize, line: &str| {
        let mut changed = lines.clone();
        changed[number - 1] = line;
        changed.join("\n")
    };
    let header = |from: &str, to: &str| with(1, &lines[0].replace(from, to));
    let table = [
        (String::new(), "f, line 1: the file is empty; a trace begins with its header"),
        (lines[1..].join("\n"), "f, line 1: this is no header of a trace: "),
        (header("\"trace\":1", "\"trace\":7"), "f, line 1: the format's version is 7; only 1 can be read"),
        (header("\"seconds\":70", "\"seconds\":-1"), "f, line 1: `seconds` is -1; allowed is more than 0, up to 86400"),
        (header("\"clustering\"", "\"both\""), "f, line 1: this is no header of a trace: unknown variant `both`"),
        (header("[25,", "[2500,"), "f, line 1: the step `start` at 2500 s lies outside the recording"),
        (header("[0,\"start\",\"c1\"", "[0,\"start\",\"c9\""), ""),
        (
            header("[25,\"start\",\"c3\"", "[25,\"start\",\"c9\""),
            "f, line 1: the step start:c9 of the story never takes effect",
        ),
        (with(5, "{\"t\":1"), "f, line 5: this is no event: EOF while parsing an object"),
        (with(5, "{\"t\":-6000,\"ev\":\"flew\"}"), "f, line 5: this is no event: unknown variant `flew`"),
        (with(9, "{\"t\":-99999,\"ev\":\"topic\",\"topic\":\"T\",\"queues\":4}"), "f, line 9: time goes back from "),
        (
            with(2, "{\"t\":-99999,\"ev\":\"sent\",\"queue\":\"T-0\",\"from\":0,\"to\":1,\"until\":5}"),
            "f, line 2: `T-0` is no queue; a queue is written topic/broker/queueId",
        ),
        (
            with(2, "{\"t\":-99999,\"ev\":\"sent\",\"queue\":\"T/b/0\",\"from\":3,\"to\":1,\"until\":5}"),
            "f, line 2: the run goes from offset 3 to 1",
        ),
        (
            with(2, "{\"t\":-99999,\"ev\":\"members\",\"broker\":\"broker-x\",\"clients\":[]}"),
            "f, line 2: there is no broker `broker-x`; the header names broker-a, broker-b",
        ),
    ];
    for (text, expected) in table {
        let got = read("f", "f", &text).map_or_else(|error| error.to_string(), |_| String::new());
        assert!(
            got.starts_with(expected) && got.is_empty() == expected.is_empty(),
            "expected {expected:?}, got {got:?}"
        );
    }
}
