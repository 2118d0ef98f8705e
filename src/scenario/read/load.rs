//! `[[producers]]`: who sends, where and how often.

use super::hosts::{Hosts, one_of};
use super::recorded::{check_recorded, recorded_arrivals};
use super::tags::tag_weights;
use crate::kernel::{Instant, Span};
use crate::model::plan::{Arrivals, BrokerPlan, Plan, ProducerPlan, TopicIndex};
use crate::scenario::text::{Fault, Fields, Node, Value, list};

/// `[[producers]]`; none is allowed.
pub(super) fn read_producers(root: &Fields<'_>, plan: &Plan, hosts: &mut Hosts) -> Result<Vec<ProducerPlan>, Fault> {
    let Some(node) = root.get("producers") else {
        return Ok(Vec::new());
    };
    let items = list(node, "[[producers]] tables")?;
    if items.len() > 1_000 {
        return Err(Fault::new(node.place, format!("there are {} producers", items.len()), "allowed are up to 1000"));
    }
    let (mut producers, mut recorded) = (Vec::new(), 0);
    for (index, item) in items.iter().enumerate() {
        let made = producer(item, index, plan, hosts)?;
        if let Arrivals::Recorded(messages) = &made.arrivals {
            recorded += messages.len();
            check_recorded(recorded, item)?;
        }
        producers.push(made);
    }
    Ok(producers)
}

fn producer(item: &Node, index: usize, cluster: &Plan, hosts: &mut Hosts) -> Result<ProducerPlan, Fault> {
    let fields = Fields::read(item, "a producer")?;
    let name = match fields.get("name") {
        Some(node) => hosts.declare(node)?,
        None => hosts.generate(item, index as u32 + 1, |number| format!("p{number}"))?,
    };
    let topic_names: Vec<&str> = cluster.topics.iter().map(|topic| topic.name.as_str()).collect();
    let topic = TopicIndex::of(one_of(fields.require("topic", "\"orders\"")?, "topic", &topic_names)?);
    let (from, until) = window(&fields)?;
    let span = |key, default: Span| fields.get(key).map_or(Ok(default), |node| node.span(Some(Span::from_millis(1))));
    let plan = ProducerPlan {
        name,
        topic,
        arrivals: arrivals(&fields, &cluster.brokers)?,
        from,
        until,
        queue_weights: weights(&fields)?,
        tags: tag_weights(&fields, &cluster.tags)?,
        keys: fields.get("keys").map_or(Ok(0), |node| node.count(1, 1_000_000))?,
        send_timeout: span("sendMsgTimeout", Span::from_secs(3))?,
        send_timeout_per_request: per_request(&fields)?,
        retry_times: fields.get("retryTimesWhenSendFailed").map_or(Ok(2), |node| node.count(0, 100))?,
        retry_when_not_store_ok: fields.get("retryAnotherBrokerWhenNotStoreOK").map_or(Ok(false), Node::flag)?,
        body_bytes: fields.get("body_bytes").map_or(Ok(256), |node| node.count(0, 4 * 1024 * 1024))?,
        poll_name_server_interval: span("pollNameServerInterval", Span::from_secs(30))?,
    };
    for (key, value) in
        [("sendMsgTimeout", plan.send_timeout), ("pollNameServerInterval", plan.poll_name_server_interval)]
    {
        if value < Span::from_millis(1) {
            let place = fields.get(key).map_or(item.place, |node| node.place);
            return Err(Fault::new(place, format!("`{key}` is {value}"), "allowed is 1ms or more"));
        }
    }
    fields.finish()?;
    Ok(plan)
}

/// `sendMsgMaxTimeoutPerRequest`; -1: none.
fn per_request(fields: &Fields<'_>) -> Result<Option<Span>, Fault> {
    match fields.get("sendMsgMaxTimeoutPerRequest") {
        None => Ok(None),
        Some(Node { value: Value::Integer(-1), .. }) => Ok(None),
        Some(node) => node.span(Some(Span::from_millis(1))).map(Some),
    }
}

fn window(fields: &Fields<'_>) -> Result<(Instant, Option<Instant>), Fault> {
    let from = fields.get("from").map_or(Ok(Instant::ZERO), Node::moment)?;
    let Some(node) = fields.get("until") else {
        return Ok((from, None));
    };
    let until = node.moment()?;
    if until <= from {
        return Err(Fault::new(
            node.place,
            format!("the producer would stop at {until}, before it starts at {from}"),
            "`until` must be after `from`",
        ));
    }
    Ok((from, Some(until)))
}

fn arrivals(fields: &Fields<'_>, brokers: &[BrokerPlan]) -> Result<Arrivals, Fault> {
    const KINDS: &str = "\"constant\", \"poisson\", \"bursty\" or \"recorded\"";
    if let Some(runs) = fields.get("runs") {
        return recorded_arrivals(fields, runs, brokers);
    }
    let interval = fields.require("rate", "\"100/s\"")?.rate()?;
    let burst = fields.get("burst");
    let kind = fields.get("arrivals");
    let word = kind.map_or(Ok("constant"), |node| node.text(KINDS))?;
    match (word, burst) {
        ("bursty", Some(node)) => {
            let burst = node.count(1, 1_000_000)?;
            let every = interval.checked_mul(u64::from(burst)).filter(|every| *every <= crate::scenario::text::YEAR);
            let every = every.ok_or_else(|| {
                Fault::new(node.place, "bursts of this size come less than once a year", "raise the rate")
            })?;
            Ok(Arrivals::Bursty { burst, every })
        }
        ("bursty", None) => Err(Fault::new(
            fields.place,
            "bursty arrivals lack `burst`",
            "write burst = 50: the messages of one burst, at the overall rate",
        )),
        (_, Some(node)) => Err(Fault::new(node.place, "`burst` has no effect here", "it needs arrivals = \"bursty\"")),
        ("constant", None) => Ok(Arrivals::Constant { interval }),
        ("poisson", None) => Ok(Arrivals::Poisson { interval }),
        (other, None) => Err(Fault::new(
            kind.map_or(fields.place, |node| node.place),
            format!("`{other}` is no kind of arrivals"),
            format!("allowed is {KINDS}"),
        )),
    }
}

fn weights(fields: &Fields<'_>) -> Result<Vec<u32>, Fault> {
    let Some(node) = fields.get("weights") else {
        return Ok(Vec::new());
    };
    let items = list(node, "a list of weights such as [10, 1, 1]")?;
    let weights = items.iter().map(|item| item.count(0, 1_000_000)).collect::<Result<Vec<_>, _>>()?;
    if weights.is_empty() || weights.iter().all(|weight| *weight == 0) {
        return Err(Fault::new(node.place, "no queue has a weight", "give at least one queue a weight above zero"));
    }
    Ok(weights)
}
