//! The deployment controller of Kubernetes, as far as a rollout needs it (`deployment/rolling.go`).
//!
//! It is a closed loop: a new pod is made as soon as `replicas + maxSurge` allows one, and pods that terminate do not
//! count. So a new process starts when an old one *begins* to end, and both may own queues for a while. An old pod is
//! ended as soon as `replicas - maxUnavailable` others are ready. Readiness decides about nothing else: a consumer
//! takes part from its `start()` on.

use std::collections::{BTreeMap, BTreeSet};

use super::event::PodEvent;
use super::kubelet::BackOff;
use super::observation::End;
use super::plan::{ConsumerIndex, DeploymentPlan, Sigterm};
use super::world::World;

/// The pods of a deployment that are wanted, or not yet unwanted.
#[derive(Debug, Default)]
pub(super) struct Deployment {
    /// Pods of earlier revisions that have not been told to end.
    old: Vec<ConsumerIndex>,
    /// Pods of the revision that is wanted.
    new: Vec<ConsumerIndex>,
    /// Of that revision, those still to be made, the next one last.
    waiting: Vec<ConsumerIndex>,
    /// Pods that are ready.
    pub(super) ready: BTreeSet<ConsumerIndex>,
    /// How long the kubelet waits before it starts a pod's process again.
    pub(super) back_offs: BTreeMap<ConsumerIndex, BackOff>,
}

impl Deployment {
    /// The first revision runs, and counts as ready.
    pub fn new(plan: &DeploymentPlan) -> Self {
        let first = plan.revisions[0].clone();
        Self { ready: first.iter().copied().collect(), new: first, ..Self::default() }
    }

    /// Whether a pod is to exist.
    pub fn wants(&self, pod: ConsumerIndex) -> bool {
        self.old.contains(&pod) || self.new.contains(&pod)
    }

    fn count(&self) -> usize {
        self.old.len() + self.new.len()
    }

    fn ready_among(&self, pods: &[ConsumerIndex]) -> usize {
        pods.iter().filter(|pod| self.ready.contains(pod)).count()
    }
}

impl World<'_> {
    /// Another revision is wanted; a rollout that is still under way goes on from where it is.
    pub(super) fn roll_out(&mut self, deployment: usize, revision: usize) {
        let mut pods = self.out.plan.deployments[deployment].revisions[revision].clone();
        pods.reverse();
        let state = &mut self.deployments[deployment];
        let replaced = std::mem::take(&mut state.new);
        state.old.extend(replaced);
        state.waiting = pods;
        self.reconcile(deployment);
    }

    /// The pod's `readinessProbe` succeeds.
    pub(super) fn pod_ready(&mut self, consumer: ConsumerIndex) {
        let of = |deployment: &Deployment| deployment.wants(consumer);
        if let Some(deployment) = self.deployments.iter().position(of) {
            self.deployments[deployment].ready.insert(consumer);
            self.reconcile(deployment);
        }
    }

    /// Makes and ends as many pods as the bounds allow.
    fn reconcile(&mut self, deployment: usize) {
        let plan = &self.out.plan.deployments[deployment];
        let most = (plan.replicas + plan.max_surge) as usize;
        let least = plan.replicas.saturating_sub(plan.max_unavailable) as usize;
        loop {
            let state = &mut self.deployments[deployment];
            if state.count() < most
                && let Some(pod) = state.waiting.pop()
            {
                state.new.push(pod);
                self.make_pod(plan, pod);
                continue;
            }
            let unready = state.new.len() - state.ready_among(&state.new);
            let spare = state.count().saturating_sub(least + unready);
            // `cleanupUnhealthyReplicas`: old pods that are not ready go first, and are missed by nobody.
            let unhealthy = state.old.iter().position(|pod| !state.ready.contains(pod));
            let healthy_spare = (state.count() - unready).saturating_sub(least);
            if spare > 0
                && let Some(at) = unhealthy.or((healthy_spare > 0 && !state.old.is_empty()).then_some(0))
            {
                let pod = state.old.remove(at);
                state.ready.remove(&pod);
                self.end_pod(plan, pod);
                continue;
            }
            return;
        }
    }

    fn make_pod(&mut self, plan: &DeploymentPlan, consumer: ConsumerIndex) {
        self.start_consumer(consumer, None, None);
        self.await_readiness(plan, consumer);
    }

    /// The `readinessProbe` of a process that has just been started will succeed.
    pub(super) fn await_readiness(&mut self, plan: &DeploymentPlan, consumer: ConsumerIndex) {
        let (_, epoch) = self.client_seat(consumer);
        let ready = plan.ready.draw(&mut self.out.environment_stream);
        self.out.after(ready, PodEvent::PodReady.of(consumer, epoch));
    }

    /// The pod is not wanted any more: the hook, SIGTERM, and SIGKILL when the grace period is over.
    fn end_pod(&mut self, plan: &DeploymentPlan, consumer: ConsumerIndex) {
        let (_, epoch) = self.client_seat(consumer);
        self.out.after(plan.pre_stop.min(plan.termination_grace_period), PodEvent::PodSignalled.of(consumer, epoch));
        self.out.after(plan.termination_grace_period, PodEvent::GraceOver.of(consumer, epoch));
    }

    /// SIGTERM reaches the process.
    pub(super) fn pod_signalled(&mut self, consumer: ConsumerIndex) {
        let of = |plan: &&DeploymentPlan| plan.revisions.iter().any(|pods| pods.contains(&consumer));
        let plan = self.out.plan.deployments.iter().find(of).expect("only pods are signalled");
        match plan.sigterm {
            Sigterm::Shutdown => self.stop_consumer(consumer),
            Sigterm::Exit => self.end_consumer(consumer, End::Killed),
            Sigterm::Ignore => {}
        }
    }

    /// SIGKILL, if the process still runs.
    pub(super) fn grace_over(&mut self, consumer: ConsumerIndex) {
        self.end_consumer(consumer, End::Killed);
    }
}
