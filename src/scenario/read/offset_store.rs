//! `offsetStore`: a name, or a table of a name and what that store is told.

use crate::model::plan::{ConsumerSettings, MessageModel};
use crate::offset::{ChosenStore, DatabaseCommit, Keeper, StoreParameters};
use crate::scenario::Plugins;
use crate::scenario::text::{Fault, Fields, Node, Value};

const NAME: &str = "the name of an offset store, such as \"RemoteBrokerOffsetStore\", or { name = \"ApplicationDatabase\", \
                    latency = \"2ms\", commit = \"with_work\" }";
const COMMITS: &str = "with_work or after_work";

/// The store that a group is given (`DefaultMQPushConsumer.setOffsetStore`); none: that of its message model.
pub(super) fn read_offset_store(
    fields: &Fields<'_>,
    plugins: &Plugins,
    consumer: &mut ConsumerSettings,
) -> Result<(), Fault> {
    let Some(node) = fields.get("offsetStore") else { return Ok(()) };
    let chosen = match &node.value {
        Value::Table(_) => {
            let own = Fields::of(node, "an offset store")?;
            let mut chosen = named(own.require("name", "\"ApplicationDatabase\"")?, plugins)?;
            read_parameters(&own, &mut chosen)?;
            own.finish()?;
            chosen
        }
        _ => named(node, plugins)?,
    };
    consumer.chosen_offset_store = Some(chosen);
    check_message_model(node, consumer)
}

fn named(node: &Node, plugins: &Plugins) -> Result<ChosenStore, Fault> {
    let name = node.text(NAME)?;
    let unknown = |known| Fault::new(node.place, format!("`{name}` is no offset store"), known);
    let store = plugins.store(name).map_err(unknown)?;
    Ok(ChosenStore { store, parameters: StoreParameters::default() })
}

/// What the named store is told; what others are told is a stranger to its table.
fn read_parameters(own: &Fields<'_>, chosen: &mut ChosenStore) -> Result<(), Fault> {
    if chosen.store.settings.contains(&"latency")
        && let Some(node) = own.get("latency")
    {
        chosen.parameters.latency = node.span(None)?;
    }
    if chosen.store.settings.contains(&"commit")
        && let Some(node) = own.get("commit")
    {
        chosen.parameters.commit = match node.text(COMMITS)? {
            "with_work" => DatabaseCommit::WithWork,
            "after_work" => DatabaseCommit::AfterWork,
            other => {
                let problem = format!("`{other}` is no moment to commit");
                return Err(Fault::new(node.place, problem, format!("allowed is {COMMITS}")));
            }
        };
    }
    Ok(())
}

/// Members that broadcast would overwrite each other's progress wherever they share it.
fn check_message_model(node: &Node, consumer: &ConsumerSettings) -> Result<(), Fault> {
    let Some(chosen) = consumer.chosen_offset_store else { return Ok(()) };
    if consumer.message_model == MessageModel::Clustering || chosen.store.keeper == Keeper::OwnFile {
        return Ok(());
    }
    let problem = format!("a BROADCASTING member with offsetStore {}", chosen.store.name);
    Err(Fault::new(
        node.place,
        problem,
        "its members would overwrite each other's progress: LocalFileOffsetStore is known",
    ))
}

/// A consumer or a release with another message model than its group has the group's store all the same.
pub(super) fn check_member(fields: &Fields<'_>, consumer: &ConsumerSettings) -> Result<(), Fault> {
    fields.get("offsetStore").map_or(Ok(()), |node| check_message_model(node, consumer))
}
