//! The members of a group, by client id.

use crate::strategy::ClientId;
use crate::strategy::order::compare_java_strings;

/// Client ids as the client sorts them. A member is named by its position, its seat; ids may repeat, seats do not:
/// two processes with the same id are two members (trap E2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Members {
    seats: Vec<ClientId>,
}

/// Why members cannot be given queues.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MembersError {
    /// There is none.
    #[error("the group has no members; it needs 1 or more")]
    None,
    /// An id is empty.
    #[error("a client id is empty; an id has 1 character or more")]
    Empty,
}

impl Members {
    /// Sorts ids that come in any order.
    ///
    /// # Errors
    /// [`MembersError`].
    pub fn new(mut seats: Vec<ClientId>) -> Result<Self, MembersError> {
        if seats.iter().any(|cid| cid.is_empty()) {
            return Err(MembersError::Empty);
        }
        seats.sort_by(|a, b| compare_java_strings(a, b));
        if seats.is_empty() { Err(MembersError::None) } else { Ok(Self { seats }) }
    }

    /// The ids by seat.
    #[must_use]
    pub fn seats(&self) -> &[ClientId] {
        &self.seats
    }

    /// The ids that more than one member has, and how many have each.
    #[must_use]
    pub fn repeated(&self) -> Vec<(ClientId, usize)> {
        let same = self.seats.chunk_by(|a, b| a == b);
        same.filter(|same| same.len() > 1).map(|same| (same[0].clone(), same.len())).collect()
    }

    /// How many different ids there are.
    #[must_use]
    pub fn distinct(&self) -> usize {
        self.seats.chunk_by(|a, b| a == b).count()
    }

    /// Whether some member has this id.
    #[must_use]
    pub fn has(&self, cid: &str) -> bool {
        self.seats.binary_search_by(|seat| compare_java_strings(seat, cid)).is_ok()
    }
}
