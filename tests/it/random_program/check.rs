//! What must hold of every program, and how nearly: reverse, forward and differences of values are one derivative.

use downhill::prelude::{Dual, Duals, Expansion, Var, gradient, hvp, value_and_gradient};

use super::stencil::stencil;
use super::terms::Terms;
use super::{Agreement, Program};

/// How far two derivatives may be apart. Both follow the chain rule, with the slopes of the same rows at the same values: what
/// they differ by is the order of products and sums. At most 2 ulp of the absolute terms were seen in programs of 500
/// operations. Where a factor on the way is below the normal range, its digits are lost in either order.
fn rounding(terms: f64) -> f64 {
    64.0 * f64::EPSILON * terms + 1e-300
}

/// Tangents at once: as many as a program can have inputs.
const WIDEST: usize = 12;

/// The gradient by the tape is that by dual numbers, up to rounding, and near that of differences of values, where these
/// are steady.
pub(crate) fn check(program: &Program) -> Agreement {
    let n = program.inputs.len();
    let (value, gradient) = value_and_gradient(|x| program.run(x), &program.inputs);
    let plain = program.run(&program.inputs);
    assert_eq!(value.to_bits(), plain.to_bits(), "the value by the tape is the plain value");
    let terms = Terms::of(program);
    let mut seeds: Vec<Duals<WIDEST>> = program.inputs.iter().copied().map(Duals::constant).collect();
    seeds.iter_mut().enumerate().for_each(|(i, x)| x.tangents[i] = 1.0);
    let forward = program.run(&seeds);
    assert_eq!(forward.value.to_bits(), plain.to_bits(), "the value forward is the plain value");
    let near = |a: f64, b: f64, terms: f64| (a - b).abs() <= rounding(terms);
    for i in 0..n {
        let (back, forward, terms) = (gradient[i], forward.tangents[i], terms.first[i]);
        assert!(near(back, forward, terms), "∂{i}: back {back:e}, forward {forward:e}, terms {terms:e}");
    }
    let v = program.direction(0);
    let slope = gradient.iter().zip(&v).map(|(g, v)| g * v).sum();
    let size = terms.first.iter().zip(&v).map(|(term, v)| term * v.abs()).sum();
    let along: Vec<Dual> = program.inputs.iter().zip(&v).map(|(&x, &v)| Dual::new(x, v)).collect();
    let tangent = program.run(&along).tangent;
    assert!(near(slope, tangent, size), "∇f · v: back {slope:e}, forward {tangent:e}, terms {size:e}");
    let values = |x: &[f64]| vec![program.run(x)];
    let agreement = stencil(values, &program.inputs, &v, &[slope], &[size], terms.noise, 1e-10);
    assert!(agreement != Agreement::Off, "∇f · v = {slope:e} is not what differences of values give");
    agreement
}

/// Two second derivatives of a random program, equal up to the rounding of their `terms`. The slopes of slopes have terms
/// of their own, which cancel within a row: hence more room than between two gradients.
#[track_caller]
fn assert_same(got: f64, wanted: f64, terms: f64, what: &str) {
    assert!(
        (got - wanted).abs() <= CURVED * terms + 1e-300,
        "{what}: {got:e}, not {wanted:e}, terms {terms:e}"
    );
}

const CURVED: f64 = 1e-12;

/// `H v` forward, on dual numbers of dual numbers, one row at a time.
fn product_by_duals(program: &Program, v: &[f64]) -> Vec<f64> {
    let row = |i: usize| {
        let seed = |(k, (&x, &v)): (usize, (&f64, &f64))| {
            Dual::new(Dual::new(x, v), f64::from(u8::from(k == i)).into())
        };
        let seeded: Vec<Dual<Dual>> = program.inputs.iter().zip(v).enumerate().map(seed).collect();
        program.run(&seeded).tangent.tangent
    };
    (0..program.inputs.len()).map(row).collect()
}

fn dot_of(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The same absolutely: what rounding is relative to.
fn size_of(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a * b).abs()).sum()
}

/// The Hessian is symmetric, `hvp` is the Hessian times `v`, and both are what forward mode and differences of gradients
/// have.
pub(crate) fn check_second(program: &Program) -> Agreement {
    let (x, v, terms) = (&program.inputs, program.direction(1), Terms::of(program));
    let here = Expansion::of(|x: &[Var]| program.run(x), x);
    assert_eq!(here.values()[0].to_bits(), program.run(x).to_bits());
    let gradient_at = |x: &[f64]| gradient(|x| program.run(x), x);
    for (i, (got, wanted)) in here.gradient().iter().zip(&gradient_at(x)).enumerate() {
        assert!(
            (got - wanted).abs() <= rounding(terms.first[i]),
            "∂{i} by operations: {got:e}, not {wanted:e}"
        );
    }
    let (hessian, product, forward) = (here.hessian(), here.hvp(&v), product_by_duals(program, &v));
    let mut sizes = Vec::new();
    for (i, row) in hessian.rows().into_iter().enumerate() {
        let row = row.to_vec();
        sizes.push(size_of(&terms.second[i], &v));
        for (j, entry) in row.iter().enumerate() {
            assert_eq!(
                entry.to_bits(),
                hessian[[j, i]].to_bits(),
                "the Hessian is symmetric to the last bit"
            );
        }
        let j = (i * 5 + 1) % row.len();
        assert_same(here.mixed_partial(i, j), row[j], terms.second[i][j], "a mixed partial");
        assert_same(product[i], dot_of(&row, &v), sizes[i], "hvp and the Hessian times v");
        assert_same(product[i], forward[i], sizes[i], "hvp and forward mode");
    }
    for (i, single) in hvp(|x: &[Var]| program.run(x), x, &v).into_iter().enumerate() {
        assert_same(single, product[i], sizes[i], "hvp alone and of an expansion");
    }
    let other = program.direction(2);
    let several = here.hvps(&[&v, &other, &v]);
    assert_same(
        dot_of(&several[1], &v),
        dot_of(&product, &other),
        dot_of(&sizes, &other.iter().map(|x| x.abs()).collect::<Vec<_>>()),
        "w · Hv = v · Hw",
    );
    assert_eq!(several[2], several[0], "in pairs or alone");
    let agreement = stencil(gradient_at, x, &v, &product, &sizes, terms.noise, 1e-8);
    assert!(agreement != Agreement::Off, "hvp is not what differences of gradients give");
    agreement
}

/// `⟨Jv, w⟩ = ⟨v, Jᵀw⟩`, and both products are those with the Jacobian, which is the one by dual numbers.
pub(crate) fn check_jacobian(program: &Program) {
    let (x, v, terms) = (&program.inputs, program.direction(1), Terms::of(program).results);
    let here = Expansion::of(|x: &[Var]| program.results(x), x);
    let w: Vec<f64> = (0..terms.len()).map(|i| 0.5 - 0.3 * i as f64).collect();
    let (jv, wj, j) = (here.jvp(&v), here.vjp(&w), here.jacobian());
    let seeds: Vec<Dual> = x.iter().zip(&v).map(|(&x, &v)| Dual::new(x, v)).collect();
    let mut size = 0.0;
    for (i, (row, forward)) in j.rows().into_iter().zip(program.results(&seeds)).enumerate() {
        let terms_of_row = size_of(&terms[i], &v);
        size += terms_of_row * w[i].abs();
        let near = |a: f64, b: f64| (a - b).abs() <= rounding(terms_of_row);
        assert!(near(jv[i], dot_of(&row.to_vec(), &v)), "J v of row {i}: {:e}", jv[i]);
        assert!(near(jv[i], forward.tangent), "J v of row {i} forward: {:e}", jv[i]);
    }
    for (k, column) in j.columns().into_iter().enumerate() {
        let terms_of_column: f64 = terms.iter().zip(&w).map(|(row, w)| row[k] * w.abs()).sum();
        let (product, wanted) = (wj[k], dot_of(&column.to_vec(), &w));
        assert!((product - wanted).abs() <= rounding(terms_of_column), "wᵀJ of column {k}: {product:e}");
    }
    let (left, right) = (dot_of(&jv, &w), dot_of(&v, &wj));
    assert!(
        (left - right).abs() <= rounding(size),
        "⟨Jv, w⟩ = {left:e}, ⟨v, Jᵀw⟩ = {right:e}, terms {size:e}"
    );
}
