//! Recordings that are large, deep, many, or on several threads; and the terms and statements that keep them small.

use std::thread;

use downhill::prelude::*;

/// Runs `f` on a thread with a stack of 64 KiB, in which nothing can recurse over a recording.
fn on_a_small_stack(f: impl FnOnce() + Send + 'static) {
    let spawned = thread::Builder::new().stack_size(64 * 1024).spawn(f);
    if let Err(failure) = spawned.expect("a thread").join() {
        std::panic::resume_unwind(failure);
    }
}

#[test]
fn ten_million_operations_record_and_reverse_without_recursion() {
    on_a_small_stack(|| {
        const STEPS: usize = 5_000_000;
        let (start, step) = (1.0, 2f64.powi(-20));
        let tape = Tape::new();
        let [a, b] = tape.vars([1.0, step]);
        let mut x = Var::from(start);
        for _ in 0..STEPS {
            x = x * a + b;
        }
        let n = STEPS as f64;
        // Every partial sum is a multiple of 2⁻²⁰ below 2³³, and thus exact: so are the results.
        assert_eq!(x.value(), start + n * step);
        let g = x.backward();
        assert_eq!(g.wrt(b), n);
        assert_eq!(g.wrt(a), n * start + step * (n * (n - 1.0) / 2.0));
        // A sum of as many terms is one node, with as many edges.
        let sum: Var = (0..STEPS).map(|i| if i % 2 == 0 { a } else { b }).sum();
        assert_eq!(sum.backward().wrt_slice(&[a, b]), [n / 2.0; 2]);
    });
}

#[test]
fn the_memory_of_a_large_recording_serves_small_ones_without_a_trace() {
    let power = |x: Var, n: usize| (1..n).fold(x, |power, _| power * x);
    for n in [100_000, 3, 50_000, 2, 1] {
        let tape = Tape::new();
        let x = tape.var(1.0);
        let y = power(x.watch(), n) + [x, x * x, x, x * x, x, x * x].iter().sum::<Var>();
        assert_eq!(y.backward().wrt(x), n as f64 + 9.0);
        // Leaves of another number in the same slots.
        let more = tape.vars(&vec![2.0; n]);
        assert_eq!(more.iter().copied().sum::<Var>().backward().wrt_slice(&more), vec![1.0; n]);
    }
    assert_eq!(derivative(|x| power(x, 3), 2.0), 12.0);
}

#[test]
fn recordings_nest_a_thousand_deep() {
    let tapes: Vec<Tape> = (0..1000).map(|_| Tape::new()).collect();
    let variables: Vec<Var> = tapes.iter().map(|tape| tape.var(3.0)).collect();
    // Into each of them, outermost first: only the last is at hand.
    let cubes: Vec<Var> = variables.iter().map(|&x| x * x * x + x * (x * x)).collect();
    for (&cube, &x) in cubes.iter().zip(&variables) {
        assert_eq!(cube.backward().wrt(x), 54.0);
    }
    // A `Vec` drops its first element first: taken from the back they end in order.
    for tape in tapes.into_iter().rev() {
        drop(tape);
    }
    assert_eq!(derivative(|x| x * x, 3.0), 6.0);
}

#[test]
fn an_inner_gradient_of_values_or_of_its_own_variables_is_right() {
    // f(x, y) = x · h(x) y with h = d/dt (t² c) at t = 2, c the value of x: in the calculus of the outer recording, a
    // plain number.
    let (value, outer) = value_and_gradient(
        |[x, y]| {
            let c = x.value();
            let h = derivative(|t| t * t * c, 2.0);
            x * h * y
        },
        [3.0, 5.0],
    );
    assert_eq!((value, outer), (180.0, [60.0, 36.0]));
    let inner = gradient(|x| x * gradient(|[t, u]| t * u * u, [2.0, 3.0])[1], 7.0);
    assert_eq!(inner, 12.0);
}

#[test]
fn operations_on_outer_variables_alone_are_recorded_outside() {
    for n in [1, 10, 5000] {
        // As many as make the outer recording grow while it is not the innermost.
        let outer = gradient(
            |[x, y]| {
                let mut product = x * 1.0;
                let mut many = x;
                let slope = derivative(
                    |t| {
                        for _ in 0..n {
                            product *= y;
                        }
                        many = [x, y, product, x, y, product].iter().sum();
                        (t * t * product.value()).watch()
                    },
                    0.5,
                );
                product * slope + many.watch()
            },
            [3.0, 1.0],
        );
        let n = f64::from(n);
        assert_eq!(outer, [3.0 + 2.0 + 2.0, 9.0 * n + 2.0 + 6.0 * n], "{n} products");
    }
}

#[test]
fn threads_record_side_by_side() {
    let threads: Vec<_> = (1..=8)
        .map(|k| {
            thread::spawn(move || {
                for round in 0..200 {
                    let n = 10 * k + round % 5;
                    let start: Vec<f64> = (0..n).map(|i| f64::from(i + k)).collect();
                    let g = gradient(
                        |x| sum_of(x, x.len() - 1, |x, i| x[i] * x[i + 1]) + x.iter().sum::<Var>(),
                        &start,
                    );
                    for (i, &slope) in g.iter().enumerate() {
                        let neighbours =
                            if i > 0 { start[i - 1] } else { 0.0 } + start.get(i + 1).unwrap_or(&0.0);
                        assert_eq!(slope, neighbours + 1.0);
                    }
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().expect("every thread is right");
    }
}

/// Holds `f` made of dual numbers against the same made of variables.
macro_rules! assert_statement {
    ($($n:literal)*) => { $( {
        fn f<R: Real>(x: [R; $n]) -> R {
            let mut y = x[0].sin() + 1.0;
            for i in 0..$n {
                y = y * x[i] + (x[i] * x[$n - 1 - i]).exp() / (y * y + 1.0);
            }
            y
        }
        // As they are, repeated, with constants, as intermediates with slopes, and constants alone.
        let shapes: [fn([Var; $n]) -> [Var; $n]; 5] = [
            |x| x,
            |x| std::array::from_fn(|i| x[i / 2]),
            |x| std::array::from_fn(|i| if i % 2 == 0 { x[i].detach() } else { x[i] }),
            |x| std::array::from_fn(|i| if i % 2 == 0 { x[i] * x[0] } else { 1.0 - x[i / 2] * 0.5 }),
            |x| x.map(Var::detach),
        ];
        let at: [f64; $n] = std::array::from_fn(|i| 0.9 - 0.2 * i as f64);
        for (k, shape) in shapes.iter().enumerate() {
            let (y, g) = value_and_gradient(|x| statement(shape(x), f) * 2.0, at);
            let (wanted, slopes) = value_and_gradient(|x| f(shape(x)) * 2.0, at);
            assert_eq!(y, wanted, "{} inputs, shape {k}: the same operations on the same numbers", $n);
            let largest = slopes.iter().fold(0.0, |largest: f64, slope| largest.max(slope.abs()));
            for (got, wanted) in g.iter().zip(slopes) {
                // Forward and in reverse the same products are added up in another order.
                assert!((got - wanted).abs() <= 16.0 * f64::EPSILON * largest, "{} inputs, {k}: {got:e}, {wanted:e}", $n);
            }
        }
    } )* };
}

#[test]
fn a_statement_has_the_value_and_the_derivatives_of_plain_arithmetic() {
    assert_statement!(1 2 3 4 5 6);
}

fn term(t: &[Var], i: usize) -> Var {
    let x = t[i % t.len()] * t[0] - 0.25 * i as f64;
    x * x + t[(i + 1) % t.len()].sin() * t[i % t.len()]
}

#[test]
fn a_sum_of_terms_has_the_value_and_the_derivatives_of_a_plain_sum() {
    type Shape = fn(&[Var]) -> Vec<Var>;
    // Intermediates have slopes other than 1; the watched one a node that keeps its adjoint.
    let shapes: [Shape; 6] = [
        |x| x.to_vec(),
        |x| x.iter().map(|&x| 3.0 * x - 1.0).collect(),
        |x| x.iter().map(|&y| (x[0] * y).watch()).collect(),
        |x| vec![x[0], x[1] * x[2], x[0], -x[0]],
        |x| vec![x[0].detach(), x[1], 0.5.into(), x[2] * x[1], x[1] * 2.0],
        |x| x.iter().map(|x| x.detach()).collect(),
    ];
    let start = [0.5, -0.75, 1.25];
    for (k, shape) in shapes.iter().enumerate() {
        for n in [1, 2, 7, 100] {
            let (y, g) = value_and_gradient(|x| sum_of(&shape(x), n, term) * 2.0 + x[1], &start);
            let plain =
                |x: &[Var]| (0..n).fold(0.0.into(), |sum: Var, i| sum + term(&shape(x), i)) * 2.0 + x[1];
            let (wanted, slopes) = value_and_gradient(plain, &start);
            assert_eq!(y, wanted, "{n} terms, shape {k}: added up in the same order");
            let size = wanted.abs().max(1.0);
            for (got, wanted) in g.iter().zip(slopes) {
                // The slopes gather in another order: a rounding per term at most.
                let bound = (8.0 + n as f64) * f64::EPSILON * size;
                assert!((got - wanted).abs() <= bound, "{n} terms, shape {k}: {got:e}, not {wanted:e}");
            }
        }
    }
}

#[test]
fn a_sum_of_no_terms_or_of_constant_ones_is_that_number() {
    // On threads of their own, where no recording before has left any memory.
    for n in [0, 1, 5] {
        let there = thread::spawn(move || {
            value_and_gradient(|x| sum_of(x, n, |_, i| Var::from(i as f64)), &[3.0, 4.0])
        });
        let wanted = (0..n).sum::<usize>() as f64;
        assert_eq!(there.join().expect("no panic"), (wanted, vec![0.0; 2]), "{n} terms");
    }
    // Without any variable it is a plain sum.
    assert!(sum_of(&[], 3, |_, i| Var::from(i as f64)).is_constant());
}

#[test]
fn sums_of_terms_nest_and_their_terms_may_do_anything() {
    let x = [2.0, 3.0];
    // Σᵢ tᵢ Σⱼ (t₀ + j) t₁ = (t₀ + t₁) (3 t₀ + 3) t₁ for i < 2, j < 3.
    let nested = |x: &[Var]| sum_of(x, 2, |t, i| t[i] * sum_of(t, 3, |t, j| (t[0] + j as f64) * t[1]));
    assert_eq!(
        value_and_gradient(nested, &x),
        (135.0, vec![3.0 * 3.0 * (2.0 * 2.0 + 3.0 + 1.0), 9.0 * (2.0 + 2.0 * 3.0)])
    );
    let mut terms = 0;
    let f = |x: &[Var]| {
        sum_of(x, 4, |t, i| {
            terms += 1;
            match i {
                0 => 5.0.into(),
                1 => t[1],
                2 => statement([t[0], t[1]], |[a, b]| a * b) + (t[0] * t[1]).watch() * t.iter().sum::<Var>(),
                _ => t[0] * derivative(|s| s * s, t[1].value()) + norm(t) * 0.0,
            }
        })
    };
    let g = gradient(f, &x);
    // x₁ + x₀x₁ + x₀x₁(x₀ + x₁) + x₀ · 6, whose last factor is a plain number.
    assert_eq!((g, terms), (vec![3.0 + 6.0 + 15.0 + 6.0, 1.0 + 2.0 + 6.0 + 10.0], 4));
}

#[test]
fn a_term_of_a_sum_may_run_backward_itself() {
    // Each term multiplies by its own slope, a plain number: Σ t² · (2t), differentiated with the slope held fast.
    let f = |x: &[Var]| {
        sum_of(x, 3, |t, _| {
            let square = t[0] * t[0];
            square * square.backward().wrt(t[0])
        })
    };
    let plain = |x: &[Var]| x[0] * x[0] * (2.0 * x[0].value()) * 3.0;
    assert_eq!(value_and_gradient(f, &[3.0]), value_and_gradient(plain, &[3.0]));
    assert_eq!(value_and_gradient(f, &[3.0]), (162.0, vec![108.0]));
}

#[test]
fn a_recording_that_is_just_full_goes_on_after_every_interruption() {
    // Whatever the number of slots at first, one of these lengths uses up the last of them just before a sweep, a new
    // leaf, a watched node, a long sum or a nested recording. A thread of its own each: the next recording of the same
    // thread would find more room.
    for (interruption, length) in (0..5).flat_map(|k| (250..262).map(move |length| (k, length))) {
        on_a_small_stack(move || interrupted(interruption, length));
    }
}

fn interrupted(interruption: i32, length: u32) {
    let tape = Tape::new();
    let [x, y] = tape.vars([1.0, 1.0]);
    let mut z = x * y;
    for _ in 1..length {
        z = z * 1.0 + x;
    }
    match interruption {
        0 => assert_eq!(z.backward()[y], 1.0),
        1 => z += tape.var(0.0) * 0.0,
        2 => z = z.watch(),
        3 => z += [x, y, z, y, x, y].iter().map(|v| *v * 0.0).sum::<Var>(),
        _ => assert_eq!(gradient(|[a, b]| a * b, [2.0, 3.0]), [3.0, 2.0]),
    }
    for _ in 0..300 {
        z = z * 1.0 + x;
    }
    let g = z.backward();
    assert_eq!((g[x], g[y]), (f64::from(length + 300), 1.0), "{interruption} after {length}");
}

/// Recording leaves its fast path by a call that the compiler does not see: no register may change on the way.
#[cfg(target_arch = "x86_64")]
#[allow(unsafe_code, reason = "code for processors with AVX, which is asked for first")]
mod registers {
    use std::arch::x86_64::*;
    use std::hint::black_box;

    use downhill::prelude::*;

    /// Sixteen sums of four numbers, in registers of 256 bits, beside a product recorded in each round.
    #[target_feature(enable = "avx")]
    fn rounds(x: Var, y: Var) -> (Vec<[f64; 4]>, Var) {
        let (mut sums, mut z) = ([_mm256_setzero_pd(); 16], x);
        for round in 0..5_000 {
            for (k, sum) in sums.iter_mut().enumerate() {
                *sum = _mm256_add_pd(*sum, _mm256_set_pd(1.0, 2.0, f64::from(round), k as f64));
            }
            z = statement([x * y, x, y], |[a, b, c]| a + b + c) * x;
        }
        let stored = sums.map(|sum| {
            let mut numbers = [0.0; 4];
            // SAFETY: there is room for four numbers.
            unsafe { _mm256_storeu_pd(numbers.as_mut_ptr(), sum) };
            numbers
        });
        (stored.to_vec(), z)
    }

    /// Fourteen sums in the lower halves.
    fn plain_rounds(x: Var, y: Var) -> ([f64; 14], Var) {
        let (mut sums, mut z) = ([0.0; 14], x);
        for round in 0..5_000 {
            let step = black_box(f64::from(round));
            for (k, sum) in sums.iter_mut().enumerate() {
                *sum += step * k as f64;
            }
            z = x * y;
        }
        (sums, z)
    }

    #[test]
    fn no_number_changes_where_recording_leaves_its_fast_path() {
        // On a thread of its own, whose memory has yet to grow.
        std::thread::spawn(|| {
            let tape = Tape::new();
            let [x, y] = tape.vars([2.0, 3.0]);
            let (sums, z) = plain_rounds(black_box(x), black_box(y));
            assert_eq!(sums, std::array::from_fn(|k| 2_500.0 * 4_999.0 * k as f64));
            assert_eq!(z.backward().wrt_array([x, y]), [3.0, 2.0]);
        })
        .join()
        .expect("no number changed");
    }

    #[test]
    fn no_register_changes_where_recording_leaves_its_fast_path() {
        if !is_x86_feature_detected!("avx") {
            return;
        }
        let wanted: Vec<[f64; 4]> =
            (0..16).map(|k| [5_000.0 * f64::from(k), 2_500.0 * 4_999.0, 10_000.0, 5_000.0]).collect();
        std::thread::spawn(move || {
            // Once where the memory grows, and once in an outer recording, where every operation takes that way.
            for outer in [false, true] {
                let tape = Tape::new();
                let [x, y] = tape.vars([2.0, 3.0]);
                let inner = outer.then(Tape::new);
                // SAFETY: the processor has AVX.
                let (sums, z) = unsafe { rounds(black_box(x), black_box(y)) };
                assert_eq!(sums, wanted, "outer: {outer}");
                drop(inner);
                // (xy + x + y) x
                assert_eq!(
                    z.backward().wrt_array([x, y]),
                    [2.0 * 2.0 * 3.0 + 2.0 * 2.0 + 3.0, 2.0 * 2.0 + 2.0]
                );
            }
        })
        .join()
        .expect("no register changed");
    }
}
