//! Members that see or do something else than the rest.

use clap::Args;

use super::super::Failure;
use crate::allocation::{Members, Queues, View, Views};
use crate::wording::instead;

/// How single members differ.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Members that differ")]
pub(super) struct ViewArguments {
    /// The member list one member was told, as from a broker that has just restarted; may be repeated.
    #[arg(long, value_name = "ID=IDS")]
    sees: Vec<String>,
    /// The brokers one member's route knows, as from a name server that has lost one; may be repeated.
    #[arg(long, value_name = "ID=BROKERS")]
    sees_brokers: Vec<String>,
    /// The topics one member subscribes to; may be repeated.
    #[arg(long, value_name = "ID=TOPICS")]
    subscribes: Vec<String>,
    /// The strategy one member was built with; may be repeated.
    #[arg(long, value_name = "ID=STRATEGY")]
    uses: Vec<String>,
}

impl ViewArguments {
    /// Adds what was typed to the views of a scenario, if there are any.
    pub(super) fn apply(&self, views: &mut Views, members: &Members, queues: &Queues) -> Result<(), Failure> {
        let mut each =
            |option: &str, typed: &[String], change: &mut dyn FnMut(&mut View, Vec<String>) -> Option<String>| {
                typed.iter().try_for_each(|typed| {
                    let refuse = |why: String| Failure::bad_input(format!("--{option} {typed}: {why}"));
                    let (id, list) =
                        typed.split_once('=').ok_or_else(|| refuse("write a client id, =, and a list".to_owned()))?;
                    if !members.has(id) {
                        return Err(refuse(format!("no member has the client id `{id}`")));
                    }
                    let list: Vec<String> = list.split(',').map(str::to_owned).collect();
                    if list.iter().any(String::is_empty) {
                        return Err(refuse("a name is empty".to_owned()));
                    }
                    change(views.entry(id.to_owned()).or_default(), list).map_or(Ok(()), |why| Err(refuse(why)))
                })
            };
        each("sees", &self.sees, &mut |view, ids| {
            view.ids = Some(ids.iter().map(|id| id.as_str().into()).collect());
            None
        })?;
        each("sees-brokers", &self.sees_brokers, &mut |view, brokers| {
            let stranger = unknown(&brokers, &queues.brokers(), "broker");
            view.brokers = Some(brokers.into_iter().collect());
            stranger
        })?;
        each("subscribes", &self.subscribes, &mut |view, topics| {
            let stranger = unknown(&topics, &queues.topics().map(|topic| topic.name).collect::<Vec<_>>(), "topic");
            view.topics = Some(topics.into_iter().collect());
            stranger
        })?;
        each("uses", &self.uses, &mut |view, mut names| {
            view.strategy = names.pop();
            (!names.is_empty()).then(|| "a member has one strategy".to_owned())
        })
    }
}

/// What to say of the first name that is not among those known.
fn unknown(names: &[String], known: &[&str], what: &str) -> Option<String> {
    let stranger = names.iter().find(|name| !known.contains(&name.as_str()))?;
    Some(format!("there is no {what} `{stranger}`; {}", instead(stranger, known.iter().copied())))
}
