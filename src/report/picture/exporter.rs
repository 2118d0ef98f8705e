//! One picture in one format, as a file of the report.

use std::io::{self, Write};

use super::drawing::Drawing;
use super::{balance, distributions, lag, load, ownership, render};
use crate::report::{Exporter, Report};

/// A picture as a file.
pub struct Picture {
    file_name: &'static str,
    draw: fn(&Report<'_>) -> Option<Drawing>,
    encode: fn(&Drawing) -> Vec<u8>,
}

/// Both files of one picture: the first is for screens of any size, the second for chats and slides.
const fn both(names: [&'static str; 2], draw: fn(&Report<'_>) -> Option<Drawing>) -> [Picture; 2] {
    let [svg, png] = names;
    [Picture { file_name: svg, draw, encode: render::svg }, Picture { file_name: png, draw, encode: render::png }]
}

/// Who owns which queue, and when nobody or two did.
pub static OWNERSHIP: [Picture; 2] = both(["ownership.svg", "ownership.png"], ownership::draw);
/// How far each group is behind.
pub static LAG: [Picture; 2] = both(["lag.svg", "lag.png"], lag::draw);
/// What membership costs the brokers.
pub static LOAD: [Picture; 2] = both(["load.svg", "load.png"], load::draw);
/// How evenly the queues lie.
pub static BALANCE: [Picture; 2] = both(["balance.svg", "balance.png"], balance::draw);
/// The main figures over many seeds.
pub static DISTRIBUTIONS: [Picture; 2] = both(["distributions.svg", "distributions.png"], distributions::draw);

impl Exporter for Picture {
    fn file_name(&self) -> &'static str {
        self.file_name
    }

    fn export(&self, report: &Report<'_>, file: &mut dyn Write) -> io::Result<()> {
        match (self.draw)(report) {
            Some(drawing) => file.write_all(&(self.encode)(&drawing)),
            None => Ok(()),
        }
    }
}
