//! What a host knows of each server: servers have the first numbers of all hosts, so a short list does.

use super::ids::HostId;

/// Something for each of some servers, in the order of their numbers. It is asked for at every call.
#[derive(Debug)]
pub(super) struct ServerTable<T>(Vec<Option<T>>);

impl<T> Default for ServerTable<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Copy> ServerTable<T> {
    /// What is known of a server.
    #[inline]
    pub fn get(&self, server: HostId) -> Option<T> {
        self.0.get(server.at()).copied().flatten()
    }

    /// Takes note of something, and answers what was known before.
    pub fn insert(&mut self, server: HostId, what: T) -> Option<T> {
        if self.0.len() <= server.at() {
            self.0.resize(server.at() + 1, None);
        }
        self.0[server.at()].replace(what)
    }

    /// Forgets a server.
    pub fn remove(&mut self, server: HostId) {
        if let Some(known) = self.0.get_mut(server.at()) {
            *known = None;
        }
    }

    /// Forgets all servers.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// All that is known, in the order of the servers.
    pub fn values(&self) -> impl Iterator<Item = T> {
        self.0.iter().copied().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_are_known_until_they_are_forgotten() {
        let mut table = ServerTable::default();
        let server = HostId::of;
        assert_eq!((table.insert(server(3), 'a'), table.insert(server(1), 'b')), (None, None));
        assert_eq!(table.insert(server(3), 'c'), Some('a'));
        assert_eq!([0, 1, 2, 3, 4].map(|number| table.get(server(number))), [None, Some('b'), None, Some('c'), None]);
        assert_eq!(table.values().collect::<Vec<_>>(), ['b', 'c']);
        table.remove(server(1));
        table.remove(server(9));
        assert_eq!(table.values().collect::<Vec<_>>(), ['c']);
        table.clear();
        assert_eq!(table.get(server(3)), None);
    }
}
