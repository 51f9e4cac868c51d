//! A function that can be evaluated on any kind of number, and its Taylor polynomials.

use crate::dual::Series;
use crate::real::Real;

/// A function of `n` numbers of any kind: what a closure, whose arguments have one type, cannot be.
///
/// Evaluate it on `f64` for the value, on [`Var`](crate::tape::Var) through the verbs for the gradient, on
/// [`Duals`](crate::dual::Duals) forward, on [`Series`] for derivatives of a high order along a line. Dual numbers nest as
/// deep as asked, so mixed partials of any order are there too:
///
/// ```
/// use downhill::prelude::*;
///
/// /// `x³ y² + rate · y`
/// struct Example {
///     rate: f64,
/// }
/// impl Formula for Example {
///     fn eval<R: Real>(&self, x: &[R]) -> R {
///         x[0].powi(3) * x[1].powi(2) + x[1] * self.rate
///     }
/// }
/// let f = Example { rate: 0.5 };
/// assert_eq!(f.eval(&[2.0, 3.0]), 73.5);
/// assert_eq!(gradient(|x| f.eval(x), &[2.0, 3.0]), [108.0, 48.5]);
///
/// // ∂³f/∂x∂x∂y: a level for each, seeded along its variable and constant along the others.
/// type Second = Dual<Dual>;
/// let x = Dual::constant(Second::variable(Dual::variable(2.0)));
/// let y = Dual::variable(Second::constant(Dual::constant(3.0)));
/// assert_eq!(f.eval(&[x, y]).tangent.tangent.tangent, 6.0 * 2.0 * 2.0 * 3.0);
/// ```
pub trait Formula {
    /// The value at `x: [n]`.
    fn eval<R: Real>(&self, x: &[R]) -> R;

    /// The Taylor polynomial of a formula of one variable: `c₀ … c_order` of `f(x + t) = Σ c_k tᵏ`.
    ///
    /// With the order known when the program is written, [`taylor`] does the same for any generic function. Cost: f once, `O(N²)`
    /// for each operation of it, with `N` the first of 4, 8, 16, 32 above the order.
    ///
    /// ```
    /// use downhill::prelude::*;
    ///
    /// struct Bell;
    /// impl Formula for Bell {
    ///     fn eval<R: Real>(&self, x: &[R]) -> R {
    ///         (-x[0] * x[0]).exp()
    ///     }
    /// }
    /// assert_eq!(Bell.taylor(0.0, 4), [1.0, 0.0, -1.0, 0.0, 0.5]);
    /// ```
    ///
    /// # Panics
    ///
    /// If the order is above 31.
    #[track_caller]
    fn taylor(&self, x: f64, order: usize) -> Vec<f64> {
        match order {
            0..4 => polynomial::<4>(self, x, order),
            4..8 => polynomial::<8>(self, x, order),
            8..16 => polynomial::<16>(self, x, order),
            16..32 => polynomial::<32>(self, x, order),
            _ => panic!("downhill: a Taylor polynomial goes up to order 31, and {order} was asked for"),
        }
    }
}

impl<F: Formula + ?Sized> Formula for &F {
    fn eval<R: Real>(&self, x: &[R]) -> R {
        (**self).eval(x)
    }
}

fn polynomial<const N: usize>(f: &(impl Formula + ?Sized), x: f64, order: usize) -> Vec<f64> {
    f.eval(&[Series::<N>::variable(x)]).coefficients[..=order].to_vec()
}

/// The first `N` coefficients of `f(x + t) = Σ c_k tᵏ`, where `c_k = f⁽ᵏ⁾(x) / k!`.
///
/// `N` is as many as are taken. Cost: f once, on [`Series`]: `N (N + 1)/2` products for each product in it, `O(N²)` for any
/// other function.
///
/// ```
/// use downhill::prelude::*;
///
/// fn wave<R: Real>(x: R) -> R {
///     x.sin() * x
/// }
/// let [value, slope, half_of_the_curvature] = taylor(wave, 0.0);
/// assert_eq!([value, slope, half_of_the_curvature], [0.0, 0.0, 1.0]);
///
/// let c: [f64; 6] = taylor(|x| 1.0 / (1.0 - x), 0.0);
/// assert_eq!(c, [1.0; 6]);
/// ```
pub fn taylor<const N: usize>(f: impl FnOnce(Series<N>) -> Series<N>, x: f64) -> [f64; N] {
    f(Series::variable(x)).coefficients
}
