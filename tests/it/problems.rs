//! The zoo: minima where they are said to be, and derivatives that are right.

use downhill::prelude::*;
use downhill::problems;

#[test]
fn every_function_has_its_minimum_where_it_is_said_to_be() {
    for problem in problems::ALL {
        for minimizer in problem.minimizers {
            let (low, g) = value_and_gradient(problem.function, *minimizer);
            // The minimizers are rounded to 16 digits: the value is off by the curvature times that squared.
            assert!((low - problem.minimum).abs() < 1e-14, "{}: {low:e} at {minimizer:?}", problem.name);
            assert!(g.iter().all(|g| g.abs() < 1e-11), "{}: gradient {g:?} at {minimizer:?}", problem.name);
            for i in 0..minimizer.len() {
                for step in [-1e-3, 1e-3] {
                    let mut x = minimizer.to_vec();
                    x[i] += step;
                    assert!((problem.plain)(&x) > problem.minimum, "{} is lower at {x:?}", problem.name);
                }
            }
        }
    }
}

#[test]
fn every_function_is_the_same_on_numbers_and_on_variables_and_its_gradient_is_right() {
    for problem in problems::ALL {
        let x = problem.start;
        assert_eq!((problem.plain)(x).to_bits(), value(problem.function, x).to_bits(), "{}", problem.name);
        let check = check_gradient(problem.function, x);
        assert!(check.agrees_to(1e-9), "{}: {check}", problem.name);
    }
}
