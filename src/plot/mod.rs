//! Pictures: functions, walks on them, costs and fits, as SVG or PNG.
//!
//! Four concepts: a [`Chart`] is made of layers in the plane, a [`Scene`] of objects in space, a [`Grid`] of the cells of
//! a matrix, and [`Panels`] set several of them side by side. Each is built in one sentence that ends with `save`; the
//! ending of the file decides the format.
//!
//! ```
//! use downhill::prelude::*;
//!
//! fn banana([x, y]: [Var; 2]) -> Var {
//!     (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2)
//! }
//! let walk = minimize(banana, [-1.9, -0.9]).method(GradientDescent::new(1e-3)).keep_path(true).run();
//!
//! let file = std::env::temp_dir().join("downhill_doc_banana.svg");
//! walk.plot().contours(banana).save(&file)?;
//! assert!(std::fs::read_to_string(file).unwrap().starts_with("<svg"));
//! # Ok::<(), downhill::error::Error>(())
//! ```
//!
//! A function to draw is any [`Height`]: plain, or an objective. Colours are told apart by colour-blind readers too, and
//! contours stand at quantiles of the heights, so that a valley shows however steep its walls are.
//!
//! The module is there with the feature `plot`. The letters are part of the program: no font of the system is needed.

mod chart;
mod color;
mod contour;
mod drawing;
mod frame;
mod grid;
mod heading;
mod height;
mod layer;
mod letters;
mod panels;
mod render;
mod scale;
mod scene;
mod space;
mod thing;

pub use chart::Chart;
pub use grid::Grid;
pub use height::Height;
pub use panels::{Panel, Panels};
pub use scene::Scene;

use crate::optim::Outcome;

impl Outcome {
    /// A [`Chart`] of the path; [`contours`](Chart::contours) puts the function below it.
    ///
    /// ```
    /// use downhill::prelude::*;
    ///
    /// let bowl = |[x, y]: [Var; 2]| x * x + 3.0 * y * y;
    /// let walk = minimize(bowl, [2.0, 1.0]).keep_path(true).run();
    /// let file = std::env::temp_dir().join("downhill_doc_walk.png");
    /// walk.plot().contours(bowl).title("Down a bowl").save(&file)?;
    /// assert!(std::fs::metadata(file).unwrap().len() > 1_000);
    /// # Ok::<(), downhill::error::Error>(())
    /// ```
    ///
    /// # Panics
    ///
    /// If the walk did not [`keep_path`](crate::optim::Minimize::keep_path), or is not in two dimensions.
    #[track_caller]
    pub fn plot(&self) -> Chart<'static> {
        Chart::new("").x_name("x").y_name("y").walk("", self)
    }
}
