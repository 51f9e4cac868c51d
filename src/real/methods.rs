//! The rows as methods: `x.exp()`, `x.powf(2.5)`, `x.clamp(0.0, 1.0)`. Operators (`op` rows) are left to `std::ops`.

macro_rules! unary_methods {
    ($vis:tt $($(#[$doc:meta])* $Name:ident $([$n:ident: $N:ty = $($sample:expr),*])? $(fn $method:ident)? $(op $label:ident)?
        ($x:ident) = $y:ident $kernel:tt => $slope:expr, on $domain:expr, away from $far:tt, at $at:tt;)*) => {
        $(method! { $vis [$(#[$doc])*] unary $(fn $method)? $(op $label)?, $Name $(, $n: $N)? })*
    };
}

macro_rules! binary_methods {
    ($vis:tt $($(#[$doc:meta])* $Name:ident $([$n:ident: $N:ty = $sample:expr])? $(fn $method:ident)? $(op $label:ident)?
        ($x:ident, $y:ident) = $z:ident $kernel:tt => $slopes:expr, on $domain:expr, away by $distance:expr, at $at:tt;)*) => {
        $(method! { $vis [$(#[$doc])*] binary $(fn $method)? $(op $label)?, $Name $(, $n: $N)?; $y })*
    };
}

macro_rules! ternary_methods {
    ($vis:tt $($(#[$doc:meta])* $Name:ident fn $method:ident ($x:ident, $a:ident, $b:ident) = $kernel:tt => $slopes:expr,
        on $domain:expr, away by $distance:expr, at $at:tt;)*) => {
        $(method! { $vis [$(#[$doc])*] ternary fn $method, $Name, $a, $b })*
    };
}

/// One method: `[pub]` or `[]`, then its documentation. A row marked `op` makes none.
macro_rules! method {
    ($vis:tt $docs:tt $arity:ident op $label:ident, $($rest:tt)*) => {};
    ([$($vis:tt)*] [$(#[$doc:meta])*] unary fn $method:ident, $Name:ident $(, $n:ident: $N:ty)?) => {
        $(#[$doc])*
        #[inline(always)]
        #[track_caller]
        $($vis)* fn $method(self $(, $n: $N)?) -> Self {
            Real::unary(self, Unary::$Name $(($n))?)
        }
    };
    ([$($vis:tt)*] [$(#[$doc:meta])*] binary fn $method:ident, $Name:ident $(, $n:ident: $N:ty)?; $y:ident) => {
        $(#[$doc])*
        #[inline(always)]
        #[track_caller]
        $($vis)* fn $method(self $(, $n: $N)?, $y: impl Into<Self>) -> Self {
            Real::binary(self, Binary::$Name $(($n))?, $y.into())
        }
    };
    ([$($vis:tt)*] [$(#[$doc:meta])*] ternary fn $method:ident, $Name:ident, $a:ident, $b:ident) => {
        $(#[$doc])*
        #[inline(always)]
        #[track_caller]
        $($vis)* fn $method(self, $a: impl Into<Self>, $b: impl Into<Self>) -> Self {
            Real::ternary(self, Ternary::$Name, $a.into(), $b.into())
        }
    };
}

pub(crate) use {binary_methods, method, ternary_methods, unary_methods};
