//! Pictures. Each is drawn once as shapes on a [`Drawing`], and written from there as SVG and as PNG.

mod allocation;
mod balance;
mod chart;
mod colours;
mod distributions;
mod drawing;
mod exporter;
mod lag;
mod ownership;
mod render;
mod rows;
mod time_axis;

pub use allocation::allocation_pictures;
pub use exporter::{BALANCE, DISTRIBUTIONS, LAG, OWNERSHIP};

#[cfg(test)]
mod tests;
