//! A change of the members.

use std::collections::BTreeMap;

use super::{Members, MembersError};
use crate::strategy::ClientId;

/// Members that come and members that go.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Change {
    /// Those that come.
    pub added: Vec<ClientId>,
    /// Those that go; an id names one process.
    pub removed: Vec<ClientId>,
}

/// Why a change cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChangeError {
    /// Nobody of that name is there.
    #[error("`{0}` cannot be removed: no member (or no further one) has this client id")]
    Stranger(ClientId),
    /// Nobody is left, or an id is empty.
    #[error("after the change: {0}")]
    Members(#[from] MembersError),
}

impl Change {
    /// The members after the change.
    ///
    /// # Errors
    /// [`ChangeError`].
    pub fn after(&self, members: &Members) -> Result<Members, ChangeError> {
        let mut going: BTreeMap<&str, usize> = BTreeMap::new();
        for id in &self.removed {
            *going.entry(id).or_default() += 1;
        }
        let mut seats = Vec::new();
        for seat in members.seats() {
            match going.get_mut(&**seat) {
                Some(left @ 1..) => *left -= 1,
                _ => seats.push(seat.clone()),
            }
        }
        if let Some((id, _)) = going.into_iter().find(|(_, left)| *left > 0) {
            return Err(ChangeError::Stranger(id.into()));
        }
        seats.extend(self.added.iter().cloned());
        Ok(Members::new(seats)?)
    }
}
