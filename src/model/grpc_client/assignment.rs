//! What a PushConsumer receives from (`PushConsumerImpl.scanAssignments`, `syncProcessQueue`). Where an answer fails, all
//! stays as it is.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::queue::Queue;
use super::{AT, ClientProcess};
use crate::model::network::{AssignedQueue, CallError, GrpcAssigned, GrpcRequest, GrpcResponse, GrpcWait, Request};
use crate::model::observation::{Observation, PopRelease};
use crate::model::outside::Outside;
use crate::model::plan::TopicIndex;

impl ClientProcess {
    /// Each topic that is subscribed, at once. What is received of a topic that no longer is goes on: nobody looks at it.
    pub(super) fn grpc_scan_assignments(&mut self, out: &mut Outside<'_>) {
        let topics: Vec<TopicIndex> = self.consumers[AT].subscriptions.iter().map(|known| known.topic).collect();
        let (group, timeout) = (self.consumers[AT].group, self.grpc_settings(out).request_timeout);
        for topic in topics {
            if !self.grpc().routes.contains_key(&topic) {
                self.grpc_fetch(out, topic, false);
                continue;
            }
            let endpoint = self.grpc_endpoint_of_assignments(topic);
            let request = Request::Grpc(GrpcRequest::QueryAssignment { group, topic });
            self.grpc_call(out, endpoint, (request, timeout), GrpcWait::Assignment { topic });
        }
    }

    /// The assignments of a topic came.
    pub(super) fn grpc_assignment_answered(
        &mut self,
        out: &mut Outside<'_>,
        topic: TopicIndex,
        answer: Result<GrpcResponse, CallError>,
    ) {
        match answer {
            Ok(GrpcResponse::Assignment(assigned)) if self.grpc().closing.is_none() => {
                self.grpc_sync_queues(out, topic, &assigned);
            }
            _ => {}
        }
    }

    /// What is not assigned any more is dropped, and what was idle for too long; what is new is received from at once.
    fn grpc_sync_queues(&mut self, out: &mut Outside<'_>, topic: TopicIndex, latest: &Rc<Vec<GrpcAssigned>>) {
        let (now, settings) = (out.now(), self.grpc().settings);
        let longest = (settings.long_polling_timeout + self.grpc_settings(out).request_timeout).saturating_mul(3);
        let latest: BTreeSet<GrpcAssigned> = latest.iter().copied().collect();
        let grpc = self.grpc();
        let mut dropped = Vec::new();
        for (&assigned, &number) in &grpc.table {
            let queue = &grpc.queues[number as usize];
            if queue.topic != topic {
                continue;
            }
            if !latest.contains(&assigned) {
                dropped.push((assigned, PopRelease::NotAssigned));
            } else if queue.is_expired(now, longest) {
                dropped.push((assigned, PopRelease::NotPoppedForTooLong));
            }
        }
        for (assigned, why) in dropped {
            self.grpc_drop_queue(out, assigned, why);
        }
        let new: Vec<GrpcAssigned> =
            latest.into_iter().filter(|assigned| !self.grpc().table.contains_key(assigned)).collect();
        let consumer = self.consumers[AT].index;
        let mut begin = Vec::new();
        for assigned in new {
            let queue = Queue::new(assigned, &out.names, now);
            let (broker, one) = (queue.broker, queue.queue());
            let grpc = self.grpc();
            grpc.queues.push(queue);
            let number = (grpc.queues.len() - 1) as u32;
            grpc.table.insert(assigned, number);
            begin.push(number);
            out.see(Observation::PopQueueTaken { consumer, topic, broker, queue: one });
        }
        begin.into_iter().for_each(|number| self.grpc_receive_now(out, number, None));
    }

    /// Nothing more is received of it. What is cached is still consumed and acknowledged.
    pub(super) fn grpc_drop_queue(&mut self, out: &mut Outside<'_>, assigned: GrpcAssigned, why: PopRelease) {
        let consumer = self.consumers[AT].index;
        let grpc = self.grpc();
        let number = grpc.table.remove(&assigned).expect("only what is assigned is dropped");
        let queue = &mut grpc.queues[number as usize];
        queue.dropped = true;
        let (topic, broker, queue) = (queue.topic, queue.broker, queue.queue());
        out.see(Observation::PopQueueReleased { consumer, topic, broker, queue, why });
    }
}

impl Queue {
    /// The one queue that is assigned, or none where all of the broker are.
    pub fn queue(&self) -> Option<crate::model::ids::QueueIndex> {
        match self.assigned.queue {
            AssignedQueue::One(queue) => Some(queue),
            AssignedQueue::AllOf(..) => None,
        }
    }
}
