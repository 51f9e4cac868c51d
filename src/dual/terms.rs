//! The series of any row of the table, from its slope.
//!
//! ```text
//! y′ = s(x, y) x′     ⇒     k y_k = Σ j x_j s_{k−j},   j = 1 … k
//! ```
//!
//! So coefficient `k` of `y` takes those of the slope below `k`; and the slope is a formula of rows again, which may use
//! `y` itself. It is run once, on [`Term`]s: numbers that only note what they are made of. A coefficient is computed when
//! it is asked for, and kept; terms that are made alike are one term; a slope is noted when a derivative of its function
//! is first asked for. So `sin` takes three terms beside its argument however many coefficients are wanted (`cos x`,
//! `sin x` and its negative), and Bessel's function `J₁`, whose slope takes `J₀` and `J₂`, one for each order it reaches.
//!
//! Cost of `N` coefficients: `O(m N²)` for `m` terms, a dozen or so; of families such as `bessel_jn`, `m` grows as `N`.
//!
//! Source: Griewank & Walther, *Evaluating Derivatives*, 2nd ed. (SIAM 2008), section 13.2, equation 13.11 and table 13.2,
//! which has a rule for each function; here the slope of the row is the rule.

use std::cell::RefCell;
use std::iter::{Product, Sum};

use smallvec::SmallVec;

use super::carry;
use crate::real::operators::{number_comparisons, number_operators};
use crate::real::{Binary, Real, Ternary, Unary};

/// What a term is made of; the numbers are places in the list.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Made {
    /// From a series that was given.
    Given(usize),
    /// From a constant, by its bits.
    Constant(u64),
    /// By a function of one term.
    Unary(Unary, usize),
    /// By a function of two.
    Binary(Binary, [usize; 2]),
    /// By a function of three.
    Ternary(Ternary, [usize; 3]),
}

/// A line of the list.
#[derive(Debug)]
struct Line {
    made: Made,
    /// The coefficients so far: at least the first.
    known: SmallVec<[f64; 8]>,
    /// The terms of the partials along the arguments, once they are noted.
    slopes: Option<[Term; 3]>,
}

/// A number in the formula of a slope: a place in the list of the thread.
#[derive(Debug, Clone, Copy)]
pub(super) struct Term(usize);

thread_local! {
    /// The terms of the function that is being expanded; arguments stand before what is made of them.
    static LIST: RefCell<Vec<Line>> = const { RefCell::new(Vec::new()) };
}

fn with<T>(f: impl FnOnce(&mut Vec<Line>) -> T) -> T {
    LIST.with_borrow_mut(f)
}

/// The first coefficients of `op` of the series given, as many as there is room for.
pub(super) fn unary(op: Unary, x: &[f64], y: &mut [f64]) {
    expand(&[x], |[x, ..]| x.unary(op), y);
}

/// As [`unary`], of two arguments.
pub(super) fn binary(op: Binary, x: [&[f64]; 2], y: &mut [f64]) {
    expand(&x, |[x, a, _]| x.binary(op, a), y);
}

/// As [`unary`], of three arguments.
#[track_caller]
pub(super) fn ternary(op: Ternary, x: [&[f64]; 3], y: &mut [f64]) {
    expand(&x, |[x, a, b]| x.ternary(op, a, b), y);
}

#[track_caller]
fn expand(given: &[&[f64]], f: impl FnOnce([Term; 3]) -> Term, y: &mut [f64]) {
    with(Vec::clear);
    let mut arguments = [Term(0); 3];
    for (i, series) in given.iter().enumerate() {
        arguments[i] = Term::new(Made::Given(i), series);
    }
    let result = f(arguments);
    for (k, y) in y.iter_mut().enumerate() {
        *y = result.coefficient(k);
    }
}

/// Coefficient `k` of a product: `Σ x_j y_{k−j}`; what does not vary adds nothing, as with [`carry`].
pub(super) fn product(x: &[f64], y: &[f64], k: usize) -> f64 {
    if k == 0 {
        return x[0] * y[0];
    }
    let between: f64 = (1..k).map(|j| if x[j] == 0.0 { 0.0 } else { carry(x[j], y[k - j]) }).sum();
    carry(y[0], x[k]) + carry(x[0], y[k]) + between
}

/// Coefficient `k` of a quotient `z = x / y`, whose coefficients below are known: `(x_k − Σ y_j z_{k−j}) / y_0`, `j ≥ 1`.
pub(super) fn quotient(x: &[f64], y: &[f64], z: &[f64], k: usize) -> f64 {
    if k == 0 {
        return x[0] / y[0];
    }
    let taken: f64 = (1..=k).map(|j| carry(z[k - j], y[j])).sum();
    let rest = x[k] - taken;
    if rest == 0.0 { 0.0 } else { rest / y[0] }
}

impl Term {
    /// The term made so; `start` holds the coefficients that are known, at least one.
    fn new(made: Made, start: &[f64]) -> Term {
        with(|list| {
            let place = list.iter().position(|line| line.made == made).unwrap_or_else(|| {
                list.push(Line { made, known: SmallVec::from_slice(start), slopes: None });
                list.len() - 1
            });
            Term(place)
        })
    }

    /// Coefficient `k`, computed with those below it unless it is known.
    fn coefficient(self, k: usize) -> f64 {
        loop {
            let (made, known) = with(|list| (list[self.0].made, list[self.0].known.len()));
            if k < known {
                return with(|list| list[self.0].known[k]);
            }
            let next = self.next(made, known);
            with(|list| list[self.0].known.push(next));
        }
    }

    /// Coefficient `k`, where those below it are known.
    fn next(self, made: Made, k: usize) -> f64 {
        match made {
            Made::Given(_) | Made::Constant(_) => 0.0,
            Made::Unary(Unary::Neg, x) => -Term(x).coefficient(k),
            Made::Binary(Binary::Add, [x, y]) => Term(x).coefficient(k) + Term(y).coefficient(k),
            Made::Binary(Binary::Sub, [x, y]) => Term(x).coefficient(k) - Term(y).coefficient(k),
            Made::Binary(op @ (Binary::Mul | Binary::Div), [x, y]) => {
                // So that both are known up to `k`.
                for argument in [x, y] {
                    Term(argument).coefficient(k);
                }
                with(|list| {
                    let (x, y, z) = (&list[x].known, &list[y].known, &list[self.0].known);
                    if op == Binary::Mul { product(x, y, k) } else { quotient(x, y, z, k) }
                })
            }
            Made::Unary(_, x) => self.by_slopes(&[x], k),
            Made::Binary(_, arguments) => self.by_slopes(&arguments, k),
            Made::Ternary(_, arguments) => self.by_slopes(&arguments, k),
        }
    }

    /// `(1/k) Σ j x_j s_{k−j}`, summed over the arguments. Of an argument that does not vary the slope is not asked for.
    fn by_slopes(self, arguments: &[usize], k: usize) -> f64 {
        let mut sum = 0.0;
        for (i, &x) in arguments.iter().enumerate() {
            Term(x).coefficient(k);
            if with(|list| list[x].known[1..=k].iter().all(|&x| x == 0.0)) {
                continue;
            }
            let slope = self.slopes()[i];
            slope.coefficient(k - 1);
            sum += with(|list| {
                let (x, s) = (&list[x].known, &list[slope.0].known);
                (1..=k).map(|j| j as f64 * carry(s[k - j], x[j])).sum::<f64>()
            });
        }
        sum / k as f64
    }

    /// The partials along the arguments, noted on the first call.
    fn slopes(self) -> [Term; 3] {
        let (made, known) = with(|list| (list[self.0].made, list[self.0].slopes));
        let slopes = known.unwrap_or_else(|| match made {
            Made::Given(_) | Made::Constant(_) => [Term::from(0.0); 3],
            Made::Unary(op, x) => [op.slope(Term(x), self); 3],
            Made::Binary(op, [x, y]) => {
                let (dx, dy) = op.slopes(Term(x), Term(y), self);
                [dx, dy, dy]
            }
            Made::Ternary(op, [x, a, b]) => op.slopes(Term(x), Term(a), Term(b)).into(),
        });
        with(|list| list[self.0].slopes = Some(slopes));
        slopes
    }

    fn with_right(self, op: Binary, c: f64) -> Term {
        self.binary(op, Term::from(c))
    }

    fn with_left(self, op: Binary, c: f64) -> Term {
        Term::from(c).binary(op, self)
    }
}

impl Real for Term {
    fn value(self) -> f64 {
        with(|list| list[self.0].known[0])
    }

    fn vanishes(self) -> bool {
        with(|list| matches!(list[self.0].made, Made::Constant(bits) if f64::from_bits(bits) == 0.0))
    }

    fn unary(self, op: Unary) -> Term {
        Term::new(Made::Unary(op, self.0), &[op.value(self.value())])
    }

    fn binary(self, op: Binary, rhs: Term) -> Term {
        Term::new(Made::Binary(op, [self.0, rhs.0]), &[op.value(self.value(), rhs.value())])
    }

    #[track_caller]
    fn ternary(self, op: Ternary, a: Term, b: Term) -> Term {
        let value = op.value(self.value(), a.value(), b.value());
        Term::new(Made::Ternary(op, [self.0, a.0, b.0]), &[value])
    }
}

impl From<f64> for Term {
    fn from(value: f64) -> Term {
        Term::new(Made::Constant(value.to_bits()), &[value])
    }
}

impl Sum for Term {
    fn sum<I: Iterator<Item = Term>>(terms: I) -> Term {
        terms.fold(Term::from(0.0), |sum, term| sum + term)
    }
}

impl Product for Term {
    fn product<I: Iterator<Item = Term>>(factors: I) -> Term {
        factors.fold(Term::from(1.0), |product, factor| product * factor)
    }
}

number_operators! { [] Term }
number_comparisons! { [] Term }
