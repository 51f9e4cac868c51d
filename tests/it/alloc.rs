//! After the first evaluations on a thread, a gradient allocates nothing.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use downhill::array::{Conv, Indices, concat, einsum};
use downhill::prelude::*;

thread_local! {
    /// Allocations of this thread. Per thread, so that tests running beside do not count; without a destructor and
    /// without lazy initialisation, so that the allocator may touch it at any time.
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
    /// Bytes that this thread has allocated and not freed, and the most there were.
    static BYTES: Cell<[i64; 2]> = const { Cell::new([0; 2]) };
}

/// The system's allocator, counting. It clears the vector registers, as any function may: code that forgot to save them
/// shows.
struct Counting;

#[global_allocator]
static COUNTING: Counting = Counting;

#[allow(unsafe_code, reason = "an allocator cannot be written otherwise; every call is passed on as it is")]
// SAFETY: each method passes its arguments on to `System` unchanged, whose contract is the same; the count beside is a
// plain thread-local cell and does not allocate.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        weigh(layout.size() as i64);
        // SAFETY: the caller's promises are those `System` asks for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count();
        weigh(layout.size() as i64);
        // SAFETY: as above.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count();
        weigh(size as i64 - layout.size() as i64);
        // SAFETY: as above.
        unsafe { System.realloc(block, layout, size) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        weigh(-(layout.size() as i64));
        // SAFETY: as above.
        unsafe { System.dealloc(block, layout) }
    }
}

fn count() {
    ALLOCATIONS.set(ALLOCATIONS.get() + 1);
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx") {
        #[target_feature(enable = "avx")]
        fn spoil() {
            std::arch::x86_64::_mm256_zeroall();
        }
        #[allow(unsafe_code, reason = "the processor has AVX")]
        // SAFETY: it was asked for.
        unsafe {
            spoil()
        };
    }
}

fn weigh(more: i64) {
    let [now, most] = BYTES.get();
    BYTES.set([now + more, most.max(now + more)]);
}

/// The most bytes in use while `f` runs, beyond those in use before.
fn bytes(f: impl FnOnce()) -> i64 {
    let [before, _] = BYTES.get();
    BYTES.set([before; 2]);
    f();
    BYTES.get()[1] - before
}

/// Bytes that this thread has allocated and not freed.
pub(crate) fn live_bytes() -> i64 {
    BYTES.get()[0]
}

/// Allocations of `f`.
pub(crate) fn allocations(f: impl FnOnce()) -> u64 {
    let before = ALLOCATIONS.get();
    f();
    ALLOCATIONS.get() - before
}

/// The first evaluation finds every list its size; a hundred after it must do with that.
#[track_caller]
fn assert_steady(what: &str, mut evaluation: impl FnMut()) {
    evaluation();
    let count = allocations(|| (0..100).for_each(|_| evaluation()));
    assert_eq!(count, 0, "{what} allocates");
}

fn point(n: usize) -> Vec<f64> {
    (0..n).map(|i| 0.5 + i as f64 / 64.0).collect()
}

#[test]
fn the_counter_counts() {
    // Otherwise every test here would pass without a meaning.
    assert_eq!(allocations(|| drop(std::hint::black_box(Box::new(1.0)))), 1);
    assert_eq!(allocations(|| drop(std::hint::black_box(vec![0.0; 9]))), 1);
    assert!(
        allocations(|| drop(gradient(|x| x[0] * x[1], &[1.0, 2.0]))) >= 1,
        "the gradient is a fresh `Vec`"
    );
}

/// A chain of operations, each of its own node.
fn chain(x: &[Var]) -> Var {
    let mut sum = x[0] * x[0];
    for pair in x.windows(2) {
        sum += (1.0 - pair[0]).powi(2) + 100.0 * (pair[1] - pair[0] * pair[0]).powi(2);
    }
    sum
}

/// What it is, and the function.
type Objective = (&'static str, fn(&[Var]) -> Var);

const OBJECTIVES: [Objective; 16] = [
    ("a constant", |_| 1.0.into()),
    ("a leaf", |x| x[0]),
    ("a chain", chain),
    ("a sum", |x| x.iter().map(|x| x * x).sum()),
    ("a product", |x| x.iter().take(20).product()),
    ("a sum within a sum", |x| x.iter().map(|y| x.iter().take(9).map(|x| x * y).sum::<Var>()).sum()),
    ("a scalar product", |x| dot(x, x).sqrt() + dot(x, &[1.0; 1000][..x.len()])),
    ("scalar products of scattered variables", |x| {
        x.iter().skip(1).map(|&y| dot(&[y, x[0], y * x[0], x[0], y], &[1.0; 5])).sum()
    }),
    ("scalar products of rows with rows", |x| {
        x.windows(6).map(|x| dot(&x[..5], &x[1..]) + dot(&x[..2], &x[1..3]) * dot(x, &[0.5; 6])).sum()
    }),
    ("a custom function", |x| {
        x.iter().map(|&x| custom("square", [x], x.value().powi(2), [2.0 * x.value()])).sum()
    }),
    ("a custom function of many", |x| custom("sum", x, 1.0, &[1.0; 1000][..x.len()])),
    ("a norm and a log-sum-exp", |x| norm(x) + log_sum_exp(x)),
    ("a sum of terms", |x| sum_of(x, 50, |t, i| (t[i % t.len()] * t[0] - 1.0).powi(2))),
    ("a sum of sums of terms", |x| {
        sum_of(x, 5, |t, i| t[i % t.len()] * sum_of(t, 5, |t, j| t[0] * t[j % t.len()]))
    }),
    ("a statement", |x| x.iter().map(|&x| statement([x, x * 2.0], |[x, y]| x * y + x.sin())).sum()),
    ("a statement of six", |x| {
        statement([x[0]; 6].map(|x| x * x), |v| v.into_iter().sum()) * x[x.len() - 1].watch()
    }),
];

#[test]
fn a_gradient_over_a_slice_allocates_nothing() {
    for (name, f) in OBJECTIVES {
        for n in [1, 10, 1000] {
            let (x, mut g) = (point(n), vec![0.0; n]);
            assert_steady(&format!("{name} of {n}"), || {
                value_and_gradient_into(f, &x, &mut g);
            });
        }
    }
}

#[test]
fn a_gradient_over_an_array_or_a_number_allocates_nothing() {
    let mut g = [0.0; 3];
    assert_steady("an array", || {
        value_and_gradient_into(|[x, y, z]| (x * y).sin() + y * z, [1.0, 2.0, 3.0], &mut g);
    });
    assert_steady("an array's own gradient", || {
        std::hint::black_box(gradient(|[x, y, z]| (x * y).sin() + y * z, [1.0, 2.0, 3.0]));
    });
    assert_steady("a derivative", || {
        std::hint::black_box(derivative(|x| x.sin() * x, 2.0));
    });
}

#[test]
fn nested_evaluations_allocate_nothing() {
    let (x, mut outer, mut inner) = (point(10), vec![0.0; 10], [0.0; 2]);
    assert_steady("three deep", || {
        let f = |x: &[Var]| {
            let at = [x[0].value(), x[1].value()];
            value_and_gradient_into(|[a, b]| a * b * derivative(|c| c * c, 3.0), at, &mut inner);
            chain(x) * inner[0]
        };
        value_and_gradient_into(f, &x, &mut outer);
    });
    assert_steady("beside a tape that lives", || {
        let tape = Tape::new();
        let [a, b] = tape.vars([1.0, 2.0]);
        value_and_gradient_into(chain, &x, &mut outer);
        std::hint::black_box(a * b);
    });
}

#[test]
fn evaluations_of_different_sizes_share_one_memory() {
    // The larger of two warms up for both, in whatever order they come.
    let (small, large) = (point(3), point(1000));
    let (mut g, mut h) = (vec![0.0; 3], vec![0.0; 1000]);
    assert_steady("small and large in turn", || {
        value_and_gradient_into(chain, &large, &mut h);
        for (_, f) in OBJECTIVES {
            value_and_gradient_into(f, &small, &mut g);
            value_and_gradient_into(f, &large, &mut h);
        }
    });
}

#[test]
fn a_recurrence_of_a_million_steps_takes_the_memory_of_a_few_thousand() {
    const STEPS: usize = 1_000_000;
    fn step(state: &mut [Var], parameters: &[Var], _: usize) {
        state[0] += 1e-6 * state[1];
        state[1] -= 1e-6 * parameters[0] * state[0];
    }
    // On threads of their own, whose memory has yet to grow.
    let measured = |evaluate: fn([Var; 2]) -> Var| {
        std::thread::spawn(move || {
            let mut slopes = [0.0; 2];
            let most = bytes(|| slopes = gradient(evaluate, [0.5, 2.0]));
            (most, slopes)
        })
        .join()
        .expect("no panic")
    };
    let (most, slopes) = measured(|[x, k]| checkpointed(&[x, 1.0.into()], &[k], STEPS, 2_000, step)[0]);
    let (plain, wanted) = measured(|[x, k]| {
        let mut state = [x, 1.0.into()];
        (0..3_000).for_each(|i| step(&mut state, &[k], i));
        state[0]
    });
    assert!(most < plain, "{most} bytes, and {plain} for 3,000 steps");
    assert!(
        wanted[0] > 0.99 && (slopes[0] - 2f64.sqrt().cos()).abs() < 1e-5,
        "{slopes:?}: the cosine of √k t"
    );
}

/// One step of training: images through a convolution, words through a table.
#[test]
fn a_step_over_arrays_allocates_nothing() {
    let numbers = |shape: [usize; 4]| {
        Tensor::from(ndarray::Array4::from_shape_fn(shape, |(i, j, k, l)| {
            (i + 2 * j + 3 * k + l) as f32 / 16.0
        }))
    };
    let (images, weights) = (numbers([2, 3, 8, 8]), numbers([4, 3, 3, 3]));
    let (table, words) = (numbers([1, 1, 10, 4]), Indices::from([3, 1, 3]));
    let options = Conv::default().padding([1, 1]);
    let step = || {
        let tape = Tape::new();
        let (weights, table) = (tape.tensor(&weights), tape.tensor(&table));
        let seen = images.conv2d(&weights, options).max_pool2d([2, 2], [2, 2], [0, 0]);
        let seen = seen.avg_pool2d([4, 4], [4, 4], [0, 0]).reshape([2, 4]);
        let read = table.reshape([10, 4]).take(&words, 0);
        let both = concat(&[&seen, &read], 0).pad(&[(0, 1), (1, 0)], 0.0);
        let products = einsum("bi,ci->bc", &seen, &read);
        let loss = (products.sum() + both.square().sum()).to_var();
        assert!(loss.backward().view(&weights).is_some());
    };
    step(); // by its end the recording knows how much memory it takes
    assert_steady("a step over arrays", step);
}
