//! Small tables in plain text: the first column to the left, the others to the right, and words behind them.

use std::fmt::Write as _;

use crate::report::wording::printable_line;

/// Writes the rows, indented by two, as wide as their widest cells.
pub(super) fn table(text: &mut String, rows: &[Vec<String>]) {
    table_with_words(text, &rows.iter().map(|row| (row.clone(), String::new())).collect::<Vec<_>>());
}

/// The same with some words behind each row.
pub(in crate::report) fn table_with_words(text: &mut String, rows: &[(Vec<String>, String)]) {
    let plain = |cell: &String| printable_line(cell).into_owned();
    let cells: Vec<Vec<String>> = rows.iter().map(|(row, _)| row.iter().map(plain).collect()).collect();
    let columns = cells.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| cells.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    for (row, (_, words)) in cells.iter().zip(rows) {
        let mut line = String::from("  ");
        for (column, cell) in row.iter().enumerate() {
            let pad = " ".repeat(widths[column] - cell.chars().count());
            line += &if column == 0 { format!("{cell}{pad}") } else { format!("  {pad}{cell}") };
        }
        let words = if words.is_empty() { String::new() } else { format!("   {}", printable_line(words)) };
        writeln!(text, "{}", format!("{line}{words}").trim_end()).expect("a string takes every write");
    }
}
