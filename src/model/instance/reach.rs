//! How the story, the kubelet and the network reach a consumer by its number: in its process.

use crate::model::consumer::Consumer;
use crate::model::ids::HostId;
use crate::model::instance::ClientProcess;
use crate::model::network::{CallError, Request, Response, Waiter};
use crate::model::observation::End;
use crate::model::outside::Outside;
use crate::model::plan::{ConsumerIndex, TopicIndex};
use crate::model::world::World;

impl<'a> World<'a> {
    /// A consumer by its number.
    pub(in crate::model) fn consumer(&self, consumer: ConsumerIndex) -> &Consumer {
        let (process, at) = self.out.instances.place(consumer);
        &self.processes[process].consumers[at]
    }

    /// The same, to be changed.
    pub(in crate::model) fn consumer_mut(&mut self, consumer: ConsumerIndex) -> &mut Consumer {
        let (process, at) = self.out.instances.place(consumer);
        &mut self.processes[process].consumers[at]
    }

    /// A consumer's process, the consumer's place in it, and what is outside of it.
    pub(in crate::model) fn process_of(
        &mut self,
        consumer: ConsumerIndex,
    ) -> (&mut ClientProcess, usize, &mut Outside<'a>) {
        let (process, at) = self.out.instances.place(consumer);
        (&mut self.processes[process], at, &mut self.out)
    }

    /// Host of a consumer's process, and the consumer's life.
    pub(in crate::model) fn client_seat(&self, consumer: ConsumerIndex) -> (HostId, u32) {
        self.consumer(consumer).seat(&self.out)
    }

    /// The story or a kubelet starts a consumer's process.
    pub(in crate::model) fn start_consumer(
        &mut self,
        consumer: ConsumerIndex,
        id: Option<&str>,
        release: Option<usize>,
    ) {
        let (process, at, out) = self.process_of(consumer);
        process.start_consumer(out, at, id, release);
    }

    /// An old process that has nothing to do with the cluster any more does not keep its successor waiting.
    pub(in crate::model) fn leave_disconnected(&mut self, consumer: ConsumerIndex) {
        let (process, _, out) = self.process_of(consumer);
        process.leave_disconnected(out);
    }

    /// SIGTERM.
    pub(in crate::model) fn stop_consumer(&mut self, consumer: ConsumerIndex) {
        let (process, at, out) = self.process_of(consumer);
        process.consumers[at].stop_consumer(out);
    }

    /// A consumer's process ends without its doing.
    pub(in crate::model) fn end_consumer(&mut self, consumer: ConsumerIndex, end: End) {
        let (process, at, out) = self.process_of(consumer);
        process.end_consumer(out, at, end);
    }

    /// The application subscribes a topic or gives it up.
    pub(in crate::model) fn change_subscription(&mut self, consumer: ConsumerIndex, topic: TopicIndex, wanted: bool) {
        let (process, at, out) = self.process_of(consumer);
        process.change_subscription(out, at, topic, wanted);
    }

    /// The application calls `suspend()`.
    pub(in crate::model) fn suspend_consumption(&mut self, consumer: ConsumerIndex) {
        self.consumer_mut(consumer).suspend_consumption();
    }

    /// The application calls `resume()`.
    pub(in crate::model) fn resume_consumption(&mut self, consumer: ConsumerIndex) {
        let (process, at, out) = self.process_of(consumer);
        if process.go.is_some() {
            return process.go_resume(out, at);
        }
        process.consumers[at].resume_consumption(out, &mut process.instance);
    }

    /// A broker sends a request to a client.
    pub(in crate::model) fn client_notified(&mut self, consumer: ConsumerIndex, request: Request) {
        let (process, _, out) = self.process_of(consumer);
        process.client_notified(out, request);
    }

    /// An answer came for a thread of a client's process.
    pub(in crate::model) fn client_answered(
        &mut self,
        consumer: ConsumerIndex,
        waiter: Waiter,
        answer: Result<Response, CallError>,
    ) {
        let (process, at, out) = self.process_of(consumer);
        process.answered(out, at, waiter, answer);
    }
}
