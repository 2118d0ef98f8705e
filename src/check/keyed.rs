//! A table by audience and queue, dense: checks look into it for every message.

use super::Key;
use crate::model::observation::QueueIndex;

/// No value has been made.
const NOWHERE: u32 = u32::MAX;

/// Values by [`Key`], made when first asked for; iterates in order of audience, then queue.
#[derive(Debug)]
pub(super) struct Keyed<T> {
    /// Where the value of each queue of each audience stands, audience by audience.
    places: Vec<u32>,
    /// So many queues each audience has room for.
    room: usize,
    /// In the order in which they were made.
    values: Vec<(Key, T)>,
}

impl<T> Default for Keyed<T> {
    fn default() -> Self {
        Self { places: Vec::new(), room: 0, values: Vec::new() }
    }
}

impl<T: Default> Keyed<T> {
    /// The value of a key, made if there is none.
    #[inline]
    pub fn of(&mut self, key: Key) -> &mut T {
        let place = match self.place(key) {
            Some(place) => place,
            None => self.make(key),
        };
        &mut self.values[place].1
    }

    #[inline]
    fn place(&self, Key { audience, queue }: Key) -> Option<usize> {
        if queue.at() >= self.room {
            return None;
        }
        let place = *self.places.get(audience.at() * self.room + queue.at())?;
        (place != NOWHERE).then_some(place as usize)
    }

    /// Makes a value: it happens once for a key, and is kept out of the way of those who only look.
    #[cold]
    #[inline(never)]
    fn make(&mut self, key: Key) -> usize {
        let (audience, queue) = (key.audience.at(), key.queue.at());
        if queue >= self.room {
            let room = (queue + 1).next_power_of_two();
            let audiences = self.places.len().checked_div(self.room).unwrap_or(0);
            let mut places = vec![NOWHERE; audiences * room];
            for (from, to) in self.places.chunks(self.room.max(1)).zip(places.chunks_mut(room)) {
                to[..from.len()].copy_from_slice(from);
            }
            (self.places, self.room) = (places, room);
        }
        let until = (audience + 1) * self.room;
        if self.places.len() < until {
            self.places.resize(until, NOWHERE);
        }
        let place = self.values.len();
        self.places[audience * self.room + queue] =
            u32::try_from(place).expect("as many as there are queues of audiences");
        self.values.push((key, T::default()));
        place
    }

    /// The value of a key, if there is one.
    #[inline]
    pub fn get(&self, key: Key) -> Option<&T> {
        self.place(key).map(|place| &self.values[place].1)
    }

    /// The value of a key, if there is one, to change it.
    #[inline]
    pub fn get_mut(&mut self, key: Key) -> Option<&mut T> {
        self.place(key).map(|place| &mut self.values[place].1)
    }

    /// The values of a queue, whatever the audience, to change them; in the order in which they were made.
    pub fn of_queue_mut(&mut self, queue: QueueIndex) -> impl Iterator<Item = &mut T> {
        self.values.iter_mut().filter(move |(key, _)| key.queue == queue).map(|(_, value)| value)
    }

    /// All keys with their values.
    pub fn iter(&self) -> impl Iterator<Item = (Key, &T)> {
        let made = self.places.iter().filter(|place| **place != NOWHERE);
        made.map(|place| &self.values[*place as usize]).map(|(key, value)| (*key, value))
    }

    /// All keys with their values, to change them.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (Key, &mut T)> {
        let mut all: Vec<(Key, &mut T)> = self.values.iter_mut().map(|(key, value)| (*key, value)).collect();
        all.sort_unstable_by_key(|(key, _)| *key);
        all.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ids::AudienceIndex;
    use std::collections::BTreeMap;

    #[test]
    fn it_holds_what_a_tree_holds_in_its_order() {
        let (mut keyed, mut tree) = (Keyed::<u64>::default(), BTreeMap::<Key, u64>::new());
        let mut state = 5_u64;
        for round in 0..3_000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let (audience, queue) = (AudienceIndex((state >> 60) as u16), (state >> 32) as u32 % (1 + round / 10));
            let key = Key { audience, queue: QueueIndex(queue) };
            assert_eq!(keyed.get(key), tree.get(&key));
            *keyed.of(key) += u64::from(round);
            *tree.entry(key).or_default() += u64::from(round);
            assert_eq!(keyed.get_mut(key), tree.get_mut(&key));
        }
        assert!(keyed.iter().eq(tree.iter().map(|(key, value)| (*key, value))));
        assert!(keyed.iter_mut().eq(tree.iter_mut().map(|(key, value)| (*key, value))));
        let of_seven = tree.iter().filter(|(key, _)| key.queue == QueueIndex(7)).map(|(_, value)| value).sum::<u64>();
        assert_eq!(keyed.of_queue_mut(QueueIndex(7)).map(|value| *value).sum::<u64>(), of_seven);
    }
}
