//! Cells that carry a state along a sequence, step by step.
//!
//! ```text
//! a = x W_ih' + b_ih,  b = h W_hh' + b_hh                x: [n, i],  h: [n, d],  ' the transpose
//!
//! Elman   h ← tanh(a + b)                                                               d (i + d + 2) numbers
//! gated   r = σ(a_r + b_r),  z = σ(a_z + b_z),  c = tanh(a_c + r b_c)                  3 d (i + d + 2) numbers
//!         h ← (1 − z) c + z h
//! ```
//!
//! PyTorch's `nn.RNNCell` and `nn.GRUCell`, with their names and shapes: the gates r, z, c follow one another in the rows of the
//! weights. Sources: J. L. Elman, *Finding structure in time*, 1990; K. Cho et al., *Learning phrase representations using RNN
//! encoder–decoder*, 2014, §2.3, with `r` behind the product as in cuDNN.

use super::initial::Initial;
use super::misuse::refuse;
use super::module::Module;
use super::pass::Pass;
use super::plan::Plan;
use crate::array::{Scalar, Tensor};

/// Elman's cell: `h ← tanh(W_ih x + b_ih + W_hh h + b_hh)` for each row.
///
/// | name | shape | begins with |
/// |---|---|---|
/// | `weight_ih`, `weight_hh` | `[d, i]`, `[d, d]` | uniform on `±√(1/d)` |
/// | `bias_ih`, `bias_hh` | `[d]` | uniform on `±√(1/d)` |
///
/// ```
/// use downhill::nn::{Module, Pass, Rnn};
/// use downhill::params::Params;
/// use downhill::prelude::*;
/// use ndarray::Array2;
///
/// let cell = Rnn::new(3, 8);
/// let params: Params<f64> = cell.init(1);
/// let mut pass = Pass::new(&params);
/// let mut h = Tensor::from(Array2::zeros((5, 8)));
/// for x in [0.5, -0.5, 1.0] {
///     h = cell.forward(&Tensor::from(Array2::from_elem((5, 3), x)), &h, &mut pass);
/// }
/// assert_eq!(h.shape(), [5, 8]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rnn {
    cell: Cell,
}

/// A gated recurrent unit: with `a = W_ih x + b_ih` and `b = W_hh h + b_hh`, each of three parts,
/// `r = σ(a_r + b_r)`, `z = σ(a_z + b_z)`, `c = tanh(a_c + r b_c)` and `h ← (1 − z) c + z h`.
///
/// | name | shape | begins with |
/// |---|---|---|
/// | `weight_ih`, `weight_hh` | `[3 d, i]`, `[3 d, d]` | uniform on `±√(1/d)` |
/// | `bias_ih`, `bias_hh` | `[3 d]` | uniform on `±√(1/d)` |
///
/// ```
/// use downhill::nn::{Gru, Module, Pass};
/// use downhill::params::Params;
/// use downhill::prelude::*;
/// use ndarray::Array2;
///
/// let cell = Gru::new(3, 8);
/// let params: Params<f64> = cell.init(1);
/// assert_eq!(params.len(), 3 * 8 * (3 + 8 + 2));
/// let h = Tensor::from(Array2::zeros((5, 8)));
/// let h = cell.forward(&Tensor::from(Array2::ones((5, 3))), &h, &mut Pass::new(&params));
/// assert_eq!(h.shape(), [5, 8]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gru {
    cell: Cell,
}

/// What the two have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cell {
    inputs: usize,
    width: usize,
    gates: usize,
}

impl Rnn {
    /// From so many inputs, with a state of so many numbers.
    pub fn new(inputs: usize, width: usize) -> Rnn {
        Rnn { cell: Cell { inputs, width, gates: 1 } }
    }

    /// The state after `x: [n, i]`, from that before, `h: [n, d]`.
    ///
    /// # Panics
    ///
    /// If a shape does not fit, or a parameter is missing.
    #[track_caller]
    pub fn forward<T: Scalar>(&self, x: &Tensor<T>, h: &Tensor<T>, pass: &mut Pass<'_, T>) -> Tensor<T> {
        let [a, b] = self.cell.products("Rnn", x, h, pass);
        (a + b).tanh()
    }
}

impl Gru {
    /// From so many inputs, with a state of so many numbers.
    pub fn new(inputs: usize, width: usize) -> Gru {
        Gru { cell: Cell { inputs, width, gates: 3 } }
    }

    /// The state after `x: [n, i]`, from that before, `h: [n, d]`.
    ///
    /// # Panics
    ///
    /// If a shape does not fit, or a parameter is missing.
    #[track_caller]
    pub fn forward<T: Scalar>(&self, x: &Tensor<T>, h: &Tensor<T>, pass: &mut Pass<'_, T>) -> Tensor<T> {
        let d = self.cell.width;
        let [a, b] = self.cell.products("Gru", x, h, pass);
        let gates = (a.slice(1, ..2 * d) + b.slice(1, ..2 * d)).sigmoid();
        let (r, z) = (gates.slice(1, ..d), gates.slice(1, d..));
        let c = (a.slice(1, 2 * d..) + r * b.slice(1, 2 * d..)).tanh();
        &c + z * (h - &c)
    }
}

impl Cell {
    /// `x W_ih' + b_ih` and `h W_hh' + b_hh`.
    #[track_caller]
    fn products<T: Scalar>(
        &self,
        name: &str,
        x: &Tensor<T>,
        h: &Tensor<T>,
        pass: &Pass<'_, T>,
    ) -> [Tensor<T>; 2] {
        let Cell { inputs, width, gates } = *self;
        let fits =
            matches!((x.shape(), h.shape()), (&[n, i], &[m, d]) if n == m && i == inputs && d == width);
        if !fits {
            let (x, h) = (x.shape(), h.shape());
            refuse(pass.place(&format!(
                "`{name}` was given an input of shape {x:?} and a state of shape {h:?}; it needs [n, {inputs}] and [n, {width}]"
            )));
        }
        let rows = gates * width;
        let a = x.dot(pass.parameter("weight_ih", &[rows, inputs]).t()) + pass.parameter("bias_ih", &[rows]);
        let b = h.dot(pass.parameter("weight_hh", &[rows, width]).t()) + pass.parameter("bias_hh", &[rows]);
        [a, b]
    }

    #[track_caller]
    fn declare<T: Scalar>(&self, plan: &mut Plan<T>) {
        let Cell { inputs, width, gates } = *self;
        let initial = Initial::Uniform((1.0 / width.max(1) as f64).sqrt());
        plan.parameter("weight_ih", &[gates * width, inputs], initial);
        plan.parameter("weight_hh", &[gates * width, width], initial);
        plan.parameter("bias_ih", &[gates * width], initial);
        plan.parameter("bias_hh", &[gates * width], initial);
    }
}

impl<T: Scalar> Module<T> for Rnn {
    #[track_caller]
    fn declare(&self, plan: &mut Plan<T>) {
        self.cell.declare(plan);
    }
}

impl<T: Scalar> Module<T> for Gru {
    #[track_caller]
    fn declare(&self, plan: &mut Plan<T>) {
        self.cell.declare(plan);
    }
}
