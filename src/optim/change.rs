//! A step being changed in place: what transformations need beside what rules need.
//!
//! ```text
//! g, s ← f(x, g, s)       before a rule
//! d, s ← f(x, d, s)       after it
//! ```

use super::each::{At, Pass};
use super::step::{Blocks, Step};
use super::transform::Stage;
use crate::params::Element;

/// The slices of a step, for transformations that treat arrays as a whole; see [`Step::arrays_at`].
#[derive(Debug)]
pub struct Arrays<'s, T: Element> {
    /// The variables, `[n]`.
    pub x: &'s [T],
    /// The gradient or the displacement, `[n]`, to be changed.
    pub numbers: &'s mut [T],
    /// The arrays the numbers are divided into, without those that are frozen.
    pub blocks: Blocks<'s>,
}

impl<T: Element> Step<'_, T> {
    /// Changes the gradient, or the displacement that is held back, in one pass over all numbers: `f` is given each (in
    /// [`At::g`]) with the numbers of the `state` that belong to it, and returns what becomes of them. Up to four slices
    /// of state, each of length `[n]`.
    ///
    /// Where a group is frozen, `f` is not asked.
    ///
    /// ```
    /// use downhill::optim::Step;
    /// use downhill::optim::transform::{Stage, Transform};
    /// use downhill::params::Layout;
    /// use downhill::prelude::*;
    ///
    /// /// g ← the sum of all gradients so far.
    /// struct Sum;
    ///
    /// impl Transform for Sum {
    ///     type State = Vec<f64>;
    ///     fn init(&self, _: &Layout, x: &[f64]) -> Vec<f64> {
    ///         vec![0.0; x.len()]
    ///     }
    ///     fn transform(&self, sum: &mut Vec<f64>, now: &mut Step<'_>, stage: Stage) {
    ///         now.change_at(stage, [sum], |at, [sum]| (sum + at.g, [sum + at.g]));
    ///     }
    /// }
    ///
    /// let mut x = [0.0];
    /// let mut descent = GradientDescent::new(1.0).before(Sum).optimizer();
    /// for _ in 0..3 {
    ///     descent.step(&mut x, &[1.0]);
    /// }
    /// assert_eq!(x, [-6.0]); // 1 + 2 + 3
    /// ```
    ///
    /// # Panics
    ///
    /// As [`displacement_mut`](Step::displacement_mut).
    #[track_caller]
    pub fn change_at<const N: usize, F>(&mut self, stage: Stage, mut state: [&mut [T]; N], f: F)
    where
        F: Fn(At<T>, [T; N]) -> (T, [T; N]),
    {
        if stage == Stage::Displacement {
            self.assert_held();
        }
        // What was given is read from where it is; all else is written to other memory, and that is swapped.
        let fresh = stage == Stage::Gradient && !self.copied;
        let to = if fresh { &mut self.work.gradient } else { &mut self.work.changed };
        let mut to = std::mem::take(to);
        to.resize(self.x.len(), T::zero());
        for group in self.groups {
            let range = group.range.clone();
            let (from, scale, coupled) = match stage {
                Stage::Gradient if fresh => (self.given, self.scale, self.coupled),
                Stage::Gradient => (&self.work.gradient[..], self.scale, self.coupled),
                Stage::Displacement => (&self.work.displacement[..], 1.0, 0.0),
            };
            let [lr, decay] = [self.lr * group.rate, group.decay].map(T::nearest);
            let pass = Pass {
                at: At { x: T::zero(), g: T::zero(), lr, decay },
                x: &mut self.x[range.clone()],
                gradient: &from[range.clone()],
                scale: T::nearest(scale),
                coupled: T::nearest(coupled * group.decay),
                shrink: 0.0,
                held: Some(&mut to[range.clone()]),
            };
            if group.frozen {
                pass.run([], &|at, []| (at.g, []));
            } else {
                pass.run(state.each_mut().map(|s| &mut s[range.clone()]), &f);
            }
        }
        let old = match stage {
            Stage::Gradient => {
                (self.scale, self.coupled, self.copied) = (1.0, 0.0, true);
                std::mem::replace(&mut self.work.gradient, to)
            }
            Stage::Displacement => std::mem::replace(&mut self.work.displacement, to),
        };
        if !fresh {
            self.work.changed = old;
        }
    }

    /// The gradient, or the displacement that is held back, to be changed array by array.
    ///
    /// # Panics
    ///
    /// As [`displacement_mut`](Step::displacement_mut).
    #[track_caller]
    pub fn arrays_at(&mut self, stage: Stage) -> Arrays<'_, T> {
        match stage {
            Stage::Gradient => self.settle(true),
            Stage::Displacement => self.assert_held(),
        }
        let blocks = self.blocks();
        let numbers = match stage {
            Stage::Gradient => &mut self.work.gradient,
            Stage::Displacement => &mut self.work.displacement,
        };
        Arrays { x: self.x, numbers, blocks }
    }

    /// The variables, `[n]`, to be changed, and the arrays they are divided into, without those that are frozen; for
    /// [`Rule::after_step`](super::Rule::after_step), where they are the new ones.
    pub fn variables_mut(&mut self) -> (&mut [T], Blocks<'_>) {
        let blocks = self.blocks();
        (self.x, blocks)
    }

    /// Whether something [put off](Step::put_off) this step; then the rule is not to be asked.
    pub fn is_put_off(&self) -> bool {
        !self.taken
    }
}
