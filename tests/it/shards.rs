//! Shares played apart and merged say what one run of everything says, byte by byte.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::cli::rebalance_sim;

const JOIN: &str = "scenarios/ownership/two_owners_after_a_join.toml";

/// Commands whose runs are dealt; whether they write a report.
const COMMANDS: &[(&str, bool)] = &[
    ("run FILE --seeds 5..12", true),
    ("run FILE --seeds 2 --set groups.0.count=2 --format json", true),
    ("compare FILE --seeds 3 --strategy AVG,AVG_BY_CIRCLE", true),
    ("vary FILE --seeds 2 --over groups.0.heartbeatBrokerInterval=5s,30s --figure duplicates", true),
    ("fuzz --seeds 40..43", false),
];

fn words<'a>(command: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let words = command.split(' ').map(|word| if word == "FILE" { JOIN } else { word });
    words.chain(more.iter().copied()).collect()
}

/// Every file of a report with its bytes.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).expect("it was written").map(|entry| entry.expect("it is there").path());
    entries.map(|file| (file.file_name().unwrap().to_string_lossy().into_owned(), fs::read(file).unwrap())).collect()
}

#[test]
fn merged_parts_are_the_run_in_one_piece() {
    let place = tempfile::tempdir().unwrap();
    let path = |name: String| place.path().join(name).to_str().unwrap().to_owned();
    for (number, (command, writes)) in COMMANDS.iter().enumerate() {
        let whole = path(format!("{number}-whole"));
        let out: &[&str] = if *writes { &["--out", &whole] } else { &[] };
        let (code, said, _) = rebalance_sim(&words(command, out));
        for count in [2, 5] {
            let part = |share| path(format!("{number}-{share}-of-{count}"));
            for share in 1..=count {
                let (own, folder) = (format!("{share}/{count}"), part(share));
                let (code, text, stderr) = rebalance_sim(&words(command, &["--shard", &own, "--out", &folder]));
                assert_eq!(code, 0, "{stderr}");
                assert!(text.starts_with(&format!("share {own} is played: ")), "{text}");
            }
            let merged = path(format!("{number}-merged-{count}"));
            let out: &[&str] = if *writes { &["--out", &merged] } else { &[] };
            let parts: Vec<String> = (1..=count).rev().map(part).collect();
            let arguments: Vec<&str> =
                ["merge"].into_iter().chain(parts.iter().map(String::as_str)).chain(out.iter().copied()).collect();
            assert_eq!(rebalance_sim(&arguments), (code, said.clone(), String::new()), "{command}");
            if *writes {
                assert!(files(Path::new(&merged)) == files(Path::new(&whole)), "{command} in {count}");
            }
        }
    }
}

#[test]
fn a_share_that_was_killed_goes_on_and_counts_nothing_twice() {
    let place = tempfile::tempdir().unwrap();
    let part = place.path().join("part");
    let command = "run FILE --seeds 6 --shard 2/2";
    let play = || rebalance_sim(&words(command, &["--out", part.to_str().unwrap()]));
    assert_eq!(play().0, 0);
    let results = part.join("results.jsonl");
    let whole = fs::read_to_string(&results).unwrap();
    let cut = whole.find('\n').unwrap() + 40;
    fs::write(&results, &whole[..cut]).unwrap();
    let (code, text, _) = play();
    assert_eq!(code, 0);
    assert!(text.starts_with("share 2/2 is played: 3 runs (1 were there already), in "), "{text}");
    let sorted = |text: &str| text.lines().map(str::to_owned).collect::<std::collections::BTreeSet<_>>();
    assert_eq!(sorted(&fs::read_to_string(&results).unwrap()), sorted(&whole));
    // All of it there: nothing is played.
    let (code, text, _) = play();
    assert_eq!(code, 0);
    assert!(text.contains("3 runs (3 were there already)"), "{text}");
}

#[test]
fn parts_that_do_not_belong_together_are_named() {
    let place = tempfile::tempdir().unwrap();
    let path = |name: &str| place.path().join(name).to_str().unwrap().to_owned();
    let scenario = path("join.toml");
    fs::copy(JOIN, &scenario).unwrap();
    for (name, seeds, shard) in
        [("1", "4", "1/2"), ("2", "4", "2/2"), ("other", "5", "2/2"), ("third", "4", "1/3"), ("short", "4", "2/2")]
    {
        let (code, _, stderr) =
            rebalance_sim(&["run", &scenario, "--jobs", "1", "--seeds", seeds, "--shard", shard, "--out", &path(name)]);
        assert_eq!(code, 0, "{stderr}");
    }
    let results = |name: &str| place.path().join(name).join("results.jsonl");
    fs::write(results("short"), "").unwrap();
    let copy = |name: &str, change: &dyn Fn(String) -> String| {
        fs::create_dir(path(name)).unwrap();
        fs::copy(place.path().join("2/part.json"), place.path().join(name).join("part.json")).unwrap();
        fs::write(results(name), change(fs::read_to_string(results("2")).unwrap())).unwrap();
    };
    copy("twice", &|text| format!("{text}{text}"));
    copy("foreign", &|text| text.replace("\"run\":1,", "\"run\":2,"));
    copy("broken", &|text| text.replace("\"seed\":", "\"sead\":"));
    let empty = path("empty");
    fs::create_dir(&empty).unwrap();
    // Of a folder its parts are taken.
    let all = place.path().join("all");
    for name in ["1", "2"] {
        fs::create_dir_all(all.join(name)).unwrap();
        for file in ["part.json", "results.jsonl"] {
            fs::copy(place.path().join(name).join(file), all.join(name).join(file)).unwrap();
        }
    }
    assert_eq!(rebalance_sim(&["merge", &path("all")]), rebalance_sim(&["merge", &path("2"), &path("1")]));
    let refused: &[(&[&str], &str)] = &[
        (&["1"], "1 of 2 part is missing: 2/2"),
        (&["1", "2", "1"], "is share 1/2, and so is"),
        (&["1", "other"], "is a part of something else: it is of `run"),
        (&["1", "third"], "it is share 1/3, and the others are as 1/2"),
        (&["1", "short"], "has 0 of the 2 runs of share 2/2; start its command again, it goes on"),
        (&["1", "empty"], "is no part of a sweep: "),
        (&["1", "twice"], "results.jsonl`, line 3: run 1 stands here twice"),
        (&["1", "foreign"], "results.jsonl`, line 1: run 2 is none of share 2/2 of 4 runs"),
        (&["1", "broken"], "this is no result of this command: missing field `seed`"),
    ];
    for (parts, sentence) in refused {
        let parts: Vec<String> = parts.iter().map(|name| path(name)).collect();
        let arguments: Vec<&str> = ["merge"].into_iter().chain(parts.iter().map(String::as_str)).collect();
        let (code, stdout, stderr) = rebalance_sim(&arguments);
        assert_eq!((code, stdout.as_str()), (2, ""), "{stderr}");
        assert!(stderr.contains(sentence), "{sentence}: {stderr}");
    }
    // The files of now have to be those that were played.
    let changed = fs::read_to_string(&scenario).unwrap().replace("rate = \"100/s\"", "rate = \"101/s\"");
    fs::write(&scenario, changed).unwrap();
    let (code, _, stderr) = rebalance_sim(&["merge", &path("1"), &path("2")]);
    assert_eq!(code, 2);
    assert!(stderr.contains("the scenario, or its environment, has changed since the parts were played"), "{stderr}");
    let goes_on = rebalance_sim(&["run", &scenario, "--seeds", "4", "--shard", "1/2", "--out", &path("1")]);
    assert_eq!(goes_on.0, 2);
    assert!(goes_on.2.contains("was another one when it was played; name another directory"), "{}", goes_on.2);
}

#[test]
fn what_cannot_be_dealt_is_refused() {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("part").to_str().unwrap().to_owned();
    let taken = place.path().to_str().unwrap();
    fs::write(place.path().join("notes.txt"), "mine").unwrap();
    let table: &[(&str, &str)] = &[
        ("run FILE --shard 1/2 --out OUT", "give --seeds N"),
        ("run FILE FILE --seeds 2 --shard 1/2 --out OUT", "name one"),
        ("run FILE --seeds 2 --shard 3/2 --out OUT", "write I/N, such as `3/8`"),
        ("run FILE --seeds 2 --shard 1/2", "--out"),
        ("run FILE --seeds 2 --shard 1/2 --out TAKEN", "holds other files"),
        ("fuzz --seeds 2 --out OUT", "--shard"),
    ];
    for (command, sentence) in table {
        let arguments: Vec<&str> = words(command, &[])
            .into_iter()
            .map(|word| match word {
                "OUT" => out.as_str(),
                "TAKEN" => taken,
                word => word,
            })
            .collect();
        let (code, stdout, stderr) = rebalance_sim(&arguments);
        assert_eq!((code, stdout.as_str()), (2, ""), "{command}: {stderr}");
        assert!(stderr.contains(sentence), "{command}: {stderr}");
        assert!(!Path::new(&out).exists(), "{command}");
    }
}
