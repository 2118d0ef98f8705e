//! Queues that nobody took because of what each member's last rebalance had come to, in the middle of the stretch.
//!
//! ```text
//!   each member that runs --> Answer --> all leave it out             --> given to nobody
//!                                    --> one cannot take what others  --> its strategy threw, it has no route,
//!                                        deal to it                       or an old one
//!                                    --> all have given the topic up  --> unsubscribed
//! ```

use super::unowned::Hole;
use super::{OwnershipCheck, Why};
use crate::check::Cause;
use crate::check::evidence::{Answer, Look};
use crate::check::stage::Beginning;
use crate::kernel::{Instant, Span};
use crate::model::plan::ConsumerIndex;

/// What the members of a group had come to.
#[derive(Debug, Default)]
struct Answers<'a> {
    /// Whose strategy leaves the queue out.
    leaves: Option<(ConsumerIndex, &'a Look)>,
    /// Those whose strategy gives it to somebody.
    gives: Vec<(ConsumerIndex, &'a Look)>,
    /// Those that dealt nothing, since when, and why.
    failed: Vec<(ConsumerIndex, Instant, Cause)>,
    /// One has given the topic up.
    gave_up: bool,
}

impl OwnershipCheck {
    /// The queue had no owner because of what members came to: no strategy had it for anybody, or one that others count
    /// could not take it.
    pub(super) fn by_their_answers(&self, hole: &Hole<'_>) -> Option<Why> {
        let unsubscribed = matches!(hole.stretch.beginning, Beginning::NeverOwned) && self.gave_topics_up;
        if !(hole.stage.looks.any_fails(hole.topic) || unsubscribed) || hole.names.is_one_member(hole.key.audience) {
            return None;
        }
        let at = hole.from + Span::from_millis(hole.length().as_millis() / 2);
        let answers = self.answers(hole, at)?;
        let slow = hole.is_longer_than_one_round();
        match answers {
            Answers { leaves: Some((member, look)), ref gives, ref failed, .. }
                if gives.is_empty() && failed.is_empty() =>
            {
                Some(given_to_nobody(hole, member, look))
            }
            Answers { leaves: None, ref gives, ref failed, gave_up: true } if gives.is_empty() && failed.is_empty() => {
                unsubscribed.then(|| Why::new(Cause::Unsubscribed))
            }
            _ if slow => self.one_cannot_take(hole, at, &answers),
            _ => None,
        }
    }

    /// What each member that could be heard had come to; `None`: one has not looked yet.
    fn answers<'a>(&self, hole: &Hole<'a>, at: Instant) -> Option<Answers<'a>> {
        let Hole { group, topic, key, stage, names, .. } = *hole;
        let silent = match hole.stretch.beginning {
            Beginning::Paused(who) | Beginning::CutOff(who) => Some(who),
            _ => None,
        };
        let mut answers = Answers::default();
        for member in self.history.running(group, at, names).into_iter().filter(|member| Some(*member) != silent) {
            if self.history.gave_up(member, topic, at) {
                answers.gave_up = true;
                continue;
            }
            let since = self.history.alive_since(member, at)?;
            match stage.looks.answer(member, topic, (since, at)) {
                Some(Answer::Threw(when)) => answers.failed.push((member, when, Cause::StrategyThrows)),
                Some(Answer::NoRoute(when)) => answers.failed.push((member, when, Cause::NoRoute)),
                Some(Answer::Dealt(look)) if look.left_out.contains(&key.queue) => {
                    answers.leaves = Some((member, look))
                }
                Some(Answer::Dealt(look)) => answers.gives.push((member, look)),
                None if self.history.subscribes(member, topic, at) == Some(true) => return None,
                None => {}
            }
        }
        Some(answers)
    }

    /// One that dealt nothing, or dealt by an old route, while those who dealt count it: the queue may be its share.
    fn one_cannot_take(&self, hole: &Hole<'_>, at: Instant, answers: &Answers<'_>) -> Option<Why> {
        let names = hole.names;
        // Who took it in the end is the one it had been dealt to, unless the members changed meanwhile.
        let may_be_its = |who: ConsumerIndex| hole.is_long() || hole.takes_it_in_the_end(who);
        let counted = |who: ConsumerIndex, look: &Look| {
            self.history.client_at(who, at).is_some_and(|client| look.members.contains(&client))
        };
        let dealt_to = |who: ConsumerIndex| {
            answers.gives.is_empty() || answers.gives.iter().any(|(other, look)| *other != who && counted(who, look))
        };
        let failed = answers.failed.iter().find(|(who, ..)| may_be_its(*who) && dealt_to(*who));
        if let Some(&(who, when, cause)) = failed {
            let name = names.consumer(who);
            let more = match cause {
                Cause::NoRoute => format!("{name} had no route of the topic at {when}"),
                _ => format!("the strategy of {name} threw at {when}, and it keeps what it has"),
            };
            let dealt = hole.stage.looks.within(who, hole.topic, (at, hole.until)).map(|look| look.first);
            return Some(Why::new(cause).with(more).until(dealt.filter(|dealt| *dealt > at).min()));
        }
        let route_since = |who| hole.stage.looks.route_since(who, hole.topic, at);
        let old = |(who, look): &&(ConsumerIndex, &Look)| {
            let newer = |(by, other): &(ConsumerIndex, &Look)| {
                other.queues != look.queues && route_since(*who) < route_since(*by) && counted(*who, other)
            };
            may_be_its(*who) && answers.gives.iter().any(newer)
        };
        answers.gives.iter().filter(old).find_map(|&(who, look)| {
            let heard = hole.stage.looks.next_route(who, hole.topic, at);
            stale_route(hole, at, who, look.first).map(|why| why.until(heard))
        })
    }

    /// The queue is in no member's route, as no name server answers any of them.
    pub(super) fn nobody_hears_of_it(&self, hole: &Hole<'_>) -> Option<Why> {
        let at = hole.from + Span::from_millis(hole.length().as_millis() / 2);
        let mut why = None;
        for member in self.history.running(hole.group, at, hole.names) {
            let (since, _) = hole.stage.looks.route(member, hole.topic, at).filter(|(since, _)| *since < hole.from)?;
            why = Some(stale_route(hole, at, member, since)?);
        }
        why
    }
}

/// A member whose polls of routes are not answered deals by one that it has had for long.
fn stale_route(hole: &Hole<'_>, at: Instant, who: ConsumerIndex, since: Instant) -> Option<Why> {
    let (failed, name_server) = hole.stage.looks.poll_failed(who, hole.topic, at)?;
    let (member, asked) = (hole.names.consumer(who), hole.names.name_server(name_server));
    let more =
        format!("{member} deals by the route that it had at {since}; {asked} did not answer it, last at {failed}");
    (at.since(failed) <= hole.stage.timers().route_skew).then(|| Why::new(Cause::StaleRoute).with(more))
}

/// No member's strategy has the queue for anybody.
fn given_to_nobody(hole: &Hole<'_>, member: ConsumerIndex, look: &Look) -> Why {
    let strategy = hole.stage.strategy(look.strategy);
    let remedy = match strategy {
        "CONFIG" => ": write it into messageQueueList of a member",
        "MACHINE_ROOM" => ": call its broker ROOM@NAME, with a ROOM of consumeridcs",
        "CONSISTENT_HASH" => ": raise virtualNodeCnt above 0",
        _ => "",
    };
    let (who, members) = (hole.names.consumer(member), look.members.len());
    Why::new(Cause::GivenToNobody).with(format!("{strategy} of {who} gives it to none of {members} members{remedy}"))
}
