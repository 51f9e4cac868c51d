//! The projection of a box in space onto the picture, its axes and its depth.
//!
//! The box is turned by the angle `a` about its upright axis and looked at from the elevation `p`, without perspective:
//!
//! ```text
//! right = u cos a − v sin a,    back = u sin a + v cos a,    up = w cos p + back sin p,    depth = back cos p − w sin p
//! ```

use super::color::{Color, FAINT, GRID};
use super::drawing::{Anchor, Area, Drawing, Spot, Text};
use super::frame::{LABEL_SIZE, TICK_SIZE};
use super::scale::Scale;

/// The height of the box for each unit of its width, unless units are equal.
const TALL: f64 = 0.62;

#[derive(Debug, Clone, Copy)]
pub(super) struct Space {
    pub(super) scales: [Scale; 3],
    /// Half the lengths of the box.
    half: [f64; 3],
    turn: (f64, f64),
    lift: (f64, f64),
    centre: Spot,
    unit: f64,
}

impl Space {
    /// The box as large as `area` allows with its labels; with `equal` a unit is as long on each axis.
    pub(super) fn fit(scales: [Scale; 3], equal: bool, (turn, lift): (f64, f64), area: &Area) -> Space {
        let long = |c: usize| scales[c].high - scales[c].low;
        let half = if equal { [0, 1, 2].map(|c| long(c) / long(0).max(long(1))) } else { [1.0, 1.0, TALL] };
        let (turn, lift) = (turn.to_radians().sin_cos(), lift.to_radians().sin_cos());
        let mut space = Space { scales, half, turn, lift, centre: [0.0; 2], unit: 1.0 };
        let spots: Vec<Spot> = (0..8)
            .map(|k| {
                let side = |bit: i32| if k & bit == 0 { -1.0 } else { 1.0 };
                space.place([side(1), side(2), side(4)])
            })
            .collect();
        let span = |c: usize| {
            spots.iter().map(|s| s[c]).fold((f64::MAX, f64::MIN), |(l, h), s| (l.min(s), h.max(s)))
        };
        let (x, y) = (span(0), span(1));
        space.unit = ((area.width() - 84.0) / (x.1 - x.0)).min((area.height() - 60.0) / (y.1 - y.0));
        let middle = [(x.0 + x.1) / 2.0 * space.unit, (y.0 + y.1) / 2.0 * space.unit];
        space.centre = [
            (area.left + area.right) / 2.0 + 6.0 - middle[0],
            (area.top + area.bottom) / 2.0 - 6.0 - middle[1],
        ];
        space
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
        [self.centre[0] + right * self.unit, self.centre[1] - up * self.unit]
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
        self.axis(drawing, 0, names[0], |t| [[t, -bv, -1.0], [t, bv, -1.0], [t, bv, 1.0]]);
        self.axis(drawing, 1, names[1], |t| [[-bu, t, -1.0], [bu, t, -1.0], [bu, t, 1.0]]);
        let other = if zu == bu { [-bu, bv] } else { [bu, -bv] };
        self.axis(drawing, 2, names[2], |t| [[zu, zv, t], [bu, bv, t], [other[0], other[1], t]]);
    }

    fn right(&self, [u, v]: [f64; 2]) -> f64 {
        u * self.half[0] * self.turn.1 - v * self.half[1] * self.turn.0
    }

    /// One axis: `at` gives the grid line for a part of it, from the edge where the numbers stand.
    fn axis(&self, drawing: &mut Drawing, c: usize, name: &str, at: impl Fn(f64) -> [[f64; 3]; 3]) {
        let [from, to] = [-1.0, 1.0].map(|t| self.place(at(t)[0]));
        drawing.line(vec![from, to], FAINT, 1.0);
        let middle = [(from[0] + to[0]) / 2.0, (from[1] + to[1]) / 2.0];
        let pixels = (to[0] - from[0]).hypot(to[1] - from[1]).max(1e-9);
        // Away from the box, at right angles to the edge, downwards; from the upright edge to the left.
        let across = [-(to[1] - from[1]) / pixels, (to[0] - from[0]) / pixels];
        let away = if c == 2 { [-1.0, 0.0] } else { across.map(|d| d * across[1].signum()) };
        let anchor = if away[0] < 0.0 { Anchor::Right } else { Anchor::Left };
        let out = |spot: Spot, far: f64| [spot[0] + away[0] * far, spot[1] + away[1] * far];
        for (v, text) in self.scales[c].ticks(pixels / if c == 2 { 30.0 } else { 44.0 }) {
            let line = at(2.0 * self.scales[c].part(v) - 1.0).map(|point| self.place(point));
            drawing.line(line.to_vec(), GRID, 1.0);
            drawing.line(vec![line[0], out(line[0], 4.0)], FAINT, 1.0);
            let [x, y] = out(line[0], if c == 2 { 7.0 } else { 10.0 });
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
    }
}
