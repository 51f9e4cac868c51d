//! The exponential of a matrix: scaling, a Padé approximant, squaring.
//!
//! N. J. Higham, The Scaling and Squaring Method for the Matrix Exponential Revisited, SIAM J. Matrix Anal. Appl. 26(4),
//! 2005: Algorithm 2.3, without its preliminary balancing. The bounds for `f32` are of the same kind, for its precision.

use super::lu::solve_unchecked;
use super::scratch::Scratch;
use super::view::{Mat, MatMut};
use super::{Scalar, fits, matmul, order};

/// An approximant `q(A)⁻¹ p(A)`: `p` has the coefficients `b`, and `q(A) = p(−A)`. It is exact but for rounding while
/// the 1-norm of `A` is at most `theta`.
struct Pade {
    theta: f64,
    b: &'static [f64],
}

/// Table 2.3 of the paper, and its coefficients (2.2).
const DOUBLE: &[Pade] = &[
    Pade { theta: 1.495_585_217_958_292e-2, b: B3 },
    Pade { theta: 2.539_398_330_063_23e-1, b: B5 },
    Pade { theta: 9.504_178_996_162_932e-1, b: B7 },
    Pade { theta: 2.097_847_961_257_068, b: B9 },
    Pade { theta: 5.371_920_351_148_152, b: B13 },
];
const SINGLE: &[Pade] = &[
    Pade { theta: 4.258_730_016_922_831e-1, b: B3 },
    Pade { theta: 1.880_152_677_804_762, b: B5 },
    Pade { theta: 3.925_724_783_138_66, b: B7 },
];

const B3: &[f64] = &[120.0, 60.0, 12.0, 1.0];
const B5: &[f64] = &[30240.0, 15120.0, 3360.0, 420.0, 30.0, 1.0];
const B7: &[f64] = &[17297280.0, 8648640.0, 1995840.0, 277200.0, 25200.0, 1512.0, 56.0, 1.0];
const B9: &[f64] = &[
    17643225600.0,
    8821612800.0,
    2075673600.0,
    302702400.0,
    30270240.0,
    2162160.0,
    110880.0,
    3960.0,
    90.0,
    1.0,
];
const B13: &[f64] = &[
    64764752532480000.0,
    32382376266240000.0,
    7771770303897600.0,
    1187353796428800.0,
    129060195264000.0,
    10559470521600.0,
    670442572800.0,
    33522128640.0,
    1323241920.0,
    40840800.0,
    960960.0,
    16380.0,
    182.0,
    1.0,
];

/// The exponential `I + A + A²/2! + A³/3! + …`, of `a`: `[n, n]` into `x`: `[n, n]`.
///
/// Of a matrix with an element that is not finite it is all `NaN`. Cost: about `(15 + 2 s) n³` with
/// `s = log₂(‖A‖₁/5.4)` squarings.
///
/// # Panics
///
/// If `a` is not square, or `x` has not as many elements.
#[track_caller]
pub(crate) fn matrix_exp<T: Scalar>(a: Mat<T>, x: &mut [T]) {
    let n = order(&a);
    fits(x, n, n);
    if n == 0 {
        return;
    }
    let mut scaled = a.rows();
    let norm = norm_1(&scaled, n);
    if !norm.is_finite() {
        return x.fill(T::nan());
    }
    let table = if T::epsilon() < T::of(1e-10) { DOUBLE } else { SINGLE };
    let largest = &table[table.len() - 1];
    let pade = table.iter().find(|pade| norm <= T::of(pade.theta)).unwrap_or(largest);
    let squarings = (norm.log2() - T::of(pade.theta.log2())).ceil().max(T::zero()).to_i32().unwrap_or(0);
    let scale = T::of(2.0).powi(-squarings);
    scaled.iter_mut().for_each(|x| *x *= scale);
    approximate(pade.b, &scaled, n, x);
    // The matrix is not wanted any more: the squares go to its place and back.
    for _ in 0..squarings {
        matmul(
            MatMut::of_rows(&mut scaled, n, n),
            Mat::of_rows(x, n, n),
            Mat::of_rows(x, n, n),
            false,
            T::one(),
        );
        x.copy_from_slice(&scaled);
    }
}

/// The largest sum of absolute values in a column.
fn norm_1<T: Scalar>(a: &[T], n: usize) -> T {
    let column = |j: usize| a.iter().skip(j).step_by(n).fold(T::zero(), |sum, x| sum + x.abs());
    // Not `max`, which would pass over a `NaN`.
    (0..n).map(column).fold(T::zero(), |norm, sum| if sum <= norm { norm } else { sum })
}

/// The approximant: with the odd part `U = A (b₁ I + b₃ A² + …)` and the even part `V = b₀ I + b₂ A² + …`, the solution
/// of `(V − U) X = V + U`.
fn approximate<T: Scalar>(b: &[f64], a: &[T], n: usize, x: &mut [T]) {
    let powers = even_powers(a, n, if b.len() > 10 { 3 } else { b.len() / 2 - 1 });
    let (mut v, odd) = (half(b, 0, &powers, n), half(b, 1, &powers, n));
    let mut u = Scratch::of(n * n);
    matmul(MatMut::of_rows(&mut u, n, n), Mat::of_rows(a, n, n), Mat::of_rows(&odd, n, n), false, T::one());
    for (u, v) in u.iter_mut().zip(v.iter_mut()) {
        (*u, *v) = (*v + *u, *v - *u);
    }
    solve_unchecked(Mat::of_rows(&v, n, n), Mat::of_rows(&u, n, n), x);
}

/// `A²`, `A⁴`, `A⁶`, …, one after the other.
fn even_powers<T: Scalar>(a: &[T], n: usize, count: usize) -> Scratch<T> {
    let (size, one) = (n * n, T::one());
    let mut powers = Scratch::of(count * size);
    matmul(MatMut::of_rows(&mut powers, n, n), Mat::of_rows(a, n, n), Mat::of_rows(a, n, n), false, one);
    for i in 1..count {
        let (done, next) = powers.split_at_mut(i * size);
        let (first, last) = (Mat::of_rows(done, n, n), Mat::of_rows(&done[(i - 1) * size..], n, n));
        matmul(MatMut::of_rows(next, n, n), last, first, false, one);
    }
    powers
}

/// `Σᵢ b₂ᵢ₊ₚ A²ⁱ`, for the parity `p`. Degree 13 has no powers above `A⁶`: those are `A⁶` times a second sum.
fn half<T: Scalar>(b: &[f64], parity: usize, powers: &[T], n: usize) -> Scratch<T> {
    let mut low = Scratch::of(n * n);
    low.fill(T::zero());
    low.iter_mut().step_by(n + 1).for_each(|x| *x = T::of(b[parity]));
    let count = powers.len() / (n * n);
    add_powers(&mut low, b, 2 + parity, powers, n);
    if b.len() > 2 * (count + 1) {
        let mut high = Scratch::of(n * n);
        high.fill(T::zero());
        add_powers(&mut high, b, 2 * (count + 1) + parity, powers, n);
        let sixth = Mat::of_rows(&powers[(count - 1) * n * n..], n, n);
        matmul(MatMut::of_rows(&mut low, n, n), sixth, Mat::of_rows(&high, n, n), true, T::one());
    }
    low
}

/// `sum += b[first] A² + b[first + 2] A⁴ + …`.
fn add_powers<T: Scalar>(sum: &mut [T], b: &[f64], first: usize, powers: &[T], n: usize) {
    for (&b, power) in b.iter().skip(first).step_by(2).zip(powers.chunks_exact(n * n)) {
        sum.iter_mut().zip(power).for_each(|(sum, &x)| *sum += T::of(b) * x);
    }
}
