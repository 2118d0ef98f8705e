//! `list` and `explain-word` from outside.

use rebalance_sim::check::{Cause, Trap, known_figures};
use rebalance_sim::lint::LINTS;
use rebalance_sim::scenario::ACTIONS;
use rebalance_sim::words::KINDS;

use crate::cli::rebalance_sim;

#[test]
fn list_alone_lists_the_kinds_and_each_kind_its_words() {
    let (code, kinds, stderr) = rebalance_sim(&["list"]);
    assert_eq!((code, stderr.as_str()), (0, ""));
    assert!(kinds.starts_with("scenarios "), "{kinds}");
    for kind in KINDS {
        assert!(kinds.lines().any(|line| line.starts_with(kind.word)), "{} is not listed", kind.word);
        let (code, stdout, stderr) = rebalance_sim(&["list", kind.word]);
        assert_eq!((code, stderr.as_str()), (0, ""), "{}", kind.word);
        assert_eq!(stdout.lines().count(), (kind.entries)().len(), "{}", kind.word);
    }
}

#[test]
fn each_list_is_as_long_as_the_table_of_the_code() {
    let words = |kind: &str| rebalance_sim(&["list", kind]).1.lines().count();
    assert_eq!(words("figures"), known_figures().count());
    assert_eq!(words("causes"), Cause::ALL.len());
    assert_eq!(words("traps"), Trap::ALL.len());
    assert_eq!(words("actions"), ACTIONS.len());
    assert_eq!(words("lints"), LINTS.len());
}

#[test]
fn a_list_can_be_searched_and_read_by_programs() {
    let (_, found, _) = rebalance_sim(&["list", "settings", "--search", "persistConsumerOffset"]);
    assert!(found.lines().count() < 10 && found.contains("persistConsumerOffsetInterval"), "{found}");
    let (_, json, _) = rebalance_sim(&["list", "figures", "--search", "unowned.max", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json).expect("it is JSON");
    assert_eq!((json[0]["word"].as_str(), json[0]["unit"].as_str()), (Some("unowned.max"), Some("seconds")));
    assert!(json[0]["explanation"]["advice"].is_string(), "{json}");
    let (_, table, _) = rebalance_sim(&["list", "settings", "--format", "markdown"]);
    let columns = |line: &str| line.replace("\\|", "").matches('|').count();
    assert!(
        table.starts_with("| setting | where | bare number | default | allowed | source | what |\n|---|"),
        "{table}"
    );
    assert!(table.lines().all(|line| columns(line) == 8), "{table}");
    assert!(table.contains("| `pullBatchSize` |"), "{table}");
}

#[test]
fn a_word_is_explained_as_far_as_its_table_goes() {
    let (code, stdout, stderr) = rebalance_sim(&["explain-word", "Persist-consumer_offset interval"]);
    assert_eq!((code, stderr.as_str()), (0, ""));
    assert_eq!(
        stdout,
        "\
persistConsumerOffsetInterval (setting)
  How often a client commits the offsets of its queues; what is above them comes again after a
  crash.

  where        a group, a consumer, a release
  bare number  ms
  default      5s
  allowed      1ms or more
  source       ClientConfig.persistConsumerOffsetInterval
"
    );
    let (_, trap, _) = rebalance_sim(&["explain-word", "e13"]);
    for part in [
        "E13 (trap)\n",
        "\nHow it comes about\n",
        "\nHow one sees it on a live cluster\n",
        "\nWhat to do\n",
        "rebalance-sim list scenarios --search E13\n",
    ] {
        assert!(trap.contains(part), "no `{part}` in\n{trap}");
    }
    assert!(trap.lines().all(|line| line.chars().count() <= 100), "{trap}");
    // A word of two kinds is explained twice.
    let (_, both, _) = rebalance_sim(&["explain-word", "duplicates"]);
    assert!(both.contains("duplicates (figure)\n") && both.contains("\nduplicates (kind of anomaly)\n"), "{both}");
}

#[test]
fn a_word_is_searched_in_all_kinds_and_an_empty_list_says_so() {
    let (code, found, _) = rebalance_sim(&["list", "--search", "silent"]);
    assert_eq!(code, 0);
    for word in ["power_off (action)", "cut (action)", "E6 (trap)", "waiting_for_expiry (cause)"] {
        assert!(found.lines().any(|line| line.starts_with(word)), "no `{word}` in\n{found}");
    }
    for arguments in [&["list", "--search", "xyzzyx"][..], &["list", "actions", "--search", "xyzzyx"]] {
        let (code, stdout, stderr) = rebalance_sim(arguments);
        assert_eq!((code, stdout.as_str()), (0, ""), "{arguments:?}");
        assert!(stderr.starts_with("note: none of them holds `xyzzyx`; "), "{stderr}");
    }
}

#[test]
fn what_there_is_not_is_answered_with_what_is_near() {
    let table: [(&[&str], &str); 5] = [
        (&["list", "figurs"], "there is no kind of words `figurs`; did you mean `figures`?"),
        (&["list", "xyzzyx"], "`rebalance-sim list` has the kinds"),
        (&["explain-word"], "WORD"),
        (&["explain-word", "stalled.maxx"], "`stalled.maxx` is no word of this program; near it are `stalled.max`"),
        (&["explain-word", "E99"], "`E99` is no word of this program; near it are `E9"),
    ];
    for (arguments, sentence) in table {
        let (code, stdout, stderr) = rebalance_sim(arguments);
        assert_eq!((code, stdout.as_str()), (2, ""), "{arguments:?}: {stderr}");
        assert!(stderr.starts_with("error: ") && stderr.contains(sentence), "{arguments:?}: {stderr}");
    }
}
