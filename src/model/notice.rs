//! What actors tell each other in one moment, where no network lies between them: a process and the kubelet of its node,
//! a master and what is modelled of its slaves, the operator's tool and its targets.
//!
//! ```text
//!   handler --tell--> notices, in order --the handler has ended--> one match --> handler of the other actor
//! ```

use super::observation::End;
use super::plan::ConsumerIndex;
use super::world::World;

/// What is told, and to whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Notice {
    /// To the kubelet: a consumer's process is gone.
    ContainerEnded { consumer: ConsumerIndex, end: End },
}

impl World<'_> {
    /// Lets everybody hear what was told during this event, and what is told because of it.
    pub(super) fn let_notices_arrive(&mut self) {
        while let Some(notice) = self.out.notices.pop_front() {
            match notice {
                Notice::ContainerEnded { consumer, end } => self.container_ended(consumer, end),
            }
        }
    }
}
