//! The walk back: from the event that ended a finding, link by link, to its beginning.

use super::around::Around;
use super::link::{Chain, Link, Node};
use super::record::Record;
use super::wait::Wait;
use crate::kernel::{Instant, Span};
use crate::model::observation::{Observation, Observed};
use crate::model::plan::ConsumerIndex;

/// An event of the chain, and what it waited for before.
#[derive(Debug)]
pub(super) struct Walked<'r> {
    pub node: Node<'r>,
    pub wait: Wait,
    /// When the wait began: not before the finding did.
    pub began: Instant,
    pub note: String,
}

impl Walked<'_> {
    /// How long the wait was.
    pub fn waited(&self) -> Span {
        self.node.at.since(self.began)
    }
}

/// The chain from the beginning of the finding to `end`, in the order of time. Each link's wait begins where the one before
/// ends, so that they add up to the finding's length.
pub(super) fn walk<'r>(chain: &Chain<'_, 'r>, end: Node<'r>) -> Vec<Walked<'r>> {
    let from = chain.around.finding.from;
    let (mut walked, mut node) = (Vec::new(), end);
    loop {
        let link = match (node.then.take(), node.event) {
            (Some(link), _) => *link,
            (None, Some(event)) => chain.before(event),
            (None, None) => Link::unknown(),
        };
        // What does not lead back is no cause.
        let astray = link.to.as_ref().is_some_and(|next| next.place() >= node.place());
        let next = link.to.filter(|_| !astray);
        let since = next.as_ref().map_or(from, |next| next.at.max(from));
        let (wait, began) = (if astray { Wait::Unknown } else { link.wait }, since.min(node.at));
        let at_beginning = began <= from;
        walked.push(Walked { node, wait, began, note: link.note });
        match next {
            Some(next) if !at_beginning => node = next,
            _ => break,
        }
    }
    walked.reverse();
    walked
}

/// The node that the chain of a finding ends with.
pub(super) fn end<'r>(chain: &Chain<'_, 'r>, run_ends: bool) -> Node<'r> {
    let finding = chain.around.finding;
    let by_rank = |seen: &&Observed| rank(chain, &seen.what);
    let ended = chain.record.seen_at(finding.until).filter(|seen| by_rank(seen) > 0);
    let ended = ended.max_by_key(|seen| (by_rank(seen), std::cmp::Reverse(seen.sequence)));
    let event = ended.and_then(|seen| chain.record.event(seen.sequence));
    match event.or_else(|| chain.record.event_at(finding.until).filter(|_| !run_ends)) {
        Some(event) => Node::event(event),
        None => at_the_end(chain),
    }
}

/// What may have ended a finding: the more likely the higher.
fn rank(chain: &Chain<'_, '_>, what: &Observation) -> u8 {
    use super::What;
    let around = &chain.around;
    match (around.finding.what, what) {
        (What::Stall | What::Duplicate, Observation::Delivered { consumer, .. }) if around.is_member(*consumer) => 9,
        (What::Unowned, Observation::QueueTaken { consumer, .. }) if around.is_member(*consumer) => 9,
        (What::Double, Observation::QueueReleased { consumer, .. }) if around.is_member(*consumer) => 9,
        (What::Skipped, Observation::StartedAt { .. } | Observation::OffsetIllegal { .. }) => 9,
        (What::Skipped | What::Lost, Observation::Committed { audience, .. })
            if *audience == around.finding.audience =>
        {
            8
        }
        (
            What::Skipped | What::Lost | What::Stall,
            Observation::TailLost { .. } | Observation::MessageLost { .. } | Observation::HeadDeleted { .. },
        ) => 7,
        (
            _,
            Observation::ConsumerEnded { consumer, .. }
            | Observation::ConsumerPaused { consumer }
            | Observation::ConsumerResumed { consumer }
            | Observation::ConsumerCutOff { consumer, .. },
        ) if around.is_member(*consumer) => 5,
        (_, Observation::QueueTaken { .. } | Observation::QueueReleased { .. }) => 4,
        (_, Observation::BrokerUp { .. } | Observation::BrokerDown { .. }) => 3,
        _ => 0,
    }
}

/// The member of the group that had or got the queue when a finding was over.
pub(super) fn ended_with(around: &Around<'_>, record: &Record<'_>) -> Option<ConsumerIndex> {
    record.seen_at(around.finding.until).find_map(|seen| match seen.what {
        Observation::Delivered { consumer, .. } | Observation::QueueTaken { consumer, .. } => {
            around.is_member(consumer).then_some(consumer)
        }
        _ => None,
    })
}

/// Nothing ended it before the run did: the chain goes back from the last that was tried.
fn at_the_end<'r>(chain: &Chain<'_, 'r>) -> Node<'r> {
    let around = &chain.around;
    let tried = |what: &Observation| match what {
        Observation::TopicRebalanced { consumer, topic, .. } => around.is_member(*consumer) && *topic == around.topic(),
        Observation::PullTroubled { consumer, .. } => {
            around.finding.what == super::What::Stall && around.is_member(*consumer)
        }
        Observation::LockRefused { .. } => true,
        _ => false,
    };
    let last = chain.record.last((around.finding.from, around.finding.until), tried);
    let then = Link::new(Wait::EndOfRun, last.map(|seen| chain.node_of(seen)));
    Node::moment(around.finding.until, "the run", "ends, and it is not over".to_owned(), then)
}

/// What was seen as the finding began, by which its story begins.
pub(super) fn beginning<'r>(chain: &Chain<'_, 'r>) -> impl Iterator<Item = &'r Observed> {
    chain.record.seen_at(chain.around.finding.from)
}
