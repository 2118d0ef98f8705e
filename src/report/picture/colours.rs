//! Colours that people with any kind of colour vision tell apart (Paul Tol's `light` and `vibrant` schemes).

/// Red, green, blue.
pub(super) type Colour = (u8, u8, u8);

pub(super) const INK: Colour = (0x22, 0x22, 0x22);
pub(super) const FAINT: Colour = (0x77, 0x77, 0x77);
pub(super) const GRID: Colour = (0xdd, 0xdd, 0xdd);
pub(super) const PAPER: Colour = (0xff, 0xff, 0xff);
/// Nobody owns the queue.
pub(super) const GAP: Colour = (0xcc, 0x33, 0x11);
/// Nobody has owned it yet.
pub(super) const NOT_YET: Colour = (0xf7, 0xd9, 0xd2);
/// It is popped, and needs no owner.
pub(super) const POPPED: Colour = (0xe3, 0xe6, 0xe8);
/// Two live owners.
pub(super) const OVERLAP: Colour = (0x00, 0x00, 0x00);
/// A dead or cut-off client's table holds it.
pub(super) const ZOMBIE: Colour = (0xbb, 0xbb, 0xbb);
/// Messages wait and nobody gets them.
pub(super) const STALL: Colour = (0x88, 0x22, 0x88);
/// Lines of charts, in order of importance.
pub(super) const LINES: [Colour; 4] = [(0x00, 0x77, 0xbb), (0xee, 0x77, 0x33), (0x00, 0x99, 0x88), GAP];

const OWNERS: [Colour; 7] = [
    (0x77, 0xaa, 0xdd),
    (0xee, 0xdd, 0x88),
    (0x44, 0xbb, 0x99),
    (0xff, 0xaa, 0xbb),
    (0x99, 0xdd, 0xff),
    (0xaa, 0xaa, 0x00),
    (0xbb, 0xcc, 0x33),
];

/// So many owners have a colour of their own, each light one and the same darker.
pub(super) const COLOURS: usize = 2 * OWNERS.len();
/// So many owners are told apart by colour and pattern.
pub(super) const APART: usize = 5 * COLOURS;

/// The colour of the n-th owner: seven light ones, then the same darker, then again from the start.
pub(super) fn owner(number: usize) -> Colour {
    let (r, g, b) = OWNERS[number % OWNERS.len()];
    let darker = |part: u8| (u16::from(part) * 7 / 10) as u8;
    if number / OWNERS.len() % 2 == 1 { (darker(r), darker(g), darker(b)) } else { (r, g, b) }
}

/// What lies over the colour of the n-th owner, so that two of one colour differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pattern {
    Plain,
    /// Light bars across.
    Bars,
    /// A light line along the middle.
    Line,
    /// Dark bars across.
    DarkBars,
    /// A dark line along the middle.
    DarkLine,
}

/// The pattern of the n-th owner.
pub(super) fn pattern(number: usize) -> Pattern {
    const PATTERNS: [Pattern; 5] = [Pattern::Plain, Pattern::Bars, Pattern::Line, Pattern::DarkBars, Pattern::DarkLine];
    PATTERNS[number / COLOURS % PATTERNS.len()]
}

/// Ink or paper, whichever is read better on a colour.
pub(super) fn written_on((r, g, b): Colour) -> Colour {
    let light = (u32::from(r) * 299 + u32::from(g) * 587 + u32::from(b) * 114) / 1_000;
    if light < 118 { PAPER } else { INK }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seventy_owners_are_told_apart() {
        let looks: std::collections::BTreeSet<_> = (0..APART).map(|n| (owner(n), pattern(n) as u8)).collect();
        assert_eq!((looks.len(), APART), (70, 70));
    }
}
