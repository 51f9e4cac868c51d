//! Random programs on scalars and arrays of one recording, beside the same in scalars alone.

use downhill::prelude::*;

use super::check::Draw;

/// Elements of each array.
const N: usize = 3;

/// Numbers that a program starts from: an array and two scalars.
const ARGUMENTS: usize = N + 2;

/// One operation; numbers say which array or scalar made so far, counted back from the last.
#[derive(Debug, Clone, Copy)]
enum Step {
    AddArrays(usize, usize),
    MultiplyArrays(usize, usize),
    Tanh(usize),
    Reverse(usize),
    Rotate(usize),
    ByScalar(usize, usize),
    WithConstant(usize),
    Outer(usize, usize),
    Sum(usize),
    Dot(usize, usize),
    Element(usize, usize),
    OfVars(usize, usize),
    Multiply(usize, usize),
    Sine(usize),
    Together(usize, usize),
}

fn steps(seed: usize) -> Vec<Step> {
    let mut draw = Draw::of(&format!("program {seed}"));
    let mut below = |n: usize| (draw.between(0.0, n as f64) as usize).min(n - 1);
    let count = 4 + below(20);
    let mut steps = Vec::new();
    for _ in 0..count {
        let (a, b) = (below(4), below(4));
        steps.push(match below(15) {
            0 => Step::AddArrays(a, b),
            1 => Step::MultiplyArrays(a, b),
            2 => Step::Tanh(a),
            3 => Step::Reverse(a),
            4 => Step::Rotate(a),
            5 => Step::ByScalar(a, b),
            6 => Step::WithConstant(a),
            7 => Step::Outer(a, b),
            8 => Step::Sum(a),
            9 => Step::Dot(a, b),
            10 => Step::Element(a, b % N),
            11 => Step::OfVars(a, b),
            12 => Step::Multiply(a, b),
            13 => Step::Sine(a),
            _ => Step::Together(a, b),
        });
    }
    steps
}

/// Element `back` from the end, or the first.
fn back<T: Clone>(list: &[T], back: usize) -> T {
    list[list.len().saturating_sub(1 + back)].clone()
}

const CONSTANTS: [f64; N] = [0.5, -1.5, 0.25];

/// What the last of both kinds come to, and one made on the way.
fn results(scalars: &[Var], elements: &[Vec<Var>]) -> Vec<Var> {
    let array = &elements[elements.len() - 1];
    let middle = &elements[elements.len() / 2];
    vec![
        scalars[scalars.len() - 1] + array[0] * array[N - 1],
        array[1] * scalars[scalars.len() / 2],
        middle[0].sin(),
    ]
}

fn in_arrays(steps: &[Step], x: &[Var]) -> Vec<Var> {
    let mut arrays = vec![Tensor::of_vars(&x[..N], [N])];
    let mut scalars = x[N..].to_vec();
    for &step in steps {
        let (a, s) = (|k| back(&arrays, k), |k| back(&scalars, k));
        let array = |made: Tensor<f64>| (Some(made), None);
        let scalar = |made: Var| (None, Some(made));
        let (array, scalar) = match step {
            Step::AddArrays(i, j) => array(a(i) + a(j) * 0.5),
            Step::MultiplyArrays(i, j) => array(a(i) * a(j)),
            Step::Tanh(i) => array(a(i).tanh()),
            Step::Reverse(i) => array(a(i).reversed(0)),
            Step::Rotate(i) => {
                let twice = a(i).broadcast([2, N]).reshape([2 * N]);
                array(twice.slice(0, 1..N + 1))
            }
            Step::ByScalar(i, j) => array(a(i) * s(j)),
            Step::WithConstant(i) => array(1.0 - a(i) * &ndarray::arr1(&CONSTANTS)),
            Step::Outer(i, j) => {
                let m = a(i).insert_axis(1) * a(j);
                array(m.t().dot(a(i)).tanh() + m.diag())
            }
            Step::Sum(i) => scalar(a(i).sum().to_var() * 0.3),
            Step::Dot(i, j) => scalar(a(i).dot(a(j)).to_var().sin()),
            Step::Element(i, j) => scalar(a(i).at([j])),
            Step::OfVars(i, j) => array(Tensor::of_vars(&[s(i), 0.5.into(), 2.0 * s(j).cos()], [N])),
            Step::Multiply(i, j) => scalar(s(i) * s(j)),
            Step::Sine(i) => scalar(s(i).sin()),
            Step::Together(i, j) => scalar((a(i) * s(j)).to_vars().into_iter().sum::<Var>().tanh()),
        };
        arrays.extend(array);
        scalars.extend(scalar);
    }
    results(&scalars, &arrays.iter().map(|array| array.to_vars()).collect::<Vec<_>>())
}

fn in_scalars(steps: &[Step], x: &[Var]) -> Vec<Var> {
    let mut arrays = vec![x[..N].to_vec()];
    let mut scalars = x[N..].to_vec();
    for &step in steps {
        let (a, s) = (|k| back(&arrays, k), |k| back(&scalars, k));
        let each = |f: &dyn Fn(usize) -> Var| (Some((0..N).map(f).collect::<Vec<Var>>()), None);
        let scalar = |made: Var| (None, Some(made));
        let (array, scalar) = match step {
            Step::AddArrays(i, j) => each(&|k| a(i)[k] + a(j)[k] * 0.5),
            Step::MultiplyArrays(i, j) => each(&|k| a(i)[k] * a(j)[k]),
            Step::Tanh(i) => each(&|k| a(i)[k].tanh()),
            Step::Reverse(i) => each(&|k| a(i)[N - 1 - k]),
            Step::Rotate(i) => each(&|k| a(i)[(k + 1) % N]),
            Step::ByScalar(i, j) => each(&|k| a(i)[k] * s(j)),
            Step::WithConstant(i) => each(&|k| 1.0 - a(i)[k] * CONSTANTS[k]),
            Step::Outer(i, j) => each(&|k| {
                let (x, y) = (a(i), a(j));
                let square = (0..N).map(|l| x[l] * y[k] * x[l]).sum::<Var>();
                square.tanh() + x[k] * y[k]
            }),
            Step::Sum(i) => scalar(a(i).into_iter().sum::<Var>() * 0.3),
            Step::Dot(i, j) => scalar((0..N).map(|k| a(i)[k] * a(j)[k]).sum::<Var>().sin()),
            Step::Element(i, j) => scalar(a(i)[j]),
            Step::OfVars(i, j) => (Some(vec![s(i), 0.5.into(), 2.0 * s(j).cos()]), None),
            Step::Multiply(i, j) => scalar(s(i) * s(j)),
            Step::Sine(i) => scalar(s(i).sin()),
            Step::Together(i, j) => scalar(a(i).into_iter().map(|x| x * s(j)).sum::<Var>().tanh()),
        };
        arrays.extend(array);
        scalars.extend(scalar);
    }
    results(&scalars, &arrays)
}

fn assert_close(seed: usize, what: &str, own: &[f64], wanted: &[f64]) {
    assert_eq!(own.len(), wanted.len());
    let largest = wanted.iter().fold(1.0, |largest: f64, x| largest.max(x.abs()));
    for (a, b) in own.iter().zip(wanted) {
        let close = (a - b).abs() <= 1e-11 * largest || !largest.is_finite();
        assert!(close, "program {seed}, {what}: {own:?}, not {wanted:?}: {:?}", steps(seed));
    }
}

#[test]
fn programs_have_the_derivatives_of_the_same_in_scalars() {
    for seed in 0..300 {
        let steps = steps(seed);
        let mut draw = Draw::of(&format!("point {seed}"));
        let (x, v) = (draw.list(ARGUMENTS, -0.9, 0.9), draw.list(ARGUMENTS, -1.0, 1.0));
        let arrays = |x: &[Var]| in_arrays(&steps, x);
        let scalars = |x: &[Var]| in_scalars(&steps, x);
        let (here, there) = (Expansion::of(arrays, &x), Expansion::of(scalars, &x));
        assert_close(seed, "values", &here.values(), &there.values());
        assert_close(seed, "products J v", &here.jvp(&v), &there.jvp(&v));
        assert_close(seed, "products wᵀ J", &here.vjp(&v[..3]), &there.vjp(&v[..3]));
        let flat = |j: ndarray::Array2<f64>| j.into_iter().collect::<Vec<f64>>();
        assert_close(seed, "the Jacobian", &flat(here.jacobian()), &flat(there.jacobian()));
        assert_close(seed, "the Hessian", &flat(here.hessian()), &flat(there.hessian()));
        assert_close(
            seed,
            "third derivatives",
            &[here.third_directional(&v)],
            &[there.third_directional(&v)],
        );
        for k in 0..3 {
            let own = gradient(|x: &[Var]| arrays(x)[k], &x);
            assert_close(seed, "a gradient", &own, &gradient(|x: &[Var]| scalars(x)[k], &x));
            let own = hvp(|x: &[Var]| arrays(x)[k], &x, &v);
            assert_close(seed, "a product H v", &own, &hvp(|x: &[Var]| scalars(x)[k], &x, &v));
        }
    }
}

#[test]
fn a_program_is_swept_from_any_of_its_results() {
    for seed in 0..100 {
        let steps = steps(seed);
        let x = Draw::of(&format!("point {seed}")).list(ARGUMENTS, -0.9, 0.9);
        let tape = Tape::new();
        let own = tape.vars(&x);
        let (arrays, scalars) = (in_arrays(&steps, &own), in_scalars(&steps, &own));
        for k in [2, 0, 1, 0, 2] {
            let (own, wanted) = (arrays[k].backward().wrt_slice(&own), scalars[k].backward().wrt_slice(&own));
            assert_close(seed, "a gradient", &own, &wanted);
        }
    }
}
