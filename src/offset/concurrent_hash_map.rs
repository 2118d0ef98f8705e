//! The order in which Java's `ConcurrentHashMap` lists its entries, on which the text of an offset file depends.
//!
//! One thread, so no locks: what is kept is the table's size, the order inside a bin, and the rules by which both
//! change (`ConcurrentHashMap.putVal`, `transfer`, `treeifyBin`, `tryPresize`).

const TREEIFY_THRESHOLD: usize = 8;
const UNTREEIFY_THRESHOLD: usize = 6;
const MIN_TREEIFY_CAPACITY: usize = 64;

/// What has a Java `hashCode`.
pub trait JavaHash {
    /// `Object.hashCode`.
    fn java_hash(&self) -> i32;
}

/// `String.hashCode`: over UTF-16 units, in wrapping 32 bits.
#[must_use]
pub fn java_string_hash(text: &str) -> i32 {
    text.encode_utf16().fold(0, |hash: i32, unit| hash.wrapping_mul(31).wrapping_add(i32::from(unit)))
}

impl JavaHash for String {
    fn java_hash(&self) -> i32 {
        java_string_hash(self)
    }
}

/// `Integer.hashCode` is the number itself.
impl JavaHash for i32 {
    fn java_hash(&self) -> i32 {
        *self
    }
}

#[derive(Debug, Clone)]
struct Node<K, V> {
    hash: usize,
    key: K,
    value: V,
}

/// One place of the table. A bin with many entries becomes a tree, which takes new entries at its front.
#[derive(Debug, Clone)]
struct Bin<K, V> {
    nodes: Vec<Node<K, V>>,
    is_tree: bool,
}

impl<K, V> Bin<K, V> {
    fn empty() -> Self {
        Self { nodes: Vec::new(), is_tree: false }
    }

    /// What stays and what moves up when the table doubles from `capacity`. A list keeps its longest tail that goes
    /// one way and puts the others in front of it one by one, so they come out reversed; a tree keeps its order.
    fn split(mut self, capacity: usize) -> (Self, Self) {
        let goes_up = |node: &Node<K, V>| node.hash & capacity != 0;
        let (mut low, mut high) = (Vec::new(), Vec::new());
        if self.is_tree {
            for node in self.nodes {
                if goes_up(&node) { high.push(node) } else { low.push(node) }
            }
            let bin = |nodes: Vec<_>| Self { is_tree: nodes.len() > UNTREEIFY_THRESHOLD, nodes };
            return (bin(low), bin(high));
        }
        if let Some(last) = self.nodes.last() {
            let direction = goes_up(last);
            let last_run = self.nodes.iter().rposition(|node| goes_up(node) != direction).map_or(0, |at| at + 1);
            let tail = self.nodes.split_off(last_run);
            if direction {
                high = tail
            } else {
                low = tail
            }
            for node in self.nodes {
                if goes_up(&node) { high.insert(0, node) } else { low.insert(0, node) }
            }
        }
        (Self { nodes: low, is_tree: false }, Self { nodes: high, is_tree: false })
    }
}

/// A map that iterates as `java.util.concurrent.ConcurrentHashMap` does after the same operations.
#[derive(Debug, Clone)]
pub struct ConcurrentHashMap<K, V> {
    bins: Vec<Bin<K, V>>,
    len: usize,
}

impl<K: JavaHash + Eq, V> Default for ConcurrentHashMap<K, V> {
    fn default() -> Self {
        Self { bins: Self::table(16), len: 0 }
    }
}

impl<K: JavaHash + Eq, V> ConcurrentHashMap<K, V> {
    /// `new ConcurrentHashMap(initialCapacity)`, whose table is the next power of two above one and a half of it.
    #[must_use]
    pub fn with_initial_capacity(initial_capacity: usize) -> Self {
        let size = (initial_capacity + initial_capacity / 2 + 1).next_power_of_two();
        Self { bins: Self::table(size), len: 0 }
    }

    /// `size`.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// `isEmpty`.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// `get`.
    #[must_use]
    pub fn get(&self, key: &K) -> Option<&V> {
        let bin = &self.bins[self.bin_of(Self::spread(key))];
        bin.nodes.iter().find(|node| node.key == *key).map(|node| &node.value)
    }

    /// `get`, to change the value in place.
    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        let index = self.bin_of(Self::spread(key));
        self.bins[index].nodes.iter_mut().find(|node| node.key == *key).map(|node| &mut node.value)
    }

    /// `put`; gives the former value back. An existing key keeps its place.
    pub fn put(&mut self, key: K, value: V) -> Option<V> {
        let hash = Self::spread(&key);
        let index = self.bin_of(hash);
        let bin = &mut self.bins[index];
        let found = bin.nodes.iter().position(|node| node.key == key);
        let walked = found.map_or(bin.nodes.len(), |at| at + 1);
        let former = match found {
            Some(at) => Some(std::mem::replace(&mut bin.nodes[at].value, value)),
            None => {
                let at = if bin.is_tree { 0 } else { bin.nodes.len() };
                bin.nodes.insert(at, Node { hash, key, value });
                None
            }
        };
        if !bin.is_tree && walked >= TREEIFY_THRESHOLD {
            self.treeify(index);
        }
        if former.is_none() {
            self.len += 1;
            while self.len >= self.threshold() {
                self.double();
            }
        }
        former
    }

    /// `remove`; the table never shrinks.
    pub fn remove(&mut self, key: &K) -> Option<V> {
        let index = self.bin_of(Self::spread(key));
        let bin = &mut self.bins[index];
        let at = bin.nodes.iter().position(|node| node.key == *key)?;
        self.len -= 1;
        Some(bin.nodes.remove(at).value)
    }

    /// `entrySet` in the order of its iterator.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.bins.iter().flat_map(|bin| bin.nodes.iter()).map(|node| (&node.key, &node.value))
    }

    fn table(size: usize) -> Vec<Bin<K, V>> {
        std::iter::repeat_with(Bin::empty).take(size).collect()
    }

    /// `ConcurrentHashMap.spread`.
    fn spread(key: &K) -> usize {
        let hash = key.java_hash() as u32;
        ((hash ^ (hash >> 16)) & 0x7fff_ffff) as usize
    }

    fn bin_of(&self, hash: usize) -> usize {
        hash & (self.bins.len() - 1)
    }

    /// `sizeCtl` between two resizes: three quarters. Reaching it is enough, unlike in `HashMap`.
    fn threshold(&self) -> usize {
        self.bins.len() - self.bins.len() / 4
    }

    /// `treeifyBin`: a small table grows instead (`tryPresize` of twice its size).
    fn treeify(&mut self, index: usize) {
        if self.bins.len() >= MIN_TREEIFY_CAPACITY {
            self.bins[index].is_tree = true;
            return;
        }
        let size = self.bins.len() * 2;
        let wanted = (size + size / 2 + 1).next_power_of_two();
        while wanted > self.threshold() {
            self.double();
        }
    }

    /// `transfer` into a table of twice the size.
    fn double(&mut self) {
        let capacity = self.bins.len();
        let (low, high): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.bins).into_iter().map(|b| b.split(capacity)).unzip();
        self.bins = low.into_iter().chain(high).collect();
    }
}
