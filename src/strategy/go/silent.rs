//! A strategy of Java's whose Go twin throws nothing: it answers no queues instead.

use crate::strategy::{AllocateError, AllocateMessageQueueStrategy, ClientId, MessageQueue};

/// Answers what `inner` answers, and nothing where that throws (`return nil`).
#[derive(Debug)]
pub(super) struct Silent<S> {
    name: Option<String>,
    inner: S,
}

impl<S> Silent<S> {
    /// With the name of `inner`.
    pub fn new(inner: S) -> Self {
        Self { name: None, inner }
    }

    /// Under another name than that of `inner`.
    pub fn named(name: &str, inner: S) -> Self {
        Self { name: Some(name.to_owned()), inner }
    }
}

impl<S: AllocateMessageQueueStrategy> AllocateMessageQueueStrategy for Silent<S> {
    fn name(&self) -> String {
        self.name.clone().unwrap_or_else(|| self.inner.name())
    }

    fn allocate(
        &self,
        group: &str,
        current_cid: &str,
        mq_all: &[MessageQueue],
        cid_all: &[ClientId],
    ) -> Result<Vec<MessageQueue>, AllocateError> {
        Ok(self.inner.allocate(group, current_cid, mq_all, cid_all).unwrap_or_default())
    }

    fn allocate_all(
        &self,
        group: &str,
        mq_all: &[MessageQueue],
        cid_all: &[ClientId],
    ) -> Vec<Result<Vec<MessageQueue>, AllocateError>> {
        let answers = self.inner.allocate_all(group, mq_all, cid_all);
        answers.into_iter().map(|answer| Ok(answer.unwrap_or_default())).collect()
    }
}
