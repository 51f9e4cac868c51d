//! Rates that change at given steps: at once, or on the way from one to the next.
//!
//! ```text
//! vᵢ = η₀ s₁ s₂ ⋯ sᵢ          at the steps b₁ < b₂ < …,   b₀ = 0             k = 0, 1, 2, …
//! constant       η_k = vᵢ                                    bᵢ ≤ k < bᵢ₊₁
//! interpolated   η_k = from vᵢ to vᵢ₊₁ in the given shape    bᵢ ≤ k < bᵢ₊₁;   the last v stays
//! ```
//!
//! As `piecewise_constant_schedule` and `piecewise_interpolate_schedule` of Optax: what is given with a boundary is a factor
//! of the rate before it, not a rate.

use super::shape::{Shape, along};

/// At each boundary the rate is multiplied by the factor given with it.
///
/// ```
/// use downhill::optim::schedule::PiecewiseConstant;
///
/// let lr = PiecewiseConstant::new(0.5, [(100, 0.5), (200, 0.1)]);
/// assert_eq!([lr.rate(99), lr.rate(100), lr.rate(199), lr.rate(200)], [0.5, 0.25, 0.25, 0.025]);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct PiecewiseConstant {
    /// The rate `η₀` before the first boundary.
    pub lr: f64,
    /// The steps `bᵢ`, each with the factor `sᵢ` of the rate from there on.
    pub boundaries: Vec<(usize, f64)>,
}

impl PiecewiseConstant {
    /// From `lr`, multiplied at each boundary by its factor.
    ///
    /// # Panics
    ///
    /// If there are no boundaries, they do not ascend, or a factor is negative or not finite.
    #[track_caller]
    pub fn new(lr: f64, boundaries: impl Into<Vec<(usize, f64)>>) -> PiecewiseConstant {
        let boundaries = boundaries.into();
        check_boundaries("PiecewiseConstant::new", &boundaries);
        PiecewiseConstant { lr, boundaries }
    }

    /// The rate of step `step = 0, 1, 2, …`.
    pub fn rate(&self, step: usize) -> f64 {
        let passed = self.boundaries.iter().filter(|&&(boundary, _)| boundary <= step);
        passed.fold(self.lr, |rate, &(_, factor)| rate * factor)
    }
}

/// From boundary to boundary the rate goes on to the product with the next factor.
///
/// ```
/// use downhill::optim::schedule::{PiecewiseInterpolated, Shape};
///
/// let lr = PiecewiseInterpolated::new(1.0, [(4, 0.5), (8, 0.5)], Shape::Linear);
/// assert_eq!([lr.rate(0), lr.rate(2), lr.rate(4), lr.rate(6), lr.rate(9)], [1.0, 0.75, 0.5, 0.375, 0.25]);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct PiecewiseInterpolated {
    /// The rate `η₀` of the first step.
    pub lr: f64,
    /// The steps `bᵢ`, each with the factor `sᵢ` that the rate has gained when it gets there.
    pub boundaries: Vec<(usize, f64)>,
    /// How the rate goes from one to the next.
    pub shape: Shape,
}

impl PiecewiseInterpolated {
    /// From `lr`, to be multiplied by each boundary's factor when it is reached.
    ///
    /// # Panics
    ///
    /// If there are no boundaries, they do not ascend, or a factor is negative or not finite.
    #[track_caller]
    pub fn new(lr: f64, boundaries: impl Into<Vec<(usize, f64)>>, shape: Shape) -> PiecewiseInterpolated {
        let boundaries = boundaries.into();
        check_boundaries("PiecewiseInterpolated::new", &boundaries);
        PiecewiseInterpolated { lr, boundaries, shape }
    }

    /// The rate of step `step = 0, 1, 2, …`.
    pub fn rate(&self, step: usize) -> f64 {
        let mut rate = self.lr;
        let ways = self.boundaries.iter().map(|&(boundary, factor)| {
            rate *= factor;
            (boundary, rate)
        });
        along(step, self.lr, ways, self.shape)
    }
}

#[track_caller]
fn check_boundaries(by: &str, boundaries: &[(usize, f64)]) {
    assert!(
        !boundaries.is_empty(),
        "{by} was given no boundaries; it needs at least 1: for one rate throughout take Constant"
    );
    assert!(
        boundaries.is_sorted_by(|a, b| a.0 < b.0),
        "{by} was given the boundaries {boundaries:?}, whose steps do not ascend; sort them, each step once"
    );
    for &(boundary, factor) in boundaries {
        assert!(
            factor >= 0.0 && factor.is_finite(),
            "{by} was given the factor {factor} at step {boundary}; it must be finite and at least 0: \
             it multiplies the rate before"
        );
    }
}
