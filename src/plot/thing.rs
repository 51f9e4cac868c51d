//! What stands in a scene, cut into pieces that can be drawn from the back to the front.

use super::color::{Color, INK, PATH, WHITE};
use super::contour::{Grid, Levels};
use super::drawing::{Drawing, SOLID, Spot, straightened};
use super::heading::{Entry, Swatch};
use super::height::Heights;
use super::layer;
use super::space::Space;

pub(super) enum Thing<'a> {
    Surface(Heights<'a>),
    Plane {
        name: String,
        f: Heights<'a>,
        color: Color,
    },
    Path {
        name: String,
        points: Vec<[f64; 3]>,
        color: Color,
    },
    /// A path on the first surface.
    Draped {
        name: String,
        points: Vec<[f64; 2]>,
        color: Color,
    },
    Arrow {
        name: String,
        from: [f64; 3],
        to: [f64; 3],
        color: Color,
    },
}

/// A part of a thing, with its depth: drawn from the back to the front.
pub(super) type Piece = (f64, Box<dyn FnOnce(&mut Drawing)>);

/// Facets of a surface and of a plane, in each direction.
const FACETS: usize = 56;
const PLANE_FACETS: usize = 16;
/// Facets of a surface from one line of its net to the next.
const NET: usize = 4;
const FLOOR_CELLS: usize = 80;
const LEVELS: usize = 12;

impl Thing<'_> {
    /// What the legend says.
    pub(super) fn entry(&self) -> Option<Entry<'_>> {
        let (name, color) = match self {
            Thing::Surface(_) => return None,
            Thing::Plane { name, color, .. }
            | Thing::Path { name, color, .. }
            | Thing::Draped { name, color, .. }
            | Thing::Arrow { name, color, .. } => (name, *color),
        };
        (!name.is_empty()).then_some((name.as_str(), Swatch::Line(color, SOLID)))
    }

    /// The pieces in which this is drawn; a walk lies on the `ground`.
    pub(super) fn pieces(&self, space: &Space, ground: Option<&Heights<'_>>, into: &mut Vec<Piece>) {
        match self {
            Thing::Surface(f) => {
                let [x, y, _] = &space.scales;
                let levels = Grid::sample(f, x, y, FLOOR_CELLS).levels(LEVELS);
                facets(f, space, (FACETS, 0.0), into, |height, light| {
                    Color::height(levels.rank(height)).lighter((0.28 * light).clamp(-0.28, 0.28))
                });
            }
            Thing::Plane { f, color, .. } => {
                facets(f, space, (PLANE_FACETS, 0.08), into, |_, _| color.opacity(0.5));
            }
            Thing::Path { points, color, .. } => trail(points, *color, space, into),
            Thing::Draped { points, color, .. } => {
                let z = |[x, y]: [f64; 2]| [x, y, ground.map_or(space.scales[2].low, |f| f(x, y))];
                let points: Vec<[f64; 3]> = points.iter().map(|&point| z(point)).collect();
                trail(&points, *color, space, into);
            }
            Thing::Arrow { from, to, color, .. } => {
                let (start, end, color) = (space.spot(*from), space.spot(*to), *color);
                let depth = space.depth(*from).min(space.depth(*to)) - 0.5;
                into.push((
                    depth,
                    Box::new(move |drawing| {
                        drawing.line(vec![start, end], WHITE, 4.6);
                        drawing.arrow(start, end, color, 2.6);
                        drawing.bead(start, 3.2, color);
                    }),
                ));
            }
        }
    }
}

/// The contours of `f` on the floor.
pub(super) fn floor(drawing: &mut Drawing, f: &Heights<'_>, space: &Space) {
    let [x, y, z] = &space.scales;
    let grid = Grid::sample(f, x, y, FLOOR_CELLS);
    let levels: Levels = grid.levels(LEVELS);
    for &level in &levels.levels {
        let color = Color::height(levels.rank(level) * 0.94).lighter(-0.1);
        for line in grid.lines(level) {
            let spots: Vec<Spot> =
                line.into_iter().map(|[s, t]| space.spot([x.at(s), y.at(t), z.low])).collect();
            drawing.line(straightened(&spots), color, 1.3);
        }
    }
}

/// The `n` by `n` cells of a surface, cut off where they leave the box, and drawn as if `before` nearer.
fn facets(
    f: &Heights<'_>,
    space: &Space,
    (n, before): (usize, f64),
    into: &mut Vec<Piece>,
    color: impl Fn(f64, f64) -> Color,
) {
    let [x, y, z] = &space.scales;
    let point = |i: usize, j: usize| {
        let (x, y) = (x.at(i as f64 / n as f64), y.at(j as f64 / n as f64));
        [x, y, f(x, y)]
    };
    for (i, j) in (0..n).flat_map(|j| (0..n).map(move |i| (i, j))) {
        let corners = [point(i, j), point(i + 1, j), point(i + 1, j + 1), point(i, j + 1)];
        let shown = cut(&cut(&corners, z.low, 1.0), z.high, -1.0);
        if shown.len() < 3 || corners.iter().any(|corner| !corner[2].is_finite()) {
            continue;
        }
        let middle = shown.iter().fold([0.0; 3], |m, c| [0, 1, 2].map(|k| m[k] + c[k] / shown.len() as f64));
        let fill = color(middle[2], space.light(&corners));
        let spots: Vec<Spot> = shown.iter().map(|&corner| space.spot(corner)).collect();
        let depth = space.depth(middle) - before;
        if fill.3 < 1.0 {
            into.push((depth, Box::new(move |drawing| meshed(drawing, spots, fill))));
            continue;
        }
        into.push((depth, Box::new(move |drawing| drawing.area(grown(&spots), fill))));
        net(&corners, [i, j], space, |line, deep| {
            if line.iter().all(|corner| shown.contains(corner)) {
                let line = line.map(|corner| space.spot(corner)).to_vec();
                let color = fill.lighter(-0.2);
                into.push((depth - deep, Box::new(move |drawing| drawing.line(line, color, 0.6))));
            }
        });
    }
}

/// Calls `draw` for those sides of a facet that are lines of the net, with how far they stand before it: before the
/// facets at both sides, also on a steep slope.
fn net(corners: &[[f64; 3]; 4], [i, j]: [usize; 2], space: &Space, mut draw: impl FnMut([[f64; 3]; 2], f64)) {
    let depths = corners.map(|corner| space.depth(corner));
    let deep = depths.into_iter().fold(f64::MIN, f64::max) - depths.into_iter().fold(f64::MAX, f64::min);
    for (to, k) in [(1, j), (3, i)] {
        if k % NET == 0 {
            draw([corners[0], corners[to]], 2.0 * deep);
        }
    }
}

/// A translucent facet. Its net also closes the seams; of a whole one two sides, as the others are its neighbours'.
fn meshed(drawing: &mut Drawing, mut spots: Vec<Spot>, fill: Color) {
    drawing.area(spots.clone(), fill);
    if spots.len() == 4 {
        spots.pop();
    } else {
        spots.push(spots[0]);
    }
    drawing.line(spots, fill.lighter(0.18).opacity(0.42), 0.5);
}

/// A facet that reaches a little under its neighbours, so that no seam shows between them.
fn grown(spots: &[Spot]) -> Vec<Spot> {
    let middle = spots.iter().fold([0.0; 2], |m, s| [0, 1].map(|k| m[k] + s[k] / spots.len() as f64));
    let outward = |spot: &Spot| {
        let [dx, dy] = [spot[0] - middle[0], spot[1] - middle[1]];
        let part = 0.8 / dx.hypot(dy).max(0.8);
        [spot[0] + dx * part, spot[1] + dy * part]
    };
    spots.iter().map(outward).collect()
}

/// The part of a polygon with `side · z ≥ side · limit`.
fn cut(corners: &[[f64; 3]], limit: f64, side: f64) -> Vec<[f64; 3]> {
    let inside = |c: &[f64; 3]| side * c[2] >= side * limit;
    let mut shown = Vec::new();
    for (k, a) in corners.iter().enumerate() {
        let b = corners[(k + 1) % corners.len()];
        if inside(a) {
            shown.push(*a);
        }
        if inside(a) != inside(&b) {
            let t = (limit - a[2]) / (b[2] - a[2]);
            shown.push([a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, limit]);
        }
    }
    shown
}

/// A path in pieces, a little before the surface it lies on.
fn trail(points: &[[f64; 3]], color: Color, space: &Space, into: &mut Vec<Piece>) {
    let inside = |p: &[f64; 3]| {
        p.iter().zip(&space.scales).all(|(&v, scale)| (-0.001..=1.001).contains(&scale.part(v)))
    };
    let mut last: Option<Spot> = None;
    let mut from: Option<[f64; 3]> = None;
    for point in points {
        let spot = space.spot(*point);
        if last.is_some_and(|last| (spot[0] - last[0]).hypot(spot[1] - last[1]) < 0.5) {
            continue;
        }
        if let Some(before) = from.filter(|before| inside(before) && inside(point)) {
            let (a, b) = (space.spot(before), spot);
            let depth = space.depth(before).min(space.depth(*point)) - 0.1;
            into.push((depth, Box::new(move |drawing| drawing.line(vec![a, b], color, 2.4))));
        }
        (last, from) = (Some(spot), Some(*point));
    }
    if let (Some(start), Some(end)) = (points.first(), points.last()) {
        let shown = [inside(start), inside(end)];
        let (a, b) = (space.spot(*start), space.spot(*end));
        let depth = space.depth(*start).min(space.depth(*end)) - 10.0;
        let end = if color == PATH { INK } else { color };
        let draw = move |drawing: &mut Drawing| {
            layer::ends(drawing, (a, color), (b, end), |spot| {
                (spot == a && shown[0]) || (spot == b && shown[1])
            });
        };
        into.push((depth, Box::new(draw)));
    }
}
