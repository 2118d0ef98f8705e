//! Who a consumer is to the brokers: `ClientConfig.buildMQClientId`, and whose `MQClientInstance` it uses.

use super::group::Members;
use crate::model::plan::{ConsumerIndex, ConsumerPlan, GroupIndex, MessageModel};
use crate::scenario::text::{Fault, Fields, Place};

/// What a group or a consumer says of the client id.
#[derive(Debug, Clone, Default)]
pub(super) struct Identity {
    /// `clientIP`; the machine's address where it is not given.
    client_ip: Option<String>,
    /// `instanceName`.
    instance_name: Option<String>,
    /// `unitName`.
    unit_name: Option<String>,
    /// Name of the `MQClientInstance` that consumers of one process share.
    pub instance: Option<String>,
}

/// `clientIP`, `instanceName`, `unitName`, and `instance`.
pub(super) fn read_identity(fields: &Fields<'_>, identity: &mut Identity) -> Result<(), Fault> {
    let Identity { client_ip, instance_name, unit_name, instance } = identity;
    for (key, known) in
        [("clientIP", client_ip), ("instanceName", instance_name), ("unitName", unit_name), ("instance", instance)]
    {
        if let Some(node) = fields.get(key) {
            *known = Some(node.name(&format!("a text without spaces for `{key}`"))?.to_owned());
        }
    }
    Ok(())
}

impl Identity {
    /// `clientIP@instanceName`, then `@unitName`, then `@STREAM` of consumers that pull by themselves. A `BROADCASTING`
    /// consumer of Java keeps `instanceName` DEFAULT, so that all of them on one machine have one client id
    /// (`DefaultMQPushConsumerImpl.start`); another one gets a name of its own (`changeInstanceNameToPID`), and so does every
    /// Go client (`internal/client.go:ClientID`).
    pub fn client_id(&self, address: &str, consumer: &str, model: MessageModel, stream: bool) -> String {
        let own = if model == MessageModel::Broadcasting { "DEFAULT" } else { consumer };
        let instance_name = self.instance_name.as_deref().filter(|name| *name != "DEFAULT").unwrap_or(own);
        let mut id = format!("{}@{instance_name}", self.client_ip.as_deref().unwrap_or(address));
        if let Some(unit) = &self.unit_name {
            id = format!("{id}@{unit}");
        }
        if stream { format!("{id}@STREAM") } else { id }
    }

    /// Whether something else than its machine gives the address in the client id.
    pub fn has_ip(&self) -> bool {
        self.client_ip.is_some()
    }

    /// Whether the next process of a consumer has the same name in its client id.
    pub fn is_fixed(&self, model: MessageModel) -> bool {
        model == MessageModel::Broadcasting || self.instance_name.as_deref().is_some_and(|name| name != "DEFAULT")
    }

    /// The consumer read before whose instance this one uses, with what has to be the same: client id and machine.
    ///
    /// # Errors
    /// The instance has a consumer of this group already, or this consumer has an id or a machine of its own.
    pub fn owner<'a>(
        &self,
        (place, group, own): (Place, GroupIndex, bool),
        members: &'a Members,
    ) -> Result<Option<(ConsumerIndex, &'a ConsumerPlan)>, Fault> {
        let Some(instance) = &self.instance else { return Ok(None) };
        let same = members.of_instance(instance);
        if same.iter().any(|&at| members.all()[at].plan.group == group) {
            let problem = format!("two consumers of one group use the instance `{instance}`");
            let allowed = "RocketMQ's second start() throws \"The consumer group has been created before\"; name another instance";
            return Err(Fault::new(place, problem, allowed));
        }
        let Some(&at) = same.first() else { return Ok(None) };
        if own {
            let problem =
                format!("this consumer uses the instance `{instance}` and has a client id or a machine of its own");
            return Err(Fault::new(place, problem, "consumers of one instance have one client id; leave it out"));
        }
        Ok(Some((ConsumerIndex::of(at), &members.all()[at].plan)))
    }
}
