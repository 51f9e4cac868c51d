//! Several pictures in one.

use std::fmt;
use std::path::Path;

use super::chart::{Chart, checked_size};
use super::drawing::{Anchor, Drawing, Text};
use super::grid::Grid;
use super::heading::{Heading, TITLE_SIZE};
use super::render;
use super::scene::Scene;
use crate::error::Error;

/// One picture of [`Panels`]: made from a [`Chart`], a [`Scene`] or a [`Grid`].
///
/// ```
/// use downhill::plot::{Chart, Panel};
///
/// let panel = Panel::from(Chart::new("left"));
/// assert!(format!("{panel:?}").contains("left"));
/// ```
#[derive(Debug)]
pub struct Panel<'a>(Kind<'a>);

#[derive(Debug)]
enum Kind<'a> {
    Chart(Chart<'a>),
    Scene(Scene<'a>),
    Grid(Grid<'a>),
}

impl Panel<'_> {
    fn heading(&self, width: f64) -> Heading {
        match &self.0 {
            Kind::Chart(chart) => chart.heading(width),
            Kind::Scene(scene) => scene.heading(width),
            Kind::Grid(grid) => grid.heading(width),
        }
    }

    fn draw(&self, size: (f64, f64), heading: Heading) -> Drawing {
        match &self.0 {
            Kind::Chart(chart) => chart.draw(size, heading),
            Kind::Scene(scene) => scene.draw(size, heading),
            Kind::Grid(grid) => grid.draw(size, heading),
        }
    }
}

impl<'a> From<Chart<'a>> for Panel<'a> {
    fn from(chart: Chart<'a>) -> Panel<'a> {
        Panel(Kind::Chart(chart))
    }
}

impl<'a> From<Scene<'a>> for Panel<'a> {
    fn from(scene: Scene<'a>) -> Panel<'a> {
        Panel(Kind::Scene(scene))
    }
}

impl<'a> From<Grid<'a>> for Panel<'a> {
    fn from(grid: Grid<'a>) -> Panel<'a> {
        Panel(Kind::Grid(grid))
    }
}

/// Pictures in rows, from left to right and from above, all of one size.
///
/// ```
/// use downhill::plot::{Chart, Panels};
///
/// let file = std::env::temp_dir().join("downhill_doc_panels.svg");
/// let power = |k: i32| Chart::new(format!("x to the {k}")).x_range(-1.0..=1.0).y_range(-1.0..=1.0).curve("", move |x| x.powi(k));
/// Panels::new("Powers", 2).add(power(2)).add(power(3)).save(&file)?;
/// assert!(std::fs::read_to_string(file).unwrap().contains("x to the 3"));
/// # Ok::<(), downhill::error::Error>(())
/// ```
#[must_use]
pub struct Panels<'a> {
    title: String,
    columns: usize,
    size: (f64, f64),
    panels: Vec<Panel<'a>>,
}

impl<'a> Panels<'a> {
    /// Rows of `columns` pictures of 360 by 300 pixels each; with `""` there is no title over all.
    ///
    /// # Panics
    ///
    /// If `columns` is 0.
    #[track_caller]
    pub fn new(title: impl Into<String>, columns: usize) -> Panels<'a> {
        assert!(columns > 0, "downhill: panels stand in columns, at least one, and 0 were asked for");
        Panels { title: title.into(), columns, size: (360.0, 300.0), panels: Vec::new() }
    }

    /// Width and height of each panel in pixels.
    ///
    /// # Panics
    ///
    /// If one is less than 200 or more than 4,000.
    #[track_caller]
    pub fn size(mut self, width: f64, height: f64) -> Self {
        self.size = checked_size(width, height);
        self
    }

    /// One more picture, behind the last.
    #[expect(clippy::should_implement_trait, reason = "it adds a panel, not a number")]
    pub fn add(mut self, panel: impl Into<Panel<'a>>) -> Self {
        self.panels.push(panel.into());
        self
    }

    /// Writes the picture: SVG or PNG by the ending of `path`.
    ///
    /// # Errors
    ///
    /// If the ending is another one, or the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        render::save(&self.draw(), path.as_ref())
    }

    fn draw(&self) -> Drawing {
        let (w, h) = self.size;
        let columns = self.columns.min(self.panels.len().max(1));
        let rows = self.panels.len().div_ceil(columns).max(1);
        let top = if self.title.is_empty() { 0.0 } else { 40.0 };
        let mut drawing = Drawing::new(w * columns as f64, top + h * rows as f64);
        if top > 0.0 {
            let at = [drawing.width / 2.0, 29.0];
            let text = Text::new(at, self.title.as_str(), TITLE_SIZE + 2.0, Anchor::Middle);
            drawing.text(Text { bold: true, ..text });
        }
        let headings: Vec<Heading> = self.panels.iter().map(|panel| panel.heading(w)).collect();
        let size = headings.iter().map(|heading| heading.size).fold(TITLE_SIZE, f64::min);
        for (k, panel) in self.panels.iter().enumerate() {
            let row = headings.chunks(columns).nth(k / columns).unwrap_or_default();
            let heading = row.iter().fold(headings[k], |all, &one| all.joined(one));
            let panel = panel.draw((w, h), Heading { size, ..heading });
            drawing.place(panel, [w * (k % columns) as f64, top + h * (k / columns) as f64]);
        }
        drawing
    }
}

impl fmt::Debug for Panels<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Panels")
            .field("title", &self.title)
            .field("panels", &self.panels)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn each_panel_has_colour_in_its_pixels() {
        let bowl = |x: f64, y: f64| x * x + 3.0 * y * y;
        let chart = || Chart::new("").x_range(-1.0..=1.0).y_range(-1.0..=1.0);
        let panels = Panels::new("All", 3)
            .size(200.0, 200.0)
            .add(chart().contours(bowl).key(false))
            .add(chart().descent_field(|[x, y]| x * x + y * y))
            .add(chart().line("", [[-1.0, -1.0], [1.0, 1.0]]))
            .add(chart().path("", [[-1.0, 0.5], [1.0, 0.5]]))
            .add(Scene::new("").surface(bowl))
            .add(Scene::new("").plane("", [0.0; 3], [0.0, 0.0, 1.0]).z_range(-1.0..=1.0))
            .add(Grid::new("", &array![[0.0, 1.0], [2.0, 3.0]]));
        let ((w, h), pixels) = render::pixels(&panels.draw()).unwrap();
        assert_eq!((w, h), (1_200, 1_280));
        let colored = |x: usize, y: usize| {
            let pixel = &pixels[3 * (y * w as usize + x)..][..3];
            pixel.iter().max().unwrap() - pixel.iter().min().unwrap() > 20
        };
        for (k, least) in [0.5, 0.1, 0.01, 0.007, 0.2, 0.1, 0.5].into_iter().enumerate() {
            let (left, top) = (400 * (k % 3), 80 + 400 * (k / 3));
            let spots = (0..400 * 400).filter(|spot| colored(left + spot % 400, top + spot / 400));
            let part = spots.count() as f64 / 160_000.0;
            assert!(part > least, "of panel {k} only {part:.3} has a colour");
        }
    }
}
