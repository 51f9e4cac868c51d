//! Linear algebra without a result, and on shapes that do not fit.

use downhill::array::{NoConvergence, NotPositiveDefinite, RankDeficient, Singular, Triangle};
use downhill::prelude::*;
use ndarray::{Array2, array};

use crate::misuse::assert_mistake;

#[test]
fn what_has_no_result_says_so() {
    let tape = Tape::new();
    let a = tape.tensor(&array![[1.0, 2.0], [2.0, 4.0]]);
    let b = Tensor::from(array![1.0, 1.0]);
    assert_eq!(a.try_solve(&b).unwrap_err(), Singular { pivot: 1 });
    assert_eq!(a.try_inverse().unwrap_err(), Singular { pivot: 1 });
    assert_eq!(a.try_cholesky().unwrap_err(), NotPositiveDefinite { pivot: 1 });
    assert_eq!(a.try_least_squares(&b).unwrap_err(), RankDeficient { rank: 1 });
    let zero = Tensor::from(array![[0.0, 1.0], [1.0, 1.0]]);
    assert_eq!(zero.try_solve_triangular(&b, Triangle::Lower).unwrap_err(), Singular { pivot: 0 });
    assert!(zero.try_solve_triangular(&b, Triangle::UnitLower).is_ok());
    let nan = Tensor::from(array![[f64::NAN, 1.0], [1.0, 1.0]]);
    assert_eq!(nan.try_eigh().unwrap_err(), NoConvergence);
    assert_eq!(nan.try_svd().unwrap_err(), NoConvergence);
    let error: Box<dyn std::error::Error> = Box::new(a.try_solve(&b).unwrap_err());
    assert_eq!(error.to_string(), "the matrix is singular: there is no pivot in column 1 (counted from 0)");
    // The recording is as before.
    assert_eq!((a.trace() * 3.0).backward().wrt(&a), array![[3.0, 0.0], [0.0, 3.0]].into_dyn());
    assert_eq!(a.log_det().value(), f64::NEG_INFINITY);
}

#[test]
fn shapes_that_do_not_fit_are_refused_at_the_callers_line() {
    let wide = Tensor::from(Array2::<f64>::zeros((2, 3)));
    let square = Tensor::from(Array2::<f64>::eye(2));
    let vector = Tensor::from(array![1.0, 2.0, 3.0]);
    assert_mistake(line!(), "[2, 3]; it needs a square matrix", || wide.cholesky());
    assert_mistake(line!(), "`solve` was given an array of shape [2, 3]", || wide.solve(&vector));
    assert_mistake(line!(), "shapes [2, 2] and [3]; for a matrix", || square.solve(&vector));
    assert_mistake(line!(), "shapes [2, 2] and []", || square.solve(1.0));
    assert_mistake(line!(), "shapes [2, 3] and [3]", || wide.least_squares(&vector));
    assert_mistake(line!(), "shapes [2, 2] and [3]", || square.solve_triangular(&vector, Triangle::Lower));
    assert_mistake(line!(), "`svd` was given an array of shape [3]", || vector.svd());
    assert_mistake(line!(), "`singular_values` was given", || vector.singular_values());
    assert_mistake(line!(), "`qr` was given", || vector.qr());
    assert_mistake(line!(), "`trace` was given", || vector.trace());
    assert_mistake(line!(), "`eigvalsh` was given", || wide.eigvalsh());
    assert_mistake(line!(), "`log_det` was given", || wide.log_det());
    assert_mistake(line!(), "`det` was given", || wide.det());
    assert_mistake(line!(), "`matrix_exp` was given", || wide.matrix_exp());
    assert_mistake(line!(), "`inverse` was given", || wide.inverse());
}

#[test]
fn a_matrix_that_does_not_do_is_refused_at_the_callers_line() {
    let zero = Tensor::from(Array2::<f64>::zeros((2, 2)));
    let b = Tensor::from(array![1.0, 2.0]);
    let nan = Tensor::from(array![[f64::NAN]]);
    assert_mistake(line!(), "`cholesky` of an array of shape [2, 2]: the matrix is not", || zero.cholesky());
    assert_mistake(line!(), "positive definite: the pivot in row 0", || zero.cholesky());
    assert_mistake(line!(), "add a small multiple of the identity", || zero.cholesky());
    assert_mistake(line!(), "or ask `try_cholesky`", || zero.cholesky());
    assert_mistake(line!(), "`solve` of an array of shape [2, 2]: the matrix is", || zero.solve(&b));
    assert_mistake(line!(), "is singular: there is no pivot in column 0", || zero.inverse());
    assert_mistake(line!(), "is singular", || zero.solve_triangular(&b, Triangle::Upper));
    assert_mistake(line!(), "its rank is 0", || zero.least_squares(&b));
    assert_mistake(line!(), "elements that are not finite", || nan.eigh());
    assert_mistake(line!(), "elements that are not finite", || nan.eigvalsh());
    assert_mistake(line!(), "elements that are not finite", || nan.svd());
    assert_mistake(line!(), "elements that are not finite", || nan.singular_values());
}
