//! The Euclidean norm and what is made of it, safe from overflow and underflow.
//!
//! ```text
//! |v| = √(Σ vᵢ²)        = m √(Σ (vᵢ/m)²),   m = max |vᵢ|,   where the plain sum leaves the range of f64
//! ```

use crate::params::Element;

/// Below this a sum of squares may have lost digits to underflow.
pub(super) const SAFE: f64 = f64::MIN_POSITIVE / f64::EPSILON;

/// `Σ aᵢ bᵢ`.
pub(crate) fn dot<T: Element>(a: &[T], b: &[T]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a.wide() * b.wide()).sum()
}

/// `max |vᵢ|`, 0 for no components; NaN if one is NaN.
pub(crate) fn largest(v: impl IntoIterator<Item = f64>) -> f64 {
    v.into_iter().fold(0.0, |m: f64, v| if v.abs() <= m || m.is_nan() { m } else { v.abs() })
}

/// `√(Σ vᵢ²)`: finite unless a component is not, or the norm itself is beyond the range of `f64`.
pub(crate) fn norm<T: Element>(v: &[T]) -> f64 {
    let sum = dot(v, v);
    if (SAFE..=f64::MAX).contains(&sum) {
        return sum.sqrt();
    }
    norm_over(v.iter().map(|v| v.wide()))
}

/// [`norm`] of what is not a slice, and may have squares beyond the range.
pub(crate) fn norm_over(v: impl Iterator<Item = f64> + Clone) -> f64 {
    let m = largest(v.clone());
    if m == 0.0 || !m.is_finite() {
        return m;
    }
    m * v.map(|v| (v / m) * (v / m)).sum::<f64>().sqrt()
}

/// The cosine of the angle between `a` and `b`; `None` if either is zero, for there is no angle then.
pub(crate) fn cosine<T: Element>(a: &[T], b: &[T]) -> Option<f64> {
    let (na, nb) = (norm(a), norm(b));
    if na == 0.0 || nb == 0.0 {
        return None;
    }
    if (SAFE..=f64::MAX).contains(&(na * nb)) {
        return Some(dot(a, b) / (na * nb));
    }
    Some(a.iter().zip(b).map(|(a, b)| (a.wide() / na) * (b.wide() / nb)).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_norm_neither_overflows_nor_underflows_needlessly() {
        assert_eq!(norm(&[3.0, 4.0]), 5.0);
        assert!((norm(&[3e200, 4e200]) / 5e200 - 1.0).abs() < 1e-15);
        assert!((norm(&[3e-200, 4e-200]) / 5e-200 - 1.0).abs() < 1e-15);
        assert_eq!(norm(&[5e-324, 0.0]), 5e-324);
        assert_eq!((norm::<f64>(&[]), norm(&[0.0, -0.0])), (0.0, 0.0));
    }

    #[test]
    fn the_norm_of_what_is_not_finite_is_not_finite() {
        assert!(norm(&[f64::NAN, 1.0]).is_nan());
        assert!(norm(&[1.0, f64::NAN, 2.0]).is_nan());
        assert_eq!(norm(&[f64::NEG_INFINITY, 1.0]), f64::INFINITY);
    }

    #[test]
    fn the_cosine_does_not_depend_on_lengths() {
        for scale in [1e-300, 1e-200, 1.0, 1e200, 1e300] {
            assert!((cosine(&[scale, scale], &[3.0 * scale, 0.0]).unwrap() - 0.5f64.sqrt()).abs() < 1e-15);
            assert_eq!(cosine(&[scale, 0.0], &[-1.0, 0.0]), Some(-1.0));
        }
        assert_eq!(cosine(&[0.0, 0.0], &[1.0, 0.0]), None);
        assert_eq!(cosine(&[1.0, 0.0], &[]), None);
    }
}
