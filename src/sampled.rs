//! Derivatives of a function known only by its samples, as `numpy.gradient` computes them, bit for bit.
//!
//! ```text
//! samples f[0], ..., f[n-1] at x[0], ..., x[n-1];   l = x[i] - x[i-1],   r = x[i+1] - x[i]
//!
//! interior, l = r = h everywhere:
//!     f'[i] = (f[i+1] - f[i-1]) / (2 h)                                               error O(h²)
//!
//! interior, otherwise:
//!               -r                  r - l               l
//!     f'[i] = --------- f[i-1]  +  ------- f[i]  +  --------- f[i+1]                  error O(l r)
//!             l (l + r)              l r            r (l + r)
//!
//! edges, order 1:
//!     f'[0]   = (f[1]   - f[0])   / (x[1]   - x[0])                                   error O(h)
//!     f'[n-1] = (f[n-1] - f[n-2]) / (x[n-1] - x[n-2])
//!
//! edges, order 2, distance h everywhere:
//!     f'[0]   = -3/(2h) f[0]   + 2/h f[1]   - 1/(2h) f[2]                             error O(h²)
//!     f'[n-1] =  1/(2h) f[n-3] - 2/h f[n-2] + 3/(2h) f[n-1]
//!
//! edges, order 2, otherwise; error O(h²) (l, r are the two distances nearest to the edge, in the order of the samples):
//!               -(2 l + r)          l + r              -l
//!     f'[0]   = ---------- f[0]  +  ----- f[1]  +  --------- f[2]
//!               l (l + r)            l r           r (l + r)
//!
//!                   r               -(r + l)           2 r + l
//!     f'[n-1] = --------- f[n-3] +  -------- f[n-2] + --------- f[n-1]
//!               l (l + r)             l r             r (l + r)
//! ```
//!
//! The weights of three points are those that differentiate every polynomial of degree 2 exactly: Quarteroni, Sacco
//! and Saleri, *Numerical Mathematics*, Springer 2007; for any number of points Fornberg, *Generation of Finite
//! Difference Formulas on Arbitrarily Spaced Grids*, Mathematics of Computation 51 (184), 1988, 699–706. They are the
//! sources `numpy.gradient` cites. The order of the arithmetic is numpy's too, so results for `f64` samples agree in
//! every bit. One thing differs: distances that are zero, not finite, or beyond what the denominators can hold give
//! `inf`, `nan` or `0` in numpy and an [`Error`] here.

use crate::error::Error;
use ndarray::{Array, ArrayBase, ArrayView1, ArrayViewMut1, Axis, Data, Dimension, Zip};

/// Where the samples lie: the one distance between neighbours, or the coordinate of each.
///
/// Every function of this module takes what converts into it: a number, a slice, a reference to a `Vec` or an array.
/// Coordinates may fall as well as rise. Coordinates whose differences are all the same number are treated as that
/// one distance, as numpy does.
///
/// ```
/// use downhill::sampled::Spacing;
///
/// assert_eq!(Spacing::from(0.5), Spacing::Uniform(0.5));
/// assert_eq!(Spacing::from(&[0.0, 1.0, 3.0]), Spacing::Coordinates(&[0.0, 1.0, 3.0]));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Spacing<'a> {
    /// `x[i+1] - x[i]`, the same for all `i`; negative if the coordinate falls.
    Uniform(f64),
    /// `x[i]`, one for each sample.
    Coordinates(&'a [f64]),
}

impl From<f64> for Spacing<'_> {
    fn from(distance: f64) -> Self {
        Spacing::Uniform(distance)
    }
}

impl<'a> From<&'a [f64]> for Spacing<'a> {
    fn from(coordinates: &'a [f64]) -> Self {
        Spacing::Coordinates(coordinates)
    }
}

impl<'a> From<&'a Vec<f64>> for Spacing<'a> {
    fn from(coordinates: &'a Vec<f64>) -> Self {
        Spacing::Coordinates(coordinates)
    }
}

impl<'a, const N: usize> From<&'a [f64; N]> for Spacing<'a> {
    fn from(coordinates: &'a [f64; N]) -> Self {
        Spacing::Coordinates(coordinates)
    }
}

/// How exact the one-sided formula at the first and the last sample is; `edge_order` in numpy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EdgeOrder {
    /// Two samples, error `O(h)`: exact for straight lines. Needs at least 2 samples.
    #[default]
    First,
    /// Three samples, error `O(h²)` like the interior: exact for parabolas. Needs at least 3 samples.
    Second,
}

/// The derivative at each sample, by central differences inside and two-point differences at the edges.
///
/// `f'[i] = (f[i+1] - f[i-1]) / 2h` for one distance `h`, the three-point formula of the [module](self) for
/// coordinates. The result is as long as `samples`. It is [`gradient_with`] at [`EdgeOrder::First`]. A sample that is
/// `nan` or infinite is a number like others: it spreads to the results that use it.
///
/// # Errors
///
/// As [`gradient_with`], and at the same cost; at least 2 samples are needed.
///
/// # Examples
///
/// ```
/// use downhill::sampled::gradient;
///
/// let samples = [1.0, 2.0, 4.0, 7.0, 11.0, 16.0];
/// assert_eq!(gradient(&samples, 1.0)?, [1.0, 1.5, 2.5, 3.5, 4.5, 5.0]);
/// assert_eq!(gradient(&samples, 2.0)?, [0.5, 0.75, 1.25, 1.75, 2.25, 2.5]);
///
/// let squares = gradient(&[0.0, 4.0, 9.0, 36.0, 64.0], &[0.0, 2.0, 3.0, 6.0, 8.0])?;
/// assert!((squares[2] - 6.0).abs() < 1e-14); // 2 x at x = 3
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn gradient<'a>(samples: &[f64], spacing: impl Into<Spacing<'a>>) -> Result<Vec<f64>, Error> {
    gradient_with(samples, spacing, EdgeOrder::First)
}

/// The derivative at each sample, with a choice of the formula at the edges.
///
/// The formulas are in the header of the [module](self); the result is as long as `samples`. Cost: `O(n)` time and one
/// allocation, for coordinates `4 n` numbers more.
///
/// # Errors
///
/// [`is_shape`](Error::is_shape) if there are fewer samples than the edge formula uses (2 for
/// [`EdgeOrder::First`], 3 for [`EdgeOrder::Second`]), or if the number of coordinates is not the number of samples.
///
/// [`is_spacing`](Error::is_spacing) if a distance is zero or not finite, if two coordinates with one between them
/// are equal, or if distances are so small or so large that a denominator of the formulas leaves the range of `f64`.
///
/// # Examples
///
/// ```
/// use downhill::sampled::{EdgeOrder, gradient_with};
///
/// let squares = [0.0, 1.0, 4.0, 9.0, 16.0];
/// assert_eq!(gradient_with(&squares, 1.0, EdgeOrder::First)?, [1.0, 2.0, 4.0, 6.0, 7.0]);
/// assert_eq!(gradient_with(&squares, 1.0, EdgeOrder::Second)?, [0.0, 2.0, 4.0, 6.0, 8.0]);
///
/// assert!(gradient_with(&[1.0, 2.0], 1.0, EdgeOrder::Second).unwrap_err().is_shape());
/// assert!(gradient_with(&squares, 0.0, EdgeOrder::First).unwrap_err().is_spacing());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn gradient_with<'a>(
    samples: &[f64],
    spacing: impl Into<Spacing<'a>>,
    edges: EdgeOrder,
) -> Result<Vec<f64>, Error> {
    let stencil = Stencil::new(samples.len(), spacing.into(), edges)?;
    let mut slopes = vec![0.0; samples.len()];
    stencil.apply(ArrayView1::from(samples), ArrayViewMut1::from(&mut slopes[..]));
    Ok(slopes)
}

/// The partial derivative of n-dimensional samples along one axis.
///
/// Each lane of the array along `axis` is differentiated as [`gradient_with`] does; the result has the shape of
/// `samples`, which may be any array or view (strided, reversed, of any memory order). Coordinates belong to the axis:
/// as many as its length. Cost: `O(N)` time for `N` samples and one allocation of `N` numbers; for coordinates `4 n`
/// more, `n` the length of the axis, since all lanes share the weights.
///
/// # Errors
///
/// [`is_shape`](Error::is_shape) if the array has no such axis; otherwise as [`gradient_with`], with the length of the
/// axis as the number of samples.
///
/// # Examples
///
/// ```
/// use downhill::sampled::{EdgeOrder, gradient_axis};
/// use ndarray::{Axis, array};
///
/// let samples = array![[1.0, 2.0, 6.0], [3.0, 4.0, 5.0]];
/// let down = gradient_axis(&samples, Axis(0), 2.0, EdgeOrder::First)?;
/// assert_eq!(down, array![[1.0, 1.0, -0.5], [1.0, 1.0, -0.5]]);
/// let along = gradient_axis(&samples, Axis(1), &[0.0, 1.0, 2.0], EdgeOrder::First)?;
/// assert_eq!(along, array![[1.0, 2.5, 4.0], [1.0, 1.0, 1.0]]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn gradient_axis<'a, S: Data<Elem = f64>, D: Dimension>(
    samples: &ArrayBase<S, D>,
    axis: Axis,
    spacing: impl Into<Spacing<'a>>,
    edges: EdgeOrder,
) -> Result<Array<f64, D>, Error> {
    let (Axis(index), axes) = (axis, samples.ndim());
    if index >= axes {
        return Err(Error::shape(format!(
            "axis {index} of an array of {axes} axes: give an axis less than the number of axes"
        )));
    }
    let stencil = Stencil::new(samples.len_of(axis), spacing.into(), edges)?;
    let mut slopes = Array::zeros(samples.raw_dim());
    Zip::from(samples.lanes(axis))
        .and(slopes.lanes_mut(axis))
        .for_each(|lane, slopes| stencil.apply(lane, slopes));
    Ok(slopes)
}

/// The partial derivatives of n-dimensional samples along every axis: one array per axis, in the order of the axes.
///
/// `spacings` is empty (distance 1 along every axis), one [`Spacing::Uniform`] (the same distance along every axis), or
/// one [`Spacing`] per axis. Each array is what [`gradient_axis`] returns, at its cost, and has the shape of `samples`.
///
/// # Errors
///
/// [`is_shape`](Error::is_shape) if `spacings` has another length; otherwise as [`gradient_axis`], of the first axis
/// that fails.
///
/// # Examples
///
/// ```
/// use downhill::sampled::{EdgeOrder, Spacing, gradient_all};
/// use ndarray::array;
///
/// let samples = array![[1.0, 2.0, 6.0], [3.0, 4.0, 5.0]];
/// let unit = gradient_all(&samples, &[], EdgeOrder::First)?;
/// assert_eq!(unit[0], array![[2.0, 2.0, -1.0], [2.0, 2.0, -1.0]]);
/// assert_eq!(unit[1], array![[1.0, 2.5, 4.0], [1.0, 1.0, 1.0]]);
///
/// let spacings = [Spacing::Uniform(2.0), Spacing::from(&[1.0, 1.5, 3.5])];
/// let [down, along] = &gradient_all(&samples, &spacings, EdgeOrder::First)?[..] else { unreachable!() };
/// assert_eq!(down, &array![[1.0, 1.0, -0.5], [1.0, 1.0, -0.5]]);
/// assert!((along[[1, 1]] - 1.7).abs() < 1e-15);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn gradient_all<S: Data<Elem = f64>, D: Dimension>(
    samples: &ArrayBase<S, D>,
    spacings: &[Spacing<'_>],
    edges: EdgeOrder,
) -> Result<Vec<Array<f64, D>>, Error> {
    let axes = samples.ndim();
    let each = match spacings {
        [] => vec![Spacing::Uniform(1.0); axes],
        [same @ Spacing::Uniform(_)] => vec![*same; axes],
        each if each.len() == axes => each.to_vec(),
        _ => {
            return Err(Error::shape(format!(
                "{} spacings for an array of {axes} axes: give none, one distance for all axes, or one spacing per axis",
                spacings.len()
            )));
        }
    };
    (0..axes).map(|axis| gradient_axis(samples, Axis(axis), each[axis], edges)).collect()
}

/// All that depends on the positions only, computed once and applied to every lane.
struct Stencil {
    interior: Interior,
    edges: Edges,
}

enum Interior {
    /// Divides by twice the distance.
    Uniform { twice: f64 },
    /// The weights of `f[i-1]`, `f[i]`, `f[i+1]` for `i = 1..n-1`.
    Varying { weights: Vec<[f64; 3]> },
}

enum Edges {
    /// The distances.
    First { head: f64, tail: f64 },
    /// The weights of the first and the last three samples.
    Second { head: [f64; 3], tail: [f64; 3] },
}

impl Stencil {
    fn new(samples: usize, spacing: Spacing<'_>, edges: EdgeOrder) -> Result<Stencil, Error> {
        let needed = match edges {
            EdgeOrder::First => 2,
            EdgeOrder::Second => 3,
        };
        if samples < needed {
            return Err(Error::shape(format!(
                "{samples} samples: EdgeOrder::{edges:?} needs at least {needed} along the axis; give more samples{}",
                if samples == 2 { " or use EdgeOrder::First" } else { "" }
            )));
        }
        match spacing {
            Spacing::Uniform(distance) => Stencil::uniform(distance, edges),
            Spacing::Coordinates(coordinates) => {
                let distances = distances(samples, coordinates)?;
                // The two formulas round differently, so taking numpy's branch here is part of agreeing with it.
                if distances.iter().all(|&distance| distance == distances[0]) {
                    Stencil::uniform(distances[0], edges)
                } else {
                    Stencil::varying(&distances, edges)
                }
            }
        }
    }

    fn uniform(h: f64, edges: EdgeOrder) -> Result<Stencil, Error> {
        let (head, tail) = ([-1.5 / h, 2.0 / h, -0.5 / h], [0.5 / h, -2.0 / h, 1.5 / h]);
        if !usable(2.0 * h) || (edges == EdgeOrder::Second && !head[1].is_finite()) {
            return Err(Error::spacing(format!(
                "distance {h:e} between samples: it must be finite, not zero, and neither 2 h nor 2 / h may overflow; \
                 give another distance or rescale the coordinate"
            )));
        }
        let edges = match edges {
            EdgeOrder::First => Edges::First { head: h, tail: h },
            EdgeOrder::Second => Edges::Second { head, tail },
        };
        Ok(Stencil { interior: Interior::Uniform { twice: 2.0 * h }, edges })
    }

    /// `distances` are at least two: a single one is uniform.
    fn varying(distances: &[f64], edges: EdgeOrder) -> Result<Stencil, Error> {
        let weights = distances
            .windows(2)
            .enumerate()
            .map(|(i, pair)| central_weights(i, pair[0], pair[1]))
            .collect::<Result<_, _>>()?;
        let last = distances.len() - 1;
        let edges = match edges {
            EdgeOrder::First => Edges::First { head: distances[0], tail: distances[last] },
            EdgeOrder::Second => Edges::Second {
                head: head_weights(distances[0], distances[1]),
                tail: tail_weights(distances[last - 1], distances[last]),
            },
        };
        Ok(Stencil { interior: Interior::Varying { weights }, edges })
    }

    /// `slopes` are as many as the samples `f` the stencil was made for.
    fn apply(&self, f: ArrayView1<'_, f64>, mut slopes: ArrayViewMut1<'_, f64>) {
        let last = f.len() - 1;
        let weighted = |w: &[f64; 3], i: usize| w[0] * f[i] + w[1] * f[i + 1] + w[2] * f[i + 2];
        match &self.interior {
            Interior::Uniform { twice } => (1..last).for_each(|i| slopes[i] = (f[i + 1] - f[i - 1]) / twice),
            Interior::Varying { weights } => {
                (1..last).for_each(|i| slopes[i] = weighted(&weights[i - 1], i - 1))
            }
        }
        match &self.edges {
            Edges::First { head, tail } => {
                slopes[0] = (f[1] - f[0]) / head;
                slopes[last] = (f[last] - f[last - 1]) / tail;
            }
            Edges::Second { head, tail } => {
                slopes[0] = weighted(head, 0);
                slopes[last] = weighted(tail, last - 2);
            }
        }
    }
}

fn usable(divisor: f64) -> bool {
    divisor.is_finite() && divisor != 0.0
}

fn distances(samples: usize, x: &[f64]) -> Result<Vec<f64>, Error> {
    if x.len() != samples {
        return Err(Error::shape(format!(
            "{} coordinates for {samples} samples: give one coordinate per sample along the axis",
            x.len()
        )));
    }
    let distances: Vec<f64> = x.windows(2).map(|pair| pair[1] - pair[0]).collect();
    match distances.iter().position(|&distance| !usable(distance)) {
        None => Ok(distances),
        Some(i) => Err(Error::spacing(format!(
            "coordinates {i} and {} are {:e} and {:e}: their distance must be finite and not zero; \
             remove the duplicate or mend the coordinate",
            i + 1,
            x[i],
            x[i + 1]
        ))),
    }
}

/// The distances `l`, `r` lie between the coordinates `i`, `i + 1` and `i + 2`.
fn central_weights(i: usize, l: f64, r: f64) -> Result<[f64; 3], Error> {
    let denominators = [l * (l + r), l * r, r * (l + r)];
    if !denominators.into_iter().all(usable) {
        return Err(Error::spacing(format!(
            "distances {l:e} and {r:e} (from coordinate {i} to {}): their sum and products must be finite and not \
             zero; sort the coordinates with their samples, or rescale them",
            i + 2
        )));
    }
    Ok([-r / denominators[0], (r - l) / denominators[1], l / denominators[2]])
}

/// The denominators are those of [`central_weights`] for the same two distances, checked there.
fn head_weights(l: f64, r: f64) -> [f64; 3] {
    [-(2.0 * l + r) / (l * (l + r)), (l + r) / (l * r), -l / (r * (l + r))]
}

/// See [`head_weights`].
fn tail_weights(l: f64, r: f64) -> [f64; 3] {
    [r / (l * (l + r)), -(r + l) / (l * r), (2.0 * r + l) / (r * (l + r))]
}
