//! Programs made from bytes: straight-line code over every row of the table, the same for every engine.

use downhill::real::{Binary, Real, Ternary, Unary};

/// One line of a program; arguments are numbers of earlier lines, the inputs first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Line {
    Unary(Unary, usize),
    Binary(Binary, usize, usize),
    Ternary(Ternary, usize, usize, usize),
    /// `x · factor + shift`
    Affine(usize, f64, f64),
    /// The sum of all lines so far from this one on.
    Sum(usize),
}

/// Inputs, and lines that end in the result.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Program {
    pub(crate) inputs: Vec<f64>,
    pub(crate) lines: Vec<Line>,
}

impl Program {
    /// A program for any bytes: the first few make the inputs, each later group one operation. Arguments are brought into
    /// an operation's domain by `tanh`, so that every value is finite; with `smooth`, operations with kinks and jumps
    /// inside their domain are left out.
    pub(crate) fn from_bytes(bytes: &[u8], smooth: bool) -> Program {
        let count = 1 + bytes.first().map_or(0, |b| usize::from(*b) % 4);
        let input = |k: usize| f64::from(*bytes.get(k + 1).unwrap_or(&77)) / 64.0 - 2.0 + 0.003;
        let mut program = Program { inputs: (0..count).map(input).collect(), lines: Vec::new() };
        for group in bytes.get(count + 1..).unwrap_or(&[]).chunks_exact(4) {
            program.add(group[0], [1, 2, 3].map(|k| usize::from(group[k])), smooth);
        }
        program
    }

    fn add(&mut self, code: u8, arguments: [usize; 3], smooth: bool) {
        let unary: Vec<Unary> = Unary::all().into_iter().filter(|&op| !smooth || is_smooth(op)).collect();
        let kinks = [Binary::Max, Binary::Min, Binary::Rem];
        let binary: Vec<Binary> =
            Binary::ALL.iter().copied().filter(|op| !smooth || !kinks.contains(op)).collect();
        let count = self.inputs.len() + self.lines.len();
        let [a, b, c] = arguments.map(|k| k % count);
        let code = usize::from(code) % (unary.len() + 3 * binary.len() + 4);
        if let Some(&op) = unary.get(code) {
            let x = self.tame(a, op.domain());
            self.lines.push(Line::Unary(op, x));
        } else if let Some(&op) =
            binary.get((code - unary.len()) % binary.len()).filter(|_| code < unary.len() + 3 * binary.len())
        {
            let (x, y) = (self.tame(a, op.domain().0), self.tame(b, op.domain().1));
            self.lines.push(Line::Binary(op, x, y));
        } else if code.is_multiple_of(2) {
            self.lines.push(Line::Sum(a));
        } else if smooth {
            self.lines.push(Line::Ternary(Ternary::MulAdd, a, b, c));
        } else {
            let op = Ternary::Clamp;
            let (x, low, high) = op.domain();
            let (x, low, high) = (self.tame(a, x), self.tame(b, low), self.tame(c, high));
            self.lines.push(Line::Ternary(op, x, low, high));
        }
    }

    /// A line whose value is that of line `x` squeezed into `domain`.
    fn tame(&mut self, x: usize, domain: std::ops::RangeInclusive<f64>) -> usize {
        let (low, high) = (*domain.start(), *domain.end());
        self.lines.push(Line::Unary(Unary::Tanh, x));
        let tanh = self.inputs.len() + self.lines.len() - 1;
        // A little inside the domain, as `tanh` rounds to ±1 for large arguments.
        self.lines.push(Line::Affine(tanh, 0.499 * (high - low), 0.5 * (high + low)));
        tanh + 1
    }

    /// Runs the program on numbers of any kind.
    pub(crate) fn run<R: Real>(&self, inputs: &[R]) -> R {
        let mut values = inputs.to_vec();
        for line in &self.lines {
            let value = match *line {
                Line::Unary(op, a) => values[a].unary(op),
                Line::Binary(op, a, b) => values[a].binary(op, values[b]),
                Line::Ternary(op, a, b, c) => values[a].ternary(op, values[b], values[c]),
                Line::Affine(a, factor, shift) => values[a] * factor + shift,
                Line::Sum(from) => values[from..].iter().copied().sum(),
            };
            values.push(value);
        }
        values[values.len() - 1]
    }

    /// The derivative by input `seed` with every term taken absolutely: what rounding errors are relative to.
    pub(crate) fn magnitude(&self, seed: usize) -> f64 {
        let mut values = self.inputs.clone();
        let mut sizes: Vec<f64> = (0..values.len()).map(|k| f64::from(u8::from(k == seed))).collect();
        for line in &self.lines {
            let (value, size) = match *line {
                Line::Unary(op, a) => {
                    let y = op.value(values[a]);
                    (y, op.slope(values[a], y).abs() * sizes[a])
                }
                Line::Binary(op, a, b) => {
                    let z = op.value(values[a], values[b]);
                    let (p, q) = op.slopes(values[a], values[b], z);
                    (z, p.abs() * sizes[a] + q.abs() * sizes[b])
                }
                Line::Ternary(op, a, b, c) => {
                    let (p, q, r) = op.slopes(values[a], values[b], values[c]);
                    let size = p.abs() * sizes[a] + q.abs() * sizes[b] + r.abs() * sizes[c];
                    (op.value(values[a], values[b], values[c]), size)
                }
                Line::Affine(a, factor, shift) => (values[a] * factor + shift, factor.abs() * sizes[a]),
                Line::Sum(from) => (values[from..].iter().sum(), sizes[from..].iter().sum()),
            };
            values.push(value);
            sizes.push(size);
        }
        sizes[sizes.len() - 1]
    }
}

fn is_smooth(op: Unary) -> bool {
    let (low, high) = (*op.domain().start(), *op.domain().end());
    // Those with a singularity inside their domain, which the grid may step over.
    let broken = matches!(op, Unary::Abs | Unary::Relu | Unary::Signum | Unary::Cbrt);
    let clear = 0.02 * (high - low) / 200.0;
    let mut grid = (0..200).map(|k| low + (high - low) * f64::from(k) / 199.0);
    !broken && grid.all(|x| op.distance_to_singularity(x) > clear)
}

/// The gradient by the tape is that by dual numbers, up to rounding, and near that of differences of values.
pub(crate) fn check(program: &Program, smooth: bool) {
    use downhill::prelude::{Dual, value_and_gradient};
    let (value, gradient) = value_and_gradient(|x| program.run(x), &program.inputs);
    assert_eq!(
        value.to_bits(),
        program.run(&program.inputs).to_bits(),
        "the value by the tape is the plain value"
    );
    for (i, &by_tape) in gradient.iter().enumerate() {
        let magnitude = program.magnitude(i);
        if !magnitude.is_finite() {
            continue;
        }
        let seeded: Vec<Dual> = program
            .inputs
            .iter()
            .enumerate()
            .map(|(k, &x)| Dual::new(x, f64::from(u8::from(k == i))))
            .collect();
        let by_dual = program.run(&seeded).tangent;
        // Both follow the chain rule; they differ by an ulp or so of the absolute terms for each line. Where a factor on the
        // way is below the normal range, its digits are lost in either order.
        let rounding = 1e-15 * (program.lines.len() + 8) as f64 * magnitude + 1e-300;
        assert!(
            (by_tape - by_dual).abs() <= rounding,
            "∂{i}: tape {by_tape:e}, dual {by_dual:e}, terms {magnitude:e}"
        );
        if smooth {
            check_stencil(program, i, by_tape, magnitude);
        }
    }
}

/// Deep programs have large seventh derivatives, so no one step suits all; a true slope agrees for one of these.
fn check_stencil(program: &Program, i: usize, slope: f64, magnitude: f64) {
    let value = program.run(&program.inputs).abs();
    let off = (5..22).map(|halvings| {
        let h = 0.5_f64.powi(halvings);
        let d = |k: f64| {
            let mut x = program.inputs.clone();
            x[i] += k * h;
            let above = program.run(&x);
            x[i] -= 2.0 * k * h;
            above - program.run(&x)
        };
        ((45.0 * d(1.0) - 9.0 * d(2.0) + d(3.0)) / (60.0 * h) - slope).abs()
    });
    let best = off.fold(f64::INFINITY, f64::min);
    let bound = 1e-6 * (magnitude + value) + 1e-9;
    assert!(best <= bound, "∂{i}: {slope:e} is {best:e} from the stencil, with terms of {magnitude:e}");
}
