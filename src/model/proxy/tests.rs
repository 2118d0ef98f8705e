//! A proxy by itself: what clients ask it, and what it says to them and to brokers.

use std::rc::Rc;

use super::Proxy;
use crate::kernel::{Instant, Span};
use crate::model::event::ProxyEvent;
use crate::model::ids::{
    BrokerIndex, ConnectionId, ConsumerIndex, GroupIndex, NameServerIndex, ProxyIndex, TopicIndex,
};
use crate::model::instance::testing::{at, route};
use crate::model::network::{
    GrpcAssigned, GrpcRequest, GrpcResponse, OfProxy, PopHandle, Popped, PoppedMessage, Receive, Request, Response,
    RetryFlag,
};
use crate::model::notice::Notice;
use crate::model::observation::{ClientIndex, Observation, QueueIndex};
use crate::model::outside::Outside;
use crate::model::plan::{GrpcSettings, Host, Plan, ProxyPlan, ProxySettings, TagSet};
use crate::model::testing::{CALL, Heard, connect, hear, outside, plan};

const GROUP: GroupIndex = GroupIndex(0);
const TOPIC: TopicIndex = TopicIndex(0);
const BROKER: BrokerIndex = BrokerIndex(0);
const MINUTE: Span = Span::from_secs(60);

/// Two clients that speak gRPC; in a broker's process, or of its own.
fn of_grpc(own: bool, settings: ProxySettings) -> Plan {
    let mut plan = plan(2);
    for consumer in &mut plan.consumers {
        consumer.client.grpc = Some(GrpcSettings::default());
    }
    plan.local_proxy = settings;
    if own {
        plan.proxies.push(ProxyPlan { name: "p0".to_owned(), settings });
    }
    plan
}

fn renews() -> ProxySettings {
    ProxySettings { renewal_not_started: false, ..ProxySettings::default() }
}

/// The first proxy with both clients, which it knows, by their connections.
fn proxy(out: &mut Outside<'_>) -> (Proxy, [ConnectionId; 2]) {
    let mut proxy = Proxy::all(out.plan).swap_remove(0);
    let own = !out.plan.proxies.is_empty();
    let host = if own { Host::Proxy(ProxyIndex(0)) } else { Host::Broker(BROKER) };
    connect(out, host, Host::NameServer(NameServerIndex(0)));
    if own {
        connect(out, host, Host::Broker(BROKER));
    }
    let clients = [0, 1].map(|client| connect(out, Host::Consumer(ConsumerIndex(client)), host));
    for (client, connection) in clients.into_iter().enumerate() {
        let client = ClientIndex::of(client);
        proxy.request(
            out,
            connection,
            CALL,
            GrpcRequest::Settings { group: GROUP, client, subscriptions: Rc::default() },
        );
    }
    // The route of the topic.
    proxy.request(out, clients[0], CALL, GrpcRequest::QueryRoute { topic: TOPIC });
    proxy.answered(out, (0, proxy.memory.last_task), Ok(Response::Route(Some(route(&[BROKER])))));
    out.notices.clear();
    hear(out, at(2));
    (proxy, clients)
}

/// What the proxy has asked its broker since it was asked last.
fn asked(out: &mut Outside<'_>, heard: &Heard) -> Vec<OfProxy> {
    let in_process = out.notices.drain(..).filter_map(|notice| match notice {
        Notice::AskedInProcess { request: Request::OfProxy(what), .. } => Some(what),
        _ => None,
    });
    let mut asked: Vec<OfProxy> = in_process.collect();
    asked.extend(heard.requests().into_iter().filter_map(|(_, request)| match request {
        Request::OfProxy(what) => Some(what.clone()),
        _ => None,
    }));
    asked
}

/// The words of its answers, by client.
fn answers(heard: &Heard) -> Vec<&'static str> {
    let word = |(_, response): (ConnectionId, &Response)| match response {
        Response::Grpc(answer) => Some(answer.into()),
        _ => None,
    };
    heard.responses().into_iter().filter_map(word).collect()
}

fn receive(invisible: Option<Span>, poll: Span, deadline: Span) -> GrpcRequest {
    GrpcRequest::Receive(Receive {
        group: GROUP,
        topic: TOPIC,
        broker: BROKER,
        max_messages: 100,
        poll,
        invisible,
        tags: TagSet::ALL,
        attempt_id: None,
        deadline,
    })
}

fn queue(out: &mut Outside<'_>) -> QueueIndex {
    crate::model::instance::testing::queue(out, 0)
}

fn handle(out: &mut Outside<'_>, offset: u64) -> PopHandle {
    PopHandle {
        pop_time: out.broker_clock(BROKER),
        invisible: MINUTE,
        revive_queue: 0,
        retry: RetryFlag::Normal,
        broker: BROKER,
        queue: queue(out),
        offset,
        start_offset: 0,
    }
}

/// The first client receives so many messages, which came back so often.
fn receives(
    out: &mut Outside<'_>,
    (proxy, client): (&mut Proxy, ConnectionId),
    count: u64,
    reconsume_times: u32,
) -> Vec<PopHandle> {
    proxy.request(out, client, CALL, receive(None, Span::from_secs(20), Span::from_secs(23)));
    let handles: Vec<PopHandle> = (0..count).map(|offset| handle(out, offset)).collect();
    let found = handles.iter().map(|&handle| PoppedMessage { life: 0, reconsume_times, handle }).collect();
    let (life, task) = (proxy.life, proxy.memory.last_task);
    proxy.answered(out, (life, task), Ok(Response::Popped(Popped::Found(Rc::new(found)))));
    out.notices.clear();
    handles
}

/// Which second each of its renewals is of, and for how many minutes, if the broker grants each.
fn renewals(out: &mut Outside<'_>, proxy: &mut Proxy, until: u64) -> Vec<(u64, u64)> {
    let mut renewed = Vec::new();
    while out.now() < at(until * 1_000) {
        let next = at((out.now().as_millis() / 1_000 + 1) * 1_000);
        let heard = hear(out, next);
        let scan = ProxyEvent::HandlesScanned.of(ProxyIndex(0), 0);
        let scanned = heard.due.iter().any(|(_, event)| *event == scan);
        if !scanned {
            continue;
        }
        proxy.event(out, 0, ProxyEvent::HandlesScanned);
        let tasks: Vec<u32> = proxy.memory.tasks.keys().copied().collect();
        for what in asked(out, &Heard::default()) {
            let OfProxy::ChangeInvisible { invisible, .. } = what else { continue };
            renewed.push((out.now().since(Instant::ZERO).as_millis() / 1_000, invisible.as_millis() / 60_000));
            let pop_time = out.broker_clock(BROKER);
            for &task in &tasks {
                proxy.answered(out, (0, task), Ok(Response::InvisibleChanged { pop_time, invisible }));
            }
        }
    }
    renewed
}

#[test]
fn a_handle_is_renewed_ten_seconds_before_its_end_if_anybody_has_started_that() {
    // Scans are at multiples of 5 s; the message came at 2 ms.
    let rows: [(ProxySettings, &[(u64, u64)]); 2] =
        [(renews(), &[(55, 1), (105, 3), (275, 5), (565, 10)]), (ProxySettings::default(), &[])];
    for (settings, expected) in rows {
        let plan = of_grpc(false, settings);
        let mut out = outside(&plan);
        let (mut proxy, [client, _]) = proxy(&mut out);
        receives(&mut out, (&mut proxy, client), 1, 0);
        assert_eq!(renewals(&mut out, &mut proxy, 900), expected);
    }
}

#[test]
fn what_is_acknowledged_is_renewed_no_more_and_with_the_newest_handle() {
    let plan = of_grpc(false, renews());
    let mut out = outside(&plan);
    let (mut proxy, [client, _]) = proxy(&mut out);
    let handles = receives(&mut out, (&mut proxy, client), 1, 0);
    assert_eq!(renewals(&mut out, &mut proxy, 70), [(55, 1)]);
    proxy.request(&mut out, client, CALL, GrpcRequest::Ack { group: GROUP, handle: handles[0] });
    let said = asked(&mut out, &Heard::default());
    let [OfProxy::Ack { handle, .. }] = said.as_slice() else { panic!("{said:?}") };
    let later = handle.pop_time.since(handles[0].pop_time);
    assert_eq!(later, Span::from_millis(54_998), "the handle of the renewal");
    assert_eq!(renewals(&mut out, &mut proxy, 300), []);
}

/// Who refuses a word on a message whose minute is over: the proxy, before a broker hears of it.
#[test]
fn a_handle_whose_time_is_over_is_refused() {
    type Asks = fn(PopHandle) -> GrpcRequest;
    let words: [Asks; 2] = [
        |handle| GrpcRequest::Ack { group: GROUP, handle },
        |handle| GrpcRequest::ChangeInvisible { group: GROUP, handle, invisible: MINUTE },
    ];
    for word in words {
        for (second, refused) in [(59, false), (61, true)] {
            let plan = of_grpc(false, ProxySettings::default());
            let mut out = outside(&plan);
            let (mut proxy, [client, _]) = proxy(&mut out);
            let handles = receives(&mut out, (&mut proxy, client), 1, 0);
            hear(&mut out, at(second * 1_000));
            proxy.request(&mut out, client, CALL, word(handles[0]));
            let heard = hear(&mut out, at(second * 1_000 + 10));
            assert_eq!(asked(&mut out, &heard).is_empty(), refused, "{second}");
            assert_eq!(answers(&heard) == ["invalid_receipt_handle"], refused, "{second}");
            let seen = |seen: &Observation| matches!(seen, Observation::ReceiptHandleExpired { .. });
            assert_eq!(heard.seen.iter().any(seen), refused, "{second}");
        }
    }
}

/// A proxy of its own takes the handle that the broker gave; one in a broker's process keeps the start of the old one.
#[test]
fn a_local_proxy_gives_handles_back_that_begin_where_the_old_one_did() {
    for (own, start_offset, lost) in [(true, 1, false), (false, 0, true)] {
        let plan = of_grpc(own, ProxySettings::default());
        let mut out = outside(&plan);
        let (mut proxy, [client, _]) = proxy(&mut out);
        let handles = receives(&mut out, (&mut proxy, client), 2, 0);
        let changed = GrpcRequest::ChangeInvisible { group: GROUP, handle: handles[1], invisible: MINUTE };
        proxy.request(&mut out, client, CALL, changed);
        let (pop_time, task) = (out.broker_clock(BROKER), proxy.memory.last_task);
        proxy.answered(&mut out, (0, task), Ok(Response::InvisibleChanged { pop_time, invisible: MINUTE }));
        let heard = hear(&mut out, at(1_000));
        let given = heard.responses().into_iter().find_map(|(_, response)| match response {
            Response::Grpc(GrpcResponse::InvisibleChanged(handle)) => Some(*handle),
            _ => None,
        });
        let given = given.expect("it was changed");
        assert_eq!((given.start_offset, given.offset), (start_offset, 1), "own: {own}");
        out.notices.clear();
        proxy.request(&mut out, client, CALL, GrpcRequest::Ack { group: GROUP, handle: given });
        let heard = hear(&mut out, at(1_100));
        let said = asked(&mut out, &heard);
        let [OfProxy::Ack { astray, .. }] = said.as_slice() else { panic!("{said:?}") };
        assert_eq!(*astray, lost, "own: {own}");
    }
}

/// Whatever the way a client goes, what it has is visible again after a second; what another has stays.
#[test]
fn what_a_client_had_is_given_back_when_it_is_gone() {
    type Goes = fn(&mut Outside<'_>, &mut Proxy, ConnectionId);
    let ways: [(&str, bool, Goes, &[u64]); 4] = [
        (
            "goodbye",
            true,
            |out, proxy, client| {
                proxy.request(out, client, CALL, GrpcRequest::NotifyTermination { group: GROUP });
            },
            &[1, 1, 1],
        ),
        (
            "silent",
            true,
            |out, proxy, _| {
                hear(out, at(130_000));
                proxy.event(out, 0, ProxyEvent::ClientsScanned);
            },
            &[],
        ),
        ("silent, told by the broker", false, |out, proxy, client| proxy.member_expired(out, client), &[1, 1, 1]),
        ("it still speaks", true, |out, proxy, _| proxy.event(out, 0, ProxyEvent::ClientsScanned), &[]),
    ];
    for (word, own, goes, expected) in ways {
        let plan = of_grpc(own, renews());
        let mut out = outside(&plan);
        let (mut proxy, [client, _]) = proxy(&mut out);
        receives(&mut out, (&mut proxy, client), 3, 0);
        hear(&mut out, at(1_000));
        goes(&mut out, &mut proxy, client);
        let later = out.now() + Span::from_secs(1);
        let heard = hear(&mut out, later);
        let changes = asked(&mut out, &heard).into_iter().filter_map(|what| match what {
            OfProxy::ChangeInvisible { invisible, .. } => Some(invisible.as_millis() / 1_000),
            _ => None,
        });
        // Behind 120 s of silence the minute of each message is over as well, and nothing is said of it.
        assert_eq!(changes.collect::<Vec<_>>(), expected, "{word}");
        assert_eq!(
            proxy.memory.clients.len(),
            match word {
                "silent" => 0,
                "it still speaks" => 2,
                _ => 1,
            },
            "{word}"
        );
    }
}

/// Two members or one, and whoever asks: what is assigned follows from the route. Of a FIFO group it is each queue.
#[test]
fn what_is_assigned_is_a_function_of_the_route() {
    let assigned = |fifo: bool, ends: bool| {
        let mut plan = of_grpc(true, ProxySettings::default());
        plan.brokers[0].settings.consume_message_orderly = fifo;
        let mut out = outside(&plan);
        let (mut proxy, [one, other]) = proxy(&mut out);
        if ends {
            proxy.request(&mut out, other, CALL, GrpcRequest::NotifyTermination { group: GROUP });
        }
        let asks = GrpcRequest::QueryAssignment { group: GROUP, topic: TOPIC };
        let asker = if ends { one } else { other };
        proxy.request(&mut out, asker, CALL, asks);
        let heard = hear(&mut out, at(1_000));
        let found = heard.responses().into_iter().find_map(|(_, response)| match response {
            Response::Grpc(GrpcResponse::Assignment(assigned)) => Some(assigned.to_vec()),
            _ => None,
        });
        found.expect("it has a route")
    };
    let all: Vec<GrpcAssigned> = assigned(false, false);
    assert_eq!(all.len(), 1);
    assert_eq!(all, assigned(false, true));
    assert_eq!(assigned(true, false).len(), 4);
    assert_eq!(assigned(true, false), assigned(true, true));
}

/// A receive, and what the proxy says without asking a broker; or how long it lets the broker poll, in seconds.
#[test]
fn a_receive_has_to_leave_time_for_a_poll() {
    let s = Span::from_secs;
    let rows = [
        (None, s(20), s(23), Ok(20)),
        (None, s(1), s(23), Ok(5)),
        (None, s(60), s(63), Ok(20)),
        (Some(s(15)), s(1), s(4), Err("illegal_polling_time")),
        (Some(s(15)), s(3), s(6), Ok(5)),
        (Some(s(9)), s(20), s(23), Err("illegal_invisible_time")),
    ];
    for (invisible, poll, deadline, expected) in rows {
        let plan = of_grpc(false, ProxySettings::default());
        let mut out = outside(&plan);
        let (mut proxy, [client, _]) = proxy(&mut out);
        proxy.request(&mut out, client, CALL, receive(invisible, poll, deadline));
        let heard = hear(&mut out, at(10));
        let polls = asked(&mut out, &heard).into_iter().find_map(|what| match what {
            OfProxy::Pop { pop, .. } => Some(pop),
            _ => None,
        });
        let found = polls.as_ref().map(|pop| pop.poll.as_millis() / 1_000);
        assert_eq!(found.ok_or_else(|| answers(&heard)[0]), expected, "{invisible:?} {poll:?}");
        if let Some(pop) = polls {
            let hidden = invisible.unwrap_or(MINUTE);
            assert_eq!((pop.max_messages, pop.invisible, pop.queue), (32, hidden, None), "whatever the client asked");
        }
    }
}

/// `retryMaxTimes` is 16: a message that came back 17 times goes to the dead-letter queue, and its client gets nothing.
#[test]
fn what_came_back_too_often_goes_to_the_dead_letter_queue() {
    for (times, answer, kept) in [(16, "received", 1), (17, "message_not_found", 0)] {
        let plan = of_grpc(true, ProxySettings::default());
        let mut out = outside(&plan);
        let (mut proxy, [client, _]) = proxy(&mut out);
        receives(&mut out, (&mut proxy, client), 1, times);
        let heard = hear(&mut out, at(1_000));
        assert_eq!(answers(&heard), [answer]);
        let sent_back =
            heard.requests().iter().filter(|(_, request)| matches!(request, Request::SendBack { .. })).count();
        assert_eq!((proxy.memory.handles.len(), sent_back), (kept, 1 - kept));
    }
}

#[test]
fn a_proxy_that_starts_again_knows_nobody() {
    let plan = of_grpc(true, ProxySettings::default());
    let mut out = outside(&plan);
    let (mut proxy, [client, _]) = proxy(&mut out);
    receives(&mut out, (&mut proxy, client), 2, 0);
    proxy.ended(&mut out);
    let host = out.proxy_host(ProxyIndex(0));
    out.machines[host.at()].epoch += 1;
    let lost = Observation::HandlesLost { proxy: ProxyIndex(0), consumer: ConsumerIndex(0), count: 2 };
    assert!(hear(&mut out, at(10)).seen.contains(&lost));
    let asks = [
        (GrpcRequest::Heartbeat { group: GROUP, client: ClientIndex::of(0) }, "unrecognized_client_type"),
        (receive(None, Span::from_secs(20), Span::from_secs(23)), "internal_server_error"),
        (GrpcRequest::Settings { group: GROUP, client: ClientIndex::of(0), subscriptions: Rc::default() }, "settings"),
        (GrpcRequest::Heartbeat { group: GROUP, client: ClientIndex::of(0) }, "ok"),
    ];
    for (turn, (asked, expected)) in (2..).zip(asks) {
        proxy.request(&mut out, client, CALL, asked);
        assert_eq!(answers(&hear(&mut out, at(turn * 10))), [expected]);
    }
}
