//! For tests of one actor: what is outside it, of a plan so small that a test can say all of it, and what the actor did
//! there.
//!
//! ```text
//!   plan(consumers) --> Outside --> actor.handler(&mut out, ..) --> hear(&mut out, until): what was seen, sent and planned
//! ```
//! Nobody else lives: what is sent reaches nobody, and what is planned does not happen.

use super::event::{Event, NetworkEvent};
use super::network::{CallId, Flight, PassPlace, Payload, Request, Response};
use super::observation::Observation;
use super::outside::Outside;
use super::plan::{
    BrokerPlan, ClientSettings, ConsumerPlan, ConsumerSettings, Created, Environment, GroupPlan, Host, Listener,
    NameServerPlan, NameServerSettings, Plan, ProxySettings, TagSet, TopicOnBroker, TopicPlan,
};
use crate::kernel::{Distribution, Instant, Span};
use crate::model::ids::{BrokerIndex, GroupIndex, TopicIndex};
use crate::model::ids::{ConnectionId, HostId};
use crate::strategy::registry::strategy;

/// How long each message is under way in [`plan`].
pub(super) const WAY: Span = Span::from_millis(1);

/// One name server, one broker with a topic of four queues, and so many consumers of one group, each in a process of
/// its own. A message is under way for [`WAY`], and all else takes no time.
pub(super) fn plan(consumers: u16) -> Plan {
    let way = || Distribution::Constant(WAY);
    let consumer = |number: u16| ConsumerPlan {
        name: format!("c{number}"),
        client_id: format!("10.0.0.{number}@1"),
        address: Some(format!("10.0.0.{number}")),
        fixed_name: false,
        machine: format!("c{number}"),
        instance_of: None,
        group: GroupIndex(0),
        topics: vec![TopicIndex(0)],
        tags: TagSet::ALL,
        client: ClientSettings::default(),
        consumer: ConsumerSettings::with_strategy(strategy("AVG").expect("it is RocketMQ's own")),
        listener: Listener {
            work: Distribution::ZERO,
            work_by_topic: Vec::new(),
            failures_per_million: 0,
            panics_per_million: 0,
            delay_level_when_next_consume: 0,
            orderly: None,
            own: None,
        },
    };
    Plan {
        duration: Span::from_secs(600),
        environment: Environment {
            client_broker_latency: way(),
            client_name_server_latency: way(),
            broker_name_server_latency: way(),
            service_time: Distribution::ZERO,
            dispatch_delay: Distribution::ZERO,
            channel_event: Distribution::ZERO,
            expiry_scan: Distribution::ZERO,
            ..Environment::default()
        },
        name_servers: vec![NameServerPlan { name: "n0".to_owned(), settings: NameServerSettings::default() }],
        brokers: vec![BrokerPlan::master("b0")],
        proxies: Vec::new(),
        local_proxy: ProxySettings::default(),
        topics: vec![TopicPlan {
            name: "topic".to_owned(),
            exists: true,
            queues: vec![TopicOnBroker { broker: BrokerIndex(0), read_queue_nums: 4, write_queue_nums: 4 }],
        }],
        tags: Vec::new(),
        producers: Vec::new(),
        groups: vec![GroupPlan { name: "group".to_owned(), created: Created::Everywhere, releases: Vec::new() }],
        consumers: (0..consumers).map(consumer).collect(),
        releases: Vec::new(),
        deployments: Vec::new(),
        timeline: Vec::new(),
        planted: None,
    }
}

/// What is outside an actor: all processes of the plan run, and details are seen.
pub(super) fn outside(plan: &Plan) -> Outside<'_> {
    let mut out = Outside::new(plan, 1);
    out.watched_closely = true;
    out.machines.iter_mut().for_each(|machine| machine.running = true);
    out
}

/// A connection from a host to a server, both ends open.
pub(super) fn connect(out: &mut Outside<'_>, from: Host, to: Host) -> ConnectionId {
    let (from, to): (HostId, HostId) = (out.host_id(from), out.host_id(to));
    let link = out.links.number(from, to);
    let connection = out.connections.open(from, out.epoch(from), to, link, out.now());
    let end = &mut out.connections[connection];
    (end.handshake, end.server_open) = (None, true);
    out.machines[from.at()].channels.insert(to, connection);
    connection
}

/// The id of a call that nobody waits for.
pub(super) const CALL: Option<CallId> = Some(CallId { slot: 0, generation: 0 });

/// What an actor said and did.
#[derive(Debug, Default)]
pub(super) struct Heard {
    pub seen: Vec<Observation>,
    /// What was sent and has arrived, with its connection.
    pub arrived: Vec<(ConnectionId, Payload)>,
    /// What was planned and is due, the arrival of messages left out.
    pub due: Vec<(Instant, Event)>,
}

impl Heard {
    /// The answers among what arrived.
    pub fn responses(&self) -> Vec<(ConnectionId, &Response)> {
        let answers = self.arrived.iter().map(|(connection, payload)| match payload {
            Payload::Response(_, response) => Some((*connection, response)),
            _ => None,
        });
        answers.flatten().collect()
    }

    /// The requests among what arrived.
    pub fn requests(&self) -> Vec<(ConnectionId, &Request)> {
        let requests = self.arrived.iter().map(|(connection, payload)| match payload {
            Payload::Request(_, request) => Some((*connection, request)),
            _ => None,
        });
        requests.flatten().collect()
    }
}

/// All that was seen, and all that arrives or is due up to a moment, which is now from then on.
pub(super) fn hear(out: &mut Outside<'_>, until: Instant) -> Heard {
    let mut heard = Heard::default();
    // What was cancelled never comes up: this makes the moment come.
    out.agenda.schedule(until, Event::ControllerTicked);
    while let Some(occurrence) = out.agenda.pop_until(until) {
        match occurrence.event {
            Event::Network(NetworkEvent::Arrived { flight }) => {
                let Flight { connection, payload, .. } = out.flights.take(flight);
                heard.arrived.push((connection, payload));
            }
            Event::ControllerTicked => {}
            event => heard.due.push((occurrence.at, event)),
        }
    }
    heard.seen = out.seen.drain(..).map(|observed| observed.what).collect();
    heard
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::event::TimelineEvent;
    use crate::model::ids::{BrokerIndex, ConsumerIndex};

    #[test]
    fn what_is_sent_and_planned_is_heard_when_it_is_due() {
        let plan = plan(1);
        let mut out = outside(&plan);
        let connection = connect(&mut out, Host::Consumer(ConsumerIndex(0)), Host::Broker(BrokerIndex(0)));
        out.respond(connection, CALL, Response::Done);
        let told = Request::NotifyConsumerIdsChanged { broker: BrokerIndex(0), place: PassPlace::NONE };
        out.push_after(connection, told, Span::from_secs(1));
        out.after(Span::from_secs(2), TimelineEvent::StepDue { step: 7 }.into());
        out.see(Observation::BrokerUp { broker: BrokerIndex(0) });
        let told = [(0, (0, 0, 0, 1)), (1, (1, 0, 0, 0)), (1_001, (0, 1, 0, 0)), (9_000, (0, 0, 1, 0))];
        for (at, expected) in told {
            let heard = hear(&mut out, Instant::from_millis(at));
            let counts = (heard.responses().len(), heard.requests().len(), heard.due.len(), heard.seen.len());
            assert_eq!((counts, out.now()), (expected, Instant::from_millis(at)));
        }
    }
}
