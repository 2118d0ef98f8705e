//! Pictures. Each is drawn once as shapes on a [`Drawing`], and written from there as SVG and as PNG.

mod allocation;
mod balance;
mod chart;
mod colours;
mod distributions;
mod drawing;
mod exporter;
mod fidelity;
mod lag;
mod letters;
mod load;
mod ownership;
mod pixels;
mod recording;
mod render;
mod rows;
mod strips;
mod time_axis;

pub use allocation::allocation_pictures;
pub use exporter::{BALANCE, DISTRIBUTIONS, LAG, LOAD, OWNERSHIP};
pub use fidelity::pictures as of_fidelity;

#[cfg(test)]
mod tests;
