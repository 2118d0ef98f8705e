//! Levers: the settings that somebody may pull to make a figure better, with the values that make sense, what RocketMQ asks
//! for them, and what they risk. `advise` tries them.
//!
//! ```text
//!   a figure --kinds of--> the levers that touch it --values that are sound here--> trials, each some values of --set
//! ```

mod release;
mod sound;
mod table;

use super::settings::known_settings;
use super::text::{Node, Value};
use crate::model::plan::Plan;

pub use sound::unsound;

/// What a figure speaks of, and a lever touches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Touches {
    /// Queues that stand still or have no owner, and messages that wait.
    Idle,
    /// Messages that come again, and queues with two owners.
    Again,
    /// Messages that are lost or passed over.
    Loss,
    /// How even it is, and what moves.
    Balance,
    /// What membership costs the brokers.
    Load,
}

impl Touches {
    /// What a figure speaks of; nothing where every lever may touch it.
    #[must_use]
    pub fn of_figure(figure: &str) -> &'static [Self] {
        let name = figure.rsplit(": ").next().unwrap_or(figure);
        match name.split('.').next().unwrap_or(name) {
            "stalled" | "idle" | "unowned" | "settle" | "pulls_refused" | "undelivered" | "lag" | "catch_up"
            | "latency" => &[Self::Idle],
            "duplicates" | "double_owned" | "commits_backwards" | "retried" | "dead_lettered" | "redelivery"
            | "revive_lag" | "held" | "ack_late" => &[Self::Again],
            "lost" | "skipped" | "acknowledged_lost" | "deleted_unread" | "hidden" => &[Self::Loss],
            "balance" | "moved_queues" | "share" => &[Self::Balance],
            "heartbeats" | "list_requests" | "notifications" | "pool_wait" | "rejected" => &[Self::Load],
            "sends_failed" | "sends_in_doubt" | "stored_twice" => &[Self::Loss, Self::Load],
            _ => &[],
        }
    }
}

/// Who has to do what for another value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// The setting is read when a client starts.
    ClientRestart,
    /// It is a system property of the client's JVM, read once.
    ClientProperty,
    /// It is read when a broker starts.
    BrokerRestart,
    /// It is read for each new connection: `mqadmin updateBrokerConfig`, and connections made after it.
    BrokerConnections,
    /// It is read each time: `mqadmin updateBrokerConfig` is enough.
    BrokerLive,
    /// It stands in the manifest of the Deployment, and counts from the next rollout on.
    Manifest,
    /// It is how the operator goes about the release.
    Release,
}

impl Needs {
    /// The side and what it takes, in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::ClientRestart => "client side, set before start(): every client restarts",
            Self::ClientProperty => "client side, a -D property of the JVM: every client restarts",
            Self::BrokerRestart => "broker side, in broker.conf: every broker restarts",
            Self::BrokerConnections => {
                "broker side, broker.conf or mqadmin updateBrokerConfig: counts for connections made after it"
            }
            Self::BrokerLive => "broker side, broker.conf or mqadmin updateBrokerConfig: no restart",
            Self::Manifest => "the Deployment's manifest: counts from the next rollout on",
            Self::Release => "how the release is rolled out: nothing restarts for it",
        }
    }
}

/// Where a lever's setting stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Groups,
    Broker,
    Deployment,
    /// The steps of the timeline with this action.
    Steps(&'static str),
}

/// One setting that can be pulled, or two that only make sense together.
struct Lever {
    /// Its name, and those of what goes with it.
    settings: &'static [&'static str],
    place: Place,
    touches: &'static [Touches],
    /// Values for the settings, in the order that is tried: mildest first.
    values: &'static [&'static [&'static str]],
    needs: Needs,
    /// What may go wrong, one sentence.
    risk: &'static str,
    /// The value now; `None`: the plan has no use for it.
    now: fn(&Plan) -> Option<String>,
}

/// One value of one lever, ready to be tried.
#[derive(Debug, Clone)]
pub struct Trial {
    /// The setting as people call it.
    pub setting: String,
    /// What it is in the plan.
    pub from: String,
    /// What is tried.
    pub to: String,
    /// The values of `--set` that do it.
    pub set: Vec<String>,
    /// Who has to do what.
    pub needs: Needs,
    /// What may go wrong.
    pub risk: &'static str,
    now: fn(&Plan) -> Option<String>,
}

impl PartialEq for Trial {
    fn eq(&self, other: &Self) -> bool {
        self.set == other.set
    }
}

impl Trial {
    /// Whether the plan that it made is another one: a value may be there already, or be held by a single broker or consumer.
    #[must_use]
    pub fn changes(&self, before: &Plan, after: &Plan) -> bool {
        (self.now)(before) != (self.now)(after)
    }
}

/// Everything that can be tried to better a figure of this plan; `text` is its file, for the positions of its steps.
#[must_use]
pub fn trials(figure: &str, plan: &Plan, text: &str) -> Vec<Trial> {
    let wanted = Touches::of_figure(figure);
    let touching = |lever: &&Lever| wanted.is_empty() || wanted.iter().any(|kind| lever.touches.contains(kind));
    let levers = table::LEVERS.iter().chain(release::LEVERS).filter(touching);
    levers.flat_map(|lever| of_lever(lever, plan, text)).collect()
}

fn of_lever(lever: &Lever, plan: &Plan, text: &str) -> Vec<Trial> {
    let Some(from) = (lever.now)(plan) else { return Vec::new() };
    let paths = paths(lever.place, plan, text);
    let one = |values: &&[&'static str]| Trial {
        setting: lever.settings.join(" and "),
        from: from.clone(),
        to: joined(values),
        set: (paths.iter())
            .flat_map(|path| {
                lever.settings.iter().zip(*values).map(move |(name, value)| format!("{path}.{name}={value}"))
            })
            .collect(),
        needs: lever.needs,
        risk: lever.risk,
        now: lever.now,
    };
    if paths.is_empty() { Vec::new() } else { lever.values.iter().map(one).filter(|trial| trial.to != from).collect() }
}

/// Values beside each other, one alone where all are the same.
fn joined(values: &[&str]) -> String {
    if values.windows(2).all(|pair| pair[0] == pair[1]) { values[0].to_owned() } else { values.join(" and ") }
}

/// The tables in which a setting of a place stands.
fn paths(place: Place, plan: &Plan, text: &str) -> Vec<String> {
    match place {
        Place::Broker => vec!["broker".to_owned()],
        Place::Groups => (0..written_groups(text)).map(|at| format!("groups.{at}")).collect(),
        Place::Deployment => {
            plan.deployments.iter().map(|pods| format!("groups.{}.deployment", pods.group.at())).collect()
        }
        Place::Steps(action) => {
            let of_action = |(at, found): (usize, String)| (found == action).then(|| format!("timeline.{at}"));
            actions(text).into_iter().enumerate().filter_map(of_action).collect()
        }
    }
}

/// How many tables of groups a file has; with `copies` one of them stands for many groups.
#[must_use]
pub fn written_groups(text: &str) -> usize {
    list(text, "groups").map_or(0, |groups| groups.len())
}

/// A list of the root table.
fn list(text: &str, key: &str) -> Option<Vec<Node>> {
    let Ok(Node { value: Value::Table(root), .. }) = Node::parse(text, 0) else { return None };
    match root.into_iter().find(|entry| entry.key == key)?.node.value {
        Value::List(list) => Some(list),
        _ => None,
    }
}

/// The actions of the timeline in the order of the file; none where it is no TOML.
fn actions(text: &str) -> Vec<String> {
    let Some(steps) = list(text, "timeline") else { return Vec::new() };
    let action = |step: &Node| {
        let Value::Table(entries) = &step.value else { return String::new() };
        match entries.iter().find(|entry| entry.key == "action").map(|entry| &entry.node.value) {
            Some(Value::Text(word)) => word.clone(),
            _ => String::new(),
        }
    };
    steps.iter().map(action).collect()
}

/// The sentence of the settings' own tables that says what one does; empty for a lever that is none of them.
#[must_use]
pub fn does(setting: &str) -> &'static str {
    known_settings().into_iter().find(|known| known.name == setting).map_or("", |known| known.does)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::known_figures;
    use crate::scenario::{Override, Scenario, parse};

    const STORY: &str = r#"
title = "t"
question = "q?"
duration = "200s"
brokers = ["broker-a"]
topics = [{ name = "orders", queues = 4 }]
[[producers]]
topic = "orders"
rate = "1/s"
[[groups]]
name = "g"
[groups.deployment]
replicas = 2
[[groups]]
name = "h"
count = 2
[[timeline]]
at = "50s"
action = "rollout"
group = "g"
[[timeline]]
at = "60s"
action = "rolling_restart"
group = "h"
interval = "20s"
"#;

    fn scenario(set: &[String]) -> Scenario {
        let overrides: Vec<Override> = set.iter().map(|text| Override::parse(text).expect("an override")).collect();
        let include =
            |name: &str| crate::scenario::environments::built_in(name).map(str::to_owned).ok_or_else(String::new);
        parse("story.toml", STORY, &overrides, &include).unwrap_or_else(|error| panic!("{set:?}: {error}"))
    }

    #[test]
    fn every_value_of_every_lever_is_read_and_changes_the_plan() {
        let base = scenario(&[]);
        let mut tried = 0;
        for trial in trials("", &base.plan, STORY) {
            let changed = scenario(&trial.set);
            assert!(trial.changes(&base.plan, &changed.plan), "{trial:?}");
            assert!(trial.risk.ends_with('.') && !trial.from.is_empty(), "{trial:?}");
            tried += 1;
        }
        assert!(tried >= 30, "only {tried} values were tried");
    }

    #[test]
    fn a_lever_says_the_value_that_it_sets() {
        let base = scenario(&[]);
        for trial in trials("", &base.plan, STORY) {
            let changed = scenario(&trial.set);
            assert_eq!((trial.now)(&changed.plan).as_deref(), Some(trial.to.as_str()), "{}", trial.setting);
        }
    }

    #[test]
    fn a_figure_has_the_levers_that_touch_it() {
        let base = scenario(&[]);
        let settings = |figure: &str| -> Vec<String> {
            let mut found: Vec<String> =
                trials(figure, &base.plan, STORY).into_iter().map(|trial| trial.setting).collect();
            found.dedup();
            found
        };
        let stall = settings("stalled.max");
        assert!(stall.iter().any(|name| name == "channelExpiredTimeout"), "{stall:?}");
        assert!(!stall.iter().any(|name| name == "persistConsumerOffsetInterval"), "{stall:?}");
        assert!(settings("duplicates").iter().any(|name| name == "persistConsumerOffsetInterval"));
        assert!(settings("duplicates").iter().any(|name| name == "interval"), "of the rolling restart");
        for figure in known_figures() {
            let none = ["delivered", "start_failed", "commands_refused", "route"];
            let known = !Touches::of_figure(figure.name).is_empty();
            assert!(known || none.contains(&figure.name.split('.').next().unwrap_or_default()), "{}", figure.name);
        }
    }

    #[test]
    fn steps_are_found_by_their_place_in_the_file() {
        assert_eq!(actions(STORY), ["rollout", "rolling_restart"]);
        let copies = STORY.replace("name = \"h\"", "name = \"h\"\ncopies = 9");
        assert_eq!((written_groups(STORY), written_groups(&copies), written_groups("")), (2, 2, 0));
        let base = scenario(&[]);
        let of =
            |setting: &str| trials("duplicates", &base.plan, STORY).into_iter().find(|trial| trial.setting == setting);
        assert_eq!(of("order").expect("a lever").set, ["timeline.1.order=by_id_descending"]);
        let surge = of("maxSurge and maxUnavailable").expect("a lever");
        assert_eq!(surge.set, ["groups.0.deployment.maxSurge=0", "groups.0.deployment.maxUnavailable=1"]);
    }
}
