//! The projection of a box in space onto the picture, its axes and its depth.
//!
//! The box is turned by the angle `a` about its upright axis and looked at from the elevation `p`, without perspective:
//!
//! ```text
//! right = u cos a − v sin a,    back = u sin a + v cos a,    up = w cos p + back sin p,    depth = back cos p − w sin p
//! ```

use super::color::{Color, FAINT, GRID};
use super::drawing::{Anchor, Area, Drawing, Mark, Spot, Text};
use super::frame::{LABEL_SIZE, TICK_SIZE};
use super::letters;
use super::scale::Scale;

/// The height of the box for each unit of its width, unless units are equal.
const TALL: f64 = 0.62;
/// How far a picture is stretched at most to be as wide as its place, or as high.
const WIDER: f64 = 1.5;
const HIGHER: f64 = 1.2;

#[derive(Debug, Clone, Copy)]
pub(super) struct Space {
    pub(super) scales: [Scale; 3],
    /// Half the lengths of the box.
    half: [f64; 3],
    turn: (f64, f64),
    lift: (f64, f64),
    centre: Spot,
    /// The pixels of a unit of the box, across and down: the picture is as if stretched, unless units are equal.
    unit: [f64; 2],
}

impl Space {
    /// The box as large as `area` allows with its labels; with `equal` a unit is as long on each axis.
    pub(super) fn fit(
        scales: [Scale; 3],
        equal: bool,
        (turn, lift): (f64, f64),
        (area, names): (&Area, [&str; 3]),
    ) -> Space {
        let long = |c: usize| scales[c].high - scales[c].low;
        let half = if equal { [0, 1, 2].map(|c| long(c) / long(0).max(long(1))) } else { [1.0, 1.0, TALL] };
        let (turn, lift) = (turn.to_radians().sin_cos(), lift.to_radians().sin_cos());
        let mut space = Space { scales, half, turn, lift, centre: [0.0; 2], unit: [1.0; 2] };
        let bare = space.bounds();
        let mut margins = Area { left: 40.0, top: 20.0, right: 30.0, bottom: 40.0 };
        for _ in 0..3 {
            space.fill(&bare, area, &margins, equal);
            // What the labels need around the box hardly depends on its size.
            let (inner, outer) = (space.bounds(), space.labelled(names));
            margins = Area {
                left: inner.left - outer.left,
                top: inner.top - outer.top,
                right: outer.right - inner.right,
                bottom: outer.bottom - inner.bottom,
            };
        }
        space
    }

    /// The box, `bare` at a unit of one pixel, in the middle of what the margins leave of `area`.
    fn fill(&mut self, bare: &Area, area: &Area, margins: &Area, equal: bool) {
        let (left, right) = (area.left + margins.left, area.right - margins.right);
        let (top, bottom) = (area.top + margins.top, area.bottom - margins.bottom);
        // Names may be longer than the picture.
        let [x, y] =
            [(right - left) / bare.width(), (bottom - top) / bare.height()].map(|unit| unit.max(1.0));
        let stretch = |most: f64| if equal { 1.0 } else { most };
        self.unit = [x.min(y * stretch(WIDER)), y.min(x * stretch(HIGHER))];
        let middle = [(bare.left + bare.right) / 2.0, (bare.top + bare.bottom) / 2.0];
        self.centre = [
            (left + right) / 2.0 - middle[0] * self.unit[0],
            (top + bottom) / 2.0 - middle[1] * self.unit[1],
        ];
    }

    /// What the box covers.
    fn bounds(&self) -> Area {
        let corner = |k: i32| {
            let side = |bit: i32| if k & bit == 0 { -1.0 } else { 1.0 };
            self.place([side(1), side(2), side(4)])
        };
        around((0..8).map(corner))
    }

    /// What the box covers with its numbers and names.
    fn labelled(&self, names: [&str; 3]) -> Area {
        let mut drawing = Drawing::new(0.0, 0.0);
        self.axes(&mut drawing, names);
        around(drawing.marks.into_iter().flat_map(|mark| match mark {
            Mark::Text(Text { at: [x, y], text, size, anchor, bold, .. }) => {
                let wide = letters::width(&text, size, bold);
                let left = match anchor {
                    Anchor::Left => x,
                    Anchor::Middle => x - wide / 2.0,
                    Anchor::Right => x - wide,
                };
                vec![[left, y - 0.8 * size], [left + wide, y + 0.25 * size]]
            }
            Mark::Line { spots, .. } | Mark::Area { spots, .. } => spots,
            Mark::Disc { at, .. } => vec![at],
        }))
    }

    /// Where a point is between the ends of the axes, which are −1 and 1.
    fn between(&self, point: [f64; 3]) -> [f64; 3] {
        [0, 1, 2].map(|c| 2.0 * self.scales[c].part(point[c]) - 1.0)
    }

    /// From there to the box.
    fn boxed(&self, between: [f64; 3]) -> [f64; 3] {
        [0, 1, 2].map(|c| between[c] * self.half[c])
    }

    fn place(&self, between: [f64; 3]) -> Spot {
        let [u, v, w] = self.boxed(between);
        let (sin, cos) = self.turn;
        let (right, back) = (u * cos - v * sin, u * sin + v * cos);
        let up = w * self.lift.1 + back * self.lift.0;
        [self.centre[0] + right * self.unit[0], self.centre[1] - up * self.unit[1]]
    }

    pub(super) fn spot(&self, point: [f64; 3]) -> Spot {
        self.place(self.between(point))
    }

    /// How far behind the middle of the box a point is.
    pub(super) fn depth(&self, point: [f64; 3]) -> f64 {
        let [u, v, w] = self.boxed(self.between(point));
        (u * self.turn.0 + v * self.turn.1) * self.lift.1 - w * self.lift.0
    }

    /// The direction of the light on a surface with the slopes `dz/dx`, `dz/dy` in box units: −1 to 1.
    pub(super) fn light(&self, corners: &[[f64; 3]; 4]) -> f64 {
        let [a, b, _, d] = corners.map(|corner| self.boxed(self.between(corner)));
        let (dx, dy) = ((b[2] - a[2]) / (b[0] - a[0]), (d[2] - a[2]) / (d[1] - a[1]));
        // From the left of the viewer.
        let across = -dx * self.turn.1 + dy * self.turn.0;
        across / (1.0 + dx * dx + dy * dy).sqrt()
    }

    /// The sides of the box that face the viewer from behind: the ends of x and y there.
    fn back(&self) -> [f64; 2] {
        [if self.turn.0 >= 0.0 { 1.0 } else { -1.0 }, if self.turn.1 >= 0.0 { 1.0 } else { -1.0 }]
    }

    /// Floor and back walls with their grid, ticks and names.
    pub(super) fn axes(&self, drawing: &mut Drawing, names: [&str; 3]) {
        let [bu, bv] = self.back();
        let corners = |side: [[f64; 3]; 4]| side.map(|corner| self.place(corner)).to_vec();
        let walls = [
            [[-1.0, -1.0, -1.0], [1.0, -1.0, -1.0], [1.0, 1.0, -1.0], [-1.0, 1.0, -1.0]],
            [[bu, -1.0, -1.0], [bu, 1.0, -1.0], [bu, 1.0, 1.0], [bu, -1.0, 1.0]],
            [[-1.0, bv, -1.0], [1.0, bv, -1.0], [1.0, bv, 1.0], [-1.0, bv, 1.0]],
        ];
        for (wall, grey) in walls.into_iter().zip([250, 247, 244]) {
            drawing.area(corners(wall), Color(grey, grey, grey, 1.0));
        }
        // The upright edge at the left of the picture.
        let edges = [[bu, -bv], [-bu, bv]];
        let [zu, zv] =
            edges.into_iter().min_by(|a, b| self.right(*a).total_cmp(&self.right(*b))).unwrap_or(edges[0]);
        let x = self.axis(drawing, 0, names[0], |t| [[t, -bv, -1.0], [t, bv, -1.0], [t, bv, 1.0]]);
        let y = self.axis(drawing, 1, names[1], |t| [[-bu, t, -1.0], [bu, t, -1.0], [bu, t, 1.0]]);
        let other = if zu == bu { [-bu, bv] } else { [bu, -bv] };
        let z = self.axis(drawing, 2, names[2], |t| [[zu, zv, t], [bu, bv, t], [other[0], other[1], t]]);
        // Over the grid: its last line is the edge of the next side.
        [x, y, z].into_iter().for_each(|edge| drawing.line(edge.to_vec(), FAINT, 1.0));
    }

    fn right(&self, [u, v]: [f64; 2]) -> f64 {
        u * self.half[0] * self.turn.1 - v * self.half[1] * self.turn.0
    }

    /// The grid, numbers and name of one axis, and its edge: `at` gives the grid line for a part of it, from the edge,
    /// where the numbers stand.
    fn axis(
        &self,
        drawing: &mut Drawing,
        c: usize,
        name: &str,
        at: impl Fn(f64) -> [[f64; 3]; 3],
    ) -> [Spot; 2] {
        let [from, to] = [-1.0, 1.0].map(|t| self.place(at(t)[0]));
        let middle = [(from[0] + to[0]) / 2.0, (from[1] + to[1]) / 2.0];
        let pixels = (to[0] - from[0]).hypot(to[1] - from[1]).max(1e-9);
        // Away from the box, at right angles to the edge, downwards; from the upright edge to the left.
        let across = [-(to[1] - from[1]) / pixels, (to[0] - from[0]) / pixels];
        let away = if c == 2 { [-1.0, 0.0] } else { across.map(|d| d * across[1].signum()) };
        let anchor = if away[0] < 0.0 { Anchor::Right } else { Anchor::Left };
        let out = |spot: Spot, far: f64| [spot[0] + away[0] * far, spot[1] + away[1] * far];
        for (v, text) in self.scales[c].ticks(pixels / if c == 2 { 30.0 } else { 58.0 }) {
            let line = at(2.0 * self.scales[c].part(v) - 1.0).map(|point| self.place(point));
            drawing.line(line.to_vec(), GRID, 1.0);
            drawing.line(vec![line[0], out(line[0], 4.0)], FAINT, 1.0);
            let [x, y] = out(line[0], if c == 2 { 7.0 } else { 10.0 });
            // At the front corner the numbers of two axes meet.
            let x = if away[0] < 0.0 { x.min(line[0][0] - 7.0) } else { x.max(line[0][0] + 7.0) };
            let y = if c == 2 { y - 2.0 } else { y + 3.0 };
            drawing.text(Text::new([x, y + 4.0], text, TICK_SIZE, anchor));
        }
        if c == 2 {
            let top = if from[1] < to[1] { from } else { to };
            drawing.text(Text::new([top[0], top[1] - 10.0], name, LABEL_SIZE, Anchor::Middle));
        } else {
            let [x, y] = out(middle, 32.0);
            drawing.text(Text::new([x, y + 6.0], name, LABEL_SIZE, anchor));
        }
        [from, to]
    }
}

/// The least rectangle around some spots.
fn around(spots: impl Iterator<Item = Spot>) -> Area {
    let (low, high) = (f64::NEG_INFINITY, f64::INFINITY);
    spots.fold(Area { left: high, top: high, right: low, bottom: low }, |all, [x, y]| Area {
        left: all.left.min(x),
        top: all.top.min(y),
        right: all.right.max(x),
        bottom: all.bottom.max(y),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_fills_its_place_with_its_labels_inside() {
        let area = Area { left: 10.0, top: 38.0, right: 630.0, bottom: 470.0 };
        let scale = |low, high| Scale { low, high, log: false };
        let scales = [scale(-2.0, 2.0), scale(-100.0, 3.0), scale(0.0, 4e7)];
        for (turn, lift) in [(32.0, 28.0), (155.0, 42.0), (60.0, 38.0), (-70.0, 10.0), (0.0, 80.0)] {
            for equal in [false, true] {
                let cube = if equal { [scales[0]; 3] } else { scales };
                let names = ["offset", "slope", "squares"];
                let space = Space::fit(cube, equal, (turn, lift), (&area, names));
                let all = space.labelled(names);
                let slack = 4.0;
                assert!(
                    all.left > area.left - slack && all.right < area.right + slack,
                    "{turn} {lift} {all:?}"
                );
                assert!(
                    all.top > area.top - slack && all.bottom < area.bottom + slack,
                    "{turn} {lift} {all:?}"
                );
                let used = (all.width() / area.width()).max(all.height() / area.height());
                assert!(used > 0.97, "at {turn} {lift} only {used:.2} of the place is used");
                assert!(!equal || space.unit[0] == space.unit[1]);
            }
        }
    }
}
