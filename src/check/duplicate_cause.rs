//! Why a message came twice: what happened to the one that had it, and to the one that got it.

use super::{Cause, Key, Stage};
use crate::kernel::{Instant, Span};
use crate::model::observation::End;
use crate::model::plan::{ConsumerIndex, PlantedMistake};

/// How long what a zombie did may come twice: it consumes and commits from its old offsets until it lets go.
pub(super) const ZOMBIE_ECHO: Span = Span::from_secs(30);

/// Why a message that `before` had been given was given to `now_with`.
pub(super) fn duplicate_cause(
    at: Instant,
    (before, now_with): (ConsumerIndex, ConsumerIndex),
    key: Key,
    by_broker: Option<Cause>,
    (interrupted, in_a_life_before): (bool, bool),
    stage: &Stage,
) -> Cause {
    let seat = stage.seat(if stage.planted(PlantedMistake::CauseFromWrongTwin) { now_with } else { before });
    let recently = |moment: Option<Instant>| moment.is_some_and(|moment| at.since(moment) < ZOMBIE_ECHO);
    if before != now_with && seat.alive && seat.client == stage.seat(now_with).client {
        return Cause::DuplicateClientId;
    }
    if let Some(why) = by_broker {
        return why;
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
    let restarted = in_a_life_before && seat.started > seat.ended.map(|(ended, _)| ended);
    match seat.ended {
        Some((_, End::Killed | End::PoweredOff | End::StartFailed)) if !seat.alive || restarted => Cause::CrashLag,
        Some((_, End::Shutdown)) if interrupted && (!seat.alive || restarted) => Cause::InterruptedListener,
        Some((_, End::Shutdown)) if !seat.alive => Cause::FinishedAfterLastCommit,
        _ if before == now_with => Cause::Rewind,
        _ if stage.holds(key, before) => Cause::DoubleOwnership,
        _ => Cause::HandoverBeforeCommit,
    }
}
