//! What stands over a picture: its title, and the legend in as few rows as it needs.

use super::color::Color;
use super::drawing::{Anchor, Dashes, Drawing, Spot, Text};
use super::letters;

pub(super) const TITLE_SIZE: f64 = 15.0;
const LEGEND_SIZE: f64 = 11.0;
const LEFT: f64 = 14.0;
/// A swatch with the space behind it, and a row.
const SWATCH: f64 = 22.0;
const ROW: f64 = 18.0;

/// How the legend shows a layer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Swatch {
    Line(Color, Dashes),
    Dot(Color),
}

pub(super) type Entry<'e> = (&'e str, Swatch);

/// How large the title is, and where title and legend end. Panels side by side share both, so that their plots align.
#[derive(Debug, Clone, Copy)]
pub(super) struct Heading {
    pub(super) size: f64,
    pub(super) bottom: f64,
}

impl Heading {
    /// What a picture of this width needs: a title that does not fit is smaller.
    pub(super) fn new(title: &str, legend: &[Entry<'_>], width: f64) -> Heading {
        let long = letters::width(title, TITLE_SIZE, true).max(1.0);
        let size = TITLE_SIZE.min(TITLE_SIZE * (width - 2.0 * LEFT) / long);
        let bottom = places(legend, top(title), width).last().map_or(top(title), |last| last[1] + 15.0);
        Heading { size, bottom }
    }

    /// What is enough for both.
    pub(super) fn joined(self, other: Heading) -> Heading {
        Heading { size: self.size.min(other.size), bottom: self.bottom.max(other.bottom) }
    }

    pub(super) fn draw(&self, drawing: &mut Drawing, title: &str, legend: &[Entry<'_>]) {
        if !title.is_empty() {
            let text = Text::new([LEFT, 25.0], title, self.size, Anchor::Left);
            drawing.text(Text { bold: true, ..text });
        }
        for ((name, swatch), at) in legend.iter().zip(places(legend, top(title), drawing.width)) {
            show(drawing, *swatch, at);
            drawing.text(Text::new([at[0] + SWATCH, at[1] + 4.0], *name, LEGEND_SIZE, Anchor::Left));
        }
    }
}

/// Where the title ends.
fn top(title: &str) -> f64 {
    if title.is_empty() { 14.0 } else { 38.0 }
}

/// Where the swatches stand, in rows from `top` down; closer to each other if that saves a row.
fn places(legend: &[Entry<'_>], top: f64, width: f64) -> Vec<Spot> {
    let spaced = |gap: f64| {
        let (mut x, mut y) = (LEFT, top + 9.0);
        let place = |(name, _): &Entry<'_>| {
            let long = SWATCH + letters::width(name, LEGEND_SIZE, false);
            if x > LEFT && x + long > width - 10.0 {
                (x, y) = (LEFT, y + ROW);
            }
            x += long + gap;
            [x - long - gap, y]
        };
        legend.iter().map(place).collect::<Vec<_>>()
    };
    let (wide, close) = (spaced(18.0), spaced(9.0));
    let end = |places: &[Spot]| places.last().map(|last| last[1]);
    if end(&close) < end(&wide) { close } else { wide }
}

fn show(drawing: &mut Drawing, swatch: Swatch, [x, y]: Spot) {
    match swatch {
        Swatch::Line(color, dashes) => drawing.dashed(&[[x, y], [x + 17.0, y]], dashes, color, 2.3),
        Swatch::Dot(color) => drawing.disc([x + 8.0, y], 3.5, color),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::color::INK;

    #[test]
    fn a_legend_moves_closer_before_it_takes_another_row() {
        let legend =
            ["from −2", "from −1", "from 0", "from 1", "from 2"].map(|name| (name, Swatch::Dot(INK)));
        let rows = |width: f64| {
            let places = places(&legend, 0.0, width);
            assert!(places.iter().all(|at| at[0] + SWATCH < width));
            1 + ((places[4][1] - places[0][1]) / ROW) as usize
        };
        assert_eq!([600.0, 390.0, 250.0, 60.0].map(rows), [1, 1, 2, 5]);
        let gap = |width: f64| places(&legend, 0.0, width)[1][0] - places(&legend, 0.0, width)[0][0];
        assert_eq!(gap(600.0) - gap(390.0), 9.0);
    }
}
