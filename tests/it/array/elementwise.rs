//! Functions of the table, element by element.

use super::fixtures::check;

#[test]
fn functions_of_two_arrays_are_those_of_jax() {
    check("add", |_, x| vec![&x[0] + &x[1]]);
    check("sub", |_, x| vec![&x[0] - &x[1]]);
    check("mul", |_, x| vec![&x[0] * &x[1]]);
    check("div", |_, x| vec![&x[0] / &x[1]]);
    check("powf", |_, x| vec![x[0].powf(&x[1])]);
    check("maximum", |_, x| vec![x[0].maximum(&x[1])]);
    check("minimum", |_, x| vec![x[0].minimum(&x[1])]);
    check("atan2", |_, x| vec![x[0].atan2(&x[1])]);
    check("hypot", |_, x| vec![x[0].hypot(&x[1])]);
    check("matmul", |_, x| vec![x[0].matmul(&x[1])]);
    check("dot", |_, x| vec![x[0].dot(&x[1])]);
}

#[test]
fn functions_of_one_array_are_those_of_jax() {
    check("exp", |_, x| vec![x[0].exp()]);
    check("ln", |_, x| vec![x[0].ln()]);
    check("tanh", |_, x| vec![x[0].tanh()]);
    check("sqrt", |_, x| vec![x[0].sqrt()]);
    check("sin", |_, x| vec![x[0].sin()]);
    check("softplus", |_, x| vec![x[0].softplus()]);
    check("abs", |_, x| vec![x[0].abs()]);
    check("erf", |_, x| vec![x[0].erf()]);
}
