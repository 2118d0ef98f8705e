//! A figure over the values of a setting: a curve over one axis, a heat map over two.

use super::{curve, heat_map, render};
use crate::report::variation::Variation;

/// The picture as SVG and as PNG; `None` where no point has the figure.
#[must_use]
pub fn pictures(variation: &Variation<'_>, figure: &str) -> Option<(Vec<u8>, Vec<u8>)> {
    let drawing = match variation.axes {
        [_] => curve::draw(variation, figure)?,
        _ => heat_map::draw(variation, figure)?,
    };
    Some((render::svg(&drawing), render::png(&drawing)))
}
