//! A step being taken: what there is to work with, for rules and for what is built on them.
//!
//! ```text
//! g ← scale · g + coupled · x                      what came before the rule
//! d, s ← rule(x, g, s, η)
//! x ← (1 − η λ) x − d                              λ the decoupled weight decay
//! ```

use std::iter;
use std::ops::Range;

use super::each::{At, Pass, subtract, sum_of_squares};
use super::norm::{SAFE, norm_over};
use super::transform::Stage;
use crate::params::{Element, Layout};

/// A step being taken: a [`Rule`](super::Rule) reads what it needs, and says by how much each number falls.
///
/// Most rules treat each number alike, in one pass over memory: [`each`](Step::each). Rules for which an array is a whole
/// (its norm, its rows and columns) use [`whole`](Step::whole). What is built around a rule changes the gradient before
/// it, or the displacement after it, if it calls [`hold`](Step::hold) before.
#[derive(Debug)]
pub struct Step<'a, T: Element = f64> {
    /// The number of this step: 1, 2, 3, …
    pub t: usize,
    /// The learning rate, before factors of groups.
    pub lr: f64,
    /// The value of the objective at `x`, if it was given.
    pub value: Option<f64>,
    pub(super) layout: &'a Layout,
    pub(super) groups: &'a [Segment],
    pub(super) x: &'a mut [T],
    pub(super) given: &'a [T],
    pub(super) work: &'a mut Work<T>,
    /// The gradient is `scale · g + coupled · decay · x`, and `g` the given one, or that of the work.
    pub(super) scale: f64,
    pub(super) coupled: f64,
    pub(super) decoupled: f64,
    pub(super) copied: bool,
    pub(super) held: bool,
    pub(super) clipped: bool,
    pub(super) taken: bool,
    pub(super) norm: Option<f64>,
}

/// Neighbouring numbers that are treated alike, by their group.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Segment {
    pub(super) range: Range<usize>,
    pub(super) rate: f64,
    pub(super) decay: f64,
    pub(super) frozen: bool,
}

impl Segment {
    pub(super) fn all(n: usize) -> Segment {
        Segment { range: 0..n, rate: 1.0, decay: 1.0, frozen: false }
    }
}

/// Memory to work in; nothing in it is kept from step to step.
#[derive(Debug, Default)]
pub(super) struct Work<T> {
    pub(super) gradient: Vec<T>,
    pub(super) displacement: Vec<T>,
    /// Where a pass writes what one of the others is to become.
    pub(super) changed: Vec<T>,
}

/// The slices of a step, for rules that treat arrays as a whole; see [`Step::whole`].
#[derive(Debug)]
pub struct Whole<'s, T: Element> {
    /// The variables, `[n]`.
    pub x: &'s [T],
    /// The gradient, `[n]`, with all transformations before this rule.
    pub gradient: &'s [T],
    /// By how much each variable falls, `[n]`; the rule writes it. Where a group is frozen it is ignored.
    pub displacement: &'s mut [T],
    /// The arrays the numbers are divided into, without those that are frozen.
    pub blocks: Blocks<'s>,
}

/// The arrays of a step one by one.
#[derive(Debug, Clone)]
pub struct Blocks<'s> {
    layout: &'s Layout,
    groups: &'s [Segment],
    lr: f64,
    next: usize,
}

/// One array of a step.
#[derive(Debug, Clone, PartialEq)]
pub struct BlockNow<'s> {
    /// Its place among all arrays.
    pub index: usize,
    /// Its name; empty where there are no names.
    pub name: &'s str,
    /// The length of each axis.
    pub shape: &'s [usize],
    /// Where its numbers lie, in row-major order.
    pub range: Range<usize>,
    /// The learning rate: that of the step times the factor of its group.
    pub lr: f64,
    /// What its group multiplies the weight decay by.
    pub decay: f64,
}

impl<'s> Iterator for Blocks<'s> {
    type Item = BlockNow<'s>;

    fn next(&mut self) -> Option<BlockNow<'s>> {
        loop {
            let (name, block) = self.layout.at(self.next)?;
            let index = self.next;
            self.next += 1;
            let range = block.range();
            if range.is_empty() {
                continue;
            }
            // Arrays and groups follow one another in the same order.
            while self.groups[0].range.end <= range.start {
                self.groups = &self.groups[1..];
            }
            let group = &self.groups[0];
            if group.frozen {
                continue;
            }
            let (lr, decay) = (self.lr * group.rate, group.decay);
            return Some(BlockNow { index, name, shape: block.shape(), range, lr, decay });
        }
    }
}

impl<'a, T: Element> Step<'a, T> {
    /// How the numbers are divided into arrays.
    pub fn layout(&self) -> &'a Layout {
        self.layout
    }

    /// The variables, `[n]`.
    pub fn x(&self) -> &[T] {
        self.x
    }

    /// The gradient, `[n]`, with all transformations so far.
    pub fn gradient(&mut self) -> &[T] {
        self.settle(false);
        if self.copied { &self.work.gradient } else { self.given }
    }

    /// The variables and the gradient with all transformations so far, `[n]` each.
    pub fn x_and_gradient(&mut self) -> (&[T], &[T]) {
        self.settle(false);
        (self.x, if self.copied { &self.work.gradient } else { self.given })
    }

    /// The arrays the numbers are divided into, without those that are frozen.
    pub fn blocks(&self) -> Blocks<'a> {
        Blocks { layout: self.layout, groups: self.groups, lr: self.lr, next: 0 }
    }

    /// The gradient, `[n]`, to be changed.
    pub fn gradient_mut(&mut self) -> &mut [T] {
        self.settle(true);
        &mut self.work.gradient
    }

    /// Writes down the gradient as it is now, if it is not what was given, or in any case.
    pub(super) fn settle(&mut self, anyway: bool) {
        let changed = self.scale != 1.0 || self.coupled != 0.0;
        if !self.copied && (changed || anyway) {
            self.work.gradient.clear();
            self.work.gradient.extend_from_slice(self.given);
            self.copied = true;
        }
        if changed {
            let scale = T::nearest(self.scale);
            for group in self.groups {
                let coupled = T::nearest(self.coupled * group.decay);
                let range = group.range.clone();
                for (g, &x) in self.work.gradient[range.clone()].iter_mut().zip(&self.x[range]) {
                    *g = scale * *g + coupled * x;
                }
            }
            (self.scale, self.coupled) = (1.0, 0.0);
        }
    }

    /// Multiplies the gradient by `factor`; costs nothing by itself, it is done in the rule's pass.
    pub fn scale_gradient(&mut self, factor: f64) {
        self.scale *= factor;
        self.coupled *= factor;
    }

    /// Adds `decay · x` to the gradient, the coupled weight decay (the gradient of `decay |x|² / 2`); costs nothing by
    /// itself, it is done in the rule's pass. A group multiplies it by its factor.
    pub fn add_coupled_decay(&mut self, decay: f64) {
        self.coupled += decay;
    }

    /// `x ← (1 − η decay) x` before the displacement, the decoupled weight decay; costs nothing by itself, it is done in
    /// the rule's pass. A group multiplies it by its factor.
    pub fn add_decoupled_decay(&mut self, decay: f64) {
        self.decoupled += decay;
    }

    /// The 2-norm of the gradient as it is now, without what is frozen. Costs one reading of it, nothing if it is known.
    pub fn gradient_norm(&mut self) -> f64 {
        if self.coupled == 0.0 && !self.copied {
            let scale = self.scale.abs();
            return scale * self.given_norm();
        }
        let groups = self.groups;
        norm_where(self.gradient(), groups)
    }

    pub(super) fn given_norm(&mut self) -> f64 {
        *self.norm.get_or_insert_with(|| norm_where(self.given, self.groups))
    }

    /// The 2-norm of the gradient as it is now, or of the displacement that is held back, without what is frozen.
    pub fn norm_at(&mut self, stage: Stage) -> f64 {
        match stage {
            Stage::Gradient => self.gradient_norm(),
            Stage::Displacement => {
                let groups = self.groups;
                norm_where(self.displacement_mut().0, groups)
            }
        }
    }

    /// Multiplies the gradient, or the displacement that is held back, by `factor`.
    pub fn scale_at(&mut self, stage: Stage, factor: f64) {
        match stage {
            Stage::Gradient => self.scale_gradient(factor),
            Stage::Displacement => {
                let factor = T::nearest(factor);
                self.displacement_mut().0.iter_mut().for_each(|d| *d *= factor);
            }
        }
    }

    /// For the report: something was clipped.
    pub fn say_clipped(&mut self) {
        self.clipped = true;
    }

    /// Leaves `x` as it is: the gradient was put to others. The step does not count.
    pub fn put_off(&mut self) {
        self.taken = false;
    }

    /// Keeps displacements back, for [`displacement_mut`](Step::displacement_mut), until the whole step is over. To be
    /// called before the rule.
    pub fn hold(&mut self) {
        if !self.held {
            self.held = true;
            self.work.displacement.clear();
            self.work.displacement.resize(self.x.len(), T::zero());
        }
    }

    /// By how much each number is going to fall, `[n]`, to be changed.
    ///
    /// # Panics
    ///
    /// If they were not [held](Step::hold): then `x` is changed already.
    #[track_caller]
    pub fn displacement_mut(&mut self) -> (&mut [T], Blocks<'_>) {
        self.assert_held();
        let blocks = self.blocks();
        (&mut self.work.displacement, blocks)
    }

    #[track_caller]
    pub(super) fn assert_held(&self) {
        assert!(
            self.held,
            "downhill: a displacement was asked for that was not held back; call `hold` before the rule's `step`"
        );
    }

    /// One pass over all numbers: `f` is given each with the numbers of the `state` that belong to it, and returns by how
    /// much it falls, and the new numbers of the state. Up to four slices of state, each of length `[n]`.
    ///
    /// Where a group is frozen, `f` is not asked. Let `f` `move` the numbers it captures: what it only refers to may be read
    /// anew for each number, and keep the loop from becoming vector code (Adam, written so: 4.1 instead of 0.57 ns a
    /// number).
    ///
    /// ```
    /// use downhill::optim::Step;
    ///
    /// /// Momentum: b ← 0.9 b + g, x ← x − η b.
    /// fn step(b: &mut Vec<f64>, now: &mut Step<'_>) {
    ///     now.each([b], |at, [b]| {
    ///         let b = 0.9 * b + at.g;
    ///         (at.lr * b, [b])
    ///     });
    /// }
    /// ```
    pub fn each<const N: usize, F>(&mut self, mut state: [&mut [T]; N], f: F)
    where
        F: Fn(At<T>, [T; N]) -> (T, [T; N]),
    {
        for group in self.groups.iter().filter(|group| !group.frozen) {
            let range = group.range.clone();
            let own = state.each_mut().map(|s| &mut s[range.clone()]);
            self.pass(group).run(own, &f);
        }
    }

    /// What a pass over the numbers of one group needs.
    fn pass(&mut self, group: &Segment) -> Pass<'_, T> {
        let range = group.range.clone();
        let lr = self.lr * group.rate;
        let given = if self.copied { &self.work.gradient } else { self.given };
        Pass {
            at: At { x: T::zero(), g: T::zero(), lr: T::nearest(lr), decay: T::nearest(group.decay) },
            x: &mut self.x[range.clone()],
            gradient: &given[range.clone()],
            scale: T::nearest(self.scale),
            coupled: T::nearest(self.coupled * group.decay),
            shrink: lr * self.decoupled * group.decay,
            held: self.held.then(|| &mut self.work.displacement[range]),
        }
    }

    /// All slices at once, for rules that treat arrays as a whole; the displacement holds what was held back so far, or 0.
    pub fn whole(&mut self) -> Whole<'_, T> {
        self.hold();
        self.settle(false);
        Whole {
            blocks: self.blocks(),
            x: self.x,
            gradient: if self.copied { &self.work.gradient } else { self.given },
            displacement: &mut self.work.displacement,
        }
    }

    /// Subtracts what was held back, so that the variables are the new ones.
    pub(super) fn finish(&mut self) {
        if !self.held || !self.taken {
            return;
        }
        for group in self.groups.iter().filter(|group| !group.frozen) {
            let range = group.range.clone();
            let shrink = self.lr * group.rate * self.decoupled * group.decay;
            subtract(&mut self.x[range.clone()], &self.work.displacement[range], shrink);
        }
        self.held = false;
    }
}

/// `|v|`, safe from overflow and underflow.
pub(super) fn norm_of<T: Element>(v: &[T]) -> f64 {
    norm_of_parts(iter::once(v))
}

/// `|v|` of what is not frozen.
fn norm_where<T: Element>(v: &[T], groups: &[Segment]) -> f64 {
    norm_of_parts(moving(groups).map(|range| &v[range]))
}

fn norm_of_parts<'v, T: Element>(parts: impl Iterator<Item = &'v [T]> + Clone) -> f64 {
    let sum = parts.clone().map(sum_of_squares).sum::<f64>();
    // For `f32` the sum, in `f64`, never leaves the range.
    if (SAFE..=f64::MAX).contains(&sum) { sum.sqrt() } else { norm_over(parts.flatten().map(|v| v.wide())) }
}

/// Where the numbers lie that are not frozen.
pub(super) fn moving(groups: &[Segment]) -> impl Iterator<Item = Range<usize>> + Clone {
    groups.iter().filter(|group| !group.frozen).map(|group| group.range.clone())
}
