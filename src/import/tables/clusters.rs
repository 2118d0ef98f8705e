//! Brokers of clusters: `clusterList`, short and with `-m`.

use super::header::Table;
use super::rows::{self, CUT, Row, first_row, has, is_address, is_figure, refuse};
use crate::import::fact::Fact;
use crate::import::reader::{Reader, Reading};
use crate::import::section::Section;

/// `mqadmin clusterList` (`ClusterListSubCommand.printClusterBaseInfo`): the first five columns are the same since 3.x,
/// what follows differs; `#ACTIVATED` is the last since 5.0. No column is cut.
pub struct ClusterList;

impl ClusterList {
    /// The fact, and whether the broker answered: without its answer the version is blank and the figures are zeros.
    fn row(row: &Row<'_>, activated: bool) -> Result<(Fact, bool), &'static str> {
        let words = row.words();
        let [cluster, name, id, address, ref further @ ..] = words[..] else { return Err("") };
        let id: u64 = id.parse().map_err(|_| "")?;
        if !is_address(address) {
            return Err("");
        }
        let version = *further.first().ok_or(CUT)?;
        let answered = version.starts_with(|letter: char| letter.is_ascii_uppercase());
        let last = further.last().copied().filter(|_| further.len() > 1);
        let activated = match (activated, last.map(str::parse::<bool>)) {
            (false, Some(_)) => None,
            (true, Some(Ok(activated))) => Some(activated).filter(|_| answered),
            _ => return Err(CUT),
        };
        let fact = Fact::Broker {
            cluster: Some(cluster.to_owned()),
            name: name.to_owned(),
            id: Some(id),
            address: Some(address.to_owned()),
            version: answered.then(|| version.to_owned()),
            activated,
        };
        Ok((fact, answered))
    }
}

impl Reader for ClusterList {
    fn name(&self) -> &'static str {
        "`mqadmin clusterList`"
    }

    fn recognises(&self, section: &Section<'_>) -> bool {
        // Without its header a row is known by the address behind an id, and the version behind that.
        let row = || first_row(section).is_some_and(|row| Self::row(&row, false).is_ok_and(|(_, answered)| answered));
        has(section, Table::ClusterList) || row()
    }

    fn read(&self, section: &Section<'_>, reading: &mut Reading) {
        let (header, rows) = rows::table(section, Table::ClusterList, self.name(), reading);
        let activated = header.contains("#ACTIVATED");
        for row in &rows {
            match Self::row(row, activated) {
                Ok((fact, answered)) => {
                    reading.fact(row.place, fact);
                    if !answered {
                        reading.note(row.place, "the broker did not answer `mqadmin`: its version is blank");
                    }
                }
                Err(why) => refuse(reading, row, self.name(), why),
            }
        }
    }
}

/// `mqadmin clusterList -m` (`ClusterListSubCommand.printClusterMoreStats`), the same in all versions; of each process of
/// a broker a row, without its id and address.
pub struct ClusterListMore;

impl Reader for ClusterListMore {
    fn name(&self) -> &'static str {
        "`mqadmin clusterList -m`"
    }

    fn recognises(&self, section: &Section<'_>) -> bool {
        has(section, Table::ClusterListMore)
    }

    fn read(&self, section: &Section<'_>, reading: &mut Reading) {
        for row in &rows::table(section, Table::ClusterListMore, self.name(), reading).1 {
            match row.words()[..] {
                [cluster, name, ref figures @ ..]
                    if figures.len() == 4 && figures.iter().all(|figure| is_figure(figure)) =>
                {
                    let (cluster, name) = (Some(cluster.to_owned()), name.to_owned());
                    let (id, address, version, activated) = (None, None, None, None);
                    reading.fact(row.place, Fact::Broker { cluster, name, id, address, version, activated });
                }
                _ => refuse(reading, row, self.name(), ""),
            }
        }
    }
}
