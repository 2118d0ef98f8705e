//! When a message comes back that nobody acknowledged (`PopReviveService`), by the figures that a cluster and a replay of
//! its rules show.
//!
//! The rules are those of `PopReviveService.mergeAndRevive`.

use super::*;
use crate::model::ids::ConnectionId;

/// Sorted, in milliseconds.
fn spread(mut all: Vec<Span>) -> (u64, u64, u64) {
    all.sort_unstable();
    let at = |position: usize| all[position].as_millis();
    (at(0), at(all.len() / 2), at(all.len() - 1))
}

fn is_within((least, median, most): (u64, u64, u64), expected: [(u64, u64); 3], what: &str) {
    let all = [least, median, most].into_iter().zip(expected);
    let fits = all.map(|(value, (from, to))| from <= value && value <= to).collect::<Vec<_>>();
    assert_eq!(fits, [true; 3], "{what}: {least}, {median}, {most} ms, expected {expected:?}");
}

/// How late messages come back that are popped one by one, `apart` from each other, by so many runs.
fn lone(runs: u64, acknowledged: u64) -> Vec<Span> {
    let plan = pop_plan(1, |_| {});
    let mut late = Vec::new();
    for run in 0..runs {
        let mut scene = members(&plan);
        scene.out.streams = crate::kernel::Streams::new(run);
        scene.until(ms(1_000 + 37 * run));
        scene.send_all(QUEUES);
        let messages = scene.popped_now(0);
        for message in &messages[..acknowledged as usize] {
            scene.ack(0, message.handle);
        }
        let now = scene.out.now();
        let heard = scene.until(now + Span::from_secs(30));
        let revived = revivals(&heard);
        assert_eq!(revived.len() as u64, u64::from(QUEUES) - acknowledged, "run {run}");
        late.extend(revived.into_iter().take(1));
    }
    late
}

/// A lone checkpoint, nothing acknowledged: 2.0, 2.1 and 4.2 s (least, median, most).
#[test]
fn a_lone_checkpoint_comes_back_after_two_to_four_seconds() {
    is_within(spread(lone(200, 0)), [(2_000, 2_050), (2_000, 2_250), (3_000, 4_300)], "lone");
}

/// Steady pops of one queue of the revive topic. The figures are those of a replay of the loop of `PopReviveService` and of the
/// wheel, written apart from this, over forty phases of their seconds: a median of 3.45 to 3.64 s where they are 970 ms apart,
/// of 2.71 to 2.80 s where they are 110 ms apart, and the most 4.9 to 5.1 s. With ten pops a second of eight queues a cluster
/// had 2.0, 3.3 and 5.8 s, with the time until the message was handed out, and that replay 2.0, 2.8 and 4.5 s.
#[test]
fn steady_checkpoints_come_back_after_two_to_five_seconds() {
    for (queues, apart_ms, median, most) in [
        (1, 970, (3_400, 3_690), (4_850, 5_100)),
        (1, 110, (2_670, 2_850), (4_900, 5_150)),
        (8, 100, (2_700, 3_050), (4_300, 5_150)),
    ] {
        let plan = pop_plan(1, |pop| pop.revive_queue_num = queues);
        let mut scene = members(&plan);
        let mut late = Vec::new();
        let mut at = 1_000;
        while at < 120_000 {
            late.extend(revivals(&scene.until(ms(at))));
            scene.send(QueueIndex(0), 0);
            late.extend(revivals(&scene.until(ms(at + 1))));
            scene.pop_as(0, |pop| (pop.queue, pop.max_messages) = (Some(QueueIndex(0)), 1));
            at += apart_ms;
        }
        late.extend(revivals(&scene.until(ms(at + 30_000))));
        assert_eq!(late.len() as u64, 119_000_u64.div_ceil(apart_ms), "every message comes back once");
        let what = format!("{queues} queues, {apart_ms} ms apart");
        is_within(spread(late), [(2_000, 2_110), median, most], &what);
    }
}

#[test]
fn what_was_acknowledged_does_not_come_back() {
    let plan = pop_plan(1, |_| {});
    let mut scene = members(&plan);
    scene.send_all(12);
    let messages = scene.popped_now(0);
    let (kept, acked) = messages.split_at(3);
    for message in acked {
        scene.ack(0, message.handle);
    }
    let heard = scene.until(ms(40_000));
    let mut revived: Vec<(u32, u64)> = Vec::new();
    for what in &heard.seen {
        if let Observation::Revived { queue, offset, reconsume_times, .. } = what {
            assert_eq!(*reconsume_times, 1);
            revived.push((queue.0, *offset));
        }
    }
    revived.sort_unstable();
    assert_eq!(revived, places(kept));
}

/// Until its checkpoint is looked at, 2 s after a message became visible at the soonest, an ack counts.
#[test]
fn a_late_ack_counts_until_the_checkpoint_is_looked_at() {
    for (late_ms, counts) in [(0, true), (1_500, true), (9_000, false)] {
        let plan = pop_plan(1, |_| {});
        let mut scene = members(&plan);
        scene.send(QueueIndex(0), 0);
        scene.until(ms(20));
        let message = scene.popped_now(0)[0];
        let pop = scene.out.now();
        let before = scene.until(pop + INVISIBLE + Span::from_millis(late_ms));
        scene.ack(0, message.handle);
        let heard = scene.until(ms(60_000));
        let said = |what: &Observation| matches!(*what, Observation::AckTaken { counts: is, .. } if is == counts);
        assert!(saw(&heard, said), "{late_ms} ms late");
        let revived = revivals(&before).len() + revivals(&heard).len();
        assert_eq!(revived, usize::from(!counts), "{late_ms} ms late");
    }
}

/// `CHANGE_MESSAGE_INVISIBLETIME`: by the new time, once.
#[test]
fn a_changed_message_comes_back_by_its_new_time() {
    let plan = pop_plan(1, |_| {});
    let mut scene = members(&plan);
    scene.send(QueueIndex(0), 0);
    scene.until(ms(20));
    let handle = scene.popped_now(0)[0].handle;
    scene.until(ms(5_000));
    let invisible = Span::from_secs(30);
    scene.ask(0, Request::ChangeInvisible { handle, group: GroupIndex(0), invisible });
    assert!(revivals(&scene.until(ms(36_900))).is_empty());
    let heard = scene.until(ms(60_000));
    assert_eq!(revivals(&heard).len(), 1);
}

/// `NO_MESSAGE`, and everything else that is wrong with a handle is answered SUCCESS.
#[test]
fn an_ack_is_refused_for_what_the_queue_never_had_and_for_nothing_else() {
    let plan = pop_plan(1, |_| {});
    for (offset, start_offset, refused) in [(0, 0, false), (1, 7, false), (2, 0, true)] {
        let mut scene = members(&plan);
        scene.send(QueueIndex(0), 0);
        scene.until(ms(20));
        let handle = scene.popped_now(0)[0].handle;
        scene.ack(0, PopHandle { offset, start_offset, ..handle });
        let heard = scene.until(ms(100));
        let is = |(_, answer): &(ConnectionId, &Response)| matches!(answer, Response::Refused);
        assert_eq!(heard.responses().iter().any(is), refused, "offset {offset}");
    }
}

/// The retry topic is made by the first message, has one queue, and what fails again stays in it.
#[test]
fn what_comes_back_again_stays_in_its_retry_topic() {
    let plan = pop_plan(1, |_| {});
    let mut scene = members(&plan);
    scene.send(QueueIndex(0), 0);
    scene.until(ms(20));
    assert_eq!(scene.popped_now(0).len(), 1);
    let mut tried = Vec::new();
    for round in 1..=3_u64 {
        scene.until(ms(20_000 * round));
        let messages = scene.popped_now(0);
        tried.push((messages.len(), messages[0].reconsume_times, messages[0].handle.offset));
    }
    assert_eq!(tried, [(1, 1, 0), (1, 2, 1), (1, 3, 2)]);
    let topic = scene.out.names.find_pop_retry(GroupIndex(0), TopicIndex(0), false).expect("it was made");
    assert_eq!(&*scene.out.names.topic(topic).name, "%RETRY%group_topic");
    assert_eq!(scene.out.configurations[0].topic(topic).map(|config| config.read_queue_nums()), Some(1));
}

/// `reviveRetry` copies the tag and the properties, also of what comes back once more; a client looks at them again.
#[test]
fn what_comes_back_keeps_its_tag_and_its_key() {
    for tag in [0, 1, 2] {
        let mut plan = pop_plan(1, |_| {});
        plan.tags = vec!["one".to_owned(), "other".to_owned()];
        let mut scene = members(&plan);
        scene.send(QueueIndex(0), tag);
        scene.until(ms(20));
        let mut handle = scene.popped_now(0)[0].handle;
        let key = 7 * u32::from(tag);
        scene.out.marks.put(handle.queue, handle.offset, Mark { tag, key });
        for round in 1..=2_u64 {
            scene.until(ms(20_000 * round));
            let retry = scene.popped_now(0)[0].handle;
            assert_ne!((retry.queue, retry.offset), (handle.queue, handle.offset));
            assert_eq!(scene.out.marks.of(retry.queue, retry.offset), Mark { tag, key }, "round {round}");
            handle = retry;
        }
    }
}
