//! Second derivatives and Jacobians of closures: against dual numbers, against each other, and their properties.

use downhill::prelude::*;
use downhill::real::Binary;
use ndarray::Array2;
use proptest::prelude::*;

use crate::misuse::assert_mistake;
use crate::programs::{long, seeded};
use crate::random_program::{Agreement, Program, check_jacobian, check_second};

/// Two numbers of the size given, equal up to rounding.
#[track_caller]
fn assert_near(got: f64, wanted: f64, size: f64, what: &str) {
    let close = (got - wanted).abs() <= 1e-11 * size.max(wanted.abs()) + 1e-290;
    assert!(close || got.is_nan() && wanted.is_nan(), "{what}: {got:e}, not {wanted:e}, terms {size:e}");
}

fn largest(numbers: &[f64]) -> f64 {
    numbers.iter().fold(0.0, |largest, x| f64::max(largest, x.abs()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn second_derivatives_of_random_programs_agree(bytes in long()) {
        check_second(&Program::from_bytes(&bytes));
    }

    #[test]
    fn products_with_the_jacobian_meet_in_the_middle(bytes in long()) {
        check_jacobian(&Program::from_bytes(&bytes));
    }
}

#[test]
fn the_stencil_has_its_say_on_nearly_all_hessians() {
    let steady = seeded(100).filter(|program| check_second(program) == Agreement::Near).count();
    println!("differences of gradients are steady on {steady} of 100 programs");
    assert!(steady >= 90, "steady on {steady} of 100");
}

/// A row's second partial by one operand and another does not depend on their order: also where a slope has cases, as
/// those of `powf` at the exponent 0.
#[test]
fn second_partials_of_every_row_commute() {
    let points = [0.0, 0.25, 0.5, 1.0, 1.25, 2.0, 2.75];
    let assert_commutes = |name: &str, x: &[f64], there: f64, back: f64| {
        let close = (there - back).abs() <= 1e-10 * there.abs().max(1.0);
        let unknown = !there.is_finite() && !back.is_finite();
        assert!(close || unknown, "{name} at {x:?}: {there:e} and {back:e}");
    };
    for &op in Binary::ALL {
        // At the corners of their cases by convention alone; there they have no second partials.
        let corner = |x: f64, y: f64| match op {
            Binary::Rem => x % y == 0.0 || y == 0.0,
            Binary::Log => x == 0.0 || y == 0.0 || y == 1.0,
            Binary::Powf | Binary::Xlogy => x == 0.0 || y == 0.0 && op == Binary::Xlogy,
            _ => op.distance_to_singularity(x, y) == 0.0,
        };
        for (x, y) in points.iter().flat_map(|&x| points.map(|y| (x, y))).filter(|&(x, y)| !corner(x, y)) {
            let here = Expansion::of(|[x, y]: [Var; 2]| x.binary(op, y), [x, y]);
            assert_commutes(op.name(), &[x, y], here.mixed_partial(0, 1), here.mixed_partial(1, 0));
        }
    }
    assert_eq!(mixed_partial(|[x, p]: [Var; 2]| x.powf(p), [4.0, 0.0], 0, 1), 0.25);
    assert_eq!(mixed_partial(|[x, p]: [Var; 2]| x.powf(p), [4.0, 0.0], 1, 0), 0.25);
    assert_eq!(hvp(|[x, p]: [Var; 2]| x.powf(p), [4.0, 0.0], &[1.0, 0.0]), [0.0, 0.25]);
    let along_both = third_directional(|[x, p]: [Var; 2]| x.powf(p), [1.0, 0.0], &[1.0, 1.0]);
    // ((1 + t)ᵗ)‴ at 0: e^(t ln(1 + t)) = 1 + t² − t³/2 + …
    assert!((along_both + 3.0).abs() < 1e-14, "{along_both}");
}

fn chain(x: &[Var]) -> Var {
    x.windows(2).map(|p| 100.0 * (p[1] - p[0] * p[0]).powi(2) + (1.0 - p[0]).powi(2)).sum()
}

/// Every variable meets every other: the Hessian is full.
fn knot(x: &[Var]) -> Var {
    let sum = x.iter().fold(Var::from(0.0), |sum, &x| sum + x.sin());
    sum.exp() * x[0] + sum * sum
}

#[test]
fn hessians_of_chains_and_knots_agree_with_their_products() {
    for (name, f) in [("chain", chain as fn(&[Var]) -> Var), ("knot", knot)] {
        for n in [2, 3, 8, 9, 40] {
            let x: Vec<f64> = (0..n).map(|i| 0.1 * (i as f64).sin()).collect();
            let here = Expansion::of(f, &x);
            let hessian = here.hessian();
            let units: Vec<Vec<f64>> =
                (0..n).map(|i| (0..n).map(|k| f64::from(u8::from(k == i))).collect()).collect();
            let units: Vec<&[f64]> = units.iter().map(|unit| &unit[..]).collect();
            let size = largest(hessian.as_slice().expect("row by row"));
            for (i, product) in here.hvps(&units).into_iter().enumerate() {
                for (j, product) in product.into_iter().enumerate() {
                    assert_near(hessian[[i, j]], product, size, name);
                }
            }
            assert_near(laplacian(f, &x), hessian.diag().sum(), size, name);
        }
    }
}

#[test]
fn a_permuted_point_has_the_permuted_derivatives() {
    let x = [0.3, -0.2, 0.9, 0.4];
    let order = [2, 0, 3, 1];
    let permuted: Vec<f64> = order.iter().map(|&i| x[i]).collect();
    let back = |y: &[Var]| {
        let mut x = [Var::from(0.0); 4];
        order.iter().zip(y).for_each(|(&i, y)| x[i] = *y);
        knot(&x)
    };
    let (h, g) = (hessian(knot, &x), gradient(knot, &x));
    let (hp, gp) = (hessian(back, &permuted), gradient(back, &permuted));
    for (k, &i) in order.iter().enumerate() {
        assert_eq!(gp[k].to_bits(), g[i].to_bits());
        for (l, &j) in order.iter().enumerate() {
            assert_near(hp[[k, l]], h[[i, j]], 1.0, "an entry of the permuted Hessian");
        }
    }
}

#[test]
fn constants_and_plain_results_have_the_derivative_zero() {
    let x = [1.0, 2.0];
    assert_eq!(hessian(|_: &[Var]| Var::from(3.0), &x), Array2::<f64>::zeros((2, 2)));
    assert_eq!(hvp(|x: &[Var]| x[0], &x, &[1.0, 1.0]), [0.0, 0.0]);
    assert_eq!(jacobian(|_: &[Var]| [Var::from(3.0); 3], &x), Array2::<f64>::zeros((3, 2)));
    assert_eq!(jacobian(|_: &[Var]| Vec::<Var>::new(), &x).dim(), (0, 2));
    let nowhere: [f64; 0] = [];
    assert_eq!(hessian(|_: &[Var]| Var::from(3.0), &nowhere).dim(), (0, 0));
    assert_eq!(jacobian(|x: &[Var]| vec![x[0]; 20], &x).dim(), (20, 2), "by columns");
    assert_eq!(vjp(|[x, y]: [Var; 2]| [x * y, x], [2.0, 3.0], &[1.0, 10.0]), [13.0, 2.0]);
    assert_eq!(jacobian(|x: Var| [x * x, x], 3.0), ndarray::array![[6.0], [1.0]]);
}

#[test]
fn what_cannot_be_asked_says_so_at_the_line() {
    let x = [1.0, 2.0];
    let f = |x: &[Var]| x[0] * x[1];
    assert_mistake(line!(), "a direction of 3 numbers", || hvp(f, &x, &[1.0; 3]));
    assert_mistake(line!(), "a direction of 1 numbers", || jvp(f, &x, &[1.0]));
    assert_mistake(line!(), "weights of 2 numbers", || vjp(f, &x, &[1.0; 2]));
    assert_mistake(line!(), "coordinates 0 and 2 of 2", || mixed_partial(f, &x, 0, 2));
    let none = Expansion::of(|_: &[Var]| Vec::<Var>::new(), &x);
    assert_mistake(line!(), "no result", || none.hessian());
    let tape = Tape::new();
    let foreign = tape.var(1.0);
    assert_mistake(line!(), "two recordings", || hessian(|x: &[Var]| x[0] * foreign, &x));
    assert_mistake(line!(), "outer recording", || hessian(|_: &[Var]| foreign, &x));
    let (line, whole) = (line!(), |x: &[Var]| statement([x[0], x[1]], |[x, y]| x * y));
    assert_mistake(line, "first derivatives only", || hessian(whole, &x));
}

#[test]
fn nodes_with_many_parents_have_the_second_derivatives_of_their_formulas() {
    type F = fn(&[Var]) -> Var;
    let table: [(&str, F, F); 7] = [
        ("dot", |x| dot(x, x) * x[0], |x| x.iter().fold(Var::from(0.0), |s, &x| s + x * x) * x[0]),
        ("dot with numbers", |x| dot(x, &[1.0, -2.0, 0.5]).sin(), |x| (x[0] - 2.0 * x[1] + 0.5 * x[2]).sin()),
        ("norm", norm, |x| (x[0] * x[0] + x[1] * x[1] + x[2] * x[2]).sqrt()),
        ("log_sum_exp", log_sum_exp, |x| (x[0].exp() + x[1].exp() + x[2].exp()).ln()),
        (
            "sum",
            |x| x.iter().map(|x| x.exp()).sum::<Var>().powi(2),
            |x| (x[0].exp() + x[1].exp() + x[2].exp()).powi(2),
        ),
        (
            "sum_of",
            |x| sum_of(x, 3, |x, i| (x[i] * x[0]).sin()),
            |x| (x[0] * x[0]).sin() + (x[1] * x[0]).sin() + (x[2] * x[0]).sin(),
        ),
        (
            "a constant first",
            |x| [Var::from(2.0), x[1], x[0]].iter().sum::<Var>().cos(),
            |x| (x[0] + x[1] + 2.0).cos(),
        ),
    ];
    let x = [0.4, -0.7, 1.2];
    for (name, f, formula) in table {
        let (got, wanted) = (hessian(f, &x), hessian(formula, &x));
        got.iter().zip(&wanted).for_each(|(got, wanted)| assert_near(*got, *wanted, 1.0, name));
        let watched = hessian(|x: &[Var]| formula(&[x[0].watch(), x[1], x[2]]).watch(), &x);
        assert_eq!(watched, wanted, "watching changes nothing");
    }
}
