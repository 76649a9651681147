//! JSON as Apache Avro Java reads and prints it (Jackson): members in input order, `//` and `/* */` comments,
//! numbers as Java holds and prints them.

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number.
    Number(Number),
    /// A text.
    String(String),
    /// A list.
    Array(Vec<Value>),
    /// Members in input order; of a repeated key the last value counts, at the place of the first.
    Object(Vec<(String, Value)>),
}

/// A number, told apart as Jackson does.
#[derive(Debug, Clone, PartialEq)]
pub enum Number {
    /// Written without fraction and exponent, fits 64 bits.
    Int(i64),
    /// Written without fraction and exponent, beyond 64 bits: its digits.
    Big(String),
    /// Written with fraction or exponent.
    Double(f64),
}
