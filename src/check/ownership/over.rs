//! Causes that were over long before the queue had an owner: what had gone wrong first was put right, and something else
//! kept the queue from its owner from then on.

use super::unowned::Hole;
use super::{OwnershipCheck, Why};
use crate::check::Cause;
use crate::check::stage::{Beginning, Stretch};
use crate::model::observation::{End, Release};

impl OwnershipCheck {
    /// The causes of a stretch one after the other, where the first was over so early that every member has polled the
    /// routes and rebalanced since; `None`: it was not, or it is the only one.
    pub(super) fn then_another(&self, hole: &Hole<'_>, why: &Why) -> Option<Vec<(Stretch, Why)>> {
        let late = hole.stage.timers().route_skew;
        let over = why.over.filter(|over| hole.from < *over && *over + late < hole.until)?;
        let rest =
            Stretch { from: over, beginning: dealt_again(why.cause, hole.stretch.beginning), ..hole.stretch.clone() };
        let mut parts = self.why_unowned(hole.key, &rest, hole.stage, hole.names);
        let is_new = matches!(hole.stretch.beginning, Beginning::NeverOwned);
        let is_of_before =
            |cause| if cause == Cause::NewQueueNotInTheRoutes { !is_new } else { is_of_its_beginning(cause) };
        for (_, why) in parts.iter_mut().filter(|(_, why)| is_of_before(why.cause)) {
            // What follows from how a stretch begins is not shown of one that began otherwise.
            *why = Why::new(Cause::Unknown);
        }
        let (next, cause) = parts.first_mut().map(|(part, why)| (part, why.cause))?;
        next.from = match cause {
            // A queue that came into the route at last could not be taken before.
            Cause::NewQueueNotInTheRoutes => hole.from,
            _ if cause == why.cause => hole.from,
            _ => over,
        };
        if cause == why.cause {
            // It came again.
            parts[0].1 = why.clone();
        } else if next.from == over {
            let first = Stretch { until: over, owners: Vec::new(), unfinished: false, ..hole.stretch.clone() };
            parts.insert(0, (first, why.clone()));
        }
        Some(parts)
    }
}

/// Whether a cause says of a stretch how it began: somebody ended, or gave the queue up.
fn is_of_its_beginning(cause: Cause) -> bool {
    matches!(
        cause,
        Cause::GracefulLeave
            | Cause::CrashTakeover
            | Cause::ListFromABrokerThatHadNotHeard
            | Cause::ChannelEventDropped
            | Cause::HandOver
            | Cause::RouteGone
            | Cause::NotInList
            | Cause::PullExpired
            | Cause::OffsetIllegalRepair
            | Cause::OperatorResetOffsets
    )
}

/// How the rest of a stretch began, whose first cause was over: the group was there again and had nothing, or the queue has
/// been dealt out since.
fn dealt_again(cause: Cause, beginning: Beginning) -> Beginning {
    use Release::{NotInList, OffsetIllegal, OffsetsReset, PullExpired, Shutdown, Unsubscribed};
    match beginning {
        _ if cause == Cause::StartFailed => Beginning::NeverOwned,
        Beginning::Released(who, Shutdown) => Beginning::Ended(who, End::Shutdown),
        Beginning::Released(who, NotInList | OffsetIllegal | OffsetsReset | PullExpired | Unsubscribed) => {
            Beginning::Released(who, Release::Reassigned)
        }
        other => other,
    }
}
