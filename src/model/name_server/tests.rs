//! Tables of one name server without a world: registration, expiry, routes (`RouteInfoManager.scanNotActiveBroker`,
//! `RouteInfoManager.pickupTopicRouteData`).

use super::*;
use crate::kernel::Instant;
use crate::model::ids::AddressNumber;
use crate::model::plan::BrokerPlan;
use crate::model::testing::{CALL, connect, hear, outside, plan};

/// The one broker's name.
const NAME: BrokerIndex = BrokerIndex(0);

struct Scene<'a> {
    name_server: NameServer,
    out: Outside<'a>,
    channels: Vec<ConnectionId>,
}

impl<'a> Scene<'a> {
    fn of(plan: &'a crate::model::plan::Plan) -> Self {
        let mut out = outside(plan);
        let brokers = BrokerIndex::first(plan.brokers.len());
        let channels =
            brokers.map(|own| connect(&mut out, Host::Broker(own), Host::NameServer(NameServerIndex(0)))).collect();
        Self { name_server: NameServer::new(NameServerIndex(0)), out, channels }
    }

    fn ask(&mut self, broker: usize, request: Request) {
        self.name_server.request(&mut self.out, self.channels[broker], CALL, request);
    }

    /// A broker registers topic 0 with so many queues.
    fn register(&mut self, broker: BrokerIndex, queues: u32) {
        let topic = OpenTopic { topic: TopicIndex(0), read: queues, write: queues };
        let (broker_id, topics) = (self.out.replicas.id(broker), Rc::new(vec![topic]));
        self.ask(broker.into(), Request::RegisterBroker { broker_id, topics });
    }

    /// Its route of topic 0: broker, what can be read and written, and the master.
    fn route(&mut self) -> Vec<(BrokerIndex, u32, u32, Option<BrokerIndex>)> {
        let route = self.name_server.route(&self.out, TopicIndex(0));
        let entry = |e: &RouteEntry| (e.broker, e.read_queue_nums, e.write_queue_nums, e.addresses.master());
        route.map(|route| route.iter().map(entry).collect()).unwrap_or_default()
    }
}

/// `brokerChannelExpiredTime`, 120 s; with `enableSlaveActingMaster` `brokerNotActiveTimeoutMillis`, 10 s.
#[test]
fn a_silent_broker_is_dropped_by_the_scan_and_one_that_closes_at_once() {
    for (acting, sign_at, scan_at, left) in [
        (false, None, 120_000, 1),
        (false, None, 120_001, 0),
        (true, None, 10_001, 0),
        (true, Some(5_000), 15_000, 1),
        (true, Some(5_000), 15_001, 0),
    ] {
        let mut plan = plan(0);
        plan.brokers[0].settings.enable_slave_acting_master = acting;
        let mut scene = Scene::of(&plan);
        scene.register(BrokerIndex(0), 4);
        if let Some(at) = sign_at {
            hear(&mut scene.out, Instant::from_millis(at));
            scene.ask(0, Request::BrokerHeartbeat);
        }
        hear(&mut scene.out, Instant::from_millis(scan_at));
        scene.name_server.scanned(&mut scene.out, 0);
        assert_eq!(scene.route().len(), left, "acting: {acting}, a sign at {sign_at:?}, a scan at {scan_at} ms");
    }
    let plan = plan(0);
    let mut scene = Scene::of(&plan);
    scene.register(BrokerIndex(0), 4);
    scene.name_server.channel_ended(&mut scene.out, scene.channels[0]);
    assert!(scene.route().is_empty() && scene.out.registered[0].is_empty());
}

/// With `enableSlaveActingMaster` it can be read without a master; with `supportActingMaster` the slave counts as one.
#[test]
fn a_route_lasts_as_long_as_any_broker_of_the_name() {
    for (acting, supported, expected) in [
        (false, true, (NAME, 4, 4, None)),
        (true, false, (NAME, 4, 0, None)),
        (true, true, (NAME, 4, 0, Some(BrokerIndex(1)))),
    ] {
        let mut plan = plan(0);
        plan.brokers.push(crate::model::plan::BrokerPlan {
            slave_of: Some(BrokerIndex(0)),
            broker_id: 1,
            ..BrokerPlan::master("b0s")
        });
        plan.brokers.iter_mut().for_each(|own| own.settings.enable_slave_acting_master = acting);
        plan.name_servers[0].settings.support_acting_master = supported;
        let mut scene = Scene::of(&plan);
        scene.register(BrokerIndex(0), 4);
        scene.register(BrokerIndex(1), 9);
        assert_eq!(scene.route(), [(NAME, 4, 4, Some(NAME))], "the slave's topics do not count");
        scene.ask(0, Request::UnregisterBroker);
        assert_eq!(scene.route(), [expected], "acting: {acting}, supported: {supported}");
        assert_eq!(
            scene.out.registered_brokers(BrokerIndex(0), None).map(Iterator::collect),
            Some(vec![BrokerIndex(1)])
        );
        scene.ask(1, Request::UnregisterBroker);
        assert!(scene.route().is_empty());
    }
}

/// `unRegisterBroker` takes away what has the caller's address: not what came to another one since.
#[test]
fn a_broker_that_has_moved_is_not_unregistered_from_its_old_address() {
    let plan = plan(0);
    let mut scene = Scene::of(&plan);
    scene.register(BrokerIndex(0), 4);
    let old = scene.channels[0];
    scene.channels[0] = connect(&mut scene.out, Host::Broker(BrokerIndex(0)), Host::NameServer(NameServerIndex(0)));
    scene.out.connections[scene.channels[0]].client_address = AddressNumber(1);
    scene.register(BrokerIndex(0), 4);
    scene.channels[0] = old;
    scene.ask(0, Request::UnregisterBroker);
    scene.name_server.channel_ended(&mut scene.out, old);
    assert_eq!(scene.route(), [(NAME, 4, 4, Some(NAME))]);
}

/// Since 5.0.0 every 5 s; before after 5 s and then every 10 s.
#[test]
fn a_name_server_looks_every_five_seconds_or_every_ten() {
    for (settings, expected) in [((5, None), [5, 10, 15, 20]), ((10, Some(5)), [5, 15, 25, 35])] {
        let mut plan = plan(0);
        plan.name_servers[0].settings.scan_not_active_broker_interval = Span::from_secs(settings.0);
        plan.name_servers[0].settings.first_scan = settings.1.map(Span::from_secs);
        let mut scene = Scene::of(&plan);
        let host = scene.out.name_server_host(NameServerIndex(0));
        scene.out.machines[host.at()].running = false;
        scene.name_server.booted(&mut scene.out, 0);
        let mut looks = Vec::new();
        for second in 1..=36 {
            for (_, event) in hear(&mut scene.out, Instant::from_millis(second * 1_000)).due {
                if let crate::model::event::Event::NameServer { epoch, what, .. } = event {
                    looks.push(second);
                    scene.name_server.event(&mut scene.out, epoch, what);
                }
            }
        }
        looks.truncate(expected.len());
        assert_eq!(looks, expected, "{settings:?}");
    }
}
