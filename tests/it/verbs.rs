//! Every verb × every way to ask wrongly, or for nothing: a panic at the caller's line, or the right zero.

use std::thread;

use downhill::diff::{Closure, Objective};
use downhill::prelude::*;
use ndarray::{Array2, array};

use crate::misuse::assert_mistake;

type Function<'a> = &'a dyn Fn(&[Var]) -> Var;

/// A verb that is asked about a function of two variables: the line it is called at, its name, the call.
type Verb = (u32, &'static str, Box<dyn Fn(Function)>);

/// A verb on the line of the macro, which is the line that a panic has to name.
macro_rules! verb {
    ($name:ident, |$f:ident, $x:ident| $call:expr) => {
        (
            line!(),
            stringify!($name),
            Box::new(|$f: Function| {
                let $x = &[2.0, 3.0];
                let _ = $call;
            }) as _,
        )
    };
}

#[rustfmt::skip]
fn verbs() -> Vec<Verb> {
    vec![
        verb!(gradient, |f, x| gradient(f, x)),
        verb!(gradient, |f, x| gradient(|[x, y]| f(&[x, y]), *x)),
        verb!(value_and_gradient, |f, x| value_and_gradient(f, &x.to_vec())),
        verb!(value_and_gradient_into, |f, x| value_and_gradient_into(f, x, &mut [0.0; 2])),
        verb!(derivative, |f, x| derivative(|y| f(&[y, y]), x[0])),
        verb!(directional, |f, x| directional(f, x, &[1.0; 2])),
        verb!(check_gradient, |f, x| check_gradient(f, x)),
        verb!(jacobian, |f, x| jacobian(f, x)),
        verb!(jacobian, |f, x| jacobian(|x: &[Var]| vec![x[0], f(x)], x)),
        verb!(jvp, |f, x| jvp(f, x, &[1.0; 2])),
        verb!(vjp, |f, x| vjp(f, x, &[1.0])),
        verb!(hessian, |f, x| hessian(f, x)),
        verb!(hvp, |f, x| hvp(f, x, &[1.0; 2])),
        verb!(laplacian, |f, x| laplacian(f, x)),
        verb!(mixed_partial, |f, x| mixed_partial(f, x, 0, 1)),
        verb!(third_directional, |f, x| third_directional(f, x, &[1.0; 2])),
        verb!(expansion, |f, x| Expansion::of(f, x)),
        verb!(closure, |f, x| Closure::new(f, x).value_and_gradient(x, &mut [0.0; 2])),
    ]
}

#[test]
fn no_verb_takes_a_result_from_another_recording() {
    let outer = Tape::new();
    let live = outer.var(1.0);
    let ended = Tape::new().var(1.0);
    let foreign = thread::spawn(|| Tape::new().var(1.0)).join().expect("makes a variable");
    for (line, name, verb) in verbs() {
        println!("{name}");
        assert_mistake(line, "returned a variable of an outer recording", || verb(&|_| live));
        assert_mistake(line, "returned a variable of an outer recording", || verb(&|_| live * 2.0 + 1.0));
        assert_mistake(line, "a variable of a recording that has ended", || verb(&|_| ended));
        assert_mistake(line, "a variable of another thread", || verb(&|_| foreign.sin()));
    }
    // Nothing is differentiated here, so there is no derivative that could be lost.
    assert_eq!(value(|_| live + 1.0, 5.0), 2.0);
}

#[test]
fn no_verb_mixes_recordings() {
    let outer = Tape::new();
    let live = outer.var(1.0);
    let ended = Tape::new().var(1.0);
    for (_, name, verb) in verbs() {
        println!("{name}");
        assert_mistake(line!(), "two recordings that are both live", || verb(&|x| x[0] * live + x[1]));
        assert_mistake(line!(), "a variable of a recording that has ended", || verb(&|x| x[1].powf(ended)));
        assert_mistake(line!(), "two recordings that are both live", || verb(&|x| dot(x, &[live, live])));
    }
}

#[test]
fn a_recording_may_be_under_way_outside_every_verb() {
    let outer = Tape::new();
    let x = outer.vars([2.0, 3.0]);
    for (_, _, verb) in verbs() {
        verb(&|y| y[0] * y[1] + x[0].value());
    }
    assert_eq!((x[0] * x[1]).backward().wrt_slice(&x), [3.0, 2.0]);
}

#[test]
fn a_constant_has_the_derivatives_zero() {
    let (x, three) = (&[2.0, 3.0], |_: &[Var]| Var::from(3.0));
    assert_eq!(value(three, x), 3.0);
    assert_eq!(value_and_gradient(three, x), (3.0, vec![0.0; 2]));
    assert_eq!(value_and_gradient(|[_, _]| Var::from(3.0), *x), (3.0, [0.0; 2]));
    let mut room = [7.0; 2];
    assert_eq!((value_and_gradient_into(three, x, &mut room), room), (3.0, [0.0; 2]));
    assert_eq!(derivative(|_| 3.0.into(), 2.0), 0.0);
    // A detached result does not vary any more.
    assert_eq!(gradient(|x| (x[0] * x[1]).detach(), x), [0.0; 2]);
    assert_eq!(directional(three, x, &[1.0, 2.0]), 0.0);
    let check = check_gradient(three, x);
    assert!(check.agrees_to(0.0) && check.gradient == [0.0; 2] && check.stencil == [0.0; 2], "{check}");
    assert_eq!(jacobian(three, x), array![[0.0, 0.0]]);
    assert_eq!(jacobian(|x: &[Var]| [x[1], Var::from(3.0)], x), array![[0.0, 1.0], [0.0, 0.0]]);
    assert_eq!(jvp(three, x, &[1.0, 2.0]), [0.0]);
    assert_eq!(vjp(three, x, &[5.0]), [0.0; 2]);
    assert_eq!(hessian(three, x), Array2::<f64>::zeros((2, 2)));
    assert_eq!(hvp(three, x, &[1.0, 2.0]), [0.0; 2]);
    assert_eq!(laplacian(three, x), 0.0);
    assert_eq!(mixed_partial(three, x, 0, 1), 0.0);
    assert_eq!(third_directional(three, x, &[1.0, 2.0]), 0.0);
    assert_eq!(jacobian_forward(|_: [Duals<2>; 2]| [Duals::constant(3.0)], *x), ([3.0], [[0.0; 2]]));
    assert_eq!(taylor(|_| Series::from(3.0), 2.0), [3.0, 0.0, 0.0, 0.0]);
    let here = Expansion::of(three, x);
    assert_eq!((here.values(), here.gradient()), (vec![3.0], vec![0.0; 2]));
    assert_eq!(here.hvps(&[&[1.0, 2.0], &[2.0, 1.0], &[0.0; 2]]), vec![vec![0.0; 2]; 3]);
    let mut constant = Closure::new(three, x);
    assert_eq!((constant.value(x), constant.value_and_gradient(x, &mut room), room), (3.0, 3.0, [0.0; 2]));
}

#[test]
fn linear_functions_and_arguments_themselves_have_no_second_derivatives() {
    let x = &[2.0, 3.0];
    for f in [(|x| x[1]) as fn(&[Var]) -> Var, |x| x[0] - 2.0 * x[1], |x| -x[0], |x| x.iter().sum()] {
        assert_eq!(hessian(f, x), Array2::<f64>::zeros((2, 2)));
        assert_eq!(hvp(f, x, &[1.0, 2.0]), [0.0; 2]);
        assert_eq!((laplacian(f, x), mixed_partial(f, x, 1, 1)), (0.0, 0.0));
        assert_eq!(third_directional(f, x, &[1.0, 2.0]), 0.0);
    }
}

#[test]
fn a_function_of_no_variables_has_empty_derivatives() {
    let (x, three): (&[f64], _) = (&[], |_: &[Var]| Var::from(3.0));
    assert_eq!(value(three, x), 3.0);
    assert_eq!(value_and_gradient(three, x), (3.0, vec![]));
    assert_eq!(value_and_gradient(|[]| 3.0.into(), []), (3.0, []));
    assert_eq!(value_and_gradient_into(|x| x.iter().sum(), x, &mut []), 0.0);
    assert_eq!(directional(three, x, &[]), 0.0);
    let check = check_gradient(three, x);
    assert!(check.agrees() && check.worst().is_none(), "{check}");
    assert_eq!(jacobian(three, x).dim(), (1, 0));
    assert_eq!(jacobian(|_: &[Var]| [Var::from(3.0); 20], x).dim(), (20, 0));
    assert_eq!(jacobian(|_: &[Var]| Vec::<Var>::new(), x).dim(), (0, 0));
    assert_eq!(jvp(three, x, &[]), [0.0]);
    assert_eq!(vjp(three, x, &[1.0]), [0.0; 0]);
    assert_eq!(hessian(three, x).dim(), (0, 0));
    assert_eq!(hvp(three, x, &[]), [0.0; 0]);
    assert_eq!(laplacian(three, x), 0.0);
    assert_eq!(third_directional(three, x, &[]), 0.0);
    assert_mistake(line!(), "coordinates 0 and 0 of 0", || mixed_partial(three, x, 0, 0));
    assert_eq!(jacobian_forward(|[]| [Duals::constant(3.0)], []), ([3.0], [[]]));
    let here = Expansion::of(three, x);
    assert_eq!((here.values(), here.gradient()), (vec![3.0], vec![]));
    assert_eq!(here.hvps(&[]), Vec::<Vec<f64>>::new());
    assert_eq!(here.hvps(&[&[], &[], &[]]), vec![Vec::<f64>::new(); 3]);
    assert_eq!(Closure::new(three, x).value_and_gradient(&[], &mut []), 3.0);
}

#[test]
fn a_function_of_no_results_has_an_empty_jacobian_and_nothing_else() {
    let (x, none) = (&[2.0, 3.0], |_: &[Var]| Vec::<Var>::new());
    assert_eq!(jacobian(none, x).dim(), (0, 2));
    assert_eq!(jvp(none, x, &[1.0; 2]), [0.0; 0]);
    assert_eq!(vjp(none, x, &[]), [0.0; 2]);
    assert_eq!(jacobian_forward(|_: [Duals<2>; 2]| [], *x), ([], []));
    let here = Expansion::of(none, x);
    assert_eq!(here.values(), [0.0; 0]);
    let words = "the function returned no result";
    assert_mistake(line!(), words, || here.gradient());
    assert_mistake(line!(), words, || here.hvp(&[1.0; 2]));
    assert_mistake(line!(), words, || here.hvps(&[]));
    assert_mistake(line!(), words, || here.hessian());
    assert_mistake(line!(), words, || here.mixed_partial(0, 1));
    assert_mistake(line!(), words, || here.third_directional(&[1.0; 2]));
}

#[test]
fn every_verb_says_which_length_it_was_given_and_which_it_needs() {
    let (x, f) = (&[2.0, 3.0], |x: &[Var]| x[0] * x[1]);
    let here = Expansion::of(f, x);
    for n in [0, 1, 3, 20] {
        let (v, mut room) = (vec![1.0; n], vec![0.0; n]);
        let words = format!("a direction of {n} numbers was given; here it needs 2");
        assert_mistake(line!(), &words, || jvp(f, x, &v));
        assert_mistake(line!(), &words, || hvp(f, x, &v));
        assert_mistake(line!(), &words, || third_directional(f, x, &v));
        assert_mistake(line!(), &words, || here.jvp(&v));
        assert_mistake(line!(), &words, || here.hvp(&v));
        assert_mistake(line!(), &words, || here.hvps(&[&[1.0; 2], &v]));
        assert_mistake(line!(), &words, || here.third_directional(&v));
        let words = format!("a direction for 2 variables needs 2 components, and has {n}");
        assert_mistake(line!(), &words, || directional(f, x, &v));
        let words = format!("the gradient of 2 variables needs room for 2 numbers, and was given {n}");
        assert_mistake(line!(), &words, || value_and_gradient_into(f, x, &mut room.clone()));
        let mut closure = Closure::new(f, x);
        let words = format!("takes 2 variables, and was given a point of length {n}");
        assert_mistake(line!(), &words, || closure.value(&v));
        assert_mistake(line!(), &words, || closure.value_and_gradient(&v, &mut [0.0; 2]));
        let words = format!("takes 2 variables, and was given room for a gradient of length {n}");
        assert_mistake(line!(), &words, || closure.value_and_gradient(x, &mut room));
    }
    for m in [0, 2, 9] {
        let words = format!("the list of weights of {m} numbers was given; here it needs 1");
        assert_mistake(line!(), &words, || vjp(f, x, &vec![1.0; m]));
        assert_mistake(line!(), &words, || here.vjp(&vec![1.0; m]));
    }
    for (i, j) in [(0, 2), (2, 0), (7, 7), (usize::MAX, 0)] {
        let words = format!("coordinates {i} and {j} of 2 was asked for; they count from 0");
        assert_mistake(line!(), &words, || mixed_partial(f, x, i, j));
        assert_mistake(line!(), &words, || here.mixed_partial(i, j));
    }
}

struct Cube;

impl Formula for Cube {
    fn eval<R: Real>(&self, x: &[R]) -> R {
        x[0].powi(3)
    }
}

#[test]
fn a_taylor_polynomial_has_the_orders_there_are() {
    assert_eq!(Cube.taylor(2.0, 0), [8.0]);
    assert_eq!(Cube.taylor(2.0, 31)[..4], [8.0, 12.0, 6.0, 1.0]);
    for order in [32, 33, usize::MAX] {
        let words = format!("goes up to order 31, and {order} was asked for");
        assert_mistake(line!(), &words, || Cube.taylor(2.0, order));
    }
    assert_eq!(taylor(|x| x * x, 2.0), [4.0]);
}
