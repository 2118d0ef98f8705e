//! From what was typed to the question.

use super::super::Failure;
use super::super::bounded::{self, Sort};
use super::story::{self, Story};
use super::{ChangeArguments, MemberArguments, StrategyArguments, Typed, queues, settings};
use crate::allocation::{Change, IdPattern, Members, Question, Queues};
use crate::mqadmin;
use crate::strategy::ClientId;

/// How ids look unless told.
const DEFAULT_PATTERN: &str = "10.0.0.{n}@{pid}";

/// What is asked.
pub(super) struct Input {
    /// With the first strategy.
    pub(super) question: Question,
    /// All strategies.
    pub(super) strategies: Vec<String>,
    pub(super) change: Option<Change>,
    /// The group is `BROADCASTING`: nothing is allocated.
    pub(super) broadcasting: bool,
}

/// Ids in the order in which they were given, and what their order says about further ones.
struct Given {
    ids: Vec<ClientId>,
    /// The pattern that made them.
    pattern: Option<IdPattern>,
    /// The list says that the group is `BROADCASTING`.
    broadcasting: bool,
}

/// Reads files, scenario and stdin.
pub(super) fn read(arguments: &Typed) -> Result<Input, Failure> {
    check_stdin(arguments)?;
    let story = arguments.scenario.as_deref().map(|file| story::read(file, arguments.group.as_deref())).transpose()?;
    let queues = Queues::new(queues::queues(&arguments.queues, story.as_ref())?).map_err(Failure::bad_input)?;
    let given = members(&arguments.members, story.as_ref())?;
    let members = Members::new(given.ids.clone()).map_err(Failure::bad_input)?;
    let strategies = strategies(&arguments.strategy, story.as_ref());
    let mut views = story.as_ref().map(|story| story.views.clone()).unwrap_or_default();
    views.retain(|id, _| members.has(id));
    if arguments.strategy.strategy.is_some() || !arguments.strategy.compare.is_empty() {
        views.values_mut().for_each(|view| view.strategy = None);
    }
    arguments.views.apply(&mut views, &members, &queues)?;
    let change = change(&arguments.change, &given, &members, arguments.members.id_pattern.as_deref())?;
    let broadcasting = given.broadcasting || story.as_ref().is_some_and(|story| story.broadcasting);
    let group = story.map_or_else(|| "group".to_owned(), |story| story.group);
    let parameters = settings::parameters(&arguments.strategy)?;
    let question = Question { group, queues, members, views, strategy: strategies[0].clone(), parameters };
    Ok(Input { question, strategies, change, broadcasting })
}

fn check_stdin(arguments: &Typed) -> Result<(), Failure> {
    let files = [&arguments.queues.queues_file, &arguments.members.consumers_file, &arguments.strategy.config_file];
    match files.iter().filter(|file| file.as_deref() == Some("-")).count() {
        0 | 1 => Ok(()),
        _ => Err(Failure::bad_input("stdin can be read once; give `-` to one option and a file to the other")),
    }
}

/// The text of a file, or of stdin.
pub(super) fn text(file: &str) -> Result<String, Failure> {
    let read =
        if file == "-" { bounded::stdin(Sort::List) } else { bounded::text(std::path::Path::new(file), Sort::List) };
    read.map_err(|error| Failure::bad_input(format!("cannot read `{file}`: {error}")))
}

fn members(typed: &MemberArguments, story: Option<&Story>) -> Result<Given, Failure> {
    if let Some(count) = typed.count {
        let pattern = IdPattern::parse(typed.id_pattern.as_deref().unwrap_or(DEFAULT_PATTERN));
        let pattern = pattern.map_err(Failure::bad_input)?;
        let ids = (1..=u64::from(count)).map(|number| pattern.id(number)).collect();
        return Ok(Given { ids, pattern: Some(pattern), broadcasting: false });
    }
    let ids = match (&typed.consumers_file, story) {
        (Some(file), _) => {
            let list = mqadmin::members(&text(file)?);
            let list = list.map_err(|error| Failure::bad_input(format!("`{file}`, {error}")))?;
            if list.ids.is_empty() {
                return Err(Failure::bad_input(format!("`{file}` names no client ids")));
            }
            return Ok(Given { ids: list.ids, pattern: None, broadcasting: list.broadcasting });
        }
        (None, _) if !typed.consumers.is_empty() => typed.consumers.iter().map(|id| id.as_str().into()).collect(),
        (None, Some(story)) => story.ids.clone(),
        (None, None) => {
            let why = "there are no members: give --consumers, --count, --consumers-file, or --scenario";
            return Err(Failure::bad_input(why));
        }
    };
    Ok(Given { ids, pattern: None, broadcasting: false })
}

fn strategies(typed: &StrategyArguments, story: Option<&Story>) -> Vec<String> {
    match &typed.strategy {
        _ if !typed.compare.is_empty() => typed.compare.clone(),
        Some(strategy) => vec![strategy.clone()],
        None => vec![story.map_or_else(|| "AVG".to_owned(), |story| story.strategy.clone())],
    }
}

/// Who comes and who goes; `None`: nothing was said of a change.
fn change(
    typed: &ChangeArguments,
    given: &Given,
    members: &Members,
    pattern: Option<&str>,
) -> Result<Option<Change>, Failure> {
    let further = |count: usize| -> Result<Vec<ClientId>, Failure> {
        if count == 0 {
            return Ok(Vec::new());
        }
        let (pattern, from) = match (&given.pattern, pattern) {
            (Some(made), _) => (made.clone(), given.ids.len() as u64 + 1),
            (None, Some(text)) => (IdPattern::parse(text).map_err(Failure::bad_input)?, given.ids.len() as u64 + 1),
            (None, None) => IdPattern::of(&given.ids).map_err(Failure::bad_input)?,
        };
        pattern.further(from, count, |id| members.has(id)).map_err(Failure::bad_input)
    };
    if let Some(replicas) = typed.replicas {
        let (replicas, now) = (replicas as usize, given.ids.len());
        let added = further(replicas.saturating_sub(now))?;
        return Ok(Some(Change { added, removed: given.ids.iter().skip(replicas).cloned().collect() }));
    }
    if typed.add.is_none() && typed.remove.is_empty() {
        return Ok(None);
    }
    let added = match typed.add.as_deref().map(|text| (text, text.parse::<usize>())) {
        None => Vec::new(),
        Some((_, Ok(count @ 1..=1_000_000))) => further(count)?,
        Some((text, Ok(_))) => {
            return Err(Failure::bad_input(format!("--add {text}: from 1 to 1000000 members can be added")));
        }
        Some((text, Err(_))) => text.split(',').map(Into::into).collect(),
    };
    let change = Change { added, removed: typed.remove.iter().map(|id| id.as_str().into()).collect() };
    // Said here already, before anything is written.
    change.after(members).map_err(Failure::bad_input)?;
    Ok(Some(change))
}
