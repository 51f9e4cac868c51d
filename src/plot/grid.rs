//! A picture of a matrix: a coloured cell for each number.

use std::fmt;
use std::ops::RangeInclusive;
use std::path::Path;

use ndarray::{Array2, AsArray, Ix2};

use super::chart::{checked_size, ends};
use super::color::{Color, INK, WHITE};
use super::drawing::{Anchor, Area, Drawing, Spot, Text};
use super::frame::{Frame, LABEL_SIZE, TICK_SIZE};
use super::heading::Heading;
use super::letters;
use super::render;
use super::scale::Scale;
use crate::error::Error;

/// Around the cells and what belongs to them, and between a cell and a name beside it.
const MARGIN: f64 = 14.0;
const GAP: f64 = 7.0;
/// What a row of names takes, and what the name of an axis takes.
const ROW: f64 = 18.0;
/// A cell reaches so far under the next ones that no seam shows between them.
const OVERLAP: f64 = 0.5;

/// A picture of a matrix: a square cell for each number, the first row on top; the larger the number, the darker its cell.
///
/// The colours reach from the least number to the greatest unless a range is given. The cell of a number that is not finite
/// stays white.
///
/// ```
/// use downhill::plot::Grid;
/// use ndarray::array;
///
/// let file = std::env::temp_dir().join("downhill_doc_grid.svg");
/// Grid::new("Who was taken for whom", &array![[41.0, 2.0], [0.0, 37.0]])
///     .rows(["cat", "dog"])
///     .columns(["cat", "dog"])
///     .x_name("taken for")
///     .y_name("is")
///     .values(|count| format!("{count}"))
///     .save(&file)?;
/// let picture = std::fs::read_to_string(file).unwrap();
/// assert!(picture.contains("taken for") && picture.contains("37"));
/// # Ok::<(), downhill::error::Error>(())
/// ```
#[must_use]
pub struct Grid<'a> {
    title: String,
    cells: Array2<f64>,
    axes: [String; 2],
    columns: Vec<String>,
    rows: Vec<String>,
    values: Option<Box<dyn Fn(f64) -> String + 'a>>,
    shade: Box<dyn Fn(f64) -> f64 + 'a>,
    range: Option<(f64, f64)>,
    grey: bool,
    size: (f64, f64),
}

impl<'a> Grid<'a> {
    /// The cells of a matrix in shades of blue, in 480 by 480 pixels; with `""` there is no title.
    pub fn new<'c>(title: impl Into<String>, cells: impl AsArray<'c, f64, Ix2>) -> Grid<'a> {
        Grid {
            title: title.into(),
            cells: cells.into().to_owned(),
            axes: Default::default(),
            columns: Vec::new(),
            rows: Vec::new(),
            values: None,
            shade: Box::new(|number| number),
            range: None,
            grey: false,
            size: (480.0, 480.0),
        }
    }

    /// What the columns stand for, below them all.
    pub fn x_name(mut self, name: impl Into<String>) -> Self {
        self.axes[0] = name.into();
        self
    }

    /// What the rows stand for, beside them all.
    pub fn y_name(mut self, name: impl Into<String>) -> Self {
        self.axes[1] = name.into();
        self
    }

    /// The name of each column, below it: words, or numbers as `0..10`.
    ///
    /// # Panics
    ///
    /// If they are not as many as the columns.
    #[track_caller]
    pub fn columns(mut self, names: impl IntoIterator<Item = impl ToString>) -> Self {
        self.columns = named("columns", names, self.cells.ncols());
        self
    }

    /// The name of each row, at its left.
    ///
    /// # Panics
    ///
    /// If they are not as many as the rows.
    #[track_caller]
    pub fn rows(mut self, names: impl IntoIterator<Item = impl ToString>) -> Self {
        self.rows = named("rows", names, self.cells.nrows());
        self
    }

    /// Writes into each cell what `format` makes of its number: nothing, if that is `""`.
    pub fn values(mut self, format: impl Fn(f64) -> String + 'a) -> Self {
        self.values = Some(Box::new(format));
        self
    }

    /// Gives the lightest colour to numbers up to the first, and the darkest from the last on.
    ///
    /// # Panics
    ///
    /// If the range is empty or not finite.
    #[track_caller]
    pub fn range(mut self, range: RangeInclusive<f64>) -> Self {
        self.range = Some(ends(&range));
        self
    }

    /// Spaces the colours by a growing function of the numbers, as `f64::sqrt`, which tells small ones apart.
    pub fn shade(mut self, f: impl Fn(f64) -> f64 + 'a) -> Self {
        self.shade = Box::new(f);
        self
    }

    /// White to black in place of shades of blue.
    pub fn grey(mut self) -> Self {
        self.grey = true;
        self
    }

    /// Width and height in pixels; a PNG has two pixels for each of them. The cells are as large as both allow.
    ///
    /// # Panics
    ///
    /// If one is less than 200 or more than 4,000.
    #[track_caller]
    pub fn size(mut self, width: f64, height: f64) -> Self {
        self.size = checked_size(width, height);
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

    pub(super) fn heading(&self, width: f64) -> Heading {
        Heading::new(&self.title, &[], width)
    }

    pub(super) fn draw(&self, (width, height): (f64, f64), heading: Heading) -> Drawing {
        let mut drawing = Drawing::new(width, height);
        heading.draw(&mut drawing, &self.title, &[]);
        if self.cells.is_empty() {
            return drawing;
        }
        let plan = self.plan((width, height), heading.bottom);
        self.paint(&mut drawing, &plan);
        self.write(&mut drawing, &plan);
        self.name(&mut drawing, &plan);
        drawing
    }

    /// Where the cells are: as large as the rest allows, in the middle from left to right.
    fn plan(&self, (width, height): (f64, f64), top: f64) -> Plan {
        let space = |shown: bool, length: f64| if shown { length } else { 0.0 };
        let widest = self.rows.iter().map(|name| letters::width(name, TICK_SIZE, false)).fold(0.0, f64::max);
        let beside = space(!self.rows.is_empty(), widest + GAP);
        let left = MARGIN + beside + space(!self.axes[1].is_empty(), ROW);
        let below = space(!self.columns.is_empty(), ROW) + space(!self.axes[0].is_empty(), ROW + 2.0);
        let (rows, columns) = self.cells.dim();
        let free = [width - MARGIN - left, height - MARGIN - below - top];
        let cell = (free[0] / columns as f64).min(free[1] / rows as f64).max(0.0);
        let left = left + (free[0] - cell * columns as f64) / 2.0;
        let (right, bottom) = (left + cell * columns as f64, top + cell * rows as f64);
        Plan { area: Area { left, top, right, bottom }, cell, beside }
    }

    /// The colour of each cell, or none, in rows.
    fn colors(&self) -> impl Iterator<Item = Option<Color>> {
        let shades = self.cells.iter().map(|&number| (self.shade)(number));
        let scale = match self.range {
            Some((low, high)) => Scale::over([low, high].map(&self.shade), false, 0.0),
            None => Scale::over(shades.clone(), false, 0.0),
        };
        shades.map(move |shade| {
            let part = scale.part(shade);
            part.is_finite().then(|| if self.grey { Color::grey(part) } else { Color::blue(part) })
        })
    }

    fn paint(&self, drawing: &mut Drawing, plan: &Plan) {
        let Area { left, top, right, bottom } = plan.area;
        for (((row, column), _), color) in self.cells.indexed_iter().zip(self.colors()) {
            let [x, y] = plan.corner(row, column);
            let across = (x + plan.cell + OVERLAP).min(right);
            let down = (y + plan.cell + OVERLAP).min(bottom);
            let color = color.unwrap_or(WHITE);
            drawing.area(vec![[x, y], [across, y], [across, down], [x, down]], color);
        }
        // Numbers in a table have lines between them, the points of a picture have none.
        if self.values.is_some() {
            let (rows, columns) = self.cells.dim();
            for y in (1..rows).map(|row| plan.corner(row, 0)[1]) {
                drawing.line(vec![[left, y], [right, y]], WHITE, 1.0);
            }
            for x in (1..columns).map(|column| plan.corner(0, column)[0]) {
                drawing.line(vec![[x, top], [x, bottom]], WHITE, 1.0);
            }
        }
        Frame::close(drawing, &plan.area);
    }

    /// The numbers, all of one size.
    fn write(&self, drawing: &mut Drawing, plan: &Plan) {
        let Some(format) = &self.values else { return };
        let texts: Vec<String> =
            self.cells.iter().map(|&v| if v.is_finite() { format(v) } else { String::new() }).collect();
        let size = fitting(&texts, (0.42 * plan.cell).min(LABEL_SIZE + 2.0), 0.86 * plan.cell);
        let columns = self.cells.ncols();
        for (k, (text, color)) in texts.into_iter().zip(self.colors()).enumerate() {
            if text.is_empty() {
                continue;
            }
            let [x, y] = plan.corner(k / columns, k % columns);
            let at = [x + plan.cell / 2.0, y + plan.cell / 2.0 + 0.36 * size];
            let color = if color.is_some_and(Color::is_dark) { WHITE } else { INK };
            drawing.text(Text { color, ..Text::new(at, text, size, Anchor::Middle) });
        }
    }

    /// The names of rows, columns and axes.
    fn name(&self, drawing: &mut Drawing, plan: &Plan) {
        let Area { left, top, right, bottom } = plan.area;
        let size = fitting(&self.rows, TICK_SIZE.min(plan.cell), f64::INFINITY);
        for (row, name) in self.rows.iter().enumerate() {
            let at = [left - GAP, plan.corner(row, 0)[1] + plan.cell / 2.0 + 0.36 * size];
            drawing.text(Text::new(at, name, size, Anchor::Right));
        }
        let size = fitting(&self.columns, TICK_SIZE, 0.96 * plan.cell);
        for (column, name) in self.columns.iter().enumerate() {
            let at = [plan.corner(0, column)[0] + plan.cell / 2.0, bottom + 15.0];
            drawing.text(Text::new(at, name, size, Anchor::Middle));
        }
        let [x_name, y_name] = &self.axes;
        if !x_name.is_empty() {
            let below = if self.columns.is_empty() { 0.0 } else { ROW };
            let at = [(left + right) / 2.0, bottom + below + 17.0];
            drawing.text(Text::new(at, x_name, LABEL_SIZE, Anchor::Middle));
        }
        if !y_name.is_empty() {
            let at = [left - plan.beside - GAP, (top + bottom) / 2.0];
            drawing.text(Text { upwards: true, ..Text::new(at, y_name, LABEL_SIZE, Anchor::Middle) });
        }
    }
}

/// Where the cells are, how long their sides, and how much the names of the rows take.
#[derive(Debug)]
struct Plan {
    area: Area,
    cell: f64,
    beside: f64,
}

impl Plan {
    /// The upper left corner of a cell.
    fn corner(&self, row: usize, column: usize) -> Spot {
        [self.area.left + self.cell * column as f64, self.area.top + self.cell * row as f64]
    }
}

/// The size of letters, at most `most`, at which none of the texts is wider than `room`.
fn fitting(texts: &[String], most: f64, room: f64) -> f64 {
    let widest = texts.iter().map(|text| letters::width(text, most, false)).fold(0.0, f64::max);
    if widest > room { most * room / widest } else { most }
}

#[track_caller]
fn named(what: &str, names: impl IntoIterator<Item = impl ToString>, n: usize) -> Vec<String> {
    let names: Vec<String> = names.into_iter().map(|name| name.to_string()).collect();
    assert!(
        names.len() == n,
        "downhill: a grid needs a name for each of its {n} {what}, and was given {}",
        names.len()
    );
    names
}

impl fmt::Debug for Grid<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Grid")
            .field("title", &self.title)
            .field("cells", &self.cells.dim())
            .finish_non_exhaustive()
    }
}
