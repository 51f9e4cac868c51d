//! Weight decay, for any rule: in the gradient, or beside it.
//!
//! ```text
//! g ← g + λ x                                      coupled, as the gradient of λ |x|² / 2
//! x ← (1 − η λ) x                                  decoupled, before the displacement
//! ```
//!
//! I. Loshchilov and F. Hutter, *Decoupled weight decay regularization*, ICLR 2019, algorithm 2: the line in violet, and
//! that in green. Under plain gradient descent the two are the same. PyTorch's `weight_decay` is coupled, but for `AdamW`
//! and its like.

use super::{Stage, Transform};
use crate::optim::Step;
use crate::params::{Element, Layout};

/// Adds `decay · x` to the gradient, the coupled weight decay; after a rule, `η · decay · x` to the displacement.
///
/// Stands before a rule, by [`Rated::coupled_weight_decay`](crate::optim::Rated::coupled_weight_decay). A
/// [`Group`](crate::optim::Group) multiplies it by its factor. It costs nothing, it is done in the rule's pass. Rules that
/// have a `weight_decay` of their own keep that: under [`AdamW`](crate::optim::AdamW) this is a second one, and of the
/// other kind.
///
/// ```
/// use downhill::prelude::*;
///
/// let mut x = [1.0, -2.0];
/// Momentum::new(0.5).coupled_weight_decay(0.1).optimizer().step(&mut x, &[1.0, 0.0]);
/// assert_eq!(x, [1.0 - 0.5 * 1.1, -2.0 + 0.5 * 0.2]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct WeightDecay {
    /// How much of `x` is added: `λ`.
    pub decay: f64,
}

/// `x ← (1 − η · decay) x` before the displacement, the decoupled weight decay.
///
/// Made by [`Rated::decoupled_weight_decay`](crate::optim::Rated::decoupled_weight_decay); before or after a rule is all
/// the same, but around [`Mechanic`](crate::optim::Mechanic), which tunes what stands before it with its rule. A
/// [`Group`](crate::optim::Group) multiplies it by its factor. It costs nothing, it is done in the rule's pass.
///
/// ```
/// use downhill::prelude::*;
///
/// let mut x = [1.0];
/// Adam::new(0.5).decoupled_weight_decay(0.5).optimizer().step(&mut x, &[0.0]);
/// assert_eq!(x, [0.75]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct DecoupledWeightDecay {
    /// How much of `x` goes away at a learning rate of 1: `λ`.
    pub decay: f64,
}

impl<T: Element> Transform<T> for WeightDecay {
    type State = ();

    fn init(&self, _: &Layout, _: &[T]) {}

    fn transform(&self, _: &mut (), now: &mut Step<'_, T>, stage: Stage) {
        match stage {
            Stage::Gradient => now.add_coupled_decay(self.decay),
            Stage::Displacement => {
                let decay = T::nearest(self.decay);
                now.change_at(stage, [], |at, []| (at.g + at.lr * decay * at.decay * at.x, []));
            }
        }
    }
}

impl<T: Element> Transform<T> for DecoupledWeightDecay {
    type State = ();

    fn init(&self, _: &Layout, _: &[T]) {}

    fn transform(&self, _: &mut (), now: &mut Step<'_, T>, _: Stage) {
        now.add_decoupled_decay(self.decay);
    }
}
