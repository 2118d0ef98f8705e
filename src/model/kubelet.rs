//! What becomes of a pod whose process ends though it is wanted, or whose node loses power.
//!
//! ```text
//!   process ends --> its kubelet starts another in the same pod: at once, then 10 s, 20 s, ... 5 min after its end
//!   node dies ----> nothing, until it counts as lost (40 s) and its pods are evicted (300 s): then the ReplicaSet
//!                   makes another pod elsewhere, with another address
//! ```
//! A process that is started again in its pod keeps the address, and has another client id and an empty disk. So has
//! the pod that takes the place of an evicted one; it keeps the name that the story gave it.

use super::event::PodEvent;
use super::observation::End;
use super::plan::ConsumerIndex;
use super::world::World;
use crate::kernel::{Instant, Span};

/// `restartPolicy: Always` has these (`kuberuntime_manager.doBackOff`, `flowcontrol.Backoff`).
const FIRST_BACK_OFF: Span = Span::from_secs(10);
const LONGEST_BACK_OFF: Span = Span::from_secs(300);
/// After a life of this length the next start is again at once: twice the longest wait.
const FORGOTTEN_AFTER: Span = Span::from_secs(600);

/// How long the kubelet waits after the next end of a container.
#[derive(Debug)]
pub(super) struct BackOff {
    wait: Span,
    /// The last start.
    started: Instant,
}

impl BackOff {
    /// A process has ended: from now until its next start.
    fn next(entry: &mut Option<Self>, now: Instant) -> Span {
        match entry {
            Some(known) if now.since(known.started) <= FORGOTTEN_AFTER => {
                let wait = known.wait;
                *known = Self { wait: (wait + wait).min(LONGEST_BACK_OFF), started: now + wait };
                wait
            }
            _ => {
                *entry = Some(Self { wait: FIRST_BACK_OFF, started: now });
                Span::ZERO
            }
        }
    }
}

impl World<'_> {
    /// The deployment that wants a pod to exist.
    pub(super) fn deployment_of(&self, consumer: ConsumerIndex) -> Option<usize> {
        self.deployments.iter().position(|deployment| deployment.wants(consumer))
    }

    /// The process of a consumer is gone. Where it is a pod's that is wanted, it will be started again.
    pub(super) fn container_ended(&mut self, consumer: ConsumerIndex, end: End) {
        let Some(at) = self.deployment_of(consumer) else { return };
        let (now, (_, epoch)) = (self.out.now(), self.client_seat(consumer));
        let state = &mut self.deployments[at];
        state.ready.remove(&consumer);
        if end == End::PoweredOff {
            let plan = &self.out.plan.deployments[at];
            let silent = plan.node_monitor_grace_period + plan.toleration_seconds;
            self.out.after(silent, PodEvent::PodEvicted.of(consumer, epoch));
            return;
        }
        let mut entry = state.back_offs.remove(&consumer);
        let wait = BackOff::next(&mut entry, now);
        state.back_offs.extend(entry.map(|entry| (consumer, entry)));
        self.out.after(wait, PodEvent::ContainerRestarted.of(consumer, epoch));
    }

    /// The node of a pod loses power while its kubelet waits: nobody is left to start the process again.
    pub(super) fn node_lost(&mut self, consumer: ConsumerIndex) {
        let (host, _) = self.client_seat(consumer);
        if self.deployment_of(consumer).is_some() && !self.out.machines[host.at()].running {
            self.out.machines[host.at()].powered = false;
            self.consumer_mut(consumer).life += 1;
            self.container_ended(consumer, End::PoweredOff);
        }
    }

    /// The kubelet's wait is over, or its node has power again.
    pub(super) fn container_restarted(&mut self, consumer: ConsumerIndex, epoch: u32) {
        self.start_pod_again(consumer, epoch, false);
    }

    /// The node has been silent for so long that its pods are deleted; another takes the place of this one.
    pub(super) fn pod_evicted(&mut self, consumer: ConsumerIndex, epoch: u32) {
        self.start_pod_again(consumer, epoch, true);
    }

    /// Another process of a pod, or of the pod that takes its place.
    pub(super) fn start_pod_again(&mut self, consumer: ConsumerIndex, epoch: u32, moved: bool) {
        let Some(at) = self.deployment_of(consumer) else { return };
        let (host, life) = self.client_seat(consumer);
        if life != epoch || self.out.machines[host.at()].running {
            return;
        }
        if moved {
            self.out.move_host(host);
            self.deployments[at].back_offs.remove(&consumer);
        }
        self.out.disks.empty(consumer);
        let id = self.next_client_id(consumer, moved);
        self.start_consumer(consumer, Some(&id), None);
        let plan = self.out.plan;
        self.await_readiness(&plan.deployments[at], consumer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_five_minutes_and_are_forgotten_after_a_long_life() {
        let (mut entry, mut now, mut waits) = (None, Instant::ZERO, Vec::new());
        for life in [1, 1, 1, 1, 1, 1, 1, 1, 601, 1] {
            now = now + Span::from_secs(life);
            let wait = BackOff::next(&mut entry, now);
            waits.push(wait.as_millis() / 1_000);
            now = now + wait;
        }
        assert_eq!(waits, [0, 10, 20, 40, 80, 160, 300, 300, 0, 10]);
    }
}
