//! Every operator and function of several arguments reports the line it stands on.

use std::iter::{Product, Sum};

use num_traits::{Float, Pow};

use super::{BOTH_LIVE, Mistake, mistake};
use downhill::prelude::*;
use downhill::real::Binary;

/// The line it stands on, the form in words, and the form.
macro_rules! form {
    ($($form:expr),+) => { [$((line!(), stringify!($form), $form as fn(Var, Var) -> Var)),+].to_vec() };
}

/// An operator with every choice of reference. What a macro writes counts as standing on the line that calls it.
macro_rules! operator {
    ($op:tt $assign:tt) => {
        form!(
            |x, y| x $op y, |x, y| x $op &y, |x, y| &x $op y, |x, y| &x $op &y,
            |mut x, y| { x $assign y; x }, |mut x, y| { x $assign &y; x }
        )
    };
}

#[test]
#[allow(clippy::op_ref, clippy::needless_borrows_for_generic_args, reason = "every form is tested")]
fn every_operator_and_function_reports_the_line_it_stands_on() {
    let forms = [
        operator!(+ +=),
        operator!(- -=),
        operator!(* *=),
        operator!(/ /=),
        operator!(% %=),
        form!(|x, y| x.powf(y), |x, y| x.powf(&y), |x, y| (x + 1.0).powf(2.0 * y)),
        form!(|x, y| x.atan2(y), |x, y| x.hypot(y), |x, y| x.log(y)),
        form!(|x, y| x.max(y), |x, y| x.min(y)),
        form!(|x, y| x.mul_add(y, 1.0), |x, y| x.mul_add(2.0, y), |x, y| Var::from(2.0).mul_add(x, y)),
        form!(|x, y| x.clamp(y - 9.0, 9.0), |x, y| x.clamp(0.0, y), |x, y| Var::from(2.0).clamp(x - 9.0, y)),
        form!(|x, y| dot(&[x], &[y]), |x, y| dot(&[x, y], &[1.0, 2.0]), |x, y| dot(&[1.0, 2.0], &[x, y])),
        form!(|x, y| norm(&[x, y]), |x, y| log_sum_exp(&[x, y])),
        form!(|x, y| statement([x, y], |[x, y]| x * y)),
        form!(|x, y| sum_of(&[x, y], 2, |t, _| t[0] * t[1]), |x, y| sum_of(&[x], 2, |t, _| t[0] * y)),
        form!(|x, y| Sum::sum([x, y].iter()), |x, y| Sum::sum([x, y].into_iter())),
        form!(|x, y| Product::product([x, y].iter())),
        form!(|x, y| Float::powf(x, y), |x, y| Float::mul_add(x, y, y)),
        form!(|x, y| Float::abs_sub(x, y), |x, y| Pow::pow(x, y)),
        form!(|x, y| Real::binary(x, Binary::Sub, y)),
    ];
    let (outer, inner) = (Tape::new(), Tape::new());
    let (x, y) = (outer.var(3.0), inner.var(4.0));
    let mut wrong = Vec::new();
    for (line, form, f) in forms.into_iter().flatten() {
        for (x, y) in [(x, y), (y, x)] {
            let Mistake { file, line: reported, message } = mistake(|| f(x, y));
            if !message.contains(BOTH_LIVE) || file != file!() || reported != line {
                wrong.push(format!("{form} in line {line}: at {file}:{reported}: {message}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    drop(inner);
}

#[test]
fn sums_and_products_by_method_name_the_mistake() {
    // `Iterator::sum` does not pass its caller on, so the line is one of `std`; through the traits it is the caller's.
    let (outer, inner) = (Tape::new(), Tape::new());
    let mixed = [outer.var(3.0), inner.var(4.0)];
    let forms: [fn(&[Var]) -> Var; 4] = [
        |v| v.iter().sum(),
        |v| v.iter().copied().sum(),
        |v| v.iter().product(),
        |v| v.iter().copied().product(),
    ];
    for f in forms {
        assert!(mistake(|| f(&mixed)).message.contains(BOTH_LIVE));
    }
    drop(inner);
}
