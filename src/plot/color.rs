//! Colours that a colour-blind reader tells apart.
//!
//! Lines take the palette of M. Okabe and K. Ito, "Color Universal Design" (2008), darkest contrast first, with a darker
//! green: without a sense of green, theirs is the grey of the purple. Heights take viridis (S. van der Walt, N. Smith,
//! 2015), whose lightness grows evenly, so that it also reads in grey. Cells take shades of one hue, from light to dark.

use super::drawing::{DASH_DOTTED, DOTTED, Dashes, SOLID};

/// Red, green, blue, and how much of them covers what is below, from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Color(pub(super) u8, pub(super) u8, pub(super) u8, pub(super) f64);

pub(super) const INK: Color = Color(34, 34, 34, 1.0);
pub(super) const FAINT: Color = Color(105, 105, 105, 1.0);
pub(super) const GRID: Color = Color(226, 226, 226, 1.0);
pub(super) const WHITE: Color = Color(255, 255, 255, 1.0);
/// Paths over a map of heights: the one colour of the palette that viridis does not come near.
pub(super) const PATH: Color = Color(213, 94, 0, 1.0);

/// Blue, vermilion, green, purple, orange, sky blue, black.
const LINES: [Color; 7] = [
    Color(0, 114, 178, 1.0),
    Color(213, 94, 0, 1.0),
    Color(0, 122, 85, 1.0),
    Color(204, 121, 167, 1.0),
    Color(230, 159, 0, 1.0),
    Color(86, 180, 233, 1.0),
    Color(0, 0, 0, 1.0),
];

/// Viridis at 0, 1/8, …, 1.
const VIRIDIS: [[f64; 3]; 9] = [
    [68.0, 1.0, 84.0],
    [71.0, 44.0, 122.0],
    [59.0, 81.0, 139.0],
    [44.0, 113.0, 142.0],
    [33.0, 144.0, 141.0],
    [39.0, 173.0, 129.0],
    [92.0, 200.0, 99.0],
    [170.0, 220.0, 50.0],
    [253.0, 231.0, 37.0],
];

/// The first shade, at 0; a middle one, where the lightness has come as far; the last, at 1.
const BLUES: [(f64, [f64; 3]); 3] =
    [(0.0, [247.0, 250.0, 253.0]), (0.6, [0.0, 114.0, 178.0]), (1.0, [0.0, 38.0, 79.0])];

impl Color {
    /// The colour of the `k`-th line of a chart, and its dashes. Once the colours are used up they begin again with
    /// the last two, in other dashes: lines of one colour do not follow each other.
    pub(super) fn line(k: usize) -> (Color, Dashes) {
        let round = k / LINES.len();
        (LINES[(k + 5 * round) % LINES.len()], [SOLID, DASH_DOTTED, DOTTED][round.min(2)])
    }

    /// The colour of a height, which is 0 at the lowest and 1 at the highest.
    pub(super) fn height(t: f64) -> Color {
        let at = t.clamp(0.0, 1.0) * 8.0;
        let k = (at as usize).min(7);
        let mix = |c: usize| (VIRIDIS[k][c] + (VIRIDIS[k + 1][c] - VIRIDIS[k][c]) * (at - k as f64)) as u8;
        Color(mix(0), mix(1), mix(2), 1.0)
    }

    /// A shade of blue, which is light at 0 and dark at 1.
    pub(super) fn blue(t: f64) -> Color {
        let t = t.clamp(0.0, 1.0);
        let k = usize::from(t > BLUES[1].0);
        let ((from, light), (to, dark)) = (BLUES[k], BLUES[k + 1]);
        let part = (t - from) / (to - from);
        let mix = |c: usize| (light[c] + (dark[c] - light[c]) * part).round() as u8;
        Color(mix(0), mix(1), mix(2), 1.0)
    }

    /// A grey, which is white at 0 and black at 1.
    pub(super) fn grey(t: f64) -> Color {
        let shade = (255.0 * (1.0 - t.clamp(0.0, 1.0))).round() as u8;
        Color(shade, shade, shade, 1.0)
    }

    /// Whether white letters are read better on it than black ones, by the luma of ITU-R BT.601.
    pub(super) fn is_dark(self) -> bool {
        0.299 * f64::from(self.0) + 0.587 * f64::from(self.1) + 0.114 * f64::from(self.2) < 140.0
    }

    pub(super) fn opacity(self, opacity: f64) -> Color {
        Color(self.0, self.1, self.2, opacity)
    }

    /// The same hue with a part of white in it, or of black where `part` is negative.
    pub(super) fn lighter(self, part: f64) -> Color {
        let goal = if part < 0.0 { 0.0 } else { 255.0 };
        let mix = |c: u8| (f64::from(c) + (goal - f64::from(c)) * part.abs()) as u8;
        Color(mix(self.0), mix(self.1), mix(self.2), self.3)
    }
}
