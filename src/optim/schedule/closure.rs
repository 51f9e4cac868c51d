//! A schedule that is a function of the program.
//!
//! PyTorch's `LambdaLR` multiplies a base rate by the function of the step: `Schedule::of(|k| base * f(k))`. Its
//! `MultiplicativeLR` multiplies the rate of the step before by it: [`Schedule::multiplicative`].

use std::fmt;
use std::ptr;
use std::sync::{Arc, Mutex, PoisonError};

use super::Schedule;

/// A function of the step, as [`Schedule::of`] makes one.
///
/// A copy is the same function; two are equal only if one is a copy of the other. With the feature `serde` there is an error
/// where one would be written to a file: a function cannot be.
#[derive(Clone)]
pub struct Closure(Arc<dyn Fn(usize) -> f64 + Send + Sync>);

impl Closure {
    /// The rate of step `step = 0, 1, 2, …`.
    pub fn rate(&self, step: usize) -> f64 {
        (self.0)(step)
    }
}

impl fmt::Debug for Closure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("closure")
    }
}

impl PartialEq for Closure {
    fn eq(&self, other: &Closure) -> bool {
        ptr::addr_eq(Arc::as_ptr(&self.0), Arc::as_ptr(&other.0))
    }
}

impl Schedule {
    /// The function itself: a pure one of the step `k = 0, 1, 2, …`.
    ///
    /// ```
    /// use downhill::optim::schedule::Schedule;
    ///
    /// let lr = Schedule::of(|k| 0.1 / (1.0 + k as f64).sqrt());
    /// assert_eq!([lr.rate(0), lr.rate(3)], [0.1, 0.05]);
    /// assert_eq!(lr, lr.clone());
    /// assert_ne!(lr, Schedule::of(|k| 0.1 / (1.0 + k as f64).sqrt()));
    /// ```
    pub fn of(rate: impl Fn(usize) -> f64 + Send + Sync + 'static) -> Schedule {
        Schedule::Closure(Closure(Arc::new(rate)))
    }

    /// `lr` in step 0, and in step `k` that of the step before times `factor(k)`, for `k = 1, 2, 3, …`.
    ///
    /// The rate of step `k` is a product of `k` factors. The last one asked for is kept, so that a step after it costs only
    /// the factors between; a step before it costs all `k`.
    ///
    /// ```
    /// use downhill::optim::schedule::Schedule;
    ///
    /// let lr = Schedule::multiplicative(0.5, |k| if k % 10 == 0 { 0.5 } else { 1.0 });
    /// assert_eq!([lr.rate(0), lr.rate(9), lr.rate(10), lr.rate(25), lr.rate(9)], [0.5, 0.5, 0.25, 0.125, 0.5]);
    /// ```
    pub fn multiplicative(lr: f64, factor: impl Fn(usize) -> f64 + Send + Sync + 'static) -> Schedule {
        let kept = Mutex::new((0, lr));
        Schedule::of(move |step| {
            // Not locked while the function runs, which may panic.
            let (mut at, mut rate) = *kept.lock().unwrap_or_else(PoisonError::into_inner);
            if step < at {
                (at, rate) = (0, lr);
            }
            while at < step {
                at += 1;
                rate *= factor(at);
            }
            *kept.lock().unwrap_or_else(PoisonError::into_inner) = (at, rate);
            rate
        })
    }
}

#[cfg(feature = "serde")]
mod serial {
    use serde::de::{Deserialize, Deserializer, Error as _};
    use serde::ser::{Error as _, Serialize, Serializer};

    use super::Closure;

    const LOST: &str = "a schedule that is a closure cannot be kept in a file: give it again by code, with Schedule::of, \
                        or use a schedule that has a name";

    impl Serialize for Closure {
        fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(S::Error::custom(LOST))
        }
    }

    impl<'de> Deserialize<'de> for Closure {
        fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Closure, D::Error> {
            Err(D::Error::custom(LOST))
        }
    }
}
