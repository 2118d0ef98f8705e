//! The ring of `stathat.com/c/consistent` 1.0.0, which the Go client takes.

use std::collections::BTreeMap;

/// Points of members, by hash.
#[derive(Debug)]
pub(super) struct Ring {
    /// The member at each point, in order of the hashes.
    points: Vec<(u32, usize)>,
}

/// CRC-32 (IEEE) of a key (`Consistent.hashKey`).
pub(super) fn hash(key: &str) -> u32 {
    crc32fast::hash(key.as_bytes())
}

impl Ring {
    /// So many points for each of `members`, which come in the order in which they are added: at a collision the later one
    /// stays (`Consistent.add`).
    pub fn new<'a>(members: impl Iterator<Item = (usize, &'a str)>, number_of_replicas: u32) -> Self {
        let mut circle = BTreeMap::new();
        for (member, cid) in members {
            circle.extend((0..number_of_replicas).map(|index| (hash(&format!("{index}{cid}")), member)));
        }
        Self { points: circle.into_iter().collect() }
    }

    /// The member at the first point *behind* a hash, past the end the first of all (`Consistent.search`); `None`: the ring
    /// is empty.
    pub fn route(&self, hash: u32) -> Option<usize> {
        let behind = self.points.partition_point(|(own, _)| *own <= hash);
        self.points.get(behind).or_else(|| self.points.first()).map(|(_, member)| *member)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_at_a_point_goes_on_to_the_next() {
        let ring = Ring { points: vec![(10, 0), (20, 1), (30, 2)] };
        for (hash, member) in [(0, 0), (9, 0), (10, 1), (19, 1), (20, 2), (29, 2), (30, 0), (u32::MAX, 0)] {
            assert_eq!(ring.route(hash), Some(member), "{hash}");
        }
        assert_eq!(Ring { points: Vec::new() }.route(5), None);
    }

    #[test]
    fn the_number_stands_before_the_id() {
        // "0" + "1a" and "01" + "a" are one key: of two ids the later has the point.
        let ring = Ring::new([(0, "1a"), (1, "a")].into_iter(), 2);
        assert_eq!(ring.points.len(), 4);
        let ring = Ring::new([(0, "0a"), (1, "a")].into_iter(), 11);
        assert_eq!(ring.points.iter().filter(|(_, member)| *member == 1).count(), 11, "\"10a\" is of both");
        assert_eq!(ring.points.len(), 21);
    }
}
