//! A picture in space: surfaces, planes, paths and arrows within three axes.

use std::fmt;
use std::ops::RangeInclusive;
use std::path::Path;

use super::chart::{checked_size, ends, plane_path};
use super::color::{Color, PATH};
use super::contour::Grid;
use super::drawing::{Area, Drawing};
use super::heading::{Entry, Heading};
use super::height::{Height, Heights};
use super::render;
use super::scale::Scale;
use super::space::Space;
use super::thing::{Piece, Thing, floor};
use crate::error::Error;
use crate::optim::Outcome;

/// A picture in space: surfaces with their contours on the floor, planes, paths and arrows, nearer ones before farther
/// ones.
///
/// ```
/// use downhill::plot::Scene;
///
/// let file = std::env::temp_dir().join("downhill_doc_scene.svg");
/// Scene::new("A saddle")
///     .x_range(-1.0..=1.0)
///     .y_range(-1.0..=1.0)
///     .surface(|x: f64, y: f64| x * x - y * y)
///     .plane("its tangent plane", [0.0, 0.0, 0.0], [0.0, 0.0, 1.0])
///     .arrow("its normal", [0.0, 0.0, 0.0], [0.0, 0.0, 0.8])
///     .save(&file)?;
/// assert!(std::fs::read_to_string(file).unwrap().contains("its tangent plane"));
/// # Ok::<(), downhill::error::Error>(())
/// ```
#[must_use]
pub struct Scene<'a> {
    title: String,
    names: [String; 3],
    ranges: [(f64, f64); 2],
    z_range: Option<(f64, f64)>,
    view: (f64, f64),
    size: (f64, f64),
    floor: bool,
    equal: bool,
    things: Vec<Thing<'a>>,
    colored: usize,
}

impl<'a> Scene<'a> {
    /// An empty scene over −1 to 1 in `x` and `y`, of 640 by 480 pixels.
    pub fn new(title: impl Into<String>) -> Scene<'a> {
        Scene {
            title: title.into(),
            names: ["x".into(), "y".into(), "z".into()],
            ranges: [(-1.0, 1.0); 2],
            z_range: None,
            view: (32.0, 28.0),
            size: (640.0, 480.0),
            floor: true,
            equal: false,
            things: Vec::new(),
            colored: 0,
        }
    }

    /// What the three axes show, with their units.
    pub fn names(mut self, x: impl Into<String>, y: impl Into<String>, z: impl Into<String>) -> Self {
        self.names = [x.into(), y.into(), z.into()];
        self
    }

    /// The `x` to show.
    ///
    /// # Panics
    ///
    /// If the range is empty or not finite.
    #[track_caller]
    pub fn x_range(mut self, range: RangeInclusive<f64>) -> Self {
        self.ranges[0] = ends(&range);
        self
    }

    /// The `y` to show.
    ///
    /// # Panics
    ///
    /// If the range is empty or not finite.
    #[track_caller]
    pub fn y_range(mut self, range: RangeInclusive<f64>) -> Self {
        self.ranges[1] = ends(&range);
        self
    }

    /// The `z` to show; without it, all that the surfaces, or else the planes, reach.
    ///
    /// # Panics
    ///
    /// If the range is empty or not finite.
    #[track_caller]
    pub fn z_range(mut self, range: RangeInclusive<f64>) -> Self {
        self.z_range = Some(ends(&range));
        self
    }

    /// From where one looks, in degrees: how far the box is turned, and how high above its floor the eye is.
    pub fn view(mut self, turned: f64, elevation: f64) -> Self {
        self.view = (turned, elevation);
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

    /// Makes a unit as long on each axis, so that right angles look right.
    pub fn equal_units(mut self) -> Self {
        self.equal = true;
        self
    }

    /// Whether the contours of surfaces are drawn on the floor (they are).
    pub fn floor(mut self, contours: bool) -> Self {
        self.floor = contours;
        self
    }

    /// The surface `z = f(x, y)`.
    pub fn surface<Shape>(mut self, f: impl Height<Shape> + 'a) -> Self {
        self.things.push(Thing::Surface(Box::new(move |x, y| f.height(x, y))));
        self
    }

    /// The plane through `point` at right angles to `normal`.
    ///
    /// # Panics
    ///
    /// If the third component of the normal is zero: the plane stands upright, and is no function of `x` and `y`.
    #[track_caller]
    pub fn plane(mut self, name: impl Into<String>, point: [f64; 3], normal: [f64; 3]) -> Self {
        let ([a, b, c], [nx, ny, nz]) = (point, normal);
        assert!(
            nz != 0.0 && nz.is_finite(),
            "downhill: a plane is drawn from a normal that leaves it upwards or downwards, and was given {normal:?}; \
             turn the axes so that its third component is not zero"
        );
        let f: Heights<'a> = Box::new(move |x, y| c - (nx * (x - a) + ny * (y - b)) / nz);
        let color = self.next_color();
        self.things.push(Thing::Plane { name: name.into(), f, color });
        self
    }

    /// A path in space.
    pub fn path(mut self, name: impl Into<String>, points: impl IntoIterator<Item = [f64; 3]>) -> Self {
        let color = self.next_color();
        self.things.push(Thing::Path { name: name.into(), points: points.into_iter().collect(), color });
        self
    }

    /// The path of a walk in two dimensions, on the first surface of the scene.
    ///
    /// # Panics
    ///
    /// If the walk did not [`keep_path`](crate::optim::Minimize::keep_path), or is not in two dimensions.
    #[track_caller]
    pub fn walk(mut self, name: impl Into<String>, walk: &Outcome) -> Self {
        let points = plane_path(walk);
        let first = !self.things.iter().any(|thing| matches!(thing, Thing::Draped { .. }));
        let color = if first { PATH } else { self.next_color() };
        self.things.push(Thing::Draped { name: name.into(), points, color });
        self
    }

    /// An arrow: a normal, a gradient.
    pub fn arrow(mut self, name: impl Into<String>, from: [f64; 3], to: [f64; 3]) -> Self {
        let color = self.next_color();
        self.things.push(Thing::Arrow { name: name.into(), from, to, color });
        self
    }

    /// Writes the picture: SVG or PNG by the ending of `path`.
    ///
    /// # Errors
    ///
    /// If the ending is another one, or the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        render::save(&self.draw(self.size, self.heading(self.size.0)), path.as_ref())
    }

    fn next_color(&mut self) -> Color {
        self.colored += 1;
        Color::line(self.colored - 1).0
    }

    fn scales(&self) -> [Scale; 3] {
        let [x, y] = self.ranges.map(|(low, high)| Scale { low, high, log: false });
        let surfaces = |thing: &&Thing<'_>| matches!(thing, Thing::Surface(_));
        let planes = |thing: &&Thing<'_>| matches!(thing, Thing::Plane { .. });
        let reach = |f: &Heights<'_>| Grid::sample(f, &x, &y, 24).range();
        let all: Vec<&Thing<'_>> = self.things.iter().collect();
        let of = |some: Vec<&Thing<'_>>| -> Vec<f64> {
            let heights = some.into_iter().filter_map(|thing| match thing {
                Thing::Surface(f) | Thing::Plane { f, .. } => Some(reach(f)),
                _ => None,
            });
            heights.flat_map(|(low, high)| [low, high]).collect()
        };
        let mut heights = of(all.iter().copied().filter(|t| surfaces(t)).collect());
        if heights.is_empty() {
            heights = of(all.into_iter().filter(|t| planes(t)).collect());
        }
        let z = match self.z_range {
            Some((low, high)) => Scale { low, high, log: false },
            None => Scale::over(heights, false, 0.02),
        };
        [x, y, z]
    }

    fn legend(&self) -> Vec<Entry<'_>> {
        self.things.iter().filter_map(Thing::entry).collect()
    }

    pub(super) fn heading(&self, width: f64) -> Heading {
        Heading::new(&self.title, &self.legend(), width)
    }

    pub(super) fn draw(&self, (width, height): (f64, f64), heading: Heading) -> Drawing {
        let mut drawing = Drawing::new(width, height);
        heading.draw(&mut drawing, &self.title, &self.legend());
        let area = Area { left: 10.0, top: heading.bottom, right: width - 10.0, bottom: height - 10.0 };
        let names = [&self.names[0], &self.names[1], &self.names[2]].map(String::as_str);
        let space = Space::fit(self.scales(), self.equal, self.view, (&area, names));
        space.axes(&mut drawing, names);
        let ground = self.things.iter().find_map(|thing| match thing {
            Thing::Surface(f) => Some(f),
            _ => None,
        });
        if let Some(f) = ground.filter(|_| self.floor) {
            floor(&mut drawing, f, &space);
        }
        let mut pieces: Vec<Piece> = Vec::new();
        for thing in &self.things {
            thing.pieces(&space, ground, &mut pieces);
        }
        pieces.sort_by(|a, b| b.0.total_cmp(&a.0));
        pieces.into_iter().for_each(|(_, piece)| piece(&mut drawing));
        drawing
    }
}

impl fmt::Debug for Scene<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scene")
            .field("title", &self.title)
            .field("things", &self.things.len())
            .finish_non_exhaustive()
    }
}
