//! What the numbers of a layer begin with.
//!
//! ```text
//! weight: [o, i, …]    fan in  n = i · Π…,  fan out  m = o · Π…
//!
//!              uniform on ±b           normal of deviation s
//! PyTorch      b = √(1/n)
//! LeCun        b = √(3/n)              s = √(1/n)
//! Xavier       b = √(6/(n + m))        s = √(2/(n + m))
//! He           b = √(6/n)              s = √(2/n)
//! ```
//!
//! An orthogonal matrix is the `Q` of `A = Q R`, of a matrix `A` of normal numbers, with a positive diagonal of `R`: then it is
//! distributed evenly over the orthogonal ones.
//!
//! Sources: Y. LeCun et al., *Efficient BackProp*, 1998, §4.6; X. Glorot, Y. Bengio, *Understanding the difficulty of training
//! deep feedforward neural networks*, 2010, equation 16; K. He et al., *Delving deep into rectifiers*, 2015, equation 10;
//! A. M. Saxe et al., *Exact solutions to the nonlinear dynamics of learning in deep linear neural networks*, 2014; F. Mezzadri,
//! *How to generate random matrices from the classical compact groups*, 2007, §5.

use ndarray::{ArrayD, IxDyn};

use super::misuse::refuse;
use super::random::Stream;
use crate::linalg::{Mat, qr};

/// What the numbers of an array begin with. Of a weight of shape `[o, i, …]` the fan in is `n = i · Π…`, how many numbers each
/// result sees, and the fan out `m = o · Π…`.
///
/// ```
/// use downhill::nn::Initial;
///
/// let weight = Initial::HeNormal.array(&[100, 50], 1);
/// let deviation = weight.mapv(|w| w * w).mean().unwrap().sqrt();
/// assert!((deviation / (2.0f64 / 50.0).sqrt() - 1.0).abs() < 0.05);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Initial {
    /// 0.
    Zeros,
    /// 1.
    Ones,
    /// This number.
    Constant(f64),
    /// Uniform on `±b`.
    Uniform(f64),
    /// Normal, of mean 0 and this deviation.
    Normal(f64),
    /// Uniform on `±√(1/n)`: what PyTorch gives dense layers and convolutions.
    Torch,
    /// LeCun's, uniform on `±√(3/n)`.
    LecunUniform,
    /// LeCun's, normal of deviation `√(1/n)`: for `selu` and `tanh`.
    LecunNormal,
    /// Xavier Glorot's, uniform on `±√(6/(n + m))`: for `tanh` and `sigmoid`.
    XavierUniform,
    /// Xavier Glorot's, normal of deviation `√(2/(n + m))`.
    XavierNormal,
    /// Kaiming He's, uniform on `±√(6/n)`: for `relu` and its like.
    HeUniform,
    /// Kaiming He's, normal of deviation `√(2/n)`.
    HeNormal,
    /// Orthogonal rows or columns, whichever are fewer, of this length: as the matrix `[o, Π…]`.
    Orthogonal(f64),
}

impl Initial {
    /// An array of these numbers. The seed gives the same ones always.
    ///
    /// ```
    /// use downhill::nn::Initial;
    /// use ndarray::Ix2;
    ///
    /// let q = Initial::Orthogonal(1.0).array(&[3, 5], 1).into_dimensionality::<Ix2>()?;
    /// let product = q.dot(&q.t());
    /// assert!((product[[0, 0]] - 1.0).abs() < 1e-14 && product[[0, 1]].abs() < 1e-14);
    /// # Ok::<(), ndarray::ShapeError>(())
    /// ```
    ///
    /// # Panics
    ///
    /// If the numbers depend on the fans, and the shape has fewer than two axes.
    #[track_caller]
    pub fn array(self, shape: &[usize], seed: u64) -> ArrayD<f64> {
        if let Some(fault) = self.fault(shape) {
            refuse(fault);
        }
        self.draw(shape, &mut Stream::named(seed, ""))
    }

    /// An array of a shape without [`fault`](Initial::fault).
    pub(super) fn draw(self, shape: &[usize], stream: &mut Stream) -> ArrayD<f64> {
        let draw = self.distribution(shape);
        let numbers = match draw {
            Draw::Same(number) => vec![number; shape.iter().product()],
            Draw::Uniform(b) => several(shape, || b * (2.0 * stream.uniform() - 1.0)),
            Draw::Normal(s) => several(shape, || s * stream.normal()),
            Draw::Orthogonal(gain) => orthogonal(shape, gain, stream),
        };
        ArrayD::from_shape_vec(IxDyn(shape), numbers).expect("as many numbers as the shape has")
    }

    /// What is wrong with an array of this shape, if anything is.
    pub(super) fn fault(self, shape: &[usize]) -> Option<String> {
        let free = matches!(
            self,
            Initial::Zeros | Initial::Ones | Initial::Constant(_) | Initial::Uniform(_) | Initial::Normal(_)
        );
        (!free && shape.len() < 2).then(|| {
            format!(
                "`Initial::{self:?}` was asked for an array of shape {shape:?}; it needs two axes at least, [outputs, inputs, …]: \
                 give `Zeros`, `Constant`, `Uniform` or `Normal` in its place"
            )
        })
    }

    fn distribution(self, shape: &[usize]) -> Draw {
        let [n, m] = match self {
            Initial::Zeros => return Draw::Same(0.0),
            Initial::Ones => return Draw::Same(1.0),
            Initial::Constant(number) => return Draw::Same(number),
            Initial::Uniform(b) => return Draw::Uniform(b),
            Initial::Normal(s) => return Draw::Normal(s),
            _ => Initial::fans(shape),
        };
        match self {
            Initial::Torch => Draw::Uniform((1.0 / n).sqrt()),
            Initial::LecunUniform => Draw::Uniform((3.0 / n).sqrt()),
            Initial::LecunNormal => Draw::Normal((1.0 / n).sqrt()),
            Initial::XavierUniform => Draw::Uniform((6.0 / (n + m)).sqrt()),
            Initial::XavierNormal => Draw::Normal((2.0 / (n + m)).sqrt()),
            Initial::HeUniform => Draw::Uniform((6.0 / n).sqrt()),
            Initial::HeNormal => Draw::Normal((2.0 / n).sqrt()),
            Initial::Orthogonal(gain) => Draw::Orthogonal(gain),
            _ => unreachable!("those without fans were told apart before"),
        }
    }

    /// Fan in and fan out.
    fn fans(shape: &[usize]) -> [f64; 2] {
        let [o, i, window @ ..] = shape else { unreachable!("a fault, asked for before") };
        let window: usize = window.iter().product();
        [i, o].map(|channels| (channels * window) as f64)
    }
}

enum Draw {
    Same(f64),
    Uniform(f64),
    Normal(f64),
    Orthogonal(f64),
}

fn several(shape: &[usize], mut draw: impl FnMut() -> f64) -> Vec<f64> {
    (0..shape.iter().product::<usize>()).map(|_| draw()).collect()
}

fn orthogonal(shape: &[usize], gain: f64, stream: &mut Stream) -> Vec<f64> {
    let [rows, columns] = [shape[0], shape[1..].iter().product()];
    let [long, short] = [rows.max(columns), rows.min(columns)];
    let normal = several(&[long, short], || stream.normal());
    let (mut q, mut r) = (vec![0.0; long * short], vec![0.0; short * short]);
    qr(Mat::of_rows(&normal, long, short), &mut q, &mut r);
    let at = |k: usize| if rows >= columns { q[k] } else { q[k % columns * short + k / columns] };
    (0..rows * columns).map(|k| gain * at(k)).collect()
}
