//! A table by group and queue, dense: checks look into it for every message.

use super::Key;
use crate::model::observation::QueueIndex;

/// Values by [`Key`], made when first asked for; iterates in order of group, then queue.
#[derive(Debug)]
pub(super) struct Keyed<T>(Vec<Vec<Option<T>>>);

impl<T> Default for Keyed<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Default> Keyed<T> {
    /// The value of a key, made if there is none.
    #[inline]
    pub fn of(&mut self, key: Key) -> &mut T {
        if self.get(key).is_none() {
            self.make(key);
        }
        self.get_mut(key).expect("it was made")
    }

    /// Makes the value of a key: it happens once, and a look happens for every message.
    #[cold]
    #[inline(never)]
    fn make(&mut self, (group, queue): Key) {
        let (group, queue) = (group as usize, queue as usize);
        if self.0.len() <= group {
            self.0.resize_with(group + 1, Vec::new);
        }
        if self.0[group].len() <= queue {
            self.0[group].resize_with(queue + 1, || None);
        }
        self.0[group][queue] = Some(T::default());
    }

    /// The value of a key, if there is one.
    #[inline]
    pub fn get(&self, (group, queue): Key) -> Option<&T> {
        self.0.get(group as usize)?.get(queue as usize)?.as_ref()
    }

    /// The value of a key, if there is one, to change it.
    #[inline]
    pub fn get_mut(&mut self, (group, queue): Key) -> Option<&mut T> {
        self.0.get_mut(group as usize)?.get_mut(queue as usize)?.as_mut()
    }

    /// The values of a queue, whatever the group, to change them.
    pub fn of_queue_mut(&mut self, queue: QueueIndex) -> impl Iterator<Item = &mut T> {
        self.0.iter_mut().filter_map(move |queues| queues.get_mut(queue as usize)?.as_mut())
    }

    /// All keys with their values.
    pub fn iter(&self) -> impl Iterator<Item = (Key, &T)> {
        (0..).zip(&self.0).flat_map(|(group, queues)| {
            (0..).zip(queues).filter_map(move |(queue, value)| Some(((group, queue), value.as_ref()?)))
        })
    }

    /// All keys with their values, to change them.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (Key, &mut T)> {
        (0..).zip(&mut self.0).flat_map(|(group, queues)| {
            (0..).zip(queues).filter_map(move |(queue, value)| Some(((group, queue), value.as_mut()?)))
        })
    }
}
