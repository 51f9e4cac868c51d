//! What every operation of the table is held to, however its inputs lie in memory.
//!
//! ```text
//! f of views = f of copies                          values
//! ∂/∂x Σ w·f(x) by the tape = by differences        first derivatives, and by dual numbers: ⟨J v, w⟩ = ⟨v, Jᵀ w⟩
//! H v = d/dt ∇(x + t v) by differences              second derivatives
//! ```
//!
//! The variables are the arrays that the views are of. Differences are of sixth order,
//! `f′ ≈ (45 d₁ − 9 d₂ + d₃) / 60 h` with `dₖ = f(x + k h) − f(x − k h)`.

use downhill::array::Scalar;
use downhill::prelude::*;
use ndarray::{ArrayD, IxDyn};

use super::table::{Domain, Function, Row};

/// How an input lies in the array that it is a view of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Seen {
    AsItIs,
    /// Of an array with its axes in reverse order.
    Transposed,
    /// With a negative stride on every axis.
    Reversed,
    /// Every second element of a larger array, on every axis.
    EverySecond,
    /// Repeated along its first axis, or its last, which is longer than 1.
    Repeated(usize),
}

const EVERY: [Seen; 6] =
    [Seen::AsItIs, Seen::Transposed, Seen::Reversed, Seen::EverySecond, Seen::Repeated(0), Seen::Repeated(1)];

impl Seen {
    /// The shape of the array that `shape` is seen of; none where that is no case of its own.
    fn base(self, shape: &[usize]) -> Option<Vec<usize>> {
        let mut base = shape.to_vec();
        match self {
            Seen::AsItIs => {}
            _ if shape.is_empty() => return None,
            Seen::Transposed => base.reverse(),
            Seen::Reversed => {}
            Seen::EverySecond => base.iter_mut().for_each(|n| *n = 2 * *n + 1),
            Seen::Repeated(end) => {
                let axis = [0, shape.len() - 1][end];
                if shape[axis] < 2 || end == 1 && axis == 0 {
                    return None;
                }
                base[axis] = 1;
            }
        }
        Some(base)
    }

    fn see<T: Scalar>(self, x: &Tensor<T>, shape: &[usize]) -> Tensor<T> {
        let along_each = |f: fn(&Tensor<T>, isize) -> Tensor<T>| {
            (0..shape.len()).fold(x.clone(), |x, axis| f(&x, axis as isize))
        };
        match self {
            Seen::AsItIs => x.clone(),
            Seen::Transposed => x.t(),
            Seen::Reversed => along_each(|x, axis| x.reversed(axis)),
            Seen::EverySecond => along_each(|x, axis| x.slice_by(axis, 1.., 2)),
            Seen::Repeated(_) => x.broadcast(shape),
        }
    }
}

/// Numbers that are the same in every run: SplitMix64, seeded by a name.
pub(crate) struct Draw(u64);

impl Draw {
    pub(crate) fn of(name: &str) -> Draw {
        Draw(
            name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
            }),
        )
    }

    /// Uniform, and a number of `f32`.
    pub(crate) fn between(&mut self, low: f64, high: f64) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let unit = ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64;
        f64::from((low + unit * (high - low)) as f32)
    }

    pub(crate) fn list(&mut self, n: usize, low: f64, high: f64) -> Vec<f64> {
        (0..n).map(|_| self.between(low, high)).collect()
    }
}

/// Holds an operation to account on all of its shapes, each input seen in every way.
pub(crate) fn check(row: &Row) {
    for shapes in &row.shapes {
        for seen in choices(shapes.len()) {
            if let Some(case) = Case::of(row, shapes, &seen) {
                case.check();
            }
        }
    }
}

/// All inputs in the same way, one otherwise than the others, and each otherwise than its neighbour.
fn choices(inputs: usize) -> Vec<Vec<Seen>> {
    let mut choices = Vec::new();
    for (k, &seen) in EVERY.iter().enumerate() {
        choices.push(vec![seen; inputs]);
        if inputs > 1 && k > 0 {
            for one in 0..inputs {
                let mut choice = vec![Seen::AsItIs; inputs];
                choice[one] = seen;
                choices.push(choice);
            }
            choices.push((0..inputs).map(|input| EVERY[1 + (k + input) % (EVERY.len() - 1)]).collect());
        }
    }
    choices
}

struct Case<'a> {
    name: String,
    row: &'a Row,
    shapes: &'a [Vec<usize>],
    seen: &'a [Seen],
    bases: Vec<Vec<usize>>,
    /// The elements of all bases.
    point: Vec<f64>,
    /// A step of differences.
    h: f64,
    direction: Vec<f64>,
    weights: Vec<Vec<f64>>,
}

impl<'a> Case<'a> {
    fn of(row: &'a Row, shapes: &'a [Vec<usize>], seen: &'a [Seen]) -> Option<Case<'a>> {
        let name = format!("{} of {shapes:?}, seen {seen:?}", row.name);
        let repeated = seen.iter().any(|seen| matches!(seen, Seen::Repeated(_)));
        if repeated && matches!(row.domain, Domain::Apart(..)) {
            return None; // ties
        }
        let bases =
            shapes.iter().zip(seen).map(|(shape, seen)| seen.base(shape)).collect::<Option<Vec<_>>>()?;
        let mut draw = Draw::of(&name);
        let lengths: Vec<usize> = bases.iter().map(|base| base.iter().product()).collect();
        let (numbers, distance) = row.domain.draw(&lengths, &mut draw);
        let point = numbers.concat();
        let direction = draw.list(point.len(), -1.0, 1.0);
        let h = (distance / 125.0).min(2e-3);
        let mut case = Case { name, row, shapes, seen, bases, point, h, direction, weights: vec![] };
        let outputs = case.results(&row.double, &case.constants(&case.point));
        case.weights = outputs.iter().map(|out| draw.list(out.len(), -1.0, 1.0)).collect();
        Some(case)
    }

    /// The bases of these elements, each made by `make`.
    fn each_base<T, N>(&self, numbers: &[N], make: impl Fn(&[N], &[usize]) -> Tensor<T>) -> Vec<Tensor<T>> {
        let mut rest = numbers;
        let take = |base: &Vec<usize>| {
            let (own, others) = rest.split_at(base.iter().product());
            rest = others;
            make(own, base)
        };
        self.bases.iter().map(take).collect()
    }

    fn constants<T: Scalar>(&self, numbers: &[f64]) -> Vec<Tensor<T>> {
        self.each_base(numbers, |own, base| Tensor::from(array_of(own, base)))
    }

    /// The results of the function, whose inputs are seen of these bases.
    fn results<T: Scalar>(&self, f: &Function<T>, bases: &[Tensor<T>]) -> Vec<Tensor<T>> {
        let inputs: Vec<Tensor<T>> = bases
            .iter()
            .zip(self.seen)
            .zip(self.shapes)
            .map(|((base, seen), shape)| seen.see(base, shape))
            .collect();
        for (input, shape) in inputs.iter().zip(self.shapes) {
            assert_eq!(input.shape(), &shape[..], "{}: the view", self.name);
        }
        f(&inputs)
    }

    /// `Σ w·f`, as an array without axes.
    fn loss<T: Scalar>(&self, outputs: &[Tensor<T>]) -> Tensor<T> {
        let mut loss = Tensor::from(T::zero());
        for (out, weights) in outputs.iter().zip(&self.weights) {
            loss = loss + (out * Tensor::from(array_of(weights, out.shape()))).sum();
        }
        loss
    }

    fn loss_at(&self, x: &[f64]) -> f64 {
        let outputs = self.results(&self.row.double, &self.constants(x));
        outputs
            .iter()
            .zip(&self.weights)
            .map(|(out, w)| out.view().iter().zip(w).map(|(y, w)| y * w).sum::<f64>())
            .sum()
    }

    /// The gradient by a tape.
    fn gradient<T: Scalar>(&self, f: &Function<T>, x: &[f64]) -> Vec<f64> {
        let tape = Tape::new();
        let bases = self.each_base(x, |own, base| tape.tensor(array_of::<T>(own, base)));
        let gradient = self.loss(&self.results(f, &bases)).backward();
        let mut all = Vec::new();
        for base in &bases {
            let own = gradient.wrt(base);
            assert_eq!(own.shape(), base.shape(), "{}: the shape of a gradient", self.name);
            all.extend(own.iter().map(|x| x.to_f64().expect("a number")));
        }
        all
    }

    /// The results as variables of a recording whose arguments are `x`.
    fn variables(&self, x: &[Var]) -> Vec<Tensor<f64>> {
        let bases = self.each_base(x, |own, base| Tensor::of_vars(own, base));
        self.results(&self.row.double, &bases)
    }

    fn check(&self) {
        self.check_values();
        let gradient = self.gradient(&self.row.double, &self.point);
        self.check_gradient(&gradient);
        self.check_single(&gradient);
        if !self.point.is_empty() {
            self.check_products(&gradient);
            self.check_second();
        }
    }

    fn check_values(&self) {
        let bases = self.constants::<f64>(&self.point);
        let outputs = self.results(&self.row.double, &bases);
        let copy = |(base, (seen, shape)): (&Tensor<f64>, (&Seen, &Vec<usize>))| {
            Tensor::from(seen.see(base, shape).to_owned())
        };
        let copies: Vec<_> = bases.iter().zip(self.seen.iter().zip(self.shapes)).map(copy).collect();
        for (out, wanted) in outputs.iter().zip((self.row.double)(&copies)) {
            assert_eq!(out.shape(), wanted.shape(), "{}: the shape", self.name);
            let [out, wanted] = [out, &wanted].map(|out| out.view().iter().copied().collect::<Vec<f64>>());
            self.close("values", &out, &wanted, 1e-14);
        }
        let single = self.results(&self.row.single, &self.constants(&self.point));
        for (out, wanted) in single.iter().zip(&outputs) {
            let out: Vec<f64> = out.view().iter().map(|&x| x.into()).collect();
            self.close(
                "values in `f32`",
                &out,
                wanted.view().iter().copied().collect::<Vec<f64>>().as_slice(),
                2e-5,
            );
        }
    }

    fn check_gradient(&self, gradient: &[f64]) {
        let mut x = self.point.clone();
        let mut wanted = Vec::with_capacity(x.len());
        for i in 0..x.len() {
            let at = x[i];
            wanted.push(difference(self.h, |t| {
                x[i] = at + t;
                self.loss_at(&x)
            }));
            x[i] = at;
        }
        self.close("the gradient", gradient, &wanted, 1e-9);
    }

    fn check_single(&self, gradient: &[f64]) {
        let own = self.gradient(&self.row.single, &self.point);
        self.close("the gradient in `f32`", &own, gradient, 2e-5);
    }

    /// `⟨J v, w⟩ = ⟨v, Jᵀ w⟩`
    fn check_products(&self, gradient: &[f64]) {
        let results =
            |x: &[Var]| self.variables(x).iter().flat_map(|out| out.to_vars()).collect::<Vec<Var>>();
        let along = jvp(results, &self.point[..], &self.direction);
        let weights = self.weights.concat();
        let forward: Vec<f64> = along.iter().zip(&weights).map(|(y, w)| y * w).collect();
        let back: Vec<f64> = gradient.iter().zip(&self.direction).map(|(g, v)| g * v).collect();
        let size = [&forward[..], &back].concat().iter().fold(1e-300, |sum: f64, x| sum + x.abs());
        let error = (forward.iter().sum::<f64>() - back.iter().sum::<f64>()).abs() / size;
        assert!(error <= 1e-12, "{}: ⟨J v, w⟩ and ⟨v, Jᵀ w⟩ differ by {error:e}", self.name);
    }

    /// Second derivatives along the direction.
    fn check_second(&self) {
        let loss = |x: &[Var]| self.loss(&self.variables(x)).to_var();
        let own = hvp(loss, &self.point[..], &self.direction);
        let at = |t: f64| -> Vec<f64> {
            let x: Vec<f64> = self.point.iter().zip(&self.direction).map(|(x, v)| x + t * v).collect();
            self.gradient(&self.row.double, &x)
        };
        let h = self.h;
        let [d1, d2, d3] = [1.0, 2.0, 3.0].map(|k| [at(k * h), at(-k * h)]);
        let d = |[up, down]: &[Vec<f64>; 2], i: usize| up[i] - down[i];
        let slope = |i| (45.0 * d(&d1, i) - 9.0 * d(&d2, i) + d(&d3, i)) / (60.0 * h);
        let wanted: Vec<f64> = (0..own.len()).map(slope).collect();
        self.close("second derivatives", &own, &wanted, 1e-7);
    }

    /// Relative to the largest, or to 1.
    fn close(&self, what: &str, own: &[f64], wanted: &[f64], tolerance: f64) {
        assert_eq!(own.len(), wanted.len(), "{}: the number of {what}", self.name);
        let largest = wanted.iter().fold(1.0, |largest: f64, x| largest.max(x.abs()));
        for (k, (own, wanted)) in own.iter().zip(wanted).enumerate() {
            let error = (own - wanted).abs() / largest;
            assert!(
                error <= tolerance,
                "{}: number {k} of {what} is {own}, not {wanted}: {error:e}",
                self.name
            );
        }
    }
}

/// The difference of sixth order.
fn difference(h: f64, mut f: impl FnMut(f64) -> f64) -> f64 {
    let [d1, d2, d3] = [1.0, 2.0, 3.0].map(|k| f(k * h) - f(-k * h));
    (45.0 * d1 - 9.0 * d2 + d3) / (60.0 * h)
}

pub(crate) fn array_of<T: Scalar>(numbers: &[f64], shape: &[usize]) -> ArrayD<T> {
    let numbers = numbers.iter().map(|&x| T::from(x).expect("a number")).collect();
    ArrayD::from_shape_vec(IxDyn(shape), numbers).expect("as many numbers")
}
