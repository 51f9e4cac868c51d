//! How a program grows: line by line, with every value known, so that numbers stay tame.
//!
//! An operand that is outside the inner part of its row's domain is brought there by `x · factor + shift`, clear of the
//! row's kinks; a result whose slopes are large or whose value is, likewise brought back. So a path of any length has a slope
//! of at most about 1, and a wrong rule in any line shows in the gradient.

use std::ops::RangeInclusive;

use downhill::real::{Binary, Ternary, Unary};

use super::{LONGEST, Line, Program};

/// What the code of a line stands for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Row {
    Unary(Unary),
    Binary(Binary),
    Ternary(Ternary),
    Constant,
    Sum,
}

/// Every row, those of several arguments several times: a byte, modulo the length, draws one.
pub(crate) fn rows() -> Vec<Row> {
    let mut rows: Vec<Row> = Unary::all().into_iter().map(Row::Unary).collect();
    rows.extend(Binary::ALL.iter().flat_map(|&op| [Row::Binary(op); 5]));
    rows.extend(Ternary::ALL.iter().flat_map(|&op| [Row::Ternary(op); 8]));
    rows.extend([Row::Constant, Row::Constant, Row::Sum, Row::Sum, Row::Sum]);
    rows
}

struct Grower {
    program: Program,
    values: Vec<f64>,
    /// Lines whose values and slopes are tame, so that others may use them.
    pool: Vec<usize>,
    /// Those that no other line has used yet.
    unused: Vec<usize>,
    operations: usize,
}

impl Program {
    /// A program for any bytes, over all rows.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Program {
        Program::over(&rows(), bytes)
    }

    /// A program over the rows given: the first few bytes make the inputs, each later group of four a row with its operands.
    pub(crate) fn over(rows: &[Row], bytes: &[u8]) -> Program {
        let byte = |k: usize| usize::from(bytes.get(k).copied().unwrap_or(77));
        let (n, m) = (1 + byte(0) % 12, 1 + byte(1) % 5);
        let inputs: Vec<f64> = (0..n).map(|i| (byte(2 + i) as f64 - 127.3) / 160.0).collect();
        let mut grower = Grower {
            values: inputs.clone(),
            program: Program { inputs, lines: Vec::new(), sums: Vec::new() },
            pool: (0..n).collect(),
            unused: (0..n).collect(),
            operations: 0,
        };
        for group in bytes.get(n + 2..).unwrap_or(&[]).chunks_exact(4) {
            // The longest group makes nine operations; each unused line is a term of a sum in the end.
            if grower.operations + grower.unused.len() + 9 >= LONGEST {
                break;
            }
            grower.grow(rows[usize::from(group[0]) % rows.len()], [1, 2, 3].map(|k| usize::from(group[k])));
        }
        let Grower { mut program, unused, .. } = grower;
        let m = m.min(unused.len());
        program.sums = (0..m).map(|i| unused.iter().copied().skip(i).step_by(m).collect()).collect();
        program
    }
}

impl Grower {
    fn grow(&mut self, row: Row, bytes: [usize; 3]) {
        let [a, b, c] = bytes.map(|byte| self.pick(byte));
        match row {
            Row::Unary(op) => {
                let (x, slope) = self.tame(a, op.domain(), bytes[1]);
                let x = self.clear([x], bytes[1], |v| op.distance_to_singularity(v[0]));
                let at = self.values[x[0]];
                self.add(Line::Unary(op, x[0]), slope * op.slope(at, op.value(at)).abs());
            }
            Row::Binary(op) => {
                let (domain_x, domain_y) = op.domain();
                let ((x, s), (y, t)) =
                    (self.tame(a, domain_x, bytes[2]), self.tame(b, domain_y, bytes[2] / 2));
                let operands = self.clear([x, y], bytes[2], |v| clearance(op, v));
                let [v, w] = operands.map(|k| self.values[k]);
                let (p, q) = op.slopes(v, w, op.value(v, w));
                self.add(Line::Binary(op, operands), s * p.abs() + t * q.abs());
            }
            Row::Ternary(op) => {
                let domains = op.domain();
                let (x, s) = self.tame(a, domains.0, 1);
                let (y, t) = self.tame(b, domains.1, 1);
                let (z, u) = self.tame(c, domains.2, 1);
                let operands =
                    self.clear([x, y, z], bytes[0], |v| op.distance_to_singularity(v[0], v[1], v[2]));
                let [v, w, z] = operands.map(|k| self.values[k]);
                let (p, q, r) = op.slopes(v, w, z);
                self.add(Line::Ternary(op, operands), s * p.abs() + t * q.abs() + u * r.abs());
            }
            Row::Constant => self.add(Line::Constant(bytes[0] as f64 / 140.0 - 0.9), 1.0),
            Row::Sum => {
                let count = (2 + bytes[0] % 7).min(self.pool.len());
                let terms = self.pool[self.pool.len() - count..].to_vec();
                self.add(Line::Sum(terms), count as f64);
            }
        }
    }

    /// A line for a byte: every third time the last that nobody has used, else any.
    fn pick(&self, byte: usize) -> usize {
        match self.unused.last() {
            Some(&last) if byte.is_multiple_of(3) => last,
            _ => self.pool[byte * 31 % self.pool.len()],
        }
    }

    fn push(&mut self, line: Line) -> usize {
        self.values.push(line.on(&self.values));
        self.operations += line.operations();
        self.unused.retain(|k| !line.operands().contains(k));
        self.program.lines.push(line);
        self.values.len() - 1
    }

    /// The line `x`, or one with its value brought into the inner part of `domain`; and the slope of that.
    fn tame(&mut self, x: usize, domain: RangeInclusive<f64>, byte: usize) -> (usize, f64) {
        let (low, high) = (*domain.start(), *domain.end());
        let (middle, half) = (0.5 * (low + high), 0.5 * (high - low));
        let inside = (self.values[x] - middle).abs() <= 0.8 * half;
        if inside && byte.is_multiple_of(2) {
            return (x, 1.0);
        }
        let factor = 0.8 * half / self.values[x].abs().max(1.0);
        (self.push(Line::Affine(x, factor, middle)), factor)
    }

    /// The operands, the first shifted until `distance` says that no kink is near.
    fn clear<const N: usize>(
        &mut self,
        mut operands: [usize; N],
        byte: usize,
        distance: impl Fn([f64; N]) -> f64,
    ) -> [usize; N] {
        let (values, near) = (operands.map(|k| self.values[k]), 0.1);
        if distance(values) >= near {
            return operands;
        }
        let sign = if byte.is_multiple_of(2) { 1.0 } else { -1.0 };
        let shifts = [0.15, -0.15, 0.3, -0.3, 0.45, -0.45, 0.6, -0.6].map(|shift| shift * sign);
        let moved = |shift: f64| {
            let mut values = values;
            values[0] += shift;
            distance(values)
        };
        if let Some(shift) = shifts.into_iter().find(|&shift| moved(shift) >= near) {
            operands[0] = self.push(Line::Affine(operands[0], 1.0, shift));
        }
        operands
    }

    /// Adds a line with slopes of `slope` in all, and one that brings it back to a tame size where it is not.
    fn add(&mut self, line: Line, slope: f64) {
        let k = self.push(line);
        let (value, size) = (self.values[k], slope.max(self.values[k].abs()));
        let tame = if (0.2..=1.2).contains(&size) {
            k
        } else {
            // Flat ones are not steepened by more than a hundred.
            let factor = 1.0 / slope.max(0.3 * value.abs()).max(0.01);
            let shift = if (value * factor).abs() > 1.0 { -value * factor + 0.5 } else { 0.0 };
            self.push(Line::Affine(k, factor, shift))
        };
        self.pool.push(tame);
        self.unused.push(tame);
    }
}

/// The distance of the operands from where the function is not smooth.
fn clearance(op: Binary, [x, y]: [f64; 2]) -> f64 {
    // The remainder jumps where the quotient is an integer; the table samples it between two jumps.
    let between = |z: f64| z.abs().min(y.abs() - z.abs());
    if op == Binary::Rem { between(x % y) } else { op.distance_to_singularity(x, y) }
}
