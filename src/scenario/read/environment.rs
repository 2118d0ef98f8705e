//! `environment`: latencies and service times, named or written out.

use crate::model::plan::Environment;
use crate::scenario::settings::{ENVIRONMENT, read_settings};
use crate::scenario::text::{Fault, Fields, Node, Sources, Value};

/// Finds the text of a named environment.
pub(super) type Include<'a> = &'a dyn Fn(&str) -> Result<String, String>;

/// Reads `environment = "NAME"` or an `[environment]` table, which may start from a `base`.
pub(super) fn read_environment(
    node: Option<&Node>,
    include: Include<'_>,
    sources: &mut Sources,
) -> Result<Environment, Fault> {
    let mut environment = Environment::default();
    match node {
        None => {}
        Some(node) if matches!(node.value, Value::Text(_)) => named(node, include, sources, &mut environment)?,
        Some(node) => {
            let fields = Fields::of(node, "the environment")?;
            if let Some(base) = fields.get("base") {
                named(base, include, sources, &mut environment)?;
            }
            read_fields(fields, &mut environment)?;
        }
    }
    Ok(environment)
}

/// Reads an environment file of its own over what is there.
fn named(node: &Node, include: Include<'_>, sources: &mut Sources, environment: &mut Environment) -> Result<(), Fault> {
    let name = node.name("the name of an environment, such as \"lan\"")?;
    let text =
        include(name).map_err(|reason| Fault::new(node.place, format!("there is no environment `{name}`"), reason))?;
    let source = sources.add(&format!("environments/{name}.toml"), &text);
    let root = Node::parse(&text, source)?;
    read_fields(Fields::of(&root, format!("environment `{name}`"))?, environment)
}

fn read_fields(fields: Fields<'_>, environment: &mut Environment) -> Result<(), Fault> {
    read_settings(ENVIRONMENT, &fields, environment)?;
    fields.finish()
}
