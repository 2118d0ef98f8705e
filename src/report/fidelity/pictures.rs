//! A picture a recording, as SVG and as PNG.

use crate::fidelity::{ComparedTrace, Typical};
use crate::report::picture;
use crate::trace::Trace;

/// Names of files and what is in them.
#[must_use]
pub fn pictures(traces: &[Trace], typical: &[Typical], compared: &[ComparedTrace]) -> Vec<(String, Vec<u8>)> {
    let of = |at: usize| {
        let others: Vec<&ComparedTrace> = (0..compared.len())
            .filter(|&other| other != at && compared[other].story == compared[at].story)
            .map(|other| &compared[other])
            .collect();
        let (svg, png) = picture::of_fidelity(&traces[at], &typical[at], &compared[at], &others);
        // It was the name of a file, which may hold more than others may.
        let name = compared[at].trace.replace(char::is_control, "_");
        [(format!("{name}.svg"), svg), (format!("{name}.png"), png)]
    };
    (0..compared.len()).flat_map(of).collect()
}
