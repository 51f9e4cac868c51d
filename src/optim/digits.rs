//! Numbers for sentences: eight significant digits at most, no trailing zeros.

use std::fmt;

/// Displays a number in at most eight significant digits: `0.99988821`, `1.25e-8`, `-inf`.
pub(crate) struct Digits(pub(crate) f64);

/// How many digits of a number a sentence shows.
const SIGNIFICANT: usize = 8;

impl fmt::Display for Digits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let v = self.0;
        if v == 0.0 || !v.is_finite() {
            return write!(f, "{v}");
        }
        // Rounded once, by `{:e}`; the exponent then says where the point goes.
        let scientific = format!("{:.*e}", SIGNIFICANT - 1, v);
        let (mantissa, exponent) = scientific.split_once('e').expect("`{:e}` writes an e");
        let exponent: i32 = exponent.parse().expect("`{:e}` writes a whole exponent");
        if (-3..SIGNIFICANT as i32).contains(&exponent) {
            let decimals = (SIGNIFICANT as i32 - 1 - exponent) as usize;
            f.write_str(trimmed(&format!("{v:.decimals$}")))
        } else {
            write!(f, "{}e{exponent}", trimmed(mantissa))
        }
    }
}

fn trimmed(number: &str) -> &str {
    if number.contains('.') { number.trim_end_matches('0').trim_end_matches('.') } else { number }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_eight_digits_and_no_trailing_zeros() {
        let shown = |v: f64| Digits(v).to_string();
        assert_eq!(shown(0.999_888_212_039_6), "0.99988821");
        assert_eq!(shown(1e-4), "1e-4");
        assert_eq!(shown(1e-3), "0.001");
        assert_eq!(shown(-2.5), "-2.5");
        assert_eq!(shown(123_456_789.0), "1.2345679e8");
        assert_eq!(shown(12_345_678.0), "12345678");
        assert_eq!(shown(9.999_999_99), "10");
        assert_eq!(shown(1.25e-9), "1.25e-9");
        assert_eq!(shown(2024.0), "2024");
        assert_eq!(shown(0.0), "0");
        assert_eq!(shown(f64::NAN), "NaN");
        assert_eq!(shown(f64::NEG_INFINITY), "-inf");
    }
}
