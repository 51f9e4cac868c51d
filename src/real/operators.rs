//! Every form of every operator, for a number that has `Real::binary` and its halves with one plain operand.

/// Writes `+ − × ÷ %` for `T ∘ T`, `T ∘ &T`, `&T ∘ T`, `&T ∘ &T`, `T ∘ f64` and `f64 ∘ T` with every choice of
/// reference, the assigning forms, `Neg`, `Sum`, `Product`, and the comparisons by value with `T` and `f64`.
///
/// The type offers `with_right(self, op, f64)` and `with_left(self, op, f64)` beside `Real::binary`.
macro_rules! number_operators {
    ([$($generics:tt)*] $T:ty) => {
        number_operators! { @each [$($generics)*] $T; Add add add_assign AddAssign, Sub sub sub_assign SubAssign,
            Mul mul mul_assign MulAssign, Div div div_assign DivAssign, Rem rem rem_assign RemAssign }

        impl<$($generics)*> std::ops::Neg for $T {
            type Output = $T;
            #[inline(always)]
            #[track_caller]
            fn neg(self) -> $T {
                Real::unary(self, Unary::Neg)
            }
        }

        impl<$($generics)*> std::ops::Neg for &$T {
            type Output = $T;
            #[inline(always)]
            #[track_caller]
            fn neg(self) -> $T {
                Real::unary(*self, Unary::Neg)
            }
        }
    };
    (@each $generics:tt $T:ty; $($Op:ident $op:ident $assign:ident $Assign:ident),*) => {
        $(number_operators! { @binary $generics $T; $Op $op;
            [$T, $T] (x, y) => Real::binary(x, Binary::$Op, y);
            [$T, &$T] (x, y) => Real::binary(x, Binary::$Op, *y);
            [&$T, $T] (x, y) => Real::binary(*x, Binary::$Op, y);
            [&$T, &$T] (x, y) => Real::binary(*x, Binary::$Op, *y);
            [$T, f64] (x, y) => x.with_right(Binary::$Op, y);
            [$T, &f64] (x, y) => x.with_right(Binary::$Op, *y);
            [&$T, f64] (x, y) => x.with_right(Binary::$Op, y);
            [&$T, &f64] (x, y) => x.with_right(Binary::$Op, *y);
            [f64, $T] (x, y) => y.with_left(Binary::$Op, x);
            [f64, &$T] (x, y) => y.with_left(Binary::$Op, x);
            [&f64, $T] (x, y) => y.with_left(Binary::$Op, *x);
            [&f64, &$T] (x, y) => y.with_left(Binary::$Op, *x);
        }
        number_operators! { @assign $generics $T; $Assign $assign $Op;
            [$T] (x, y) => Real::binary(x, Binary::$Op, y);
            [&$T] (x, y) => Real::binary(x, Binary::$Op, *y);
            [f64] (x, y) => x.with_right(Binary::$Op, y);
            [&f64] (x, y) => x.with_right(Binary::$Op, *y);
        })*
    };
    (@binary $generics:tt $T:ty; $Op:ident $op:ident; $($form:tt $args:tt => $value:expr;)*) => {
        $(number_operators! { @one $generics $T; $Op $op; $form $args $value })*
    };
    (@assign $generics:tt $T:ty; $Assign:ident $assign:ident $Op:ident; $($form:tt $args:tt => $value:expr;)*) => {
        $(number_operators! { @one_assign $generics $T; $Assign $assign; $form $args $value })*
    };
    (@one [$($generics:tt)*] $T:ty; $Op:ident $op:ident; [$X:ty, $Y:ty] ($x:ident, $y:ident) $value:expr) => {
        impl<$($generics)*> std::ops::$Op<$Y> for $X {
            type Output = $T;
            #[inline(always)]
            #[track_caller]
            fn $op(self, $y: $Y) -> $T {
                let $x = self;
                $value
            }
        }
    };
    (@one_assign [$($generics:tt)*] $T:ty; $Assign:ident $assign:ident; [$Y:ty] ($x:ident, $y:ident) $value:expr) => {
        impl<$($generics)*> std::ops::$Assign<$Y> for $T {
            #[inline(always)]
            #[track_caller]
            fn $assign(&mut self, $y: $Y) {
                let $x = *self;
                *self = $value;
            }
        }
    };
}

/// Comparisons by value with `T` and `f64`. Each method is written out, not left to the trait's defaults: a default
/// would call `partial_cmp` from inside `std`, and the caller's line would be lost.
macro_rules! number_comparisons {
    ([$($generics:tt)*] $T:ty) => {
        number_comparisons! { @each [$($generics)*] [$T, $T] (x, y) => Real::value(*x), Real::value(*y) }
        number_comparisons! { @each [$($generics)*] [$T, f64] (x, y) => Real::value(*x), *y }
        number_comparisons! { @each [$($generics)*] [f64, $T] (x, y) => *x, Real::value(*y) }
    };
    (@each [$($generics:tt)*] [$X:ty, $Y:ty] ($x:ident, $y:ident) => $left:expr, $right:expr) => {
        impl<$($generics)*> PartialEq<$Y> for $X {
            #[inline(always)]
            #[track_caller]
            fn eq(&self, $y: &$Y) -> bool {
                let $x = self;
                $left == $right
            }
        }

        impl<$($generics)*> PartialOrd<$Y> for $X {
            #[inline(always)]
            #[track_caller]
            fn partial_cmp(&self, $y: &$Y) -> Option<std::cmp::Ordering> {
                let $x = self;
                $left.partial_cmp(&$right)
            }
            #[inline(always)]
            #[track_caller]
            fn lt(&self, $y: &$Y) -> bool {
                let $x = self;
                $left < $right
            }
            #[inline(always)]
            #[track_caller]
            fn le(&self, $y: &$Y) -> bool {
                let $x = self;
                $left <= $right
            }
            #[inline(always)]
            #[track_caller]
            fn gt(&self, $y: &$Y) -> bool {
                let $x = self;
                $left > $right
            }
            #[inline(always)]
            #[track_caller]
            fn ge(&self, $y: &$Y) -> bool {
                let $x = self;
                $left >= $right
            }
        }
    };
}

pub(crate) use {number_comparisons, number_operators};
