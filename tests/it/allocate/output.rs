//! What is printed, and what `--out` holds.

use super::piped;

#[test]
fn the_directory_holds_what_was_printed_and_more() {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("out");
    let file = |name: &str| std::fs::read(out.join(name)).unwrap();
    let text = |name: &str| String::from_utf8(file(name)).unwrap();
    let asked = format!("--topic A --topic B --brokers b --queues 5 --count 3 --add 1 --out {}", out.display());
    for (format, name) in [("json", "summary.json"), ("csv", "queues.csv")] {
        let (code, stdout, _) = piped(&format!("{asked} --format {format}"), "");
        assert_eq!((code, stdout), (0, text(name)), "a second report replaces the first");
    }
    assert_eq!(
        text("members.csv").lines().take(4).collect::<Vec<_>>(),
        ["strategy,client_id,topic,queues", "AVG,10.0.0.1@1,,4", "AVG,10.0.0.1@1,A,2", "AVG,10.0.0.1@1,B,2"]
    );
    assert_eq!(
        text("comparison.csv").lines().nth(1),
        Some("AVG,10,4,4,2,2,0,0,0,4,2"),
        "queues, members, most, fewest, difference, idle, unowned, double, moved, least"
    );
    assert!(file("allocation.png").starts_with(b"\x89PNG"));
    let svg = text("allocation.svg");
    assert!(["A/b", "B/b", "10.0.0.4@1", "4 moved, least possible 2"].iter().all(|word| svg.contains(word)), "{svg}");
    let (_, compared, _) = piped(&format!("{asked} --compare AVG,STICKY --format csv"), "");
    assert_eq!(compared, text("comparison.csv"));
    assert_eq!(text("queues.csv").lines().count(), 1 + 2 * 10);
}

#[test]
fn the_text_says_what_matters_first() {
    let (code, text, _) =
        piped("--topic A --brokers broker-a,broker-b --queues 4 --count 3 --add 1 --strategy AVG", "");
    assert_eq!(code, 0);
    let expected = "\
AVG: 8 queues of 1 topic on 2 brokers, 3 members
then 4 members: comes 10.0.0.4@1
5 of 8 queues move; least possible for an even allocation: 2
every queue has exactly one owner

  balance       queues  most  fewest  max-min  idle members  unowned  double-owned
  total before       8     3       2        1             0        0             0
  total after        8     2       2        0             0        0             0

  member      before  after
  10.0.0.1@1       3      2
  10.0.0.2@1       3      2
  10.0.0.3@1       2      2
  10.0.0.4@1       -      2

  moves             from        to
  A/broker-a/2      10.0.0.1@1  10.0.0.2@1
  A/broker-b/0..1   10.0.0.2@1  10.0.0.3@1
  A/broker-b/2..3   10.0.0.3@1  10.0.0.4@1
";
    let words =
        |text: &str| text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>();
    assert_eq!(words(&text), words(expected), "{text}");
}
