//! Perturbation confusion: the published cases in which an inner derivative takes the outer one's perturbation for its
//! own. Levels of dual numbers differ in their types; recordings differ in their numbers, and refuse to mix.
//!
//! Sources: J. M. Siskind, B. A. Pearlmutter, "Perturbation Confusion and Referential Transparency: Correct Functional
//! Implementation of Forward-Mode AD", IFL 2005. O. Manzyuk, B. A. Pearlmutter, A. A. Radul, D. R. Rush, J. M. Siskind,
//! "Perturbation confusion in forward automatic differentiation of higher-order functions", J. Funct. Program. 29 (2019).

use std::panic::{AssertUnwindSafe, catch_unwind};

use downhill::prelude::*;

/// A function of one number of any kind.
trait Function {
    fn at<R: Real>(&self, x: R) -> R;
}

impl<F: Function> Function for &F {
    fn at<R: Real>(&self, x: R) -> R {
        (**self).at(x)
    }
}

/// The derivative of a function: a function again, of any kind of number, with a level of its own for each call.
struct Slope<F>(F);

impl<F: Function> Function for Slope<F> {
    fn at<R: Real>(&self, x: R) -> R {
        self.0.at(Dual::variable(x)).tangent
    }
}

/// `s u f x = f(x + u)`, of the second paper.
fn shift<R: Real>(u: R, f: &impl Function, x: R) -> R {
    f.at(x + u)
}

/// `D s 0`, a derivative by the first argument of a function that returns a function: the derivative operator once more.
/// With one perturbation for all uses of the operator, applying it twice gives a wrong result.
struct SlopeByShift<F>(F);

impl<F: Function> Function for SlopeByShift<F> {
    fn at<R: Real>(&self, x: R) -> R {
        shift(Dual::variable(R::from(0.0)), &self.0, Dual::constant(x)).tangent
    }
}

struct Exponential;
impl Function for Exponential {
    fn at<R: Real>(&self, x: R) -> R {
        (x * 2.0).exp()
    }
}

struct Cube;
impl Function for Cube {
    fn at<R: Real>(&self, x: R) -> R {
        x * x * x
    }
}

#[test]
fn the_sum_under_a_product_has_slope_one() {
    // d/dx (x · d/dy (x + y)) at x = 1, y = 1 is 1; confused, it is 2 (Siskind & Pearlmutter 2005, section 2).
    struct Sum<R>(R);
    impl<S: Real> Sum<S> {
        fn slope_in_y(&self, y: f64) -> S {
            (Dual::constant(self.0) + Dual::variable(S::from(y))).tangent
        }
    }
    struct Outer;
    impl Function for Outer {
        fn at<R: Real>(&self, x: R) -> R {
            x * Sum(x).slope_in_y(1.0)
        }
    }
    assert_eq!(Slope(Outer).at(1.0), 1.0);
    // On a tape outside, by dual numbers of variables inside; and with levels between.
    assert_eq!(derivative(|x| Outer.at(x), 1.0), 1.0);
    assert_eq!(Slope(Slope(Outer)).at(1.0), 0.0);
    assert_eq!(taylor(|x| Outer.at(x), 1.0), [1.0, 1.0, 0.0]);
}

#[test]
fn a_product_under_a_product_keeps_both_levels() {
    // d/dx (x · d/dy (x y)) = 2x; confused, 3x at y = x.
    struct Outer;
    impl Function for Outer {
        fn at<R: Real>(&self, x: R) -> R {
            x * (Dual::constant(x) * Dual::variable(x)).tangent
        }
    }
    for x in [1.0, -2.5, 3.0] {
        assert_eq!(Slope(Outer).at(x), 2.0 * x);
        assert_eq!(Slope(Slope(Outer)).at(x), 2.0);
        assert_eq!(derivative(|x| Outer.at(x), x), 2.0 * x);
    }
}

#[test]
fn the_derivative_operator_made_of_a_shift_can_be_applied_again() {
    // D̂ (D̂ h) = h″ (Manzyuk et al. 2019, section 3). At 1: of e^2x it is 4 e²; of x³ it is 6.
    for x in [0.0, 0.5, 1.0] {
        let e = f64::exp(2.0 * x);
        assert_eq!(SlopeByShift(Exponential).at(x), 2.0 * e);
        assert_eq!(SlopeByShift(SlopeByShift(Exponential)).at(x), 4.0 * e);
        assert_eq!(SlopeByShift(SlopeByShift(SlopeByShift(Exponential))).at(x), 8.0 * e);
        assert_eq!(SlopeByShift(SlopeByShift(Cube)).at(x), 6.0 * x);
        // The two operators in each order.
        assert_eq!(Slope(SlopeByShift(Cube)).at(x), 6.0 * x);
        assert_eq!(SlopeByShift(Slope(Cube)).at(x), 6.0 * x);
        // Outside on a tape, or as a series.
        assert_eq!(derivative(|x| SlopeByShift(SlopeByShift(Cube)).at(x), x), 6.0);
        assert_eq!(taylor(|x| SlopeByShift(SlopeByShift(Cube)).at(x), x), [6.0 * x, 6.0]);
    }
}

#[test]
fn a_curried_function_that_escapes_keeps_its_own_level() {
    // f = λx. λy. x y²; g = D f x is λy. y²: a closure that still holds the outer perturbation, called under an inner one.
    type Second = Dual<Dual>;
    let f = |x: Second| move |y: Second| x * y * y;
    let g = f(Dual::variable(Dual::constant(3.0)));
    let at_five: Second = Dual::constant(Dual::variable(5.0));
    // The outer level asks for x, the inner for y: d/dy (d/dx x y²) = 2y. Confused, they add up.
    let z = g(at_five);
    assert_eq!((z.tangent.value, z.tangent.tangent, z.value.tangent), (25.0, 10.0, 30.0));
    // The same function used twice at once, at different levels of the inner variable.
    let product = g(at_five) * g(Dual::constant(Dual::constant(2.0)));
    // x² y² 4: d/dx = 8 x y², d/dy d/dx = 16 x y.
    assert_eq!((product.tangent.value, product.tangent.tangent), (8.0 * 3.0 * 25.0, 16.0 * 3.0 * 5.0));
}

/// The right number, or a panic that says what is wrong: nothing else.
fn assert_right_or_refused(name: &str, right: f64, f: impl FnOnce() -> f64) {
    match catch_unwind(AssertUnwindSafe(f)) {
        Ok(got) => assert_eq!(got, right, "{name}"),
        Err(payload) => {
            let text = payload.downcast_ref::<String>().map(String::as_str);
            let text = text.or(payload.downcast_ref::<&str>().copied()).unwrap_or_default();
            assert!(text.starts_with("downhill: "), "{name} panics with other words: {text}");
        }
    }
    // What a panic leaves behind does no harm.
    assert_eq!(derivative(|x| x * x, 3.0), 6.0, "after {name}");
}

#[test]
fn nested_recordings_are_right_or_refused() {
    assert_right_or_refused("x d/dy (x + y)", 1.0, || derivative(|x| x * derivative(|y| x + y, 1.0), 1.0));
    assert_right_or_refused("x d/dy (x y)", 4.0, || derivative(|x| x * gradient(|[y]| x * y, [1.0])[0], 2.0));
    assert_right_or_refused("d/dy of the outer variable", 0.0, || {
        derivative(|x| x * derivative(|_| x, 1.0), 2.0)
    });
    assert_right_or_refused("d/dy (y²) at the outer variable", 4.0, || {
        derivative(|x| Var::from(derivative(|y| y * y, x.value())) * x, 2.0) // 2 x₀ x, with x₀ = 2 a plain number
    });
    assert_right_or_refused("the outer variable beside the inner", 3.0, || {
        derivative(|x| x * derivative(|y| y * (x * x).value() - y, 1.0), 2.0)
    });
    assert_right_or_refused("a sum of terms that differentiate", 0.0, || {
        gradient(|x: &[Var]| sum_of(x, 3, |x, _| Var::from(derivative(|y| y * x[0], 1.0))), &[2.0])[0]
    });
    assert_right_or_refused("a product with the outer variable, by statement", 12.0, || {
        derivative(|x| derivative(|y| statement([y, x], |[y, x]| y * x * x), 1.0) * x, 2.0)
    });
}

#[test]
fn a_curried_closure_over_variables_is_right_or_refused() {
    // D̂ = D s 0 over recordings: s u f = λx. f(x + u), the inner function used while the outer is differentiated.
    let cube = |x: Var| x * x * x;
    assert_right_or_refused("D̂ (D̂ x³) at 2", 12.0, || {
        derivative(|u| Var::from(derivative(|v| cube(v + u + 2.0), 0.0)), 0.0)
    });
    // A closure that outlives the recording of the variable it holds.
    let shifted = |u: Var| move |x: Var| cube(x + u);
    let mut escaped = None;
    let slope = derivative(|u| escaped.insert(shifted(u))(Var::from(2.0)), 0.0);
    assert_eq!(slope, 12.0);
    let escaped = escaped.unwrap();
    assert_right_or_refused("the escaped closure under another derivative", 12.0, || {
        derivative(&escaped, 2.0)
    });
    assert_right_or_refused("the escaped closure on a constant", 8.0, || escaped(Var::from(2.0)).value());
}
