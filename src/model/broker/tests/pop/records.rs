//! Pops of which rows in RocksDB tell (`popConsumerKVServiceEnable`): where they look, what they commit, and what comes back
//! when (`PopConsumerService.popAsync`).

use super::*;
use crate::model::network::RetryFlag;
use crate::model::observation::{CheckpointLoss, PopRefusal};

const QUEUE: QueueIndex = QueueIndex(0);

fn kv_plan(consumers: u16) -> Plan {
    pop_plan(consumers, |pop| {
        (pop.pop_consumer_kv_service_init, pop.pop_consumer_kv_service_enable) = (true, true);
    })
}

impl Scene<'_> {
    /// Pops so many at most, of one queue or of all; what comes at once.
    fn pops_up_to(&mut self, max_messages: u32, queue: Option<QueueIndex>) -> Vec<PoppedMessage> {
        self.pop_as(0, |pop| {
            (pop.max_messages, pop.queue, pop.poll) = (max_messages, queue, Span::ZERO);
        });
        let now = self.out.now();
        found(&pops(&self.until(now + Span::from_millis(2))))
    }

    /// The process ends, and its successor reads the disk.
    fn restarts(&mut self, clean: bool) {
        if clean {
            self.broker.write_offsets(&mut self.out);
        }
        let host = self.broker.host(&self.out);
        self.broker.pop.forget();
        self.out.machines[host.at()].epoch += 1;
        self.broker.reload_offsets_unseen();
        self.broker.resume_pop(&mut self.out);
    }
}

/// V of these pops is 0.05 to 0.55 s, where checkpoints take 2 to 6 s.
#[test]
fn what_is_not_acknowledged_comes_back_within_half_a_second() {
    for popped in (100..1_700).step_by(130) {
        for (kv, least, most) in [(true, 50, 550), (false, 2_000, 6_000)] {
            let plan = pop_plan(1, |pop| {
                (pop.pop_consumer_kv_service_init, pop.pop_consumer_kv_service_enable) = (kv, kv);
            });
            let mut scene = members(&plan);
            scene.send_all(4);
            scene.until(ms(popped));
            let messages = scene.popped_now(0);
            scene.ack(0, messages[0].handle);
            let revived = revivals(&scene.until(ms(60_000)));
            assert_eq!(revived.len(), 3, "{kv}, {popped}");
            for after in revived {
                assert!((least..=most).contains(&after.as_millis()), "{kv}, popped at {popped}: {after}");
            }
        }
    }
}

#[test]
fn a_pop_begins_one_queue_further_each_time() {
    let plan = kv_plan(1);
    let mut scene = members(&plan);
    scene.send_all(40);
    let queues: Vec<u32> = (0..6).map(|_| scene.pops_up_to(1, None)[0].handle.queue.0).collect();
    assert_eq!(queues, [0, 1, 2, 3, 0, 1]);
}

/// Every fifth pop looks into the retry topic first, and one of a single queue looks there at no other time (trap PE17).
#[test]
fn where_retries_are_looked_for() {
    // How many pops there were before; of one queue; a backlog fills the batch; how many retries it gets.
    for (before, single, backlog, expected) in
        [(5, false, true, 4), (5, true, true, 4), (1, false, true, 0), (4, false, false, 4), (4, true, false, 0)]
    {
        let plan = kv_plan(1);
        let mut scene = members(&plan);
        scene.send_all(4);
        assert_eq!(scene.pops_up_to(32, None).len(), 4);
        scene.until(ms(15_000));
        for _ in 1..before {
            assert!(scene.pops_up_to(1, Some(QueueIndex(3))).is_empty());
        }
        if backlog {
            scene.send_all(160);
        }
        let messages = scene.pops_up_to(32, single.then_some(QUEUE));
        let retries = messages.iter().filter(|message| message.handle.retry == RetryFlag::V1).count();
        assert_eq!(retries, expected, "{before} before, {single}, {backlog}");
    }
}

/// What is committed is where the last pop of a queue began.
#[test]
fn the_committed_offset_is_one_pop_behind() {
    let plan = kv_plan(1);
    let mut scene = members(&plan);
    (0..5).for_each(|_| scene.send(QUEUE, 0));
    scene.until(ms(20));
    let mut seen = Vec::new();
    for most in [2, 2, 2, 2] {
        let taken = scene.pops_up_to(most, Some(QUEUE)).len();
        seen.push((taken, scene.committed(0)));
    }
    assert_eq!(seen, [(2, Some(0)), (2, Some(2)), (1, Some(4)), (0, Some(5))]);
}

/// Where the next pop begins is in no file: the last batch of a queue is popped again, and be it acknowledged and the stop a
/// clean one. Rows are on the disk.
#[test]
fn a_restart_pops_the_last_batch_again_and_gives_back_what_rows_tell() {
    // An empty pop behind it; clean; acknowledged; popped again, given back.
    for (empty, clean, acked, again, revived) in [
        (false, true, true, 2, 2),
        (false, true, false, 2, 4),
        (true, true, false, 0, 2),
        (true, false, false, 2, 4),
        (true, true, true, 0, 0),
    ] {
        let plan = kv_plan(1);
        let mut scene = members(&plan);
        (0..2).for_each(|_| scene.send(QUEUE, 0));
        scene.until(ms(20));
        let messages = scene.pops_up_to(32, Some(QUEUE));
        if acked {
            messages.iter().for_each(|message| scene.ack(0, message.handle));
        }
        if empty {
            scene.pops_up_to(32, Some(QUEUE));
        }
        scene.until(ms(3_000));
        scene.restarts(clean);
        let popped = scene.pops_up_to(32, Some(QUEUE)).len();
        let heard = scene.until(ms(60_000));
        let name = format!("empty: {empty}, clean: {clean}, acknowledged: {acked}");
        assert_eq!((popped, revivals(&heard).len()), (again, revived), "{name}");
    }
}

#[test]
fn what_became_visible_while_the_broker_was_away_comes_back_with_its_first_look() {
    let plan = kv_plan(1);
    let mut scene = members(&plan);
    scene.send_all(4);
    scene.popped_now(0);
    let host = scene.broker.host(&scene.out);
    scene.out.machines[host.at()].epoch += 1;
    assert!(revivals(&scene.until(ms(40_000))).is_empty());
    scene.restarts(true);
    assert_eq!(revivals(&scene.until(ms(40_510))).len(), 4);
}

#[test]
fn a_change_is_a_row_of_its_own_and_an_ack_counts_while_there_is_one() {
    // Changed to so many seconds at so many; acknowledged at so many, by the new handle or the old one; given back, counts.
    type Row = (Option<(u64, u64)>, u64, bool, usize, Option<bool>);
    let rows: [Row; 6] = [
        (None, 9_000, true, 0, Some(true)),
        // Behind its time, before the service has looked.
        (None, 10_040, true, 0, Some(true)),
        (None, 10_700, true, 1, Some(false)),
        (Some((20, 5_000)), 15_000, true, 0, Some(true)),
        // The old row is gone, and the new one fires.
        (Some((20, 5_000)), 15_000, false, 1, Some(false)),
        // Changed although it was given back: it comes once more.
        (Some((20, 11_000)), 90_000, true, 2, None),
    ];
    for (change, acked, by_new, revived, counts) in rows {
        let plan = kv_plan(1);
        let mut scene = members(&plan);
        scene.send(QUEUE, 0);
        scene.until(ms(15));
        let old = scene.popped_now(0)[0].handle;
        let (mut new, mut given_back) = (old, 0);
        if let Some((secs, at)) = change {
            given_back += revivals(&scene.until(ms(at))).len();
            let (handle, invisible) = (old, Span::from_secs(secs));
            scene.ask(0, Request::ChangeInvisible { handle, group: GroupIndex(0), invisible });
            let heard = scene.until(ms(at + 5));
            let [(_, Response::InvisibleChanged { pop_time, invisible })] = heard.responses()[..] else {
                panic!("{:?}", heard.responses())
            };
            new = old.changed(*pop_time, *invisible);
        }
        given_back += revivals(&scene.until(ms(acked))).len();
        scene.ack(0, if by_new { new } else { old });
        let heard = scene.until(ms(120_000));
        given_back += revivals(&heard).len();
        let said = heard.seen.iter().find_map(|what| match what {
            Observation::AckTaken { counts, .. } => Some(*counts),
            _ => None,
        });
        assert_eq!(given_back, revived, "{change:?}, acknowledged at {acked}, {by_new}");
        assert!(
            counts.is_none_or(|counts| said == Some(counts)),
            "{change:?}, acknowledged at {acked}, {by_new}: {said:?}"
        );
    }
}

#[test]
fn both_settings_are_needed() {
    let rows: [(bool, bool, Option<Popped>, bool); 4] = [
        (false, false, None, false),
        // The service runs, and nobody writes rows.
        (true, false, None, false),
        (false, true, Some(Popped::Refused(PopRefusal::KvServiceNotInit)), false),
        (true, true, None, true),
    ];
    for (init, enable, refused, by_rows) in rows {
        let plan = pop_plan(1, |pop| {
            (pop.pop_consumer_kv_service_init, pop.pop_consumer_kv_service_enable) = (init, enable);
        });
        let mut scene = members(&plan);
        scene.send_all(4);
        scene.pop(0);
        let answers = pops(&scene.until(ms(20)));
        assert_eq!(answers.contains(&Popped::Refused(PopRefusal::KvServiceNotInit)), refused.is_some());
        let soon = revivals(&scene.until(ms(10_700))).len();
        assert_eq!(soon, if by_rows { 4 } else { 0 }, "{init}, {enable}");
    }
}

/// In order a queue is blocked as ever, and there are no rows; an operator's reset is looked for behind the block.
#[test]
fn in_order_there_are_no_rows() {
    for (reset, expected) in [(false, 0), (true, 0)] {
        let plan = kv_plan(2);
        let mut scene = members(&plan);
        (0..2).for_each(|_| scene.send(QUEUE, 0));
        scene.until(ms(20));
        scene.pop_as(0, |pop| pop.fifo = true);
        let popped = found(&pops(&scene.until(ms(30))));
        assert_eq!((popped.len(), popped[0].handle.is_fifo(), scene.committed(0)), (2, true, Some(0)));
        if reset {
            scene.broker.offsets.assign_reset(GroupIndex(0), QUEUE, 0);
        }
        scene.pop_as(1, |pop| pop.fifo = true);
        assert_eq!(found(&pops(&scene.until(ms(40)))).len(), expected, "{reset}");
        let heard = scene.until(ms(15_000));
        assert_eq!((found(&pops(&heard)).len(), revivals(&heard).len()), (2, 0), "{reset}");
    }
}

/// Rows stay on the disk of the old master: what the new one's offset is behind never comes.
#[test]
fn a_new_master_knows_nothing_of_rows() {
    for (offset, lost) in [(0, 0), (1, 1), (2, 2)] {
        let plan = kv_plan(1);
        let mut scene = members(&plan);
        (0..3).for_each(|_| scene.send(QUEUE, 0));
        scene.until(ms(20));
        let messages = scene.popped_now(0);
        scene.ack(0, messages[2].handle);
        let mut new = Broker::new(BrokerIndex(0));
        new.offsets.put(GroupIndex(0), QUEUE, offset);
        scene.broker.leave_records_behind(&mut scene.out, &new);
        let is = |what: &&Observation| {
            matches!(what, Observation::CheckpointLost { why: CheckpointLoss::NotReplicated, .. })
        };
        let heard = scene.until(ms(30));
        assert_eq!(heard.seen.iter().filter(is).count(), lost, "{offset}");
    }
}

/// `enablePopBufferMerge`: the offset waits for what waits in memory, and what is acknowledged there never becomes a row.
#[test]
fn in_memory_rows_wait_for_their_acks_and_the_offset_for_them() {
    // Of four messages: acknowledged which; where the offset is after the next look, at 12 s, and how many come back.
    let rows: [(&[usize], u64, u64, usize); 4] =
        [(&[], 0, 4, 4), (&[0], 1, 4, 3), (&[3], 0, 4, 3), (&[0, 1, 2, 3], 0, 4, 0)];
    for (acked, soon, then, back) in rows {
        let mut plan = kv_plan(1);
        plan.brokers[0].settings.pop.enable_pop_buffer_merge = true;
        let mut scene = members(&plan);
        (0..4).for_each(|_| scene.send(QUEUE, 0));
        scene.until(ms(20));
        scene.pop_as(0, |pop| (pop.queue, pop.invisible) = (Some(QUEUE), Span::from_secs(20)));
        let messages = found(&pops(&scene.until(ms(30))));
        acked.iter().for_each(|at| scene.ack(0, messages[*at].handle));
        scene.until(ms(2_500));
        assert_eq!(scene.committed(0), Some(soon), "{acked:?}");
        scene.until(ms(12_000));
        assert!(scene.pops_up_to(32, Some(QUEUE)).is_empty());
        assert_eq!(scene.committed(0), Some(then), "{acked:?}");
        assert_eq!(revivals(&scene.until(ms(40_000))).len(), back, "{acked:?}");
    }
}

/// What waits in memory goes with the process, a clean stop is none the better, and the offset is not beyond it.
#[test]
fn what_waits_in_memory_is_popped_again_behind_a_restart() {
    for (ended, again, back) in [(5_000, 2, 2), (15_000, 2, 4)] {
        let mut plan = kv_plan(1);
        plan.brokers[0].settings.pop.enable_pop_buffer_merge = true;
        let mut scene = members(&plan);
        (0..2).for_each(|_| scene.send(QUEUE, 0));
        scene.until(ms(20));
        scene.pop_as(0, |pop| (pop.queue, pop.invisible) = (Some(QUEUE), Span::from_secs(20)));
        scene.until(ms(ended));
        scene.restarts(true);
        let popped = scene.pops_up_to(32, Some(QUEUE)).len();
        assert_eq!((popped, revivals(&scene.until(ms(60_000))).len()), (again, back), "ended at {ended}");
    }
}

/// A message that becomes visible while it waits is given back within a second; one of a group that pops no more becomes a row
/// within two minutes and one look.
#[test]
fn what_becomes_visible_in_memory_is_given_back_at_the_next_look() {
    for (invisible, stays, most) in [(5, 10, 1_000), (400, 1_000, 550)] {
        let mut plan = kv_plan(1);
        let pop = &mut plan.brokers[0].settings.pop;
        (pop.enable_pop_buffer_merge, pop.pop_ck_stay_buffer_time) = (true, Span::from_secs(stays));
        let mut scene = members(&plan);
        scene.send(QUEUE, 0);
        scene.until(ms(20));
        scene.pop_as(0, |pop| (pop.queue, pop.invisible) = (Some(QUEUE), Span::from_secs(invisible)));
        let after = revivals(&scene.until(ms(500_000)));
        assert!(matches!(after[..], [after] if after.as_millis() <= most), "{invisible} s: {after:?}");
    }
}
