//! Each format says all findings, and nothing that stands in an input acts on who reads it.

use super::{Diagnosis, html, json, junit, markdown, text};
use crate::doctor::{Asked, diagnose};
use crate::import::{Input, read};
use crate::report::text::Paint;

/// A line that is told where it stands often enough, so often, and one that is cut short.
const LOG: &str = "2024-01-01 00:00:00,000 W - [BUG] ConsumerGroup: g<b> The consumerId: c@1 not in cidAll: [d@1]\n\
    2024-01-01 00:00:01,000 W - [BUG] ConsumerGroup: g<b> The consumerId: c@1 not in cidAll: [d@1]\n\
    2024-01-01 00:00:02,000 W - [BUG] ConsumerGroup: g<b> The consumerId: c@1 not in cidAll: [d@1]\n\
    2024-01-01 00:00:03,000 W - [BUG] ConsumerGroup: g<b> The consumerId: c@1 not in cidAll: [d@1]\n\
    2024-01-01 00:00:04,000 W - doRebalance, g, add a new mq, Message\n";

fn with(text: &str, show: impl Fn(&Diagnosis<'_>)) {
    let evidence = read(&[Input { name: "x.log".to_owned(), text: text.to_owned() }]);
    let findings = diagnose(&evidence, &Asked::default());
    show(&Diagnosis { evidence: &evidence, findings: &findings, inputs: &["my logs".to_owned()] });
}

#[test]
fn the_text_says_the_verdict_first_and_the_commands_last() {
    with(LOG, |diagnosis| {
        let said = text::text(diagnosis);
        assert!(said.starts_with("SICK  1 error  (1 input, 4 facts)\n\nerror    4 lines say within 3 s"), "{said}");
        assert!(
            said.contains("\n  stands         x.log:1, x.log:2, x.log:3\n  why            not_in_list (trap E26): "),
            "{said}"
        );
        assert!(said.contains("\nread as          x.log:1: a client's log, 4 facts\n"), "{said}");
        assert!(said.contains("\nnot understood   x.log:5: a line with `doRebalance, ` is cut short\n"), "{said}");
        let end = "simulate it      rebalance-sim import 'my logs' -o my.toml\n                 rebalance-sim run my.toml --seeds 20\n";
        assert!(said.ends_with(end), "{said}");
        assert!(said.lines().all(|line| line.chars().count() <= 110), "{said}");
        assert!(text::painted(diagnosis, &said, Paint::Colours).starts_with("\u{1b}[1;31mSICK\u{1b}[0m  "));
        assert_eq!(text::painted(diagnosis, &said, Paint::Plain), said);
    });
    with("2024-01-01 00:00:00,000 I - started\n", |diagnosis| {
        assert!(
            text::text(diagnosis).starts_with("HEALTHY  nothing is wrong with what was read  (1 input, 0 facts)\n")
        );
        assert!(diagnosis.is_healthy());
    });
}

#[test]
fn other_formats_say_the_same_and_nothing_acts() {
    with(LOG, |diagnosis| {
        let said: serde_json::Value = serde_json::from_str(&json::json(diagnosis)).expect("it is JSON");
        assert_eq!(said["verdict"], "SICK");
        assert_eq!(said["findings"][0]["group"], "g<b>");
        assert_eq!(
            (&said["findings"][0]["evidence"][0], &said["findings"][0]["trap"]),
            (&"x.log:1".into(), &"E26".into())
        );
        let xml = junit::junit(diagnosis);
        assert!(xml.contains("classname=\"doctor.g&lt;b&gt;\" name=\"not_in_member_list\""), "{xml}");
        assert!(xml.contains("tests=\"1\" failures=\"1\""), "{xml}");
        let page = html::html(diagnosis);
        assert!(page.contains("<section class=\"error\">") && !page.contains("<b>"), "{page}");
        assert!(markdown::markdown(diagnosis).contains("- stands at: x.log:1, "), "{}", markdown::markdown(diagnosis));
        assert!(!markdown::markdown(diagnosis).contains("g<b>"));
    });
}
