//! An axis: from numbers to a part of it between 0 and 1, and its ticks.

/// The numbers of an axis, evenly or by their logarithms.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scale {
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) log: bool,
}

impl Scale {
    /// The scale over the `values` that can be shown, with `margin` of its length free at both ends.
    pub(super) fn over(values: impl IntoIterator<Item = f64>, log: bool, margin: f64) -> Scale {
        let shown = |v: &f64| v.is_finite() && (!log || *v > 0.0);
        let (low, high) = values
            .into_iter()
            .filter(shown)
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
        let (low, high) = match (low <= high, log) {
            (false, true) => (0.1, 1.0),
            (false, false) => (0.0, 1.0),
            (true, true) if low == high => (low / 10.0, high * 10.0),
            (true, false) if low == high => (low - 1.0, high + 1.0),
            _ => (low, high),
        };
        let free = margin * if log { (high / low).ln() } else { high - low };
        if log {
            // Within what a number can be.
            let (low, high) = ((low * (-free).exp()).max(1e-300), (high * free.exp()).min(1e300));
            return Scale { low, high, log };
        }
        Scale { low: low - free, high: high + free, log }
    }

    /// Where `v` is: 0 at the low end, 1 at the high one; not finite if it cannot be shown.
    pub(super) fn part(&self, v: f64) -> f64 {
        if self.log {
            return (v / self.low).ln() / (self.high / self.low).ln();
        }
        (v - self.low) / (self.high - self.low)
    }

    pub(super) fn at(&self, part: f64) -> f64 {
        if self.log {
            return self.low * (part * (self.high / self.low).ln()).exp();
        }
        self.low + part * (self.high - self.low)
    }

    /// About `most` ticks at round numbers, with their labels.
    pub(super) fn ticks(&self, most: f64) -> Vec<(f64, String)> {
        let most = most.max(2.0);
        if self.log && (self.high / self.low).log10() >= 1.5 {
            return self.decades(most);
        }
        let step = round_step((self.high - self.low) / most);
        let slack = step * 1e-9;
        let first = ((self.low - slack) / step).ceil() as i64;
        let last = ((self.high + slack) / step).floor() as i64;
        let ticks = (first..=last).map(|k| k as f64 * step);
        ticks.filter(|v| !self.log || *v > 0.0).map(|v| (v, label(v, step))).collect()
    }

    fn decades(&self, most: f64) -> Vec<(f64, String)> {
        let (first, last) =
            ((self.low.log10() - 1e-9).ceil() as i32, (self.high.log10() + 1e-9).floor() as i32);
        let apart = [1, 2, 3, 5, 10, 20, 50, 100];
        let fits = |by: &&i32| f64::from(last - first) / f64::from(**by) < most;
        let by = *apart.iter().find(fits).unwrap_or(&100);
        (first..=last).filter(|k| k.rem_euclid(by) == 0).map(|k| (10_f64.powi(k), power_of_ten(k))).collect()
    }
}

/// The next of 1, 2, 5 times a power of ten.
fn round_step(rough: f64) -> f64 {
    let power = 10_f64.powf(rough.log10().floor());
    let factor = [1.0, 2.0, 5.0].into_iter().find(|f| f * power >= rough * (1.0 - 1e-9)).unwrap_or(10.0);
    factor * power
}

/// A tick's number, with as many decimals as its `step` has.
pub(super) fn label(v: f64, step: f64) -> String {
    if v.abs() < step * 1e-6 {
        return "0".into();
    }
    let sign = if v < 0.0 { "−" } else { "" };
    let power = v.abs().log10().floor();
    if power >= 6.0 || step < 1e-4 {
        let decimals = (power - (step.log10() + 1e-9).floor()).clamp(0.0, 3.0) as usize;
        let mantissa = v.abs() / 10_f64.powf(power);
        return format!("{sign}{mantissa:.decimals$}·{}", power_of_ten(power as i32));
    }
    let decimals = (-(step.log10() + 1e-9).floor()).max(0.0) as usize;
    let digits = format!("{:.decimals$}", v.abs());
    let (whole, rest) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
    match whole.len() {
        4.. => format!("{sign}{},{}{rest}", &whole[..whole.len() - 3], &whole[whole.len() - 3..]),
        _ => format!("{sign}{digits}"),
    }
}

/// `10⁻⁴`; the powers people read faster as numbers are written out.
fn power_of_ten(k: i32) -> String {
    match k {
        0 => return "1".into(),
        1 => return "10".into(),
        2 => return "100".into(),
        _ => {}
    }
    let raised = |c: char| match c {
        '-' => '⁻',
        digit => ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'][digit.to_digit(10).unwrap_or(0) as usize],
    };
    format!("10{}", k.to_string().chars().map(raised).collect::<String>())
}
