//! `listener`, and what an orderly one may be told besides.

use crate::model::plan::{Listener, OrderlyListener, OwnListener};
use crate::scenario::Plugins;
use crate::scenario::text::{Fault, Fields, Node, Value};

/// `ConsumeConcurrentlyContext.delayLevelWhenNextConsume`.
fn delay_level(node: &Node) -> Result<i32, Fault> {
    const MOST: i64 = 18;
    match node.value {
        Value::Integer(level @ -1..=MOST) => Ok(level as i32),
        _ => Err(Fault::new(node.place, "`delayLevelWhenNextConsume` is no level", "allowed is -1 to 18")),
    }
}

/// A listener of a program that uses this crate, which says how long it works and whether it fails.
fn own(fields: &Fields<'_>, node: &Node, name: &str, plugins: &Plugins) -> Result<OwnListener, Fault> {
    const LISTENERS: &str = "concurrently or orderly";
    let unknown = |known: String| {
        let more = if known.is_empty() { String::new() } else { format!("; of those that are registered {known}") };
        Fault::new(node.place, format!("`{name}` is no listener"), format!("allowed is {LISTENERS}{more}"))
    };
    let own = plugins.listener_of(name).map_err(unknown)?;
    for other in ["work", "failures", "panics"] {
        if let Some(node) = fields.get(other) {
            let problem = format!("the listener {name} is there, and `{other}` too");
            return Err(Fault::new(
                node.place,
                problem,
                "a registered listener says itself how long it works, and fails",
            ));
        }
    }
    Ok(own)
}

/// `listener`, `autoCommit`, `commitEvery` and `failureResult`.
pub(super) fn read_listener(fields: &Fields<'_>, plugins: &Plugins, listener: &mut Listener) -> Result<(), Fault> {
    const LISTENERS: &str = "concurrently or orderly";
    const RESULTS: &str = "SUSPEND_CURRENT_QUEUE_A_MOMENT or ROLLBACK";
    if let Some(node) = fields.get("listener") {
        match node.text(LISTENERS)? {
            "concurrently" => (listener.orderly, listener.own) = (None, None),
            "orderly" => {
                listener.orderly.get_or_insert_with(OrderlyListener::default);
                listener.own = None;
            }
            name => {
                let own = own(fields, node, name, plugins)?;
                listener.orderly = own.listener.orderly().then(OrderlyListener::default);
                listener.own = Some(own);
            }
        }
    }
    if let Some(node) = fields.get("delayLevelWhenNextConsume") {
        listener.delay_level_when_next_consume = delay_level(node)?;
    }
    let Some(orderly) = &mut listener.orderly else {
        for name in ["autoCommit", "commitEvery", "failureResult", "suspendCurrentQueueTimeMillis"] {
            if let Some(node) = fields.get(name) {
                return Err(Fault::new(
                    node.place,
                    format!("`{name}` has no effect on a concurrent listener"),
                    "it needs listener = \"orderly\"",
                ));
            }
        }
        return Ok(());
    };
    if let Some(node) = fields.get("autoCommit") {
        orderly.auto_commit = node.flag()?;
    }
    if let Some(node) = fields.get("failureResult") {
        orderly.rolls_back = match node.text(RESULTS)? {
            "SUSPEND_CURRENT_QUEUE_A_MOMENT" => false,
            "ROLLBACK" => true,
            other => {
                let problem = format!("`{other}` is no result of an orderly listener that failed");
                return Err(Fault::new(node.place, problem, format!("allowed is {RESULTS}")));
            }
        };
        if orderly.rolls_back && orderly.auto_commit {
            return Err(Fault::new(
                node.place,
                "with autoCommit RocketMQ counts ROLLBACK as a success",
                "write autoCommit = false, or leave ROLLBACK out",
            ));
        }
    }
    if let Some(node) = fields.get("commitEvery") {
        if orderly.auto_commit {
            return Err(Fault::new(
                node.place,
                "with autoCommit every batch is committed",
                "write autoCommit = false as well",
            ));
        }
        orderly.commit_every = node.count(1, 1_000_000)?;
    }
    Ok(())
}
