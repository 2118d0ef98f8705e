//! Distances by family, and what belongs to the machine.

use std::fmt::Write as _;

use super::Validation;
use crate::fidelity::{Compared, Family, FamilyTotals, by_family, by_load};

/// Whether there is anything to tell beside what stands in the totals: recordings of one kind alone have it there.
fn matters(validation: &Validation<'_>, families: &[FamilyTotals]) -> bool {
    let plain = |trace: &crate::fidelity::ComparedTrace| {
        trace.family == Family::Java(5, 3) && !trace.machine.gives_starts() && trace.whole.is_empty()
    };
    families.len() > 1 || !validation.unplayed.is_empty() || !validation.compared.iter().all(plain)
}

/// The tables of families, of requests and redeliveries, and the sentences about machines; nothing where all are plain.
pub(super) fn tell(validation: &Validation<'_>, text: &mut String) {
    let families = by_family(validation.compared, validation.unplayed);
    if !matters(validation, &families) {
        return;
    }
    let mut line = |words: std::fmt::Arguments<'_>| writeln!(text, "{words}").expect("a text takes all");
    line(format_args!(
        "\n{:<16} {:<9} {:>10} {:>8} {:>8} {:>9} {:>11} {:>7} {:>9} {:>12}",
        "family", "machine", "recordings", "values", "in band", "coverage", "owner maps", "ratio", "requests", "load"
    ));
    for family in &families {
        let row = Row::of(family);
        line(format_args!(
            "{:<16} {:<9} {:>10} {:>8} {:>8} {:>9} {:>11} {:>7} {:>9} {:>12}",
            row.family,
            row.machine,
            row.recordings,
            row.values,
            row.in_band,
            row.coverage,
            row.owner_maps,
            row.ratio,
            row.whole,
            row.load
        ));
    }
    machines(validation, &mut line);
    wholes(validation, &mut line);
    if !validation.unplayed.is_empty() {
        line(format_args!("\nnot played, {} recordings:", validation.unplayed.len()));
        for one in validation.unplayed {
            line(format_args!("  {}", one.why));
        }
    }
}

/// What a loaded machine adds is no part of RocketMQ.
fn machines(validation: &Validation<'_>, line: &mut impl FnMut(std::fmt::Arguments<'_>)) {
    let compared = validation.compared;
    let [busy, others] = by_load(compared);
    let percent = |(of, all): (usize, usize)| 100.0 * of as f64 / all.max(1) as f64;
    let loaded = compared.iter().filter(|trace| trace.machine.busy).count();
    if loaded > 0 {
        line(format_args!(
            "\nbusy machine (load average above 3): {loaded} recordings, {:.2} % of {} values in the band; {:.2} % of {} elsewhere",
            percent(busy),
            busy.1,
            percent(others),
            others.1
        ));
    }
    let given = compared.iter().filter(|trace| trace.machine.gives_starts()).count();
    if given > 0 {
        line(format_args!(
            "start() takes what it took in {given} recordings: of a busy machine, of consumers that share a JVM, of Go clients, or of the second recorder"
        ));
    }
}

/// Figures of whole recordings, a row each.
fn wholes(validation: &Validation<'_>, line: &mut impl FnMut(std::fmt::Arguments<'_>)) {
    if validation.compared.iter().all(|trace| trace.whole.is_empty()) {
        return;
    }
    line(format_args!(
        "\n{:<22} {:<23} {:>8} {:>8} {:>8} {:>8}  {}",
        "whole recording", "figure", "real", "least", "median", "most", "in band"
    ));
    for trace in validation.compared {
        for value in &trace.whole {
            let Compared { key: (_, name), real, quantiles: [least, _, median, _, most], in_band, .. } = value;
            let word = if *in_band { "yes" } else { "no" };
            line(format_args!("{:<22} {name:<23} {real:>8} {least:>8} {median:>8} {most:>8}  {word}", trace.trace));
        }
    }
}

/// The words of one family's row.
struct Row {
    family: String,
    machine: String,
    recordings: String,
    values: usize,
    in_band: usize,
    coverage: String,
    owner_maps: String,
    ratio: String,
    whole: String,
    load: String,
}

impl Row {
    fn of(family: &FamilyTotals) -> Self {
        let totals = &family.totals;
        let all = family.recordings + family.unplayed;
        let share = |(of, all): (usize, usize)| if all == 0 { "-".to_owned() } else { format!("{of}/{all}") };
        Self {
            family: family.family.to_string(),
            machine: family.machine.to_string(),
            recordings: if family.unplayed == 0 { all.to_string() } else { format!("{} of {all}", family.recordings) },
            values: totals.values,
            in_band: totals.in_band,
            coverage: if totals.values == 0 { "-".to_owned() } else { format!("{:.1} %", totals.coverage()) },
            owner_maps: share((totals.owners_hit, totals.phases)),
            ratio: totals.yardstick_ratio.map_or("-".to_owned(), |ratio| format!("{ratio:.2}")),
            whole: share(family.whole),
            load: family.load.map_or("-".to_owned(), |(least, most)| format!("{least:.0} to {most:.0}")),
        }
    }
}

/// The table of families as a document has it.
#[must_use]
pub fn markdown(families: &[FamilyTotals]) -> String {
    let mut text =
        "| family | machine | recordings | in the 99 % band | owner maps | ratio | requests, redeliveries | load |\n\
                    |---|---|---:|---:|---:|---:|---:|---:|\n"
            .to_owned();
    for family in families {
        let Row { family, machine, recordings, values, in_band, coverage, owner_maps, ratio, whole, load } =
            Row::of(family);
        let values = if values == 0 { "-".to_owned() } else { format!("{in_band} of {values}, {coverage}") };
        writeln!(
            text,
            "| {family} | {machine} | {recordings} | {values} | {owner_maps} | {ratio} | {whole} | {load} |"
        )
        .expect("a text takes all");
    }
    text
}
