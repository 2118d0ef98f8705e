//! Queues whose owner is cut off from their broker, while others ask a broker that hears it still and leave them to it.

use super::unowned::Hole;
use super::{OwnershipCheck, Why};
use crate::check::Cause;
use crate::check::stage::{Beginning, Stretch};
use crate::kernel::Instant;
use crate::model::plan::ConsumerIndex;

impl OwnershipCheck {
    /// The queue's broker removed the owner, and who took the queue in the end asked another first: until the removal all
    /// wait for it, and after it for the taker's next choice of a broker.
    pub(super) fn others_hear_it_still(&self, hole: &Hole<'_>, why: &Why) -> Option<[(Stretch, Why); 2]> {
        let Hole { group, topic, until, stage, names, .. } = *hole;
        let Beginning::CutOff(who) = hole.stretch.beginning else { return None };
        if why.cause != Cause::WaitingForExpiry {
            return None;
        }
        let (client, broker) = (self.history.client_at(who, hole.from)?, names.queue(hole.key.queue).broker);
        let (removed, _) = stage.lists.lost(broker, group, client, until).filter(|(at, _)| hole.from < *at)?;
        let asked = hole.stretch.owners.iter().find_map(|&taker| {
            let after = |look: &&crate::check::evidence::Look| look.last > removed && look.members.contains(&client);
            stage.looks.within(taker, topic, (removed, until)).find(after).map(|look| (taker, look))
        });
        let (taker, look) = asked.filter(|_| until.since(removed) > stage.timers().one_round)?;
        let (taker, owner) = (names.consumer(taker), names.consumer(who));
        let more = format!("{taker} asked {} at {}, which hears {owner} still", names.broker(look.broker), look.last);
        let waits = Stretch { until: removed, owners: Vec::new(), unfinished: false, ..hole.stretch.clone() };
        let waiting = why.clone().with(format!("until {} removed {owner} at {removed}", names.broker(broker)));
        let rest = Stretch { from: removed, ..hole.stretch.clone() };
        Some([(waits, waiting), (rest, Why::new(Cause::OwnerCannotReachTheBroker).with(more))])
    }

    /// A member gave the queue up to one that has it in its table and cannot reach its broker.
    pub(super) fn given_back_to_one_cut_off(&self, hole: &Hole<'_>, giver: ConsumerIndex) -> Option<Why> {
        let (names, from) = (hole.names, hole.from);
        let there = |since: Instant, until: Option<Instant>| since <= from && until.is_none_or(|until| from < until);
        let has = |who| {
            let mut own = hole.stage.tenures(hole.key).iter().filter(|tenure| tenure.consumer == who);
            own.any(|tenure| there(tenure.from, tenure.until))
        };
        let mut cuts = hole.stage.cut_off_from(names.queue(hole.key.queue).broker).iter();
        let found = cuts.find(|cut| cut.consumer != giver && there(cut.from, cut.until) && has(cut.consumer))?;
        let more = format!(
            "{} left it to {}, which cannot reach its broker",
            names.consumer(giver),
            names.consumer(found.consumer)
        );
        Some(Why::new(Cause::OwnerCannotReachTheBroker).with(more))
    }
}
