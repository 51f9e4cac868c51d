//! Functions that bring their own derivatives: known at once, or by a rule that the sweep asks.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use downhill::prelude::*;

/// What `f` panics with.
#[track_caller]
fn message<T>(f: impl FnOnce() -> T) -> String {
    match catch_unwind(AssertUnwindSafe(f)) {
        Ok(_) => panic!("it should panic"),
        Err(what) => what
            .downcast_ref::<String>()
            .cloned()
            .or_else(|| what.downcast_ref::<&str>().map(|s| s.to_string())),
    }
    .expect("a message")
}

/// `(xy, x/y)` by a rule.
fn product_and_quotient(x: Var, y: Var) -> [Var; 2] {
    let (a, b) = (x.value(), y.value());
    external("product and quotient", &[x, y], [a * b, a / b], move |adjoints, to| {
        to[0] = adjoints[0] * b + adjoints[1] / b;
        to[1] = adjoints[0] * a - adjoints[1] * a / (b * b);
    })
}

#[test]
fn partials_known_at_once_flow_as_those_of_plain_operations() {
    for n in [0, 1, 2, 4, 5, 40] {
        let start: Vec<f64> = (0..n).map(|i| 0.5 + i as f64).collect();
        let weights: Vec<f64> = (0..n).map(|i| 1.0 - i as f64 / 4.0).collect();
        let value: f64 = start.iter().zip(&weights).map(|(x, w)| x * w).sum();
        let f = |x: &[Var]| {
            let inputs: Vec<Var> = x.iter().map(|x| 2.0 * x - 1.0).collect();
            custom("weights", inputs, value, &weights).exp() * 0.0
                + custom("weights", x, value, weights.as_slice())
        };
        assert_eq!(value_and_gradient(f, &start), (value, weights.clone()), "{n} inputs");
    }
    let g = gradient(
        |[x, y]| custom("product", [x, y, 7.0.into()], 6.0, [y.value(), x.value(), f64::NAN]),
        [2.0, 3.0],
    );
    assert_eq!(g, [3.0, 2.0]);
    assert!(custom("constant", [Var::from(1.0)], 2.0, [3.0]).is_constant());
    let text = message(|| custom("table", [Var::from(1.0)], 2.0, [3.0, 4.0]));
    assert_eq!(
        text,
        "downhill: the custom function `table` was given 1 inputs and 2 partials; it needs as many"
    );
}

#[test]
fn a_rule_is_asked_once_a_sweep_and_not_for_a_zero_adjoint() {
    let asked = Rc::new(Cell::new(0));
    let tape = Tape::new();
    let [x, y] = tape.vars([3.0, 2.0]);
    let count = Rc::clone(&asked);
    let u: Var = external("double", &[x + 1.0, 5.0.into(), x * y], 14.0, move |adjoint, to| {
        assert!(to.iter().all(|&to| to == 0.0), "zeros at first");
        count.set(count.get() + 1);
        to.copy_from_slice(&[adjoint[0], f64::NAN, 2.0 * adjoint[0]]);
    });
    assert_eq!((u.value(), asked.get()), (14.0, 0));
    let z = u * u + u.sin() * 0.0 + x;
    // u = (x + 1) + 2xy − … : ∂x = 1 + 2y, ∂y = 2x.
    for round in 1..=3 {
        assert_eq!(z.backward().wrt_slice(&[x, y]), [28.0 * 5.0 + 1.0, 28.0 * 6.0]);
        assert_eq!(asked.get(), round);
    }
    assert_eq!((u * 3.0).backward().wrt_slice(&[x, y]), [15.0, 18.0]);
    assert_eq!(((x * y).max(u - 20.0)).backward().wrt_slice(&[x, y]), [2.0, 3.0]);
    assert_eq!(asked.get(), 4, "not asked where nothing flows");
    drop(tape);
    assert_eq!(Rc::strong_count(&asked), 1, "the rule ends with the recording");
}

#[test]
fn a_rule_of_several_values_has_the_slopes_of_plain_operations() {
    let by_rule = |[x, y]: [Var; 2]| {
        let [p, q] = product_and_quotient(x * y, y + 1.0);
        let [r, _] = product_and_quotient(p.watch(), q * 2.0 + x);
        let [_, s] = product_and_quotient(r + 1.0, 2.0.into());
        [p, q, r, s, x].iter().sum::<Var>() * s
    };
    let plain = |[x, y]: [Var; 2]| {
        let (p, q) = (x * y * (y + 1.0), x * y / (y + 1.0));
        let r = p * (q * 2.0 + x);
        let s = (r + 1.0) / 2.0;
        [p, q, r, s, x].iter().sum::<Var>() * s
    };
    let (value, slopes) = value_and_gradient(plain, [1.5, 0.75]);
    let (got, partials) = value_and_gradient(by_rule, [1.5, 0.75]);
    assert!((got - value).abs() <= 4.0 * f64::EPSILON * value.abs());
    for (got, wanted) in partials.iter().zip(slopes) {
        assert!((got - wanted).abs() <= 16.0 * f64::EPSILON * wanted.abs(), "{got:e}, not {wanted:e}");
    }
    // Within terms, whose leaves gather, and with a sweep of its own within the term.
    let terms = |f: fn([Var; 2]) -> Var, own: bool| {
        gradient(
            |x| {
                sum_of(x, 5, |t, i| {
                    let y = f([t[0] + i as f64, t[1]]);
                    if own { y * y.backward().wrt(t[0]) } else { y }
                })
            },
            &[1.5, 0.75],
        )
    };
    for own in [false, true] {
        let (got, wanted) = (terms(by_rule, own), terms(plain, own));
        for (got, wanted) in got.iter().zip(&wanted) {
            assert!((got - wanted).abs() <= 64.0 * f64::EPSILON * wanted.abs(), "{got:e}, not {wanted:e}");
        }
    }
}

#[test]
fn the_shape_of_the_values_is_the_shape_of_the_variables() {
    let tape = Tape::new();
    let x = tape.var(2.0);
    let numbers: Vec<Var> =
        external("powers", &[x], &[2.0, 4.0, 8.0], |a, to| to[0] = a[0] + 4.0 * a[1] + 12.0 * a[2]);
    assert_eq!(numbers.iter().map(|y| y.backward().wrt(x)).collect::<Vec<_>>(), [1.0, 4.0, 12.0]);
    assert_eq!((numbers[0] + numbers[2]).backward().wrt(x), 13.0);
    let none: [Var; 0] = external("nothing", &[x], [], |_, _| unreachable!());
    assert!(none.is_empty());
    let constant: Var = external("constant", &[Var::from(1.0)], 3.0, |_, _| unreachable!());
    assert!(constant.is_constant());
    assert_eq!((x * x).backward().wrt(x), 4.0);
}

#[test]
fn a_rule_may_make_recordings_of_its_own() {
    // The root of y² = x by Newton's method; the slope by a gradient inside the rule.
    fn root(x: Var) -> Var {
        let (a, y) = (x.value(), x.value().sqrt());
        external("root", &[x], y, move |adjoint, to| {
            let [by_y, by_x] = gradient(|[y, x]| y * y - x, [y, a]);
            to[0] = -adjoint[0] * by_x / by_y + sum_of(&[1.0.into()], 2, |t, _| t[0]).value() * 0.0;
        })
    }
    assert_eq!(gradient(|[x, y]| root(x * y) * root(x), [4.0, 4.0]), [0.5 * 2.0 + 1.0, 1.0]);
}

#[test]
fn a_rule_does_not_compute_with_the_variables_of_its_recording() {
    let tape = Tape::new();
    let [x, y] = tape.vars([3.0, 2.0]);
    let uses: [fn(Var, Var); 5] = [
        |x, y| {
            let _ = x * y;
        },
        |x, _| {
            x.watch();
        },
        |x, _| drop(x.backward()),
        |x, y| {
            dot(&[x; 9], &[y; 9]);
        },
        |x, y| {
            statement([x, y, x], |[a, b, c]| a * b * c);
        },
    ];
    for uses in uses {
        let z: Var = external("meddler", &[x], 1.0, move |_, to| {
            uses(x, y);
            to[0] = 1.0;
        });
        let text = message(|| (z * y).backward());
        assert!(text.contains("the rule of `meddler` used a variable"), "{text}");
        assert_eq!((x * y).backward().wrt_slice(&[x, y]), [2.0, 3.0]);
    }
}

#[test]
fn a_rule_that_panics_leaves_the_recording_as_it_was() {
    let tape = Tape::new();
    let [x, y] = tape.vars([3.0, 2.0]);
    let fails = Rc::new(Cell::new(true));
    let failing = Rc::clone(&fails);
    let z: Var = external("moody", &[x, y], 6.0, move |adjoint, to| {
        assert!(!failing.get(), "mine");
        to.copy_from_slice(&[2.0 * adjoint[0], 3.0 * adjoint[0]]);
    });
    let w = z * x + y;
    assert!(message(|| w.backward()).contains("mine"));
    assert_eq!((x * y).backward().wrt_slice(&[x, y]), [2.0, 3.0]);
    assert!(message(|| w.backward()).contains("mine"));
    fails.set(false);
    assert_eq!(w.backward().wrt_slice(&[x, y]), [12.0, 10.0]);
    // Caught in a term, what has gathered stays; through a gradient, nothing is left behind.
    fails.set(true);
    let careful = |x: &[Var]| {
        sum_of(x, 4, |t, i| {
            let bad: Var = external("bad", t, 1.0, |_, _| panic!("mine"));
            if i == 2 {
                assert!(message(|| (bad * t[0]).backward()).contains("mine"));
            }
            t[0] * t[1]
        })
    };
    assert_eq!(gradient(careful, &[2.0, 3.0]), [12.0, 8.0]);
    let bad = |x: Var| -> Var { external("bad", &[x], 1.0, |_, _| panic!("mine")) };
    assert!(message(|| gradient(|[x, y]| bad(x) * y, [1.0, 2.0])).contains("mine"));
    assert!(
        message(|| gradient(
            |x| sum_of(x, 3, |t, i| if i == 1 { bad(t[0]) } else { t[0] * t[1] }),
            &[1.0, 2.0]
        ))
        .contains("mine")
    );
    assert_eq!(gradient(careful, &[2.0, 3.0]), [12.0, 8.0]);
}

#[test]
fn a_rule_may_own_a_recording_or_end_its_own() {
    let outer = Tape::new();
    let x = outer.var(2.0);
    {
        let tape = Tape::new();
        let y = tape.var(3.0);
        let owned = Rc::new(RefCell::new(None));
        let kept = Rc::clone(&owned);
        let z: Var = external("owner", &[y], 3.0, move |adjoint, to| {
            to[0] = adjoint[0];
            *kept.borrow_mut() = Some(Tape::new());
        });
        assert_eq!(z.backward().wrt(y), 1.0);
        assert_eq!((y * y).backward().wrt(y), 6.0, "below a recording that the rule left open");
        owned.borrow_mut().take();
        let guard = Rc::new(RefCell::new(Some(tape)));
        let own = Rc::clone(&guard);
        let z: Var = external("gone", &[y], 3.0, move |_, _| drop(own.borrow_mut().take()));
        let text = message(|| (z * y).backward());
        assert!(text.contains("a recording that has ended"), "{text}");
    }
    assert_eq!((x * x).backward().wrt(x), 4.0);
}
