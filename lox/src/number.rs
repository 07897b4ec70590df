//! How numbers are printed: as C does it for `%g`.

use std::fmt;

/// Digits that are kept.
const PRECISION: usize = 6;

/// A number as it is printed: with six significant digits, without trailing zeros, and with an exponent if that is less
/// than -4 or more than 5. What is not a number has a sign too; 0/0 has that which the processor gives it.
pub(crate) struct Printed(pub(crate) f64);

impl fmt::Display for Printed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            number if number.is_nan() => f.write_str(if number.is_sign_positive() { "nan" } else { "-nan" }),
            number if number.is_infinite() => f.write_str(if number > 0.0 { "inf" } else { "-inf" }),
            number => finite(f, number),
        }
    }
}

fn finite(f: &mut fmt::Formatter<'_>, number: f64) -> fmt::Result {
    let scientific = format!("{number:.*e}", PRECISION - 1);
    let (digits, exponent) = scientific.split_once('e').expect("it was asked for");
    let exponent: i32 = exponent.parse().expect("it is a number");
    if (-4..PRECISION as i32).contains(&exponent) {
        let decimals = (PRECISION as i32 - 1 - exponent) as usize;
        return f.write_str(without_zeros(&format!("{number:.decimals$}")));
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    write!(f, "{}e{sign}{:02}", without_zeros(digits), exponent.abs())
}

fn without_zeros(decimal: &str) -> &str {
    match decimal.contains('.') {
        true => decimal.trim_end_matches('0').trim_end_matches('.'),
        false => decimal,
    }
}

#[cfg(test)]
mod tests {
    use super::Printed;

    #[track_caller]
    fn check(number: f64, expected: &str) {
        assert_eq!(Printed(number).to_string(), expected);
    }

    #[test]
    fn numbers_are_printed_as_in_c() {
        check(0.0, "0");
        check(-0.0, "-0");
        check(1.0, "1");
        check(-1.5, "-1.5");
        check(0.1 + 0.2, "0.3");
        check(123_456.0, "123456");
        check(999_999.4, "999999");
        check(999_999.5, "1e+06");
        check(1_234_567.0, "1.23457e+06");
        check(100_000_000.0, "1e+08");
        check(1e20, "1e+20");
        check(1e100, "1e+100");
        check(0.0001, "0.0001");
        check(0.000_099_999_99, "0.0001");
        check(0.000_01, "1e-05");
        check(-2.5e-7, "-2.5e-07");
        check(1.0 / 3.0, "0.333333");
        check(f64::INFINITY, "inf");
        check(f64::NEG_INFINITY, "-inf");
        check(f64::NAN, "nan");
        check(-f64::NAN, "-nan");
    }
}
