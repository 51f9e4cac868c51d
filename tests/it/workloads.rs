//! The workloads of `benches/`: plain code, gradients by hand and gradients by the crate compute the same.

#[path = "../../benches/workloads/mod.rs"]
#[allow(dead_code, reason = "the benches use all of it")]
mod benched;

use benched::{Case, black_scholes, bundle, euler, mixture, perceptron, rosenbrock};

/// The three add up the same numbers in other orders: a few hundred roundings of 10⁻¹⁶ each, which may cancel down to a
/// thousandth of the largest component, are below 10⁻¹² of it.
const SAME: f64 = 1e-12;

/// The stencil's own error: its rounding, 10⁻¹⁶ of the value divided by steps of 10⁻³, and the sixth power of the step.
const STENCIL: f64 = 1e-7;

/// All at sizes at which the whole test is a moment's work.
fn small() -> Vec<Case> {
    vec![
        rosenbrock::case(2),
        rosenbrock::case(10),
        rosenbrock::case(1_000),
        mixture::case(3, 4, 20),
        mixture::case(10, 5, 20),
        bundle::case(40),
        perceptron::case(2),
        black_scholes::case(200),
        euler::case(10, 252),
    ]
}

/// How far `a` is from `b`, relative to it, and to no less than a thousandth of `scale`.
fn distance(a: f64, b: f64, scale: f64) -> f64 {
    let error = (a - b).abs() / b.abs().max(1e-3 * scale);
    if error.is_nan() { f64::INFINITY } else { error }
}

fn largest(numbers: &[f64]) -> f64 {
    numbers.iter().fold(0.0, |largest, x| largest.max(x.abs()))
}

/// The gradient of the value, which adds up the rows of each block.
fn of_value(case: &Case, derivatives: &[f64]) -> Vec<f64> {
    let (rows, columns) = case.block;
    let block = |block: &[f64]| -> Vec<f64> {
        (0..columns).map(|j| (0..rows).map(|i| block[i * columns + j]).sum()).collect()
    };
    derivatives.chunks_exact(rows * columns).flat_map(block).collect()
}

/// The six-point stencil of the plain code in coordinate `i`.
fn stencil(case: &Case, i: usize) -> f64 {
    let mut x = case.point.clone();
    let h = (1e-3 * x[i].abs().max(0.25)).log2().round().exp2();
    let mut difference = |k: f64| {
        x[i] = case.point[i] + k * h;
        let above = (case.plain)(&x);
        x[i] = case.point[i] - k * h;
        above - (case.plain)(&x)
    };
    (45.0 * difference(1.0) - 9.0 * difference(2.0) + difference(3.0)) / (60.0 * h)
}

#[test]
fn all_agree() {
    for case in &mut small() {
        let (name, n) = (&case.name, case.derivatives());
        let value = (case.plain)(&case.point);
        let mut expected = vec![f64::NAN; n];
        let by_hand = (case.by_hand)(&case.point, &mut expected);
        assert!(distance(by_hand, value, value) < SAME, "{name}: {by_hand} by hand, not {value}");
        let scale = largest(&expected);
        assert!(scale > 0.0, "{name}: the gradient vanishes");
        for (variant, f) in &mut case.ours {
            let mut derivatives = vec![f64::NAN; n];
            // Twice: the memory is a used one the second time.
            for _ in 0..2 {
                let ours = f(&case.point, &mut derivatives);
                assert!(distance(ours, value, value) < SAME, "{name}, {variant}: {ours}, not {value}");
                for i in 0..n {
                    let error = distance(derivatives[i], expected[i], scale);
                    let (ours, by_hand) = (derivatives[i], expected[i]);
                    assert!(
                        error < SAME,
                        "{name}, {variant}, {i}: {ours:e}, {by_hand:e} by hand; off by {error:e}"
                    );
                }
            }
        }
    }
}

#[test]
fn gradients_by_hand_agree_with_differences() {
    for case in &mut small() {
        let mut derivatives = vec![0.0; case.derivatives()];
        (case.by_hand)(&case.point, &mut derivatives);
        let gradient = of_value(case, &derivatives);
        let (n, scale) = (gradient.len(), largest(&gradient));
        // Seventeen, spread over all kinds of parameters: the stride has no factor in common with their counts.
        for i in (0..n.min(17)).map(|i| (i * 7_919) % n) {
            let (by_hand, differences) = (gradient[i], stencil(case, i));
            let error = distance(by_hand, differences, scale);
            assert!(
                error < STENCIL,
                "{}, {i}: {by_hand:e} by hand, {differences:e} by differences",
                case.name
            );
        }
    }
}

#[test]
fn inputs_are_those_of_the_generator() {
    // By its definition, from seed 1: the first state is the sum of the two constants modulo 2⁶⁴.
    let first = 6364136223846793005u64.wrapping_add(1442695040888963407) >> 11;
    assert_eq!(rosenbrock::point(1), [4.0 * first as f64 / 2f64.powi(53) - 2.0]);
    let counts =
        [(mixture::case(10, 25, 1), 1_650), (mixture::case(32, 25, 1), 14_025), (perceptron::case(1), 4_810)];
    for (case, parameters) in counts {
        assert_eq!(case.point.len(), parameters, "{}", case.name);
    }
}

/// Bytes of a recording, adjoints included, for each operation of the plain code, its literals not counted.
#[test]
fn an_operation_takes_a_few_bytes_of_memory() {
    use downhill::prelude::*;
    let chain = |x: &[Var]| {
        x.windows(2).fold(Var::from(0.0), |sum, p| {
            sum + (100.0 * (p[1] - p[0] * p[0]).powi(2) + (1.0 - p[0]).powi(2))
        })
    };
    let paths = euler::Paths::new(4, 252);
    let net = perceptron::Perceptron::new(2);
    type Workload<'a> = (&'a str, Vec<f64>, f64, Box<dyn Fn(&[Var]) -> Var + 'a>, f64);
    let workloads: [Workload; 4] = [
        ("Rosenbrock's chain", vec![0.5; 1_000], 8.0 * 999.0, Box::new(chain), 12.1),
        (
            "Euler paths, six a step",
            euler::START.to_vec(),
            4.0 * (6.0 * 252.0 + 4.0),
            Box::new(|x| paths.price(x)),
            21.4,
        ),
        (
            "Black–Scholes",
            vec![100.0, 105.0, 0.03, 0.2, 1.5],
            26.0,
            Box::new(|x| black_scholes::call([x[0], x[1], x[2], x[3], x[4]])),
            16.0,
        ),
        (
            "perceptron, two a weight",
            net.start.clone(),
            2.0 * 2.0 * (64.0 * 64.0 + 64.0 * 10.0),
            Box::new(|x| net.loss(x)),
            18.3,
        ),
    ];
    for (name, x, operations, f, most) in &workloads {
        let tape = Tape::new();
        let x = tape.vars(&x[..]);
        let before = tape.bytes();
        let y = f(&x);
        assert!(y.value().is_finite());
        let each = (tape.bytes() - before) as f64 / operations;
        println!("{name}: {each:.1} bytes an operation");
        assert!(each <= *most, "{name}: {each} bytes an operation");
    }
}
