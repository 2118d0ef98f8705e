//! Lag, catching up, and how late messages are.

use super::numbers::{G, QUEUE_0, QUEUE_1};
use super::{Story, commits, count, gets, ms, plan, play, play_plan, readable, releases, takes, with};
use crate::check::{Figure, Findings, Window};
use crate::kernel::Instant;
use crate::model::ids::{ProducerIndex, QueueIndex, TopicIndex};
use crate::model::observation::Observation::{self, *};
use crate::model::observation::{LogLoss, Release, SentMessage};
use crate::model::plan::{GroupPlan, TopicPlan};

fn stored(at_ms: u64, queue: u32, offset: u64) -> (u64, Observation) {
    let sent = SentMessage { producer: ProducerIndex(0), number: u64::from(queue) << 32 | offset };
    (at_ms, Stored { queue: QueueIndex(queue), offset, sent: Some(sent) })
}

/// A message a second on queue 0 from `from` to `until`, each handed out and committed at once but in `stops`.
fn flow(from: u64, until: u64, stops: std::ops::Range<u64>) -> Story {
    let mut story = Story::new();
    for (offset, second) in (0..).zip(from..until) {
        let at_ms = second * 1_000 + 300;
        let out = if stops.contains(&second) { stops.end * 1_000 + 100 } else { at_ms };
        story.extend([stored(at_ms, 0, offset), readable(at_ms, 0, offset + 1), gets(out + 1, 0, 0, offset)]);
        story.push(commits(out + 2, 0, 0, offset + 1, offset));
    }
    story
}

fn marked(mut story: Story, steps: &[(u64, u32)]) -> Story {
    story.extend(steps.iter().map(|&(at_ms, step)| (at_ms, StepTaken { step })));
    with(&story)
}

fn figures<const N: usize>(window: &Window, names: [&str; N]) -> [Option<Figure>; N] {
    names.map(|name| window.figures.get(name).copied())
}

#[test]
fn lag_is_what_the_rows_of_the_csv_file_sum_up_to() {
    let mut story = flow(3, 50, 20..27);
    let why = LogLoss::PageCache;
    story.extend([readable(30_500, 1, 40), commits(35_500, 1, 1, 15, 0)]);
    story.extend([(38_500, TailLost { queue: QUEUE_1, from: 10, loss: 0, why }), readable(41_500, 1, 12)]);
    let found = play(&marked(story, &[(20_200, 0), (40_000, 1)]));
    let lag_at = |second: u64| {
        let rows = found.lag.iter().filter(|row| row.at == Instant::from_millis(1_000 * second));
        rows.map(|row| row.end_offset.saturating_sub(row.committed_offset)).sum::<u64>()
    };
    assert_eq!([lag_at(26), lag_at(33), lag_at(37), lag_at(39)], [6, 40, 25, 0], "what was planted");
    for window in &found.windows {
        let (from, until) = (window.from.as_millis() / 1_000, window.until.as_millis() / 1_000);
        let most = (from..=until).map(lag_at).max().expect("a window has a second");
        assert_eq!(figures(window, ["lag.max", "lag.end"]), [most, lag_at(until)].map(|lag| Some(count(lag))));
    }
}

#[test]
fn catching_up_takes_as_long_as_lag_stands_above_what_it_was() {
    type Row<'a> = (&'a str, Story, &'a [(u64, u32)], &'a [u64]);
    let table: [Row<'_>; 7] = [
        ("calm", flow(3, 60, 0..0), &[(20_000, 0)], &[0, 0]),
        // At 20 s nothing is behind, at 21 s one message is, and at 28 s none.
        ("seven seconds", flow(3, 60, 20..27), &[(20_000, 0)], &[8_000, 8_000]),
        ("counted from the step on", flow(3, 60, 20..27), &[(20_200, 0)], &[7_800, 7_800]),
        (
            "a step meanwhile, at whose time lag is higher",
            flow(3, 60, 20..27),
            &[(20_000, 0), (24_000, 1)],
            &[8_000; 3],
        ),
        ("a step before which nothing was", flow(3, 60, 20..27), &[(9_000, 0)], &[0]),
        ("no step, nothing to catch up with", flow(3, 60, 20..27), &[], &[0]),
        ("never", flow(3, 60, 50..80), &[(50_000, 0)], &[10_000, 10_000]),
    ];
    for (name, story, steps, expected) in table {
        let found = play(&marked(story, steps));
        let told: Vec<_> = found.windows.iter().filter_map(|window| window.figures.get("catch_up").copied()).collect();
        let mut expected: Vec<_> = expected.iter().map(|millis| ms(*millis)).collect();
        if name.starts_with("a step meanwhile") {
            // Four are behind at the second step, and more than that from 24 s to 28 s.
            expected[2] = ms(4_000);
        }
        assert_eq!(told, expected, "{name}");
    }
}

#[test]
fn latency_counts_each_message_once_where_it_is_first_handed_out() {
    let late = |out: u64| vec![stored(6_000, 0, 0), readable(6_001, 0, 1), gets(out, 0, 0, 0)];
    let again =
        [late(6_250), vec![releases(7_000, 0, 0, Release::Reassigned), takes(7_100, 1, 0), gets(9_000, 1, 0, 0)]];
    let lost = vec![
        stored(6_000, 0, 0),
        readable(6_001, 0, 1),
        (7_000, TailLost { queue: QUEUE_0, from: 0, loss: 0, why: LogLoss::PageCache }),
        stored(8_000, 0, 0),
        readable(8_001, 0, 1),
        gets(8_040, 0, 0, 0),
    ];
    let table: [(&str, Story, Option<u64>); 6] = [
        ("a quarter of a second", late(6_250), Some(250)),
        ("handed out again", again.concat(), Some(250)),
        ("another has its offset now", lost, Some(40)),
        ("never", vec![stored(6_000, 0, 0), readable(6_001, 0, 1)], None),
        ("before the window", vec![stored(3_000, 0, 0), readable(3_001, 0, 1), gets(4_900, 0, 0, 0)], None),
        ("stored before it", vec![stored(3_000, 0, 0), readable(3_001, 0, 1), gets(5_000, 0, 0, 0)], Some(2_000)),
    ];
    for (name, story, longest) in table {
        let found = play(&with(&story));
        assert_eq!(figures(&found.windows[0], ["latency.max", "latency.p99"]), [longest.map(ms); 2], "{name}");
        // The rows have what the window leaves out, too.
        let within = found.latency.iter().filter(|row| row.at >= found.windows[0].from);
        assert_eq!(within.map(|row| ms(row.longest.as_millis())).max(), longest.map(ms), "{name}");
        assert!(found.latency.iter().all(|row| row.messages == 1 && row.typical == row.longest), "{name}");
    }
}

#[test]
fn latency_is_of_the_phase_in_which_the_message_comes_to_its_listener() {
    // What comes at the very moment of a step is of its phase, though it is seen before the step.
    let story = [(0, 6_000, 6_010), (1, 6_100, 20_000), (2, 20_001, 20_500), (3, 39_000, 39_999), (4, 39_001, 40_000)];
    let story = story
        .map(|(offset, at, out)| vec![stored(at, 0, offset), readable(at, 0, offset + 1), gets(out, 0, 0, offset)]);
    let found = play(&marked(story.concat(), &[(20_000, 0), (40_000, 1)]));
    let told: Vec<_> = found.windows.iter().map(|window| window.figures["latency.max"]).collect();
    assert_eq!(told, [13_900, 13_900, 999].map(ms));
    let counted: Vec<_> = found.windows.iter().map(|window| window.figures["delivered"]).collect();
    assert_eq!(counted, [5, 3, 1].map(count), "as `delivered` counts them");
}

#[test]
fn one_of_a_hundred_is_not_in_the_ninety_nine() {
    let of = |slow: u64| {
        let one = |offset: u64| {
            let (at, took) = (6_000 + offset * 100, if offset < slow { 3_000 } else { 50 });
            vec![stored(at, 0, offset), readable(at, 0, offset + 1), gets(at + took, 0, 0, offset)]
        };
        let found = play(&with(&(0..100).flat_map(one).collect::<Vec<_>>()));
        figures(&found.windows[0], ["latency.p99", "latency.max"]).map(|figure| figure.map(Figure::number))
    };
    let [[Some(one), longest], [Some(two), again]] = [of(1), of(2)] else { panic!("all were handed out") };
    assert_eq!((longest, again), (Some(3_000_000_000), Some(3_000_000_000)));
    assert!((50_000_000..=50_400_000).contains(&one) && (3_000_000_000..=3_023_500_000).contains(&two), "{one} {two}");
}

#[test]
fn several_groups_and_topics_have_figures_of_their_own() {
    let mut plan = plan();
    plan.groups.push(GroupPlan { name: "h".to_owned(), ..plan.groups[0].clone() });
    plan.topics.push(TopicPlan { name: "U".to_owned(), ..plan.topics[0].clone() });
    let other = plan.groups.len() - 1;
    for consumer in &mut plan.consumers[2..] {
        consumer.group = crate::model::ids::GroupIndex(other as u16);
        consumer.topics = vec![TopicIndex(0), TopicIndex(1)];
    }
    // Queue 2 is of topic U, which h alone reads; c1 is of g and c3 of h.
    let mut story = vec![stored(6_000, 0, 0), readable(6_000, 0, 1), gets(6_100, 0, 0, 0), gets(6_700, 2, 0, 0)];
    story.extend([stored(7_000, 2, 0), readable(7_000, 2, 1), gets(10_000, 2, 2, 0)]);
    story.push(commits(9_000, 0, 0, 1, 0));
    let found: Findings = play_plan(&with(&story), &plan);
    let window = &found.windows[0];
    let of = |part: &std::collections::BTreeMap<String, crate::check::Figures>, name: &str| {
        ["latency.max", "lag.max", "lag.end"].map(|figure| part[name][figure])
    };
    assert_eq!(of(&window.groups, "g"), [ms(100), count(1), count(0)]);
    assert_eq!(of(&window.groups, "h"), [ms(3_000), count(2), count(2)]);
    assert_eq!(of(&window.topics, "T"), [ms(700), count(1), count(1)]);
    assert_eq!(of(&window.topics, "U"), [ms(3_000), count(1), count(1)]);
    assert_eq!(figures(window, ["latency.max", "lag.max"]), [Some(ms(3_000)), Some(count(2))], "the worst group's");
    assert_eq!(found.windows[0].groups.len(), usize::from(G) + 2);
}
