//! Adaptive clipping: a gradient may be as long as a share of the weights it belongs to, unit by unit.
//!
//! ```text
//! g ← g λ max(|w|, ε) / |g|,   where |g| > λ max(|w|, ε)        g, w of one unit; ε = 1e-3
//! ```
//!
//! A. Brock, S. De, S. L. Smith and K. Simonyan, *High-performance large-scale image recognition without normalization*,
//! ICML 2021, equation 3. A unit is what feeds one output, as `optax.adaptive_grad_clip` has it.

use super::{Stage, Transform};
use crate::optim::Step;
use crate::optim::norm::norm_over;
use crate::optim::step::norm_of;
use crate::params::{Element, Layout};

/// Makes no unit of a gradient longer than `ratio` times the unit of the weights.
///
/// | axes of the array | a unit |
/// |---|---|
/// | 0, 1, or all of length 1 but one | the whole array |
/// | 2: in × out; 3: in × heads × out | its numbers along the first axis |
/// | 4, 5 or more: … × in × out | its numbers along all axes but the last |
///
/// Stands before a rule, by [`Rated::adaptive_clip`](crate::optim::Rated::adaptive_clip). Brock et al. leave out the last
/// layer.
///
/// ```
/// use downhill::prelude::*;
/// use ndarray::array;
///
/// let mut w = array![[3.0, 1.0], [4.0, 0.0]]; // columns of length 5 and 1
/// let g = array![[0.0, 0.0], [9.0, 0.05]];
/// GradientDescent::new(1.0).adaptive_clip(0.1).optimizer().step(&mut w, &g);
/// assert_eq!(w, array![[3.0, 1.0], [3.5, -0.05]]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct AdaptiveClip {
    /// The longest that passes, as a share of the weights: `λ`.
    pub ratio: f64,
    /// Weights that are shorter count as so long: `ε`.
    pub eps: f64,
}

impl<T: Element> Transform<T> for AdaptiveClip {
    type State = ();

    fn init(&self, _: &Layout, _: &[T]) {}

    fn transform(&self, _: &mut (), now: &mut Step<'_, T>, stage: Stage) {
        let factor = |g: f64, w: f64| {
            let most = self.ratio * w.max(self.eps);
            if g > most { most / g } else { 1.0 }
        };
        let mut clipped = false;
        let arrays = now.arrays_at(stage);
        for block in arrays.blocks {
            let w = &arrays.x[block.range.clone()];
            let g = &mut arrays.numbers[block.range];
            clipped |= clip_units(w, g, units(block.shape), &factor);
        }
        if clipped {
            now.say_clipped();
        }
    }
}

/// How many units an array has; its numbers, in row-major order, belong to one after another in turn.
fn units(shape: &[usize]) -> usize {
    if shape.iter().filter(|&&n| n != 1).count() <= 1 {
        return 1;
    }
    match shape {
        [_, rest @ ..] if shape.len() <= 3 => rest.iter().product(),
        _ => shape[shape.len() - 1],
    }
}

/// As many units are treated at once.
const TILE: usize = 64;

/// Multiplies each unit of `g` by `factor(|g|, |w|)`; whether any was not 1.
fn clip_units<T: Element>(w: &[T], g: &mut [T], units: usize, factor: &dyn Fn(f64, f64) -> f64) -> bool {
    if units == 1 {
        let factor = factor(norm_of(g), norm_of(w));
        if factor != 1.0 {
            g.iter_mut().for_each(|g| *g *= T::nearest(factor));
        }
        return factor != 1.0;
    }
    let mut clipped = false;
    for first in (0..units).step_by(TILE) {
        let tile = first..(first + TILE).min(units);
        let (g_norms, w_norms) = (norms(g, units, first), norms(w, units, first));
        let mut factors = [T::one(); TILE];
        for ((to, g), w) in factors.iter_mut().zip(g_norms).zip(w_norms) {
            *to = T::nearest(factor(g, w));
        }
        if factors.iter().any(|&factor| factor != T::one()) {
            clipped = true;
            for row in g.chunks_exact_mut(units) {
                row[tile.clone()].iter_mut().zip(&factors).for_each(|(g, &factor)| *g *= factor);
            }
        }
    }
    clipped
}

/// The norms of the units from `first` on; 0 for those there are not.
fn norms<T: Element>(v: &[T], units: usize, first: usize) -> [f64; TILE] {
    let mut norms = [0.0; TILE];
    for row in v.chunks_exact(units) {
        norms.iter_mut().zip(&row[first..]).for_each(|(sum, v)| *sum += v.wide() * v.wide());
    }
    for (unit, norm) in (first..units).zip(&mut norms) {
        *norm = match *norm {
            sum if (1e-280..f64::MAX).contains(&sum) => sum.sqrt(),
            _ => norm_over(v[unit..].iter().step_by(units).map(|v| v.wide())),
        };
    }
    norms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_counted_by_the_shape() {
        for (shape, expected) in [
            (&[][..], 1),
            (&[7], 1),
            (&[1, 7], 1),
            (&[7, 1, 1], 1),
            (&[4, 3], 3),
            (&[5, 2, 3], 6),
            (&[3, 3, 2, 8], 8),
            (&[2, 3, 3, 2, 8], 8),
            (&[2, 2, 3, 3, 2, 8], 8),
        ] {
            assert_eq!(units(shape), expected, "{shape:?}");
        }
    }

    #[test]
    fn the_norms_of_many_units_are_those_of_their_columns() {
        let units = 150;
        let v: Vec<f64> =
            (0..3 * units).map(|i| (i as f64).sin() * 1e200f64.powi(i as i32 % 3 - 1)).collect();
        for first in [0, 64, 128] {
            for (unit, found) in (first..units).zip(norms(&v, units, first)) {
                let expected = norm_of(&[v[unit], v[unit + units], v[unit + 2 * units]]);
                assert!((found / expected - 1.0).abs() < 1e-15, "{unit}: {found} {expected}");
            }
        }
    }
}
