//! Linear algebra: JAX's numbers, differences, identities.

use downhill::array::Triangle;
use downhill::prelude::*;
use ndarray::{Array2, Array3, array};
use serde_json::Value;

use super::fixtures::check;

fn flag(args: &Value, name: &str) -> bool {
    args[name].as_bool().unwrap_or(false)
}

#[test]
fn systems_are_those_of_jax() {
    check("solve", |_, x| vec![x[0].solve(&x[1])]);
    check("inverse", |_, x| vec![x[0].inverse()]);
    check("log_det", |_, x| vec![x[0].log_det()]);
    check("least_squares", |_, x| vec![x[0].least_squares(&x[1])]);
    check("solve_triangular", |args, x| {
        let transposed = flag(args, "trans");
        let triangle = match (flag(args, "lower") != transposed, flag(args, "unit_diagonal")) {
            (true, false) => Triangle::Lower,
            (true, true) => Triangle::UnitLower,
            (false, false) => Triangle::Upper,
            (false, true) => Triangle::UnitUpper,
        };
        let a = if transposed { x[0].t() } else { x[0].clone() };
        vec![a.solve_triangular(&x[1], triangle)]
    });
}

#[test]
fn factorizations_are_those_of_jax() {
    check("cholesky", |_, x| vec![x[0].cholesky()]);
    check("qr", |_, x| <[_; 2]>::from(x[0].qr()).to_vec());
    check("expm", |_, x| vec![x[0].matrix_exp()]);
    check("eigh", |args, x| match flag(args, "eigenvectors") {
        true => eigh_with_signs(&x[0]),
        false => vec![x[0].eigvalsh()],
    });
    check("svd", |args, x| match flag(args, "compute_uv") {
        true => svd_with_signs(&x[0]),
        false => vec![x[0].singular_values()],
    });
}

fn eigh_with_signs(a: &Tensor<f64>) -> Vec<Tensor<f64>> {
    <[_; 2]>::from(a.eigh()).to_vec()
}

/// In the table the largest entry of each column of `U` is positive.
fn svd_with_signs(a: &Tensor<f64>) -> Vec<Tensor<f64>> {
    let (u, s, vt) = a.svd();
    let numbers = u.to_owned();
    let signs: Vec<f64> = numbers
        .columns()
        .into_iter()
        .map(|column| {
            column.iter().fold(0.0, |largest: f64, &x| if x.abs() > largest.abs() { x } else { largest })
        })
        .map(f64::signum)
        .collect();
    let signs = Tensor::from(ndarray::Array1::from_vec(signs));
    vec![&u * &signs, s, &vt * signs.insert_axis(1)]
}

#[test]
fn densities_are_those_of_jax() {
    check("gaussian", |_, x| {
        let (l, n) = (x[0].cholesky(), x[1].len() as f64);
        let z = l.solve_triangular((&x[2] - &x[1]).t(), Triangle::Lower);
        vec![
            z.square().sum_axis(0) * -0.5 - l.diag().ln().sum() - 0.5 * n * (2.0 * std::f64::consts::PI).ln(),
        ]
    });
}

#[test]
fn mixtures_are_those_of_jax() {
    let log_sum_exp = |x: &Tensor<f64>, axis| x.exp().sum_axis(axis).ln();
    check("mixture", |_, x| {
        let [logits, means, log_scales, points] = x else { panic!("four inputs") };
        let shares = logits - log_sum_exp(logits, 0);
        let z = (points.insert_axis(1) - means) * (-log_scales).exp();
        let terms = z.square() * -0.5 - log_scales - 0.5 * (2.0 * std::f64::consts::PI).ln();
        vec![log_sum_exp(&(shares + terms.sum_axis(2)), 1).sum()]
    });
}

/// Weights for the results, so that the derivative by each counts.
fn weighed(results: &[Tensor<f64>]) -> Var {
    let results = results.iter().flat_map(|result| result.to_vars()).collect::<Vec<_>>();
    let weights: Vec<f64> = (0..results.len()).map(|k| (1.3 * k as f64 + 0.4).sin()).collect();
    dot(&results, &weights)
}

/// Compares first derivatives with differences of values, and second ones with differences of first.
#[track_caller]
fn differences_agree(n: usize, f: impl Fn(&[Var]) -> Var) {
    let x: Vec<f64> = (0..n).map(|k| (2.1 * k as f64 + 0.3).sin()).collect();
    let v: Vec<f64> = (0..n).map(|k| (0.7 * k as f64 + 1.1).cos()).collect();
    let h = 1e-3;
    let at = |k: f64| x.iter().zip(&v).map(|(x, v)| x + k * h * v).collect::<Vec<f64>>();
    let stencil = |f: &dyn Fn(f64) -> f64| {
        (45.0 * (f(1.0) - f(-1.0)) - 9.0 * (f(2.0) - f(-2.0)) + f(3.0) - f(-3.0)) / (60.0 * h)
    };
    let along: f64 = gradient(&f, &x).iter().zip(&v).map(|(g, v)| g * v).sum();
    let expected = stencil(&|k| value(&f, &at(k)));
    assert!((along - expected).abs() < 1e-9 * expected.abs().max(1.0), "{along} {expected}");
    let product = hvp(&f, &x, &v);
    let gradients: Vec<Vec<f64>> = (-3..=3).map(|k| gradient(&f, &at(f64::from(k)))).collect();
    for (i, own) in product.iter().enumerate() {
        let expected = stencil(&|k| gradients[(k + 3.0) as usize][i]);
        assert!((own - expected).abs() < 1e-7 * expected.abs().max(1.0), "{i}: {own} {expected}");
    }
    let hessian = hessian(&f, &x);
    for i in 0..n {
        let own: f64 = (0..n).map(|j| hessian[[i, j]] * v[j]).sum();
        assert!(
            (own - product[i]).abs() < 1e-10 * product[i].abs().max(1.0),
            "the Hessian: {own} {}",
            product[i]
        );
    }
}

/// A wide matrix of independent rows and columns.
fn wide(x: &[Var]) -> Tensor<f64> {
    Tensor::of_vars(x, [2, 3]) + &array![[2.0, -1.0, 0.0], [1.0, 4.0, 1.0]]
}

#[test]
fn wide_matrices_have_first_and_second_derivatives() {
    differences_agree(6, |x| weighed(&<[_; 2]>::from(wide(x).qr())));
    differences_agree(6, |x| weighed(&<[_; 3]>::from(wide(x).svd())));
    differences_agree(8, |x| weighed(&[wide(&x[..6]).least_squares(Tensor::of_vars(&x[6..], [2]))]));
    differences_agree(6, |x| weighed(&<[_; 3]>::from(wide(x).t().svd())));
}

/// Eight directions at once, which a Jacobian with few columns takes, against one by one.
#[track_caller]
fn lanes_agree(f: impl Fn(&[Var]) -> Vec<Tensor<f64>>) {
    let x: Vec<f64> = (0..6).map(|k| (2.1 * f64::from(k) + 0.3).sin()).collect();
    let here = Expansion::of(|x: &[Var]| f(x).iter().flat_map(Tensor::to_vars).collect::<Vec<Var>>(), &x);
    let (jacobian, values) = (here.jacobian(), here.values().len());
    for j in 0..6 {
        let direction: Vec<f64> = (0..6).map(|k| f64::from(u8::from(k == j))).collect();
        for (i, own) in here.jvp(&direction).iter().enumerate() {
            assert!(
                (own - jacobian[[i, j]]).abs() < 1e-13 * own.abs().max(1.0),
                "{own} {}",
                jacobian[[i, j]]
            );
        }
    }
    for i in 0..values {
        let weights: Vec<f64> = (0..values).map(|k| f64::from(u8::from(k == i))).collect();
        for (j, own) in here.vjp(&weights).iter().enumerate() {
            assert!(
                (own - jacobian[[i, j]]).abs() < 1e-12 * own.abs().max(1.0),
                "{own} {}",
                jacobian[[i, j]]
            );
        }
    }
}

#[test]
fn directions_at_once_are_those_one_by_one() {
    let square = |x: &[Var]| wide(x).slice(1, 1..) + &array![[3.0, 0.0], [0.0, 1.0]];
    let definite = |x: &[Var]| wide(x).dot(wide(x).t());
    lanes_agree(|x| {
        vec![square(x).inverse(), square(x).solve(wide(x)), square(x).log_det(), square(x).det()]
    });
    lanes_agree(|x| {
        vec![definite(x).cholesky(), definite(x).matrix_exp(), wide(x).least_squares(&array![1.0, 2.0])]
    });
    lanes_agree(|x| vec![wide(x).qr().0, wide(x).t().qr().1, definite(x).eigh().1, definite(x).eigvalsh()]);
    lanes_agree(|x| <[_; 3]>::from(wide(x).svd()).to_vec());
    lanes_agree(|x| vec![square(x).solve_triangular(wide(x), Triangle::UnitUpper), square(x).trace()]);
}

#[test]
fn stacks_have_first_and_second_derivatives() {
    let regular = |x: &[Var]| Tensor::of_vars(x, [2, 2, 2]) + &array![[3.0, 0.0], [0.0, 2.0]];
    differences_agree(8, |x| weighed(&[regular(x).inverse(), regular(x).det(), regular(x).trace()]));
    differences_agree(8, |x| weighed(&<[_; 2]>::from(regular(x).eigh())));
    differences_agree(8, |x| weighed(&<[_; 3]>::from(regular(x).svd())));
    differences_agree(10, |x| weighed(&[regular(&x[..8]).solve(Tensor::of_vars(&x[8..], [2]))]));
    differences_agree(10, |x| weighed(&[regular(&x[..8]).solve(Tensor::of_vars(&x[8..], [2, 1]))]));
    differences_agree(8, |x| weighed(&[(regular(x).square()).cholesky(), regular(x).matrix_exp()]));
    // Wide ones, and a right side that is a constant.
    differences_agree(8, |x| weighed(&[regular(x).slice(1, 0..1).least_squares(&array![2.0])]));
}

fn matrices() -> Array3<f64> {
    Array3::from_shape_fn((3, 4, 4), |(k, i, j)| {
        ((7 * k + 5 * i + 3 * j + 1) as f64).sin() + if i == j { 4.0 } else { 0.0 }
    })
}

#[test]
fn a_stack_is_its_matrices() {
    let stack = Tensor::from(matrices());
    let b = Tensor::from(array![1.0, -2.0, 3.0, 0.5]);
    let definite = stack.matmul(stack.permute([0, 2, 1]));
    for k in 0..3 {
        let one = stack.index_axis(0, k);
        let same = |all: &Tensor<f64>, own: &Tensor<f64>| {
            assert_eq!(all.index_axis(0, k).to_owned(), own.to_owned());
        };
        same(&stack.solve(&b), &one.solve(&b));
        same(&stack.inverse(), &one.inverse());
        same(&stack.log_det(), &one.log_det());
        same(&stack.sign_log_det().0, &one.sign_log_det().0);
        same(&stack.det(), &one.det());
        same(&stack.trace(), &one.trace());
        same(&stack.matrix_exp(), &one.matrix_exp());
        same(&definite.cholesky(), &definite.index_axis(0, k).cholesky());
        same(&stack.qr().1, &one.qr().1);
        same(&stack.svd().2, &one.svd().2);
        same(&stack.eigh().1, &one.eigh().1);
    }
}

#[track_caller]
fn near(a: &Tensor<f64>, b: &Tensor<f64>) {
    assert_eq!(a.shape(), b.shape());
    let off = (a - b).abs().view().iter().copied().fold(0.0, f64::max);
    assert!(off < 1e-12, "{off}");
}

#[test]
fn factors_multiply_to_the_matrix() {
    let stack = Tensor::from(matrices());
    for k in 0..3 {
        let a = stack.index_axis(0, k);
        for a in [a.clone(), a.slice(1, ..2), a.slice(0, 1..3), a.t(), a.reversed(0).slice(1, 1..)] {
            let (q, r) = a.qr();
            near(&q.dot(&r), &a);
            let (u, s, vt) = a.svd();
            near(&(&u * &s).dot(&vt), &a);
            near(&a.singular_values(), &s);
        }
        let symmetric = &a + a.t();
        let (w, v) = symmetric.eigh();
        near(&(&v * &w).dot(v.t()), &symmetric);
        near(&a.inverse().dot(&a), &Tensor::from(Array2::eye(4)));
        near(&a.matrix_exp().dot((-&a).matrix_exp()), &Tensor::from(Array2::eye(4)));
        assert!((a.matrix_exp().log_det().value() - a.trace().value()).abs() < 1e-12);
        assert!((a.det().value() / (a.sign_log_det().0 * a.log_det().exp()).value() - 1.0).abs() < 1e-13);
    }
}

#[test]
fn views_are_as_good_as_matrices_in_a_row() {
    let plain = |x: &[Var]| Tensor::of_vars(x, [3, 3]) + &(Array2::<f64>::eye(3) * 2.5);
    let turned = |x: &[Var]| {
        // The same elements, otherwise in memory: twice reversed, twice transposed.
        let a = plain(x);
        let copy = (a.reversed(0).reversed(1).t() * 1.0).t();
        copy.reversed(1).reversed(0)
    };
    let results = |a: Tensor<f64>| {
        let b = a.column(1);
        let (q, r) = a.qr();
        weighed(&[
            a.solve(b.reversed(0)),
            a.inverse(),
            a.matrix_exp(),
            a.det(),
            q,
            r,
            a.eigvalsh(),
            a.cholesky(),
        ])
    };
    let x: Vec<f64> = (0..9).map(|k| (1.7 * f64::from(k)).sin()).collect();
    let (y, g) = value_and_gradient(|x: &[Var]| results(plain(x)), &x);
    let (z, h) = value_and_gradient(|x: &[Var]| results(turned(x)), &x);
    assert!((y - z).abs() < 1e-13);
    for (g, h) in g.iter().zip(&h) {
        assert!((g - h).abs() < 1e-12 * g.abs().max(1.0), "{g} {h}");
    }
    // A broadcast matrix, whose adjoint adds up.
    let f = |x: &[Var]| weighed(&[(Tensor::of_vars(&x[..1], []).broadcast([2, 2])).matrix_exp()]);
    let [g] = gradient(f, &[0.3])[..] else { panic!("one number") };
    assert!((g - derivative(|x| f(&[x]), 0.3)).abs() < 1e-14 && g != 0.0);
}

#[test]
fn single_precision_has_gradients() {
    let tape = Tape::new();
    let (a, x) = (tape.tensor(&array![[4.0f32, 1.0], [1.0, 3.0]]), tape.tensor(&array![1.0f32, 2.0]));
    let b = Tensor::from(array![[4.0, 1.0], [1.0, 3.0]]);
    assert!((a.log_det().value() - b.log_det().value() as f32).abs() < 1e-6);
    let l = a.cholesky();
    let y = l.solve_triangular(&x, Triangle::Lower).square().sum() + a.solve(&x).sum() + a.eigvalsh().sum();
    let y = y + a.svd().1.sum() + a.qr().1.sum() + a.matrix_exp().trace() + a.inverse().sum() + a.det();
    let g = y.backward();
    assert!(g.wrt(&a).iter().all(|g| g.is_finite() && *g != 0.0));
    // ∂(xᵀA⁻¹x)/∂x = 2A⁻¹x, and A⁻¹ 1 of the other.
    let expected = b.solve(&array![1.0, 2.0]) * 2.0 + b.solve(&array![1.0, 1.0]);
    for (own, expected) in g.wrt(&x).iter().zip(expected.view()) {
        assert!((f64::from(*own) - expected).abs() < 1e-6);
    }
}

#[test]
fn matrices_without_elements_and_of_one_are_matrices() {
    let tape = Tape::new();
    let none = tape.tensor(Array2::<f64>::zeros((0, 0)));
    assert_eq!(none.inverse().shape(), [0, 0]);
    assert_eq!(none.cholesky().shape(), [0, 0]);
    assert_eq!(none.solve(ndarray::Array1::<f64>::zeros(0)).shape(), [0]);
    assert_eq!(none.matrix_exp().shape(), [0, 0]);
    assert_eq!((none.log_det().value(), none.det().value(), none.trace().value()), (0.0, 1.0, 0.0));
    assert_eq!(none.eigh().0.shape(), [0]);
    let flat = tape.tensor(Array2::<f64>::zeros((3, 0)));
    assert_eq!((flat.qr().0.shape(), flat.svd().2.shape()), (&[3, 0][..], &[0, 0][..]));
    assert_eq!(flat.least_squares(&array![1.0, 2.0, 3.0]).shape(), [0]);
    let loss =
        none.det() + none.log_det() + none.inverse().sum() + flat.qr().1.sum() + flat.singular_values().sum();
    let g = loss.backward();
    assert_eq!((g.wrt(&none).len(), g.wrt(&flat).len()), (0, 0));

    let a = tape.tensor(&array![[4.0]]);
    let y = a.inverse().sum() + a.cholesky().sum() + a.log_det() + a.det() + a.matrix_exp().sum();
    let y = y + a.qr().1.sum() + a.eigvalsh().sum() + a.singular_values().sum() + a.solve(&array![8.0]).sum();
    let expected = -1.0 / 16.0 + 0.25 + 0.25 + 1.0 + 4.0_f64.exp() + 1.0 + 1.0 + 1.0 - 0.5;
    assert!((y.backward().wrt(&a)[[0, 0]] - expected).abs() < 1e-13);
    let none = tape.tensor(Array3::<f64>::zeros((0, 2, 2)));
    assert_eq!((none.inverse().shape(), none.det().shape()), (&[0, 2, 2][..], &[0][..]));
}

#[test]
fn a_singular_matrix_has_a_determinant_with_a_gradient() {
    let tape = Tape::new();
    let a = tape.tensor(&array![[1.0, 2.0], [2.0, 4.0]]);
    let y = a.det();
    assert!(y.value().abs() < 1e-15);
    let g = y.backward();
    near(&Tensor::from(g.wrt(&a).to_owned()), &Tensor::from(array![[4.0, -2.0], [-2.0, 1.0]]));
    let b = tape.tensor(&array![[1.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 3.0]]);
    let g = b.det().backward();
    near(
        &Tensor::from(g.wrt(&b).to_owned()),
        &Tensor::from(array![[0.0, 0.0, 0.0], [0.0, 3.0, 0.0], [0.0, 0.0, 0.0]]),
    );
}

#[test]
fn equal_eigenvalues_have_derivatives_and_their_vectors_do_not() {
    let identity = Array2::<f64>::eye(3) * 2.0;
    let tape = Tape::new();
    let a = tape.tensor(&identity);
    let g = a.eigvalsh().exp().sum().backward();
    near(&Tensor::from(g.wrt(&a).to_owned()), &Tensor::from(Array2::eye(3) * 2.0_f64.exp()));
    let g = a.singular_values().square().sum().backward();
    near(&Tensor::from(g.wrt(&a).to_owned()), &Tensor::from(Array2::eye(3) * 4.0));
    let g = (a.eigh().1.at([0, 0]) + a.svd().0.at([1, 0])).backward();
    assert!(g.wrt(&a).iter().any(|g| !g.is_finite()));
    // A vector of a value of its own, beside equal ones.
    let b = tape.tensor(&array![[2.0, 0.0, 0.0], [0.0, 2.0, 0.0], [0.0, 0.0, 5.0]]);
    let g = b.eigh().1.at([0, 2]).backward();
    assert!((g.wrt(&b)[[0, 2]].abs() - 1.0 / 6.0).abs() < 1e-14);
    assert!(g.wrt(&b).iter().all(|g| g.is_finite()));
}
