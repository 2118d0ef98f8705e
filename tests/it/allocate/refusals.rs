//! Bad input: one sentence, exit 2, nothing left behind.

use super::piped;

#[test]
fn bad_input_is_refused_in_one_sentence() {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("out");
    let queues = "--topic A --brokers b --queues 2";
    let table = [
        ("", "there are no queues"),
        ("--topic A --count 1", "--topic needs --brokers"),
        ("--topic A --brokers b --count 1", "topic A has no number of queues"),
        ("--topic A=0 --brokers b --count 1", "--topic A=0: behind the = stands a number"),
        ("--topic A=x --brokers b --count 1", "--topic A=x: "),
        ("--topic A,B --brokers b --queues 1 --count 1", "repeat --topic for several"),
        ("--topic A --topic A --brokers b --queues 1 --count 1", "--topic A is given twice"),
        ("--topic A --brokers b,b --queues 1 --count 1", "--brokers names `b` twice"),
        ("--topic A --brokers b --queues 0 --count 1", "--queues"),
        ("--topic A=1000000 --brokers a,b,c --count 1", "these are 3000000 queues"),
        (queues, "there are no members"),
        ("--topic A --brokers b --queues 2 --count 0", "--count"),
        ("--topic A --brokers b --queues 2 --consumers a,,b", "a client id is empty"),
        ("--topic A --brokers b --queues 2 --consumers a --count 2", "cannot be used with"),
        ("--topic A --brokers b --queues 2 --count 2 --id-pattern c{x}", "`{x}` is unknown"),
        ("--topic A --brokers b --queues 2 --count 2 --id-pattern c --add 1", "has no {n}"),
        ("--topic A --brokers b --queues 2 --consumers a,b --add 1", "(a, b) do not show how further ones look"),
        ("--topic A --brokers b --queues 2 --count 2 --add 0", "from 1 to"),
        ("--topic A --brokers b --queues 2 --count 2 --add x,,y", "a client id is empty"),
        ("--topic A --brokers b --queues 2 --count 2 --remove x", "`x` cannot be removed"),
        ("--topic A --brokers b --queues 2 --consumers a --remove a", "the group has no members"),
        ("--topic A --brokers b --queues 2 --consumers a,b --remove a,a", "`a` cannot be removed"),
        ("--topic A --brokers b --queues 2 --count 2 --replicas 0", "--replicas"),
        ("--topic A --brokers b --queues 2 --count 2 --replicas 3 --add 1", "cannot be used with"),
        (
            "--topic A --brokers b --queues 2 --count 2 --strategy AVERAGE",
            "`AVERAGE` is no strategy; did you mean `AVG`?",
        ),
        ("--topic A --brokers b --queues 2 --count 2 --compare AVG,NO", "`NO` is no strategy"),
        (
            "--topic A --brokers b --queues 2 --count 2 --strategy CONSISTENT_HASH --virtual-nodes -1",
            "illegal virtualNodeCnt :-1",
        ),
        ("--topic A --brokers b --queues 2 --count 2 --strategy BOUNDED_LOAD_HASH --load-bound 99", "100 or more"),
        ("--topic A --brokers b --queues 2 --count 2 --rooms b", "--rooms b: "),
        ("--topic A --brokers b --queues 2 --count 2 --sees x=y", "no member has the client id `x`"),
        ("--topic A --brokers b --queues 2 --consumers a --sees a", "write a client id, =, and a list"),
        ("--topic A --brokers b --queues 2 --consumers a --sees-brokers a=c", "there is no broker `c`; known are b"),
        ("--topic A --brokers b --queues 2 --consumers a --subscribes a=B", "there is no topic `B`; known are A"),
        ("--topic A --brokers b --queues 2 --consumers a --uses a=NO", "`NO` is no strategy"),
        ("--queues-file no/such/file --count 1", "cannot read `no/such/file`"),
        ("--queues-file - --consumers-file -", "stdin can be read once"),
        ("--queues-file - --count 1", "`-`, line 2: `A b` is no queue"),
        ("--scenario no/such.toml", "cannot read `no/such.toml`"),
        ("--scenario scenarios/stalls/consumer_crashes.toml --group x", "has no group `x`; it has g"),
        ("--topic A --brokers b --queues 2 --count 1 --group x", "--scenario"),
        (
            "--topic A --brokers b --queues 99999 --count 100000 --id-pattern c --strategy CONSISTENT_HASH",
            "50000000 is the most",
        ),
    ];
    for (arguments, sentence) in table {
        let (code, stdout, stderr) = piped(&format!("{arguments} --out {}", out.display()), "A/b/0\nA b\n");
        assert_eq!((code, stdout.as_str()), (2, ""), "{arguments}: {stderr}");
        assert!(stderr.starts_with("error: ") && stderr.contains(sentence), "{arguments}: {stderr}");
        assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 0, "{arguments} left something behind");
    }
    let (code, _, stderr) = piped("--queues-file - --count 1", "A b 0\nA/b/0\n");
    assert_eq!((code, stderr.as_str()), (2, "error: the queue A/b/0 is named twice; name each queue once\n"));
    let (code, _, stderr) = piped(&format!("{queues} --count 1 --out Cargo.toml"), "");
    assert_eq!(code, 2, "{stderr}");
}
