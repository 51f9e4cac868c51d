//! A plane picture, made of layers.

use std::fmt;
use std::ops::RangeInclusive;
use std::path::Path;

use super::color::{Color, INK, PATH};
use super::drawing::{DASHED, Dashes, Drawing, SOLID};
use super::frame::Frame;
use super::heading::{Entry, Heading};
use super::height::Height;
use super::layer::Layer;
use super::render;
use super::scale::Scale;
use crate::diff::gradient;
use crate::error::Error;
use crate::optim::Outcome;
use crate::tape::Var;

/// A plane picture: layers, drawn in the order in which they are added, within two axes.
///
/// The axes reach over all points of the layers unless a range is given. Lines take the colours of the palette in turn, and
/// are dashed once it is used up; a layer with a name is in the legend.
///
/// ```
/// use downhill::plot::Chart;
///
/// let file = std::env::temp_dir().join("downhill_doc_chart.svg");
/// Chart::new("A parabola")
///     .x_name("x")
///     .y_name("height")
///     .x_range(-2.0..=2.0)
///     .y_range(0.0..=4.0)
///     .curve("x²", |x| x * x)
///     .points("its lowest point", [[0.0, 0.0]])
///     .save(&file)?;
/// assert!(std::fs::read_to_string(file).unwrap().contains("its lowest point"));
/// # Ok::<(), downhill::error::Error>(())
/// ```
#[must_use]
pub struct Chart<'a> {
    title: String,
    names: [String; 2],
    ranges: [Option<(f64, f64)>; 2],
    logs: [bool; 2],
    size: (f64, f64),
    layers: Vec<Layer<'a>>,
    lines: usize,
    key: bool,
}

impl<'a> Chart<'a> {
    /// An empty chart of 640 by 440 pixels; with `""` it has no title.
    pub fn new(title: impl Into<String>) -> Chart<'a> {
        Chart {
            title: title.into(),
            names: Default::default(),
            ranges: [None; 2],
            logs: [false; 2],
            size: (640.0, 440.0),
            layers: Vec::new(),
            lines: 0,
            key: true,
        }
    }

    /// The title, over the chart.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// What the horizontal axis shows, with its unit.
    pub fn x_name(mut self, name: impl Into<String>) -> Self {
        self.names[0] = name.into();
        self
    }

    /// What the vertical axis shows, with its unit.
    pub fn y_name(mut self, name: impl Into<String>) -> Self {
        self.names[1] = name.into();
        self
    }

    /// Shows exactly these `x`; what lies outside is cut off.
    ///
    /// # Panics
    ///
    /// If the range is empty or not finite.
    #[track_caller]
    pub fn x_range(mut self, range: RangeInclusive<f64>) -> Self {
        self.ranges[0] = Some(ends(&range));
        self
    }

    /// Shows exactly these `y`.
    ///
    /// # Panics
    ///
    /// If the range is empty or not finite.
    #[track_caller]
    pub fn y_range(mut self, range: RangeInclusive<f64>) -> Self {
        self.ranges[1] = Some(ends(&range));
        self
    }

    /// Spaces the horizontal axis by logarithms; what is not positive is left out.
    pub fn log_x(mut self) -> Self {
        self.logs[0] = true;
        self
    }

    /// Spaces the vertical axis by logarithms; what is not positive is left out.
    pub fn log_y(mut self) -> Self {
        self.logs[1] = true;
        self
    }

    /// Width and height in pixels; a PNG has two pixels for each of them.
    ///
    /// # Panics
    ///
    /// If one is less than 200 or more than 4,000.
    #[track_caller]
    pub fn size(mut self, width: f64, height: f64) -> Self {
        self.size = checked_size(width, height);
        self
    }

    /// The bands of heights of `f`, with lines between them and a key beside the chart, from some 79,000 evaluations.
    pub fn contours<Shape>(mut self, f: impl Height<Shape> + 'a) -> Self {
        // On the ground, whenever it is added.
        self.layers.insert(0, Layer::Contours(Box::new(move |x, y| f.height(x, y))));
        self
    }

    /// Whether the key of heights stands beside contours (it does).
    pub fn key(mut self, shown: bool) -> Self {
        self.key = shown;
        self
    }

    /// The directions in which `f` falls: `−∇f` as arrows of one length, darker where it is flatter.
    pub fn descent_field(mut self, f: impl Fn([Var; 2]) -> Var + 'a) -> Self {
        self.layers.push(Layer::Field(Box::new(move |x, y| gradient(&f, [x, y]).map(|slope| -slope))));
        self
    }

    /// The graph of `f` over the range of `x`.
    pub fn curve(self, name: impl Into<String>, f: impl Fn(f64) -> f64 + 'a) -> Self {
        self.with_curve(name.into(), f, false)
    }

    /// The graph of `f`, dashed.
    pub fn dashed_curve(self, name: impl Into<String>, f: impl Fn(f64) -> f64 + 'a) -> Self {
        self.with_curve(name.into(), f, true)
    }

    fn with_curve(mut self, name: String, graph: impl Fn(f64) -> f64 + 'a, dashed: bool) -> Self {
        let (color, dashes) = self.next_line();
        let dashes = if dashed && dashes == SOLID { DASHED } else { dashes };
        self.layers.push(Layer::Curve { name, graph: Box::new(graph), color, dashes });
        self
    }

    /// A line through points.
    pub fn line(mut self, name: impl Into<String>, points: impl IntoIterator<Item = [f64; 2]>) -> Self {
        let (color, dashes) = self.next_line();
        let (name, points) = (name.into(), points.into_iter().collect());
        self.layers.push(Layer::Line { name, points, color, dashes });
        self
    }

    /// A value for each step, from step 0: a cost, or any other history.
    pub fn history(self, name: impl Into<String>, values: &[f64]) -> Self {
        self.line(name, (0..).zip(values).map(|(step, &value)| [f64::from(step), value]).collect::<Vec<_>>())
    }

    /// Single points; those added first are black.
    pub fn points(mut self, name: impl Into<String>, points: impl IntoIterator<Item = [f64; 2]>) -> Self {
        let first = !self.layers.iter().any(|layer| matches!(layer, Layer::Points { .. }));
        let color = if first { INK } else { self.next_line().0 };
        let (name, points) = (name.into(), points.into_iter().collect());
        self.layers.push(Layer::Points { name, points, color });
        self
    }

    /// The path of a descent, with a ring at its start and a disc at its end.
    ///
    /// Over [`contours`](Self::contours) the first path is vermilion, which the colours of the heights do not come near; the
    /// end of an only path is black.
    pub fn path(mut self, name: impl Into<String>, points: impl IntoIterator<Item = [f64; 2]>) -> Self {
        let mut first = true;
        for layer in &mut self.layers {
            if let Layer::Path { color, end, .. } = layer {
                (*end, first) = (*color, false);
            }
        }
        let color = if first && self.lines == 0 { PATH } else { self.next_line().0 };
        let (name, points) = (name.into(), points.into_iter().collect());
        self.layers.push(Layer::Path { name, points, color, end: if first { INK } else { color } });
        self
    }

    /// The path of a walk in two dimensions.
    ///
    /// # Panics
    ///
    /// If the walk did not [`keep_path`](crate::optim::Minimize::keep_path), or is not in two dimensions.
    #[track_caller]
    pub fn walk(self, name: impl Into<String>, walk: &Outcome) -> Self {
        let points = plane_path(walk);
        self.path(name, points)
    }

    /// Writes the picture: SVG or PNG by the ending of `path`.
    ///
    /// # Errors
    ///
    /// If the ending is another one, or the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        render::save(&self.draw(self.size, self.heading(self.size.0)), path.as_ref())
    }

    fn next_line(&mut self) -> (Color, Dashes) {
        self.lines += 1;
        Color::line(self.lines - 1)
    }

    fn scale(&self, axis: usize) -> Scale {
        let log = self.logs[axis];
        if let Some((low, high)) = self.ranges[axis] {
            return Scale::over([low, high], log, 0.0);
        }
        let margin =
            if self.layers.iter().any(|layer| matches!(layer, Layer::Contours(_))) { 0.16 } else { 0.04 };
        let points = self.layers.iter().flat_map(|layer| layer.points()).map(|point| point[axis]);
        if axis == 0 {
            return Scale::over(points, log, margin);
        }
        let x = self.scale(0);
        let curves = self.layers.iter().flat_map(|layer| layer.heights(&x));
        Scale::over(points.chain(curves), log, margin)
    }

    fn legend(&self) -> Vec<Entry<'_>> {
        self.layers.iter().filter_map(Layer::entry).collect()
    }

    pub(super) fn heading(&self, width: f64) -> Heading {
        Heading::new(&self.title, &self.legend(), width)
    }

    pub(super) fn draw(&self, (width, height): (f64, f64), heading: Heading) -> Drawing {
        let (x, y) = (self.scale(0), self.scale(1));
        let mut drawing = Drawing::new(width, height);
        let maps: Vec<_> = self.layers.iter().map(|layer| layer.map(&x, &y)).collect();
        let heights = maps.iter().flatten().next();
        let frame = Frame {
            title: &self.title,
            x,
            y,
            x_name: &self.names[0],
            y_name: &self.names[1],
            legend: self.legend(),
            heading,
            key: heights.filter(|_| self.key).map(|(_, levels)| levels),
        };
        let plane = frame.draw(&mut drawing);
        for (layer, map) in self.layers.iter().zip(&maps) {
            layer.draw(&mut drawing, &plane, map.as_ref());
        }
        Frame::close(&mut drawing, &plane.area);
        drawing
    }
}

/// The points of a walk in the plane.
#[track_caller]
pub(super) fn plane_path(walk: &Outcome) -> Vec<[f64; 2]> {
    let n = walk.x.len();
    assert!(
        n == 2,
        "downhill: a walk is drawn in the plane, and this one has {n} variables; draw its `history`"
    );
    assert!(
        !walk.path.is_empty(),
        "downhill: a walk is drawn from its path, and this one kept none; add `.keep_path(true)` before `.run()`"
    );
    walk.path.iter().map(|point| [point[0], point[1]]).collect()
}

#[track_caller]
pub(super) fn ends(range: &RangeInclusive<f64>) -> (f64, f64) {
    let (low, high) = (*range.start(), *range.end());
    assert!(
        low < high && (high - low).is_finite(),
        "downhill: an axis needs a range of finite numbers with low < high, and was given {low}..={high}"
    );
    (low, high)
}

#[track_caller]
pub(super) fn checked_size(width: f64, height: f64) -> (f64, f64) {
    let fits = |length: f64| (200.0..=4000.0).contains(&length);
    assert!(
        fits(width) && fits(height),
        "downhill: a picture is 200 to 4,000 pixels wide and high, and was to be {width} by {height}"
    );
    (width.round(), height.round())
}

impl fmt::Debug for Chart<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chart")
            .field("title", &self.title)
            .field("layers", &self.layers.len())
            .finish_non_exhaustive()
    }
}
