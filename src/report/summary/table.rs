//! Small tables in plain text: the first column to the left, the others to the right.

use std::fmt::Write as _;

use crate::report::wording::printable_line;

/// Writes the rows, indented by two, as wide as their widest cells.
pub(super) fn table(text: &mut String, rows: &[Vec<String>]) {
    let plain = |cell: &String| printable_line(cell).into_owned();
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(plain).collect()).collect();
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    for row in &rows {
        let mut line = String::from("  ");
        for (column, cell) in row.iter().enumerate() {
            let pad = " ".repeat(widths[column] - cell.chars().count());
            line += &if column == 0 { format!("{cell}{pad}") } else { format!("  {pad}{cell}") };
        }
        writeln!(text, "{}", line.trim_end()).expect("a string takes every write");
    }
}
