//! What an operator does, and what brokers answer to it, to pulls and to sends.

use std::collections::BTreeSet;

use rebalance_sim::check::{Figure, Trap};
use rebalance_sim::kernel::{Instant, Span};
use rebalance_sim::model::observation::{CommandRefusal, CommitPath, Observation, PullTrouble, Release, SendRefusal};
use rebalance_sim::run::{RunOptions, first_broken, run};

use crate::story::{play, scenario};

/// Two brokers, a topic of two queues on each, a group of one from the beginning.
fn story(root: &str, broker: &str, topic: &str, group: &str, rest: &str) -> String {
    format!(
        "title = \"Operator\"\nquestion = \"What does it do?\"\nduration = \"150s\"\nmeasure = {{ from = \"0s\" }}\n{root}\n\n[broker]\n{broker}\n\n[[topics]]\nname = \"T\"\nqueues = 2\n{topic}\n\n[[producers]]\nname = \"p\"\ntopic = \"T\"\nrate = \"20/s\"\nuntil = \"140s\"\nretryTimesWhenSendFailed = 0\n\n[[groups]]\nname = \"g\"\ncount = 1\n{group}\n\n{rest}"
    )
}

const TWO: &str = "brokers = [\"a\", \"b\"]";

fn step(at: &str, action: &str, rest: &str) -> String {
    format!("[[timeline]]\nat = \"{at}\"\naction = \"{action}\"\n{rest}\n\n")
}

/// The troubles of pulls that some broker refused.
fn troubles(text: &str) -> BTreeSet<PullTrouble> {
    let mut found = BTreeSet::new();
    play(&scenario(text), 3, |seen, names| {
        if let Observation::PullTroubled { trouble, queue, .. } = seen.what
            && names.message_queue(queue).topic.as_ref() == "T"
            && (trouble.is_refusal() || matches!(trouble, PullTrouble::TopicNotExist | PullTrouble::Refused))
        {
            found.insert(trouble);
        }
    });
    found
}

/// `PullMessageProcessor.processRequest`: each refusal has a code of its own, and the first that applies is told.
#[test]
fn a_pull_is_refused_for_what_its_broker_lacks_or_forbids() {
    use PullTrouble::{
        BroadcastingForbidden, BrokerForbidden, GroupForbidden, SubscriptionGroupNotExist, TopicForbidden,
        TopicNotExist,
    };
    let broadcasts = "messageModel = \"BROADCASTING\"";
    let one_lacks = "brokers = [\"a\", { name = \"b\", autoCreateSubscriptionGroup = false }]";
    let no_auto = "autoCreateSubscriptionGroup = false";
    let rows: [(&str, &str, &str, String, &[PullTrouble]); 11] = [
        (TWO, "", "", String::new(), &[]),
        (TWO, "", "", step("60s", "set_permission", "perm = \"w\""), &[BrokerForbidden]),
        (TWO, "brokerPermission = 2", "", String::new(), &[]),
        (TWO, "", "", step("60s", "set_permission", "topic = \"T\"\nperm = \"w\""), &[TopicForbidden]),
        (TWO, "", "", step("60s", "delete_topic", "topic = \"T\""), &[TopicNotExist]),
        (TWO, "consumeEnable = false", "", String::new(), &[GroupForbidden]),
        (TWO, "", "", step("60s", "set_group", "group = \"g\"\nconsumeEnable = false"), &[GroupForbidden]),
        (TWO, "", broadcasts, step("60s", "set_group", "group = \"g\""), &[BroadcastingForbidden]),
        (TWO, "consumeBroadcastEnable = false", "", String::new(), &[]),
        (one_lacks, "", "created = [\"a\"]", String::new(), &[SubscriptionGroupNotExist]),
        (TWO, no_auto, "created = true", step("60s", "delete_group", "group = \"g\""), &[SubscriptionGroupNotExist]),
    ];
    for (root, broker, group, rest, expected) in rows {
        let found = troubles(&story(root, broker, "", group, &rest));
        assert_eq!(found, expected.iter().copied().collect(), "{root} {broker} {group} {rest}");
    }
}

/// `AbstractSendMessageProcessor.msgCheck`: neither permission counts, the queue id does; a topic that is not there is made
/// or refused.
#[test]
fn a_send_is_refused_for_its_queue_id_alone() {
    let auto = "autoCreateTopicEnable = true";
    let fewer = step("61s", "set_queues", "topic = \"T\"\nqueues = 1");
    let fewer_to_write = step("61s", "set_queues", "topic = \"T\"\nwriteQueueNums = 1");
    let rows = [
        ("", step("61s", "set_permission", "topic = \"T\"\nperm = \"none\""), None),
        ("", step("61s", "set_permission", "perm = \"none\""), None),
        ("brokerPermission = 4", String::new(), None),
        ("", fewer_to_write, None),
        ("", fewer, Some(SendRefusal::IllegalQueueId)),
        (auto, step("61s", "delete_topic", "topic = \"T\""), None),
        ("", step("61s", "delete_topic", "topic = \"T\""), Some(SendRefusal::TopicNotExist)),
    ];
    for (broker, rest, expected) in rows {
        let mut found = BTreeSet::new();
        play(&scenario(&story(TWO, broker, "", "", &rest)), 3, |seen, _| {
            if let Observation::SendRefused { why, .. } = seen.what {
                found.insert(why);
            }
        });
        assert_eq!(found, expected.into_iter().collect(), "{broker} {rest}");
    }
}

/// A queue id that is too high is not tried again, a topic that one broker lacks is (`retryResponseCodes`).
#[test]
fn only_some_refusals_are_tried_again_elsewhere() {
    let attempts = |rest: String| {
        let text = story(TWO, "", "", "", &rest);
        let text = text.replace("retryTimesWhenSendFailed = 0", "retryTimesWhenSendFailed = 2");
        let (mut refused, mut failed) = (0, 0);
        play(&scenario(&text), 3, |seen, _| match seen.what {
            Observation::SendRefused { .. } => refused += 1,
            Observation::SendFailed { .. } => failed += 1,
            _ => {}
        });
        (refused, failed)
    };
    let (refused, failed) = attempts(step("61s", "set_queues", "topic = \"T\"\nbrokers = [\"a\"]\nqueues = 1"));
    // A few fail at the very beginning, before the first route.
    assert!(refused > 50 && (refused..refused + 5).contains(&failed), "{refused} {failed}");
    let (refused, failed) = attempts(step("61s", "delete_topic", "topic = \"T\"\nbrokers = [\"a\"]"));
    assert!(refused > 50 && failed < 5, "{refused} {failed}");
}

/// Which brokers refuse a command, and why.
type Expected = &'static [(&'static str, CommandRefusal)];

fn refusals(text: &str) -> Vec<(String, CommandRefusal)> {
    let mut found = Vec::new();
    play(&scenario(text), 3, |seen, names| {
        if let Observation::CommandRefused { broker, why, .. } = seen.what {
            found.push((names.broker(broker).to_owned(), why));
        }
    });
    found
}

/// `resetOffsetInner` and `Broker2Client.resetOffset`, each in its order; the tool stops at the first broker that refuses.
#[test]
fn a_reset_is_refused_with_its_reason() {
    use CommandRefusal::{
        BrokerAway, ConsumerNotOnline, NeverConsumed, NotForced, QueueLeftAtZero, SubscriptionGroupNotExist,
    };
    let pushes = "useServerSideResetOffset = false";
    let reset = |more: &str| step("70s", "reset_offsets", &format!("group = \"g\"\ntopic = \"T\"\n{more}"));
    let stopped = step("50s", "stop", "consumer = \"c1\"");
    let late = "start = \"100s\"";
    let rows: [(&str, &str, String, Expected); 12] = [
        ("", "", reset("to = \"latest\""), &[]),
        ("", late, reset("to = \"latest\""), &[("a", SubscriptionGroupNotExist)]),
        ("", "start = \"100s\"\ncreated = true", reset("to = \"latest\""), &[]),
        ("", "start = \"100s\"\ncreated = [\"a\"]", reset("to = \"latest\""), &[("b", SubscriptionGroupNotExist)]),
        ("", "", reset("to = \"latest\"\nforce = false"), &[]),
        (pushes, "", reset("to = \"latest\""), &[]),
        (
            pushes,
            "work = \"2s\"\nconsumeThreadMin = 1\nconsumeThreadMax = 1",
            reset("to = \"latest\"\nforce = false"),
            &[("a", NotForced), ("b", NotForced)],
        ),
        (pushes, late, reset("to = \"latest\""), &[("a", NeverConsumed)]),
        (pushes, "", format!("{stopped}{}", reset("to = \"latest\"")), &[("a", ConsumerNotOnline)]),
        ("", "", reset("to = \"earliest\"\nqueue = 0\nbrokers = [\"b\"]"), &[("b", QueueLeftAtZero)]),
        // The tool does not find a broker that name servers know to be gone.
        ("", "", format!("{}{}", step("65s", "kill", "broker = \"a\""), reset("to = \"latest\"")), &[]),
        (
            "",
            "",
            format!("{}{}", step("65s", "power_off", "broker = \"a\""), reset("to = \"latest\"")),
            &[("a", BrokerAway)],
        ),
    ];
    for (broker, group, rest, expected) in rows {
        let expected: Vec<_> = expected.iter().map(|(broker, why)| ((*broker).to_owned(), *why)).collect();
        assert_eq!(refusals(&story(TWO, broker, "", group, &rest)), expected, "{broker} {group} {rest}");
    }
}

/// Only the queues that a reset names are reset.
#[test]
fn a_reset_reaches_the_brokers_and_the_queue_that_it_names() {
    let reset =
        |more: &str| step("70s", "reset_offsets", &format!("group = \"g\"\ntopic = \"T\"\nto = \"30s\"\n{more}"));
    let rows: [(&str, &[&str]); 3] = [
        ("", &["T/a/0", "T/a/1", "T/b/0", "T/b/1"]),
        ("brokers = [\"b\"]", &["T/b/0", "T/b/1"]),
        ("brokers = [\"b\"]\nqueue = 1", &["T/b/1"]),
    ];
    for (more, expected) in rows {
        let mut found = BTreeSet::new();
        play(&scenario(&story(TWO, "", "", "", &reset(more))), 3, |seen, names| {
            if let Observation::Committed { queue, path: CommitPath::OperatorReset, .. } = seen.what {
                found.insert(names.message_queue(queue).to_string());
            }
        });
        assert_eq!(found, expected.iter().map(|queue| (*queue).to_owned()).collect(), "{more}");
    }
}

/// What a reset passes over is skipped until a later one goes back behind it: then it waits like all else.
#[test]
fn a_later_reset_takes_an_earlier_one_back() {
    let reset = |at: &str, to: &str| step(at, "reset_offsets", &format!("group = \"g\"\ntopic = \"T\"\nto = \"{to}\""));
    let figures = |rest: &str| {
        let text = story(TWO, "", "", "created = true\nstart = \"100s\"", rest);
        let found = run(&scenario(&text), 1, RunOptions::default()).findings;
        ["skipped", "undelivered", "lost"].map(|name| found.windows[0].figures[name])
    };
    let [skipped, undelivered, lost] = figures(&reset("80s", "latest"));
    assert!(skipped >= Figure::Count(1_590) && skipped <= Figure::Count(1_600), "{skipped:?}");
    assert_eq!((undelivered, lost), (Figure::Count(0), Figure::Count(0)));
    let both = format!("{}{}", reset("80s", "latest"), reset("90s", "earliest"));
    assert_eq!(figures(&both), [Figure::Count(0); 3], "all of it is read again");
}

/// `updateSubGroup` leaves `%RETRY%` as it is; with no retry queue what is sent back is thrown away.
#[test]
fn retry_queues_follow_the_group_only_where_the_topic_is_made() {
    let retried = |rest: &str| {
        let mut queues = BTreeSet::new();
        play(&scenario(&story(TWO, "", "", "failures = 0.2", rest)), 3, |seen, names| {
            if let Observation::Stored { queue, sent: None, .. } = seen.what {
                queues.insert(names.queue(queue).queue_id);
            }
            if let Observation::QueuesOpened { topic, read, .. } = seen.what
                && names.topic(topic).name.starts_with("%RETRY%")
            {
                assert_eq!(read, 1, "the topic keeps its queues");
            }
        });
        queues.len()
    };
    assert_eq!(retried(""), 1);
    assert_eq!(retried(&step("30s", "set_group", "group = \"g\"\nretryQueueNums = 3")), 3);
    let thrown_away = |at: &str| {
        let text = story(TWO, "", "", "failures = 0.2", &step(at, "set_group", "group = \"g\"\nretryQueueNums = 0"));
        run(&scenario(&text), 1, RunOptions::default()).findings.windows[0].figures["retried"]
    };
    assert!(thrown_away("10s") < thrown_away("120s"));
}

/// Trap E35 is the broker's that lacks the group, and names it: neither the other broker's nor an ordinary start's.
#[test]
fn a_group_that_one_broker_lacks_is_charged_to_that_broker() {
    let one_lacks = "brokers = [\"a\", { name = \"b\", autoCreateSubscriptionGroup = false }]";
    let mut charged = 0;
    for seed in 0..8 {
        let outcome = run(&scenario(&story(one_lacks, "", "", "", "")), seed, RunOptions::default());
        for anomaly in outcome.findings.anomalies.iter().filter(|anomaly| anomaly.trap == Some(Trap::E35)) {
            match anomaly.queue {
                // Who asks b for the list takes no queue, whichever broker it is on.
                Some(_) if anomaly.kind.word() == "unowned" => {
                    assert!(anomaly.detail.contains(" asked b at "), "{}", anomaly.detail);
                }
                Some(queue) => assert_eq!(outcome.names.message_queue(queue).broker_name.as_ref(), "b", "seed {seed}"),
                None => assert!(
                    anomaly.detail.starts_with("b ") || anomaly.detail.contains("from b,"),
                    "{}",
                    anomaly.detail
                ),
            }
            charged += usize::from(anomaly.kind.word() == "unowned");
        }
        let known = run(&scenario(&story(TWO, "", "", "", "")), seed, RunOptions::default());
        assert!(known.findings.anomalies.iter().all(|anomaly| anomaly.trap != Some(Trap::E35)), "seed {seed}");
    }
    assert!(charged > 0, "queues without an owner, for want of a list from b");
}

/// `MQClientInstance.resetOffset` is synchronized, and `resume()` rebalances without the minimum interval: a member of two
/// brokers is reset by both, one after the other, whatever its rebalance thread did last.
#[test]
fn two_brokers_reset_a_member_one_after_the_other() {
    let mut soon = 0;
    for second in 0..4 {
        let rest = step(
            &format!("{}ms", 60_000 + 250 * second),
            "reset_offsets",
            "group = \"g\"\ntopic = \"T\"\nto = \"earliest\"",
        );
        let scenario = scenario(&story(TWO, "useServerSideResetOffset = false", "", "", &rest));
        let (mut back, mut ended) = (Vec::new(), Instant::ZERO);
        play(&scenario, second, |seen, _| match seen.what {
            Observation::RebalanceEnded { .. } => ended = seen.at,
            Observation::QueueReleased { release: Release::OffsetsReset, .. } => {
                soon += u32::from(seen.at.since(ended) < Span::from_secs(1));
                back.push(seen.at);
            }
            _ => {}
        });
        assert_eq!(back.len(), 4, "two queues of each broker");
        assert_eq!((back[0], back[2]), (back[1], back[3]));
        assert!(back[2].since(back[0]) >= Span::from_secs(10), "{back:?}");
        assert_eq!(first_broken(&scenario, second, "minimum_interval"), None);
    }
    assert!(soon > 0, "one resumes soon after a rebalance that found it suspended");
}
