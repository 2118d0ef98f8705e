//! How evenly queues lie on members.

/// The figures of one topic, or of all together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Balance {
    /// Queues that there are.
    pub queues: usize,
    /// Members that there are, each process counted, also those with the same client id.
    pub members: usize,
    /// Queues on the member with the fewest.
    pub min: usize,
    /// Queues on the member with the most.
    pub max: usize,
    /// Members without any queue.
    pub idle_members: usize,
    /// Queues without an owner.
    pub unowned: usize,
    /// Queues with two owners or more.
    pub double_owned: usize,
}

impl Balance {
    /// The figures of some queues by their owners, over so many seats.
    pub(super) fn of(owners: &[Vec<usize>], members: usize) -> Self {
        // Sorted rather than counted by seat: ten thousand topics must not cost ten thousand times all seats.
        let mut seats: Vec<usize> = owners.iter().flatten().copied().collect();
        seats.sort_unstable();
        let loads = || seats.chunk_by(|a, b| a == b).map(<[usize]>::len);
        let idle_members = members - loads().count();
        let fewest = loads().min().unwrap_or(0);
        Self {
            queues: owners.len(),
            members,
            min: if idle_members > 0 { 0 } else { fewest },
            max: loads().max().unwrap_or(0),
            idle_members,
            unowned: owners.iter().filter(|owners| owners.is_empty()).count(),
            double_owned: owners.iter().filter(|owners| owners.len() > 1).count(),
        }
    }

    /// Most less fewest queues on a member.
    #[must_use]
    pub fn max_min(&self) -> usize {
        self.max - self.min
    }

    /// Whether every queue has one owner and no member has more than one above another.
    #[must_use]
    pub fn is_even(&self) -> bool {
        self.unowned == 0 && self.double_owned == 0 && self.max_min() <= 1
    }
}
