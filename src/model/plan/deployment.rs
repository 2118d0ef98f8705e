//! A group that Kubernetes runs as a `Deployment`.

use super::{ConsumerIndex, GroupIndex};
use crate::kernel::{Distribution, Span};

/// A `Deployment`: so many pods of one group, replaced revision by revision.
#[derive(Debug, Clone)]
pub struct DeploymentPlan {
    /// The group of its pods.
    pub group: GroupIndex,
    /// `replicas`.
    pub replicas: u32,
    /// `rollingUpdate.maxSurge` in pods: so many more than `replicas` may exist; those that terminate do not count.
    pub max_surge: u32,
    /// `rollingUpdate.maxUnavailable` in pods: so many fewer than `replicas` may be ready.
    pub max_unavailable: u32,
    /// `terminationGracePeriodSeconds`: from the end of a pod's life as wanted to SIGKILL.
    pub termination_grace_period: Span,
    /// How long a `preStop` hook sleeps before SIGTERM; the grace period counts from before it.
    pub pre_stop: Span,
    /// From the start of a pod's process until its `readinessProbe` succeeds.
    pub ready: Distribution,
    /// What the process does on SIGTERM.
    pub sigterm: Sigterm,
    /// How long a node may be silent before it counts as lost (`--node-monitor-grace-period`).
    pub node_monitor_grace_period: Span,
    /// How long a pod stays on a lost node before it is evicted and replaced (`tolerationSeconds`).
    pub toleration_seconds: Span,
    /// The pods of each revision. The first revision runs from the start; each rollout brings the next.
    pub revisions: Vec<Vec<ConsumerIndex>>,
}

/// What a process does on SIGTERM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sigterm {
    /// A hook calls `shutdown()`.
    Shutdown,
    /// It exits at once: to RocketMQ the same as SIGKILL.
    Exit,
    /// Nothing (a shell in between that does not pass the signal on): SIGKILL comes when the grace period is over.
    Ignore,
}
