//! Why a message came twice: what happened to the one that had it, and to the one that got it.

use super::ledger::{ANOTHER_PROCESS, Ledger, TakenBack};
use super::moments::Moments;
use super::{Cause, Key, Stage};
use crate::kernel::Instant;
use crate::model::Names;
use crate::model::observation::{End, QueueIndex};
use crate::model::plan::{ConsumerIndex, PlantedMistake};
use crate::offset::Keeper;
use crate::wording::noun;

/// Messages that a consumer got again.
#[derive(Debug, Default)]
pub(super) struct Again {
    pub moments: Moments,
    /// Who had had the first of them, and when the queue was taken from there, where it was.
    pub first: Option<(ConsumerIndex, Option<Instant>)>,
}

/// Why a message that `before` had been given was given to `now_with`.
pub(super) fn duplicate_cause(
    at: Instant,
    (before, now_with): (ConsumerIndex, ConsumerIndex),
    (key, offset): (Key, u64),
    ledger: &Ledger,
    stage: &Stage,
    names: &Names,
) -> Cause {
    let seat = stage.seat(if stage.planted(PlantedMistake::CauseFromWrongTwin) { now_with } else { before });
    let echo = stage.timers().zombie_echo;
    let recently = |moment: Option<Instant>| moment.is_some_and(|moment| at.since(moment) < echo);
    if let Some(why) = ledger.was_put_back().filter(|(by, _)| *by == now_with && before == now_with) {
        return why.1;
    }
    if before != now_with && seat.alive && seat.client == stage.seat(now_with).client {
        return Cause::DuplicateClientId;
    }
    if let Some(TakenBack { why, .. }) = ledger.taken_back.as_ref().filter(|taken| taken.offsets.contains(&offset)) {
        return *why;
    }
    let back = |who: ConsumerIndex| {
        let returned = stage.seat(who).returned;
        recently(returned) && returned.is_some_and(|returned| stage.had(key, who, returned))
    };
    if back(now_with) {
        return Cause::ZombieCameBack;
    }
    if back(before) || stage.is_zombie(key, before) {
        return Cause::ZombieOwner;
    }
    // A process that ended before this delivery: the last thing that happened to it is why.
    let restarted =
        ledger.was_given_before_the_end(before, offset) && seat.started > seat.ended.map(|(ended, _)| ended);
    let is_over = !seat.alive || restarted;
    let alone = names.is_one_member(key.audience);
    let store = stage.offset_store(key.audience);
    // Who took the queue before the other died reads on from where it began: that death gives it nothing again.
    let took_before =
        |ended: Instant| before != now_with && stage.took(key, now_with).is_some_and(|taken| taken < ended);
    match seat.ended {
        Some((ended, End::Killed | End::PoweredOff | End::StartFailed)) if is_over && took_before(ended) => {
            match stage.had_together(key, (before, now_with)) {
                true => Cause::DoubleOwnership,
                false => in_one_life((before, now_with), (key, offset), ledger, stage),
            }
        }
        Some(_) if alone && restarted && stage.has_new_id(now_with) => Cause::NewClientIdHasNoFile,
        Some((_, End::Killed | End::PoweredOff | End::StartFailed)) if is_over && store.at_every_update => {
            Cause::CrashBeforeTheWrite
        }
        Some((_, End::Killed | End::PoweredOff | End::StartFailed)) if is_over => Cause::CrashLag,
        Some((_, End::Shutdown)) if is_over && ledger.was_interrupted(before, offset) => Cause::InterruptedListener,
        Some((_, End::Shutdown)) if alone && restarted && stage.has_anothers_file(now_with, names) => ANOTHER_PROCESS,
        Some((_, End::Shutdown)) if is_over && store.at_every_update => Cause::TakenBeforeTheWrite,
        Some((_, End::Shutdown)) if is_over => Cause::FinishedAfterLastCommit,
        _ => in_one_life((before, now_with), (key, offset), ledger, stage),
    }
}

/// Why, where the process that had the message went on: the queue changed hands, or the same member got it again.
fn in_one_life(
    (before, now_with): (ConsumerIndex, ConsumerIndex),
    (key, offset): (Key, u64),
    ledger: &Ledger,
    stage: &Stage,
) -> Cause {
    let failed_since = |taken: Instant| ledger.failed.get(&(offset, now_with)).is_some_and(|failed| *failed >= taken);
    let corrected = ledger.corrected.as_ref().is_some_and(|to| to.consumer == now_with && to.offsets.contains(&offset));
    let handed_over = stage.handed_over(key, (before, now_with), offset).is_some();
    match before == now_with {
        true if stage.took(key, now_with).is_some_and(failed_since) => Cause::SendBackFailed,
        _ if corrected => Cause::OffsetIllegal,
        true if handed_over && stage.go_clients.was_silent(before, key.queue) => Cause::GoForgotTheOffset,
        true if handed_over => Cause::Rewind,
        false if stage.holds(key, before) => Cause::DoubleOwnership,
        false if handed_over => match stage.offset_store(key.audience).keeper {
            Keeper::Brokers if stage.go_clients.was_silent(before, key.queue) => Cause::GoForgotTheOffset,
            Keeper::Brokers => Cause::HandoverBeforeCommit,
            Keeper::Database => Cause::TakenBeforeTheWrite,
            Keeper::OwnFile => Cause::OffsetsInOwnFiles,
        },
        false if stage.had_together(key, (before, now_with)) => Cause::DoubleOwnership,
        _ => Cause::Unknown,
    }
}

/// What is said of messages that a consumer got again; `first`: who had had them, and when the queue changed hands.
pub(super) fn again_words(
    (consumer, queue): (ConsumerIndex, QueueIndex),
    (count, cause): (u64, Cause),
    first: Option<(ConsumerIndex, Option<Instant>)>,
    names: &Names,
) -> String {
    let (who, place) = (names.consumer(consumer), names.message_queue(queue));
    let messages = noun(count, "message");
    let before = format!("{who} got {count} {messages} of {place} that had been handed out before");
    match (cause, first) {
        (
            Cause::GoForgotTheOffset | Cause::HandoverBeforeCommit | Cause::TakenBeforeTheWrite,
            Some((giver, Some(taken))),
        ) => {
            format!("{before}: {} had had them, and {who} took the queue at {taken}", names.consumer(giver))
        }
        (Cause::Rewind, Some((_, Some(taken)))) => {
            format!("{before}: it gave the queue up, and took it again at {taken} from an older offset")
        }
        _ => before,
    }
}
