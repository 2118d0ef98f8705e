//! `[[groups.releases]]`: what every consumer of the group is when it is started as a release.

use super::identity::Identity;
use super::strategy::Surroundings;
use super::template::{Template, read_template};
use crate::model::plan::ConsumerPlan;
use crate::scenario::text::{Fault, Fields, list};

/// A release of a group.
pub(super) struct Release<'a> {
    /// Its name.
    pub name: String,
    /// What it makes of a consumer that has no settings of its own.
    pub template: Template,
    fields: Fields<'a>,
}

/// The releases of a group, whose consumers are not made yet.
pub(super) fn read_releases<'a>(
    fields: &Fields<'a>,
    template: &Template,
    around: Surroundings<'_>,
) -> Result<Vec<Release<'a>>, Fault> {
    let items = fields.get("releases").map_or(Ok(&[][..]), |node| list(node, "[[groups.releases]] tables"))?;
    let mut releases: Vec<Release<'a>> = Vec::new();
    for item in items {
        let fields = Fields::read(item, "a release")?;
        let node = fields.require("name", "\"v2\"")?;
        let name = node.name("the name of a release")?.to_owned();
        if releases.iter().any(|other| other.name == name) {
            let problem = format!("two releases are named `{name}`");
            return Err(Fault::new(node.place, problem, "give each release a name of its own"));
        }
        for fixed in
            ["messageModel", "listener", "machine", "start", "clientIP", "instanceName", "unitName", "instance"]
        {
            if let Some(node) = fields.get(fixed) {
                let problem = format!("a release cannot change `{fixed}`");
                return Err(Fault::new(node.place, problem, "write it in the group or in a consumer"));
            }
        }
        let mut template = template.clone();
        read_template(&fields, around, &mut template)?;
        releases.push(Release { name, template, fields });
    }
    Ok(releases)
}

impl Release<'_> {
    /// What the release makes of a consumer.
    pub fn of(&self, member: &ConsumerPlan, around: Surroundings<'_>) -> Result<ConsumerPlan, Fault> {
        let ConsumerPlan { topics, tags, client, consumer, listener, .. } = member.clone();
        let identity = Identity::default();
        let mut template =
            Template { topics, tags, client, consumer, listener, start: None, machine: None, identity, strategy: None };
        read_template(&self.fields, around, &mut template)?;
        let one_language = self.template.client.go.is_some() == template.client.go.is_some();
        if one_language && self.fields.get("allocateMessageQueueStrategy").is_some() {
            // Made once, so that members that share a strategy also share what it answers.
            template.consumer.allocate_message_queue_strategy =
                self.template.consumer.allocate_message_queue_strategy.clone();
        }
        let Template { topics, tags, client, consumer, listener, .. } = template;
        Ok(ConsumerPlan { topics, tags, client, consumer, listener, ..member.clone() })
    }

    /// Refuses keys that no release has, and answers the name.
    pub fn finish(self) -> Result<String, Fault> {
        self.fields.finish()?;
        Ok(self.name)
    }
}
