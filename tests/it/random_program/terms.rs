//! What rounding errors are relative to: derivatives with every term taken absolutely.

use downhill::prelude::Duals;
use downhill::real::Real;

use super::{Line, Program};

/// Of the scalar function `run`, but for `results`.
pub(crate) struct Terms {
    /// Of the gradient, `[n]`.
    pub(crate) first: Vec<f64>,
    /// Of the Jacobian, `[m][n]`.
    pub(crate) results: Vec<Vec<f64>>,
    /// Of the Hessian, `[n][n]`.
    pub(crate) second: Vec<Vec<f64>>,
    /// Of the value: a bound on what rounding makes of it, with a few ulps for each operation.
    pub(crate) noise: f64,
}

/// What the values of all lines take from the inputs, each absolutely.
#[derive(Clone)]
struct Sizes {
    first: Vec<f64>,
    second: Vec<Vec<f64>>,
    noise: f64,
}

impl Terms {
    pub(crate) fn of(program: &Program) -> Terms {
        let n = program.inputs.len();
        let mut values = program.inputs.clone();
        let unit = |i: usize| (0..n).map(|k| f64::from(u8::from(k == i))).collect();
        let none = Sizes { first: vec![0.0; n], second: vec![vec![0.0; n]; n], noise: 0.0 };
        let mut sizes: Vec<Sizes> = (0..n).map(|i| Sizes { first: unit(i), ..none.clone() }).collect();
        for line in &program.lines {
            let value = line.on(&values);
            let mut size = none.clone();
            let (slopes, seconds) = partials(line, &values);
            for (a, (&k, p)) in line.operands().iter().zip(&slopes).enumerate() {
                size.add(&sizes[k], p.abs());
                for (b, &l) in line.operands().iter().enumerate() {
                    let second = seconds.get(a).map_or(0.0, |row| row[b].abs());
                    if second != 0.0 {
                        // The slope of a slope is the rest of terms of this size: of `hypot(x, y)` beside an axis.
                        let within = p.abs() / values[l].abs().max(1e-2);
                        size.bend(&sizes[k].first, &sizes[l].first, second + within);
                    }
                }
            }
            size.noise += 4.0 * f64::EPSILON * rounded(line, &values, value);
            values.push(value);
            sizes.push(size);
        }
        let sum = |list: &[usize]| {
            let mut sum = none.clone();
            for &k in list {
                sum.add(&sizes[k], 1.0);
                sum.noise += f64::EPSILON * values[k].abs();
            }
            sum
        };
        let results = program.sums.iter().map(|list| sum(list).first).collect();
        let whole = sum(&program.sums.concat());
        Terms { first: whole.first, results, second: whole.second, noise: whole.noise }
    }
}

impl Sizes {
    fn add(&mut self, other: &Sizes, slope: f64) {
        self.noise += slope * other.noise;
        self.first.iter_mut().zip(&other.first).for_each(|(to, term)| *to += slope * term);
        for (row, terms) in self.second.iter_mut().zip(&other.second) {
            row.iter_mut().zip(terms).for_each(|(to, term)| *to += slope * term);
        }
    }

    fn bend(&mut self, left: &[f64], right: &[f64], second: f64) {
        for (row, p) in self.second.iter_mut().zip(left) {
            row.iter_mut().zip(right).for_each(|(to, q)| *to += second * p * q);
        }
    }
}

/// What the rounding of a line is relative to: more than its value where a shift cancels.
fn rounded(line: &Line, values: &[f64], value: f64) -> f64 {
    match line {
        Line::Constant(_) => 0.0,
        Line::Affine(x, factor, shift) => (values[*x] * factor).abs() + shift.abs(),
        Line::Sum(terms) => terms.iter().map(|&k| values[k].abs()).sum(),
        Line::Unary(..) | Line::Binary(..) | Line::Ternary(..) => value.abs(),
    }
}

/// The partials of a line by its operands, and theirs; of what is linear no second ones.
fn partials(line: &Line, values: &[f64]) -> (Vec<f64>, Vec<Vec<f64>>) {
    fn split<const N: usize>(slopes: [Duals<N>; N]) -> (Vec<f64>, Vec<Vec<f64>>) {
        (slopes.iter().map(|p| p.value).collect(), slopes.iter().map(|p| p.tangents.to_vec()).collect())
    }
    match line {
        Line::Constant(_) => (vec![], vec![]),
        Line::Affine(_, factor, _) => (vec![*factor], vec![]),
        Line::Sum(terms) => (vec![1.0; terms.len()], vec![]),
        Line::Unary(op, x) => {
            let [x] = Duals::variables([values[*x]]);
            split([op.slope(x, x.unary(*op))])
        }
        Line::Binary(op, operands) => {
            let [x, y] = Duals::variables(operands.map(|k| values[k]));
            let (p, q) = op.slopes(x, y, x.binary(*op, y));
            split([p, q])
        }
        Line::Ternary(op, operands) => {
            let [x, a, b] = Duals::variables(operands.map(|k| values[k]));
            let (p, q, r) = op.slopes(x, a, b);
            split([p, q, r])
        }
    }
}
