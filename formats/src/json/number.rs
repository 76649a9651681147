//! Numbers, told apart as Jackson does.

/// A number. Two are equal if they are written the same in Java: NaN is equal to itself, and 0.0 is not -0.0.
#[derive(Debug, Clone)]
pub enum Number {
    /// Written without fraction and exponent, fits 64 bits.
    Int(i64),
    /// Written without fraction and exponent, beyond 64 bits: its digits.
    Big(String),
    /// Written with fraction or exponent. Beyond the range of a double it is an infinity, as in Java.
    Double(f64),
}

impl Number {
    /// The number of a text that has the form of one in JSON.
    pub(super) fn of(text: &str, is_whole: bool) -> Self {
        match text.parse() {
            Ok(int) if is_whole => Self::Int(int),
            _ if is_whole => Self::Big(text.to_owned()),
            _ => Self::Double(text.parse().unwrap_or(f64::INFINITY)),
        }
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Int(a), Self::Int(b)) => a == b,
            (Self::Big(a), Self::Big(b)) => a == b,
            (Self::Double(a), Self::Double(b)) => a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan()),
            _ => false,
        }
    }
}
