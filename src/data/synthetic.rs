//! Made-up data sets, by formula and seed.
//!
//! Where scikit-learn has the set, its conventions hold. `ε` are normal numbers of deviation `noise`, one for each number of
//! the inputs, or of the targets where these are numbers; the rows lie in no random order, as batches shuffle them anyway.
//! Numbers are drawn and computed in `f64`, then rounded.

use std::f64::consts::{PI, TAU};

use ndarray::{Array2, ArrayView2, AsArray, Ix2};

use super::dataset::Dataset;
use crate::params::Element;
use crate::random::{Purpose, Random};

/// Points in the plane with the class of each.
type Classified<T> = Dataset<Array2<T>, Vec<usize>>;

/// Round clouds of `n` points about `centers: [k, d]`.
///
/// ```text
/// label = i mod k,   x = centers[label] + ε                                        i = 0 … n-1
/// ```
///
/// ```
/// use downhill::data::blobs;
/// use ndarray::array;
///
/// let set = blobs(100, &array![[0.0, 0.0], [5.0, 5.0], [5.0, -5.0]], 0.5, 7);
/// assert_eq!((set.inputs().dim(), set.classes()), ((100, 2), 3));
/// ```
///
/// # Panics
///
/// If there is no center, or `noise` is negative or not finite.
#[track_caller]
pub fn blobs<'a, T: Element>(
    n: usize,
    centers: impl AsArray<'a, T, Ix2>,
    noise: f64,
    seed: u64,
) -> Classified<T> {
    let centers: ArrayView2<'_, T> = centers.into();
    let (k, d) = centers.dim();
    assert!(k > 0, "downhill: blobs about no centers were asked for: give at least one, as `[k, d]`");
    let mut drawn = Drawn::new(noise, seed);
    let labels: Vec<usize> = (0..n).map(|i| i % k).collect();
    let noisy = |(i, j): (usize, usize)| T::of_double(centers[[labels[i], j]].double() + drawn.noise());
    let inputs = Array2::from_shape_fn((n, d), noisy);
    Dataset::new(inputs, labels)
}

/// Two half circles that reach into one another: `make_moons` of scikit-learn.
///
/// ```text
/// label 0:  x = cos t + ε,      y = sin t + ε          ⌊n / 2⌋ points, t evenly from 0 to π
/// label 1:  x = 1 - cos t + ε,  y = 1/2 - sin t + ε    the other points, likewise
/// ```
///
/// ```
/// use downhill::data::moons;
/// use ndarray::array;
///
/// let set = moons::<f64>(4, 0.0, 7);
/// assert_eq!(set.targets(), &[0, 0, 1, 1]);
/// let points = array![[1.0, 0.0], [-1.0, 0.0], [0.0, 0.5], [2.0, 0.5]];
/// assert!((set.inputs() - &points).iter().all(|x| x.abs() < 1e-15));
/// ```
///
/// # Panics
///
/// If `noise` is negative or not finite.
#[track_caller]
pub fn moons<T: Element>(n: usize, noise: f64, seed: u64) -> Classified<T> {
    let mut drawn = Drawn::new(noise, seed);
    let outer = n / 2;
    drawn.plane([outer, n - outer], |label, i, m| {
        let t = PI * i as f64 / (m.max(2) - 1) as f64;
        let (sin, cos) = libm::sincos(t);
        if label == 0 { [cos, sin] } else { [1.0 - cos, 0.5 - sin] }
    })
}

/// A circle in a circle: `make_circles` of scikit-learn.
///
/// ```text
/// label 0:  x = cos t + ε,         y = sin t + ε            ⌊n / 2⌋ points, t evenly from 0 to 2π, without the end
/// label 1:  x = factor cos t + ε,  y = factor sin t + ε     the other points, likewise
/// ```
///
/// ```
/// use downhill::data::circles;
/// use ndarray::array;
///
/// let set = circles::<f64>(4, 0.5, 0.0, 7);
/// assert_eq!(set.targets(), &[0, 0, 1, 1]);
/// let points = array![[1.0, 0.0], [-1.0, 0.0], [0.5, 0.0], [-0.5, 0.0]];
/// assert!((set.inputs() - &points).iter().all(|x| x.abs() < 1e-15));
/// ```
///
/// # Panics
///
/// If `noise` is negative or not finite.
#[track_caller]
pub fn circles<T: Element>(n: usize, factor: f64, noise: f64, seed: u64) -> Classified<T> {
    let mut drawn = Drawn::new(noise, seed);
    let outer = n / 2;
    drawn.plane([outer, n - outer], |label, i, m| {
        let (sin, cos) = libm::sincos(TAU * i as f64 / m as f64);
        if label == 0 { [cos, sin] } else { [factor * cos, factor * sin] }
    })
}

/// Spirals about the origin, one class for each of `arms`.
///
/// ```text
/// label j:  x = r cos θ + ε,  y = r sin θ + ε,   r = (i + 1) / m,  θ = 2π (turns r + j / arms),   i = 0 … m-1
/// ```
///
/// Of the `m` points of an arm `n / arms` rounded up come first, rounded down last, so that there are `n`.
///
/// ```
/// use downhill::data::spirals;
///
/// let set = spirals::<f64>(10, 3, 1.5, 0.0, 7);
/// assert_eq!(set.targets(), &[0, 0, 0, 0, 1, 1, 1, 2, 2, 2]);
/// let radius = set.inputs()[[9, 0]].hypot(set.inputs()[[9, 1]]);
/// assert!((radius - 1.0).abs() < 1e-15);
/// ```
///
/// # Panics
///
/// If there is no arm, or `noise` is negative or not finite.
#[track_caller]
pub fn spirals<T: Element>(n: usize, arms: usize, turns: f64, noise: f64, seed: u64) -> Classified<T> {
    assert!(arms > 0, "downhill: a spiral of no arms was asked for: ask for at least one");
    let mut drawn = Drawn::new(noise, seed);
    drawn.plane((0..arms).map(|arm| n / arms + usize::from(arm < n % arms)), |arm, i, m| {
        let r = (i + 1) as f64 / m as f64;
        let (sin, cos) = libm::sincos(TAU * (turns * r + arm as f64 / arms as f64));
        [r * cos, r * sin]
    })
}

/// A board of `cells · cells` squares of two classes; of 2 cells it is the exclusive or of two signs.
///
/// ```text
/// x, y uniform in [-1, 1),   label = (⌊cells (x + 1) / 2⌋ + ⌊cells (y + 1) / 2⌋) mod 2
/// ```
///
/// ```
/// use downhill::data::checkerboard;
///
/// let xor = checkerboard::<f64>(50, 2, 7);
/// for (point, &label) in xor.inputs().outer_iter().zip(xor.targets()) {
///     assert_eq!(label == 1, (point[0] < 0.0) != (point[1] < 0.0));
/// }
/// ```
///
/// # Panics
///
/// If there is no cell.
#[track_caller]
pub fn checkerboard<T: Element>(n: usize, cells: usize, seed: u64) -> Classified<T> {
    assert!(cells > 0, "downhill: a board of no cells was asked for: ask for at least one");
    let mut drawn = Drawn::new(0.0, seed);
    let inputs = Array2::from_shape_fn((n, 2), |_| T::of_double(2.0 * drawn.random.uniform() - 1.0));
    // Of the numbers as they are rounded, so that the label is right for them; those rounded to 1 belong to the last cell.
    let cell = |x: T| ((cells as f64 * (x.double() + 1.0) / 2.0) as usize).min(cells - 1);
    let labels = inputs.outer_iter().map(|point| (cell(point[0]) + cell(point[1])) % 2).collect();
    Dataset::new(inputs, labels)
}

/// A plane with noise, for linear regression: inputs `[n, d]`, targets `[n, 1]`.
///
/// ```text
/// x normal of mean 0 and deviation 1,   y = Σⱼ xⱼ weights[j] + bias + ε
/// ```
///
/// Targets are a column, as the product of inputs and a matrix `[d, 1]` is: less a vector `[n]` it would be `[n, n]`.
///
/// ```
/// use downhill::data::linear;
///
/// let set = linear::<f64>(20, &[2.0, -3.0], 0.5, 0.0, 7);
/// let (x, y) = (set.inputs(), set.targets());
/// assert_eq!((x.dim(), y.dim()), ((20, 2), (20, 1)));
/// assert!((y[[0, 0]] - (2.0 * x[[0, 0]] - 3.0 * x[[0, 1]] + 0.5)).abs() < 1e-14);
/// ```
///
/// # Panics
///
/// If `noise` is negative or not finite.
#[track_caller]
pub fn linear<T: Element>(
    n: usize,
    weights: &[T],
    bias: T,
    noise: f64,
    seed: u64,
) -> Dataset<Array2<T>, Array2<T>> {
    let mut drawn = Drawn::new(noise, seed);
    let inputs = Array2::from_shape_fn((n, weights.len()), |_| T::of_double(drawn.random.normal()));
    let targets = Array2::from_shape_fn((n, 1), |(i, _)| {
        let products = inputs.row(i).into_iter().zip(weights).map(|(x, w)| x.double() * w.double());
        T::of_double(products.sum::<f64>() + bias.double() + drawn.noise())
    });
    Dataset::new(inputs, targets)
}

/// A period of the sine with noise: inputs and targets `[n, 1]`.
///
/// ```text
/// x uniform in [0, 2π),   y = sin x + ε
/// ```
///
/// ```
/// use downhill::data::sine;
///
/// let set = sine::<f64>(20, 0.0, 7);
/// assert!((set.targets()[[3, 0]] - set.inputs()[[3, 0]].sin()).abs() < 1e-15);
/// ```
///
/// # Panics
///
/// If `noise` is negative or not finite.
#[track_caller]
pub fn sine<T: Element>(n: usize, noise: f64, seed: u64) -> Dataset<Array2<T>, Array2<T>> {
    let mut drawn = Drawn::new(noise, seed);
    let inputs = Array2::from_shape_fn((n, 1), |_| T::of_double(TAU * drawn.random.uniform()));
    let targets = inputs.map(|x| T::of_double(libm::sin(x.double()) + drawn.noise()));
    Dataset::new(inputs, targets)
}

/// What is drawn for one data set.
struct Drawn {
    random: Random,
    deviation: f64,
}

impl Drawn {
    #[track_caller]
    fn new(deviation: f64, seed: u64) -> Drawn {
        assert!(
            deviation >= 0.0 && deviation.is_finite(),
            "downhill: noise of deviation {deviation} was asked for: ask for a finite number, not less than 0"
        );
        Drawn { random: Random::new(seed, 0, Purpose::Synthetic), deviation }
    }

    fn noise(&mut self) -> f64 {
        if self.deviation == 0.0 { 0.0 } else { self.deviation * self.random.normal() }
    }

    /// Points of classes of these sizes, with noise: `point` is given the label, the number of the point in its class, and
    /// the size of that.
    fn plane<T: Element>(
        &mut self,
        sizes: impl IntoIterator<Item = usize>,
        point: impl Fn(usize, usize, usize) -> [f64; 2],
    ) -> Classified<T> {
        let (mut inputs, mut labels) = (Vec::new(), Vec::new());
        for (label, size) in sizes.into_iter().enumerate() {
            for i in 0..size {
                inputs.push(point(label, i, size).map(|x| T::of_double(x + self.noise())));
                labels.push(label);
            }
        }
        Dataset::new(Array2::from(inputs), labels)
    }
}
