//! `offsets FILE` prints what RocketMQ wrote, and says where a broken file is broken.

use std::fs;

use clap::Parser;
use rebalance_sim::cli::offsets::{Arguments, run};

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    args: Arguments,
}

/// Runs the command over a file with this text; the output, or the sentence without the folder's name.
fn offsets(text: &str, format: &str) -> Result<String, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("offsets.json");
    fs::write(&path, text).unwrap();
    let line = Line::try_parse_from(["offsets", path.to_str().unwrap(), "--format", format]).unwrap();
    let mut out = Vec::new();
    let done = run(&line.args, &mut out);
    let folder = format!("{}/", folder.path().display());
    done.map(|code| assert_eq!(code, 0)).map_err(|error| error.to_string().replace(&folder, ""))?;
    Ok(String::from_utf8(out).unwrap())
}

const CLIENT: &str = "{\"offsetTable\":{{\"brokerName\":\"b\",\"queueId\":10,\"topic\":\"T\"}:5,{\"brokerName\":\"b\",\"queueId\":9}:-1}}";
const BROKER: &str = "{\"offsetTable\":{\"T@g\":{1:60,0:5},\"%RETRY%g@g\":{0:0}}}";

#[test]
fn both_kinds_of_files_in_all_formats() {
    let table = [
        (
            CLIENT,
            "text",
            "topic  broker  queueId  offset\n       b             9      -1\nT      b            10       5\n",
        ),
        (CLIENT, "csv", "topic,broker,queueId,offset\n,b,9,-1\nT,b,10,5\n"),
        (BROKER, "csv", "topic,group,queueId,offset\n%RETRY%g,g,0,0\nT,g,0,5\nT,g,1,60\n"),
        ("", "csv", "topic,broker,queueId,offset\n"),
        ("{\"offsetTable\":{}}", "json", "[]\n"),
    ];
    for (text, format, expected) in table {
        assert_eq!(offsets(text, format).as_deref(), Ok(expected), "{text}");
    }
    let json: serde_json::Value = serde_json::from_str(&offsets(CLIENT, "json").unwrap()).unwrap();
    assert_eq!(json[0]["topic"], serde_json::Value::Null);
    assert_eq!((&json[1]["queueId"], &json[1]["offset"]), (&10.into(), &5.into()));
}

#[test]
fn a_broken_file_gets_one_sentence() {
    let table = [
        (&CLIENT[..40], "offsets.json, line 1, column 35: expected a text that ends with its quote, found `\"queue`"),
        (
            &CLIENT[..29],
            "offsets.json, line 1, column 30: expected \":\" after the name of the field, found the end of the file",
        ),
        (
            "{\n \"offsetTable\":{\"T@g\":{0:x}}}",
            "offsets.json, line 2, column 26: expected a 64-bit number, found `x}}}`",
        ),
        ("not json", "offsets.json, line 1, column 1: expected an object, found `not json`"),
        ("{\"offsetTable\":{}} {}", "offsets.json, line 1, column 20: expected the end of the file, found `{}`"),
    ];
    for (text, expected) in table {
        assert_eq!(offsets(text, "text").unwrap_err(), expected, "{text}");
    }
    let line = Line::try_parse_from(["offsets", "/nowhere/offsets.json"]).unwrap();
    let error = run(&line.args, &mut Vec::new()).unwrap_err().to_string();
    assert!(error.starts_with("/nowhere/offsets.json cannot be read: "), "{error}");
}
