//! Pictures. Each is drawn once as shapes on a [`Drawing`], and written from there as SVG and as PNG.

mod allocation;
pub(super) mod balance;
pub(super) mod chart;
mod colours;
mod curve;
pub(super) mod distributions;
mod drawing;
mod exporter;
mod fidelity;
mod heat_map;
pub(super) mod lag;
mod letters;
pub(super) mod load;
mod ownership;
mod pixels;
mod recording;
mod render;
pub(super) mod rows;
mod strips;
mod time_axis;
mod variation;

pub use allocation::allocation_pictures;
pub use exporter::{BALANCE, DISTRIBUTIONS, LAG, LOAD, OWNERSHIP};
pub use fidelity::pictures as of_fidelity;
pub use variation::pictures as of_variation;

#[cfg(test)]
mod tests;
