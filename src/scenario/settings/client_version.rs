//! `clientVersion`: what older clients do otherwise, as far as it changes how a group rebalances. Each rule is a setting of
//! its own as well, so that it can be looked at alone.

use crate::kernel::Span;
use crate::model::plan::ClientSettings;
use crate::scenario::text::{Fault, Fields};

/// Puts the rules of a version into the settings.
pub(in crate::scenario) fn read_client_version(fields: &Fields<'_>, client: &mut ClientSettings) -> Result<(), Fault> {
    let Some(node) = fields.get("clientVersion") else { return Ok(()) };
    const ALLOWED: &str = "modelled are the Java clients \"5.3\" and \"4.9\"";
    let old = match node.text("a version such as \"4.9\"")? {
        "5.3" => false,
        "4.9" => true,
        other if other.to_lowercase().contains("go") => {
            return Err(Fault::new(node.place, "the Go client is not modelled", ALLOWED));
        }
        other => return Err(Fault::new(node.place, format!("client version `{other}` is not modelled"), ALLOWED)),
    };
    let current = ClientSettings::default();
    // RebalanceService.run of 4.x waits its 20 s whatever came of a rebalance.
    client.retry_when_not_balanced = !old;
    // RebalanceImpl.updateProcessQueueTableInRebalance before apache/rocketmq#5466.
    client.lock_before_process_queue = old;
    // NettyRemotingClient.invokeOneway of 4.x connects on the caller's thread.
    client.oneway_waits_for_connect = old;
    // RebalancePushImpl.dispatchPullRequest of 4.x had no delay.
    client.timers.pull_dispatch_delay = if old { Span::ZERO } else { current.timers.pull_dispatch_delay };
    // MQClientInstance of 4.x has no listener for active channels.
    client.enable_heartbeat_channel_event_listener = !old;
    // DefaultMQPushConsumerImpl.pullTimeDelayMillsWhenException of 4.x is 3 s.
    client.pull_time_delay_mills_when_exception =
        if old { Span::from_secs(3) } else { current.pull_time_delay_mills_when_exception };
    Ok(())
}
