//! The layers of a chart: each knows which numbers the axes must reach, and how it is drawn.

use super::color::{Color, WHITE};
use super::contour::{Grid, Levels};
use super::drawing::{Dashes, Drawing, SOLID, Spot, straightened};
use super::frame::Plane;
use super::heading::{Entry, Swatch};
use super::height::Heights;
use super::scale::Scale;

/// A vector at each point of the plane.
pub(super) type Vectors<'a> = Box<dyn Fn(f64, f64) -> [f64; 2] + 'a>;
/// A number for each number.
pub(super) type Graph<'a> = Box<dyn Fn(f64) -> f64 + 'a>;

pub(super) enum Layer<'a> {
    Contours(Heights<'a>),
    Field(Vectors<'a>),
    Curve { name: String, graph: Graph<'a>, color: Color, dashes: Dashes },
    Line { name: String, points: Vec<[f64; 2]>, color: Color, dashes: Dashes },
    Path { name: String, points: Vec<[f64; 2]>, color: Color, end: Color },
    Points { name: String, points: Vec<[f64; 2]>, color: Color },
}

/// Cells of the grid on which contours are found, in each direction.
const CELLS: usize = 280;
/// Contours of a chart.
const LEVELS: usize = 14;
/// Arrows of a field, in the longer direction.
const ARROWS: usize = 17;

impl Layer<'_> {
    /// The points that the axes must reach.
    pub(super) fn points(&self) -> &[[f64; 2]] {
        match self {
            Layer::Line { points, .. } | Layer::Path { points, .. } | Layer::Points { points, .. } => points,
            _ => &[],
        }
    }

    /// What a curve reaches over an axis.
    pub(super) fn heights(&self, x: &Scale) -> Vec<f64> {
        match self {
            Layer::Curve { graph, .. } => (0..=100).map(|k| graph(x.at(f64::from(k) / 100.0))).collect(),
            _ => Vec::new(),
        }
    }

    /// What the legend says.
    pub(super) fn entry(&self) -> Option<Entry<'_>> {
        let (name, swatch) = match self {
            Layer::Curve { name, color, dashes, .. } | Layer::Line { name, color, dashes, .. } => {
                (name, Swatch::Line(*color, dashes))
            }
            Layer::Path { name, color, .. } => (name, Swatch::Line(*color, SOLID)),
            Layer::Points { name, color, .. } => (name, Swatch::Dot(*color)),
            Layer::Contours(_) | Layer::Field(_) => return None,
        };
        (!name.is_empty()).then_some((name.as_str(), swatch))
    }

    /// The heights of this layer over the plane, if it has any.
    pub(super) fn map(&self, x: &Scale, y: &Scale) -> Option<(Grid, Levels)> {
        let Layer::Contours(f) = self else {
            return None;
        };
        let grid = Grid::sample(f, x, y, CELLS);
        let levels = grid.levels(LEVELS);
        Some((grid, levels))
    }

    /// Draws this layer, which over the plane has the heights of `map`.
    pub(super) fn draw(&self, drawing: &mut Drawing, plane: &Plane, map: Option<&(Grid, Levels)>) {
        if let Some((grid, levels)) = map {
            contours(drawing, grid, levels, plane);
        }
        match self {
            Layer::Contours(_) => {}
            Layer::Field(field) => arrows(drawing, field, plane),
            Layer::Curve { graph, color, dashes, .. } => {
                let at = |k: usize| plane.x.at(k as f64 / 300.0);
                line(drawing, plane, (0..=300).map(|k| [at(k), graph(at(k))]), *color, dashes);
            }
            Layer::Line { points, color, dashes, .. } => {
                line(drawing, plane, points.iter().copied(), *color, dashes);
            }
            Layer::Path { points, color, end, .. } => path(drawing, plane, points, [*color, *end]),
            Layer::Points { points, color, .. } => {
                let spots = points.iter().map(|&point| plane.spot(point));
                spots
                    .filter(|&spot| plane.area.contains(spot))
                    .for_each(|spot| drawing.bead(spot, 3.0, *color));
            }
        }
    }
}

fn contours(drawing: &mut Drawing, grid: &Grid, levels: &Levels, plane: &Plane) {
    let corners = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]];
    let bands = levels.levels.len() + 1;
    let color = |band: usize| Color::height((band as f64 + 0.5) / bands as f64);
    drawing.area(corners.map(|part| plane.of_parts(part)).to_vec(), color(0));
    for border in grid.loops(levels) {
        let spots: Vec<Spot> = border.spots.into_iter().map(|part| plane.of_parts(part)).collect();
        drawing.area(straightened(&spots), color(border.band));
    }
    for line in levels.levels.iter().flat_map(|&level| grid.lines(level)) {
        let spots: Vec<Spot> = line.into_iter().map(|part| plane.of_parts(part)).collect();
        drawing.line(straightened(&spots), WHITE.opacity(0.45), 0.6);
    }
}

/// Arrows of equal length, coloured by the rank of the vectors' lengths.
fn arrows(drawing: &mut Drawing, field: &Vectors<'_>, plane: &Plane) {
    let apart = plane.area.width().max(plane.area.height()) / ARROWS as f64;
    let count = |length: f64| (length / apart).floor().max(1.0) as usize;
    let (across, down) = (count(plane.area.width()), count(plane.area.height()));
    let mut found = Vec::new();
    for (i, j) in (0..down).flat_map(|j| (0..across).map(move |i| (i, j))) {
        let part = [(i as f64 + 0.5) / across as f64, (j as f64 + 0.5) / down as f64];
        let [dx, dy] = field(plane.x.at(part[0]), plane.y.at(part[1]));
        // As on the screen: the axes may have different scales, and pixels go down.
        let turned = [
            dx * plane.area.width() / (plane.x.high - plane.x.low),
            -dy * plane.area.height() / (plane.y.high - plane.y.low),
        ];
        found.push((plane.of_parts(part), turned, dx.hypot(dy)));
    }
    let mut lengths: Vec<f64> = found.iter().map(|(_, _, length)| *length).collect();
    lengths.sort_by(f64::total_cmp);
    for (at, [dx, dy], length) in found {
        let on_screen = dx.hypot(dy);
        if on_screen > 0.0 && on_screen.is_finite() {
            let rank = lengths.partition_point(|&l| l < length) as f64 / lengths.len() as f64;
            let half = 0.43 * apart / on_screen;
            let end = |s: f64| [at[0] + s * dx * half, at[1] + s * dy * half];
            drawing.arrow(end(-1.0), end(1.0), Color::height(rank * 0.85), 1.4);
        }
    }
}

fn line(
    drawing: &mut Drawing,
    plane: &Plane,
    points: impl Iterator<Item = [f64; 2]>,
    color: Color,
    dashes: Dashes,
) {
    for piece in Drawing::pieces(points.map(|point| plane.spot(point)), &plane.area) {
        drawing.dashed(&piece, dashes, color, 2.0);
    }
}

/// A path with a white rim, beads where its steps are long enough to be told apart, a ring at its start and a disc at
/// its end.
fn path(drawing: &mut Drawing, plane: &Plane, points: &[[f64; 2]], [color, last]: [Color; 2]) {
    let spots: Vec<Spot> = points.iter().map(|&point| plane.spot(point)).collect();
    let pieces = Drawing::pieces(spots.iter().copied(), &plane.area);
    for piece in &pieces {
        drawing.line(piece.clone(), WHITE, 4.2);
    }
    for piece in pieces {
        drawing.line(piece, color, 2.0);
    }
    let long = |pair: &&[Spot]| (pair[1][0] - pair[0][0]).hypot(pair[1][1] - pair[0][1]) > 7.0;
    for pair in spots.windows(2).filter(long).filter(|pair| plane.area.contains(pair[1])) {
        drawing.disc(pair[1], 2.6, color);
    }
    if let (Some(&start), Some(&end)) = (spots.first(), spots.last()) {
        ends(drawing, (start, color), (end, last), |spot| plane.area.contains(spot));
    }
}

/// A ring where a walk starts, a disc where it ends.
pub(super) fn ends(
    drawing: &mut Drawing,
    (start, color): (Spot, Color),
    (end, last): (Spot, Color),
    shown: impl Fn(Spot) -> bool,
) {
    if shown(start) {
        drawing.bead(start, 4.6, color);
        drawing.disc(start, 2.6, WHITE);
    }
    if shown(end) {
        // Small, as it stands where the lowest contours close.
        drawing.disc(end, 4.4, WHITE);
        drawing.disc(end, 3.2, last);
    }
}
