//! What a step did.

/// What one step of an [`Optimizer`](super::Optimizer) did.
///
/// ```
/// use downhill::optim::Deed;
/// use downhill::prelude::*;
///
/// let mut x = [1.0, 1.0];
/// let mut descent = GradientDescent::new(0.1).clip_norm(1.0).optimizer();
/// let report = descent.step(&mut x, &[3.0, 4.0]);
/// assert_eq!((report.deed, report.norm, report.clipped), (Deed::Stepped, Some(5.0), true));
///
/// let report = descent.step(&mut x, &[f64::NAN, 4.0]);
/// assert_eq!((report.deed, report.non_finite), (Deed::Skipped, 1));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StepReport {
    /// What was done.
    pub deed: Deed,
    /// The learning rate of this step, before factors of groups.
    pub lr: f64,
    /// The 2-norm of the gradient as it was given; `None` where nobody needed it
    /// ([`OnNonFinite::Propagate`], and no clipping).
    pub norm: Option<f64>,
    /// Whether the gradient, or the displacement, was clipped anywhere.
    pub clipped: bool,
    /// How many components of the gradient were not finite; 0 where nobody looked.
    pub non_finite: usize,
}

impl StepReport {
    /// Whether the variables were stepped.
    pub fn is_stepped(&self) -> bool {
        self.deed == Deed::Stepped
    }
}

/// What became of a gradient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// The variables were stepped.
    Stepped,
    /// The gradient was put to others; the variables are as they were.
    Accumulated,
    /// The gradient was not finite, and forgotten; variables and state are as they were.
    Skipped,
    /// A gradient was not finite, now or before, and [`OnNonFinite::Stop`] is in force; variables and state are as they
    /// were before it.
    Stopped,
}

/// What an [`Optimizer`](super::Optimizer) does with a gradient that is not finite.
///
/// To know, it reads the gradient once more in each step, and so knows the norm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum OnNonFinite {
    /// Forgets it, and says so in the report: neither variables nor state change.
    #[default]
    Skip,
    /// As `Skip`, and no further step is taken before a [`reset`](super::Optimizer::reset).
    Stop,
    /// Uses it like any other, as most libraries do: it spoils variables and state for good. Nothing is looked at.
    Propagate,
}
