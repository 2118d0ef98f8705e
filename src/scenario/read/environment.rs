//! `environment`: latencies and service times, named or written out.

use std::path::Path;

use crate::model::plan::Environment;
use crate::scenario::environments::{EnvironmentName, built_in};
use crate::scenario::settings::{ENVIRONMENT, read_settings};
use crate::scenario::text::{Fault, Fields, Node, Sources, Value};

/// Finds the text of a named environment.
pub(super) type Include<'a> = &'a dyn Fn(&str) -> Result<String, String>;

/// Reads `environment = "NAME"` or an `[environment]` table, which may start from a `base`; answers its name too.
pub(super) fn read_environment(
    node: Option<&Node>,
    include: Include<'_>,
    sources: &mut Sources,
) -> Result<(EnvironmentName, Environment), Fault> {
    let mut environment = Environment::default();
    let name = match node {
        None => EnvironmentName::default(),
        Some(node) if matches!(node.value, Value::Text(_)) => named(node, include, sources, &mut environment)?,
        Some(node) => {
            let fields = Fields::read(node, "the environment")?;
            let own = "a table of its own";
            let name = match fields.get("base") {
                None => EnvironmentName { name: own.to_owned(), file: None },
                Some(base) => {
                    let base = named(base, include, sources, &mut environment)?;
                    EnvironmentName { name: format!("{own} over {}", base.name), file: base.file }
                }
            };
            read_fields(fields, &mut environment)?;
            name
        }
    };
    Ok((name, environment))
}

/// Reads an environment file of its own over what is there.
fn named(
    node: &Node,
    include: Include<'_>,
    sources: &mut Sources,
    environment: &mut Environment,
) -> Result<EnvironmentName, Fault> {
    let name = node.name("the name of an environment, such as \"lan\"")?;
    let text =
        include(name).map_err(|reason| Fault::new(node.place, format!("there is no environment `{name}`"), reason))?;
    let source = sources.add(&format!("environments/{name}.toml"), &text);
    let root = Node::parse(&text, source)?;
    read_fields(Fields::of(&root, format!("environment `{name}`"))?, environment)?;
    // A file that says the same as what is built in is not worth a word.
    let own_file = built_in(name) != Some(text.as_str());
    Ok(EnvironmentName { name: name.to_owned(), file: own_file.then(|| beside(sources.file(), name)) })
}

/// The file of an environment of one's own, as it lies beside the scenario.
fn beside(scenario: &str, name: &str) -> String {
    let folder = Path::new(scenario).parent().filter(|folder| !folder.as_os_str().is_empty());
    format!("{}/environments/{name}.toml", folder.unwrap_or(Path::new(".")).display())
}

fn read_fields(fields: Fields<'_>, environment: &mut Environment) -> Result<(), Fault> {
    read_settings(ENVIRONMENT, &fields, environment)?;
    fields.finish()
}
