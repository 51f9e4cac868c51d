//! What several rules compute: signs, and sums over all arrays that are not frozen.

use crate::optim::Blocks;
use crate::params::Element;

/// 1, -1, or what was given, for 0 and NaN.
#[inline(always)]
pub(super) fn sign<T: Element>(x: T) -> T {
    if x > T::zero() {
        T::one()
    } else if x < T::zero() {
        -T::one()
    } else {
        x
    }
}

/// `Σ f(i)` in `f64`, over the numbers of all arrays that are not frozen.
///
/// Eight sums take turns, so that the additions need not wait for one another.
pub(super) fn sum(blocks: Blocks<'_>, f: impl Fn(usize) -> f64) -> f64 {
    let (mut sums, mut rest) = ([0.0; 8], 0.0);
    for block in blocks {
        let mut i = block.range.start;
        while i + sums.len() <= block.range.end {
            for (j, sum) in sums.iter_mut().enumerate() {
                *sum += f(i + j);
            }
            i += sums.len();
        }
        rest += (i..block.range.end).map(&f).sum::<f64>();
    }
    sums.iter().sum::<f64>() + rest
}

/// `η r`, `r` being a ratio of norms; `η` where that is beyond the range of `T`, as what is multiplied is as good as 0 then.
pub(super) fn times_ratio<T: Element>(lr: f64, ratio: f64) -> T {
    let rate = T::nearest(lr * ratio);
    if rate.is_finite() { rate } else { T::nearest(lr) }
}

/// The value of the objective at this step, which the rule named `rule` cannot do without.
pub(super) fn needed(value: Option<f64>, rule: &str) -> f64 {
    value.unwrap_or_else(|| {
        panic!(
            "downhill: {rule} chooses its step by the value of the objective, and was not given it: call \
             `step_with_value(&mut x, &gradient, value)` instead of `step(&mut x, &gradient)`"
        )
    })
}
