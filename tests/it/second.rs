//! Second derivatives and Jacobians of closures: against dual numbers, against each other, and their properties.

use downhill::prelude::*;
use ndarray::Array2;
use proptest::prelude::*;

use crate::misuse::assert_mistake;
use crate::random_program::Program;

/// Two numbers of the size given, equal up to rounding.
#[track_caller]
fn assert_near(got: f64, wanted: f64, size: f64, what: &str) {
    let close = (got - wanted).abs() <= 1e-11 * size.max(wanted.abs()) + 1e-290;
    assert!(close || got.is_nan() && wanted.is_nan(), "{what}: {got:e}, not {wanted:e}, terms {size:e}");
}

/// `H v` on dual numbers of dual numbers, one row at a time.
fn product_by_duals(program: &Program, v: &[f64]) -> Vec<f64> {
    let one_at = |k: usize, i: usize| f64::from(u8::from(k == i));
    (0..program.inputs.len())
        .map(|i| {
            let seeded: Vec<Dual<Dual>> = program
                .inputs
                .iter()
                .enumerate()
                .map(|(k, &x)| Dual::new(Dual::new(x, v[k]), one_at(k, i).into()))
                .collect();
            program.run(&seeded).tangent.tangent
        })
        .collect()
}

fn largest(numbers: &[f64]) -> f64 {
    numbers.iter().fold(0.0, |largest, x| f64::max(largest, x.abs()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn second_derivatives_of_random_programs_agree_with_dual_numbers(bytes in prop::collection::vec(any::<u8>(), 4..200)) {
        let program = Program::from_bytes(&bytes, true);
        let n = program.inputs.len();
        let here = Expansion::of(|x: &[Var]| program.run(x), &program.inputs);
        let gradient = gradient(|x| program.run(x), &program.inputs);
        let hessian = here.hessian();
        // What rounding errors are relative to: where terms cancel, more than the result.
        let terms = (0..n).map(|i| program.magnitude(i)).fold(0.0, f64::max);
        let size = largest(hessian.as_slice().expect("row by row")) + terms;
        prop_assume!(size.is_finite() && size < 1e100);
        prop_assert_eq!(here.values()[0].to_bits(), program.run(&program.inputs).to_bits());
        for (got, wanted) in here.gradient().iter().zip(&gradient) {
            assert_near(*got, *wanted, terms, "the gradient by operations");
        }
        for i in 0..n {
            let unit: Vec<f64> = (0..n).map(|k| f64::from(u8::from(k == i))).collect();
            let by_duals = product_by_duals(&program, &unit);
            let product = here.hvp(&unit);
            for j in 0..n {
                prop_assert_eq!(hessian[[i, j]].to_bits(), hessian[[j, i]].to_bits());
                assert_near(hessian[[i, j]], by_duals[j], size, "an entry");
                assert_near(product[j], by_duals[j], size, "of a product");
                assert_near(here.mixed_partial(i, j), by_duals[j], size, "a mixed partial");
            }
        }
    }

    #[test]
    fn products_with_the_jacobian_meet_in_the_middle(bytes in prop::collection::vec(any::<u8>(), 4..200)) {
        let program = Program::from_bytes(&bytes, true);
        let n = program.inputs.len();
        // The last few lines are the results.
        let f = |x: &[Var]| {
            let whole = program.run(x);
            vec![whole, whole * x[0], x[n - 1].sin(), Var::from(3.0), x[0] * x[n - 1]]
        };
        let here = Expansion::of(f, &program.inputs);
        let (v, w): (Vec<f64>, Vec<f64>) =
            ((0..n).map(|i| 1.0 - 0.3 * i as f64).collect(), (0..5).map(|i| 0.5 + 0.2 * i as f64).collect());
        let (jv, wj, j) = (here.jvp(&v), here.vjp(&w), here.jacobian());
        let size = largest(j.as_slice().expect("row by row")) * 10.0;
        prop_assume!(size.is_finite() && size < 1e100);
        let left: f64 = w.iter().zip(&jv).map(|(w, jv)| w * jv).sum();
        let right: f64 = wj.iter().zip(&v).map(|(wj, v)| wj * v).sum();
        assert_near(left, right, size * n as f64, "⟨w, Jv⟩ = ⟨wJ, v⟩");
        for (i, row) in j.rows().into_iter().enumerate() {
            assert_near(row.iter().zip(&v).map(|(j, v)| j * v).sum(), jv[i], size * n as f64, "J v");
        }
    }
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
