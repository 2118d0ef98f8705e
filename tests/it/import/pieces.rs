//! Where a pasted text is parted.

use rebalance_sim::import::section::{Call, Input, sections};

/// The pieces of a text: the call, how many lines that are not blank, and the first of them.
fn pieces(text: &str) -> Vec<String> {
    let input = Input { name: "in".to_owned(), text: text.to_owned() };
    let said = |call: &Call| {
        let named = [("-g", &call.group), ("-t", &call.topic), ("-b", &call.broker_address), ("-i", &call.client_id)];
        let options = named.iter().filter_map(|(name, value)| Some(format!(" {name} {}", value.as_ref()?)));
        let at = call.at_ms.map(|at| format!(" at {at}")).unwrap_or_default();
        format!("{}{}{at}: ", call.command, options.collect::<String>())
    };
    let sections = sections(0, &input);
    let pieces = sections.iter().map(|section| {
        let lines: Vec<&str> =
            section.lines.iter().map(|(_, line)| line.trim()).filter(|line| !line.is_empty()).collect();
        let first = lines.first().map_or("", |line| line.split("  ").next().expect("there is one"));
        format!("{}{} {first}", section.call.as_ref().map(said).unwrap_or_default(), lines.len())
    });
    pieces.collect()
}

const PROGRESS: &str = "#Topic  #Broker Name  #QID  #Broker Offset  #Consumer Offset  #Diff  #LastTime\n\
    T  broker-a  0  2  2  0  N/A\n\nConsume TPS: 0.00\nDiff Total: 0\n";
const CONNECTIONS: &str = "#ClientId  #ClientAddr  #Language  #Version\n10.0.0.7@1  10.0.0.7:50104  JAVA  V5_3_3\n\n\
    Below is subscription:\n#Topic  #SubExpression\nT  *\n\nConsumeType: CONSUME_PASSIVELY\n";
const ROUTE: &str = "{\n\t\"queueDatas\":[\n\t\t{\"brokerName\":\"br}oker\"}\n\t]\n}\n";
const LOG: &str = "2024-10-16 20:40:50,976 INFO [a] - b\n2024-10-16 20:40:51,976 INFO [a] - {c\n{d\n";

#[test]
fn calls_begin_a_piece_behind_any_prompt() {
    for (line, expected) in [
        ("$ sh bin/mqadmin consumerProgress -n 10.0.0.1:9876 -g g", "consumerProgress -g g"),
        ("[root@host bin]$ ./mqadmin topicStatus -t 'T' -n '10.0.0.1:9876;10.0.0.2:9876'", "topicStatus -t T"),
        ("root@host:/opt/mq/bin# sh mqadmin consumerStatus --consumerGroup=g -i a@1 -s", "consumerStatus -g g -i a@1"),
        (r"C:\rocketmq\bin>mqadmin.cmd clusterList -n 10.0.0.1:9876 -i 10", "clusterList"),
        (r"PS C:\rocketmq> .\bin\mqadmin brokerStatus -b10.0.0.2:10911", "brokerStatus -b 10.0.0.2:10911"),
        ("mqadmin topicroute -t \"%RETRY%g\" | grep broker -g h", "topicRoute -t %RETRY%g"),
        ("sh mqadmin brokerConsumeStats -b 10.0.0.2:10911 -t 3000", "brokerConsumeStats -b 10.0.0.2:10911"),
        ("+ kubectl exec mq-0 -- sh mqadmin topicList", "topicList"),
        ("JAVA_OPT=-Xmx1g ./mqadmin topicList", "topicList"),
    ] {
        let text = format!("{PROGRESS}{line}\n\n{PROGRESS}");
        let first = "#Topic";
        assert_eq!(pieces(&text), [format!("4 {first}"), format!("{expected}: 4 {first}")], "{line}");
    }
    for line in [
        "usage: mqadmin consumerProgress [-c <arg>]",
        "      sh mqadmin updateTopic -t T",
        "- sh mqadmin updateTopic -t T",
        "2024-10-16 20:40:50,976 INFO mqadmin topicList",
        "mqadmin is a tool",
        "$ sh mqadminBroker topicList",
    ] {
        assert_eq!(pieces(&format!("{PROGRESS}{line}\n{line}\n")), ["6 #Topic"], "{line}");
    }
}

#[test]
fn what_was_collected_says_when() {
    let text = format!(
        "# mqadmin consumerProgress -n 10.0.0.1:9876 -g g\n# at 2026-11-28T02:00:00.000Z\n{PROGRESS}\
         # mqadmin consumerProgress -n 10.0.0.1:9876 -g g\n# at 2026-11-28T02:00:10.000Z\n{PROGRESS}"
    );
    let expected = [
        "consumerProgress -g g at 1795831200000: 4 #Topic".to_owned(),
        "consumerProgress -g g at 1795831210000: 4 #Topic".to_owned(),
    ];
    assert_eq!(pieces(&text), expected);
}

#[test]
fn other_commands_end_an_output() {
    let text = format!(
        "[mq@host bin]$ sh mqadmin consumerProgress -g g\n{PROGRESS}[mq@host bin]$ cd ../logs\n[mq@host logs]$ cat x.log\n\
         {LOG}[mq@host logs]$ \n"
    );
    assert_eq!(pieces(&text), ["consumerProgress -g g: 4 #Topic", "3 2024-10-16 20:40:50,976 INFO [a] - b"]);
}

#[test]
fn tables_json_and_logs_part_without_a_prompt() {
    for (text, expected) in [
        (format!("{PROGRESS}{CONNECTIONS}{PROGRESS}"), vec!["4 #Topic", "6 #ClientId", "4 #Topic"]),
        (format!("{PROGRESS}{ROUTE}{CONNECTIONS}"), vec!["4 #Topic", "5 {", "6 #ClientId"]),
        (format!("{ROUTE}{ROUTE}"), vec!["5 {", "5 {"]),
        (format!("{PROGRESS}\n{LOG}"), vec!["4 #Topic", "3 2024-10-16 20:40:50,976 INFO [a] - b"]),
        (format!("{LOG}{PROGRESS}"), vec!["3 2024-10-16 20:40:50,976 INFO [a] - b", "4 #Topic"]),
        // Without a prompt between them a piece that was cut off ends at the next header.
        (format!("{{\"a\":[\n{PROGRESS}"), vec!["1 {\"a\":[", "4 #Topic"]),
        (format!("our route:\n{ROUTE}"), vec!["1 our route:", "5 {"]),
        (
            format!("{PROGRESS}001  10.0.0.7@1  10.0.0.7:50104  JAVA  V3\n002  10.0.0.8@1  10.0.0.8:50104  JAVA  V3\n"),
            vec!["4 #Topic", "2 001"],
        ),
        (format!("{CONNECTIONS}======10.0.0.1:9======\na = b\n"), vec!["6 #ClientId", "2 ======10.0.0.1:9======"]),
    ] {
        assert_eq!(pieces(&text), expected, "{text}");
    }
}

#[test]
fn a_text_of_one_kind_is_one_piece() {
    let manifest = "apiVersion: v1\nspec:\n  command:\n    - sh mqadmin topicList\n---\n{{- if .Values.x }}\nkind: Pod\n\
                    {{- end }}\n";
    let conf = "# a broker\nbrokerName = broker-a\n\n[x]\nbrokerRole=SLAVE\n";
    let one_line = format!("{PROGRESS}\n2024-10-16 20:40:50,976 WARN [a] - b\nT  broker-a  1  2  2  0  N/A\n");
    for text in [LOG, ROUTE, PROGRESS, CONNECTIONS, manifest, conf, one_line.as_str(), "{}", "[]"] {
        assert_eq!(pieces(text).len(), 1, "{text}");
    }
    assert!(pieces("\n \n").is_empty());
}

#[test]
fn the_call_goes_to_what_it_printed() {
    let text = format!("$ mqadmin topicRoute -t T\nSome JVM says something\n{ROUTE}");
    assert_eq!(pieces(&text), ["1 Some JVM says something", "topicRoute -t T: 5 {"]);
    let unbroken = "WARN: Different subscription in the same group of consumer!!!";
    let text = format!("$ mqadmin consumerStatus -g g\n{unbroken}$ mqadmin topicList\nT\n");
    assert_eq!(pieces(&text), [format!("consumerStatus -g g: 1 {unbroken}"), "topicList: 1 T".to_owned()]);
    assert_eq!(pieces("$ mqadmin topicRoute -t T\n$ mqadmin topicList\n"), ["topicRoute -t T: 0 ", "topicList: 0 "]);
}
