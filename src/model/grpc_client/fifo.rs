//! `FifoConsumeService`: the messages of a batch come to the listener one after the other; one that fails is tried again in
//! the client, and goes to the dead-letter queue after the last attempt.

use std::collections::VecDeque;

use super::pool::Task;
use super::result::{Fate, Telling};
use super::{AT, ClientProcess};
use crate::model::consumer::State;
use crate::model::event::GrpcTask;
use crate::model::network::PoppedMessage;
use crate::model::outside::Outside;
use crate::model::plan::ProxySettings;

/// A batch.
#[derive(Debug)]
pub(super) struct FifoList {
    /// The assignment that it is of.
    queue: u32,
    /// The message whose turn it is stands first.
    messages: VecDeque<PoppedMessage>,
    /// `deliveryAttempt` of that one.
    attempt: u32,
}

impl ClientProcess {
    /// A batch came.
    pub(super) fn grpc_consume_in_order(&mut self, out: &mut Outside<'_>, queue: u32, messages: &[PoppedMessage]) {
        let lists = &mut self.grpc().lists;
        lists.push(FifoList { queue, messages: messages.iter().copied().collect(), attempt: 0 });
        let list = (lists.len() - 1) as u32;
        self.grpc_next_in_order(out, list);
    }

    fn grpc_next_in_order(&mut self, out: &mut Outside<'_>, number: u32) {
        let list = &mut self.grpc().lists[number as usize];
        let Some(message) = list.messages.front() else { return };
        list.attempt = message.reconsume_times + 1;
        self.grpc_consume_again(out, number);
    }

    /// The message whose turn it is goes to the pool, if that still takes anything.
    pub(super) fn grpc_consume_again(&mut self, out: &mut Outside<'_>, number: u32) {
        if self.consumers[AT].state == State::Disconnected || self.grpc_pool_is_closed() {
            return;
        }
        let list = &self.grpc().lists[number as usize];
        let (queue, message) = (list.queue, *list.messages.front().expect("a message waits for its turn"));
        self.grpc().pool.waiting.push_back(Task { queue, message, list: Some(number) });
        self.grpc_run_pool(out);
    }

    /// `eraseFifoMessage`.
    pub(super) fn grpc_consumed_in_order(&mut self, out: &mut Outside<'_>, number: u32, failed: bool) {
        let most = self.grpc().settings.max_attempts;
        let list = &mut self.grpc().lists[number as usize];
        let message = *list.messages.front().expect("its listener has just returned");
        if failed && list.attempt < most {
            let delay = ProxySettings::retry_delay(list.attempt - 1);
            list.attempt += 1;
            return self.grpc_later(out, delay, GrpcTask::ConsumeAgain { list: number });
        }
        let (queue, fate) = (list.queue, if failed { Fate::DeadLetter } else { Fate::Ack });
        self.grpc_begin_telling(out, Telling { queue, message, fate, list: Some(number) });
    }

    /// Its fate is told: the next one's turn comes.
    pub(super) fn grpc_list_goes_on(&mut self, out: &mut Outside<'_>, number: u32) {
        self.grpc().lists[number as usize].messages.pop_front();
        self.grpc_next_in_order(out, number);
    }
}
