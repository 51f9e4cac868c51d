//! A function recorded at a point, to ask it for several derivatives there.

use std::cell::OnceCell;
use std::fmt;

use ndarray::Array2;

use super::{Map, Start};
use crate::dual::Dual;
use crate::graph::{self, Curvature, Graph, LANES, WithSlope};

/// A function, recorded once at a point: its derivatives there, of any order.
///
/// The verbs ([`hessian`](super::hessian()), [`hvp`](super::hvp()), [`jacobian`](super::jacobian()) and the like) make one
/// for each call. Where several are asked for at the same point, as in Newton's method with conjugate gradients, make it once.
/// It holds for that point only: elsewhere the function may take other branches.
///
/// An expansion has the derivatives of a recorded function by its many variables at a point; a
/// [`Series`](crate::dual::Series) is a number, and has those of one variable along a line, to a high order.
///
/// ```
/// use downhill::prelude::*;
///
/// let here = Expansion::of(|[x, y]: [Var; 2]| x.sin() * y, [0.0, 2.0]);
/// assert_eq!(here.values(), [0.0]);
/// assert_eq!(here.gradient(), [2.0, 0.0]);
/// assert_eq!(here.hvp(&[1.0, 0.0]), [0.0, 1.0]);
/// assert_eq!(here.third_directional(&[1.0, 0.0]), -2.0);
/// ```
#[derive(Debug, Clone)]
pub struct Expansion {
    graph: Graph,
    /// Made when it is first asked for.
    curvature: OnceCell<Curvature>,
}

impl Expansion {
    /// Records `f` at `x`. Cost: f once; some 25 ns for each operation, and 24 bytes of memory.
    ///
    /// # Panics
    ///
    /// If `f` mixes in variables of another recording, or returns one; if it uses what knows first derivatives only
    /// ([`statement`](crate::tape::statement)).
    #[track_caller]
    pub fn of<F, S: Map<F>>(f: F, x: S) -> Expansion {
        Expansion::of_row::<F, S>(f, &x.shape(), x.values())
    }

    #[track_caller]
    pub(super) fn of_row<F, S: Map<F>>(mut f: F, shape: &S::Shape, x: &[f64]) -> Expansion {
        use super::Outputs;
        let graph = Graph::record(x, "the function", |variables, results| {
            results.extend_from_slice(S::call(&mut f, shape, variables).row());
        });
        Expansion { graph, curvature: OnceCell::new() }
    }

    /// As [`of`](Expansion::of), of a function with one result.
    #[track_caller]
    pub(super) fn of_scalar<F, S: Start<F>>(mut f: F, x: &S) -> Expansion {
        let graph = Graph::record(x.values(), "the function", |variables, results| {
            results.push(S::call(&mut f, &x.shape(), variables));
        });
        Expansion { graph, curvature: OnceCell::new() }
    }

    /// The results `f(x): [m]`. Cost: none, as they are those of the recording.
    pub fn values(&self) -> Vec<f64> {
        (0..self.graph.outputs()).map(|i| self.graph.output(self.graph.values(), i)).collect()
    }

    /// The gradient `[n]` of the first result. Cost: one sweep back; the values are those of the recording.
    ///
    /// # Panics
    ///
    /// If there is no result.
    #[track_caller]
    pub fn gradient(&self) -> Vec<f64> {
        self.need_order(1);
        self.pull_back([(0, 1.0)])
    }

    /// The recording as a graph in the language of Graphviz, as [`Tape::dot`](crate::tape::Tape::dot); results have a double
    /// border.
    ///
    /// ```
    /// use downhill::prelude::*;
    ///
    /// let here = Expansion::of(|[x, y]: [Var; 2]| x.sin() * y, [0.0, 2.0]);
    /// assert!(here.dot().contains(r#"n3 [label="v3 = v2 * x1\n0", peripheries=2];"#));
    /// assert_eq!(here.to_string(), "x0 = 0\nx1 = 2\nv2 = sin(x0) = 0\nv3 = v2 * x1 = 0\nresult = v3\n");
    /// ```
    pub fn dot(&self) -> String {
        self.graph.dot()
    }

    /// The product of the Hessian of the first result with `v: [n]`. Cost: the first as many numbers as in some 6 to 8 gradients
    /// of the recording, further ones at the same point as in two or three; in time they take less than one.
    ///
    /// # Panics
    ///
    /// If `v` has another length; if there is no result, or none with second derivatives
    /// ([`custom`](crate::tape::custom) with numbers as partials).
    #[track_caller]
    pub fn hvp(&self, v: &[f64]) -> Vec<f64> {
        self.hvps(&[v]).remove(0)
    }

    /// As [`hvp`](Expansion::hvp), for one direction only: forward and back on dual numbers, which takes a third of what it
    /// takes to prepare for further directions. The last digits may differ.
    #[track_caller]
    pub(super) fn hvp_once(&self, v: &[f64]) -> Vec<f64> {
        self.need_order(2);
        let (mut values, mut adjoints) = (vec![], vec![]);
        let sheet = self.graph.forward(&self.along(v, Dual::new), &mut values);
        self.graph.reverse((&values, &sheet), [(0, Dual::from(1.0))], &mut adjoints);
        adjoints[..self.graph.arguments()].iter().map(|adjoint| adjoint.tangent).collect()
    }

    /// The products with several directions. Cost: each as many numbers as a further [`hvp`](Expansion::hvp); in time, as they
    /// are made in pairs, eight of them take about 4 gradients of the recording.
    ///
    /// # Panics
    ///
    /// As [`hvp`](Expansion::hvp).
    #[track_caller]
    pub fn hvps(&self, directions: &[&[f64]]) -> Vec<Vec<f64>> {
        self.need_order(2);
        for v in directions {
            self.need_length(v, self.graph.arguments(), "a direction");
        }
        if self.graph.has_arrays() {
            return directions.iter().map(|v| self.hvp_once(v)).collect();
        }
        self.curvature.get_or_init(|| Curvature::of(&self.graph)).multiply(directions)
    }

    /// The Hessian `[n, n]` of the first result. Cost: as [`hessian`](super::hessian()), but for the recording.
    ///
    /// # Panics
    ///
    /// If there is no result, or none with second derivatives.
    #[track_caller]
    pub fn hessian(&self) -> Array2<f64> {
        self.need_order(2);
        let n = self.graph.arguments();
        Array2::from_shape_vec((n, n), graph::hessian(&self.graph)).expect("n · n numbers")
    }

    /// The second derivative of the first result by coordinates `i` and `j`. Cost: a sweep forward of four numbers for each
    /// operation.
    ///
    /// # Panics
    ///
    /// If `i` or `j` is no coordinate; if there is no result, or none with second derivatives.
    #[track_caller]
    pub fn mixed_partial(&self, i: usize, j: usize) -> f64 {
        let (x, n) = (self.graph.point(), self.graph.arguments());
        assert!(
            i < n && j < n,
            "downhill: a mixed partial by coordinates {i} and {j} of {n} was asked for; they count from 0"
        );
        self.need_order(2);
        let one_at = |k: usize, i: usize| f64::from(u8::from(k == i));
        let seeded: Vec<_> =
            (0..n).map(|k| Dual::new(Dual::new(x[k], one_at(k, i)), one_at(k, j).into())).collect();
        self.results(&seeded)[0].tangent.tangent
    }

    /// The third derivative of the first result along `v: [n]`. Cost: a sweep forward of eight numbers for each operation.
    ///
    /// # Panics
    ///
    /// If `v` has another length; if there is no result, or none with third derivatives.
    #[track_caller]
    pub fn third_directional(&self, v: &[f64]) -> f64 {
        self.need_order(3);
        let seeded = self.along(v, |x, t| Dual::new(Dual::new(Dual::new(x, t), t.into()), t.into()));
        self.results(&seeded)[0].tangent.tangent.tangent
    }

    /// The Jacobian `[m, n]`. Cost: as [`jacobian`](super::jacobian()), but for the recording.
    pub fn jacobian(&self) -> Array2<f64> {
        let (m, n) = (self.graph.outputs(), self.graph.arguments());
        let mut jacobian = Array2::zeros((m, n));
        if m <= n.div_ceil(LANES) {
            self.rows(&mut jacobian);
        } else {
            self.columns(&mut jacobian);
        }
        jacobian
    }

    /// The product `J v: [m]`. Cost: a sweep forward with one tangent.
    ///
    /// # Panics
    ///
    /// If `v` is not as long as the point.
    #[track_caller]
    pub fn jvp(&self, v: &[f64]) -> Vec<f64> {
        self.results(&self.along(v, Dual::new)).into_iter().map(|result| result.tangent).collect()
    }

    /// The product `wᵀ J: [n]`. Cost: one sweep back.
    ///
    /// # Panics
    ///
    /// If `w` is not as long as the results.
    #[track_caller]
    pub fn vjp(&self, w: &[f64]) -> Vec<f64> {
        self.need_length(w, self.graph.outputs(), "the list of weights");
        self.pull_back(w.iter().copied().enumerate())
    }

    /// The adjoints of the arguments, for those of results in `seeds`.
    fn pull_back(&self, seeds: impl IntoIterator<Item = (usize, f64)>) -> Vec<f64> {
        let mut adjoints = vec![];
        self.graph.reverse((self.graph.values(), &self.graph.sheet()), seeds, &mut adjoints);
        adjoints.truncate(self.graph.arguments());
        adjoints
    }

    fn rows(&self, jacobian: &mut Array2<f64>) {
        let (mut adjoints, sheet) = (vec![], self.graph.sheet());
        for (i, mut row) in jacobian.rows_mut().into_iter().enumerate() {
            self.graph.reverse((self.graph.values(), &sheet), [(i, 1.0)], &mut adjoints);
            row.iter_mut().zip(&adjoints).for_each(|(entry, adjoint)| *entry = *adjoint);
        }
    }

    fn columns(&self, jacobian: &mut Array2<f64>) {
        let n = self.graph.arguments();
        for first in (0..n).step_by(LANES) {
            for (i, result) in self.results(&self.graph.block(first)).into_iter().enumerate() {
                for (j, tangent) in (first..n).zip(result.tangents) {
                    jacobian[[i, j]] = tangent;
                }
            }
        }
    }

    fn results<R: WithSlope>(&self, x: &[R]) -> Vec<R> {
        let mut values = vec![];
        self.graph.forward(x, &mut values);
        (0..self.graph.outputs()).map(|i| self.graph.output(&values, i)).collect()
    }

    /// The point, moving along `v`.
    #[track_caller]
    fn along<R>(&self, v: &[f64], number: impl Fn(f64, f64) -> R) -> Vec<R> {
        self.need_length(v, self.graph.arguments(), "a direction");
        self.graph.point().iter().zip(v).map(|(&x, &v)| number(x, v)).collect()
    }

    #[track_caller]
    fn need_length(&self, given: &[f64], needed: usize, what: &str) {
        let n = given.len();
        assert!(n == needed, "downhill: {what} of {n} numbers was given; here it needs {needed}");
    }

    /// There is a first result, and it has derivatives of this order.
    #[track_caller]
    fn need_order(&self, order: usize) {
        assert!(self.graph.outputs() > 0, "downhill: the function returned no result; it needs at least one");
        self.graph.need_order(order);
    }
}

/// The formulas, one line for each argument and each operation, then the results: `v2 = sin(x0) = 0`, `result = v2`.
impl fmt::Display for Expansion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.graph, f)
    }
}
