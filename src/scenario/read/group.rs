//! `[[groups]]` and their consumers.

use std::collections::BTreeMap;

use super::deployment::{Rollout, read_deployment};
use super::hosts::{Hosts, one_of};
use super::offset_store::{check_member, read_offset_store};
use super::release::{Release, read_releases};
use super::size::MOST_SUBSCRIPTIONS;
use super::strategy::Surroundings;
use super::template::{Template, member, read_template};

use crate::model::plan::{
    BrokerIndex, ConsumerIndex, ConsumerPlan, Created, DeploymentPlan, GroupIndex, GroupPlan, When,
};
use crate::scenario::text::{Fault, Fields, Node, Value, list};

/// So many consumers a scenario may have; their numbers are 16 bits wide.
const MOST_CONSUMERS: usize = 60_000;

/// A consumer and when it starts, if the file says so.
pub(super) struct Member {
    /// What the model is told.
    pub plan: ConsumerPlan,
    /// Its `start`.
    pub start: Option<When>,
    /// Name of the `MQClientInstance` that it may share.
    pub instance: Option<String>,
}

/// The consumers read so far, which are found by their machine and their instance.
#[derive(Default)]
pub(super) struct Members {
    all: Vec<Member>,
    /// Position of the first on each machine, which gives its address.
    machines: BTreeMap<String, usize>,
    /// Positions of those that share an `MQClientInstance`.
    instances: BTreeMap<String, Vec<usize>>,
}

impl Members {
    /// All of them, group by group.
    pub fn all(&self) -> &[Member] {
        &self.all
    }

    /// All of them, for good.
    pub fn into_all(self) -> Vec<Member> {
        self.all
    }

    fn push(&mut self, member: Member) {
        let at = self.all.len();
        self.machines.entry(member.plan.machine.clone()).or_insert(at);
        if let Some(instance) = &member.instance {
            self.instances.entry(instance.clone()).or_default().push(at);
        }
        self.all.push(member);
    }

    /// The number of a machine, from 1; that of the next one where nobody runs on it yet.
    pub fn number_of_machine(&self, machine: &str) -> usize {
        self.machines.get(machine).copied().unwrap_or(self.all.len()) + 1
    }

    /// Who uses an instance.
    pub fn of_instance(&self, instance: &str) -> &[usize] {
        self.instances.get(instance).map_or(&[], Vec::as_slice)
    }
}

/// Everything that `[[groups]]` makes.
#[derive(Default)]
pub(super) struct Groups {
    /// The groups.
    pub groups: Vec<GroupPlan>,
    /// Their consumers, group by group.
    pub members: Members,
    /// What later releases make of them.
    pub releases: Vec<ConsumerPlan>,
    /// Those that Kubernetes runs.
    pub deployments: Vec<DeploymentPlan>,
    /// Topics that they subscribe, all together.
    pub subscriptions: usize,
}

/// Refuses more than fit into memory.
fn check_subscriptions(fields: &Fields<'_>, subscriptions: usize) -> Result<(), Fault> {
    if subscriptions <= MOST_SUBSCRIPTIONS {
        return Ok(());
    }
    let problem = format!("up to this group consumers subscribe {subscriptions} topics");
    let allowed = format!("allowed are {MOST_SUBSCRIPTIONS} in all; lower the number of consumers or topics");
    Err(Fault::new(fields.place, problem, allowed))
}

/// `[[groups]]`; the rollouts of the timeline say how many revisions a deployment has.
pub(super) fn read_groups(
    root: &Fields<'_>,
    around: Surroundings<'_>,
    hosts: &mut Hosts,
    rollouts: &[Rollout],
) -> Result<Groups, Fault> {
    let node = root.require("groups", "[{ name = \"g\", topics = [\"orders\"], count = 2 }]")?;
    let items = list(node, "[[groups]] tables")?;
    if items.is_empty() || items.len() > 10_000 {
        return Err(Fault::new(node.place, format!("there are {} groups", items.len()), "allowed is 1 to 10000"));
    }
    let mut read = Groups::default();
    for item in items {
        let fields = Fields::read(item, "a group")?;
        let copies = fields.get("copies").map_or(Ok(1), |node| node.count(1, 1_000))?;
        for number in 1..=copies {
            read_group(&fields, (copies > 1).then_some(number), around, (hosts, rollouts), &mut read)?;
        }
        fields.finish()?;
    }
    Ok(read)
}

/// One group, or one of the copies that a table asks for, which get numbers behind their name.
fn read_group(
    fields: &Fields<'_>,
    number: Option<u32>,
    around: Surroundings<'_>,
    (hosts, rollouts): (&mut Hosts, &[Rollout]),
    read: &mut Groups,
) -> Result<(), Fault> {
    let name_node = fields.require("name", "\"g\"")?;
    let name = name_node.name("the name of a group")?;
    let name = number.map_or_else(|| name.to_owned(), |number| format!("{name}-{number}"));
    if read.groups.iter().any(|group| group.name == name) {
        return Err(Fault::new(
            name_node.place,
            format!("two groups are named `{name}`"),
            "give each group a name of its own",
        ));
    }
    let mut template = Template::new(around.topics.len());
    read_template(fields, around, &mut template)?;
    read_offset_store(fields, around.plugins, &mut template.consumer)?;
    let releases = read_releases(fields, &template, around)?;
    let (first, group) = (read.members.all().len(), GroupIndex::of(read.groups.len()));
    match fields.get("deployment") {
        Some(node) => {
            let own: Vec<&Rollout> = rollouts.iter().filter(|(of, _)| *of == name).collect();
            let pods = Pods { name: &name, node, template: &template, releases: &releases };
            pods.read(fields, group, &own, hosts, read)?;
        }
        None => read_members(fields, group, &template, around, hosts, &mut read.members)?,
    }
    for release in &releases {
        for member in &read.members.all()[first..] {
            read.releases.push(release.of(&member.plan, around)?);
        }
    }
    for member in &read.members.all()[first..] {
        check_member(fields, &member.plan.consumer)?;
        check_language(fields, member, read)?;
    }
    read.subscriptions += read.members.all()[first..].iter().map(|member| member.plan.topics.len()).sum::<usize>();
    check_subscriptions(fields, read.subscriptions)?;
    let releases = releases.into_iter().map(Release::finish).collect::<Result<Vec<_>, _>>()?;
    let created = read_created(fields, around)?;
    read.groups.push(GroupPlan { name, created, releases });
    Ok(())
}

/// Consumers of one process run one client, Java's or Go's, in every release.
fn check_language(fields: &Fields<'_>, member: &Member, read: &Groups) -> Result<(), Fault> {
    if member.instance.is_some() && member.plan.client.grpc.is_some() {
        let problem = format!("{} speaks gRPC, and shares no MQClientInstance", member.plan.name);
        return Err(Fault::new(fields.place, problem, "leave `instance` out"));
    }
    let is_go = |plan: &ConsumerPlan| plan.client.go.is_some();
    let own = is_go(&member.plan);
    if let Some(node) = fields.get("offsetStore").filter(|_| own) {
        return Err(Fault::new(node.place, "the Go client has no offset store but its own", "leave it out"));
    }
    let owner = member.plan.instance_of.map(|owner| is_go(&read.members.all()[owner.at()].plan));
    let mut releases = read.releases.iter().filter(|release| release.name == member.plan.name);
    let changes = member.instance.is_some() && releases.any(|release| is_go(release) != own);
    if owner.is_none_or(|owner| owner == own) && !changes {
        return Ok(());
    }
    let name = &member.plan.name;
    let problem = format!("{name} shares its process, and not everybody in it runs the same client");
    Err(Fault::new(fields.place, problem, "name one clientVersion for all who share an instance, in every release"))
}

/// `created`: on all brokers, on none, or on these.
fn read_created(fields: &Fields<'_>, around: Surroundings<'_>) -> Result<Created, Fault> {
    let Some(node) = fields.get("created") else { return Ok(Created::Nowhere) };
    if !matches!(node.value, Value::List(_)) {
        return Ok(if node.flag()? { Created::Everywhere } else { Created::Nowhere });
    }
    let known: Vec<&str> = around.brokers.iter().map(|broker| broker.name.as_str()).collect();
    let named = list(node, "a list of brokers")?.iter().map(|item| one_of(item, "broker", &known));
    let on: Vec<usize> = named.collect::<Result<_, _>>()?;
    Ok(Created::On(on.into_iter().map(BrokerIndex::of).collect()))
}

/// The pods of a deployment.
struct Pods<'a, 'f> {
    name: &'a str,
    node: &'a Node,
    template: &'a Template,
    releases: &'a [Release<'f>],
}

impl Pods<'_, '_> {
    /// The pods of the first revision and of those that rollouts bring, each with an address and an id of its own.
    fn read(
        &self,
        fields: &Fields<'_>,
        group: GroupIndex,
        rollouts: &[&Rollout],
        hosts: &mut Hosts,
        read: &mut Groups,
    ) -> Result<(), Fault> {
        for other in ["count", "consumers", "start", "machine", "instance", "copies"] {
            if let Some(node) = fields.get(other) {
                let problem = format!("a group has both `deployment` and `{other}`");
                return Err(Fault::new(node.place, problem, "the deployment makes the pods; keep one"));
            }
        }
        let mut plan = read_deployment(self.node, group)?;
        let mut template = self.template;
        for revision in 0..=rollouts.len() {
            // A rollout without a release restarts what runs.
            if let Some((_, Some(wanted))) = revision.checked_sub(1).map(|at| rollouts[at]) {
                template = self.releases.iter().find(|r| r.name == *wanted).map_or(template, |r| &r.template);
            }
            let mut pods = Vec::new();
            for number in 1..=plan.replicas {
                let name = |number| format!("{}-{}-{number}", self.name, revision + 1);
                let name = hosts.generate(self.node, number, name)?;
                let made = member((self.node.place, name, None), group, template.clone(), &read.members)?;
                pods.push(ConsumerIndex::of(read.members.all().len()));
                read.members.push(made);
            }
            plan.revisions.push(pods);
        }
        let all = read.members.all().len();
        if all > MOST_CONSUMERS {
            let problem = format!("this group makes {all} consumers in all");
            return Err(Fault::new(self.node.place, problem, "allowed are up to 60000, all revisions together"));
        }
        read.deployments.push(plan);
        Ok(())
    }
}

/// The named consumers of a group, then as many counted ones (`c1`, `c2`, ...) as make up `count`.
fn read_members(
    fields: &Fields<'_>,
    group: GroupIndex,
    template: &Template,
    around: Surroundings<'_>,
    hosts: &mut Hosts,
    members: &mut Members,
) -> Result<(), Fault> {
    let named = fields.get("consumers").map_or(Ok(&[][..]), |node| list(node, "[[groups.consumers]] tables"))?;
    let first = members.all().len();
    for item in named {
        let own = Fields::read(item, "a consumer")?;
        let name = hosts.declare(own.require("name", "\"c1\"")?)?;
        let mut template = template.clone();
        read_template(&own, around, &mut template)?;
        let client_id = own.get("clientId").map(|node| node.client_id().map(str::to_owned)).transpose()?;
        own.finish()?;
        let made = member((item.place, name, client_id), group, template, members)?;
        members.push(made);
    }
    if let Some(node) = fields.get("count") {
        let count = node.count(1, 50_000)? as usize;
        let named = members.all().len() - first;
        if count < named {
            return Err(Fault::new(
                node.place,
                format!("count = {count} is below the {named} consumers named"),
                "count is how many there are in all",
            ));
        }
        check_subscriptions(fields, count.saturating_mul(template.topics.len()))?;
        for _ in named..count {
            // A name that is given by hand, in this group or another, is passed over.
            let name = hosts.generate(node, hosts.next_counted, |number| format!("c{number}"))?;
            hosts.next_counted = name[1..].parse::<u32>().expect("a name of our own making") + 1;
            let made = member((node.place, name, None), group, template.clone(), members)?;
            members.push(made);
        }
    }
    let all = members.all().len();
    if all == first || all > MOST_CONSUMERS {
        let problem = format!("this group makes {all} consumers in all");
        return Err(Fault::new(
            fields.place,
            &problem,
            "write count = 2 or [[groups.consumers]] tables; allowed are up to 60000",
        ));
    }
    Ok(())
}
