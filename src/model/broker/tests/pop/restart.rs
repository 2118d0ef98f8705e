//! What a broker forgets of popped messages, and what it keeps (`PopBufferMergeService`, `ConsumerOffsetManager.persist`).

use super::*;
use crate::model::observation::CheckpointLoss;

/// The process ends without warning, and its successor reads the disk.
fn crash(scene: &mut Scene<'_>) {
    scene.broker.pop.forget();
    scene.broker.reload_offsets_unseen();
    scene.broker.resume_pop(&mut scene.out);
}

/// Trap PE10: what was popped since the offsets were last written is popped again, and comes back besides.
#[test]
fn a_crash_pops_again_what_the_file_does_not_know_of_and_revives_it_too() {
    for (written, again, revived) in [(true, 0, 4), (false, 4, 8)] {
        let plan = pop_plan(1, |_| {});
        let mut scene = members(&plan);
        scene.send_all(4);
        assert_eq!(scene.popped_now(0).len(), 4);
        if written {
            scene.broker.write_offsets(&mut scene.out);
        }
        crash(&mut scene);
        scene.pop_as(0, |pop| pop.poll = Span::from_millis(51));
        let heard = scene.until(ms(40_000));
        assert_eq!((found(&pops(&heard)).len(), revivals(&heard).len()), (again, revived), "written: {written}");
    }
}

#[test]
fn what_was_revived_before_the_file_was_written_comes_once_more_behind_a_crash() {
    for (written, expected) in [(true, 0), (false, 4)] {
        let plan = pop_plan(1, |_| {});
        let mut scene = members(&plan);
        scene.send_all(4);
        scene.popped_now(0);
        scene.broker.write_offsets(&mut scene.out);
        assert_eq!(revivals(&scene.until(ms(30_000))).len(), 4);
        if written {
            scene.broker.write_offsets(&mut scene.out);
        }
        crash(&mut scene);
        assert_eq!(revivals(&scene.until(ms(60_000))).len(), expected, "written: {written}");
    }
}

/// Trap PE9: a checkpoint that was not flushed is lost with its machine, and the offset on the disk is beyond it.
#[test]
fn a_checkpoint_that_was_not_flushed_is_lost_with_the_power() {
    for (written, lost) in [(true, 4), (false, 0)] {
        let plan = pop_plan(1, |_| {});
        let mut scene = members(&plan);
        scene.send_all(4);
        scene.popped_now(0);
        if written {
            scene.broker.write_offsets(&mut scene.out);
        }
        scene.broker.lose_records(&mut scene.out, &[1, 2, 3, 4]);
        let heard = scene.until(ms(30_000));
        let is =
            |what: &&Observation| matches!(what, Observation::CheckpointLost { why: CheckpointLoss::NotFlushed, .. });
        assert_eq!((heard.seen.iter().filter(is).count(), revivals(&heard).len()), (lost, 0), "written: {written}");
    }
}

/// `enablePopBufferMerge`: what is acknowledged in time is never stored, and the offset waits for it.
#[test]
fn in_memory_a_checkpoint_waits_for_its_acks_and_the_offset_for_the_checkpoint() {
    // Acknowledged of the first and of the second pop of one queue, and where the offset is then, and at 15 s.
    for (first, second, expected) in [(0, 0, (0, 4)), (2, 0, (2, 4)), (0, 2, (0, 4)), (1, 2, (0, 4)), (2, 2, (4, 4))] {
        let plan = pop_plan(1, |pop| pop.enable_pop_buffer_merge = true);
        let mut scene = members(&plan);
        (0..4).for_each(|_| scene.send(QueueIndex(0), 0));
        scene.until(ms(20));
        let mut batches = Vec::new();
        for _ in 0..2 {
            scene.pop_as(0, |pop| (pop.max_messages, pop.invisible) = (2, Span::from_secs(20)));
            let now = scene.out.now();
            batches.push(found(&pops(&scene.until(now + Span::from_millis(2)))));
        }
        for (batch, acked) in batches.iter().zip([first, second]) {
            batch.iter().take(acked).for_each(|message| scene.ack(0, message.handle));
        }
        let soon = scene.committed(0);
        scene.until(ms(15_000));
        assert_eq!((soon, scene.committed(0)), (Some(expected.0), Some(expected.1)), "{first} and {second}");
        let revived = revivals(&scene.until(ms(40_000)));
        assert_eq!(revived.len(), 4 - first - second, "{first} and {second}");
    }
}

#[test]
fn a_clean_stop_stores_what_waits_in_memory_and_a_crash_pops_it_again() {
    for (clean, again) in [(true, 0), (false, 4)] {
        let plan = pop_plan(1, |pop| pop.enable_pop_buffer_merge = true);
        let mut scene = members(&plan);
        scene.send_all(4);
        scene.popped_now(0);
        if clean {
            scene.broker.flush_pop_buffer(&mut scene.out);
            scene.broker.write_offsets(&mut scene.out);
        }
        crash(&mut scene);
        scene.pop_as(0, |pop| pop.poll = Span::from_millis(51));
        let heard = scene.until(ms(40_000));
        assert_eq!((found(&pops(&heard)).len(), revivals(&heard).len()), (again, 4), "clean: {clean}");
    }
}

/// Trap PE27: a topic that is deleted takes its messages, and one that is made again has others at their offsets.
#[test]
fn a_deleted_topic_leaves_checkpoints_that_nobody_revives() {
    let plan = pop_plan(1, |_| {});
    let mut scene = members(&plan);
    scene.send_all(4);
    scene.popped_now(0);
    scene.out.configurations[0].remove_topic(TopicIndex(0));
    assert!(revivals(&scene.until(ms(30_000))).is_empty());
}
