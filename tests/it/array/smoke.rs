use downhill::prelude::*;
use ndarray::{Array1, Array2, array};

/// Σ tanh(A x + b)² in arrays and, the same, in scalars.
fn in_arrays(x: &[Var]) -> Var {
    let a = Tensor::of_vars(&x[..6], [3, 2]);
    let v = Tensor::of_vars(&x[6..8], [2]);
    let y = (a.dot(&v) + x[8]).tanh();
    (&y * &y).sum().to_var() + y.at([1]) * x[0]
}

fn in_scalars(x: &[Var]) -> Var {
    let y: Vec<Var> = (0..3).map(|i| (x[2 * i] * x[6] + x[2 * i + 1] * x[7] + x[8]).tanh()).collect();
    y.iter().map(|y| y * y).sum::<Var>() + y[1] * x[0]
}

const POINT: [f64; 9] = [0.3, -0.2, 0.5, 0.7, -0.4, 0.1, 0.9, -0.6, 0.2];

#[test]
fn a_function_of_arrays_has_the_gradient_of_the_same_in_scalars() {
    let (y, g) = value_and_gradient(in_arrays, &POINT);
    let (z, h) = value_and_gradient(in_scalars, &POINT);
    assert!((y - z).abs() < 1e-15);
    for (g, h) in g.iter().zip(&h) {
        assert!((g - h).abs() < 1e-14, "{g} {h}");
    }
}

#[test]
fn second_derivatives_go_through_arrays() {
    let (h, k) = (hessian(in_arrays, &POINT), hessian(in_scalars, &POINT));
    for (h, k) in h.iter().zip(&k) {
        assert!((h - k).abs() < 1e-13, "{h} {k}");
    }
    let v = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
    for (h, k) in hvp(in_arrays, &POINT, &v).iter().zip(&hvp(in_scalars, &POINT, &v)) {
        assert!((h - k).abs() < 1e-13, "{h} {k}");
    }
}

#[test]
fn views_share_their_adjoint() {
    let tape = Tape::new();
    let x = tape.tensor(&array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    let y = x.t().slice(0, 1..).reversed(0) * &array![[1.0, 2.0], [3.0, 4.0]];
    let g = y.sum().backward();
    assert_eq!(g.wrt(&x), array![[0.0, 3.0, 1.0], [0.0, 4.0, 2.0]].into_dyn());
}

#[test]
fn single_precision_has_gradients() {
    let tape = Tape::new();
    let x = tape.tensor(Array2::from_shape_fn((4, 3), |(i, j)| (i + j) as f32));
    let w = tape.tensor(Array1::from_vec(vec![0.5f32, -1.0, 2.0]));
    let loss = x.dot(&w).maximum(0.0).sum();
    let g = loss.backward();
    assert_eq!(g.wrt(&w), array![6.0f32, 10.0, 14.0].into_dyn());
    assert_eq!(g.wrt(&x).len(), 12);
}
