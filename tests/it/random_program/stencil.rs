//! Derivatives of long programs against differences of values.
//!
//! ```text
//! s(h) = (45 d₁ − 9 d₂ + d₃) / 60h,    dₖ = f(x + khv) − f(x − khv),    h = 2⁻⁵ … 2⁻¹⁶
//! ```
//!
//! No one step suits all programs: their seventh derivatives differ by many orders. The step is chosen without a look at
//! the derivative that is tested: where `s(h)` and `s(h/2)` and the rounding of the values are nearest to each other.

/// How differences of values compare to a derivative.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Agreement {
    Near,
    Off,
    /// The differences do not settle at any step, so they say nothing.
    Unsteady,
}

/// Holds the derivatives `wanted` of the functions `f` at `x` along `v` against the stencil; `terms` are what each is
/// relative to, `noise` bounds the rounding of each value. The stencil is of use if it is steady to `steady`; then it is
/// near the truth to ten times that.
pub(crate) fn stencil(
    f: impl Fn(&[f64]) -> Vec<f64>,
    x: &[f64],
    v: &[f64],
    wanted: &[f64],
    terms: &[f64],
    noise: f64,
    steady: f64,
) -> Agreement {
    let at = |k: f64| f(&x.iter().zip(v).map(|(x, v)| x + k * v).collect::<Vec<f64>>());
    let slopes = |h: f64| -> Vec<f64> {
        let d = [1.0, 2.0, 3.0].map(|k| {
            let (above, below) = (at(k * h), at(-k * h));
            above.iter().zip(&below).map(|(a, b)| a - b).collect::<Vec<f64>>()
        });
        (0..wanted.len()).map(|i| (45.0 * d[0][i] - 9.0 * d[1][i] + d[2][i]) / (60.0 * h)).collect()
    };
    let steps: Vec<f64> = (5..=16).map(|halvings| 0.5_f64.powi(halvings)).collect();
    let slopes: Vec<Vec<f64>> = steps.iter().map(|&h| slopes(h)).collect();
    // Of a vector the small components are known less well.
    let largest = terms.iter().copied().fold(1e-12, f64::max);
    let mut agreement = Agreement::Near;
    for (i, (&wanted, &terms)) in wanted.iter().zip(terms).enumerate() {
        let steadiness = |k: usize| (slopes[k][i] - slopes[k + 1][i]).abs() + noise / steps[k + 1];
        let best = (0..steps.len() - 1).min_by(|&k, &l| steadiness(k).total_cmp(&steadiness(l)));
        let best = best.expect("some steps");
        let size = terms + 1e-3 * largest;
        // Of NaN nothing is known.
        let is_steady = steadiness(best) <= steady * size;
        let is_near = (slopes[best + 1][i] - wanted).abs() <= 10.0 * steady * size;
        match (is_steady, is_near) {
            (true, true) => {}
            (true, false) => return Agreement::Off,
            (false, _) => agreement = Agreement::Unsteady,
        }
    }
    agreement
}
