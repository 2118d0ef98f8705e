//! Tables in plain text: what is text to the left, what is numbers to the right.

use std::fmt::Write as _;

/// Rows that are printed before a table is cut short.
const MOST_ROWS: usize = 200;

/// A table under its header.
pub(super) struct Table {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(super) fn new<'a>(header: impl IntoIterator<Item = &'a str>) -> Self {
        Self { header: header.into_iter().map(str::to_owned).collect(), rows: Vec::new() }
    }

    pub(super) fn row(&mut self, row: impl IntoIterator<Item = String>) {
        self.rows.push(row.into_iter().collect());
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Writes it behind an empty line; `whole`: however long it is.
    pub(super) fn write(&self, text: &mut String, whole: bool) {
        let most = if whole { self.rows.len() } else { MOST_ROWS };
        let shown = || std::iter::once(&self.header).chain(self.rows.iter().take(most));
        let widths: Vec<usize> = (0..self.header.len())
            .map(|column| shown().map(|row| row[column].chars().count()).max().unwrap_or(0))
            .collect();
        let numeric: Vec<bool> = (0..self.header.len())
            .map(|column| !self.rows.is_empty() && self.rows.iter().take(most).all(|row| number(&row[column])))
            .collect();
        text.push('\n');
        for row in shown() {
            let mut line = String::new();
            for (column, cell) in row.iter().enumerate() {
                let pad = " ".repeat(widths[column] - cell.chars().count());
                line += &if numeric[column] { format!("  {pad}{cell}") } else { format!("  {cell}{pad}") };
            }
            writeln!(text, "{}", line.trim_end()).expect("a string takes every write");
        }
        if self.rows.len() > most {
            let left = self.rows.len() - most;
            writeln!(text, "  and {left} more: --format csv and --out have them all")
                .expect("a string takes every write");
        }
    }
}

/// Whether a cell holds a number, or the `-` that stands for none.
fn number(cell: &str) -> bool {
    cell == "-" || cell.bytes().all(|byte| byte.is_ascii_digit())
}
