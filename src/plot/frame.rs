//! What stands around a plane plot: its heading, axes with ticks and names, and the key of heights.

use super::color::{Color, FAINT, GRID, INK};
use super::contour::Levels;
use super::drawing::{Anchor, Area, Drawing, Spot, Text};
use super::heading::{Entry, Heading};
use super::letters::width;
use super::scale::{Scale, label};

pub(super) const LABEL_SIZE: f64 = 12.0;
pub(super) const TICK_SIZE: f64 = 11.0;

#[derive(Debug)]
pub(super) struct Frame<'f> {
    pub(super) title: &'f str,
    pub(super) x: Scale,
    pub(super) y: Scale,
    pub(super) x_name: &'f str,
    pub(super) y_name: &'f str,
    pub(super) legend: Vec<Entry<'f>>,
    pub(super) heading: Heading,
    pub(super) key: Option<&'f Levels>,
}

/// The area of a plot and its axes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plane {
    pub(super) area: Area,
    pub(super) x: Scale,
    pub(super) y: Scale,
}

impl Plane {
    pub(super) fn spot(&self, [x, y]: [f64; 2]) -> Spot {
        self.of_parts([self.x.part(x), self.y.part(y)])
    }

    pub(super) fn of_parts(&self, [x, y]: [f64; 2]) -> Spot {
        [self.area.left + x * self.area.width(), self.area.bottom - y * self.area.height()]
    }
}

impl Frame<'_> {
    /// Draws heading, grid, ticks and names, and returns what they leave free.
    pub(super) fn draw(&self, drawing: &mut Drawing) -> Plane {
        self.heading.draw(drawing, self.title, &self.legend);
        let top = self.heading.bottom;
        let bottom = drawing.height - if self.x_name.is_empty() { 28.0 } else { 46.0 };
        let y_ticks = self.y.ticks((bottom - top) / 42.0);
        let widest = y_ticks.iter().map(|(_, text)| width(text, TICK_SIZE, false)).fold(0.0, f64::max);
        let left = 18.0 + widest + if self.y_name.is_empty() { 0.0 } else { 20.0 };
        let right = drawing.width - self.key.map_or(20.0, |levels| 46.0 + key_width(levels));
        let area = Area { left, top, right, bottom };
        let plane = Plane { area, x: self.x, y: self.y };
        drawing.area(
            vec![[left, top], [right, top], [right, bottom], [left, bottom]],
            Color(252, 252, 252, 1.0),
        );
        self.x_ticks(drawing, &plane);
        for (v, text) in y_ticks {
            let y = plane.spot([self.x.low, v])[1];
            drawing.line(vec![[left, y], [right, y]], GRID, 1.0);
            drawing.line(vec![[left - 4.0, y], [left, y]], FAINT, 1.0);
            drawing.text(Text::new([left - 8.0, y + 4.0], text, TICK_SIZE, Anchor::Right));
        }
        let middle = [(left + right) / 2.0, (top + bottom) / 2.0];
        if !self.x_name.is_empty() {
            let at = [middle[0], drawing.height - 10.0];
            drawing.text(Text::new(at, self.x_name, LABEL_SIZE, Anchor::Middle));
        }
        if !self.y_name.is_empty() {
            let name = Text::new([18.0, middle[1]], self.y_name, LABEL_SIZE, Anchor::Middle);
            drawing.text(Text { upwards: true, ..name });
        }
        if let Some(levels) = self.key {
            key(drawing, levels, &area);
        }
        plane
    }

    fn x_ticks(&self, drawing: &mut Drawing, plane: &Plane) {
        let area = plane.area;
        for (v, text) in self.x.ticks(area.width() / 66.0) {
            let x = plane.spot([v, self.y.low])[0];
            drawing.line(vec![[x, area.top], [x, area.bottom]], GRID, 1.0);
            drawing.line(vec![[x, area.bottom], [x, area.bottom + 4.0]], FAINT, 1.0);
            // A label at the very end stays inside the picture.
            let half = width(&text, TICK_SIZE, false) / 2.0;
            let x = x.min(drawing.width - 4.0 - half);
            drawing.text(Text::new([x, area.bottom + 18.0], text, TICK_SIZE, Anchor::Middle));
        }
    }

    /// The border, over what was drawn inside.
    pub(super) fn close(drawing: &mut Drawing, area: &Area) {
        let Area { left, top, right, bottom } = *area;
        let around = vec![[left, top], [right, top], [right, bottom], [left, bottom], [left, top]];
        drawing.line(around, FAINT, 1.0);
    }
}

fn texts(levels: &Levels) -> Vec<String> {
    let digits = |v: f64| if v == 0.0 { 1.0 } else { 10_f64.powf(v.abs().log10().floor() - 1.0) };
    let shortest = |v: f64| {
        let text = label(v, digits(v).min(1.0));
        if text.contains('.') && !text.contains('·') {
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        } else {
            text
        }
    };
    levels.levels.iter().map(|&v| shortest(v)).collect()
}

fn key_width(levels: &Levels) -> f64 {
    texts(levels).iter().map(|text| width(text, TICK_SIZE, false)).fold(0.0, f64::max)
}

/// The colours of the bands beside the plot, with the heights between them.
fn key(drawing: &mut Drawing, levels: &Levels, area: &Area) {
    let (left, right) = (area.right + 14.0, area.right + 26.0);
    let bands = levels.levels.len() + 1;
    let y = |k: usize| area.bottom - area.height() * k as f64 / bands as f64;
    for band in 0..bands {
        let color = Color::height((band as f64 + 0.5) / bands as f64);
        let (low, high) = (y(band) + 0.3, y(band + 1));
        drawing.area(vec![[left, high], [right, high], [right, low], [left, low]], color);
    }
    let every = (15.0 * bands as f64 / area.height()).ceil().max(1.0) as usize;
    for (k, text) in texts(levels).into_iter().enumerate().step_by(every) {
        let at = [right + 5.0, y(k + 1) + 4.0];
        drawing.text(Text { color: INK, ..Text::new(at, text, TICK_SIZE, Anchor::Left) });
    }
}
