//! Scalars and arrays on one recording: in whatever order they are made, read, swept and dropped.

use downhill::prelude::*;
use ndarray::{Array1, array};

use crate::misuse::{assert_mistake, mistake};

fn list(array: ndarray::ArrayD<f64>) -> Vec<f64> {
    array.iter().copied().collect()
}

#[test]
fn arrays_and_scalars_are_made_in_any_order() {
    let tape = Tape::new();
    let a = tape.tensor(&array![1.0, 2.0]); // before any scalar
    let early = a.square();
    let s = tape.var(3.0);
    let b = tape.tensor(&array![4.0, 5.0]);
    let from_array = early.at([1]); // read before the next array
    let c = tape.tensor(&array![6.0, 7.0]);
    let t = tape.var(0.5);
    let y = (&b * &c * s).sum() + from_array * t + a.at([0]) * s;
    let gradient = y.backward();
    assert_eq!(list(gradient.wrt(&a)), [3.0, 2.0]);
    assert_eq!(list(gradient.wrt(&b)), [18.0, 21.0]);
    assert_eq!(list(gradient.wrt(&c)), [12.0, 15.0]);
    assert_eq!(gradient.wrt_slice(&[s, t]), [24.0 + 35.0 + 1.0, 4.0]);
}

#[test]
fn an_early_result_is_not_touched_by_what_comes_later() {
    let tape = Tape::new();
    let (x, s) = (tape.tensor(&array![1.0, 2.0]), tape.var(3.0));
    let early = (&x * s).sum().to_var();
    let scalar = early * s;
    let later = (&x * scalar).exp().sum();
    let late_leaf = tape.tensor(&array![9.0]);
    for _ in 0..2 {
        let gradient = early.backward();
        assert_eq!((list(gradient.wrt(&x)), gradient.wrt(s)), (vec![3.0, 3.0], 3.0));
        assert_eq!(list(gradient.wrt(&later)), [0.0]);
        assert_eq!(list(gradient.wrt(&late_leaf)), [0.0]);
        assert!(gradient.view(&late_leaf).is_none());
        let gradient = scalar.backward();
        assert_eq!((list(gradient.wrt(&x)), gradient.wrt(s)), (vec![9.0, 9.0], 18.0));
        let all = later.backward();
        assert!(all.wrt(s) > 0.0 && list(all.wrt(&late_leaf)) == [0.0]);
    }
}

#[test]
fn one_of_several_elements_made_variables_is_a_result() {
    let tape = Tape::new();
    let x = tape.tensor(&array![[1.0, 2.0], [3.0, 4.0]]);
    let elements = x.square().t().to_vars();
    for (k, place) in [[0, 0], [1, 0], [0, 1], [1, 1]].into_iter().enumerate() {
        let gradient = elements[k].backward().wrt(&x);
        let mut wanted = array![[0.0, 0.0], [0.0, 0.0]];
        wanted[place] = 2.0 * elements[k].value().sqrt();
        assert_eq!(gradient, wanted.into_dyn(), "element {k}");
    }
}

#[test]
fn gradients_do_not_change_while_others_are_made() {
    let tape = Tape::new();
    let (x, s) = (tape.tensor(&array![1.0, 2.0, 3.0]), tape.var(2.0));
    let results: Vec<Tensor<f64>> = (1..9).map(|n| (x.powi(n) * s).sum()).collect();
    let gradients: Vec<Gradients> = results.iter().map(|y| y.backward()).collect();
    {
        let inner = Tape::new();
        let z = inner.tensor(Array1::<f64>::ones(50));
        assert_eq!(z.exp().sum().backward().wrt(&z).len(), 50);
    }
    let copies = gradients.clone();
    for (own, n) in gradients.into_iter().zip(1..) {
        let wanted: Vec<f64> =
            [1.0, 2.0, 3.0].iter().map(|x: &f64| 2.0 * f64::from(n) * x.powi(n - 1)).collect();
        assert_eq!(list(own.wrt(&x)), wanted);
        assert_eq!(own.wrt(s), [1.0, 2.0, 3.0].iter().map(|x: &f64| x.powi(n)).sum::<f64>());
    }
    for (own, n) in copies.iter().zip(1..) {
        assert_eq!(list(own.wrt(&x))[1], 2.0 * f64::from(n) * 2f64.powi(n - 1));
    }
}

#[test]
fn gradients_outlive_the_tape_and_the_memory_of_the_next() {
    let tape = Tape::new();
    let x = tape.tensor(&array![1.0, 2.0]);
    let gradient = x.square().sum().backward();
    drop(tape);
    for _ in 0..10 {
        let tape = Tape::new();
        let y = tape.tensor(&array![5.0, 6.0]);
        let _ = y.exp().sum().backward();
    }
    assert_eq!(list(gradient.wrt(&x)), [2.0, 4.0]);
    assert_eq!(list(gradient.wrt(&x.reversed(0))), [4.0, 2.0]);
}

#[test]
fn a_view_has_the_adjoint_of_its_elements() {
    let tape = Tape::new();
    let x = tape.tensor(&array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    let gradient = x.powi(3).sum().backward();
    assert_eq!(gradient.wrt(&x.t()), array![[3.0, 48.0], [12.0, 75.0], [27.0, 108.0]].into_dyn());
    assert_eq!(gradient.wrt(&x.row(1).reversed(0)), array![108.0, 75.0, 48.0].into_dyn());
    assert_eq!(gradient.wrt(&x.slice(1, 1..1)).shape(), [2, 0]);
}

#[test]
fn an_intermediate_array_has_a_gradient() {
    let tape = Tape::new();
    let x = tape.tensor(&array![1.0, 2.0]);
    let y = x.square();
    let z = &y * &y.reversed(0) + &y;
    let gradient = (z.sum() * 2.0).backward();
    assert_eq!(list(gradient.wrt(&z)), [2.0, 2.0]);
    assert_eq!(list(gradient.wrt(&y)), [18.0, 6.0]);
    assert_eq!(list(gradient.wrt(&x)), [36.0, 24.0]);
}

#[test]
fn what_is_not_reached_is_zero_in_every_sweep() {
    let tape = Tape::new();
    let (x, y) = (tape.tensor(&array![1.0, 2.0]), tape.tensor(&array![3.0, 4.0]));
    let [of_x, of_y, of_both] = [x.square().sum(), y.square().sum(), (&x * &y).sum()];
    for _ in 0..3 {
        let both = of_both.backward();
        assert_eq!((list(both.wrt(&x)), list(both.wrt(&y))), (vec![3.0, 4.0], vec![1.0, 2.0]));
        drop(both);
        let first = of_x.backward();
        assert_eq!((list(first.wrt(&x)), list(first.wrt(&y))), (vec![2.0, 4.0], vec![0.0, 0.0]));
        drop(first);
        let second = of_y.backward();
        assert_eq!((list(second.wrt(&x)), list(second.wrt(&y))), (vec![0.0, 0.0], vec![6.0, 8.0]));
    }
}

#[test]
fn nothing_flows_through_an_infinite_slope_where_nothing_comes() {
    let tape = Tape::new();
    let (x, s) = (tape.tensor(&array![0.0, 4.0]), tape.var(0.0));
    let roots = x.sqrt();
    let y = roots.at([1]) + (roots.slice(0, 1..) * s).sum();
    let gradient = y.backward();
    assert_eq!((list(gradient.wrt(&x)), gradient.wrt(s)), (vec![0.0, 0.25], 2.0));
}

#[test]
fn terms_of_a_sum_may_compute_with_arrays() {
    let in_arrays = |x: &[Var]| {
        sum_of(x, 5, |t, i| {
            let v = Tensor::of_vars(t, [3]) * (i as f64 + 1.0);
            let m = v.insert_axis(1).dot(v.insert_axis(0)).tanh();
            m.sum().to_var() * t[i % 3]
        }) * x[0]
    };
    let in_scalars = |x: &[Var]| {
        let mut sum = Var::from(0.0);
        for i in 0..5 {
            let v: Vec<Var> = x.iter().map(|x| x * (i as f64 + 1.0)).collect();
            let m: Var = v.iter().flat_map(|a| v.iter().map(move |b| (a * b).tanh())).sum();
            sum += m * x[i % 3];
        }
        sum * x[0]
    };
    let x = [0.3, -0.2, 0.5];
    assert_close(&gradient(in_arrays, &x), &gradient(in_scalars, &x));
    assert_close(&hvp(in_arrays, &x, &[1.0, 2.0, 3.0]), &hvp(in_scalars, &x, &[1.0, 2.0, 3.0]));
}

#[track_caller]
fn assert_close(own: &[f64], wanted: &[f64]) {
    assert_eq!(own.len(), wanted.len());
    for (a, b) in own.iter().zip(wanted) {
        assert!((a - b).abs() <= 1e-13 * b.abs().max(1.0), "{own:?}, not {wanted:?}");
    }
}

#[test]
fn scalar_operations_of_their_own_stand_beside_arrays() {
    let tape = Tape::new();
    let x = tape.tensor(&array![1.0, 2.0]);
    let [a, b] = [x.at([0]), x.at([1])];
    let y = external("product", &[a, b], 2.0, |adjoint, to| (to[0], to[1]) = (2.0 * adjoint[0], adjoint[0]));
    let z = (&x * y).sum().to_var(); // 2 (1 + 2) = 6
    let w = statement([z, a, b], |[z, a, b]| z * a + b * b);
    let u = custom("cube", [w], w.value().powi(3), [3.0 * w.value().powi(2)]);
    let last = checkpointed(&[u / 1000.0, a], &[b], 10, 3, |s, p, _| {
        s[0] += p[0] * s[1] * 0.1;
        s[1] *= 0.9;
    });
    let result = (Tensor::of_vars(&last, [2]) * &x).sum() + log_sum_exp(&x.to_vars());
    let in_scalars = |[a, b]: [Var; 2]| {
        let z = (a + b) * a * b;
        let w = z * a + b * b;
        let (mut s, mut t) = (w.powi(3) / 1000.0, a);
        for _ in 0..10 {
            s += b * t * 0.1;
            t *= 0.9;
        }
        s * a + t * b + (a.exp() + b.exp()).ln()
    };
    let wanted = gradient(in_scalars, [1.0, 2.0]);
    for _ in 0..2 {
        assert_close(&list(result.backward().wrt(&x)), &wanted);
    }
    // A rule may use arrays of its own while the sweep waits.
    let ruled = external("rule", &[a], 1.0, |adjoint, to| {
        let inner = Tape::new();
        let v = inner.tensor(&array![3.0, 4.0]);
        to[0] = adjoint[0] * (&v * &v).sum().backward().wrt(&v)[[1]];
    });
    assert_eq!(list((&x * ruled).sum().backward().wrt(&x)), [25.0, 1.0]);
}

#[test]
fn a_rule_that_panics_leaves_the_arrays_as_they_were() {
    let tape = Tape::new();
    let x = tape.tensor(&array![1.0, 2.0]);
    let fails = external("fails", &[x.at([0])], 1.0, |_, _| panic!("of its own"));
    let sum = (&x * fails).sum();
    assert_eq!(mistake(|| sum.backward()).message, "of its own");
    assert_eq!(list(x.square().sum().backward().wrt(&x)), [2.0, 4.0]);
    let kept = x.clone();
    let (line, reads) = (line!(), external("reads", &[x.at([0])], 1.0, move |_, _| drop(&kept + 1.0)));
    assert_mistake(line, "the rule of `reads`", || reads.backward());
    assert_eq!(list(x.square().sum().backward().wrt(&x)), [2.0, 4.0]);
}

#[test]
fn an_inner_recording_takes_arrays_of_the_outer_one_as_numbers() {
    let outer = Tape::new();
    let x = outer.tensor(&array![1.0, 2.0]);
    let y = x.square();
    {
        let inner = Tape::new();
        let z = inner.tensor(&y); // a variable with the same elements
        let gradient = (&z * &y.detach()).sum().backward();
        assert_eq!(list(gradient.wrt(&z)), [1.0, 4.0]);
        assert_mistake(line!(), "two recordings that are both live", || &z + &y);
        assert_mistake(line!(), "two recordings that are both live", || y.dot(&z));
        let elements = [z.at([0]), y.at([0])];
        assert_mistake(line!(), "two recordings that are both live", || Tensor::of_vars(&elements, [2]));
        assert_mistake(line!(), "another recording than the one it comes from", || gradient.wrt(&x));
        let more = y.exp().sum(); // the outer recording goes on
        let expected = [2.0 * 1f64.exp(), 4.0 * 4f64.exp()]; // many exponentials at once may be off by an ulp
        for (own, expected) in list(more.backward().wrt(&x)).into_iter().zip(expected) {
            assert!((own - expected).abs() <= 1e-15 * expected, "{own}, not {expected}");
        }
    }
    assert_eq!(list(y.sum().backward().wrt(&x)), [2.0, 4.0]);
    let nested = gradient(|s| derivative(|t| (Tensor::from(t) * 3.0).sum().to_var() * t, 2.0) * s, 5.0);
    assert_eq!(nested, 12.0);
}

#[test]
fn arrays_of_an_ended_recording_are_numbers_only() {
    const ENDED: &str = "a variable of a recording that has ended";
    let tape = Tape::new();
    let (x, s) = (tape.tensor(&array![1.0, 2.0]), tape.var(1.0));
    let y = x.square();
    drop(tape);
    assert_eq!(y.view(), array![1.0, 4.0].into_dyn());
    assert_eq!(y.detach().sum().value(), 5.0);
    assert_mistake(line!(), ENDED, || &x + 1.0);
    assert_mistake(line!(), ENDED, || x.exp());
    assert_mistake(line!(), ENDED, || -&x);
    assert_mistake(line!(), ENDED, || 2.0 / &x);
    assert_mistake(line!(), ENDED, || x.dot(&y));
    assert_mistake(line!(), ENDED, || y.sum());
    assert_mistake(line!(), ENDED, || y.sum_axis(0));
    assert_mistake(line!(), ENDED, || y.at([0]));
    assert_mistake(line!(), ENDED, || y.to_vars());
    assert_mistake(line!(), ENDED, || y.slice(0, ..1).to_var());
    assert_mistake(line!(), ENDED, || y.slice(0, ..1).backward());
    assert_mistake(line!(), ENDED, || Tensor::of_vars(&[s], [1]));
    assert_mistake(line!(), ENDED, || Tensor::from(s));
    assert_mistake(line!(), ENDED, || Tensor::from(array![1.0]) * s);
    let other = Tape::new();
    let live = other.tensor(&array![1.0, 2.0]);
    assert_mistake(line!(), ENDED, || &live + &y);
    assert_mistake(line!(), ENDED, || &y * &live);
    assert_eq!(list(live.sum().backward().wrt(&live)), [1.0, 1.0]);
}

#[test]
fn constants_have_no_gradient() {
    let tape = Tape::new();
    let (x, c) = (tape.tensor(&array![1.0, 2.0]), Tensor::from(array![3.0, 4.0]));
    let gradient = (&x * &c).sum().backward();
    assert_mistake(line!(), "by a constant array", || gradient.wrt(&c));
    assert_mistake(line!(), "by a constant array", || gradient.wrt(&x.detach()));
    // The result is a constant: it depends on nothing.
    assert_eq!(list(c.sum().backward().wrt(&x)), [0.0, 0.0]);
}

#[test]
fn another_thread_may_read_arrays_but_not_compute_with_them() {
    let tape = Tape::new();
    let x = tape.tensor(&array![1.0, 2.0]);
    let (sent, gradient) = (x.square(), x.square().sum().backward());
    let there = std::thread::spawn(move || {
        assert_mistake(line!(), "a variable of another thread", || &sent + 1.0);
        assert_mistake(line!(), "a variable of another thread", || sent.at([0]));
        let own = Tape::new();
        let z = own.tensor(&sent);
        assert_eq!(list(z.square().sum().backward().wrt(&z)), [2.0, 8.0]);
        (sent.view().sum(), gradient.wrt(&sent).shape().to_vec())
    });
    let (sum, shape) = there.join().expect("no panic");
    assert_eq!((sum, shape), (5.0, vec![2]));
    assert_eq!(list(x.sum().backward().wrt(&x)), [1.0, 1.0]);
}

#[test]
fn a_recording_of_many_arrays_fills_several_chunks() {
    let grows = |n: usize| {
        let tape = Tape::new();
        let x = tape.tensor(Array1::from_shape_fn(n, |i| i as f64 / n as f64));
        let mut all = vec![x.clone()];
        for k in 0..30 {
            let last = &all[all.len() - 1];
            all.push(last * 0.5 + &x * f64::from(k % 3));
        }
        let gradient = all.iter().fold(Tensor::from(0.0), |sum, y| sum + y.sum()).backward();
        let mut slopes = vec![1.0];
        for k in 0..30 {
            slopes.push(slopes[k] * 0.5 + f64::from(k as u32 % 3));
        }
        let wanted: f64 = slopes.iter().sum();
        assert!(gradient.wrt(&x).iter().all(|g| (g - wanted).abs() < 1e-12), "{n}");
        for (y, slope) in all.iter().zip(&slopes) {
            let last = (n - 1) as f64 / n as f64;
            assert!((y.view()[[n - 1]] - slope * last).abs() < 1e-12, "{n}");
        }
    };
    [700, 3, 1500, 5000, 10, 700].into_iter().for_each(grows);
}

#[test]
fn an_array_that_is_held_keeps_its_numbers() {
    let mut held = Vec::new();
    for k in 0..20 {
        let tape = Tape::new();
        let x = tape.tensor(Array1::from_elem(300, f64::from(k)));
        let y = (&x * 2.0 + 1.0).square();
        if k % 3 == 0 {
            held.push((k, y.slice(0, 5..8), x.reversed(0), y.sum().backward(), x.clone()));
        }
    }
    for (k, y, x, gradient, leaf) in held {
        let k = f64::from(k);
        assert!(y.view().iter().all(|&y| y == (2.0 * k + 1.0).powi(2)));
        assert!(x.view().iter().all(|&x| x == k));
        assert!(gradient.wrt(&leaf).iter().all(|&g| g == 4.0 * (2.0 * k + 1.0)));
    }
}

#[test]
fn single_and_double_precision_share_a_recording() {
    let tape = Tape::new();
    let (x, y) = (tape.tensor(&array![1.0f32, 2.0]), tape.tensor(&array![3.0f64, 4.0]));
    let bridge = x.square().sum().to_var(); // 5
    let z = (&y * bridge).sum() * x.at([1]);
    let gradient = z.backward();
    assert_eq!(gradient.wrt(&x), array![7.0f32 * 2.0 * 2.0, 7.0 * 4.0 * 2.0 + 35.0].into_dyn());
    assert_eq!(gradient.wrt(&y), array![10.0, 10.0].into_dyn());
    let traced = Tape::traced();
    assert_mistake(line!(), "an array of `f32`", || traced.tensor(&array![1.0f32]));
    assert_mistake(line!(), "an array was used on a traced tape", || traced.tensor(&array![1.0]));
    let s = traced.var(1.0);
    assert_mistake(line!(), "an array was used on a traced tape", || Tensor::from(s));
    assert_eq!((s * 2.0).backward().wrt(s), 2.0);
}

#[test]
fn an_expansion_with_arrays_may_go_to_another_thread() {
    let here = Expansion::of(|x: &[Var]| Tensor::of_vars(x, [2]).powi(3).sum().to_var(), &[1.0, 2.0]);
    let there = std::thread::spawn(move || here.hvp(&[1.0, 1.0]));
    assert_eq!(there.join().expect("no panic"), [6.0, 12.0]);
}
