//! `computePullFromWhereWithException`: where a queue that is being taken begins.

use crate::model::consumer::Consumer;
use crate::model::consumer::progress::StoredOffset;
use crate::model::consumer::service::orderly::lock::Locking;
use crate::model::instance::Instance;
use crate::model::instance::rebalance_service::Step;
use crate::model::network::{CallError, Request, Response, Waiter};
use crate::model::observation::{QueueIndex, StartRule};
use crate::model::outside::Outside;
use crate::model::plan::{ClientRules, ConsumeFromWhere};
use crate::offset::QueryAnswer;

/// What follows where no offset is stored.
#[derive(Debug)]
pub(in crate::model) enum NothingStored {
    /// The queue begins at its beginning.
    BeginsAtZero,
    /// Its master is asked for its end, or for the offset of a time.
    Asks(Request, StartRule),
}

impl NothingStored {
    /// By `consumeFromWhere`; a `%RETRY%` topic is never searched by time, and begins at its beginning where the others
    /// begin at their end.
    pub fn of(from: ConsumeFromWhere, is_retry: bool, queue: QueueIndex) -> Self {
        match from {
            ConsumeFromWhere::FirstOffset => Self::BeginsAtZero,
            ConsumeFromWhere::LastOffset if is_retry => Self::BeginsAtZero,
            ConsumeFromWhere::Timestamp(timestamp) if !is_retry => {
                Self::Asks(Request::SearchOffset { queue, timestamp }, StartRule::Timestamp)
            }
            ConsumeFromWhere::LastOffset | ConsumeFromWhere::Timestamp(_) => {
                Self::Asks(Request::GetMaxOffset { queue }, StartRule::Maximum)
            }
        }
    }
}

impl Consumer {
    /// Step 3: asks where the next queue begins. A broker that is not in the table fails the query at once.
    pub(in crate::model) fn take_next_queue(&mut self, out: &mut Outside<'_>, instance: &mut Instance) -> Step {
        let consumer = self.index;
        let (_, epoch) = out.instance_seat(consumer);
        loop {
            let adding = instance.adding();
            adding.asked_store = None;
            let Some(&queue) = adding.left.last() else { return self.finish_adding(out, instance) };
            if self.lock_before_adding(out, instance, queue) {
                return Step::Waits;
            }
            self.remove_offset(out, queue);
            match self.read_stored_offset(out, queue, Waiter::Rebalance { consumer, epoch }) {
                None => return Step::Waits,
                Some(StoredOffset::At(offset)) => self.put_queue(out, instance, queue, offset, StartRule::Stored),
                Some(StoredOffset::None) => {
                    // A store that knows at once that it has none.
                    if let Some(step) = self.begin_by_start_rule(out, instance, queue) {
                        return step;
                    }
                }
                Some(StoredOffset::Unknown) => instance.pass_over_queue(),
            }
        }
    }

    /// `computePullFromWhereWithException` goes on with an answer; an error leaves the queue for the next rebalance.
    pub(in crate::model) fn start_offset_answered(
        &mut self,
        out: &mut Outside<'_>,
        instance: &mut Instance,
        answer: Result<Response, CallError>,
    ) -> Step {
        if instance.adding().locking == Locking::Asked {
            return self.lock_before_adding_answered(out, instance, answer);
        }
        let adding = instance.adding();
        let queue = *adding.left.last().expect("a queue is being taken");
        let begin = match (answer, adding.asked_store) {
            (Ok(Response::QueueOffset(offset)), Some(rule)) => Some((offset, rule)),
            (_, Some(_)) => None,
            (answer, None) => {
                let (answer, rule) = stored_answer(answer, &out.planned(self.index).client.rules);
                match self.stored_offset_answered(out, queue, answer) {
                    StoredOffset::At(offset) => Some((offset, rule)),
                    StoredOffset::None => {
                        let step = self.begin_by_start_rule(out, instance, queue);
                        return step.unwrap_or_else(|| self.take_next_queue(out, instance));
                    }
                    StoredOffset::Unknown => None,
                }
            }
        };
        match begin {
            Some((offset, rule)) => self.put_queue(out, instance, queue, offset, rule),
            None => instance.pass_over_queue(),
        }
        self.take_next_queue(out, instance)
    }

    /// Nobody remembers an offset: `consumeFromWhere` decides. `None`: the queue is taken, or left for the next rebalance.
    fn begin_by_start_rule(
        &mut self,
        out: &mut Outside<'_>,
        instance: &mut Instance,
        queue: QueueIndex,
    ) -> Option<Step> {
        let consumer = self.index;
        let (host, epoch) = out.instance_seat(consumer);
        let is_retry = out.is_retry_topic(instance.rebalancing().topic);
        let planned = out.planned(consumer);
        let (request, rule) = match NothingStored::of(planned.consumer.consume_from_where, is_retry, queue) {
            NothingStored::Asks(request, rule) => (request, rule),
            NothingStored::BeginsAtZero => {
                self.put_queue(out, instance, queue, 0, StartRule::First);
                return None;
            }
        };
        instance.adding().asked_store = Some(rule);
        let timeout = planned.client.timers.admin_timeout;
        let Some(to) = self.master_host(out, queue) else {
            // Only a master is asked for its maximum.
            instance.pass_over_queue();
            return None;
        };
        out.call(host, to, request, timeout, Waiter::Rebalance { consumer, epoch });
        Some(Step::Waits)
    }
}

/// What the store is told of an answer to what it asked, and by which rule a queue then begins.
pub(in crate::model) fn stored_answer(
    answer: Result<Response, CallError>,
    rules: &ClientRules,
) -> (QueryAnswer, StartRule) {
    match answer {
        Ok(Response::Offset { assumed: true, .. }) if !rules.set_zero_if_not_found => {
            (QueryAnswer::QueryNotFound, StartRule::Stored)
        }
        Ok(Response::Offset { offset: Some(offset), assumed }) => {
            let offset = i64::try_from(offset).expect("offsets of a run fit into Java's long");
            (QueryAnswer::Success(offset), if assumed { StartRule::ZeroResident } else { StartRule::Stored })
        }
        Ok(Response::Offset { offset: None, .. }) => (QueryAnswer::QueryNotFound, StartRule::Stored),
        Ok(_) if rules.broker_error_is_no_offset => (QueryAnswer::QueryNotFound, StartRule::Stored),
        _ => (QueryAnswer::Failed, StartRule::Stored),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Instant;
    use crate::model::ids::{BrokerIndex, GroupIndex, TopicIndex};
    use crate::model::instance::testing::{at, running, sent};
    use crate::model::names::QueuePlace;
    use crate::model::observation::Observation;
    use crate::model::testing::{hear, outside, plan};
    use ConsumeFromWhere::{FirstOffset, LastOffset, Timestamp};

    /// What the broker answers, one question after the other.
    const STORED: Result<Response, CallError> = Ok(Response::Offset { offset: Some(7), assumed: false });
    const RESIDENT: Result<Response, CallError> = Ok(Response::Offset { offset: Some(0), assumed: true });
    const NONE: Result<Response, CallError> = Ok(Response::Offset { offset: None, assumed: false });
    const AT_40: Result<Response, CallError> = Ok(Response::QueueOffset(40));
    const LATE: Result<Response, CallError> = Err(CallError::TimedOut);

    #[test]
    fn what_an_answer_says_of_the_stored_offset_by_rule() {
        use QueryAnswer::{Failed, QueryNotFound, Success};
        let (now, refused) = (ClientRules::default(), Ok(Response::Refused));
        let older = ClientRules { broker_error_is_no_offset: true, ..now.clone() };
        let first_of_5 = ClientRules { set_zero_if_not_found: false, ..now.clone() };
        let rows = [
            (STORED, &now, Success(7)),
            (RESIDENT, &now, Success(0)),
            (NONE, &now, QueryNotFound),
            (refused.clone(), &now, Failed),
            (LATE, &now, Failed),
            (STORED, &older, Success(7)),
            (refused, &older, QueryNotFound),
            (LATE, &older, Failed),
            (RESIDENT, &first_of_5, QueryNotFound),
            (STORED, &first_of_5, Success(7)),
        ];
        for (answer, rules, expected) in rows {
            let row = format!("{answer:?} by {rules:?}");
            assert_eq!(stored_answer(answer, rules).0, expected, "{row}");
        }
    }

    /// A row: where the group begins, whether the topic is `%RETRY%`, the answers, what is asked, and where the queue
    /// begins; `None`: it is left for the next rebalance.
    type Row =
        (ConsumeFromWhere, bool, Vec<Result<Response, CallError>>, &'static [&'static str], Option<(u64, StartRule)>);

    #[test]
    fn where_a_queue_begins() {
        let time = Timestamp(Instant::from_millis(5));
        let rows: Vec<Row> = vec![
            (LastOffset, false, vec![STORED], &["query"], Some((7, StartRule::Stored))),
            (LastOffset, false, vec![RESIDENT], &["query"], Some((0, StartRule::ZeroResident))),
            (LastOffset, false, vec![NONE, AT_40], &["query", "maximum"], Some((40, StartRule::Maximum))),
            (LastOffset, true, vec![NONE], &["query"], Some((0, StartRule::First))),
            (FirstOffset, false, vec![NONE], &["query"], Some((0, StartRule::First))),
            (FirstOffset, true, vec![NONE], &["query"], Some((0, StartRule::First))),
            (FirstOffset, true, vec![STORED], &["query"], Some((7, StartRule::Stored))),
            (time, false, vec![NONE, AT_40], &["query", "search"], Some((40, StartRule::Timestamp))),
            (time, true, vec![NONE, AT_40], &["query", "maximum"], Some((40, StartRule::Maximum))),
            (LastOffset, false, vec![LATE], &["query"], None),
            (LastOffset, false, vec![NONE, LATE], &["query", "maximum"], None),
            (time, false, vec![NONE, LATE], &["query", "search"], None),
        ];
        for (from, is_retry, answers, asked, begins) in rows {
            let row = format!("{from:?}, retry {is_retry}, {answers:?}");
            let mut plan = plan(1);
            plan.consumers[0].consumer.consume_from_where = from;
            let mut out = outside(&plan);
            let mut process = running(&mut out);
            let topic = if is_retry { out.names.retry_topic(GroupIndex(0)) } else { TopicIndex(0) };
            let queue = out.names.intern_queue(QueuePlace { topic, broker: BrokerIndex(0), queue_id: 0 });
            process.instance.rebalance_begun(&out, topic, true);
            let (consumer, instance) = (&mut process.consumers[0], &mut process.instance);
            let mut step = consumer.begin_adding(&mut out, instance, vec![queue], false);
            let mut words = Vec::new();
            for answer in answers {
                assert_eq!(step, Step::Waits, "{row}");
                let soon = out.now() + crate::kernel::Span::from_millis(10);
                let heard = hear(&mut out, soon);
                words.extend(sent(&out, &heard));
                step = consumer.start_offset_answered(&mut out, instance, answer);
            }
            let asked: Vec<String> = (asked.iter())
                .map(|word| format!("Broker(0): {word}{} {queue}", if *word == "maximum" { " of" } else { "" }))
                .collect();
            assert_eq!(words, asked, "{row}");
            let began = hear(&mut out, at(60)).seen.into_iter().find_map(|seen| match seen {
                Observation::StartedAt { offset, rule, .. } => Some((offset, rule)),
                _ => None,
            });
            assert_eq!((began, step == Step::Changed), (begins, begins.is_some()), "{row}");
        }
    }
}
