//! Which offset store a consumer has (`DefaultMQPushConsumerImpl.start`): the one that it was given
//! (`setOffsetStore`), else that of its message model.
//!
//! The local store has a file on the member's own machine (`LocalFileOffsetStore.load`). What a queue's route loses, the
//! member then loses too: a queue whose broker is missing in a route is released, which removes its offset from memory
//! (`RebalancePushImpl.removeUnnecessaryMessageQueue`).

use crate::model::consumer::Consumer;
use crate::model::outside::Outside;
use crate::model::plan::{ConsumerIndex, GroupIndex, MessageModel};
use crate::offset::{Keeper, OffsetStoreError, StoreOwner};

/// `rocketmq.client.localOffsetStoreDir`: `user.home` with `.rocketmq_offsets`.
const LOCAL_OFFSET_STORE_DIR: &str = "/root/.rocketmq_offsets";

impl Consumer {
    /// Step 5 of `start()`: the offset store is made, and loads what it has.
    ///
    /// # Errors
    /// The local store's file and its copy are broken: `start()` throws.
    pub(in crate::model) fn open_offset_store(&mut self, out: &mut Outside<'_>) -> Result<(), OffsetStoreError> {
        let planned = out.planned(self.index);
        self.offsets = planned.consumer.offset_store().make(&StoreOwner {
            dir: LOCAL_OFFSET_STORE_DIR,
            client_id: out.names.client(self.client),
            group: out.names.group(self.group),
            local_file_persists_one: planned.client.local_file_persists_one,
            of_go: planned.client.go.is_some(),
        });
        self.with_store(out, None, |store, around| store.load(around)).0
    }

    /// Whether its commits are the brokers' to remember.
    pub(in crate::model) fn tells_brokers(&self, out: &Outside<'_>) -> bool {
        out.brokers_remember(self.group) && !out.is_broadcasting(self.index)
    }
}

impl Outside<'_> {
    /// Whether a consumer says `BROADCASTING`.
    pub(in crate::model) fn is_broadcasting(&self, consumer: ConsumerIndex) -> bool {
        self.planned(consumer).consumer.message_model == MessageModel::Broadcasting
    }

    /// Whether a group's members begin where brokers remember. What others commit there all the same is nobody's.
    pub(in crate::model) fn brokers_remember(&self, group: GroupIndex) -> bool {
        self.keepers.get(group.at()).is_none_or(|keeper| *keeper == Keeper::Brokers)
    }
}
